// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// PositiveRank judges the number of positive entries of a diagonal (exercise 10.1).
func PositiveRank(rank func(s []float64) int) error {
	return guarded(func() error {
		for _, c := range []struct {
			s                    []float64
			want, nonZero, large int
		}{
			{[]float64{1, 0, 2, 0, 0}, 2, 2, 1},
			{[]float64{0, 0, 0}, 0, 0, 0},
			{[]float64{3, 1e-7, 4, 0}, 3, 3, 2},
			{[]float64{3, -2, .5, 0, -1e-3}, 2, 4, 1},
		} {
			got := rank(slices.Clone(c.s))
			switch {
			case got == c.want:
				continue
			case got == len(c.s):
				return errors.New("every entry is counted, those that are 0 too")
			case got == len(c.s)-c.want:
				return errors.New("that is the number of entries that are cut off")
			case got == c.nonZero:
				return errors.New("negative entries don't count: no ReLU would let them pass")
			case got == c.large:
				return fmt.Errorf("for s = %v you count %d: every positive entry counts, however small", c.s, got)
			}
			return fmt.Errorf("for s = %v you count %d", c.s, got)
		}
		return nil
	})
}

// SlicedLayer judges the factors of a low-rank layer without the entries that are 0
// (exercise 10.2): their product must stay, and their shapes must shrink.
func SlicedLayer(slice func(u *mat.Dense, s []float64, v *mat.Dense) (*mat.Dense, []float64, *mat.Dense)) error {
	return guarded(func() error {
		const n = 5
		u, v := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				u.Set(i, j, math.Sin(float64(2*i*i+7*j+1)))
				v.Set(i, j, math.Cos(float64(5*i+3*j*j+2)))
			}
		}
		s := []float64{0, 2, 0, .5, 1e-6}
		want := lowRankWeight(u, s, v)
		gu, gs, gv := slice(mat.DenseCopyOf(u), slices.Clone(s), mat.DenseCopyOf(v))
		if gu == nil || gv == nil {
			return errors.New("one of U and V is missing")
		}
		const kept = 3
		ur, uc := gu.Dims()
		vr, vc := gv.Dims()
		switch {
		case len(gs) == n && uc == n && vr == n:
			return errors.New("nothing is sliced: the factors have as many columns, entries and rows as before")
		case len(gs) != kept:
			return fmt.Errorf("%d of the entries %v are positive, and you keep %d", kept, s, len(gs))
		case ur == kept && uc == n:
			return errors.New("you keep rows of U; entry i of s belongs to its column i")
		case vr == n && vc == kept:
			return errors.New("you keep columns of V; entry i of s belongs to its row i")
		case ur != n || uc != kept || vr != kept || vc != n:
			return fmt.Errorf("expected U of %d×%d and V of %d×%d; yours are %d×%d and %d×%d", n, kept, kept, n, ur, uc, vr, vc)
		}
		var difference mat.Dense
		difference.Sub(lowRankWeight(gu, gs, gv), want)
		if !(mat.Norm(&difference, 2) < 1e-12) {
			return errors.New("the shapes are right, but U diag(s) V has changed: keep the columns of U, entries of s and rows of V with the same indices, in the same order")
		}
		return nil
	})
}

func lowRankWeight(u *mat.Dense, s []float64, v *mat.Dense) *mat.Dense {
	var us, w mat.Dense
	us.Mul(u, mat.NewDiagDense(len(s), s))
	w.Mul(&us, v)
	return &w
}

// CheaperRank judges the largest rank at which r(2n+1) multiplications are fewer than n²
// (exercise 10.3): below n²/(2n+1), which is n/2 − ¼ and a bit.
func CheaperRank(rank func(n int) int) error {
	return guarded(func() error {
		for _, c := range []struct{ n, want int }{
			{50, 24},  // 24·101 = 2,424 < 2,500 < 25·101
			{10, 4},   // 4·21 = 84 < 100 < 105
			{3, 1},    // 7 < 9 < 14
			{1, 0},    // 3 > 1
			{101, 50}, // 50·203 = 10,150 < 10,201 < 51·203
		} {
			got := rank(c.n)
			switch {
			case got == c.want:
				continue
			case got == c.want+1:
				return fmt.Errorf("at width %d and rank %d the factored layer takes %d multiplications, and the dense one %d", c.n, got, got*(2*c.n+1), c.n*c.n)
			case got == c.n/2:
				return errors.New("half of the width is nearly right: don't forget the r multiplications with s")
			}
			return fmt.Errorf("at width %d your answer is %d: a dense layer takes n·n multiplications, a factored one n·r, then r, then r·n", c.n, got)
		}
		return nil
	})
}

// TruncatedSVD judges the best approximation of a matrix by one of rank r (exercise
// 10.4) on a matrix that is built from its singular values.
func TruncatedSVD(truncate func(w *mat.Dense, r int) *mat.Dense) error {
	return guarded(func() error {
		const n = 5
		sigma := []float64{5, 3, 2, 1, .5}
		// I − 2aaᵀ/aᵀa is orthogonal.
		mirror := func(a []float64) *mat.Dense {
			m, length := mat.NewDense(n, n, nil), 0.
			for _, x := range a {
				length += x * x
			}
			for i := range n {
				for j := range n {
					m.Set(i, j, -2*a[i]*a[j]/length)
				}
				m.Set(i, i, m.At(i, i)+1)
			}
			return m
		}
		u := mirror([]float64{1, 2, 3, 4, 5})
		var v mat.Dense // of two mirrors, so that it is not its own transpose
		v.Mul(mirror([]float64{2, -1, 0, 1, 3}), mirror([]float64{1, 1, 4, 0, -2}))
		of := func(keep func(i int) bool) *mat.Dense {
			s := make([]float64, n)
			for i := range s {
				if keep(i) {
					s[i] = sigma[i]
				}
			}
			return lowRankWeight(u, s, &v)
		}
		w := of(func(int) bool { return true })
		for _, r := range []int{3, 1, n} {
			got := truncate(mat.DenseCopyOf(w), r)
			if got == nil {
				return errors.New("the result is nil")
			}
			if a, b := got.Dims(); a != n || b != n {
				return fmt.Errorf("the result must have the size of W, %d×%d; yours is %d×%d", n, n, a, b)
			}
			same := func(m *mat.Dense) bool {
				var d mat.Dense
				d.Sub(got, m)
				return mat.Norm(&d, 2) < 1e-9
			}
			switch {
			case same(of(func(i int) bool { return i < r })):
				continue
			case same(w):
				return fmt.Errorf("for r = %d you return W itself: set the singular values from the %dth on to 0", r, r+1)
			case same(of(func(i int) bool { return i < r-1 })), same(of(func(i int) bool { return i < r+1 })):
				return fmt.Errorf("for r = %d you keep one singular value too few or too many", r)
			case same(of(func(i int) bool { return i >= n-r })), same(of(func(i int) bool { return i >= r })):
				return errors.New("you keep the small singular values; gonum returns the largest first")
			}
			return fmt.Errorf("for r = %d the result is not the nearest matrix of this rank: it should be U diag(σ₁ … σ_r, 0 …) Vᵀ, and VTo gives V, not Vᵀ", r)
		}
		return nil
	})
}

// SpeedUp judges how many times fewer multiplications a step of Phase 2 takes than one
// of the PINN (exercise 10.5), given both counts.
func SpeedUp(answer float64, phase2, scratch int) error {
	truth := float64(scratch) / float64(phase2)
	switch {
	case near(answer, truth, .01):
		return nil
	case near(answer, 1/truth, .01):
		return errors.New("that is the part of the multiplications that is left; asked is how many times fewer they are")
	case near(answer, 4, .1):
		return errors.New("that is what the paper says; the counts above say otherwise")
	case near(answer, 10401./351, .1):
		return errors.New("that is the ratio of trained values; multiplications are another matter")
	}
	return errors.New("divide the PINN's count by Phase 2's, both from the table, to two decimals")
}

// QueriesToRepay judges the smallest number of queries from which on a Phase 1 is repaid,
// −1 for never (exercise 10.6).
func QueriesToRepay(queries func(phase1, phase2, scratch float64) int) error {
	return guarded(func() error {
		for _, c := range []struct {
			phase1, phase2, scratch float64
			want                    int
		}{
			{700, 25, 90, 11},   // 700/65 = 10.8
			{100, 1, 11, 10},    // 110 = 110
			{100, 1, 12, 10},    // 100/11 = 9.09
			{95, 0, 10, 10},     // 9.5
			{0, 1, 2, 1},        // one query is the least
			{100, 5, 5, -1},     // nothing is saved
			{100, 8, 5, -1},     // dearer
			{1000, .5, 1, 2000}, // 1000/.5
		} {
			got := queries(c.phase1, c.phase2, c.scratch)
			if got == c.want {
				continue
			}
			example := fmt.Sprintf("Phase 1 takes %g s, Phase 2 %g s and a PINN %g s", c.phase1, c.phase2, c.scratch)
			switch {
			case c.want < 0:
				return fmt.Errorf("%s: then no number of queries repays it, and the answer is −1", example)
			case got == c.want-1:
				return fmt.Errorf("%s: after %d queries it is not repaid yet; round up, and to 1 at least", example, got)
			case got == c.want+1:
				return fmt.Errorf("%s: one query fewer is enough, since both then cost the same", example)
			case got == int(math.Ceil(c.phase1/c.scratch)):
				return errors.New("the queries themselves cost something too: what each saves is the difference of a PINN and a Phase 2")
			}
			return fmt.Errorf("%s: your answer is %d; compare the cost of N queries both ways", example, got)
		}
		return nil
	})
}
