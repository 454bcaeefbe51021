// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// Of P2INN's tables 2 and 15, 8 and 3 all numbers that are not its own method's stand
// in appendix M, but for PINN-P beyond the range 1 … 5.
func TestAppendixMCells(t *testing.T) {
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	for _, others := range []bool{true, false} { // whether the other members of the family are run
		p := generalPreset(t)
		p.General.Others = others
		s := newSession(t, t.TempDir())
		cells, err := s.appendixMGeneral(p)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, c := range cells {
			if c.Role != string(RoleBaseline) || c.Published == nil || c.Verdict != string(NotRun) || got[c.ID] {
				t.Errorf("%s: %+v", c.ID, c)
			}
			if single := strings.HasPrefix(c.ID, "p2inn/table2+15/"); single != (c.PublishedStd != nil) {
				t.Errorf("%s has the published s.d. %v", c.ID, c.PublishedStd)
			}
			got[c.ID] = true
		}
		want := 0
		for _, v := range values {
			if v.Paper != "p2inn" || v.Column == "P2INN" || strings.Contains(v.Row, "1-20") {
				continue
			}
			if v.Table != "table2+15" && v.Table != "table8" && v.Table != "table3" {
				continue
			}
			want++
			if !got[v.ID] {
				t.Errorf("%s is missing", v.ID)
			}
		}
		if len(got) != want || want != 6*3*2+8+2 {
			t.Errorf("%d cells for %d numbers, want 46", len(got), want)
		}
	}
}

// What is said of the steps of the baselines on convection is what they have, and what
// the paper's preset gives them.
func TestLessFailure(t *testing.T) {
	steps := func(p Preset, c generalSystem) (steps []int, less string) {
		row, err := failureRow(p)
		if err != nil {
			t.Fatal(err)
		}
		for r := c.run(row, row.at[0], 0); r != nil; r = r.Parent {
			steps = append([]int{r.Config.Train.Steps}, steps...)
		}
		return steps, lessFailure(row.study.steps, c)
	}
	for _, c := range failureSystems() {
		all, less := steps(preset(t, "paper"), c)
		if less != "" {
			t.Errorf("%s: at the paper's scale it lacks %s", c.column, less)
		}
		for _, p := range Presets() {
			has, less := steps(p, c)
			var want, got []string
			for i := range has {
				if has[i] < all[i] {
					want = append(want, fmt.Sprintf("%d of %d steps", has[i], all[i]))
				}
			}
			got = regexp.MustCompile(`\d+ of \d+ steps`).FindAllString(less, -1)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q, want %v", p.Name, c.column, less, want)
			}
		}
	}
}

// Beside Table 4's runs: on convection 3 β of PINN-R, PINN-S2S and two tunings, and a
// PINN-P and two meta-trainings, a seed; PINN-P of width 150 in each row where the
// preset has it.
func TestAppendixMRuns(t *testing.T) {
	for name, want := range map[string]int{
		"smoke": 15, "quick": 15, "laptop": 15,
		// PINN-P of width 150 in 3 rows; PINN, PINN-R and PINN-S2S at 5 + 25 + 25
		// settings of three more.
		"paper": 5 * (15 + 3 + 3*(5+25+25)),
	} {
		p, err := FindPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		first, err := Runs([]Experiment{table4()}, p)
		if err != nil {
			t.Fatal(err)
		}
		both, err := Runs([]Experiment{table4(), appendixM()}, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(both) - len(first); got != want {
			t.Errorf("%s: %d runs beside Table 4's, want %d", name, got, want)
		}
	}
}

func TestAppendixMNumbers(t *testing.T) {
	p := generalPreset(t)
	p.General.PINNPWidths = []int{50, 150}
	s := newSession(t, t.TempDir())
	rows, err := table4Rows(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range generalPINN.runs(p, rows[2]) {
		plantGeneral(t, s, r, func(mu []float64) float64 { return mu[0] / 10 })
	}
	for _, row := range rows[:tableRows] {
		for _, r := range generalPINNP("PINN-P", 150).runs(p, row) {
			plantGeneral(t, s, r, func([]float64) float64 { return .02 })
			break
		}
	}
	failure, err := failureRow(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range failureSystems() {
		for _, mu := range failure.at {
			r := failureRuns(p, failure, c, mu)[0]
			if found, err := s.Find(r); err != nil || found != nil {
				continue // one network for all β
			}
			var evs []pinn.Evaluation
			for _, mu := range r.evaluateAt {
				evs = append(evs, pinn.Evaluation{Mu: mu, Test: metric.Errors{RelL2: mu[0] / 100, Abs: float64(i)}, TrivialTest: metric.Errors{RelL2: .5774}})
			}
			put(t, s, r, &store.Record{Metrics: store.Metrics{Evaluations: evs}})
		}
	}
	out, err := renderAppendixM(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	cells := cellsByID(t, out.Tables)
	of := func(id string) *float64 {
		c, ok := cells[id]
		if !ok {
			t.Errorf("there is no %s", id)
		}
		return c.Ours
	}
	pinn := "p2inn/table2+15/Conv-Diff-Reac range 1-5, IC N(pi,(pi%2F2)^2)/PINN/rel_err"
	nearCell(t, "PINN", of(pinn), .3+publishedShift)
	nearCell(t, "PINN against the accurate truth", cells[pinn].Corrected, .3)
	nearCell(t, "PINN-P of width 150 beside P2INN's", of("p2inn/table3/Reaction range 1-5/PINN-P/rel_err"), .02)
	nearCell(t, "PINN-P of width 150 on convection", of("hyper-lr-pinn/appM/Convection/PINN-P (width 150)/abs_err"), .01)
	for i, c := range failureSystems() {
		nearCell(t, c.column+" at β = 35", of("hyper-lr-pinn/appM/beta=35/"+c.column+"/rel_err"), .35)
		nearCell(t, c.column+" at β = 40", of("hyper-lr-pinn/appM/beta=40/"+c.column+"/abs_err"), float64(i))
	}
	if c := cells["hyper-lr-pinn/appM/beta=30/MAML/rel_err"]; c.Verdict != "" || !strings.Contains(c.Reason, "meta-training: 5000 of 20000 steps") {
		t.Errorf("MAML has the verdict %q: %s", c.Verdict, c.Reason)
	}
}
