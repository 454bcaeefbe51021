// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// EnergyRank judges the smallest number of singular values that hold a share of the sum
// of their squares (exercise 9.1). The truth is worked out by hand.
func EnergyRank(rank func(sigma []float64, share float64) int) error {
	return guarded(func() error {
		for _, c := range []struct {
			sigma []float64
			share float64
			want  int
			// plain is the answer for values that are not squared.
			plain int
		}{
			{[]float64{3, 2, 1}, .9, 2, 3},           // 9 + 4 of 14
			{[]float64{10, 1, 1, 1, 1}, .95, 1, 5},   // 100 of 104
			{[]float64{2, 2, 2, 2}, .5, 2, 2},        // 8 of 16
			{[]float64{2, 2, 2, 2}, .51, 3, 3},       // 8 of 16 is not enough
			{[]float64{4, 3, 0, 0}, 1, 2, 2},         // zeros hold nothing
			{[]float64{5, 2, 1, .5, .1}, .99, 3, 4},  // 29 of 30.26 is .958, 30 of it .991
			{[]float64{1, 1, 1, 1, 1, 1}, .83, 5, 5}, // 5 of 6 is .833
		} {
			got := rank(c.sigma, c.share)
			if got == c.want {
				continue
			}
			switch {
			case got == c.plain:
				return errors.New("energy is the sum of the squares σ², not of the σ")
			case got == c.want-1:
				return fmt.Errorf("for σ = %v and a share of %g your rank is one too small: the values that it counts must hold the share themselves", c.sigma, c.share)
			case got == c.want+1:
				return fmt.Errorf("for σ = %v and a share of %g your rank is one too large: stop as soon as the share is reached", c.sigma, c.share)
			}
			return fmt.Errorf("for σ = %v and a share of %g your rank is %d: add up σ² from the largest on, and count how many it takes", c.sigma, c.share, got)
		}
		return nil
	})
}

// FactoredDense judges a factorisation W = U diag(s) V with orthonormal columns of U and
// rows of V (exercise 9.2) by these properties.
func FactoredDense(factor func(w *mat.Dense) (u *mat.Dense, s []float64, v *mat.Dense)) error {
	return guarded(func() error {
		const n = 6
		w := mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				w.Set(i, j, math.Sin(float64(3*i*i+5*j+i*j)))
			}
		}
		u, s, v := factor(mat.DenseCopyOf(w))
		if u == nil || v == nil {
			return errors.New("one of U and V is missing")
		}
		if r, c := u.Dims(); r != n || c != n || len(s) != n {
			return fmt.Errorf("for a matrix of %d×%d, U must be as large and s have %d entries; yours are %d×%d and %d", n, n, n, r, c, len(s))
		}
		if r, c := v.Dims(); r != n || c != n {
			return fmt.Errorf("for a matrix of %d×%d, V must be as large; yours is %d×%d", n, n, r, c)
		}
		product := func(v mat.Matrix) float64 {
			var us, p, d mat.Dense
			us.Mul(u, mat.NewDiagDense(n, s))
			p.Mul(&us, v)
			d.Sub(&p, w)
			return mat.Norm(&d, 2)
		}
		if !(product(v) < 1e-9) {
			if product(v.T()) < 1e-9 {
				return errors.New("with your V, U diag(s) Vᵀ is W, and U diag(s) V is not: VTo gives the right singular vectors as columns")
			}
			return fmt.Errorf("the product U diag(s) V is not W: the difference has norm %.2g", product(v))
		}
		for _, x := range s {
			if x < 0 {
				return errors.New("an entry of s is negative")
			}
		}
		if !orthonormalColumns(u) {
			return errors.New("the product U diag(s) V is W, but the columns of U are not orthonormal")
		}
		if !orthonormalColumns(mat.DenseCopyOf(v.T())) {
			return errors.New("the product U diag(s) V is W, but the rows of V are not orthonormal")
		}
		return nil
	})
}

func orthonormalColumns(m *mat.Dense) bool {
	_, n := m.Dims()
	for i := range n {
		for j := range n {
			want := 0.
			if i == j {
				want = 1
			}
			if !near(mat.Dot(m.ColView(i), m.ColView(j)), want, 1e-9) {
				return false
			}
		}
	}
	return true
}

// Phase2Count judges the number of values that Phase 2 trains (exercise 9.3). 351 is in
// the paper, and 294 the size of what its authors released.
func Phase2Count(count func(n int, ranks []int) int) error {
	return guarded(func() error {
		for _, c := range []struct {
			n     int
			ranks []int
			want  int
		}{
			{50, []int{29, 30, 34}, 294},
			{50, []int{50, 50, 50}, 351},
			{20, []int{7, 11}, 99}, // 40 + 20, 7 + 11, 20 + 1
		} {
			got, sum := count(c.n, append([]int(nil), c.ranks...)), 0
			for _, r := range c.ranks {
				sum += r
			}
			switch got - c.want {
			case 0:
				continue
			case -c.n, -c.n - 1, -1:
				return errors.New("too few: the first layer has a bias for each of its n outputs, and the output layer has n weights and a bias")
			case -3*c.n - 0:
				return errors.New("too few: the first layer is trained too, with 2 inputs and a bias")
			case len(c.ranks) * c.n:
				return errors.New("too many: the low-rank layers have no biases")
			case 2 * c.n * sum:
				return errors.New("too many: Phase 2 trains no bases, they are frozen")
			case len(c.ranks)*c.n - sum:
				return errors.New("this is the count at full rank: only the entries that are kept count")
			case -sum:
				return errors.New("the diagonals are missing")
			}
			return fmt.Errorf("at width %d with ranks %v you count %d: add up the first layer, the diagonals and the output layer", c.n, c.ranks, got)
		}
		return nil
	})
}

// OrthogonalityTerm judges 4/n² Σ ‖BBᵀ − I‖ (exercise 9.4) on bases for which the norm
// is known: 0 for an orthonormal one, √n for zeros, (c² − 1)√n for c times the identity.
func OrthogonalityTerm(term func(bases []*mat.Dense) float64) error {
	return guarded(func() error {
		rotation := mat.NewDense(2, 2, []float64{.6, -.8, .8, .6})
		if got := term([]*mat.Dense{rotation}); !near(got, 0, 1e-9) {
			return fmt.Errorf("a rotation is orthogonal, and its term should be 0; yours is %.3g", got)
		}
		zeros, triple := mat.NewDense(3, 3, nil), mat.NewDense(3, 3, nil)
		for i := range 3 {
			triple.Set(i, i, 3)
		}
		for _, c := range []struct {
			name  string
			bases []*mat.Dense
			norms []float64
			n     float64
		}{
			{"a 3×3 basis of zeros", []*mat.Dense{zeros}, []float64{math.Sqrt(3)}, 3},
			{"three times the 3×3 identity", []*mat.Dense{triple}, []float64{8 * math.Sqrt(3)}, 3},
			{"two bases", []*mat.Dense{zeros, triple}, []float64{math.Sqrt(3), 8 * math.Sqrt(3)}, 3},
			// BBᵀ − I = (1 0; 0 −1); BᵀB − I = (0 1; 1 0) has the same norm.
			{"the basis (1 1; 0 0)", []*mat.Dense{mat.NewDense(2, 2, []float64{1, 1, 0, 0})}, []float64{math.Sqrt2}, 2},
		} {
			sum, squares := 0., 0.
			for _, x := range c.norms {
				sum, squares = sum+x, squares+x*x
			}
			got, want := term(c.bases), 4*sum/(c.n*c.n)
			switch {
			case near(got, want, 1e-9):
				continue
			case got == 0:
				return fmt.Errorf("for %s your term is 0, as if it were orthonormal", c.name)
			case near(got, 4*squares/(c.n*c.n), 1e-9):
				return errors.New("the norms are not squared in this term: a root is missing")
			case near(got, sum, 1e-9):
				return errors.New("the factor 4/n² is missing")
			case near(got, sum/(c.n*c.n), 1e-9):
				return errors.New("the factor is 4/n², and yours 1/n²")
			case near(got, 4*sum/c.n, 1e-9):
				return errors.New("the factor is 4/n², and yours 4/n")
			case c.name == "two bases" && near(got, 4*math.Sqrt(squares)/(c.n*c.n), 1e-9):
				return errors.New("add the norms of the bases: yours is one norm of all of them")
			}
			return fmt.Errorf("for %s your term is %.4g: it should be 4/n² times the root of the sum of the squared entries of BBᵀ − I", c.name, got)
		}
		return nil
	})
}

// SpuriousFlag judges a flag on the residual at the training points and on the grid
// (exercise 9.5).
func SpuriousFlag(spurious func(onPoints, onGrid float64) bool) error {
	return guarded(func() error {
		for _, c := range []struct {
			onPoints, onGrid float64
			want             bool
		}{
			{2e-3, 470, true},
			{4e-3, 4, true},
			{3e-3, 1e-2, false},
			{1e-5, 2e-3, true},
			{1, 60, false},
			{5e-2, .4, false},
		} {
			if spurious(c.onPoints, c.onGrid) == c.want {
				continue
			}
			switch {
			case spurious(c.onGrid, c.onPoints) == c.want && c.onGrid > 100*c.onPoints:
				return errors.New("it looks as if the two residuals were swapped: a spurious solution has the large one between the training points")
			case c.want && c.onGrid > .1:
				return fmt.Errorf("a residual of %.1g on the points and %.3g on the grid is spurious: the grid's is more than 100 times larger", c.onPoints, c.onGrid)
			}
			return fmt.Errorf("residuals of %.1g and %.1g: it is their ratio that counts, not the size of one of them", c.onPoints, c.onGrid)
		}
		return nil
	})
}

// ResolvedSeeds judges how many of a cell's seeds have an error below half of the best
// constant's (exercise 9.6).
func ResolvedSeeds(answer int, errorOf []float64, trivial float64) error {
	resolved, better := 0, 0
	for _, v := range errorOf {
		if v < trivial/2 {
			resolved++
		}
		if v < trivial {
			better++
		}
	}
	switch answer {
	case resolved:
		return nil
	case better:
		return errors.New("that many are better than the best constant; asked is for half of its error")
	case len(errorOf) - resolved:
		return errors.New("that many are not resolved")
	}
	return fmt.Errorf("count the points of β = 35 below %.2g, half of the best constant's error", trivial/2)
}
