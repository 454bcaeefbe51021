// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// opened is the backend of all tests here.
var opened = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open("") })

func open(tb testing.TB) compute.Backend {
	tb.Helper()
	b, err := opened()
	if err != nil {
		tb.Fatal(err)
	}
	return b.Compute
}

// cdr is the equation with all three terms on a few collocation points.
func cdr(tb testing.TB) pinn.Setup {
	tb.Helper()
	p, err := pde.NewCDR("cdr", pde.GaussWide, &pde.CDRSettings{Boundary: pde.BoundaryValueAndSlope})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published", Collocation: 20})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// formula fills the weights of a task with sin(i² + c)/2, c the sum of the name's
// bytes: large enough to bend tanh, which fresh weights hardly do.
func formula(task train.Task) map[string]train.Array {
	out := map[string]train.Array{}
	for _, w := range task.Weights {
		c := 0
		for _, b := range []byte(w.Name) {
			c += int(b)
		}
		a := train.NewArray(w.Value.Dims...)
		for i := range a.Data {
			a.Data[i] = math.Sin(float64(i*i+c)) / 2
		}
		out[w.Name] = a
	}
	return out
}

// losses compiles a task's loss: of weights, the function evaluates its terms,
// [query], and the gradients of their sum, in float64.
func losses(tb testing.TB, task train.Task) func(weights map[string]train.Array) (terms, gradients map[string]train.Array) {
	tb.Helper()
	data := map[string]train.Array{}
	for _, d := range task.Data {
		data[d.Name] = d.Value
	}
	var weights, names []string
	for _, w := range task.Weights {
		weights = append(weights, w.Name)
	}
	e, err := train.NewEvaluator(open(tb), weights, slices.Collect(maps.Keys(data)), "float64", func(in train.Inputs) []*graph.Node {
		names = nil
		var nodes, ws []*graph.Node
		var total *graph.Node
		for _, term := range task.Loss(in) {
			names = append(names, term.Name)
			nodes = append(nodes, term.Value)
			if sum := graph.ReduceAllSum(term.Value); total == nil {
				total = sum
			} else {
				total = graph.Add(total, sum)
			}
		}
		for _, name := range weights {
			ws = append(ws, in.W(name))
		}
		return append(nodes, graph.Gradient(total, ws...)...)
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(e.Finalize)
	return func(values map[string]train.Array) (terms, gradients map[string]train.Array) {
		tb.Helper()
		out, err := e.Call(values, data)
		if err != nil {
			tb.Fatal(err)
		}
		terms, gradients = map[string]train.Array{}, map[string]train.Array{}
		for i, name := range names {
			terms[name] = out[i]
		}
		for i, name := range weights {
			gradients[name] = out[len(names)+i]
		}
		return terms, gradients
	}
}

// near compares numbers to a tolerance relative to the largest wanted one.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	scale := 0.
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*scale) {
			t.Errorf("%s: number %d is %.15g, want %.15g", what, i, got[i], want[i])
			return
		}
	}
}

// nearAll compares arrays by name.
func nearAll(t *testing.T, what string, got, want map[string]train.Array, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d of %s, want %d", len(got), what, len(want))
	}
	for name, w := range want {
		if !slices.Equal(got[name].Dims, w.Dims) {
			t.Errorf("%s of %s: shape %v, want %v", what, name, got[name].Dims, w.Dims)
		}
		near(t, what+" of "+name, got[name].Data, w.Data, tolerance)
	}
}
