// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestRedraw: with points that are drawn anew every 4 steps the residual term is
// that of uniform points on the whole domain, and stays for 4 steps; the points of
// the sample, on which a network is evaluated, stay what they are.
//
// The network is tanh x with weights that are not trained, so that the residual at
// β = 1 is 1/cosh² x: its mean square over x in [0, 2π) is ∫ cosh⁻⁴ / 2π =
// (2/3)/2π, up to e⁻²⁵.
func TestRedraw(t *testing.T) {
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := pinn.NewSetup(p, pde.Sample{Set: "published"})
	if err != nil {
		t.Fatal(err)
	}
	const n = 4000
	s, err := pinn.NewSetup(p, pde.Sample{Set: "drawn", Collocation: n, Redraw: 4})
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{1, 0, 0}
	task := train.Task{
		Data: s.Data(mu),
		Weights: []train.Weight{
			{Name: "w", Value: train.Array{Dims: []int{1, 2, 1}, Data: []float64{1, 0}}},
			{Name: "end", Value: train.Array{Dims: []int{1, 1, 1}, Data: []float64{1}}},
		},
		Loss: func(in train.Inputs) []train.Term {
			return s.Losses(in, func(x *jet.Jet) *jet.Jet {
				return jet.Dense(jet.Tanh(jet.Dense(x, graph.StopGradient(in.W("w")), nil)), graph.StopGradient(in.W("end")), nil)
			})
		},
	}
	for i, w := range task.Weights {
		none := train.NewArray(w.Value.Dims...)
		task.Weights[i].Mask = &none
	}
	trainer, err := train.NewTrainer(b.Compute, task, train.Settings{Steps: 9, HistoryEvery: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(context.Background(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Var cosh⁻⁴ = ∫ cosh⁻⁸ / 2π − mean² = (16/35)/2π − ….
	mean := 2. / 3 / (2 * math.Pi)
	se := math.Sqrt((16./35/(2*math.Pi) - mean*mean) / n)
	seen := map[float64]int{}
	for _, r := range states[0].History.Rows {
		seen[r.Terms[0]]++
		if math.Abs(r.Terms[0]-mean) > 5*se {
			t.Errorf("step %d: mean square residual %g, want %g ± %g", r.Step, r.Terms[0], mean, 5*se)
		}
	}
	if len(seen) != 3 { // steps 1–4, 5–8 and 9
		t.Errorf("%d sets of points in 9 steps, want 3: %v", len(seen), seen)
	}
	drawn, err := p.Points(pde.Sample{Set: "drawn", Collocation: n})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range s.Points.Collocation {
		if at[0] != drawn.Collocation[i][0] || at[1] != drawn.Collocation[i][1] {
			t.Fatalf("point %d of the sample is %v, want %v as without new draws", i, at, drawn.Collocation[i])
		}
	}
	for _, d := range fixed.Data(mu) {
		if d.Redraw != nil {
			t.Errorf("datum %s of fixed points is drawn anew", d.Name)
		}
	}
}

func TestRedrawIsChecked(t *testing.T) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pinn.NewSetup(p, pde.Sample{Set: "published", Redraw: -1}); err == nil || !strings.Contains(err.Error(), "0 for fixed points") {
		t.Errorf("a distance of −1 steps: error %v does not say what to give", err)
	}
}
