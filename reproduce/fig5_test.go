// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// The sweep is over 150 unseen β on both sides of [30, 40] (section 4.2.1, H13),
// from one Phase 1; at the training β it is Table 2's own runs.
func TestFigure5Runs(t *testing.T) {
	p := preset(t, "paper")
	runs, err := manyRuns(p)
	if err != nil {
		t.Fatal(err)
	}
	setup, err := convection()
	if err != nil {
		t.Fatal(err)
	}
	for i, beta := range []float64{30, 35, 40} {
		if want := table2Run(setup, p, beta, lrpinn.AdaptiveRank)[0]; runs[i].Name() != want.Name() {
			t.Errorf("at β = %g it is %s, want Table 2's %s", beta, runs[i].Label, want.Label)
		}
	}
	below, inside, above := 0, 0, 0
	for _, r := range runs[3:] {
		beta := r.Config.Mus[0][0]
		switch {
		case beta < 30:
			below++
		case beta <= 40:
			inside++
		default:
			above++
		}
		if slices.Contains(trainingBetas, beta) {
			t.Errorf("%s is at a β of Phase 1", r.Label)
		}
		if r.Parent.Name() != runs[0].Parent.Name() || r.Config.Train.Steps != 10_000 || r.Config.Model != (phase2Model{Rank: lrpinn.AdaptiveRank}) {
			t.Errorf("%s has %d steps from %s, model %v", r.Label, r.Config.Train.Steps, r.Parent.Label, r.Config.Model)
		}
	}
	// [25, 30) and (40, 45] by 1/8 hold 40 each, [30, 40] 81 less the 11 integers.
	if below != 40 || inside != 70 || above != 40 {
		t.Errorf("%d β below, %d inside and %d above, want 40, 70, 40", below, inside, above)
	}
	for _, p := range Presets() {
		runs, err := figure5Runs(p)
		if want := len(p.Many.Betas) + 3 + (len(p.Many.Seeds)-1)*(len(p.Many.OtherBetas)+3); err != nil || len(runs) != want {
			t.Errorf("%s: %d runs, %v; want %d", p.Name, len(runs), err, want)
		}
	}
}

// The figure and its table show what is in the records.
func TestFigure5Shows(t *testing.T) {
	p := preset(t, "quick")
	p.Many = Many{Seeds: []int64{0, 1}, Betas: []float64{26, 28, 29, 31.5, 41, 43}, OtherBetas: []float64{26, 41}, Steps: 500}
	s := newSession(t, t.TempDir())
	out, err := renderFigure5(t.Context(), s, p)
	if err != nil || len(out.Figures) != 0 || len(out.Tables) != 1 {
		t.Fatalf("of an empty store: %d figures, %d tables, %v", len(out.Figures), len(out.Tables), err)
	}
	for _, c := range out.Tables[0].Cells {
		if c.Ours != nil || c.Verdict != "" {
			t.Errorf("%s is %v, %q without runs", c.ID, c.Ours, c.Verdict)
		}
	}

	runs, err := figure5Runs(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		beta := r.Config.Mus[0][0]
		if beta == 31.5 {
			continue // not run
		}
		if r.Config.Seed == 1 {
			put(t, s, r, &store.Record{Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(beta, beta/100, beta == 41)}}})
			continue
		}
		ev := evaluated(beta, beta/1000, beta == 28)
		ev.Test.Abs, ev.TrivialTest.Abs, ev.Grid.RelL2 = beta/2000, .6366, beta/500
		if beta == 43 {
			ev.Test.RelL2 = trivialError
		}
		put(t, s, r, &store.Record{Metrics: store.Metrics{Parameters: 200 + int(beta), Evaluations: []pinn.Evaluation{ev}}})
	}
	out, err = renderFigure5(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]report.Cell{}
	for _, c := range out.Tables[0].Cells {
		cells[c.Row+"/"+c.Column+"/"+c.Metric] = c
	}
	for id, want := range map[string]float64{
		"unseen β < 30/median/rel_err": .028, "unseen β < 30/worst/rel_err": .029,
		"unseen β < 30/median/abs_err": .014, "unseen β < 30/worst/abs_err": .0145,
		"unseen β > 40/median/rel_err": (.041 + trivialError) / 2, "unseen β > 40/worst/rel_err": trivialError,
		"training β/median/rel_err": .035, "training β/worst/rel_err": .040,
		"unseen β < 30/median, seed 1/rel_err": .26, "training β/median, seed 1/rel_err": .35,
	} {
		if c := cells[id]; c.Ours == nil || !near(*c.Ours, want, 1e-12) {
			t.Errorf("%s is %v, want %g", id, c.Ours, want)
		}
	}
	if c := cells["unseen β in [30, 40]/median/rel_err"]; c.Ours != nil {
		t.Errorf("%s is %v though nothing was run", c.ID, *c.Ours)
	}
	for id, want := range map[string]string{
		"unseen β < 30/worst/abs_err":          "1 of 3 spurious",
		"unseen β > 40/median/rel_err":         "1 of 2 failed",
		"unseen β > 40/median, seed 1/rel_err": "1 of 1 spurious",
	} {
		if !slices.Contains(cells[id].Flags, want) {
			t.Errorf("%s has the flags %v, want %q among them", id, cells[id].Flags, want)
		}
	}
	if c := cells["unseen β < 30/worst/rel_err"]; len(c.Runs) != 3 || !strings.Contains(c.Reason, "over 3 β") || c.Trivial == nil || *c.Trivial != trivialError {
		t.Errorf("%s rests on %d runs: %s", c.ID, len(c.Runs), c.Reason)
	}

	f := out.Figures[0]
	rows := csvRows(t, f)
	if len(rows) != 14 || len(f.SVG) == 0 {
		t.Fatalf("%d rows of numbers, want a head, 8 (of 9, one is not run) and 5 of the other seed", len(rows))
	}
	if want := "0,28,0,0.014,0.028,0.6366,0.5774,0.056,228,0,1"; strings.Join(rows[2], ",") != want {
		t.Errorf("at β = 28 the numbers are %v, want %s", rows[2], want)
	}
	for _, part := range []string{"5 of the preset's 6 unseen β", fmt.Sprintf("%d of 10000 steps", p.Many.Steps), "6 of 150 unseen β", "the same at 2 of them from the Phase 1 of each further seed, up to 1"} {
		if !strings.Contains(f.Caption, part) {
			t.Errorf("the caption lacks %q: %s", part, f.Caption)
		}
	}
	if !strings.Contains(string(f.SVG), "spurious") || !strings.Contains(string(f.SVG), "training range") || !strings.Contains(string(f.SVG), "best constant") || !strings.Contains(string(f.SVG), "other seeds") {
		t.Error("the plot lacks a mark on what is spurious, the training range, the best constant or the other seeds")
	}
}

// csvRows are the numbers of a figure, the head first.
func csvRows(t *testing.T, f report.Figure) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(f.CSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, x := range row {
			if _, err := strconv.ParseFloat(x, 64); err != nil {
				t.Errorf("%s: %v", f.ID, err)
			}
		}
	}
	return rows
}

// What is planted has a metric of its own in each place, so that none is taken for
// another.
func TestQueryGroups(t *testing.T) {
	var queries []manyQuery
	for _, beta := range []float64{29.875, 30, 30.125, 39.875, 40, 40.125} {
		queries = append(queries, manyQuery{beta: beta, trained: slices.Contains(trainingBetas, beta), ev: pinn.Evaluation{Test: metric.Errors{Abs: beta, RelL2: 2 * beta}}})
	}
	for i, want := range [][]float64{{29.875}, {30.125, 39.875}, {40.125}, {30, 40}} {
		got, err := queryGroups[i].errors(queries, "abs_err")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s are %v, %v; want %v", queryGroups[i].name, got, err, want)
		}
	}
	if _, err := queryGroups[0].errors(queries, "speed"); err == nil {
		t.Error("there is an error called speed")
	}
}
