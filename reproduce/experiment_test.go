// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/store"
)

func TestFindExperiments(t *testing.T) {
	all := Experiments()
	ids := func(es []Experiment) (ids []string) {
		for _, e := range es {
			ids = append(ids, e.ID)
		}
		return
	}
	for _, c := range []struct{ ask, want []string }{
		{nil, ids(all)},
		{[]string{"table2"}, []string{"hyper-lr-pinn/table2"}},
		{[]string{"hyper-lr-pinn/table2"}, []string{"hyper-lr-pinn/table2"}},
		{[]string{"table2", "hyper-lr-pinn/table2", "table2"}, []string{"hyper-lr-pinn/table2"}},
		{[]string{"table3", "table2"}, []string{"hyper-lr-pinn/table3", "hyper-lr-pinn/table2"}}, // as asked
	} {
		got, err := FindExperiments(c.ask)
		if err != nil || !slices.Equal(ids(got), c.want) {
			t.Errorf("FindExperiments(%v) is %v, %v; want %v", c.ask, ids(got), err, c.want)
		}
	}
	for _, id := range []string{"", "table9", "Table2", "hyperpinn/table2"} {
		_, err := FindExperiments([]string{"table2", id})
		if err == nil {
			t.Fatalf("FindExperiments(%q) finds one", id)
		}
		for _, e := range all {
			if !strings.Contains(err.Error(), e.Name()) {
				t.Errorf("the error %q does not list %s", err, e.Name())
			}
		}
	}
}

// On the command line the last part of an ID is enough, so it must be unique.
func TestExperimentsAreWellNamed(t *testing.T) {
	names := map[string]bool{}
	for _, e := range Experiments() {
		paper, name, ok := strings.Cut(e.ID, "/")
		if paper != "hyper-lr-pinn" { // both papers have a table1, and what is ours a table2
			name = e.ID
		}
		if !ok || !slices.Contains([]string{"hyper-lr-pinn", "hyperpinn", "beyond"}, paper) || name != e.Name() {
			t.Errorf("the ID %q is not paper/name, of name %q", e.ID, e.Name())
		}
		if names[e.Name()] {
			t.Errorf("two experiments are called %s", e.Name())
		}
		names[e.Name()] = true
		if e.Title == "" || e.render == nil {
			t.Errorf("%s has the title %q; renders: %t", e.ID, e.Title, e.render != nil)
		}
		for _, p := range Presets() {
			if command := e.Command(p); !strings.Contains(command, p.Name) || !strings.Contains(command, e.Name()) {
				t.Errorf("the command %q does not name %s and %s", command, p.Name, e.Name())
			}
		}
	}
}

// Every experiment's runs at every preset can be named, parents come before what
// starts from them, and none comes twice.
func TestRunsInOrder(t *testing.T) {
	for _, p := range Presets() {
		runs, err := Runs(Experiments(), p)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		seen, labels := map[string]bool{}, map[string]string{}
		probed := map[string]bool{} // judged by their probes alone
		choices, err := choiceRuns(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range choices {
			probed[r.Name()] = true
		}
		for _, r := range runs {
			if r.Parent != nil && !seen[r.Parent.Name()] {
				t.Errorf("%s: %s comes before what it starts from", p.Name, r.Label)
			}
			if r.Parent != nil && r.Config.Parent != r.Parent.Name() {
				t.Errorf("%s: %s names %s as its parent, which is %s", p.Name, r.Label, r.Config.Parent, r.Parent.Name())
			}
			if seen[r.Name()] {
				t.Errorf("%s: %s comes twice", p.Name, r.Label)
			}
			seen[r.Name()] = true
			if r.Label == "" || strings.Contains(r.Label, "\n") {
				t.Errorf("%s: %s has the label %q", p.Name, r.Name(), r.Label)
			}
			if other, ok := labels[r.Label]; ok {
				t.Errorf("%s: %s and %s are both called %s", p.Name, other, r.Name(), r.Label)
			}
			labels[r.Label] = r.Name()
			if len(r.evaluateAt) == 0 && r.measure == nil && !probed[r.Name()] {
				t.Errorf("%s: %s is evaluated nowhere", p.Name, r.Label)
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s has no runs", p.Name)
		}
	}
}

// What two experiments share is one run: Table 2 needs one Phase 1 for its six
// Phase 2, and asked for twice it needs no more.
func TestRunsAreShared(t *testing.T) {
	p, err := FindPreset("quick") // one seed
	if err != nil {
		t.Fatal(err)
	}
	for _, experiments := range [][]Experiment{{table2()}, {table2(), table2()}} {
		runs, err := Runs(experiments, p)
		if err != nil {
			t.Fatal(err)
		}
		methods := map[string]int{}
		for _, r := range runs {
			methods[r.Config.Method]++
		}
		// At rank 30: three from scratch, three curricula, three with trained bases,
		// and two meta-learners with three fine-tunings each.
		want := map[string]int{"hyper-lr-pinn/phase1": 1, "hyper-lr-pinn/phase2": 6, "naive-lr-pinn": 6, "curriculum": 3, "maml": 1, "reptile": 1, "fine-tune": 6}
		if !maps.Equal(methods, want) {
			t.Errorf("%d × table2 needs %v", len(experiments), methods)
		}
	}
}

func TestRunsPassesErrorsOn(t *testing.T) {
	fault := errors.New("no such problem")
	e := Experiment{ID: "hyper-lr-pinn/table9", runs: func(Preset) ([]*Run, error) { return nil, fault }}
	if _, err := Runs([]Experiment{e}, Preset{}); !errors.Is(err, fault) || !strings.Contains(err.Error(), "table9") {
		t.Errorf("error is %v, want one that names table9 and wraps %v", err, fault)
	}
}

// Table 2 is at β = 30, 35, 40 and trained on the 11 integers between; ν = ρ = 0
// (section 4.2.1). Its 132 numbers are of the method at 2 ranks and of 4 baselines
// at 5, and one further variant of ours is at one rank.
func TestTable2Runs(t *testing.T) {
	p, err := FindPreset("paper")
	if err != nil {
		t.Fatal(err)
	}
	runs, err := table2Runs(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 * (2*len(p.Seeds) + (4*5+1)*len(p.BaselineSeeds)); len(runs) != want {
		t.Errorf("%d runs, want %d", len(runs), want)
	}
	for _, r := range runs {
		mu := r.Config.Mus[0]
		if len(r.Config.Mus) != 1 || !slices.Contains([]float64{30, 35, 40}, mu[0]) || mu[1] != 0 || mu[2] != 0 {
			t.Errorf("%s is trained at %v", r.Label, r.Config.Mus)
		}
		// A curriculum's stages share its steps equally: at most one a stage is lost.
		if steps := r.Config.Train.Steps; steps > 10_000 || steps <= 10_000-40 {
			t.Errorf("%s has %d steps", r.Label, steps)
		}
		if rate := r.Config.Train.WithDefaults().LearningRate; rate != 2.5e-4 {
			t.Errorf("%s has the learning rate %g", r.Label, rate)
		}
		if r.Parent == nil {
			continue
		}
		if len(r.Parent.Config.Mus) != 11 || !slices.ContainsFunc(r.Parent.Config.Mus, func(x []float64) bool { return slices.Equal(x, mu) }) {
			t.Errorf("%s starts from a training on %v", r.Label, r.Parent.Config.Mus)
		}
		if r.Parent.Config.Train.Steps != 20_000 {
			t.Errorf("%s starts from %d steps", r.Label, r.Parent.Config.Train.Steps)
		}
		if m, ok := r.Config.Model.(phase2Model); ok && m.Rank != lrpinn.FullRank && m.Rank != lrpinn.AdaptiveRank {
			t.Errorf("%s has the model %v", r.Label, r.Config.Model)
		}
	}
}

// TestTable2IsComplete: the cells with a published number are the 132 of the
// paper, each once, whatever the preset runs.
func TestTable2IsComplete(t *testing.T) {
	published, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, v := range published {
		if v.Paper == "hyper-lr-pinn" && v.Table == "table2" {
			want[v.ID] = true
		}
	}
	if len(want) != 132 {
		t.Fatalf("%d published numbers, want 132", len(want))
	}
	for _, p := range Presets() {
		out, err := renderTable2(context.Background(), &Session{Store: emptyStore(t)}, p)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, c := range out.Tables[0].Cells {
			if c.Published != nil {
				got[c.ID]++
			}
		}
		for id := range want {
			if got[id] != 1 {
				t.Errorf("%s has the cell %s %d times", p.Name, id, got[id])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d cells with a published number, want %d", p.Name, len(got), len(want))
		}
	}
}

func emptyStore(t *testing.T) *store.Store {
	t.Helper()
	runs, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return runs
}
