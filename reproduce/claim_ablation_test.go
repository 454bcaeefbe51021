// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// found is what a claim's test says of a store, as a claim.
func found(t *testing.T, s *Session, p Preset, test ClaimTest) report.Claim {
	t.Helper()
	f, err := test.find(s, p)
	if err != nil {
		t.Fatal(err)
	}
	c := report.Claim{Verdict: string(f.verdict), Reason: f.reason, Cells: f.cells}
	c.ID = test.ID
	return c
}

// plantCourse is plant with relative errors at every ten steps.
func plantCourse(t *testing.T, s *Session, r *Run, spurious bool, errors ...float64) {
	t.Helper()
	history := train.History{Terms: []string{"residual"}, Probes: []string{pinn.RelProbe}}
	for i, e := range errors {
		history.Rows = append(history.Rows, train.Row{Step: 10 * i, Probes: []float64{e}})
	}
	ev := evaluated(r.Config.Mus[0][0], errors[len(errors)-1], spurious)
	put(t, s, r, &store.Record{History: history, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
}

// H10: fixed bases are ten times more accurate, and faster.
func TestFixedBasisIsBetter(t *testing.T) {
	quick, slow := []float64{1, .05, .04, .03}, []float64{1, .9, .6, .4}
	for _, c := range []struct {
		name           string
		fixed, trained func(beta float64, seed int) (course []float64, spurious bool)
		preset         func(p *Preset)
		want           Verdict
		part           string
	}{
		{
			name: "as claimed", want: Reproduced, part: "of 30 networks 0 failed",
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
		},
		// That trained bases find nothing is for the claim.
		{
			name: "trained bases fail", want: Reproduced, part: "of 30 networks 15 failed",
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return []float64{1, .9, .8, trivialError}, false },
		},
		{
			name: "five times", want: SameConclusion, part: "median 5",
			fixed:   func(float64, int) ([]float64, bool) { return []float64{1, .08, .08, .08}, false },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
		},
		// Ten times, but both come to the worse one's best at the last step.
		{
			name: "not faster", want: SameConclusion, part: "steps, fixed / trained at β = 30: median 1,",
			fixed:   func(float64, int) ([]float64, bool) { return []float64{1, .9, .8, .03}, false },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
		},
		{
			name: "no difference", want: Differs,
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return quick, false },
		},
		{
			name: "the other way round at one β", want: Differs,
			fixed: func(beta float64, _ int) ([]float64, bool) {
				return map[bool][]float64{true: slow, false: quick}[beta == 35], false
			},
			trained: func(beta float64, _ int) ([]float64, bool) {
				return map[bool][]float64{true: quick, false: slow}[beta == 35], false
			},
		},
		// One seed of five is beyond the quartile, two are not.
		{
			name: "one seed of five fails on fixed bases", want: Reproduced, part: "of 30 networks 3 failed",
			fixed: func(_ float64, seed int) ([]float64, bool) {
				return map[bool][]float64{true: {1, 1, 1, trivialError}, false: quick}[seed == 0], false
			},
			trained: func(float64, int) ([]float64, bool) { return slow, false },
		},
		{
			name: "two are spurious on fixed bases", want: Differs, part: "6 are spurious",
			fixed:   func(_ float64, seed int) ([]float64, bool) { return quick, seed < 2 },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
		},
		{
			name: "one seed", want: Reduced, part: "1 of 5 seeds",
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
			preset:  func(p *Preset) { p.Ablation.QuerySeeds = p.Ablation.QuerySeeds[:1] },
		},
		{
			name: "short", want: Reduced, part: "Phase 2: 100 of 10000 steps",
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return slow, false },
			preset:  func(p *Preset) { p.Ablation.Phase2Steps = 100 },
		},
		{
			name: "one side", want: NotRun,
			fixed:   func(float64, int) ([]float64, bool) { return quick, false },
			trained: func(float64, int) ([]float64, bool) { return nil, false },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
			for _, mu := range mus(table2Betas) {
				for i, seed := range p.Ablation.QuerySeeds {
					for _, side := range []struct {
						v  variant
						of func(beta float64, seed int) ([]float64, bool)
					}{{basisVariants[0], c.fixed}, {trainedBases, c.trained}} {
						if errors, spurious := side.of(mu[0], i); errors != nil {
							plantCourse(t, s, side.v.query(st, p, mu, seed), spurious, errors...)
						}
					}
				}
			}
			wantClaim(t, found(t, s, p, fixedBasisIsBetter()), c.want, c.part)
		})
	}
}

func TestStepsRatio(t *testing.T) {
	at := func(values ...float64) course {
		c := course{values: values}
		for i := range values {
			c.steps = append(c.steps, float64(100*i))
		}
		return c
	}
	nan := math.NaN()
	for _, c := range []struct {
		a, b course
		want float64
	}{
		// The worse one's best is .4: after 100 and 300 steps.
		{at(1, .3, .2, .1), at(1, .8, .6, .4), 1. / 3},
		{at(1, .8, .6, .4), at(1, .3, .2, .1), 3},
		// A last step that is a spike does not count: .4 again.
		{at(1, .3, .2, 2), at(1, .8, .4, .9), 1. / 2},
		{at(1, nan, .4), at(1, .9, .4), 1},
		{at(.4, .5), at(.4, .5), nan}, // nobody learns
		{course{}, at(1, .5), nan},
	} {
		if got := stepsRatio(c.a, c.b); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("the ratio of steps of %v and %v is %g, want %g", c.a.values, c.b.values, got, c.want)
		}
	}
}

// H11: a solution with the term, and none without.
func TestOrthogonalityIsEssential(t *testing.T) {
	for _, c := range []struct {
		name          string
		with, without float64
		want          Verdict
	}{
		{"as claimed", .05, .5, Reproduced},
		{"fails without", .05, trivialError, Reproduced},
		{"worse without, but a solution", .05, .1, SameConclusion},
		{"within the margin", .05, .0549, Differs},
		{"better without", .1, .05, Differs},
		{"none with it, and less without", .4, .5, SameConclusion},
		{"fails with it", trivialError, .9, Differs},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
			for _, mu := range mus(table2Betas) {
				for _, seed := range p.Ablation.Seeds {
					plantCourse(t, s, asCode.query(st, p, mu, seed), false, c.with)
					plantCourse(t, s, withoutTerm.query(st, p, mu, seed), false, c.without)
				}
			}
			wantClaim(t, found(t, s, p, orthogonalityIsEssential()), c.want, "of 30 networks")
		})
	}
}

// H30: small dense nets fail, or do worse than LR-PINN.
func TestSmallNetsDoPoorly(t *testing.T) {
	for _, c := range []struct {
		name        string
		nine, ten   float64
		method      float64
		seeds       int
		want        Verdict
		failedCount int
	}{
		{"as claimed", .5, .4, .05, 5, Reproduced, 0},
		{"all fail", trivialError, trivialError, .05, 5, Reproduced, 30},
		{"one of two widths solves it", .5, .2, .05, 5, SameConclusion, 0},
		{"as good as LR-PINN", .5, .05, .05, 5, Differs, 0},
		{"LR-PINN fails", .5, .5, trivialError, 5, Differs, 15},
		{"three seeds", .5, .4, .05, 3, Reduced, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.BaselineSeeds = p.Seeds[:c.seeds]
			st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
			for _, mu := range mus(table2Betas) {
				for i, rel := range []float64{c.nine, c.ten} {
					for _, r := range smallNets[i].runs(st, p, mu) {
						plantCourse(t, s, r, false, rel)
					}
				}
				for _, r := range besideDense(st, p, mu) {
					plantCourse(t, s, r, false, c.method)
				}
			}
			wantClaim(t, found(t, s, p, smallNetsDoPoorly()), c.want, fmt.Sprintf("networks %d failed", c.failedCount))
		})
	}
}

// The claims rest on cells of the tables.
func TestAblationClaimsNameCells(t *testing.T) {
	p := claimPreset(t)
	s := newSession(t, t.TempDir())
	known := map[string]bool{}
	for _, e := range []Experiment{appendixD(), appendixQ(), appendixS()} {
		for _, table := range rendered(t, s, p, e).Tables {
			for _, c := range table.Cells {
				known[c.ID] = true
			}
		}
	}
	for _, test := range []ClaimTest{fixedBasisIsBetter(), orthogonalityIsEssential(), smallNetsDoPoorly()} {
		c := found(t, s, p, test)
		// Without runs there is no verdict, and no cell to rest on.
		wantClaim(t, c, NotRun)
		for _, mu := range mus(table2Betas) {
			for _, cell := range []string{
				variantCell("appQ", basisVariants[0].name, mu), variantCell("appQ", trainedBases.name, mu),
				variantCell("appD", asCode.name, mu), variantCell("appD", withoutTerm.name, mu),
				variantCell("appS", besideDenseColumn, mu), variantCell("appS", smallNets[0].column(convectionStudyOf(t, p)), mu),
			} {
				if !known[cell] {
					t.Errorf("%s is no cell", cell)
				}
			}
		}
	}
}
