// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/figure"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// The figure costs nothing: its networks are among those of beyond/table2, from the
// published Phase 1 and from the robust one.
func TestBeyondFig2Runs(t *testing.T) {
	for _, p := range Presets() {
		runs, err := beyondFig2Runs(p)
		if err != nil || len(runs) != 2 {
			t.Fatalf("%s: %d runs, %v", p.Name, len(runs), err)
		}
		table, err := beyondTable2Runs(p)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range runs {
			if !slices.ContainsFunc(table, func(of *Run) bool { return of.Name() == r.Name() }) {
				t.Errorf("%s: %s is not of the table", p.Name, r.Label)
			}
			if r.Config.Mus[0][0] != 40 || r.Config.Seed != p.Seeds[0] || (r.Config.Train.LM != nil) != (i == 1) {
				t.Errorf("%s: run %d is %s", p.Name, i, r.Label)
			}
		}
		if runs[0].Parent.Name() == runs[1].Parent.Name() {
			t.Errorf("%s: both start from %s", p.Name, runs[0].Parent.Label)
		}
	}
}

// The exact solution is there before anything is trained, a network without weights is
// named, and a misfit is the distance from the exact solution, where it is.
func TestHeatRow(t *testing.T) {
	p := preset(t, "quick")
	s := newSession(t, t.TempDir())
	out, err := renderBeyondFig2(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	if head, _, _ := strings.Cut(string(out.Figures[0].CSV), "\n"); head != "x,t,exact" {
		t.Errorf("with an empty store the figure has %s", head)
	}
	runs, err := beyondFig2Runs(p)
	if err != nil {
		t.Fatal(err)
	}
	ev := pinn.Evaluation{Mu: beyondFig2Mu, Grid: metric.Errors{RelL2: .123}, Spurious: true}
	put(t, s, runs[0], &store.Record{Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
	if out, err = renderBeyondFig2(t.Context(), s, p); err != nil {
		t.Fatal(err)
	}
	if caption := out.Figures[0].Caption; !strings.HasSuffix(caption, "Not drawn, since its record holds no weights: paper's method, rel L2 0.123, spurious.") {
		t.Error(caption)
	}

	row, err := newHeatRow(runs[0].setup, []float64{0, 0, 0}, [2]float64{0, 2}, "x", "t")
	if err != nil {
		t.Fatal(err)
	}
	u := make([]float64, len(row.grid.Points))
	for i, at := range row.grid.Points { // 1 + sin x at β = 0, too low by t
		u[i] = 1 + math.Sin(at[0]) - at[1]
	}
	row.add("network", "network", u)
	row.misfit(u)
	last := row.panels[len(row.panels)-1].(figure.Heat)
	if last.Title != "(c) |u − û| of (b)" || len(row.head) != 4 {
		t.Errorf("%q of %q", last.Title, row.head)
	}
	for j := range last.Y {
		for i, time := range last.X {
			if math.Abs(last.Z[j][i]-time) > 1e-12 {
				t.Fatalf("the misfit at t = %g is %g", time, last.Z[j][i])
			}
		}
	}
}
