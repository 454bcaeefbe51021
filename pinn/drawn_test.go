// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func drawnSetup(t *testing.T, p pde.Problem, sample pde.Sample, d pinn.Drawn) (pinn.Setup, error) {
	t.Helper()
	sample.Set = "drawn"
	s, err := pinn.NewSetup(p, sample)
	if err != nil {
		t.Fatal(err)
	}
	return s.WithDrawn(d)
}

// TestDrawn: every step reads its own parameter settings and points, one set of
// points a setting, uniform on their ranges; another seed draws others, and a probe
// reads the settings that are given.
func TestDrawn(t *testing.T) {
	const steps, points = 200, 5
	low, high := pde.BurgersNuLow, pde.BurgersNuHigh
	mus := [][]float64{{.02}, {.03}, {.05}}
	draws := func(seed int64) [][]float64 {
		t.Helper()
		s, err := drawnSetup(t, pde.Burgers{}, pde.Sample{Collocation: 7, Seed: seed}, pinn.Drawn{Low: []float64{low}, High: []float64{high}, Points: points})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(s.Points.Collocation); n != 7 {
			t.Errorf("the evaluation has %d points, want the sample's 7", n)
		}
		read := func(in train.Inputs) []train.Term {
			var terms []train.Term
			for _, name := range []string{pinn.MuDatum, pinn.CollocationDatum} {
				flat := graph.Reshape(in.D(name), -1, 1)
				for i := range flat.Shape().Dim(0) {
					terms = append(terms, train.Term{Name: name, Value: graph.Reshape(graph.Slice(flat, graph.AxisElem(i)), 1)})
				}
			}
			return terms
		}
		task := train.Task{
			Data:    s.Data(mus...),
			Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
			Loss: func(in train.Inputs) []train.Term { // the engine wants a gradient; this one is 0
				return append(read(in), train.Term{Name: "w", Value: graph.MulScalar(graph.ReduceSum(in.W("w"), 1), 0)})
			},
			Probe: func(in train.Inputs) []train.Term { return read(in)[:len(mus)] },
		}
		trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: steps, HistoryEvery: 1, ProbeEvery: steps / 2, DType: "float64"})
		if err != nil {
			t.Fatal(err)
		}
		defer trainer.Finalize()
		states, err := trainer.Run(t.Context(), []train.Task{task}, nil, train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]float64
		for _, r := range states[0].History.Rows {
			if r.Terms != nil {
				rows = append(rows, r.Terms[:len(r.Terms)-1])
			}
			if r.Probes != nil && !slices.Equal(r.Probes, slices.Concat(mus...)) {
				t.Errorf("the probe at step %d reads %v, want %v", r.Step, r.Probes, mus)
			}
		}
		return rows
	}
	rows := draws(1)
	if len(rows) != steps || len(rows[0]) != len(mus)*(1+points*2) {
		t.Fatalf("%d steps of %d numbers, want %d of %d", len(rows), len(rows[0]), steps, len(mus)*(1+points*2))
	}

	// No number comes twice but by chance: they are multiples of 2⁻²⁴ of a range, and
	// 600 of them share one with a probability of 600²/2^25 = .01; this seed has none.
	values := map[string][]float64{}
	for _, row := range rows {
		for i, x := range row {
			name := "nu"
			if i >= len(mus) {
				name = []string{"t", "x"}[(i-len(mus))%2]
			}
			values[name] = append(values[name], x)
		}
	}
	for name, of := range map[string]struct{ low, high float64 }{"nu": {low, high}, "t": {0, 1}, "x": {-1, 1}} {
		xs := values[name]
		width, sum := of.high-of.low, 0.
		for _, x := range xs {
			if x < of.low || x >= of.high {
				t.Errorf("%s = %g is outside of [%g, %g)", name, x, of.low, of.high)
			}
			sum += x
		}
		n := float64(len(xs))
		// A uniform number has a standard deviation of width/√12. None of 600 in the outer
		// 3 % of a side has a probability of .97^600 = 1e-8.
		if mean, se := sum/n, width/math.Sqrt(12*n); math.Abs(mean-(of.low+width/2)) > 5*se {
			t.Errorf("the mean of %g %s is %g, want %g ± %g", n, name, mean, of.low+width/2, 5*se)
		}
		if slices.Min(xs) > of.low+.03*width || slices.Max(xs) < of.high-.03*width {
			t.Errorf("%s lies in [%g, %g], want nearly all of [%g, %g)", name, slices.Min(xs), slices.Max(xs), of.low, of.high)
		}
	}
	slices.Sort(values["nu"])
	if n := len(slices.Compact(values["nu"])); n != steps*len(mus) {
		t.Errorf("%d values of ν in %d draws: some are not drawn anew", n, steps*len(mus))
	}
	other := draws(2)
	for i := range rows[0] {
		if rows[0][i] == other[0][i] {
			t.Errorf("number %d is %g with either seed", i, rows[0][i])
		}
	}
}

func TestDrawnIsChecked(t *testing.T) {
	one := func(x float64) []float64 { return []float64{x} }
	for _, c := range []struct {
		what, says string
		problem    pde.Problem
		sample     pde.Sample
		drawn      pinn.Drawn
	}{
		{"bounds in the wrong order", "lower bound first", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Low: one(.1), High: one(.001), Points: 5}},
		{"not a number", "lower bound first", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Low: one(math.NaN()), High: one(.1), Points: 5}},
		{"ν = 0", "above 0", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Low: one(0), High: one(.1), Points: 5}},
		{"ν up to ∞", "finite", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Low: one(.1), High: one(math.Inf(1)), Points: 5}},
		{"no bounds", "a bound for each of [nu]", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Points: 5}},
		{"no points", "give at least 1", pde.Burgers{}, pde.Sample{}, pinn.Drawn{Low: one(.1), High: one(.1)}},
		{"points drawn twice", "leave the sample's own", pde.Burgers{}, pde.Sample{Redraw: 3}, pinn.Drawn{Low: one(.1), High: one(.2), Points: 5}},
		{"a boundary that depends on μ", `"boundary"`, pde.Helmholtz{}, pde.Sample{}, pinn.Drawn{Low: []float64{1.5, 1.5}, High: []float64{2.5, 2.7}, Points: 5}},
		// sin(a₁πx) sin(a₂πy) is the same at a and −a.
		{"a boundary that is the same at both ends", `"boundary"`, pde.Helmholtz{}, pde.Sample{}, pinn.Drawn{Low: []float64{-1.5, -1.5}, High: []float64{1.5, 1.5}, Points: 5}},
	} {
		_, err := drawnSetup(t, c.problem, c.sample, c.drawn)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v does not say %q in one line", c.what, err, c.says)
		}
	}
	for what, d := range map[string]pinn.Drawn{
		"a range":    {Low: one(.001), High: one(.1), Points: 1},
		"one number": {Low: one(.1), High: one(.1), Points: 1},
	} {
		if s, err := drawnSetup(t, pde.Burgers{}, pde.Sample{}, d); err != nil || s.Drawn == nil {
			t.Errorf("%s was refused: %v", what, err)
		}
	}
	// At one a the values are one and the same.
	if _, err := drawnSetup(t, pde.Helmholtz{}, pde.Sample{}, pinn.Drawn{Low: []float64{1.5, 2}, High: []float64{1.5, 2}, Points: 1}); err != nil {
		t.Errorf("one a was refused: %v", err)
	}
}

// TestResidualWeight: the residual's term is α times what it is without, and the
// conditions' are what they were.
func TestResidualWeight(t *testing.T) {
	s, err := pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn", Collocation: 9})
	if err != nil {
		t.Fatal(err)
	}
	weights := arrays(neuron{a: .7, k: 1.1, w: -.8, c: .3, d: .2})
	terms := func(weight float64) map[string]float64 {
		t.Helper()
		s := s
		s.ResidualWeight = weight
		var names []string
		out, err := train.Evaluate(traintest.Open(t), weights, s.Data([]float64{.3}), "float64", func(in train.Inputs) []*graph.Node {
			names = nil
			var nodes []*graph.Node
			for _, term := range s.Losses(in, network(in)) {
				names, nodes = append(names, term.Name), append(nodes, term.Value)
			}
			return nodes
		})
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]float64{}
		for i, name := range names {
			values[name] = out[i].Data[0]
		}
		return values
	}
	plain, weighted := terms(0), terms(.25)
	if len(plain) != 2 || plain[pinn.ResidualTerm] < 1e-3 || plain["data"] < 1e-3 {
		t.Fatalf("terms %v: the test tests nothing", plain)
	}
	if weighted[pinn.ResidualTerm] != plain[pinn.ResidualTerm]/4 || weighted["data"] != plain["data"] {
		t.Errorf("with weight 1/4 the terms are %v, without %v", weighted, plain)
	}
}
