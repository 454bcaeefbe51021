// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"strings"
)

// Verdict is what a comparison with a published number comes to.
type Verdict string

// The verdicts. [Judge] states when each is given.
const (
	NoVerdict      Verdict = "" // nothing to judge: see the reason
	Reproduced     Verdict = "reproduced"
	Better         Verdict = "better"
	SameConclusion Verdict = "same conclusion"
	Differs        Verdict = "differs"
	Undertrained   Verdict = "undertrained"
	Reduced        Verdict = "reduced"
	NotRun         Verdict = "not run"
)

// Verdicts lists the verdicts in the order in which they are counted.
var Verdicts = []Verdict{Reproduced, Better, SameConclusion, Differs, Undertrained, Reduced, NotRun}

// Role says what a number stands for in the paper's argument.
type Role string

// The roles.
const (
	RoleMethod   Role = "method"   // the paper's own method
	RoleBaseline Role = "baseline" // what it is compared with
	RoleCount    Role = "count"    // parameters, ranks, FLOPs: exact
	RoleTime     Role = "time"     // wall time: judged as a ratio
	RoleTrivial  Role = "trivial"  // the best constant predictor: never judged
)

// The margins within which a number is reproduced. They were fixed before
// the first run that they judge and are not changed to fit one.
const (
	// relativeMargin is the fraction of our mean that is always allowed.
	relativeMargin = .10
	// sdMargin is how many standard deviations over seeds are allowed, from
	// minSeeds seeds on: fewer say too little about the spread.
	sdMargin = 2
	minSeeds = 3
	// sdCap bounds the standard deviation as a fraction of our mean, so that
	// an erratic method doesn't match everything: at most 30 % in all.
	sdCap = .15
	// failingFraction is the part of the trivial error from which a baseline
	// counts as failing. In Table 2 every failure has at least .58 of it and
	// every success at most .13.
	failingFraction = .5
)

// Evidence is all that [Judge] knows about a number.
type Evidence struct {
	Role      Role
	Published *float64 // nil: the paper gives none
	// Values has our value for each seed, NaN where a run diverged. Empty:
	// not run.
	Values []float64
	// HigherIsBetter is for scores whose best value is 1, such as the
	// explained variance. All else is an error, best at 0.
	HigherIsBetter bool
	// Trivial is the value of the best constant predictor, if known.
	Trivial *float64

	// PublishedReference and References are, for a time, the published and
	// measured times of the same table that it is divided by. Without them
	// it is the reference, or can't be compared.
	PublishedReference *float64
	References         []float64

	// Smoke is whether the preset is one that gives no verdicts.
	Smoke bool
	// Reduced says which steps, seeds or settings are below the paper's:
	// "2,000 of 20,000 steps". Empty if none.
	Reduced string
	// Compute is, for a baseline, what was spent on it; nil if not shown.
	Compute *Compute
	// Spurious is how many of the runs satisfy the equation at the training
	// points and not between them.
	Spurious int
	// Holds states the comparison that the number serves, if ours supports
	// it too: "Hyper-LR-PINN is below every baseline". Else empty.
	Holds string
	// Because is the measured reason of a difference, if there is one.
	Because string
}

// Judge compares our values with the published one and says why the verdict
// is what it is. Rules, in order; the first that applies decides:
//
//   - The smoke preset, the trivial predictor and a number that the paper
//     doesn't give have no verdict.
//   - not run: there are no values.
//   - reduced: steps, seeds or settings are below the paper's, whatever came
//     out.
//   - A time is divided by the reference time of its table, on both sides,
//     and goes on as a ratio. Without a reference it has no verdict.
//   - A count is reproduced if every seed gives exactly the published number.
//   - differs: a baseline beats its published value, and the best constant
//     too, by more than the margin. This speaks against the paper, so it
//     needs no proof of compute.
//   - undertrained: a failing baseline without [Compute] that shows as much
//     as Phase 1 and Phase 2 took and the better of the two learning rates.
//     Failing is to have at least half the error of the best constant, or
//     to diverge, or any error where the constant's is unknown. Without this
//     rule an untrained net would match most baselines of Table 2.
//   - differs: a seed diverged.
//   - reproduced: the published value lies within the margin of our mean.
//   - better: a method beats its published value by more than the margin, in
//     runs none of which is spurious.
//   - differs: a baseline does.
//   - same conclusion: the comparison that the number serves holds.
//   - differs: all else.
//
// The margin is the larger of 10 % of our mean and, from three seeds on,
// twice the sample standard deviation (n−1), which is first capped at 15 %
// of our mean. It is a fraction of ours and not of the published value: the
// question is whether the paper's number is one of those that our runs
// scatter over. Fewer than three seeds are marked in the reason. One seed
// alone isn't "reduced": at least one of the paper's own averages is one run
// (discrepancy D3); who holds it to be too few says so in Reduced.
//
// An error means that the evidence contradicts itself.
func Judge(e Evidence) (Verdict, string, error) {
	if err := e.check(); err != nil {
		return NoVerdict, "", err
	}
	switch {
	case e.Smoke:
		return NoVerdict, "the preset is too small for verdicts", nil
	case e.Role == RoleTrivial:
		return NoVerdict, "the best constant, for comparison", nil
	case e.Published == nil:
		return NoVerdict, "the paper gives no number", nil
	case len(e.Values) == 0:
		return NotRun, "no run of this preset gives it", nil
	case e.Reduced != "":
		return Reduced, e.Reduced + "; " + e.sample(e.Values, *e.Published).String(), nil
	}
	var v Verdict
	var why string
	switch e.Role {
	case RoleCount:
		v, why = e.judgeCount()
	case RoleTime:
		if len(e.References) == 0 || e.PublishedReference == nil {
			return NoVerdict, "a time counts as a ratio to a reference time, and this is the reference or has none", nil
		}
		v, why = e.judge(e.ratio())
	default:
		v, why = e.judge(e.sample(e.Values, *e.Published))
	}
	if e.Spurious > 0 {
		why += fmt.Sprintf("; %d of %d runs spurious: the residual is high between the training points", e.Spurious, len(e.Values))
	}
	if v == Differs && e.Because != "" {
		why += "; " + e.Because
	}
	return v, why, nil
}

func (e Evidence) check() error {
	switch e.Role {
	case RoleMethod, RoleBaseline, RoleCount, RoleTime, RoleTrivial:
	default:
		return fmt.Errorf("reproduce: unknown role %q; known: method, baseline, count, time, trivial", e.Role)
	}
	for _, p := range []*float64{e.Published, e.Trivial, e.PublishedReference} {
		if p != nil && (math.IsNaN(*p) || math.IsInf(*p, 0)) {
			return fmt.Errorf("reproduce: a published or trivial value is %v; leave it nil if there is none", *p)
		}
	}
	if e.Spurious < 0 || e.Spurious > len(e.Values) {
		return fmt.Errorf("reproduce: %d of %d runs spurious; expected a part of them", e.Spurious, len(e.Values))
	}
	return nil
}

func (e Evidence) judgeCount() (Verdict, string) {
	for _, v := range e.Values {
		if v != *e.Published {
			return e.otherwise(fmt.Sprintf("published %v, ours %s", *e.Published, list(e.Values)))
		}
	}
	return Reproduced, fmt.Sprintf("exactly %v", *e.Published)
}

// judge decides on errors, scores and ratios.
func (e Evidence) judge(s sample) (Verdict, string) {
	baseline := e.Role == RoleBaseline
	numbers := s.String()
	if baseline && s.beats() && e.Trivial != nil && s.better(*e.Trivial) {
		return Differs, numbers + ": a baseline that beats its published value speaks against the paper"
	}
	if baseline && e.failing(s) {
		if missing := e.Compute.missing(); missing != "" {
			return Undertrained, numbers + "; " + missing
		}
	}
	switch {
	case !finite(s.mean):
		return e.differs(numbers + ": diverged")
	case s.within():
		return Reproduced, numbers + ", margin " + number(s.margin())
	case s.beats() && e.Role == RoleMethod && e.Spurious == 0:
		return Better, numbers + ", margin " + number(s.margin())
	case s.beats() && baseline:
		return Differs, numbers + ": a baseline that beats its published value speaks against the paper"
	default:
		return e.otherwise(numbers)
	}
}

// failing is whether a baseline's error is so near the trivial one that an
// untrained net might match it.
func (e Evidence) failing(s sample) bool {
	if e.Trivial == nil || !finite(s.mean) {
		return true
	}
	if e.HigherIsBetter {
		return 1-s.mean >= failingFraction*(1-*e.Trivial)
	}
	return s.mean >= failingFraction**e.Trivial
}

// otherwise decides on a number that isn't the published one.
func (e Evidence) otherwise(numbers string) (Verdict, string) {
	if e.Holds != "" {
		return SameConclusion, numbers + "; still, " + e.Holds
	}
	return e.differs(numbers)
}

func (e Evidence) differs(numbers string) (Verdict, string) {
	if e.Because == "" {
		numbers += "; the reason has not been measured"
	}
	return Differs, numbers
}

func list(values []float64) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, fmt.Sprint(v))
	}
	return strings.Join(parts, ", ")
}
