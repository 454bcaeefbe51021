// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestMultistepOnTheHost: scale·net(y/scale) of the written network on the graph is
// what HostField makes of the weights that the host writes, and, within float32, of
// those that Generate returns: at settings that are trained on and at one that is not.
func TestMultistepOnTheHost(t *testing.T) {
	data := lorenz(t)
	mus := append(slices.Clone(data.Mus), []float64{9, 13, 1.5})
	states := train.NewArray(1, 4, 3)
	for i := range states.Data {
		states.Data[i] = float64(7*i%23) - 11
	}
	for _, scaling := range []pinn.Scaling{{}, lorenzRange()} {
		t.Run(fmt.Sprintf("scaling %q", scaling.Kind), func(t *testing.T) {
			m := hyperpinn.Multistep{Trajectories: data, Width: 4, Hyper: []int{5, 4}, Scaling: scaling}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			task := m.Task()
			weights := traintest.Formulas(task, .5)
			// The first layer's inputs are up to 28 if not scaled: small weights keep tanh
			// away from its ends.
			for i := range weights["hyper0/w"].Data {
				weights["hyper0/w"].Data[i] /= 10
			}
			out, err := train.Evaluate(traintest.Open(t), weights, []train.Datum{
				{Name: pinn.MuDatum, Value: train.FromRows(mus)}, {Name: "states", Value: states},
			}, "float64", func(in train.Inputs) []*graph.Node {
				x := graph.DivScalar(in.D("states"), data.Scale)
				x = graph.BroadcastToDims(x, len(mus), 4, 3)
				return []*graph.Node{graph.MulScalar(m.Network(in)(jet.Value(x)).Value(), data.Scale)}
			})
			if err != nil {
				t.Fatal(err)
			}
			for q, mu := range mus {
				x := hidden(weights, hyperpinn.Tanh, smallLayers, scaling.Of(mu))
				main := map[string]train.Array{
					"dense0/w": written(weights, "dense0/w", x, 1, 3, 4), "dense0/b": written(weights, "dense0/b", x, 1, 1, 4),
					"dense1/w": written(weights, "dense1/w", x, 1, 4, 3), "dense1/b": written(weights, "dense1/b", x, 1, 1, 3),
				}
				compare := func(what string, weights map[string]train.Array, tolerance float64) {
					t.Helper()
					field, err := pinn.HostField(weights, data.Scale)
					if err != nil {
						t.Fatal(err)
					}
					var got []float64
					for i := range 4 {
						dy := make([]float64, 3)
						field(0, states.Data[3*i:3*i+3], dy)
						got = append(got, dy...)
					}
					traintest.Near(t, fmt.Sprintf("%s weights at %v: derivative", what, mu), got, out[0].Data[q*12:(q+1)*12], tolerance)
				}
				compare("written", main, 1e-13)
				if q < len(data.Mus) {
					continue // each call of Generate compiles
				}
				generated, err := m.Generate(traintest.Open(t), weights, mu)
				if err != nil {
					t.Fatal(err)
				}
				traintest.NearAll(t, "weight", generated[0], main, 1e-6)
				compare("generated", generated[0], 1e-5)
			}
		})
	}
}

// TestMultistepIsTheMeanOfItsSettings: the loss of two settings is the mean of each
// one's own, on the same pairs.
func TestMultistepIsTheMeanOfItsSettings(t *testing.T) {
	data := lorenz(t)
	m := hyperpinn.Multistep{Trajectories: data, Width: 3, Hyper: []int{4, 2}, Scaling: lorenzRange()}
	all := withDraws(m.Task())
	weights := traintest.Formulas(all, .5)
	terms := termsOf(t, all, weights)
	mean := 0.
	for q := range data.Mus {
		one := m
		one.Trajectories.Mus = data.Mus[q : q+1]
		one.Trajectories.States = data.States.Split(2)[q]
		task := one.Task()
		for i, d := range task.Data {
			if d.Redraw != nil {
				task.Data[i].Value, task.Data[i].Redraw = all.Data[i].Value.Split(2)[q], nil
			}
		}
		mean += termsOf(t, task, weights)[pinn.ResidualTerm].Data[0] / 2
	}
	traintest.Near(t, "residual", terms[pinn.ResidualTerm].Data, []float64{mean}, 1e-13)
}
