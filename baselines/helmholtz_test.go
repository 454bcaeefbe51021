// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"context"
	"math"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestHelmholtz: the problem of figure 7, with two parameters instead of three,
// goes through each method. Adam descends from any start while its steps are
// small: the curvature must not undo 1e-4 of the gradient's 1-norm.
func TestHelmholtz(t *testing.T) {
	setup, err := pinn.NewSetup(pde.Helmholtz{}, pde.Sample{Set: "drawn", Collocation: 50})
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{2.5, 2.5}
	for name, c := range map[string]struct {
		task train.Task
		want int
	}{
		// 2·10 + 10, two layers 10² + 10 and the output 10 + 1.
		"PINN":   {baselines.PINN{Setup: setup, Mu: mu, Width: 10, Hidden: 3}.Task(), 261},
		"PINN-R": {baselines.PINNR{Setup: setup, Mu: mu, Width: 10, Hidden: 3}.Task(), 261},
		// Two more rows of 10.
		"PINN-P": {baselines.PINNP{Setup: setup, Mus: [][]float64{{2, 2}, mu, {3, 3}}, Width: 10, Hidden: 3}.Task(), 281},
		// End layers 30 + 11; three diagonals of 4 and biases of 10.
		"Naive-LR-PINN": {baselines.NaiveLR{Setup: setup, Mu: mu, Rank: 4, Width: 10}.Task(), 83},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.task.Count(); got != c.want {
				t.Errorf("%d parameters, want %d", got, c.want)
			}
			trainer, err := train.NewTrainer(traintest.Open(t), c.task, train.Settings{Steps: 3, LearningRate: 1e-4, HistoryEvery: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Finalize()
			states, err := trainer.Run(context.Background(), []train.Task{c.task}, nil, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			h := states[0].History
			if len(h.Rows) != 3 || len(h.Terms) != 2 { // residual, boundary
				t.Fatalf("%d rows of terms %v, want 3 of residual and boundary", len(h.Rows), h.Terms)
			}
			for i, row := range h.Rows {
				if total := row.Total(); math.IsInf(total, 0) || !(total > 0) || i > 0 && !(total < h.Rows[i-1].Total()) {
					t.Errorf("loss %g before step %d, want it finite and below that before", total, row.Step)
				}
			}
		})
	}
}
