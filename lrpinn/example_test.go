// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"context"
	"fmt"

	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Phase 1 on two settings of β, then Phase 2 on a third; a real run has 20,000
// steps and all collocation points.
func Example() {
	b := must.M1(backend.Open(""))
	defer b.Finalize()
	problem := must.M1(pde.NewCDR("convection", pde.OnePlusSin, nil))
	setup := must.M1(pinn.NewSetup(problem, pde.Sample{Set: "published", Collocation: 20}))

	phase1 := lrpinn.Phase1{Setup: setup, Mus: [][]float64{{30, 0, 0}, {40, 0, 0}}}.Task()
	trainer := must.M1(train.NewTrainer(b.Compute, phase1, train.Settings{Steps: 2}))
	defer trainer.Finalize()
	states := must.M1(trainer.Run(context.Background(), []train.Task{phase1}, nil, train.Options{}))

	phase2 := must.M1(lrpinn.NewPhase2(b.Compute, setup, []float64{35, 0, 0}, lrpinn.FullRank, states[0].Weights))
	fmt.Println(phase1.Label, "trains", phase1.Count(), "parameters")
	fmt.Println(phase2.Task().Label, "trains", phase2.Task().Count())
	// Output:
	// Phase 1 trains 28151 parameters
	// Phase 2 at [35 0 0] trains 351
}
