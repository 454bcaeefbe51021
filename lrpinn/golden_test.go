// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// golden is what testdata/golden.py writes: losses and gradients of the same
// network by JAX with nested reverse mode, in float64. The width there is 6.
type golden struct {
	Terms map[string]float64
	// Gradients are norms and sums weighted with cos(i).
	Gradients map[string][2]float64
}

func TestLossAndGradientAgainstJAX(t *testing.T) {
	file, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]golden
	if err := json.Unmarshal(file, &want); err != nil {
		t.Fatal(err)
	}
	p1 := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: 6}
	paper := p1
	paper.Orthogonality = lrpinn.PenaltyPaper
	p2 := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.FullRank, Start: phase1Weights(t, 6)}
	for l := range p2.Diagonals {
		p2.Diagonals[l] = traintest.Formula(fmt.Sprintf("diagonal%d", l), 1, 1, 6)
	}
	for name, task := range map[string]train.Task{
		"phase1-code":  traintest.WithFormula(p1.Task(), 1),
		"phase1-paper": traintest.WithFormula(paper.Task(), 1),
		"phase2":       p2.Task(),
	} {
		t.Run(name, func(t *testing.T) {
			// Both are float64: what differs is the order of some 1e4 operations.
			const tolerance = 1e-10
			terms, gradients := traintest.Losses(t, traintest.Open(t), task)(traintest.Values(task))
			if len(terms) != len(want[name].Terms) || len(gradients) != len(want[name].Gradients) {
				t.Fatalf("%d terms and %d weights, want %d and %d", len(terms), len(gradients), len(want[name].Terms), len(want[name].Gradients))
			}
			for term, w := range want[name].Terms {
				if got := terms[term].Data[0]; !near(got, w, tolerance) {
					t.Errorf("%s is %.15g, want %.15g", term, got, w)
				}
			}
			for weight, w := range want[name].Gradients {
				var squares, probe float64
				for i, g := range gradients[weight].Data {
					squares += g * g
					probe += g * math.Cos(float64(i))
				}
				// The probe may cancel: it is as exact as the norm allows.
				if norm := math.Sqrt(squares); !near(norm, w[0], tolerance) || math.Abs(probe-w[1]) > 10*tolerance*norm {
					t.Errorf("gradient of %s has norm %.15g and probe %.15g, want %.15g and %.15g", weight, norm, probe, w[0], w[1])
				}
			}
		})
	}
}
