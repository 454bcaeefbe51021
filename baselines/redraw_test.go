// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestRedraw: with points that are drawn anew every 2 steps every method trains on
// the same points for 2 steps and on others then. The rates leave the weights as
// they are, and a meta-learner's tasks are one μ, so that only points tell. A slab of
// the PINN-S2S has its own points, so that it refuses.
func TestRedraw(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles five methods")
	}
	s, mu := cdr(t), []float64{1, 2, 3}
	s.Sample.Redraw = 2
	naive := baselines.NaiveLR{Setup: s, Mu: mu, Rank: 3, Width: 5}
	for name, task := range map[string]train.Task{
		"PINN":       baselines.PINN{Setup: s, Mu: mu, Width: 5, Hidden: 2}.Task(),
		"PINN-P":     baselines.PINNP{Setup: s, Mus: [][]float64{mu, {3, 2, 1}}, Width: 5, Hidden: 2}.Task(),
		"curriculum": baselines.Curriculum{NaiveLR: naive, Stages: 1}.Task(),
		"MAML":       baselines.MAML{On: naive, Mus: [][]float64{mu}, Tasks: 1, InnerSteps: 1}.Task(),
		"Reptile":    baselines.Reptile{On: naive, Mus: [][]float64{mu}, Steps: 3, InnerSteps: 1, Epsilon: 1e-30}.Task(),
	} {
		for i, value := range traintest.Formulas(task, .5) {
			k := slices.IndexFunc(task.Weights, func(w train.Weight) bool { return w.Name == i })
			task.Weights[k].Value = value
		}
		trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: 3, HistoryEvery: 1, LearningRate: 1e-30})
		if err != nil {
			t.Fatal(err)
		}
		states, err := trainer.Run(t.Context(), []train.Task{task}, nil, train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		trainer.Finalize()
		h := states[0].History
		if h.Terms[0] != pinn.ResidualTerm {
			t.Fatalf("%s: terms are %v, want the residual first", name, h.Terms)
		}
		a, b, c := h.Rows[0].Terms[0], h.Rows[1].Terms[0], h.Rows[2].Terms[0]
		if a != b || b == c {
			t.Errorf("%s: residuals %g, %g, %g; want a jump after 2 steps only", name, a, b, c)
		}
	}
	if err := (baselines.PINNS2S{Setup: s, Mu: mu}).Check(); err == nil || !strings.Contains(err.Error(), "fixed points") {
		t.Errorf("PINN-S2S: error %v does not say to take fixed points", err)
	}
}
