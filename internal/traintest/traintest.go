// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package traintest holds what the tests of several methods share: backends that are
// opened once, losses with their gradients, comparisons, and Jacobians against central
// differences.
package traintest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/train"
)

// Backend is the best backend there is, or $GOMLX_BACKEND: one for all tests of a process.
var Backend = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open("") })

var pureGo = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open(backend.Go) })

// Open returns Backend's.
func Open(tb testing.TB) compute.Backend { tb.Helper(); return opened(tb, Backend) }

// OpenGo returns the pure-Go backend, for identities between graphs, each of which XLA
// compiles for a second.
func OpenGo(tb testing.TB) compute.Backend { tb.Helper(); return opened(tb, pureGo) }

func opened(tb testing.TB, open func() (*backend.Backend, error)) compute.Backend {
	tb.Helper()
	b, err := open()
	if err != nil {
		tb.Fatal(err)
	}
	return b.Compute
}

// Formula fills an array with scale·sin(i² + c), c the sum of the name's bytes: full rank,
// and large enough to bend tanh, which fresh weights hardly do.
func Formula(name string, scale float64, dims ...int) train.Array {
	c := 0
	for _, b := range []byte(name) {
		c += int(b)
	}
	a := train.NewArray(dims...)
	for i := range a.Data {
		a.Data[i] = scale * math.Sin(float64(i*i+c))
	}
	return a
}

// Formulas are a task's weights by formula.
func Formulas(task train.Task, scale float64) map[string]train.Array {
	return Values(WithFormula(task, scale))
}

// WithFormula returns a task with these weights.
func WithFormula(task train.Task, scale float64) train.Task {
	task.Weights = slices.Clone(task.Weights)
	for i, w := range task.Weights {
		task.Weights[i].Value = Formula(w.Name, scale, w.Value.Dims...)
	}
	return task
}

// Values returns a task's weights by name.
func Values(task train.Task) map[string]train.Array {
	out := map[string]train.Array{}
	for _, w := range task.Weights {
		out[w.Name] = w.Value
	}
	return out
}

// Data returns a task's data by name.
func Data(task train.Task) map[string]train.Array {
	out := map[string]train.Array{}
	for _, d := range task.Data {
		out[d.Name] = d.Value
	}
	return out
}

// Losses compiles a task's loss: of weights, the function evaluates its terms, [query],
// and the gradients of their sum, in float64.
func Losses(tb testing.TB, b compute.Backend, task train.Task) func(weights map[string]train.Array) (terms, gradients map[string]train.Array) {
	tb.Helper()
	data := Data(task)
	var weights, names []string
	for _, w := range task.Weights {
		weights = append(weights, w.Name)
	}
	e, err := train.NewEvaluator(b, weights, slices.Collect(maps.Keys(data)), "float64", func(in train.Inputs) []*graph.Node {
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

// Near compares numbers to a tolerance relative to the largest wanted one.
func Near(t *testing.T, what string, got, want []float64, tolerance float64) {
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
			t.Errorf("%s: number %d is %.17g, want %.17g", what, i, got[i], want[i])
			return
		}
	}
}

// NearAll compares arrays by name.
func NearAll(t *testing.T, what string, got, want map[string]train.Array, tolerance float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d of %s, want %d", len(got), what, len(want))
	}
	for name, w := range want {
		if !slices.Equal(got[name].Dims, w.Dims) {
			t.Errorf("%s of %s: shape %v, want %v", what, name, got[name].Dims, w.Dims)
		}
		Near(t, what+" of "+name, got[name].Data, w.Data, tolerance)
	}
}

// Jacobian checks train.Jacobian of a task, on copies of its weights, against central
// differences of its residuals, without copies. A masked weight's column is 0; a weight
// on which no residual depends is an error.
func Jacobian(t *testing.T, task train.Task) {
	t.Helper()
	residuals, jacobian, err := train.Jacobian(Open(t), task, "float64")
	if err != nil {
		t.Fatal(err)
	}
	weights, data := Values(task), Data(task)
	e, err := train.NewEvaluator(Open(t), slices.Collect(maps.Keys(weights)), slices.Collect(maps.Keys(data)), "float64", func(in train.Inputs) []*graph.Node {
		var parts []*graph.Node
		for _, term := range task.Residuals(in) {
			parts = append(parts, term.Value)
		}
		return []*graph.Node{graph.Squeeze(graph.Concatenate(parts, 1), 0)}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Finalize()
	at := func() []float64 {
		out, err := e.Call(weights, data)
		if err != nil {
			t.Fatal(err)
		}
		return out[0].Data
	}
	Near(t, "residuals", residuals.Data, at(), 1e-12)
	// The error is h²/6 times third derivatives, and 2⁻⁵³/h times residuals of some 10.
	const h = 1e-5
	column := 0
	for _, w := range task.Weights {
		for i, x := range w.Value.Data {
			w.Value.Data[i] = x + h
			up := at()
			w.Value.Data[i] = x - h
			down := at()
			w.Value.Data[i] = x
			got, want, size := make([]float64, len(up)), make([]float64, len(up)), 0.
			for row := range up {
				got[row] = jacobian.Data[row*jacobian.Dims[1]+column]
				want[row] = (up[row] - down[row]) / (2 * h)
				size = max(size, math.Abs(want[row]))
			}
			column++
			what := fmt.Sprintf("column of %s[%d]", w.Name, i)
			switch {
			case w.Mask != nil && w.Mask.Data[i] == 0:
				if slices.ContainsFunc(got, func(x float64) bool { return x != 0 }) {
					t.Errorf("%s, which is masked, is not 0", what)
				}
			case size == 0:
				t.Errorf("no residual depends on %s[%d]: the test tests nothing", w.Name, i)
			default:
				Near(t, what, got, want, 1e-7+1e-9/size)
				for row := range got {
					if !(math.Abs(got[row]-want[row]) < 1e-7*(1+math.Abs(want[row]))) {
						t.Errorf("%s: residual %d gives %.12g, want %.12g", what, row, got[row], want[row])
					}
				}
			}
		}
	}
	if column != jacobian.Dims[1] {
		t.Errorf("a Jacobian of %v for %d weights", jacobian.Dims, column)
	}
}
