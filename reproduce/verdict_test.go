// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
)

func num(v float64) *float64 { return &v }

// enough is compute that satisfies the rule.
func enough() *reproduce.Compute {
	return &reproduce.Compute{
		Spent: 3e7, Needed: 3e7,
		Rates: []reproduce.Rate{{LR: 2.5e-4, Loss: .2}, {LR: 1e-3, Loss: .1}}, Used: 1e-3,
	}
}

const (
	// The error of the best constant for 1+sin(x): sqrt(1/3) (D23).
	trivialRel = .5774
	// Table 2, beta=40, adaptive rank; rank 10, Naive-LR-PINN would match
	// the trivial value.
	adaptive = .0722
)

func TestJudge(t *testing.T) {
	nan := math.NaN()
	type ev = reproduce.Evidence
	method := func(published float64, values ...float64) ev {
		return ev{Role: reproduce.RoleMethod, Published: &published, Values: values, Trivial: num(trivialRel)}
	}
	baseline := func(published float64, c *reproduce.Compute, values ...float64) ev {
		return ev{Role: reproduce.RoleBaseline, Published: &published, Values: values, Trivial: num(trivialRel), Compute: c}
	}
	with := func(e ev, change func(*ev)) ev {
		change(&e)
		return e
	}
	tests := []struct {
		name   string
		e      ev
		want   reproduce.Verdict
		reason string // a part of it
	}{
		// The margin, in round numbers: 10 % of ours ...
		{"at 10 % above", method(1.1, 1), reproduced, "one seed"},
		{"past 10 % above", method(1.1001, 1), better, "one seed"},
		{"at 10 % below", method(.9, 1, 1), reproduced, "2 seeds"},
		{"past 10 % below", method(.8999, 1, 1), differs, "not been measured"},
		// ... or two standard deviations over three seeds: .9, 1, 1.1 have
		// mean 1 and s.d. .1, margin .2; of two seeds none counts.
		{"2 s.d. of 3 seeds", method(.8, .9, 1, 1.1), reproduced, "3 seeds"},
		{"past 2 s.d.", method(.799, .9, 1, 1.1), differs, ""},
		{"2 s.d. of 2 seeds", method(.8, .9, 1.1), differs, "2 seeds"},
		// ... with s.d. capped at .15: .5, 1, 1.5 have s.d. .5, margin .3.
		{"capped s.d.", method(.7, .5, 1, 1.5), reproduced, ""},
		{"past capped s.d.", method(.69, .5, 1, 1.5), differs, ""},
		{"past capped s.d. above", method(1.31, .5, 1, 1.5), better, ""},
		// A shrug must not widen the margin for zero spread.
		{"three equal seeds", method(.89, 1, 1, 1), differs, ""},

		{"published cell", method(adaptive, .0700, .0722, .0741), reproduced, "0.0722"},
		{"conclusion holds", with(method(adaptive, .12, .12, .12), func(e *ev) { e.Holds = "it is below every baseline" }), same, "below every baseline"},
		{"worse, with a reason", with(method(adaptive, .12), func(e *ev) { e.Because = "the bases differ" }), differs, "the bases differ"},
		{"better", method(adaptive, .03, .03, .03), better, ""},
		{"better but spurious", with(method(adaptive, .03, .03, .03), func(e *ev) { e.Spurious = 1 }), differs, "1 of 3 runs spurious"},
		{"better wins over conclusion", with(method(adaptive, .03), func(e *ev) { e.Holds = "yes" }), better, ""},

		// Cheat: an untrained net has the trivial error, which 106 of
		// Table 2's 120 baseline numbers are within 15 % of.
		{"untrained matches a baseline", baseline(.5661, nil, trivialRel, trivialRel, trivialRel), undertrained, "not shown"},
		{"untrained, conclusion claimed", with(baseline(.5661, nil, trivialRel), func(e *ev) { e.Holds = "the baseline fails" }), undertrained, ""},
		{"untrained beats a worse-than-trivial baseline", baseline(.6801, nil, trivialRel), undertrained, ""},
		{"untrained, trivial unknown", with(baseline(.5661, nil, trivialRel), func(e *ev) { e.Trivial = nil }), undertrained, ""},
		{"too little compute", baseline(.5661, with2(enough(), func(c *reproduce.Compute) { c.Spent = 2.9e7 }), trivialRel), undertrained, "Phase 1 and Phase 2"},
		{"no compute needed", baseline(.5661, with2(enough(), func(c *reproduce.Compute) { c.Spent, c.Needed = 0, 0 }), trivialRel), undertrained, ""},
		{"one rate tried", baseline(.5661, with2(enough(), func(c *reproduce.Compute) { c.Rates = c.Rates[1:] }), trivialRel), undertrained, "0.00025 was not tried"},
		{"worse rate used", baseline(.5661, with2(enough(), func(c *reproduce.Compute) { c.Used = 2.5e-4 }), trivialRel), undertrained, "not the best"},
		{"diverged rate used", baseline(.5661, with2(enough(), func(c *reproduce.Compute) { c.Rates[1].Loss = nan }), trivialRel), undertrained, "not the best"},
		{"compute shown", baseline(.5661, enough(), trivialRel, trivialRel, trivialRel), reproduced, ""},
		{"diverged baseline", baseline(.5661, nil, nan), undertrained, ""},
		{"diverged baseline, compute shown", baseline(.5661, enough(), nan), differs, "diverged"},

		// Cheat: a baseline that does better than published counts for us.
		{"baseline beats its cell", baseline(.5661, enough(), .1, .1, .1), differs, "speaks against the paper"},
		{"baseline beats its cell untuned", baseline(.5661, nil, .1), differs, "speaks against the paper"},
		{"baseline beats its cell, conclusion holds", with(baseline(.5661, enough(), .3), func(e *ev) { e.Holds = "the method is still best" }), differs, "speaks against the paper"},
		{"baseline beats a worse-than-trivial cell", baseline(.6801, enough(), trivialRel), differs, "speaks against the paper"},
		// A baseline that works needs no proof of compute: Table 4, PINN on
		// convection, .0327.
		{"working baseline", baseline(.0327, nil, .0331), reproduced, "one seed"},
		{"working baseline, worse", baseline(.0327, nil, .05), differs, ""},
		{"working baseline that fails with us", baseline(.0327, nil, .4), undertrained, ""},

		// Cheat: a short run that happens to hit the number.
		{"reduced", with(method(adaptive, adaptive, adaptive, adaptive), func(e *ev) { e.Reduced = "2,000 of 20,000 steps" }), reducedV, "2,000 of 20,000 steps"},
		{"reduced baseline", with(baseline(.5661, enough(), .1), func(e *ev) { e.Reduced = "one tenth of the steps" }), reducedV, ""},
		{"smoke", with(method(adaptive, adaptive), func(e *ev) { e.Smoke = true }), reproduce.NoVerdict, "too small"},
		{"not run", method(adaptive), notRun, ""},
		{"smoke and not run", with(method(adaptive), func(e *ev) { e.Smoke = true }), reproduce.NoVerdict, ""},

		// Cheat: NaN compares false with everything.
		{"NaN", method(adaptive, nan), differs, "diverged"},
		{"one NaN of three", method(adaptive, adaptive, nan, adaptive), differs, "diverged"},
		{"infinite", method(adaptive, math.Inf(1)), differs, "diverged"},
		{"minus infinity", method(adaptive, math.Inf(-1)), differs, "diverged"},

		// Counts are exact: D4 has 294 where the paper prints ~351.
		{"count", ev{Role: reproduce.RoleCount, Published: num(10401), Values: []float64{10401, 10401}}, reproduced, "exactly 10401"},
		{"count off by one", ev{Role: reproduce.RoleCount, Published: num(10401), Values: []float64{10401, 10402}}, differs, "10402"},
		{"D4", ev{Role: reproduce.RoleCount, Published: num(351), Values: []float64{294}, Holds: "it is 35 times smaller than the PINN"}, same, "35 times"},
		{"fewer is not better", ev{Role: reproduce.RoleCount, Published: num(351), Values: []float64{294}}, differs, ""},

		// Times are ratios: HyperPINN's main network against the large PINN,
		// 86/158 us; 5.4 and 10 ms have the same ratio.
		{"time", ev{Role: reproduce.RoleTime, Published: num(86), Values: []float64{5400}, PublishedReference: num(158), References: []float64{9000, 11000}}, reproduced, "as a ratio, published 0.5443, ours 0.54"},
		{"same microseconds, other ratio", ev{Role: reproduce.RoleTime, Published: num(86), Values: []float64{86}, PublishedReference: num(158), References: []float64{86}}, differs, ""},
		{"a faster ratio is not better", ev{Role: reproduce.RoleTime, Published: num(86), Values: []float64{10}, PublishedReference: num(158), References: []float64{158}}, differs, ""},
		{"reference time", ev{Role: reproduce.RoleTime, Published: num(158), Values: []float64{158}}, reproduce.NoVerdict, "reference"},

		{"trivial", ev{Role: reproduce.RoleTrivial, Published: num(1), Values: []float64{1}}, reproduce.NoVerdict, "best constant"},
		{"no published value", ev{Role: reproduce.RoleMethod, Values: []float64{1}}, reproduce.NoVerdict, "no number"},

		// Explained variance: 1 is best, the best constant has 0.
		{"score", with(method(.9, .92), func(e *ev) { e.HigherIsBetter, e.Trivial = true, num(0) }), reproduced, ""},
		{"better score", with(method(.5, .9), func(e *ev) { e.HigherIsBetter, e.Trivial = true, num(0) }), better, ""},
		{"worse score", with(method(.9, .5), func(e *ev) { e.HigherIsBetter, e.Trivial = true, num(0) }), differs, ""},
		{"failing score", with(baseline(.05, nil, .05), func(e *ev) { e.HigherIsBetter, e.Trivial = true, num(0) }), undertrained, ""},
		{"working score", with(baseline(.95, nil, .95), func(e *ev) { e.HigherIsBetter, e.Trivial = true, num(0) }), reproduced, ""},
	}
	for _, test := range tests {
		v, reason, err := reproduce.Judge(test.e)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if v != test.want || !strings.Contains(reason, test.reason) || reason == "" {
			t.Errorf("%s: %q because %q, want %q because of %q", test.name, v, reason, test.want, test.reason)
		}
		if v != reproduce.NoVerdict && !slices.Contains(reproduce.Verdicts, v) {
			t.Errorf("%s: verdict %q is not listed", test.name, v)
		}
	}
}

const (
	reproduced   = reproduce.Reproduced
	better       = reproduce.Better
	same         = reproduce.SameConclusion
	differs      = reproduce.Differs
	undertrained = reproduce.Undertrained
	reducedV     = reproduce.Reduced
	notRun       = reproduce.NotRun
)

func with2(c *reproduce.Compute, change func(*reproduce.Compute)) *reproduce.Compute {
	change(c)
	return c
}

// The line between failing and working separates Table 2's baselines from
// its method: without compute shown, each published baseline number, taken
// as our own, is undertrained, and each of the method's would not be. The
// trivial errors are those of u=1 (D23).
func TestFailingSeparatesTable2(t *testing.T) {
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	trivial := map[string]float64{"abs_err": .6366, "rel_err": trivialRel}
	failing := 0
	for _, v := range values {
		if v.Paper != "hyper-lr-pinn" || v.Table != "table2" {
			continue
		}
		got, _, err := reproduce.Judge(reproduce.Evidence{
			Role: reproduce.RoleBaseline, Published: &v.Value,
			Values: []float64{v.Value}, Trivial: num(trivial[v.Metric]),
		})
		if err != nil {
			t.Fatal(err)
		}
		if method := strings.HasPrefix(v.Column, "Hyper-LR-PINN"); method == (got == undertrained) {
			t.Errorf("%s: verdict %q", v.ID, got)
		}
		if got == undertrained {
			failing++
		}
	}
	if failing != 120 { // 3 betas x 5 ranks x 4 baselines x 2 errors
		t.Errorf("%d numbers fail, want 120", failing)
	}
}

// The report can show every verdict.
func TestReportKnowsEveryVerdict(t *testing.T) {
	for _, v := range append(reproduce.Verdicts, reproduce.NoVerdict) {
		r := &report.Report{Tables: []report.Table{{ID: "t", Cells: []report.Cell{{ID: "c", Role: string(reproduce.RoleMethod), Ours: report.Number(1), Verdict: string(v)}}}}}
		if err := report.Write(t.TempDir(), r); err != nil {
			t.Error(err)
		}
	}
}

// One seed is marked in the reason of every verdict on errors.
func TestOneSeedIsMarked(t *testing.T) {
	for _, ours := range []float64{.01, adaptive, .3} {
		for _, role := range []reproduce.Role{reproduce.RoleMethod, reproduce.RoleBaseline} {
			_, reason, err := reproduce.Judge(reproduce.Evidence{
				Role: role, Published: num(adaptive), Values: []float64{ours}, Trivial: num(trivialRel),
			})
			if err != nil || !strings.Contains(reason, "one seed") {
				t.Errorf("%s, %v: reason %q (%v) doesn't mark one seed", role, ours, reason, err)
			}
		}
	}
}

func TestJudgeRefusesContradictions(t *testing.T) {
	for want, e := range map[string]reproduce.Evidence{
		"known: method":   {Role: "ours"},
		"leave it nil":    {Role: reproduce.RoleMethod, Published: num(math.NaN())},
		"a part of them":  {Role: reproduce.RoleMethod, Published: num(1), Values: []float64{1}, Spurious: 2},
		"trivial value":   {Role: reproduce.RoleBaseline, Published: num(1), Trivial: num(math.Inf(1))},
		"unknown role \"": {},
	} {
		if _, _, err := reproduce.Judge(e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
