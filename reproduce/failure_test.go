// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// β, ρ, every second ρ of reaction-diffusion and once more at ρ = 5 with the boundary
// corrected, times the seeds; the paper's preset has all ten ρ.
func TestFailureRuns(t *testing.T) {
	for _, p := range Presets() {
		runs, err := failureModeRuns(p)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"smoke": 1 + 1 + 1 + 1, "quick": 2 + 1 + 1 + 1, "laptop": 5 * (7 + 4 + 2 + 1), "paper": 5 * (8 + 10 + 10 + 1)}[p.Name]
		if len(runs) != want {
			t.Errorf("%s: %d runs, want %d", p.Name, len(runs), want)
		}
		names := map[string]bool{}
		for _, r := range runs {
			names[r.Name()] = true
			if r.Config.Method != "pinn" || r.Config.Train.Steps != p.Failure.Steps || r.Config.Train.LearningRate != 1e-3 {
				t.Errorf("%s: %s is %s, %d steps at %g", p.Name, r.Label, r.Config.Method, r.Config.Train.Steps, r.Config.Train.LearningRate)
			}
		}
		if len(names) != len(runs) {
			t.Errorf("%s: %d names for %d runs", p.Name, len(names), len(runs))
		}
		// The laptop's steps are Figure 2's, and so is the run at β = 40, seed 0.
		setup, err := convection()
		if err != nil {
			t.Fatal(err)
		}
		if shared := names[figure2PINN(setup, p).Name()]; shared != (p.Name == "laptop") {
			t.Errorf("%s: Figure 2's PINN is among the runs: %t", p.Name, shared)
		}
	}
}

// plantFailures puts runs into the store whose error, as a part of the best
// constant's, is that of part at 2,000 steps, 20,000 and the end.
func plantFailures(t *testing.T, s *Session, p Preset, part func(f failureProblem, value float64, seed, step int) float64) {
	t.Helper()
	problems, err := failureProblems(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range problems {
		for _, value := range f.values {
			for seed, r := range f.runs(p, value) {
				history := train.History{Terms: []string{pinn.ResidualTerm}, Probes: []string{pinn.RelProbe}}
				last := 0.
				for _, step := range []int{2_000, 20_000, p.Failure.Steps} {
					if step > p.Failure.Steps || len(history.Rows) > 0 && history.Rows[len(history.Rows)-1].Step == step {
						continue
					}
					last = trivialError * part(f, value, seed, step)
					history.Rows = append(history.Rows, train.Row{Step: step, Probes: []float64{last}})
				}
				if math.IsNaN(last) {
					continue // it diverged: no record
				}
				ev := pinn.Evaluation{
					Mu: f.mu(value), Test: metric.Errors{RelL2: last}, Grid: metric.Errors{RelL2: 2 * last},
					TrivialTest: metric.Errors{RelL2: trivialError},
				}
				put(t, s, r, &store.Record{History: history, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
			}
		}
	}
}

func cellNamed(t *testing.T, tables []report.Table, id string) report.Cell {
	t.Helper()
	for _, table := range tables {
		for _, c := range table.Cells {
			if c.ID == id {
				return c
			}
		}
	}
	t.Fatalf("no cell %s", id)
	return report.Cell{}
}

// The tables have the error after each number of steps, by seed, with how many
// failed by then; the grid and no other step's is that of the end.
func TestFailureTables(t *testing.T) {
	p, err := FindPreset("laptop")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir())
	plantFailures(t, s, p, func(_ failureProblem, value float64, seed, step int) float64 {
		if step == 2_000 && value >= 5 {
			return 1 // failed so far
		}
		return float64(1+seed) / 10
	})
	out, err := renderFailure(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, table := range out.Tables {
		for _, c := range table.Cells {
			ids = append(ids, c.ID)
		}
	}
	// 7 β, 4 and 2 ρ; after 2,000, 5,000, 10,000 and 20,000 steps. Then P2INN's 2·2 and 10.
	if want := (7+4+2)*4 + 2*2 + 10; len(ids) != want || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != want {
		t.Errorf("%d cells, want %d different ones: %v", len(ids), want, ids)
	}
	end := cellNamed(t, out.Tables, "hyper-lr-pinn/failure/convection;beta=30/20000 steps/rel_err")
	if got := *end.Ours / trivialError; math.Abs(got-.3) > 1e-9 || len(end.Values) != 5 || math.Abs(*end.Grid-2**end.Ours) > 1e-9 {
		t.Errorf("at the end: %v, grid %v; want .3 of the trivial error over 5 seeds, and twice that", end.Ours, end.Grid)
	}
	if !strings.Contains(end.Reason, "median 0.1732, quartiles 0.1155 and 0.231") || len(end.Flags) != 0 {
		t.Errorf("at the end: reason %q, flags %v", end.Reason, end.Flags) // .3, .2, .4 of .5774
	}
	early := cellNamed(t, out.Tables, "hyper-lr-pinn/failure/reaction;rho=7/2000 steps/rel_err")
	if *early.Ours != trivialError || !slices.Contains(early.Flags, "5 of 5 failed") || early.Grid != nil {
		t.Errorf("after 2,000 steps: %v, flags %v, grid %v; want the trivial error, 5 of 5 failed and none", early.Ours, early.Flags, early.Grid)
	}
	// No probe is near 5,000 steps.
	if c := cellNamed(t, out.Tables, "hyper-lr-pinn/failure/convection;beta=30/5000 steps/rel_err"); c.Ours != nil || c.Reason != "not run" {
		t.Errorf("after 5,000 steps: %v, %q; want nothing", c.Ours, c.Reason)
	}
	if len(out.Figures) != 1 || !strings.HasPrefix(string(out.Figures[0].CSV), "step,") {
		t.Errorf("%d figures, want one with its numbers", len(out.Figures))
	}
}

// An empty store makes tables that say so, and no figure.
func TestFailureWithoutRuns(t *testing.T) {
	p, err := FindPreset("quick")
	if err != nil {
		t.Fatal(err)
	}
	out, err := renderFailure(t.Context(), newSession(t, t.TempDir()), p)
	if err != nil || len(out.Figures) != 0 || len(out.Tables) != 4 {
		t.Fatalf("%d tables, %d figures, %v; want 4 tables", len(out.Tables), len(out.Figures), err)
	}
	for _, table := range out.Tables {
		for _, c := range table.Cells {
			if c.Ours != nil || c.Published == nil && c.Reason != "not run" || c.Published != nil && c.Verdict != string(NotRun) {
				t.Errorf("%s: %v, %q", c.ID, c.Ours, c.Reason)
			}
		}
	}
}

// H02, H03 and H16 by what is in the store.
func TestFailureClaims(t *testing.T) {
	printed := func(f failureProblem, value float64, _, _ int) float64 {
		if from := map[bool]float64{true: failureBeta, false: failureRho}[f.name == "convection"]; value >= from {
			return .9
		}
		return .1
	}
	for _, c := range []struct {
		name          string
		part          func(f failureProblem, value float64, seed, step int) float64
		preset        func(p *Preset)
		h02, h03, h16 Verdict
		says          string // of H02
	}{
		{name: "printed", part: printed, h02: Reproduced, h03: Reproduced, h16: Reproduced, says: "at β = 30: median 0.9"},
		{name: "never fails", part: func(failureProblem, float64, int, int) float64 { return .1 }, h02: Differs, h03: Differs, h16: Differs},
		// All fail: so do those of which nothing is said.
		{name: "always fails", part: func(failureProblem, float64, int, int) float64 { return 1 }, h02: SameConclusion, h03: SameConclusion, h16: Reproduced, says: "failed"},
		// What counts is 20,000 steps, whatever happens later.
		{name: "fails at 20,000 steps", part: func(f failureProblem, value float64, seed, step int) float64 {
			if step > 20_000 {
				return .01
			}
			return printed(f, value, seed, step)
		}, h02: Reproduced, h03: Reproduced, h16: Reproduced},
		{name: "resolved at 20,000 steps", part: func(f failureProblem, value float64, seed, step int) float64 {
			if step == 20_000 {
				return .01
			}
			return printed(f, value, seed, step)
		}, h02: Differs, h03: Differs, h16: Differs},
		// β = 30 alone is resolved.
		{name: "one β", part: func(f failureProblem, value float64, seed, step int) float64 {
			if value == 30 {
				return .1
			}
			return printed(f, value, seed, step)
		}, h02: Differs, h03: Reproduced, h16: Reproduced},
		// Of five seeds the median is that of three; the quartile of H16 needs four.
		{name: "two seeds of five resolve", part: func(f failureProblem, value float64, seed, step int) float64 {
			if seed < 2 {
				return .1
			}
			return printed(f, value, seed, step)
		}, h02: Reproduced, h03: Reproduced, h16: Differs},
		{name: "a seed is missing", part: func(f failureProblem, value float64, seed, step int) float64 {
			if seed == 4 {
				return math.NaN()
			}
			return printed(f, value, seed, step)
		}, h02: Reduced, h03: Reduced, h16: Reduced, says: "4 of 5 seeds"},
		{name: "short", part: printed, preset: func(p *Preset) { p.Failure.Steps = 2_000 }, h02: Reduced, h03: Reduced, h16: Reduced, says: "2000 of 20000 steps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.Failure.Betas, p.Failure.Rhos = []float64{10, 30, 45}, []float64{2, 5}
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			plantFailures(t, s, p, c.part)
			wantClaim(t, found(t, s, p, pinnFailsOnConvection()), c.h02, c.says)
			wantClaim(t, found(t, s, p, pinnFailsOnReaction()), c.h03)
			wantClaim(t, found(t, s, p, pinnBeyondTraining()), c.h16)
		})
	}
	p := claimPreset(t)
	for _, test := range []ClaimTest{pinnFailsOnConvection(), pinnFailsOnReaction(), pinnBeyondTraining()} {
		wantClaim(t, found(t, newSession(t, t.TempDir()), p, test), NotRun)
	}
	// No β above 40: nothing is known of them.
	p.Failure.Betas = []float64{30, 40}
	s := newSession(t, t.TempDir())
	plantFailures(t, s, p, printed)
	wantClaim(t, found(t, s, p, pinnBeyondTraining()), NotRun)
}
