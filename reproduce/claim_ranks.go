// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"

	"pinn.example/repro/reproduce/store"
)

// The ranks that the paper prints for β in [1, 20] (section 4.2.2), and the margin
// that a cell of a table has.
const (
	printedMinRank, printedMaxRank = 20, 34

	rankMargin = relativeMargin
)

// phase1s are the records of a Phase 1 over the preset's seeds, nil where one is
// missing.
func (s *Session) phase1s(p Preset, of func(seed int64) *Run) ([]*store.Record, error) {
	records := make([]*store.Record, len(p.Seeds))
	for i, seed := range p.Seeds {
		var err error
		if records[i], err = s.Find(of(seed)); err != nil {
			return nil, err
		}
		if r := records[i]; r != nil && (len(r.Metrics.Ranks) == 0 || len(r.Metrics.Ranks) != len(r.Metrics.Evaluations)) {
			return nil, fmt.Errorf("reproduce: record %s has %d ranks at %d parameter settings", r.Name, len(r.Metrics.Ranks), len(r.Metrics.Evaluations))
		}
	}
	return records, nil
}

// wideRecords are those of Phase 1 on [1, 20], with what is reduced in them.
func (s *Session) wideRecords(p Preset) (records []*store.Record, less string, err error) {
	setup, err := convection()
	if err != nil {
		return nil, "", err
	}
	records, err = s.phase1s(p, func(seed int64) *Run { return widePhase1(setup, p, seed) })
	less = reduced(p.WideSteps, paperPhase1Steps)
	if n := len(p.WideBetas); n < 20 {
		less = joinReasons(less, fmt.Sprintf("%d of 20 training β", n))
	}
	return records, prefixed("Phase 1 on [1, 20]: ", less), err
}

// countEvaluations takes note of a run at each of its μ. It is of no use where it is
// bad at more than half of them.
func (t *trial) countEvaluations(r *store.Record) (bad bool) {
	n := 0
	for _, ev := range r.Metrics.Evaluations {
		if t.count(ev) {
			n++
		}
	}
	return 2*n > len(r.Metrics.Evaluations)
}

// rankRange is the smallest and the largest rank over layers and μ.
func rankRange(r *store.Record) (low, high int) {
	low, high = math.MaxInt, 0
	for _, layers := range r.Metrics.Ranks {
		for _, rank := range layers {
			low, high = min(low, rank), max(high, rank)
		}
	}
	return low, high
}

// learnedRanks is H18.
func learnedRanks() ClaimTest {
	return ClaimTest{
		ID: "H18",
		Rule: "over the three layers and all β, both 20 and 34 lie within 10 % of our smallest and largest rank, the margin of a cell. " +
			"An untrained hypernetwork has about half of 50, so a Phase 1 that failed at most β counts against it",
		find: func(s *Session, p Preset) (finding, error) {
			records, less, err := s.wideRecords(p)
			if err != nil {
				return finding{}, err
			}
			t := trial{seeds: len(p.Seeds), reduced: less}
			low := measure{name: "|20 − smallest rank| / smallest rank", limit: rankMargin * rounding}
			high := measure{name: "|34 − largest rank| / largest rank", limit: rankMargin * rounding}
			var lows, highs []float64
			for _, r := range records {
				if r == nil {
					continue
				}
				t.found++
				bad := t.countEvaluations(r)
				a, b := rankRange(r)
				lows, highs = append(lows, float64(a)), append(highs, float64(b))
				// A rank of 0 is infinitely far off.
				low.add(math.Abs(printedMinRank-float64(a))/float64(a), bad)
				high.add(math.Abs(printedMaxRank-float64(b))/float64(b), bad)
			}
			t.main = []measure{low, high}
			if t.found > 0 {
				t.remark = fmt.Sprintf("median smallest rank %s, largest %s", number(quantile(lows, .5)), number(quantile(highs, .5)))
			}
			return t.finding(), nil
		},
	}
}

// ranksVaryMore is H31.
func ranksVaryMore() ClaimTest {
	return ClaimTest{
		ID: "H31",
		Rule: "for three of four seeds or more, the largest less the smallest rank over β, summed over the layers, is larger on [1, 20] than on [30, 40]: " +
			"ranks are whole numbers, so by at least 1",
		find: func(s *Session, p Preset) (finding, error) {
			setup, err := convection()
			if err != nil {
				return finding{}, err
			}
			wide, less, err := s.wideRecords(p)
			if err != nil {
				return finding{}, err
			}
			narrow, err := s.phase1s(p, func(seed int64) *Run { return failureModePhase1(setup, p, seed) })
			if err != nil {
				return finding{}, err
			}
			t := trial{seeds: len(p.Seeds), reduced: joinReasons(less, prefixed("Phase 1 on [30, 40]: ", reduced(p.Phase1Steps, paperPhase1Steps)))}
			more := measure{name: "spread on [1, 20] less that on [30, 40]", limit: 1, least: true, comparison: true}
			for i := range wide {
				if wide[i] == nil || narrow[i] == nil {
					continue
				}
				t.found++
				bad := t.countEvaluations(wide[i])
				t.countEvaluations(narrow[i])
				more.add(float64(rankSpread(wide[i])-rankSpread(narrow[i])), bad)
			}
			t.main = []measure{more}
			t.remark = "on [30, 40] a Phase 1 that failed counts like another, since the authors' did too (D27)"
			return t.finding(), nil
		},
	}
}

// rankSpread is the largest less the smallest rank over μ, summed over the layers.
func rankSpread(r *store.Record) int {
	sum := 0
	for l := range r.Metrics.Ranks[0] {
		low, high := math.MaxInt, 0
		for _, layers := range r.Metrics.Ranks {
			low, high = min(low, layers[l]), max(high, layers[l])
		}
		sum += high - low
	}
	return sum
}
