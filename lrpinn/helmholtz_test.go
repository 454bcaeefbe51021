// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"context"
	"math"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestHelmholtz: the problem of figure 7, whose hypernetwork has two inputs, goes
// through both phases. Adam descends from any start while its steps are small.
func TestHelmholtz(t *testing.T) {
	setup, err := pinn.NewSetup(pde.Helmholtz{}, pde.Sample{Set: "drawn", Collocation: 50})
	if err != nil {
		t.Fatal(err)
	}
	descend := func(task train.Task, terms int) train.State {
		t.Helper()
		trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: 3, LearningRate: 1e-4, HistoryEvery: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer trainer.Finalize()
		states, err := trainer.Run(context.Background(), []train.Task{task}, nil, train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		h := states[0].History
		if len(h.Rows) != 3 || len(h.Terms) != terms {
			t.Fatalf("%s: %d rows of terms %v, want 3 of %d terms", task.Label, len(h.Rows), h.Terms, terms)
		}
		for i, row := range h.Rows {
			if total := row.Total(); math.IsInf(total, 0) || !(total > 0) || i > 0 && !(total < h.Rows[i-1].Total()) {
				t.Errorf("%s: loss %g before step %d, want it finite and below that before", task.Label, total, row.Step)
			}
		}
		return states[0]
	}

	p1 := lrpinn.Phase1{Setup: setup, Mus: [][]float64{{2, 2}, {2.5, 2.5}, {3, 3}}}
	// One row of 50 fewer in the hypernetwork than with β, ν, ρ.
	if got := p1.Task().Count(); got != 28_101 {
		t.Errorf("Phase 1 has %d parameters, want 28,101", got)
	}
	p1.Width = 10
	start := descend(p1.Task(), 3) // residual, boundary, orthogonality
	for _, rank := range []lrpinn.Rank{lrpinn.FullRank, lrpinn.AdaptiveRank} {
		p2, err := lrpinn.NewPhase2(traintest.Open(t), setup, []float64{2.2, 2.2}, rank, start.Weights)
		if err != nil {
			t.Fatal(err)
		}
		descend(p2.Task(), 2)
	}
}
