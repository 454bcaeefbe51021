// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/lab/checks"
)

// answer07 is an answer to one of lesson 7's exercises: the hint has the words, or
// there is none.
type answer07 struct {
	name, hint string
	err        error
}

func judge07(t *testing.T, answers []answer07) {
	t.Helper()
	for _, a := range answers {
		switch {
		case a.hint == "" && a.err != nil:
			t.Errorf("%s: hint %q for the right answer", a.name, a.err)
		case a.hint != "" && (a.err == nil || !strings.Contains(a.err.Error(), a.hint)):
			t.Errorf("%s: hint %v, expected %q", a.name, a.err, a.hint)
		}
	}
}

// coleHopf is the formula with its parts to be spoilt: sign, the largest exponent taken
// off, both denominators, and the number of terms.
func coleHopf(sign float64, shifted bool, cosine, gauss float64, terms int) func(nu, t, x float64) float64 {
	return func(nu, t, x float64) float64 {
		if t == 0 {
			return -math.Sin(math.Pi * x)
		}
		exponent := func(eta float64) float64 {
			return -math.Cos(math.Pi*(x-eta))/(cosine*nu) - eta*eta/(gauss*nu*t)
		}
		eta := func(i int) float64 { return -3 + 6*float64(i)/float64(terms-1) }
		largest := math.Inf(-1)
		for i := range terms {
			largest = max(largest, exponent(eta(i)))
		}
		if !shifted {
			largest = 0
		}
		above, below := 0., 0.
		for i := range terms {
			w := math.Exp(exponent(eta(i)) - largest)
			above, below = above+math.Sin(math.Pi*(x-eta(i)))*w, below+w
		}
		return sign * above / below
	}
}

func TestColeHopf(t *testing.T) {
	pi2 := 2 * math.Pi
	judge07(t, []answer07{
		{"right", "", checks.ColeHopf(coleHopf(-1, true, pi2, 4, 12_001))},
		{"stub", "still return the initial value", checks.ColeHopf(func(_, _, x float64) float64 { return -math.Sin(math.Pi * x) })},
		{"sign", "begins with a minus", checks.ColeHopf(func(nu, t, x float64) float64 {
			if t == 0 {
				return -math.Sin(math.Pi * x)
			}
			return coleHopf(1, true, pi2, 4, 12_001)(nu, t, x)
		})},
		{"overflow", "subtract the largest exponent", checks.ColeHopf(coleHopf(-1, false, pi2, 4, 12_001))},
		{"heat kernel", "both parts of the exponent", checks.ColeHopf(coleHopf(-1, true, pi2, 2, 12_001))},
		{"too few terms", "thousands of terms", checks.ColeHopf(coleHopf(-1, true, pi2, 4, 101))},
		{"t = 0", "at t = 0 you return NaN", checks.ColeHopf(func(nu, t, x float64) float64 { return math.NaN() })},
		{"panic", "your code panics", checks.ColeHopf(func(nu, t, x float64) float64 { panic("no") })},
	})
}

func TestFrontSpacings(t *testing.T) {
	judge07(t, []answer07{
		{"right", "", checks.FrontSpacings(func(nu float64, n int) float64 { return 2 * nu * float64(n-1) })},
		{"stub", "width 4ν", checks.FrontSpacings(func(float64, int) float64 { return 0 })},
		{"half", "half of what is right", checks.FrontSpacings(func(nu float64, n int) float64 { return nu * float64(n-1) })},
		{"twice", "twice what is right", checks.FrontSpacings(func(nu float64, n int) float64 { return 4 * nu * float64(n-1) })},
		{"n", "n−1 spacings", checks.FrontSpacings(func(nu float64, n int) float64 { return 2 * nu * float64(n) })},
		{"inverse", "inverse", checks.FrontSpacings(func(nu float64, n int) float64 { return 1 / (2 * nu * float64(n-1)) })},
		{"width", "the width itself", checks.FrontSpacings(func(nu float64, n int) float64 { return 4 * nu })},
	})
}

func TestBurgersCounts(t *testing.T) {
	count := func(bias func(in, out int) int) func(...int) int {
		return func(widths ...int) int {
			n := 0
			for l := range len(widths) - 1 {
				n += widths[l]*widths[l+1] + bias(widths[l], widths[l+1])
			}
			return n
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.BurgersCounts(count(func(_, out int) int { return out }))},
		{"stub", "n × m matrix", checks.BurgersCounts(func(...int) int { return 0 })},
		{"no biases", "weights alone", checks.BurgersCounts(count(func(_, _ int) int { return 0 }))},
		{"biases of inputs", "not of its inputs", checks.BurgersCounts(count(func(in, _ int) int { return in }))},
		{"out of range", "your code panics", checks.BurgersCounts(func(widths ...int) int { return widths[len(widths)] })},
	})
}

func TestShareBelow(t *testing.T) {
	share := func(in func(nu, limit float64) bool, scale float64) func(nus, mse []float64, limit float64) float64 {
		return func(nus, mse []float64, limit float64) float64 {
			part, all := 0., 0.
			for i := range nus {
				all += mse[i]
				if in(nus[i], limit) {
					part += mse[i]
				}
			}
			return scale * part / all
		}
	}
	below := func(nu, limit float64) bool { return nu < limit }
	judge07(t, []answer07{
		{"right", "", checks.ShareBelow(share(below, 1))},
		{"stub", "you say that a share of 0", checks.ShareBelow(func(_, _ []float64, _ float64) float64 { return 0 })},
		{"above", "from the limit on", checks.ShareBelow(share(func(nu, limit float64) bool { return nu >= limit }, 1))},
		{"at most", "equals the limit", checks.ShareBelow(share(func(nu, limit float64) bool { return nu <= limit }, 1))},
		{"per cent", "factor 100", checks.ShareBelow(share(below, 100))},
		{"sum", "divide it by the sum of all", checks.ShareBelow(share(below, 10))},
		{"count", "not of their errors", checks.ShareBelow(func(nus, _ []float64, limit float64) float64 {
			return share(below, 1)(nus, []float64{1, 1, 1, 1}, limit)
		})},
	})
}

func TestBurgersResidual(t *testing.T) {
	// terms has the parts of the residual of u by differences.
	type field = func(t, x float64) float64
	residual := func(of func(u, ut, ux, uxx, nu float64) float64) func(u field, nu, t, x float64) float64 {
		return func(u field, nu, t, x float64) float64 {
			const h = 1e-4
			return of(u(t, x), (u(t+h, x)-u(t-h, x))/(2*h), (u(t, x+h)-u(t, x-h))/(2*h), (u(t, x+h)-2*u(t, x)+u(t, x-h))/(h*h), nu)
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.BurgersResidual(residual(func(u, ut, ux, uxx, nu float64) float64 { return ut + u*ux - nu*uxx }))},
		{"stub", "u itself", checks.BurgersResidual(func(u field, _, t, x float64) float64 { return u(t, x) })},
		{"diffusion's sign", "sign of the diffusion", checks.BurgersResidual(residual(func(u, ut, ux, uxx, nu float64) float64 { return ut + u*ux + nu*uxx }))},
		{"linear", "not u_x alone", checks.BurgersResidual(residual(func(_, ut, ux, uxx, nu float64) float64 { return ut + ux - nu*uxx }))},
		{"convection's sign", "sign of u·u_x", checks.BurgersResidual(residual(func(u, ut, ux, uxx, nu float64) float64 { return ut - u*ux - nu*uxx }))},
		{"no ν", "where is ν", checks.BurgersResidual(residual(func(u, ut, ux, uxx, _ float64) float64 { return ut + u*ux - uxx }))},
		{"first derivative", "second derivative", checks.BurgersResidual(residual(func(u, ut, ux, _, nu float64) float64 { return ut + u*ux - nu*ux }))},
		{"swapped", "swapped", checks.BurgersResidual(residual(func(u, ut, ux, uxx, nu float64) float64 { return ux + u*ut - nu*uxx }))},
		{"half a step", "check each difference alone", checks.BurgersResidual(residual(func(u, ut, ux, uxx, nu float64) float64 { return 2*ut + 2*u*ux - nu*uxx }))},
	})
}

func TestMeanWeight(t *testing.T) {
	judge07(t, []answer07{
		{"right", "", checks.MeanWeight(func(alpha float64, n, m int) float64 { return alpha * float64(m) / float64(n) })},
		{"stub", "same α", checks.MeanWeight(func(alpha float64, n, m int) float64 { return alpha })},
		{"inverse", "upside down", checks.MeanWeight(func(alpha float64, n, m int) float64 { return alpha * float64(n) / float64(m) })},
		{"collocation alone", "data's sum", checks.MeanWeight(func(alpha float64, n, m int) float64 { return alpha * float64(m) })},
		{"whole numbers", "squares that are all 1", checks.MeanWeight(func(alpha float64, n, m int) float64 { return float64(m % n) })},
	})
}
