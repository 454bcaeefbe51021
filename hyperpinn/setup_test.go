// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

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

// termsOf evaluates a task's loss once, in float64.
func termsOf(tb testing.TB, task train.Task, weights map[string]train.Array) map[string]train.Array {
	tb.Helper()
	var names []string
	out, err := train.Evaluate(traintest.OpenGo(tb), weights, task.Data, "float64", func(in train.Inputs) []*graph.Node {
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
