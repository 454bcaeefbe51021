// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// Limits of H19.
const (
	// strongCorrelation is where a rank correlation is conventionally called very
	// strong; chance alone reaches .52 in one of a hundred draws of 20. For Σs² it
	// says little: an untrained hypernetwork gives 1 there, for want of a scaled
	// input, and about 0 for the rank.
	strongCorrelation = .8
	// A tenth of the entries (5 of 50) must hold fastDecay of Σs². Independent
	// normal entries cut off at 0, about what an untrained head proposes, hold .65
	// there: E[z²; z > q]/E[z²; z > 0] at q = 1.28.
	decayEntries = 10 // one in …
	fastDecay    = .8
	// gradualStep is the largest part of the whole way over β that one step between
	// neighbours may make; 19 equal steps would be .05 each.
	gradualStep = .25
)

// diagonalsOverBeta is H19.
func diagonalsOverBeta() ClaimTest {
	return ClaimTest{
		ID: "H19",
		Rule: "over β in [1, 20], the rank correlation (Spearman) of β with the summed rank is at least .8, and with Σs² of the second layer .8 in size; " +
			"at every β a tenth of its entries holds .8 of its Σs² (independent normal entries cut off at 0: .65); no step between neighbouring β makes more than a quarter of the whole way. " +
			"If only the first holds it is the same conclusion",
		find: func(s *Session, p Preset) (finding, error) {
			records, less, err := s.wideRecords(p)
			if err != nil {
				return finding{}, err
			}
			t := trial{seeds: len(p.Seeds), reduced: less}
			m := newDiagonalMeasures()
			for _, r := range records {
				if r == nil || r.Weights == nil {
					continue
				}
				t.found++
				bad := t.countEvaluations(r)
				b, err := s.smallBackend()
				if err != nil {
					return finding{}, err
				}
				diagonals, err := lrpinn.Diagonals(b.Compute, r.Weights, mus(p.WideBetas)...)
				if err != nil {
					return finding{}, err
				}
				m.add(p.WideBetas, diagonals, bad)
			}
			t.main, t.others = []measure{m.rank}, []measure{m.size, m.decay, m.step}
			return t.finding(), nil
		},
	}
}

type diagonalMeasures struct{ rank, size, decay, step measure }

func newDiagonalMeasures() diagonalMeasures {
	return diagonalMeasures{
		rank:  measure{name: "correlation of β and rank", limit: strongCorrelation, least: true},
		size:  measure{name: "correlation of β and Σs², in size", limit: strongCorrelation, least: true},
		decay: measure{name: "part of Σs² in a tenth of the entries", limit: fastDecay, least: true},
		step:  measure{name: "largest step as a part of the way", limit: gradualStep},
	}
}

// add measures one seed's diagonals over β.
func (m *diagonalMeasures) add(betas []float64, diagonals [][lrpinn.Layers]train.Array, bad bool) {
	var ranks, sizes, steps []float64
	decay, way := 1., 0.
	for i := range diagonals {
		rank := 0
		for _, r := range lrpinn.Ranks(diagonals[i]) {
			rank += r
		}
		ranks = append(ranks, float64(rank))
		sorted := sortedDiagonal(diagonals[i])
		size := total(sorted)
		sizes = append(sizes, size)
		decay = math.Min(decay, total(sorted[:len(sorted)/decayEntries])/size) // NaN stays NaN
		if i > 0 {
			step := distance(diagonals[i-1][secondLayer].Data, diagonals[i][secondLayer].Data)
			steps = append(steps, step)
			way += step
		}
	}
	m.rank.add(spearman(betas, ranks), bad)
	m.size.add(math.Abs(spearman(betas, sizes)), bad)
	m.decay.add(decay, bad)
	largest := math.NaN()
	if len(steps) > 0 {
		largest = slices.Max(steps) / way
	}
	m.step.add(largest, bad)
}

func total(xs []float64) float64 {
	sum := 0.
	for _, x := range xs {
		sum += x
	}
	return sum
}

func distance(x, y []float64) float64 {
	squares := 0.
	for i := range x {
		squares += (x[i] - y[i]) * (x[i] - y[i])
	}
	return math.Sqrt(squares)
}

// spearman is the correlation of the ranks of x and y, ties sharing theirs. It is
// NaN where one of them is constant.
func spearman(x, y []float64) float64 {
	a, b := ordinals(x), ordinals(y)
	mean := float64(len(a)+1) / 2
	var ab, aa, bb float64
	for i := range a {
		ab += (a[i] - mean) * (b[i] - mean)
		aa += (a[i] - mean) * (a[i] - mean)
		bb += (b[i] - mean) * (b[i] - mean)
	}
	return ab / math.Sqrt(aa*bb)
}

// ordinals are the places 1, 2, … of values in their order; equal values share the
// mean of theirs.
func ordinals(x []float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		below, equal := 0, 0
		for j := range x {
			switch {
			case x[j] < x[i]:
				below++
			case x[j] == x[i]:
				equal++
			}
		}
		out[i] = float64(below) + float64(equal+1)/2
	}
	return out
}
