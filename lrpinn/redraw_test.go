// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// TestRedraw: both phases train on points that are drawn anew every 2 steps, if the
// setup says so. The rate leaves the weights as they are, so that only points tell.
func TestRedraw(t *testing.T) {
	anew := tiny(t)
	anew.Sample.Redraw = 2
	p1 := traintest.WithFormula(lrpinn.Phase1{Setup: anew, Mus: goldenMus}.Task(), 1)
	p2 := lrpinn.Phase2{
		Setup: anew, Mu: goldenMus[0], Rank: lrpinn.FullRank, Start: traintest.Values(p1),
		Diagonals: diagonals(50, [lrpinn.Layers]int{50, 50, 50}),
	}
	for name, task := range map[string]train.Task{"Phase 1": p1, "Phase 2": traintest.WithFormula(p2.Task(), 1)} {
		if r := residuals(t, task); r[0] != r[1] || r[1] == r[2] {
			t.Errorf("%s: residuals %v, want a jump after 2 steps only", name, r)
		}
	}
}

// residuals are those of three steps.
func residuals(t *testing.T, task train.Task) []float64 {
	t.Helper()
	trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: 3, HistoryEvery: 1, LearningRate: 1e-30})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(t.Context(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var terms []float64
	for _, r := range states[0].History.Rows {
		terms = append(terms, r.Terms[0])
	}
	return terms
}
