// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestJacobian of the networks for one parameter setting, on all three terms of the CDR
// equation with both conditions at its boundary, and on Helmholtz' equation with two
// second derivatives and points in two blocks, against central differences.
func TestJacobian(t *testing.T) {
	helmholtz, err := pinn.NewSetup(pde.Helmholtz{}, pde.Sample{Set: "drawn", Collocation: 260})
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]struct {
		setup pinn.Setup
		mu    []float64
	}{"cdr": {cdr(t), []float64{1.5, .25, 2}}, "helmholtz": {helmholtz, []float64{2.5, 2}}} {
		for method, task := range map[string]train.Task{
			"PINN":          baselines.PINN{Setup: at.setup, Mu: at.mu, Width: 5, Hidden: 3}.Task(),
			"PINN-R":        baselines.PINNR{Setup: at.setup, Mu: at.mu, Width: 5, Hidden: 3}.Task(),
			"Naive-LR-PINN": baselines.NaiveLR{Setup: at.setup, Mu: at.mu, Width: 5, Rank: 2, TrainBases: true}.Task(),
		} {
			t.Run(name+" "+method, func(t *testing.T) { traintest.Jacobian(t, traintest.WithFormula(task, .5)) })
		}
	}
}
