// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"fmt"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// TestJacobian of Phase 2, with u_xx in its equation and pairs at its
// boundary, against central differences: with frozen bases, and with trained ones.
func TestJacobian(t *testing.T) {
	for _, trainBases := range []bool{false, true} {
		t.Run(fmt.Sprintf("bases trained: %t", trainBases), func(t *testing.T) {
			p2 := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.AdaptiveRank, Start: phase1Weights(t, 6), TrainBases: trainBases}
			for l := range p2.Diagonals {
				p2.Diagonals[l] = traintest.Formula(fmt.Sprintf("diagonal%d", l), 1, 1, 6) // some below 0, and so cut off
			}
			task := p2.Task()
			// 7 collocation points, 5 initial ones and 4 pairs.
			if residuals, _, err := train.Jacobian(traintest.Open(t), task, "float64"); err != nil || len(residuals.Data) != 16 {
				t.Fatalf("%d residuals, want 16 (%v)", len(residuals.Data), err)
			}
			traintest.Jacobian(t, task)
		})
	}
}
