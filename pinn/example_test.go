// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// A method is a network and its weights: here one neuron, which is enough for
// logistic growth, u_t = ρ u (1 − u) from u = ½.
func Example() {
	b := must.M1(backend.Open(""))
	problem := must.M1(pde.NewCDR("reaction", pde.Initial{Name: "half", At: func(float64) float64 { return .5 }}, nil))
	s := must.M1(pinn.NewSetup(problem, pde.Sample{Set: "drawn", Collocation: 100}))
	mu := []float64{0, 0, 5} // beta, nu, rho

	network := func(in train.Inputs) jet.Network {
		return func(x *jet.Jet) *jet.Jet {
			return jet.Dense(jet.Tanh(jet.Dense(x, in.W("in"), in.W("phase"))), in.W("out"), in.W("offset"))
		}
	}
	one := train.Array{Dims: []int{1, 1, 1}, Data: []float64{1}}
	task := train.Task{
		Label: "rho=5",
		Weights: []train.Weight{
			{Name: "in", Value: train.Array{Dims: []int{1, 2, 1}, Data: []float64{.1, 1}}}, // x, t
			{Name: "phase", Value: train.NewArray(1, 1, 1)},
			{Name: "out", Value: one},
			{Name: "offset", Value: train.NewArray(1, 1, 1)},
		},
		Data: s.Data(mu),
		Loss: func(in train.Inputs) []train.Term { return s.Losses(in, network(in)) },
	}
	t := must.M1(train.NewTrainer(b.Compute, task, train.Settings{Steps: 2000, LearningRate: .1, Schedule: "cosine"}))
	defer t.Finalize()
	state := must.M1(t.Run(context.Background(), []train.Task{task}, nil, train.Options{}))[0]

	e := must.M1(pinn.NewEvaluator(b.Compute, s, slices.Collect(maps.Keys(state.Weights)), nil, "float32", network))
	defer e.Finalize()
	result := must.M1(e.Evaluate(mu, state.Weights, nil))
	fmt.Println("terms of the loss:", state.History.Terms)
	fmt.Printf("rel L2 %.2f, of the best constant %.2f\n", result.Grid.RelL2, result.TrivialGrid.RelL2)
	// Output:
	// terms of the loss: [residual initial boundary]
	// rel L2 0.00, of the best constant 0.16
}
