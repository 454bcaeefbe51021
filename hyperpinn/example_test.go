// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// A HyperPINN is trained on viscosities that every step draws anew, and then writes
// a small network for one of them, which needs the hypernetwork no more.
func Example() {
	setup := must.M1(pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn", Collocation: 100}))
	nus := pinn.Drawn{Low: []float64{pde.BurgersNuLow}, High: []float64{pde.BurgersNuHigh}, Points: 50}
	setup = must.M1(setup.WithDrawn(nus))
	validation := [][]float64{{.02}, {.08}} // a step draws as many

	paper := hyperpinn.PINN{Setup: setup, Mus: validation}
	fmt.Println("weights of the paper's networks:", paper.MainWeights(), "written by", paper.Task().Count())

	p := hyperpinn.PINN{Setup: setup, Mus: validation, Width: 6, Hidden: 2, Hyper: []int{8}} // smaller
	must.M(p.Check())
	task := p.Task()
	b := must.M1(backend.Open("")).Compute
	t := must.M1(train.NewTrainer(b, task, train.Settings{Steps: 150, LearningRate: 2e-2}))
	defer t.Finalize()
	state := must.M1(t.Run(context.Background(), []train.Task{task}, nil, train.Options{}))[0]

	nu := []float64{.05}
	main := must.M1(p.Generate(b, state.Weights, nu))[0]
	net := baselines.PINN{Setup: setup, Mu: nu, Width: 6, Hidden: 2}
	e := must.M1(pinn.NewEvaluator(b, setup, slices.Collect(maps.Keys(main)), nil, "float32", net.Network))
	defer e.Finalize()
	u, _ := must.M2(e.At(nu, main, nil, [][]float64{{0, -.5}, {0, .5}})) // t, x
	fmt.Println("terms of the loss:", state.History.Terms)
	fmt.Println("u has the sign of −sin πx at t = 0:", u[0] > .1 && u[1] < -.1)
	// Output:
	// weights of the paper's networks: 393 written by 9385
	// terms of the loss: [residual data]
	// u has the sign of −sin πx at t = 0: true
}
