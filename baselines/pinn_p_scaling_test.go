// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

// TestPINNPReadsScaledMu: with a scaling from μ to s(μ), the network at μ is the
// unscaled one at s(μ), since the first layer is linear in what it reads: the PINN
// with s(μ) W in its first bias.
func TestPINNPReadsScaledMu(t *testing.T) {
	setup, err := pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn", Collocation: 9})
	if err != nil {
		t.Fatal(err)
	}
	nu := []float64{.02}
	scaling := pinn.Scaling{Kind: pinn.ScaleLog, Low: []float64{pde.BurgersNuLow}, High: []float64{pde.BurgersNuHigh}}
	scaled := baselines.PINNP{Setup: setup, Mus: [][]float64{nu}, Width: 4, Hidden: 2, Scaling: scaling}
	if err := scaled.Check(); err != nil {
		t.Fatal(err)
	}
	alone := baselines.PINN{Setup: setup, Mu: nu, Width: 4, Hidden: 2}
	weights := traintest.Formulas(scaled.Task(), .5)
	got, _ := traintest.Losses(t, traintest.Open(t), scaled.Task())(weights)
	want, _ := traintest.Losses(t, traintest.Open(t), alone.Task())(folded(weights, scaling.Of(nu)))
	traintest.NearAll(t, "term", got, want, 1e-13)
	raw := scaled
	raw.Scaling = pinn.Scaling{}
	if unscaled, _ := traintest.Losses(t, traintest.Open(t), raw.Task())(weights); unscaled[pinn.ResidualTerm].Data[0] == got[pinn.ResidualTerm].Data[0] {
		t.Error("the loss is the same without scaling: the test tests nothing")
	}

	scaled.Scaling.Low = []float64{0}
	if err := scaled.Check(); err == nil || !strings.Contains(err.Error(), "above 0") {
		t.Errorf("a logarithm of 0: error %v does not say to stay above 0", err)
	}
}
