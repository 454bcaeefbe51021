// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"context"
	"fmt"

	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/baselines"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// A PINN at a β of one's own: the problem and its points, the network, training,
// and the errors against the exact solution. The README shows this body.
func ExamplePINN() {
	// u_t + β u_x = 0 on [0, 2π) × [0, 1], u(x, 0) = 1 + sin x, on the authors' points.
	problem := must.M1(pde.NewCDR("convection", pde.OnePlusSin, nil))
	setup := must.M1(pinn.NewSetup(problem, pde.Sample{Set: "published"}))
	b := must.M1(backend.Open("")) // the best there is
	defer b.Finalize()

	mu := []float64{2, 0, 0} // β, ν, ρ
	net := baselines.PINN{Setup: setup, Mu: mu, Width: 20, Hidden: 3}
	task := net.Task()
	t := must.M1(train.NewTrainer(b.Compute, task, train.Settings{Steps: 200, LearningRate: 1e-2}))
	defer t.Finalize()
	states := must.M1(t.Run(context.Background(), []train.Task{task}, nil, train.Options{}))

	var names []string
	for _, w := range task.Weights {
		names = append(names, w.Name)
	}
	e := must.M1(pinn.NewEvaluator(b.Compute, setup, names, nil, "float32", net.Network))
	defer e.Finalize()
	ev := must.M1(e.Evaluate(mu, states[0].Weights, nil))
	fmt.Println("parameters:", task.Count())
	fmt.Println("rel L2 below a fifth of the best constant's:", ev.Grid.RelL2 < ev.TrivialGrid.RelL2/5)
	// Output:
	// parameters: 921
	// rel L2 below a fifth of the best constant's: true
}
