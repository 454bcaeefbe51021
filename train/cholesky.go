// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// damped solves (A + μI) x = b for a symmetric A, n by n, by Cholesky's decomposition;
// nil is a matrix that is not positive definite within rounding. (gonum's mat.Cholesky
// estimates a condition number beside.)
func damped(a, b []float64, mu float64) []float64 {
	n := len(b)
	sym := blas64.Symmetric{Uplo: blas.Upper, N: n, Stride: n, Data: slices.Clone(a)}
	for i := range n {
		sym.Data[i*n+i] += mu
	}
	factor, ok := lapack64.Potrf(sym)
	if !ok {
		return nil
	}
	x := blas64.General{Rows: n, Cols: 1, Stride: 1, Data: slices.Clone(b)}
	lapack64.Potrs(factor, x)
	return x.Data
}
