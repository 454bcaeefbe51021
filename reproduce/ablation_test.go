// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

func presetOf(t *testing.T, name string) Preset {
	t.Helper()
	p, err := FindPreset(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func convectionStudyOf(t *testing.T, p Preset) study {
	t.Helper()
	st, err := convectionStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// What is left as it is, is the run of Table 2, so that nothing trains twice; at
// presets with shorter ablations it is not.
func TestTheCodesVariantIsTheMethod(t *testing.T) {
	for name, same := range map[string]bool{"smoke": false, "quick": false, "laptop": true, "paper": true} {
		p := presetOf(t, name)
		st := convectionStudyOf(t, p)
		for i, seed := range p.Ablation.QuerySeeds {
			if got := asCode.start(st, p, seed).Name() == failureModePhase1(st.setup, p, seed).Name(); got != same {
				t.Errorf("%s: Phase 1 of seed %d is that of Table 2: %t, want %t", name, seed, got, same)
			}
			for _, mu := range mus(table2Betas) {
				table2 := table2Run(st.setup, p, mu[0], lrpinn.FullRank)[i]
				for _, v := range []variant{asCode, basisVariants[0]} {
					if got := v.query(st, p, mu, seed).Name() == table2.Name(); got != same {
						t.Errorf("%s: %q of seed %d at %v is Table 2's run: %t, want %t", name, v.name, seed, mu, got, same)
					}
				}
			}
		}
	}
}

// Another configuration orphans records: these are written down by hand.
func TestVariantsHaveNamesOfTheirOwn(t *testing.T) {
	p := presetOf(t, "paper")
	st := convectionStudyOf(t, p)
	models := map[string][2]string{
		"as the code":                   {"", `"model":{"rank":"full"}`},
		"as the paper":                  {`"model":{"orthogonality":"paper"}`, `"model":{"rank":"full"}`},
		"without":                       {`"model":{"orthogonality":"none"}`, `"model":{"rank":"full"}`},
		"trained bases":                 {"", `"model":{"rank":"full","train_bases":true}`},
		"fixed bases, diagonals only":   {"", `"model":{"diagonals_only":true,"rank":"full"}`},
		"fixed bases and hidden biases": {`"model":{"hidden_bias":true}`, `"model":{"rank":"full"}`},
	}
	phase1, phase2, labels := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, v := range append(slices.Clone(orthogonalityVariants), basisVariants[1:]...) {
		want, ok := models[v.name]
		if !ok {
			t.Fatalf("an unknown variant %q", v.name)
		}
		query := v.query(st, p, []float64{30, 0, 0}, 0)
		for i, r := range []*Run{query.Parent, query} {
			config, err := r.Config.Canonical()
			if err != nil {
				t.Fatal(err)
			}
			if has := strings.Contains(string(config), `"model"`); has != (want[i] != "") || !strings.Contains(string(config), want[i]) {
				t.Errorf("%s: the configuration is %s, want it with %q", v.name, config, want[i])
			}
		}
		if query.Config.Parent != query.Parent.Name() {
			t.Errorf("%s: the parent is %s, want %s", v.name, query.Config.Parent, query.Parent.Name())
		}
		phase1[query.Parent.Name()], phase2[query.Name()], labels[query.Label] = true, true, true
	}
	// Four Phase 1: as the code, as the paper, without, hidden biases.
	if len(phase1) != 4 || len(phase2) != 6 || len(labels) != 6 {
		t.Errorf("%d Phase 1, %d Phase 2 with %d labels; want 4, 6 and 6", len(phase1), len(phase2), len(labels))
	}
}

// A variant trains what it says: the counts are those of lrpinn's tests.
func TestVariantsTrainWhatTheySay(t *testing.T) {
	p := presetOf(t, "smoke")
	st := convectionStudyOf(t, p)
	s := newSession(t, t.TempDir())
	b, err := s.Backend()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range basisVariants {
		query := v.query(st, p, []float64{30, 0, 0}, 0)
		phase1, err := query.Parent.task(b.Compute, nil)
		if err != nil {
			t.Fatal(err)
		}
		phase2, err := query.task(b.Compute, &store.Record{Weights: weightsOf(phase1)})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][2]int{
			"fixed bases": {28_151, 351}, "trained bases": {28_151, 15_351},
			"fixed bases, diagonals only": {28_151, 150}, "fixed bases and hidden biases": {28_301, 351},
		}[v.name]
		if got := [2]int{phase1.Count(), phase2.Count()}; got != want {
			t.Errorf("%s: Phases 1 and 2 train %v values, want %v", v.name, got, want)
		}
	}
	// The terms of Phase 1's loss.
	for _, v := range orthogonalityVariants {
		task, err := v.start(st, p, 0).task(b.Compute, nil)
		if err != nil {
			t.Fatal(err)
		}
		terms, err := train.Evaluate(b.Compute, weightsOf(task), task.Data, "float32", func(in train.Inputs) []*graph.Node {
			var nodes []*graph.Node
			for _, term := range task.Loss(in) {
				nodes = append(nodes, term.Value)
			}
			return nodes
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 3, false: 4}[v.name == "without"]; len(terms) != want {
			t.Errorf("%s: the loss of Phase 1 has %d terms, want %d", v.name, len(terms), want)
		}
	}
}

func weightsOf(task train.Task) map[string]train.Array {
	out := map[string]train.Array{}
	for _, w := range task.Weights {
		out[w.Name] = w.Value
	}
	return out
}

// ablationRuns counts the runs of an experiment at a preset by method, those of
// others left out.
func ablationRuns(t *testing.T, p Preset, e Experiment, others ...Experiment) map[string]int {
	t.Helper()
	have := map[string]bool{}
	if len(others) > 0 {
		runs, err := Runs(others, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			have[r.Name()] = true
		}
	}
	runs, err := Runs([]Experiment{e}, p)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range runs {
		if !have[r.Name()] {
			count[r.Config.Method]++
		}
	}
	return count
}

func TestAblationRuns(t *testing.T) {
	const phase1, phase2 = "hyper-lr-pinn/phase1", "hyper-lr-pinn/phase2"
	for _, c := range []struct {
		preset string
		e      Experiment
		alone  map[string]int // all runs
		new    map[string]int // those that Tables 2 and 3 and the figures lack
	}{
		// Three Phase 1 and, from each, three Phase 2; one of the three is Table 2's.
		{"smoke", appendixD(), map[string]int{phase1: 3, phase2: 9}, map[string]int{phase1: 3, phase2: 9}},
		{"quick", appendixD(), map[string]int{phase1: 3, phase2: 9}, map[string]int{phase1: 3, phase2: 9}},
		{"laptop", appendixD(), map[string]int{phase1: 3, phase2: 9}, map[string]int{phase1: 2, phase2: 6}},
		{"paper", appendixD(), map[string]int{phase1: 15, phase2: 45}, map[string]int{phase1: 10, phase2: 30}},
		// A Phase 1 with hidden biases and one without; four Phase 2 a β. Those that start
		// from Table 2's Phase 1 have all of its seeds in laptop.
		{"quick", appendixQ(), map[string]int{phase1: 2, phase2: 12}, map[string]int{phase1: 2, phase2: 12}},
		{"laptop", appendixQ(), map[string]int{phase1: 6, phase2: 48}, map[string]int{phase1: 1, phase2: 33}},
		{"paper", appendixQ(), map[string]int{phase1: 10, phase2: 60}, map[string]int{phase1: 5, phase2: 45}},
		// Four dense nets at three β, and Table 2's full rank beside them. The vanilla
		// PINN at β = 40 is Figure 2's for one seed.
		{"smoke", appendixS(), map[string]int{phase1: 1, phase2: 3, "pinn": 12}, map[string]int{phase1: 1, phase2: 3, "pinn": 12}},
		{"laptop", appendixS(), map[string]int{phase1: 5, phase2: 15, "pinn": 36}, map[string]int{"pinn": 35}},
		{"paper", appendixS(), map[string]int{phase1: 5, phase2: 15, "pinn": 60}, map[string]int{"pinn": 59}},
		// Convection on two ranges, three rows of Table 4, Helmholtz.
		{"smoke", appendixL(), map[string]int{phase1: 6}, map[string]int{phase1: 4}},
		{"laptop", appendixL(), map[string]int{phase1: 6}, map[string]int{phase1: 4}},
		{"paper", appendixL(), map[string]int{phase1: 6}, map[string]int{phase1: 4}},
	} {
		p := presetOf(t, c.preset)
		if got := ablationRuns(t, p, c.e); !maps.Equal(got, c.alone) {
			t.Errorf("%s, %s: the runs are %v, want %v", c.preset, c.e.Name(), got, c.alone)
		}
		if got := ablationRuns(t, p, c.e, figure2(), figure4(), table2()); !maps.Equal(got, c.new) {
			t.Errorf("%s, %s: beside Tables 2 and 3 and Figures 2 and 4 it needs %v, want %v", c.preset, c.e.Name(), got, c.new)
		}
	}
}

// plant puts a run into the store that ends with a relative error; its history goes
// there from 1 in equal steps of ten updates, four of them.
func plant(t *testing.T, s *Session, r *Run, rel float64, spurious bool) {
	t.Helper()
	mu := r.Config.Mus[0]
	history := train.History{Terms: []string{"residual"}, Probes: []string{pinn.AbsProbe, pinn.RelProbe}}
	for i := range 5 {
		e := 1 + (rel-1)*float64(i)/4
		history.Rows = append(history.Rows, train.Row{Step: 10 * i, Probes: []float64{e / 2, e}})
	}
	ev := evaluated(mu[0], rel, spurious)
	ev.Mu, ev.Test.Abs = mu, rel/2
	put(t, s, r, &store.Record{History: history, Metrics: store.Metrics{Parameters: 351, Evaluations: []pinn.Evaluation{ev}}})
}

// rendered is an experiment's output from what is in the store.
func rendered(t *testing.T, s *Session, p Preset, e Experiment) Output {
	t.Helper()
	out, err := e.render(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wantCells holds the ids of a table's cells against rows, columns and metrics.
func wantCells(t *testing.T, cells []report.Cell, ids []string) {
	t.Helper()
	var got []string
	for _, c := range cells {
		got = append(got, c.ID)
	}
	slices.Sort(got)
	slices.Sort(ids)
	if !slices.Equal(got, ids) {
		t.Errorf("the cells are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(ids, "\n"))
	}
}

func cellAt(t *testing.T, cells []report.Cell, id string) report.Cell {
	t.Helper()
	i := slices.IndexFunc(cells, func(c report.Cell) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("there is no cell %s", id)
	}
	return cells[i]
}

// variantIDs are the cells' ids of variants at the three β, and of the constant.
func variantIDs(table string, columns []string) []string {
	var ids []string
	for _, beta := range []int{30, 35, 40} {
		for _, column := range append(slices.Clone(columns), "Trivial predictor") {
			for _, name := range []string{"abs_err", "rel_err"} {
				ids = append(ids, fmt.Sprintf("hyper-lr-pinn/%s/beta=%d/%s/%s", table, beta, column, name))
			}
		}
	}
	return ids
}

// An empty store gives tables of what is not run, no figure and no error.
func TestAblationsWithoutRuns(t *testing.T) {
	p := presetOf(t, "paper")
	for _, e := range []Experiment{appendixD(), appendixL(), appendixQ(), appendixS()} {
		s := newSession(t, t.TempDir())
		out := rendered(t, s, p, e)
		if len(out.Figures) > 0 || len(out.Tables) == 0 || s.open != nil {
			t.Errorf("%s: %d figures and %d tables of nothing; a backend was opened: %t", e.Name(), len(out.Figures), len(out.Tables), s.open != nil)
		}
		for _, table := range out.Tables {
			if len(table.Cells) == 0 {
				t.Errorf("%s: table %s has no cells", e.Name(), table.ID)
			}
			for _, c := range table.Cells {
				if c.Role == string(RoleTrivial) {
					continue
				}
				if c.Ours != nil || c.Reason != "not run" || c.Verdict != "" {
					t.Errorf("%s: cell %s is %v, %q, %q", e.Name(), c.ID, c.Ours, c.Verdict, c.Reason)
				}
			}
		}
	}
}

// spreadOf has the steps that all seeds have, and nothing of runs that are missing.
func TestSpreadOverSeeds(t *testing.T) {
	s := newSession(t, t.TempDir())
	p := presetOf(t, "paper")
	st := convectionStudyOf(t, p)
	runs := asCode.queries(st, p, []float64{30, 0, 0})
	if c, err := s.spreadOf(runs, pinn.RelProbe); err != nil || c.runs != 0 || len(c.x) != 0 {
		t.Errorf("of no records the spread is %+v, %v", c, err)
	}
	for i, rel := range []float64{.2, .4, .6} {
		plant(t, s, runs[i], rel, false)
	}
	c, err := s.spreadOf(runs, pinn.RelProbe)
	if err != nil {
		t.Fatal(err)
	}
	if c.runs != 3 || !slices.Equal(c.x, []float64{0, 10, 20, 30, 40}) {
		t.Fatalf("of 3 records the spread has %d runs at %v", c.runs, c.x)
	}
	last := len(c.x) - 1
	if math.Abs(c.median[last]-.4)+math.Abs(c.lower[last]-.3)+math.Abs(c.upper[last]-.5) > 1e-6 || c.median[0] != 1 {
		t.Errorf("median %v, quartiles %v and %v; want 1 … .4, .3 and .5", c.median, c.lower, c.upper)
	}
	line := c.series("x")
	if line.Lo == nil || line.Name != "x" {
		t.Errorf("the line is %+v", line)
	}
	// A record with other steps: those in common are left.
	short := &store.Record{
		History: train.History{Terms: []string{"residual"}, Probes: []string{pinn.RelProbe}, Rows: []train.Row{
			{Step: 0, Probes: []float64{1}}, {Step: 5, Probes: []float64{.9}}, {Step: 40, Probes: []float64{.1}},
		}},
		Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(30, .1, false)}},
	}
	put(t, s, runs[3], short)
	if c, err = s.spreadOf(runs, pinn.RelProbe); err != nil || !slices.Equal(c.x, []float64{0, 40}) || c.runs != 4 {
		t.Errorf("with a shorter record: %v of %d runs, %v; want steps 0 and 40 of 4", c.x, c.runs, err)
	}
}

func TestSheetJoinsColumns(t *testing.T) {
	s := newSheet("step")
	s.add("a", []float64{0, 10}, []float64{1, 2})
	s.add("b", []float64{10, 5}, []float64{3, 4})
	if !slices.Equal(s.head, []string{"step", "a", "b"}) {
		t.Errorf("the head is %v", s.head)
	}
	nan := math.NaN()
	want := [][]float64{{0, 1, nan}, {5, nan, 4}, {10, 2, 3}}
	rows := s.rows()
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("the rows are %v, want %v", rows, want)
	}
}
