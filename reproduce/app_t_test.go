// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Four runs for each a and seed: the two PINNs, and two lengths of Phase 2; all
// else is read from their histories.
func TestAppendixTRuns(t *testing.T) {
	for _, p := range Presets() {
		runs, err := appendixTRuns(p)
		if want := 4 * len(p.Waves.Report) * len(p.Waves.Seeds); err != nil || len(runs) != want {
			t.Fatalf("%s: %d runs, %v; want %d", p.Name, len(runs), err, want)
		}
		names := map[string]bool{}
		for _, r := range runs {
			names[r.Name()] = true
		}
		if len(names) != len(runs) {
			t.Errorf("%s: %d of %d runs are different", p.Name, len(names), len(runs))
		}
		// Figure 7 needs no Phase 2 beside these.
		figure, err := figure7Runs(p)
		if err != nil || !names[figure[1].Name()] {
			t.Errorf("%s: %s is not among them, %v", p.Name, figure[1].Label, err)
		}
	}
}

// The published numbers are those of P2INN's table 11 for PINN and PINN-R, all of
// them in every preset; what is ours stands at the preset's a.
func TestAppendixTIDs(t *testing.T) {
	published, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, v := range published {
		if v.Paper == "p2inn" && v.Table == "table11" && v.Column != "P2INN" {
			want = append(want, v.ID)
		}
	}
	slices.Sort(want)
	for _, p := range Presets() {
		out, err := renderAppendixT(t.Context(), newSession(t, t.TempDir()), p)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		rows := map[string]bool{} // with a number of ours
		for _, c := range out.Tables[0].Cells {
			switch {
			case c.Published != nil:
				got = append(got, c.ID)
				if c.Verdict != string(NotRun) && !p.Smoke || c.Role != string(RoleBaseline) {
					t.Errorf("%s: %s is %q with the role %s in an empty store", p.Name, c.ID, c.Verdict, c.Role)
				}
			case !strings.HasPrefix(c.ID, "hyper-lr-pinn/appT/Helmholtz a="):
				t.Errorf("%s: a cell of ours is %s", p.Name, c.ID)
			default:
				rows[c.Row] = true
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || len(got) != 28 { // 7 a, 2 methods, 2 metrics
			t.Errorf("%s: the published cells are %v, want %v", p.Name, got, want)
		}
		if len(rows) != len(p.Waves.Report) {
			t.Errorf("%s: rows of ours are %v, want those of a = %v", p.Name, rows, p.Waves.Report)
		}
	}
}

// Each number stands in its own cell, and what is read from a history is not taken
// from the end.
func TestAppendixTShows(t *testing.T) {
	p := preset(t, "laptop") // 10,000 steps, three seeds
	p.Waves.Report = []float64{2.65}
	s := newSession(t, t.TempDir())
	st, err := wavesStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range wavesColumns(p) {
		if c.at != nil {
			continue
		}
		for k, r := range c.runs(st, p, 2.65) {
			e := .01*float64(i+1) + .001*float64(k)
			ev := pinn.Evaluation{
				Mu:   waves(2.65),
				Test: metric.Errors{Abs: e, RelL2: 2 * e}, Grid: metric.Errors{Abs: 3 * e, RelL2: 4 * e},
				TrivialTest: metric.Errors{Abs: .5, RelL2: 1}, Spurious: k == 2,
			}
			h := train.History{Probes: []string{pinn.RelProbe, pinn.AbsProbe}}
			for _, step := range []int{0, 1900, 2000, 10_000} {
				h.Rows = append(h.Rows, train.Row{Step: step, Probes: []float64{20 * (e + float64(step)), 10 * (e + float64(step))}})
			}
			put(t, s, r, &store.Record{History: h, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
		}
	}
	out, err := renderAppendixT(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]report.Cell{}
	for _, c := range out.Tables[0].Cells {
		if c.Row == "Helmholtz a=2.65" {
			cells[c.Column+"/"+c.Metric] = c
		}
	}
	// The mean over seeds of e = .01 (column + 1) + .001 seed is .001 above the first.
	for id, want := range map[string]float64{
		"PINN/abs_err": .011, "PINN/rel_err": .022,
		"PINN-R/abs_err": .021, "PINN-R/rel_err": .042,
		"PINN, 2,000 epochs/abs_err": 10 * 2000.011, "PINN, 2,000 epochs/rel_err": 20 * 2000.011,
		"Hyper-LR-PINN, Phase 1 alone/abs_err": .61, "Hyper-LR-PINN, Phase 1 alone/rel_err": 1.22,
		"Hyper-LR-PINN, 10 epochs/abs_err": .051, "Hyper-LR-PINN, 10 epochs/rel_err": .102,
		"Hyper-LR-PINN/abs_err": .061, "Hyper-LR-PINN/rel_err": .122,
	} {
		c := cells[id]
		if c.Ours == nil || !near(*c.Ours, want, 1e-9) || len(c.Values) != 3 || len(c.Seeds) != 3 || len(c.Runs) != 3 {
			t.Errorf("%s is %v over %d values, want %g", id, c.Ours, len(c.Values), want)
		}
		early := strings.Contains(id, "2,000") || strings.Contains(id, "alone")
		if early != (c.Grid == nil) || early == slices.Contains(c.Flags, "spurious") {
			t.Errorf("%s has the number %v on the grid and the flags %v", id, c.Grid, c.Flags)
		}
	}
	if c := cells["PINN/rel_err"]; c.Verdict != string(Reduced) || !strings.Contains(c.Reason, "10000 of 20000 steps") || *c.Published != 2.0937 {
		t.Errorf("%s is %q: %s", c.ID, c.Verdict, c.Reason)
	}
	if c := cells["Hyper-LR-PINN/rel_err"]; c.Verdict != "" || c.Published != nil {
		t.Errorf("%s is %q beside %v", c.ID, c.Verdict, c.Published)
	}
	if c := cells["Trivial predictor/rel_err"]; c.Ours == nil || *c.Ours <= 0 || c.Role != string(RoleTrivial) {
		t.Errorf("%s is %v", c.ID, c.Ours)
	}
}

// A PINN that is shorter than 2,000 epochs has no number there.
func TestWavesColumns(t *testing.T) {
	for _, c := range []struct {
		steps int
		has   bool
	}{{1_999, false}, {2_000, true}, {20_000, true}} {
		p := preset(t, "quick")
		p.Waves.Steps = c.steps
		if has := slices.ContainsFunc(wavesColumns(p), func(w wavesColumn) bool { return strings.Contains(w.name, "2,000") }); has != c.has {
			t.Errorf("with %d steps a column of 2,000 epochs: %t", c.steps, has)
		}
	}
}

// The history's errors have the names of the tables' metrics, which atEpoch needs.
func TestProbesAreMetrics(t *testing.T) {
	for _, name := range []string{pinn.AbsProbe, pinn.RelProbe} {
		if _, err := score(name, metric.Errors{}); err != nil {
			t.Error(err)
		}
	}
}
