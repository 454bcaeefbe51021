// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pinn.example/repro/pinn"
)

const (
	// claimSeeds is how many seeds a claim about training needs: with five, the
	// median and the quartiles are seeds' own values.
	claimSeeds = 5
	// failedFraction is the part of the best constant's relative error from which
	// a run has failed.
	failedFraction = .95
)

// failed is whether a network is about as far off as the best constant. It is
// true where an error is no number.
func failed(ev pinn.Evaluation) bool {
	return !(ev.Test.RelL2 < failedFraction*ev.TrivialTest.RelL2)
}

// measure is a number a seed and the limit it is held against.
type measure struct {
	name   string
	values []float64 // see worst
	limit  float64
	least  bool // the value must be at least the limit, not at most
	// comparison holds the quartile on the bad side against the limit, in place of
	// the median.
	comparison bool
}

// worst is the value of a run that has failed.
func (m measure) worst() float64 {
	if m.least {
		return math.Inf(-1)
	}
	return math.Inf(1)
}

// add appends a seed's value; one of a bad run, or that is no number, is the worst
// there is.
func (m *measure) add(value float64, bad bool) {
	if bad || math.IsNaN(value) {
		value = m.worst()
	}
	m.values = append(m.values, value)
}

func (m measure) holds() bool {
	if len(m.values) == 0 {
		return false
	}
	switch {
	case m.comparison && m.least:
		return quantile(m.values, .25) >= m.limit
	case m.comparison:
		return quantile(m.values, .75) <= m.limit
	case m.least:
		return quantile(m.values, .5) >= m.limit
	default:
		return quantile(m.values, .5) <= m.limit
	}
}

func (m measure) String() string {
	if len(m.values) == 0 {
		return m.name + ": no value"
	}
	bound := "at most"
	if m.least {
		bound = "at least"
	}
	of := "median"
	if m.comparison {
		of = "quartile"
	}
	lower, median, upper := orFailed(quantile(m.values, .25)), orFailed(quantile(m.values, .5)), orFailed(quantile(m.values, .75))
	quartiles := lower + " and " + upper
	if lower == median && median == upper {
		quartiles = "the same"
	}
	return fmt.Sprintf("%s: median %s, quartiles %s (%s %s %s)", m.name, median, quartiles, of, bound, number(m.limit))
}

// quantile interpolates linearly between the sorted values, as NumPy does by
// default; values may be infinite, but not NaN.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	at := q * float64(len(sorted)-1)
	low := int(at)
	if part := at - float64(low); part > 0 && sorted[low] != sorted[low+1] {
		if math.IsInf(sorted[low], -1) {
			return sorted[low] // −∞ + ∞ would be NaN
		}
		return sorted[low] + part*(sorted[low+1]-sorted[low])
	}
	return sorted[low]
}

// trial is the evidence on a claim about training.
type trial struct {
	// seeds that the preset asks for, and how many of them are in the store.
	seeds, found int
	// reduced says in which way the runs are below the paper's; empty if in none.
	reduced string
	// main are the measures that the paper's conclusion rests on, others the rest.
	main, others []measure
	// networks were evaluated: a run, or a run at one of its μ.
	networks, failed, spurious int
	remark                     string
}

// withSeed is the preset with one seed. What a figure shows of the first seed, a
// claim takes of each that is in the store.
func withSeed(p Preset, seed int64) Preset {
	p.Seeds, p.BaselineSeeds = []int64{seed}, []int64{seed}
	return p
}

// count takes note of an evaluation and returns whether it is of no use.
func (t *trial) count(ev pinn.Evaluation) (bad bool) {
	t.networks++
	if failed(ev) {
		t.failed++
		bad = true
	}
	if ev.Spurious {
		t.spurious++
		bad = true
	}
	return bad
}

func (t trial) finding(cells ...string) finding {
	f := finding{cells: cells}
	if t.found == 0 {
		f.verdict, f.reason = NotRun, "no seed has all the runs that it needs"
		return f
	}
	var lacks []string
	if t.reduced != "" {
		lacks = append(lacks, t.reduced)
	}
	if t.found < max(t.seeds, claimSeeds) {
		lacks = append(lacks, fmt.Sprintf("%d of %d seeds", t.found, max(t.seeds, claimSeeds)))
	}
	main, others := true, true
	reasons := slices.Clone(lacks)
	for _, m := range t.main {
		main = main && m.holds()
		reasons = append(reasons, m.String())
	}
	for _, m := range t.others {
		others = others && m.holds()
		reasons = append(reasons, m.String())
	}
	reasons = append(reasons, fmt.Sprintf("of %d networks %d failed and %d are spurious", t.networks, t.failed, t.spurious))
	if t.remark != "" {
		reasons = append(reasons, t.remark)
	}
	f.reason = strings.Join(reasons, "; ")
	switch {
	case len(lacks) > 0:
		f.verdict = Reduced
	case main && others:
		f.verdict = Reproduced
	case main && len(t.main) > 0:
		f.verdict = SameConclusion
	default:
		f.verdict = Differs
	}
	return f
}

// orFailed is a quantile for reading: failed and spurious runs stand at the bad
// end, beyond all numbers.
func orFailed(q float64) string {
	if math.IsInf(q, 0) {
		return "a failed or spurious run"
	}
	return number(q)
}
