// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// generalPreset is the laptop's with few settings and seeds, so that planting its
// runs is quick.
func generalPreset(t *testing.T) Preset {
	t.Helper()
	p, err := FindPreset("laptop")
	if err != nil {
		t.Fatal(err)
	}
	p.General.Seeds, p.General.MetaSeeds = []int64{0, 1}, []int64{0}
	p.General.Ones = []float64{2, 4}
	return p
}

// publishedShift is how much larger planted errors are against the truth as
// published, where that is another one.
const publishedShift = .5

// plantGeneral puts a run into the store, with errors at all that it is evaluated at.
func plantGeneral(t *testing.T, s *Session, r *Run, rel func(mu []float64) float64) {
	t.Helper()
	var record store.Record
	for _, mu := range r.evaluateAt {
		e := rel(mu)
		ev := pinn.Evaluation{
			Mu: mu, Test: metric.Errors{RelL2: e, Abs: e / 2}, Grid: metric.Errors{RelL2: 2 * e},
			TrivialTest: metric.Errors{RelL2: 1, Abs: 1}, TrivialGrid: metric.Errors{RelL2: 1},
		}
		if p := r.Config.Problem; strings.HasPrefix(p, "cdr;") || strings.HasPrefix(p, "reaction-diffusion;") {
			shifted := func(e metric.Errors) metric.Errors { e.RelL2 += publishedShift; return e }
			ev.AsPublished = &pinn.Comparison{Test: shifted(ev.Test), Grid: shifted(ev.Grid), TrivialTest: ev.TrivialTest}
		}
		record.Metrics.Evaluations = append(record.Metrics.Evaluations, ev)
	}
	record.Metrics.Loss = map[string]float64{"residual": .25, "boundary": .25}
	put(t, s, r, &record)
}

// plantedError differs by system, setting and seed.
func plantedError(c generalSystem, mu []float64, seed int64) float64 {
	i := slices.IndexFunc(generalSystems(), func(g generalSystem) bool { return g.column == c.column })
	return .01*float64(i+1) + .1*max(mu[0], mu[2]) + .001*float64(seed)
}

func plantTable4(t *testing.T, s *Session, p Preset, leaveOut func(c generalSystem, row generalRow, mu []float64, seed int64) bool) {
	t.Helper()
	rows, err := table4Rows(p)
	if err != nil {
		t.Fatal(err)
	}
	planted := map[string]bool{}
	for _, row := range rows[:tableRows] {
		for _, c := range generalSystems() {
			for _, seed := range c.seeds(p.General) {
				for _, mu := range row.at {
					r := c.run(row, mu, seed)
					if planted[r.Name()] || leaveOut != nil && leaveOut(c, row, mu, seed) {
						continue
					}
					planted[r.Name()] = true
					plantGeneral(t, s, r, func(mu []float64) float64 { return plantedError(c, mu, seed) })
				}
			}
		}
	}
}

func cellsByID(t *testing.T, tables []report.Table) map[string]report.Cell {
	t.Helper()
	cells := map[string]report.Cell{}
	for _, table := range tables {
		for _, c := range table.Cells {
			if _, ok := cells[c.ID]; ok {
				t.Errorf("%s comes twice", c.ID)
			}
			cells[c.ID] = c
		}
	}
	return cells
}

func nearCell(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-12 {
		t.Errorf("%s is %v, want %g", what, got, want)
	}
}

// Every number of Table 4 has its cell, and beside them are only PINN-R and the best
// constant.
func TestTable4Cells(t *testing.T) {
	p := generalPreset(t)
	s := newSession(t, t.TempDir())
	out, err := renderTable4(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	cells := cellsByID(t, out.Tables)
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if v.Paper != "hyper-lr-pinn" || v.Table != "table4" {
			continue
		}
		c, ok := cells[v.ID]
		if !ok || c.Published == nil || *c.Published != v.Value || c.Verdict != string(NotRun) {
			t.Errorf("%s: %+v", v.ID, c)
		}
		delete(cells, v.ID)
	}
	for id, c := range cells {
		if c.Published != nil || c.Column != "PINN-R" && c.Column != "Trivial predictor" {
			t.Errorf("%s is no number of Table 4", id)
		}
	}
	if len(cells) != 2*3 {
		t.Errorf("%d cells beside the published ones, want 6", len(cells))
	}
}

// Counted by hand. A row of n settings and s seeds has 3ns networks of their own
// (PINN, PINN-R, PINN-S2S); a meta-seed adds a PINN-P, and a start and n tunings each
// of MAML, Reptile and Hyper-LR-PINN.
func TestTable4Runs(t *testing.T) {
	for _, c := range []struct {
		preset              string
		settings            [3]int
		seeds, metaSeeds    int
		trainedOn, evaluate int // of the last row
	}{
		{"smoke", [3]int{1, 1, 1}, 1, 1, 8, 1},
		{"quick", [3]int{1, 1, 1}, 1, 1, 8, 1},
		{"laptop", [3]int{5, 5, 5}, 3, 1, 27, 5},
		{"paper", [3]int{5, 5, 125}, 5, 5, 125, 125},
	} {
		p, err := FindPreset(c.preset)
		if err != nil {
			t.Fatal(err)
		}
		runs, err := Runs([]Experiment{table4()}, p)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, n := range c.settings {
			want += 3*n*c.seeds + (1+3*(n+1))*c.metaSeeds
		}
		if len(runs) != want {
			t.Errorf("%s: %d runs, want %d", c.preset, len(runs), want)
		}
		for _, r := range runs {
			if !strings.HasPrefix(r.Config.Problem, "cdr;") || r.Config.Method != "pinn-p" {
				continue
			}
			if len(r.Config.Mus) != c.trainedOn || len(r.evaluateAt) != c.evaluate {
				t.Errorf("%s: PINN-P is trained on %d settings and evaluated at %d, want %d and %d", c.preset, len(r.Config.Mus), len(r.evaluateAt), c.trainedOn, c.evaluate)
			}
		}
	}
}

// A seed's number is the mean over the settings, of the errors against the truth as
// published; the mean against the accurate truth stands beside it.
func TestTable4Numbers(t *testing.T) {
	p := generalPreset(t)
	s := newSession(t, t.TempDir())
	plantTable4(t, s, p, nil)
	out, err := renderTable4(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	cells := cellsByID(t, out.Tables)
	id := func(row, column string) report.Cell {
		return cells[data.CellID("hyper-lr-pinn", "table4", row, column, "rel_err")]
	}
	// The mean of .1·2 and .1·4 is .3; PINN-S2S is the fourth system, and its seeds are
	// 0 and 1.
	c := id("Convection", "PINN-S2S")
	nearCell(t, "PINN-S2S", c.Ours, .04+.3+.0005)
	nearCell(t, "PINN-S2S, seed 1", c.Values[1], .04+.3+.001)
	nearCell(t, "PINN-S2S, s.d.", c.Std, .001/math.Sqrt2)
	nearCell(t, "PINN-S2S on the grid", c.Grid, 2*(.04+.3+.0005))
	if c.Corrected != nil || len(c.Runs) != 4 {
		t.Errorf("convection has %v beside, of %d runs, want none of 4", c.Corrected, len(c.Runs))
	}
	if want := "1000 of 2000 steps; 2 of 5 settings"; c.Verdict != string(Reduced) || !strings.Contains(c.Reason, want) {
		t.Errorf("the verdict is %q: %s; want it reduced by %s", c.Verdict, c.Reason, want)
	}
	c = id("Conv-Diff-Reac", "Ours")
	nearCell(t, "Ours", c.Ours, .07+.3+publishedShift)
	nearCell(t, "Ours against the accurate truth", c.Corrected, .07+.3)
	for _, part := range []string{"Phase 1: 10000 of 20000 steps", "27 of 125 training settings", "2 of 125 settings"} {
		if !strings.Contains(c.Reason, part) {
			t.Errorf("the reason lacks %q: %s", part, c.Reason)
		}
	}
	// One network for all settings is one run.
	if c = id("Reaction", "PINN-P"); len(c.Runs) != 1 {
		t.Errorf("PINN-P has the runs %v, want one", c.Runs)
	}
	nearCell(t, "PINN-P", c.Ours, .03+.3)
}

// A seed without one of its settings is left out, and so is a column without a seed.
func TestTable4LeavesOut(t *testing.T) {
	p := generalPreset(t)
	s := newSession(t, t.TempDir())
	plantTable4(t, s, p, func(c generalSystem, row generalRow, mu []float64, seed int64) bool {
		return row.kind == "reaction" && mu[2] == 4 && (c.column == "PINN" && seed == 1 || c.column == "MAML")
	})
	rows, err := table4Rows(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range generalSystems() {
		want := len(c.seeds(p.General))
		if c.column == "PINN" || c.column == "MAML" {
			want--
		}
		m, err := s.over(p, rows[1], c, "rel_err")
		if err != nil {
			t.Fatal(err)
		}
		if len(m.evidence.Values) != want {
			t.Errorf("%s has %v, want %d values", c.column, m.evidence.Values, want)
		}
	}
}

// What failed or is spurious is counted.
func TestGeneralFlags(t *testing.T) {
	p := generalPreset(t)
	rows, err := table4Rows(p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir())
	for _, seed := range p.General.Seeds {
		for i, mu := range rows[0].at {
			ev := pinn.Evaluation{Mu: mu, Test: metric.Errors{RelL2: .1}, TrivialTest: metric.Errors{RelL2: .5}}
			if seed == 1 {
				ev.Spurious = true
				if i == 0 {
					ev.Test.RelL2 = .49 // above .95 · .5
				}
			}
			put(t, s, generalPINN.run(rows[0], mu, seed), &store.Record{Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
		}
	}
	m, err := s.over(p, rows[0], generalPINN, "rel_err")
	if err != nil {
		t.Fatal(err)
	}
	if m.evidence.Spurious != 1 || !slices.Equal(m.flags, []string{"1 of 4 failed"}) {
		t.Errorf("%d seeds are spurious, flags %v; want 1 and 1 of 4 failed", m.evidence.Spurious, m.flags)
	}
}

// In the paper's row of all three terms MAML alone is below Ours.
func TestOrders(t *testing.T) {
	rows, err := table4Rows(generalPreset(t))
	if err != nil {
		t.Fatal(err)
	}
	measures := func(maml float64) map[string]*generalMeasure {
		m := map[string]*generalMeasure{}
		for column, v := range map[string]float64{"PINN": .2, "PINN-R": .01, "PINN-P": .2, "PINN-S2S": .5, "MAML": maml, "Reptile": .07, methodColumn: .03} {
			m[column] = &generalMeasure{measurement: measurement{evidence: Evidence{Values: []float64{v}}}}
		}
		return m
	}
	s := newSession(t, t.TempDir())
	as, other := measures(.01), measures(.04)
	for _, m := range []map[string]*generalMeasure{as, other} {
		if err := s.orders(rows[2], m); err != nil {
			t.Fatal(err)
		}
		if got := m["Reptile"].evidence.Holds; !strings.Contains(got, "above Ours") {
			t.Errorf("Reptile serves %q", got)
		}
		if got := m["PINN-R"].evidence.Holds; got != "" {
			t.Errorf("PINN-R, which has no column, serves %q", got)
		}
	}
	if as["MAML"].evidence.Holds == "" || !strings.Contains(as[methodColumn].evidence.Holds, "all 5") {
		t.Errorf("in the paper's order MAML serves %q and Ours %q", as["MAML"].evidence.Holds, as[methodColumn].evidence.Holds)
	}
	if other["MAML"].evidence.Holds != "" || other[methodColumn].evidence.Holds != "" {
		t.Errorf("in another order MAML serves %q and Ours %q", other["MAML"].evidence.Holds, other[methodColumn].evidence.Holds)
	}
}

// The best constant's error is the mean over the settings; for reaction in closed
// form at every point.
func TestGeneralTrivial(t *testing.T) {
	p := generalPreset(t)
	rows, err := table4Rows(p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := rows[1].trivial("rel_err")
	if err != nil {
		t.Fatal(err)
	}
	want := 0.
	for _, rho := range p.General.Ones {
		var u []float64
		for _, at := range rows[1].study.setup.Points.Test {
			z := (at[0] - math.Pi) / (math.Pi / 2)
			u0 := math.Exp(-z * z / 2)
			u = append(u, u0*math.Exp(rho*at[1])/(1-u0+u0*math.Exp(rho*at[1])))
		}
		var sum, squares float64
		for _, v := range u {
			sum += v
			squares += v * v
		}
		n := float64(len(u))
		want += math.Sqrt(1-sum*sum/n/squares) / 2
	}
	nearCell(t, "the best constant on reaction", &m.evidence.Values[0], want)
}
