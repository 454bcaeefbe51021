// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Appendix O draws runs of Table 2 and adds none, whatever ranks a preset has: of rank
// 30, or the nearest to it.
func TestAppendixORuns(t *testing.T) {
	presets := Presets()
	for _, ranks := range [][]int{{10, 20}, {40, 20}, {50}} {
		p := presetOf(t, "laptop")
		p.Ranks = ranks
		presets = append(presets, p)
	}
	ranks := []int{30, 30, 30, 30, 20, 40, 50}
	for i, p := range presets {
		if added := ablationRuns(t, p, appendixO(), table2()); len(added) > 0 {
			t.Errorf("%s, ranks %v: beside Table 2 it needs %v", p.Name, p.Ranks, added)
		}
		// At three β, the method at two ranks, and three baselines at one.
		runs, err := appendixORuns(p)
		if err != nil {
			t.Fatal(err)
		}
		if want := 3 * (2*len(p.Seeds) + 3*len(p.BaselineSeeds)); len(runs) != want {
			t.Errorf("%s: %d runs, want %d", p.Name, len(runs), want)
		}
		starts := map[string]bool{}
		for _, r := range runs {
			if r.Config.Method != "hyper-lr-pinn/phase2" {
				if config, err := r.Config.Canonical(); err != nil || !strings.Contains(string(config), fmt.Sprintf(`"rank":%d,`, ranks[i])) {
					t.Errorf("%s, ranks %v: %s, %v; want rank %d", p.Name, p.Ranks, config, err, ranks[i])
				}
			}
			start := r.Config.Method
			if r.Parent != nil {
				start = r.Parent.Config.Method
			}
			starts[start] = true
		}
		if len(starts) != 4 || !starts["hyper-lr-pinn/phase1"] || !starts["maml"] || !starts["reptile"] || !starts["naive-lr-pinn"] {
			t.Errorf("%s: it starts from %v", p.Name, starts)
		}
	}
}

// plantCurve puts a run of 10,000 steps into the store: its loss begins at loss, is half
// of it at step 10, and a tenth, a hundredth and a thousandth at steps 100, 1,000 and the
// last; its error begins at rel and ends at a fifth of it. At step 150 the loss is 1,000.
// Some steps may be left out.
func plantCurve(t *testing.T, s *Session, r *Run, loss, rel float64, spurious bool, without ...int) {
	t.Helper()
	history := train.History{Terms: []string{"residual", "initial", "boundary"}, Probes: []string{pinn.AbsProbe, pinn.RelProbe}}
	for _, at := range []struct {
		step      int
		loss, rel float64 // parts; 0 where there is none
	}{{0, 0, 1}, {1, 1, 0}, {10, .5, 0}, {100, .1, .8}, {150, 1000 / loss, 0}, {1_000, .01, .5}, {10_000, .001, .2}} {
		if slices.Contains(without, at.step) {
			continue
		}
		row := train.Row{Step: at.step}
		if at.loss != 0 {
			row.Terms = []float64{.5 * at.loss * loss, .3 * at.loss * loss, .2 * at.loss * loss}
		}
		if at.rel != 0 {
			row.Probes = []float64{7, at.rel * rel}
		}
		history.Rows = append(history.Rows, row)
	}
	ev := evaluated(r.Config.Mus[0][0], .2*rel, spurious)
	ev.Mu, ev.Grid.RelL2 = r.Config.Mus[0], .25*rel
	put(t, s, r, &store.Record{History: history, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
}

// Appendix O shows the planted losses and errors after 10, 100, 1,000 and all steps, and
// leaves out the curves of what is not run.
func TestAppendixO(t *testing.T) {
	p := presetOf(t, "laptop")
	p.Seeds, p.BaselineSeeds, p.MAMLSteps = []int64{0, 1, 2, 3, 4}, []int64{0, 1, 2}, 5_000
	st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
	systems, err := table2Systems(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, mu := range mus(table2Betas) {
		// Five seeds of the full rank begin at .1 … .5, the last of them spurious.
		for i, r := range systems.method(mu, 0) {
			plantCurve(t, s, r, .1*float64(i+1), .1*float64(i+1), i == 4)
		}
		// Three from MAML begin at 1, 2, 3 and at errors of 4, 5, 6, at another rank lower.
		for i, seed := range p.BaselineSeeds {
			var without []int
			if mu[0] == 35 && i == 2 {
				without = []int{10}
			}
			plantCurve(t, s, st.maml(mu, 30, seed), float64(i+1), float64(i+4), false, without...)
			plantCurve(t, s, st.maml(mu, 20, seed), .001, .001, false)
		}
		if mu[0] == 35 { // one of the three
			plantCurve(t, s, st.reptile(mu, 30, 1), 8, 9, false)
		}
	}
	out := rendered(t, s, p, appendixO())
	if len(out.Tables) != 1 || len(out.Figures) != 1 {
		t.Fatalf("%d tables and %d figures", len(out.Tables), len(out.Figures))
	}
	cells := out.Tables[0].Cells
	columns := []string{"Hyper-LR-PINN (Full rank)", "Hyper-LR-PINN (Adaptive rank)", "MAML", "Reptile", "Naive-LR-PINN"}
	var ids []string
	for _, beta := range []int{30, 35, 40} {
		for _, column := range columns {
			for _, step := range []string{"step=0", "step=10", "step=100", "step=1000", "all steps"} {
				ids = append(ids, fmt.Sprintf("hyper-lr-pinn/appO/beta=%d;%s/%s/loss", beta, step, column))
				if step != "step=10" { // errors are measured every 100
					ids = append(ids, fmt.Sprintf("hyper-lr-pinn/appO/beta=%d;%s/%s/rel_err", beta, step, column))
				}
			}
		}
		ids = append(ids, fmt.Sprintf("hyper-lr-pinn/appO/beta=%d/Trivial predictor/rel_err", beta))
	}
	wantCells(t, cells, ids)
	for row, parts := range map[string][2]float64{
		"step=0": {1, 1}, "step=10": {.5, 0}, "step=100": {.1, .8}, "step=1000": {.01, .5}, "all steps": {.001, .2},
	} {
		for k, name := range []string{"loss", "rel_err"} {
			if parts[k] == 0 {
				continue
			}
			for column, means := range map[string][2]float64{"Hyper-LR-PINN (Full rank)": {.3, .3}, "MAML": {2, 5}} {
				id := fmt.Sprintf("hyper-lr-pinn/appO/beta=40;%s/%s/%s", row, column, name)
				wantNumber(t, id, cellAt(t, cells, id).Ours, parts[k]*means[k])
			}
			id := fmt.Sprintf("hyper-lr-pinn/appO/beta=35;%s/Reptile/%s", row, name)
			c := cellAt(t, cells, id)
			wantNumber(t, id, c.Ours, parts[k]*float64(8+k))
			if !slices.Equal(c.Seeds, []int64{1}) || len(c.Runs) != 1 || !slices.Contains(c.Flags, "one seed") {
				t.Errorf("%s is of seeds %v and runs %v, flags %v", id, c.Seeds, c.Runs, c.Flags)
			}
		}
	}

	// Medians and quartiles, no verdict, and what is below the paper's.
	c := cellAt(t, cells, "hyper-lr-pinn/appO/beta=30;step=100/Hyper-LR-PINN (Full rank)/rel_err")
	if c.Verdict != "" || c.Role != string(RoleMethod) || c.Reason != "median 0.24, quartiles 0.16 and 0.32" || len(c.Flags) > 0 {
		t.Errorf("in between: %q, %q, %q, flags %v", c.Verdict, c.Role, c.Reason, c.Flags)
	}
	wantNumber(t, "the best constant beside it", c.Trivial, trivialError)
	c = cellAt(t, cells, "hyper-lr-pinn/appO/beta=30;all steps/MAML/loss")
	if c.Verdict != "" || c.Role != string(RoleBaseline) || c.Reason != "median 0.002, quartiles 0.0015 and 0.0025; reduced: meta-training: 5000 of 20000 steps" {
		t.Errorf("MAML's loss: %q, %q, %q", c.Verdict, c.Role, c.Reason)
	}
	// In the end errors are .8, 1 and 1.2: all have failed.
	if !slices.Contains(c.Flags, "3 of 3 failed") || c.Trivial != nil || c.Grid != nil {
		t.Errorf("MAML's loss has flags %v, best constant %v, grid %v", c.Flags, c.Trivial, c.Grid)
	}
	for name, grid := range map[string]bool{"loss": false, "rel_err": true} {
		c := cellAt(t, cells, "hyper-lr-pinn/appO/beta=30;all steps/Hyper-LR-PINN (Full rank)/"+name)
		if !slices.Contains(c.Flags, "spurious") || (c.Grid != nil) != grid {
			t.Errorf("the end's %s has flags %v, grid %v", name, c.Flags, c.Grid)
		}
	}
	for _, c := range cells {
		missing := c.Column == columns[1] || c.Column == "Naive-LR-PINN" || c.Column == "Reptile" && !strings.HasPrefix(c.Row, "beta=35;")
		if missing != (c.Reason == "not run") || missing != (c.Ours == nil) {
			t.Errorf("cell %s is %v, %q", c.ID, c.Ours, c.Reason)
		}
	}

	f := out.Figures[0]
	numbers := readCSV(t, f)
	if want := []float64{0, 1, 10, 100, 1_000, 10_000}; !slices.Equal(numbers["step"], want) {
		t.Errorf("the steps are %v, want %v", numbers["step"], want)
	}
	if c := cellAt(t, cells, "hyper-lr-pinn/appO/beta=35;step=10/MAML/loss"); !slices.Equal(c.Seeds, p.BaselineSeeds[:2]) {
		t.Errorf("where a record lacks the step the seeds are %v", c.Seeds)
	}
	nan := math.NaN()
	for name, want := range map[string][]float64{
		"beta=40, Hyper-LR-PINN (Full rank), loss, median":            {nan, .3, .15, .03, .003, .0003},
		"beta=40, Hyper-LR-PINN (Full rank), loss, lower quartile":    {nan, .2, .1, .02, .002, .0002},
		"beta=40, Hyper-LR-PINN (Full rank), rel_err, median":         {.3, nan, nan, .24, .15, .06},
		"beta=40, Hyper-LR-PINN (Full rank), rel_err, upper quartile": {.4, nan, nan, .32, .2, .08},
		"beta=30, MAML, loss, upper quartile":                         {nan, 2.5, 1.25, .25, .025, .0025},
		"beta=35, MAML, loss, median":                                 {nan, 2, nan, .2, .02, .002},
		"beta=30, MAML, rel_err, median":                              {5, nan, nan, 4, 2.5, 1},
		"beta=35, Reptile, loss, median":                              {nan, 8, 4, .8, .08, .008},
		"beta=35, Reptile, rel_err, median":                           {9, nan, nan, 7.2, 4.5, 1.8},
	} {
		got := numbers[name]
		same := slices.EqualFunc(got, want, func(a, b float64) bool {
			return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-5*math.Abs(b)
		})
		if !same {
			t.Errorf("column %q is %v, want %v", name, got, want)
		}
	}
	// Two starts at three β and one at one, loss and error, three columns each.
	if len(numbers) != 1+7*2*3 {
		t.Errorf("the file has %d columns", len(numbers))
	}
	svg := string(f.SVG)
	for text, want := range map[string]int{
		"(a) loss at β = 30": 1, "(c) loss at β = 40": 1, "(d) error at β = 30": 1, "(f) error at β = 40": 1,
		"MAML": 6, "Reptile": 2, "Naive-LR-PINN": 0, "best constant": 3,
	} {
		if got := strings.Count(svg, ">"+text+"<"); got != want {
			t.Errorf("the figure names %q %d times, want %d", text, got, want)
		}
	}
	if want := "The method has median and quartiles over 5 seeds, the others median and quartiles over 3 seeds"; !strings.Contains(f.Caption, want) || !strings.Contains(f.Caption, "Reduced: MAML: meta-training: 5000 of 20000 steps") {
		t.Errorf("the caption is %q", f.Caption)
	}
}

// The start is drawn, on a log axis too, and the adaptive rank does not hide the full one.
func TestAppendixOLines(t *testing.T) {
	systems, err := table2Systems(presetOf(t, "laptop"))
	if err != nil {
		t.Fatal(err)
	}
	c := spread{x: []float64{0, 100}, median: []float64{3, 2}, lower: []float64{2, 1}, upper: []float64{4, 3}, runs: 3}
	for i, start := range phase2Starts(systems, 30) {
		line := start.series(c)
		if adaptive := i == 1; line.Name != start.name || !slices.Equal(line.X, []float64{1, 100}) || line.Dashed != adaptive || (line.Lo == nil) != adaptive {
			t.Errorf("the line of %s is %+v", start.name, line)
		}
	}
	if c.x[0] != 0 {
		t.Error("drawing changes the numbers")
	}
}

// What has fewer steps has no cell beyond them.
func TestAppendixOShortRuns(t *testing.T) {
	p := presetOf(t, "quick")
	p.BaselineSteps = 500
	columns := map[string]int{}
	for _, c := range rendered(t, newSession(t, t.TempDir()), p, appendixO()).Tables[0].Cells {
		if c.Row == "beta=40;step=1000" {
			columns[c.Column]++
		}
	}
	if want := map[string]int{"Hyper-LR-PINN (Full rank)": 2, "Hyper-LR-PINN (Adaptive rank)": 2}; !maps.Equal(columns, want) {
		t.Errorf("after 1,000 steps there are cells of %v, want %v", columns, want)
	}
}

// A β without records has no panel; without any there is no figure.
func TestAppendixOWithoutRuns(t *testing.T) {
	for _, p := range Presets() {
		s := newSession(t, t.TempDir())
		out := rendered(t, s, p, appendixO())
		if len(out.Figures) > 0 || len(out.Tables) != 1 || s.open != nil {
			t.Errorf("%s: %d figures and %d tables of nothing; a backend was opened: %t", p.Name, len(out.Figures), len(out.Tables), s.open != nil)
		}
		rows := map[string]bool{}
		for _, c := range out.Tables[0].Cells {
			rows[c.Row] = true
			if c.Role != string(RoleTrivial) && (c.Ours != nil || c.Reason != "not run" || c.Verdict != "") {
				t.Errorf("%s: cell %s is %v, %q, %q", p.Name, c.ID, c.Ours, c.Verdict, c.Reason)
			}
		}
		// smoke has 40 steps.
		if long := rows["beta=30;step=1000"]; !rows["beta=30;step=10"] || !rows["beta=30;all steps"] || long == p.Smoke || rows["beta=30;step=100"] != long {
			t.Errorf("%s has the rows %v", p.Name, rows)
		}

		r := convectionStudyOf(t, p).naive([]float64{35, 0, 0}, 30, 0)
		plantCurve(t, s, r, 1, 1, false)
		out = rendered(t, s, p, appendixO())
		if len(out.Figures) != 1 {
			t.Fatalf("%s: %d figures of one run", p.Name, len(out.Figures))
		}
		if svg := string(out.Figures[0].SVG); !strings.Contains(svg, ">(a) loss at β = 35<") || !strings.Contains(svg, ">(b) error at β = 35<") || strings.Contains(svg, "β = 30") {
			t.Errorf("%s: the panels are not those of β = 35 alone", p.Name)
		}
	}
}
