// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func TestPINNRHasThePINNsParameters(t *testing.T) {
	mu := []float64{30, 0, 0}
	got := baselines.PINNR{Setup: convection(), Mu: mu, Seed: 2}.Task()
	if n := got.Count(); n != 10_401 { // P2INN, table 16
		t.Errorf("%d parameters, want 10,401", n)
	}
	want := baselines.PINN{Setup: convection(), Mu: mu, Seed: 2}.Task()
	for i, w := range want.Weights {
		if got.Weights[i].Name != w.Name || !got.Weights[i].Value.Equal(w.Value) {
			t.Errorf("weight %s starts elsewhere than PINN's %s", got.Weights[i].Name, w.Name)
		}
	}
}

// TestPINNRWithoutItsSkips: one hidden layer has no skip, and layers of zeros pass
// on what they get. Both make it the vanilla network with one hidden layer.
func TestPINNRWithoutItsSkips(t *testing.T) {
	mu := []float64{3, .25, 1.5}
	shallow := baselines.PINN{Setup: cdr(t), Mu: mu, Width: 6, Hidden: 1}.Task()
	weights := traintest.Formulas(shallow, .5)
	wantTerms, wantGradients := traintest.Losses(t, traintest.Open(t), shallow)(weights)

	terms, gradients := traintest.Losses(t, traintest.Open(t), baselines.PINNR{Setup: cdr(t), Mu: mu, Width: 6, Hidden: 1}.Task())(weights)
	traintest.NearAll(t, "term", terms, wantTerms, 1e-13)
	traintest.NearAll(t, "gradient", gradients, wantGradients, 1e-12)

	deep := baselines.PINNR{Setup: cdr(t), Mu: mu, Width: 6, Hidden: 3}.Task()
	zeros := map[string]train.Array{}
	for _, w := range deep.Weights {
		zeros[w.Name] = train.NewArray(w.Value.Dims...)
	}
	// The readout is layer 1 of the shallow network and layer 3 of the deep one.
	counterpart := map[string]string{"dense0/w": "dense0/w", "dense0/b": "dense0/b", "dense1/w": "dense3/w", "dense1/b": "dense3/b"}
	for from, to := range counterpart {
		zeros[to] = weights[from]
	}
	terms, gradients = traintest.Losses(t, traintest.Open(t), deep)(zeros)
	traintest.NearAll(t, "term", terms, wantTerms, 1e-13)
	for from, to := range counterpart {
		traintest.Near(t, "gradient of "+to, gradients[to].Data, wantGradients[from].Data, 1e-12)
	}
}

// residualNet is PINN-R once more, by loops: h ← h + tanh(h W + b).
func residualNet(weights map[string]train.Array, hidden int, x ...float64) float64 {
	layer := func(l int, h []float64) []float64 {
		w, b := weights[fmt.Sprintf("dense%d/w", l)], weights[fmt.Sprintf("dense%d/b", l)]
		out := make([]float64, w.Dims[2])
		for j := range out {
			out[j] = b.Data[j]
			for i, v := range h {
				out[j] += v * w.Data[i*len(out)+j]
			}
		}
		return out
	}
	h := layer(0, x)
	for i := range h {
		h[i] = math.Tanh(h[i])
	}
	for l := 1; l < hidden; l++ {
		for i, z := range layer(l, h) {
			h[i] += math.Tanh(z)
		}
	}
	return layer(hidden, h)[0]
}

// TestPINNRResidual compares u and the residual with an independent network and
// its differences, at weights that bend every layer.
func TestPINNRResidual(t *testing.T) {
	setup, mu := cdr(t), []float64{3, .25, 1.5}
	p := baselines.PINNR{Setup: setup, Mu: mu, Width: 6, Hidden: 3}
	weights := traintest.Formulas(p.Task(), .5)
	out, err := train.Evaluate(traintest.Open(t), weights, p.Task().Data, "float64", func(in train.Inputs) []*graph.Node {
		r, u := pde.Residual(setup.Problem, p.Network(in), in.D(pinn.MuDatum), in.D(pinn.CollocationDatum))
		return []*graph.Node{u, r}
	})
	if err != nil {
		t.Fatal(err)
	}
	var us, residuals []float64
	for _, at := range setup.Points.Collocation {
		// The five-point formulas leave h⁴/30 u⁽⁵⁾ and h⁴/90 u⁽⁶⁾, and rounding
		// divided by h²: 1e-9 or so at h = 2e-3.
		const h = 2e-3
		value := func(dx, dt float64) float64 { return residualNet(weights, 3, at[0]+dx*h, at[1]+dt*h) }
		u := value(0, 0)
		ux := (8*(value(1, 0)-value(-1, 0)) - (value(2, 0) - value(-2, 0))) / (12 * h)
		ut := (8*(value(0, 1)-value(0, -1)) - (value(0, 2) - value(0, -2))) / (12 * h)
		uxx := (16*(value(1, 0)+value(-1, 0)) - (value(2, 0) + value(-2, 0)) - 30*u) / (12 * h * h)
		us = append(us, u)
		residuals = append(residuals, ut+mu[0]*ux-mu[1]*uxx-mu[2]*u*(1-u))
	}
	traintest.Near(t, "u", out[0].Data, us, 1e-14)
	traintest.Near(t, "residual", out[1].Data, residuals, 1e-8)

	// Without its skips it is another function.
	last := maps.Clone(weights)
	last["dense1/w"] = train.NewArray(weights["dense1/w"].Dims...)
	if u := residualNet(last, 3, setup.Points.Collocation[0]...); math.Abs(u-us[0]) < 1e-3 {
		t.Error("the middle layer is idle at these weights: the test tests nothing")
	}
}
