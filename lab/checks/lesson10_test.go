// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"pinn.example/repro/lab/checks"
)

func TestPositiveRank(t *testing.T) {
	count := func(keep func(x float64) bool) func(s []float64) int {
		return func(s []float64) int {
			n := 0
			for _, x := range s {
				if keep(x) {
					n++
				}
			}
			return n
		}
	}
	accepted(t, checks.PositiveRank(count(func(x float64) bool { return x > 0 })))
	refused(t, checks.PositiveRank(func([]float64) int { return -1 }), "you count -1")
	refused(t, checks.PositiveRank(func(s []float64) int { return len(s) }), "every entry is counted")
	refused(t, checks.PositiveRank(count(func(x float64) bool { return x == 0 })), "cut off")
	refused(t, checks.PositiveRank(count(func(x float64) bool { return x != 0 })), "negative entries")
	refused(t, checks.PositiveRank(count(func(x float64) bool { return x > 1e-3 })), "however small")
}

func slicedBy(s []float64, keep func(x float64) bool) []int {
	var kept []int
	for i, x := range s {
		if keep(x) {
			kept = append(kept, i)
		}
	}
	return kept
}

// sliceLayer keeps columns of U (rows, with rowsOfU), entries of s and rows of V (columns,
// with columnsOfV).
func sliceLayer(u *mat.Dense, s []float64, v *mat.Dense, kept []int, rowsOfU, columnsOfV bool) (*mat.Dense, []float64, *mat.Dense) {
	n, r := len(s), len(kept)
	su, ss, sv := mat.NewDense(n, r, nil), make([]float64, r), mat.NewDense(r, n, nil)
	if rowsOfU {
		su = mat.NewDense(r, n, nil)
	}
	if columnsOfV {
		sv = mat.NewDense(n, r, nil)
	}
	for k, i := range kept {
		ss[k] = s[i]
		for j := range n {
			if rowsOfU {
				su.Set(k, j, u.At(i, j))
			} else {
				su.Set(j, k, u.At(j, i))
			}
			if columnsOfV {
				sv.Set(j, k, v.At(j, i))
			} else {
				sv.Set(k, j, v.At(i, j))
			}
		}
	}
	return su, ss, sv
}

func TestSlicedLayer(t *testing.T) {
	positive := func(x float64) bool { return x > 0 }
	by := func(keep func(x float64) bool, rowsOfU, columnsOfV bool) error {
		return checks.SlicedLayer(func(u *mat.Dense, s []float64, v *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
			return sliceLayer(u, s, v, slicedBy(s, keep), rowsOfU, columnsOfV)
		})
	}
	accepted(t, by(positive, false, false))
	refused(t, checks.SlicedLayer(func(u *mat.Dense, s []float64, v *mat.Dense) (*mat.Dense, []float64, *mat.Dense) { return u, s, v }), "nothing is sliced")
	refused(t, checks.SlicedLayer(func(*mat.Dense, []float64, *mat.Dense) (*mat.Dense, []float64, *mat.Dense) { return nil, nil, nil }), "missing")
	refused(t, by(func(x float64) bool { return x > 1e-3 }, false, false), "you keep 2")
	refused(t, by(positive, true, false), "rows of U")
	refused(t, by(positive, false, true), "columns of V")
	refused(t, checks.SlicedLayer(func(u *mat.Dense, s []float64, v *mat.Dense) (*mat.Dense, []float64, *mat.Dense) {
		su, ss, _ := sliceLayer(u, s, v, slicedBy(s, positive), false, false)
		_, _, first := sliceLayer(u, s, v, []int{0, 1, 2}, false, false)
		return su, ss, first
	}), "same indices")
}

func TestCheaperRank(t *testing.T) {
	accepted(t, checks.CheaperRank(func(n int) int { return (n*n - 1) / (2*n + 1) }))
	refused(t, checks.CheaperRank(func(int) int { return 0 }), "a dense layer takes")
	refused(t, checks.CheaperRank(func(n int) int { return n*n/(2*n+1) + 1 }), "at width 50 and rank 25")
	refused(t, checks.CheaperRank(func(n int) int {
		if n == 50 {
			return 24
		}
		return n / 2
	}), "the factored layer takes 105")
}

func TestTruncatedSVD(t *testing.T) {
	by := func(keep func(i, r, n int) bool, transposed bool) error {
		return checks.TruncatedSVD(func(w *mat.Dense, r int) *mat.Dense {
			var svd mat.SVD
			svd.Factorize(w, mat.SVDFull)
			var u, v, us, out mat.Dense
			svd.UTo(&u)
			svd.VTo(&v)
			sigma := svd.Values(nil)
			for i := range sigma {
				if !keep(i, r, len(sigma)) {
					sigma[i] = 0
				}
			}
			us.Mul(&u, mat.NewDiagDense(len(sigma), sigma))
			if transposed {
				out.Mul(&us, &v)
			} else {
				out.Mul(&us, v.T())
			}
			return &out
		})
	}
	accepted(t, by(func(i, r, _ int) bool { return i < r }, false))
	refused(t, checks.TruncatedSVD(func(w *mat.Dense, _ int) *mat.Dense { return w }), "W itself")
	refused(t, by(func(i, r, _ int) bool { return i <= r }, false), "too few or too many")
	refused(t, by(func(i, r, n int) bool { return i >= n-r }, false), "small singular values")
	refused(t, by(func(i, r, _ int) bool { return i < r }, true), "not Vᵀ")
	refused(t, checks.TruncatedSVD(func(*mat.Dense, int) *mat.Dense { return nil }), "nil")
	refused(t, checks.TruncatedSVD(func(w *mat.Dense, r int) *mat.Dense { return mat.DenseCopyOf(w.Slice(0, r, 0, r)) }), "size of W")
}

func TestSpeedUp(t *testing.T) {
	accepted(t, checks.SpeedUp(1.30, 57_269_800, 74_189_800)) // the published counts
	refused(t, checks.SpeedUp(0, 58_019_800, 74_189_800), "divide")
	refused(t, checks.SpeedUp(.78, 58_019_800, 74_189_800), "is left")
	refused(t, checks.SpeedUp(4, 58_019_800, 74_189_800), "what the paper says")
	refused(t, checks.SpeedUp(29.6, 58_019_800, 74_189_800), "trained values")
}

func TestQueriesToRepay(t *testing.T) {
	queries := func(round func(float64) float64, saved func(phase2, scratch float64) float64) func(a, b, c float64) int {
		return func(phase1, phase2, scratch float64) int {
			if scratch <= phase2 {
				return -1
			}
			return max(1, int(round(phase1/saved(phase2, scratch))))
		}
	}
	difference := func(phase2, scratch float64) float64 { return scratch - phase2 }
	right := queries(math.Ceil, difference)
	accepted(t, checks.QueriesToRepay(right))
	refused(t, checks.QueriesToRepay(func(_, _, _ float64) int { return 0 }), "compare the cost")
	refused(t, checks.QueriesToRepay(queries(math.Floor, difference)), "round up")
	refused(t, checks.QueriesToRepay(queries(func(x float64) float64 { return math.Floor(x) + 1 }, difference)), "one query fewer")
	refused(t, checks.QueriesToRepay(func(a, b, c float64) int { return max(1, int(math.Ceil(a/math.Abs(c-b+1e-30)))) }), "−1")
	refused(t, checks.QueriesToRepay(func(a, _, c float64) int { return int(math.Ceil(a / c)) }), "difference of a PINN")
}
