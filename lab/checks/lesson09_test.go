// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"pinn.example/repro/lab/checks"
)

// accepted wants a check of lessons 6, 9 and 10 to pass.
func accepted(t *testing.T, hint error) {
	t.Helper()
	if hint != nil {
		t.Errorf("the right answer gets the hint %q", hint)
	}
}

// refused wants a hint with some words in it.
func refused(t *testing.T, hint error, words string) {
	t.Helper()
	if hint == nil || !strings.Contains(hint.Error(), words) {
		t.Errorf("expected a hint with %q, got %v", words, hint)
	}
}

func ranksByEnergy(squared bool) func(sigma []float64, share float64) int {
	return func(sigma []float64, share float64) int {
		value := func(x float64) float64 {
			if squared {
				return x * x
			}
			return x
		}
		total, held := 0., 0.
		for _, x := range sigma {
			total += value(x)
		}
		for i, x := range sigma {
			held += value(x)
			if held >= share*total {
				return i + 1
			}
		}
		return len(sigma)
	}
}

func TestEnergyRank(t *testing.T) {
	right := ranksByEnergy(true)
	accepted(t, checks.EnergyRank(right))
	refused(t, checks.EnergyRank(func([]float64, float64) int { return 0 }), "count how many")
	refused(t, checks.EnergyRank(ranksByEnergy(false)), "not of the σ")
	refused(t, checks.EnergyRank(func(s []float64, share float64) int { return right(s, share) - 1 }), "one too small")
	refused(t, checks.EnergyRank(func(s []float64, share float64) int {
		if share == .9 { // there one too many is also what plain sums give
			return right(s, share)
		}
		return right(s, share) + 1
	}), "one too large")
	refused(t, checks.EnergyRank(func(s []float64, _ float64) int { return int(s[10]) }), "your code panics")
}

func svdFactor(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
	var svd mat.SVD
	svd.Factorize(w, mat.SVDFull)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	return &u, svd.Values(nil), mat.DenseCopyOf(v.T())
}

func TestFactoredDense(t *testing.T) {
	accepted(t, checks.FactoredDense(svdFactor))
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		return w, make([]float64, w.RawMatrix().Rows), w
	}), "is not W")
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		u, s, v := svdFactor(w)
		return u, s, mat.DenseCopyOf(v.T())
	}), "as columns")
	identity := func(n int) (*mat.Dense, []float64) {
		m, ones := mat.NewDense(n, n, nil), make([]float64, n)
		for i := range n {
			m.Set(i, i, 1)
			ones[i] = 1
		}
		return m, ones
	}
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		m, ones := identity(w.RawMatrix().Rows)
		return w, ones, m
	}), "columns of U")
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		m, ones := identity(w.RawMatrix().Rows)
		return m, ones, w
	}), "rows of V")
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		u, s, v := svdFactor(w)
		u.Scale(-1, u)
		for i := range s {
			s[i] = -s[i]
		}
		return u, s, v
	}), "negative")
	refused(t, checks.FactoredDense(func(w *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		u, s, v := svdFactor(w)
		return u, s[:3], v
	}), "s have 6 entries")
	refused(t, checks.FactoredDense(func(*mat.Dense) (*mat.Dense, []float64, *mat.Dense) { return nil, nil, nil }), "missing")
}

func TestPhase2Count(t *testing.T) {
	count := func(first, perRank, last func(n int) int) func(int, []int) int {
		return func(n int, ranks []int) int {
			sum := first(n) + last(n)
			for _, r := range ranks {
				sum += r * perRank(n)
			}
			return sum
		}
	}
	one := func(int) int { return 1 }
	first, last := func(n int) int { return 3 * n }, func(n int) int { return n + 1 }
	right := count(first, one, last)
	accepted(t, checks.Phase2Count(right))
	refused(t, checks.Phase2Count(func(int, []int) int { return 0 }), "add up")
	refused(t, checks.Phase2Count(count(func(n int) int { return 2 * n }, one, last)), "has a bias")
	refused(t, checks.Phase2Count(count(first, one, func(n int) int { return n })), "has a bias")
	refused(t, checks.Phase2Count(count(func(int) int { return 0 }, one, last)), "first layer is trained too")
	refused(t, checks.Phase2Count(count(first, func(n int) int { return 1 + 2*n }, last)), "frozen")
	refused(t, checks.Phase2Count(count(first, func(int) int { return 0 }, last)), "diagonals are missing")
	refused(t, checks.Phase2Count(func(n int, ranks []int) int { return right(n, ranks) + len(ranks)*n }), "no biases")
	refused(t, checks.Phase2Count(func(n int, ranks []int) int { return 4*n + 1 + len(ranks)*n }), "full rank")
}

func TestOrthogonalityTerm(t *testing.T) {
	// term sums f of ‖BBᵀ − I‖² and multiplies by factor(n).
	term := func(f func(float64) float64, factor func(n float64) float64) func([]*mat.Dense) float64 {
		return func(bases []*mat.Dense) float64 {
			sum, n := 0., 1
			for _, b := range bases {
				n, _ = b.Dims()
				var gram mat.Dense
				gram.Mul(b, b.T())
				square := 0.
				for i := range n {
					for j := range n {
						x := gram.At(i, j)
						if i == j {
							x--
						}
						square += x * x
					}
				}
				sum += f(square)
			}
			return sum * factor(float64(n))
		}
	}
	same := func(x float64) float64 { return x }
	weight := func(n float64) float64 { return 4 / (n * n) }
	accepted(t, checks.OrthogonalityTerm(term(math.Sqrt, weight)))
	refused(t, checks.OrthogonalityTerm(func([]*mat.Dense) float64 { return 0 }), "is 0, as if")
	refused(t, checks.OrthogonalityTerm(func([]*mat.Dense) float64 { return 1 }), "a rotation is orthogonal")
	refused(t, checks.OrthogonalityTerm(term(same, weight)), "not squared")
	refused(t, checks.OrthogonalityTerm(term(math.Sqrt, func(float64) float64 { return 1 })), "4/n² is missing")
	refused(t, checks.OrthogonalityTerm(term(math.Sqrt, func(n float64) float64 { return 1 / (n * n) })), "yours 1/n²")
	refused(t, checks.OrthogonalityTerm(term(math.Sqrt, func(n float64) float64 { return 4 / n })), "yours 4/n")
	refused(t, checks.OrthogonalityTerm(func(bases []*mat.Dense) float64 {
		n, _ := bases[0].Dims()
		return weight(float64(n)) * math.Sqrt(term(same, func(float64) float64 { return 1 })(bases))
	}), "add the norms")
}

func TestSpuriousFlag(t *testing.T) {
	accepted(t, checks.SpuriousFlag(func(p, g float64) bool { return g > 100*p }))
	refused(t, checks.SpuriousFlag(func(p, g float64) bool { return p > 100*g }), "swapped")
	refused(t, checks.SpuriousFlag(func(float64, float64) bool { return false }), "is spurious")
	refused(t, checks.SpuriousFlag(func(_, g float64) bool { return g > 1 }), "their ratio")
}

func TestResolvedSeeds(t *testing.T) {
	values := []float64{.506, .056, .228, .385, .897} // published, β = 35
	accepted(t, checks.ResolvedSeeds(2, values, .579))
	refused(t, checks.ResolvedSeeds(-1, values, .579), "count the points")
	refused(t, checks.ResolvedSeeds(4, values, .579), "half of its error")
	refused(t, checks.ResolvedSeeds(3, values, .579), "not resolved")
}
