// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// plantPaced plants a run with an error that went as many steps a second.
func plantPaced(t *testing.T, s *Session, r *Run, rel, pace float64) {
	t.Helper()
	history := train.History{Terms: []string{"residual"}, Probes: []string{pinn.AbsProbe, pinn.RelProbe}}
	for _, step := range []int{0, r.Config.Train.Steps} {
		history.Rows = append(history.Rows, train.Row{Step: step, Probes: []float64{rel / 2, rel}})
	}
	record := &store.Record{History: history, Manifest: store.Manifest{StepsPerSecond: pace}}
	for _, mu := range r.Config.Mus {
		ev := evaluated(mu[0], rel, false)
		ev.Mu = mu
		record.Metrics.Evaluations = append(record.Metrics.Evaluations, ev)
	}
	put(t, s, r, record)
}

// What is ours is none of the papers' experiments: no cell has a verdict, nor an id of
// theirs, and those beside a published number show it.
func TestBeyondHasNoVerdicts(t *testing.T) {
	p := presetOf(t, "laptop")
	s := newSession(t, t.TempDir())
	st := convectionStudyOf(t, p)
	for _, c := range beyondMethods {
		for _, mu := range mus(table2Betas) {
			runs, err := c.runs(st, p, mu)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range runs {
				plantPaced(t, s, r, .001, 100)
			}
		}
	}
	for _, e := range Experiments() {
		if !strings.HasPrefix(e.ID, "beyond/") {
			continue
		}
		out := rendered(t, s, p, e)
		if len(out.Tables) == 0 && len(out.Figures) == 0 {
			t.Errorf("%s shows nothing", e.ID)
		}
		for _, table := range out.Tables {
			for _, c := range table.Cells {
				if c.Verdict != "" || !strings.HasPrefix(c.ID, "beyond/") || c.Ours == nil && c.OursText == "" && c.Reason == "" {
					t.Errorf("%s has the verdict %q for %q", c.ID, c.Verdict, c.Reason)
				}
			}
		}
		if e.ID == beyondTable2().ID {
			cells := out.Tables[0].Cells
			for _, c := range []struct{ column, want string }{{bestMethod.name, ".0655"}, {"robust Phase 1, LM, fresh points, adaptive rank", ".0722"}} {
				cell := cellAt(t, cells, fmt.Sprintf("beyond/table2/beta=40/%s/rel_err", c.column))
				if !strings.HasSuffix(cell.PublishedText, c.want) {
					t.Errorf("%s stands beside %q, want %s", cell.ID, cell.PublishedText, c.want)
				}
			}
			seconds := cellAt(t, cells, fmt.Sprintf("beyond/table2/beta=40/%s/time", bestMethod.name))
			wantNumber(t, "the time of a query", seconds.Ours, float64(p.Beyond.Iterations)/100)
			if len(out.Figures) != 1 {
				t.Errorf("%d figures of %s", len(out.Figures), e.ID)
			}
		}
	}
}

// Runs that are not solved are counted.
func TestBeyondCountsFailures(t *testing.T) {
	p := presetOf(t, "laptop")
	s := newSession(t, t.TempDir())
	st := convectionStudyOf(t, p)
	mu := []float64{40, 0, 0}
	runs, err := bestMethod.runs(st, p, mu)
	if err != nil {
		t.Fatal(err)
	}
	for i, rel := range []float64{.001, .003, .0031, .5, .9} {
		plantPaced(t, s, runs[i], rel, 100)
	}
	cells, err := s.beyondCells(bestMethod, st, p, mu)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(cells[0].Flags, "3 of 5 above 0.003") {
		t.Errorf("the flags are %q", cells[0].Flags)
	}
}

// The runs differ in what their names say: each solver and each Phase 1 has its own, the
// published ones are those of Table 2, and labels tell all apart.
func TestBeyondRuns(t *testing.T) {
	for _, p := range Presets() {
		var experiments []Experiment
		for _, e := range Experiments() {
			if strings.HasPrefix(e.ID, "beyond/") {
				experiments = append(experiments, e)
			}
		}
		runs, err := Runs(experiments, p)
		if err != nil {
			t.Fatal(err)
		}
		names, labels := map[string]bool{}, map[string]string{}
		for _, r := range runs {
			names[r.Name()] = true
			if other, ok := labels[r.Label]; ok && other != r.Name() {
				t.Errorf("%s: two runs are called %s", p.Name, r.Label)
			}
			labels[r.Label] = r.Name()
			lm, fresh := r.Config.Train.LM != nil, r.Config.Points.Redraw == 1
			if lm && (!strings.Contains(r.Label, lmNote) || r.Config.Train.LearningRate != 0) {
				t.Errorf("%s: %s has the settings %+v", p.Name, r.Label, r.Config.Train)
			}
			if fresh != strings.Contains(r.Label, "anew every step") {
				t.Errorf("%s: %s has the points %+v", p.Name, r.Label, r.Config.Points)
			}
			if r.Config.Method == "hyper-lr-pinn/phase1" && r.Config.Train.Steps > paperPhase1Steps {
				t.Errorf("%s: %s takes %d steps", p.Name, r.Label, r.Config.Train.Steps)
			}
		}
		published, err := table2Run(convectionStudyOf(t, p).setup, p, 40, lrpinn.FullRank), error(nil)
		if err != nil || !names[published[0].Name()] {
			t.Errorf("%s: Table 2's own runs are not among them", p.Name)
		}
	}
}

// The reach ends at the first query on either side that is not within the limit.
func TestReach(t *testing.T) {
	query := func(beta, rel float64) manyQuery {
		return manyQuery{beta: beta, ev: evaluated(beta, rel, false)}
	}
	queries := []manyQuery{query(10, .001), query(15, .02), query(20, .01), query(30, .001), query(40, .001), query(45, .009), query(50, .011), query(60, .001)}
	if low, high := reach(queries); low != 20 || high != 45 {
		t.Errorf("from %g to %g, want 20 to 45", low, high)
	}
	if low, high := reach(queries[1:2]); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("from %g to %g of none", low, high)
	}
}

// Of each way to train Phase 1 a seed's worst query counts.
func TestRobustness(t *testing.T) {
	p := presetOf(t, "laptop")
	p.Seeds = p.Seeds[:1]
	s := newSession(t, t.TempDir())
	start, queries, err := robust.queries(convectionStudyOf(t, p), p, 0)
	if err != nil {
		t.Fatal(err)
	}
	plantPaced(t, s, start, .2, 70)
	for i, rel := range []float64{.001, .02, .002} {
		plantPaced(t, s, queries[i], rel, 100)
	}
	table := rendered(t, s, p, robustness()).Tables[0]
	at := func(metric string) report.Cell {
		return cellAt(t, table.Cells, fmt.Sprintf("beyond/robust/%s;seed=0/LM, fresh points/%s", robust.name, metric))
	}
	wantNumber(t, "the worst error", at("worst_rel_err").Ours, .02)
	wantNumber(t, "the number of β", at("solved").Ours, 2)
	wantNumber(t, "the error of Phase 1", at("phase1_rel_err").Ours, .2)
	if c := cellAt(t, table.Cells, "beyond/robust/as published;seed=0/LM, fresh points/solved"); c.Ours != nil || c.Reason != "not run" {
		t.Errorf("what was not run shows %v, %q", c.Ours, c.Reason)
	}
}

// A lost query is told by its residual, and begins anew from the seed after.
func TestRescue(t *testing.T) {
	p := presetOf(t, "laptop")
	p.Seeds = p.Seeds[:3]
	s := newSession(t, t.TempDir())
	grid, err := lmFixed.rescueQueries(convectionStudyOf(t, p), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, runs := range grid {
		for i, rel := range []float64{.5, .9, .002} {
			record := &store.Record{Manifest: store.Manifest{StepsPerSecond: 100}}
			ev := evaluated(runs[i].Config.Mus[0][0], rel, false)
			ev.Mu, ev.ResidualGrid = runs[i].Config.Mus[0], 1e-3
			if i == 0 || i == 1 && ev.Mu[0] == 30 { // the second's is seen at β = 30 alone
				ev.ResidualGrid = 100
			}
			record.Metrics.Evaluations = []pinn.Evaluation{ev}
			put(t, s, runs[i], record)
		}
	}
	cells := rendered(t, s, p, rescue()).Tables[0].Cells
	for metric, want := range map[string]float64{
		"solved": 3, "lost": 6, "said_lost": 4, "said_wrongly": 2,
		// At β = 30 the first goes on to the third by the second, and the second to it;
		// at 35 and 40 the first ends at the second, whose residual says nothing.
		"restarts": 2 + 1 + 1 + 1, "lost_restarted": 4,
	} {
		wantNumber(t, metric, cellAt(t, cells, fmt.Sprintf("beyond/rescue/%s/published Phase 1/%s", lmFixed.name, metric)).Ours, want)
	}
	if c := cellAt(t, cells, fmt.Sprintf("beyond/rescue/%s/published Phase 1/lost", lmMore.name)); c.Ours != nil || c.Reason != "not run" {
		t.Errorf("what was not run shows %v, %q", c.Ours, c.Reason)
	}
}

// Two rows of 30 points: all of the residual is 1, but for 2 within ten points of the
// first row's ends; by hand 20·4 of 20·4 + 40.
func TestCornerShare(t *testing.T) {
	residual := make([]float64, 60)
	for i := range residual {
		residual[i] = 1
		if i < 10 || i >= 20 && i < 30 {
			residual[i] = -2
		}
	}
	if got, want := cornerShare(residual, 30), 80./120; math.Abs(got-want) > 1e-15 {
		t.Errorf("the corners have %g of it, want %g", got, want)
	}
}
