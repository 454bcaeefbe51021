// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// opened is the backend of training, derivatives and what is evaluated after it.
var opened = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open("") })

// openedGo is that of identities between graphs, each of which XLA compiles for a
// second.
var openedGo = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open(backend.Go) })

func open(tb testing.TB) compute.Backend   { tb.Helper(); return opening(tb, opened) }
func openGo(tb testing.TB) compute.Backend { tb.Helper(); return opening(tb, openedGo) }

func opening(tb testing.TB, opened func() (*backend.Backend, error)) compute.Backend {
	tb.Helper()
	b, err := opened()
	if err != nil {
		tb.Fatal(err)
	}
	return b.Compute
}

// burgers is the equation on a few collocation points.
func burgers(tb testing.TB) pinn.Setup {
	tb.Helper()
	s, err := pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn", Collocation: 9})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// nuRange is the paper's range of ν, the scaling by its logarithm.
var nuRange = pinn.Scaling{Kind: pinn.ScaleLog, Low: []float64{pde.BurgersNuLow}, High: []float64{pde.BurgersNuHigh}}

// lorenz are short trajectories of the Lorenz system at two settings: two of 21
// states each.
func lorenz(tb testing.TB) pinn.Trajectories {
	tb.Helper()
	d := pde.LorenzData{Settings: 2, Starts: 2, Horizon: .2}
	states, dims, err := d.States()
	if err != nil {
		tb.Fatal(err)
	}
	return pinn.Trajectories{Mus: d.Mus(), States: train.Array{Dims: dims, Data: states}, Length: len(d.Times()), Step: .01, Batch: 5, Scale: 20}
}

// lorenzRange scales the parameters of the Lorenz system; σ is one number.
func lorenzRange() pinn.Scaling {
	low, high := pde.LorenzRange()
	return pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high}
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

// withDraws puts one draw in place of each datum that a step draws: an evaluation
// does not draw.
func withDraws(task train.Task) train.Task {
	task.Data = slices.Clone(task.Data)
	for i, d := range task.Data {
		if d.Redraw == nil {
			continue
		}
		a := train.NewArray(d.Value.Dims...)
		for j := range a.Data {
			k := j % len(d.Redraw.Low)
			_, u := math.Modf(math.Phi * float64(j+1)) // the golden ratio's multiples are even in [0, 1)
			a.Data[j] = d.Redraw.Low[k] + (d.Redraw.High[k]-d.Redraw.Low[k])*u
		}
		task.Data[i].Value, task.Data[i].Redraw = a, nil
	}
	return task
}

// losses compiles a task's loss: of weights, the function evaluates its terms and
// the gradients of their sum, in float64.
func losses(tb testing.TB, b compute.Backend, task train.Task) func(weights map[string]train.Array) (terms, gradients map[string]train.Array) {
	tb.Helper()
	data := map[string]train.Array{}
	for _, d := range task.Data {
		data[d.Name] = d.Value
	}
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

// termsOf evaluates a task's loss once, in float64.
func termsOf(tb testing.TB, task train.Task, weights map[string]train.Array) map[string]train.Array {
	tb.Helper()
	var names []string
	out, err := train.Evaluate(openGo(tb), weights, task.Data, "float64", func(in train.Inputs) []*graph.Node {
		names = nil
		var nodes []*graph.Node
		for _, term := range task.Loss(in) {
			names, nodes = append(names, term.Name), append(nodes, term.Value)
		}
		return nodes
	})
	if err != nil {
		tb.Fatal(err)
	}
	terms := map[string]train.Array{}
	for i, name := range names {
		terms[name] = out[i]
	}
	return terms
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

// hidden are the last hidden values of a hypernetwork at scaled parameters, on the
// host, as an implementation of its own.
func hidden(weights map[string]train.Array, activation string, layers []string, x []float64) []float64 {
	for _, name := range layers {
		w, out := weights[name+"/w"].Data, slices.Clone(weights[name+"/b"].Data)
		for j := range out {
			for i, v := range x {
				out[j] += v * w[i*len(out)+j]
			}
			if activation == hyperpinn.ReLU {
				out[j] = max(0, out[j])
			} else {
				out[j] = math.Tanh(out[j])
			}
		}
		x = out
	}
	return x
}

// written is a weight that the hypernetwork writes from its last hidden values.
func written(weights map[string]train.Array, name string, x []float64, dims ...int) train.Array {
	w, b := weights["head/"+name+"/w"].Data, weights["head/"+name+"/b"].Data
	a := train.Array{Dims: dims, Data: slices.Clone(b)}
	for i, v := range x {
		for j := range a.Data {
			a.Data[j] += v * w[i*len(b)+j]
		}
	}
	return a
}
