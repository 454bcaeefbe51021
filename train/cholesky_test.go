// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestDamped: the solution is that of gonum's own decomposition, whatever the size has to
// do with the block's, and only the upper triangle is read.
func TestDamped(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, choleskyBlock - 1, choleskyBlock, choleskyBlock + 1, 3*choleskyBlock - 5, 3 * choleskyBlock} {
		const mu = .5
		x := mat.NewDense(n, n+3, nil)
		for i := range n {
			for j := range n + 3 {
				x.Set(i, j, r.NormFloat64())
			}
		}
		var a mat.Dense
		a.Mul(x, x.T())
		b, whole := make([]float64, n), mat.NewSymDense(n, nil)
		upper := make([]float64, n*n)
		for i := range n {
			b[i] = r.NormFloat64()
			for j := range n {
				if upper[i*n+j] = math.NaN(); j >= i {
					upper[i*n+j] = a.At(i, j)
					whole.SetSym(i, j, a.At(i, j))
				}
			}
			whole.SetSym(i, i, a.At(i, i)+mu)
		}
		var c mat.Cholesky
		if !c.Factorize(whole) {
			t.Fatal("the matrix of the test is not positive definite")
		}
		var want mat.VecDense
		if err := c.SolveVecTo(&want, mat.NewVecDense(n, b)); err != nil {
			t.Fatal(err)
		}
		got := damped(make([]float64, len(upper)), upper, b, mu)
		if len(got) != n {
			t.Fatalf("size %d: no solution", n)
		}
		for i := range got {
			if d := math.Abs(got[i] - want.AtVec(i)); !(d <= 1e-9*(1+math.Abs(want.AtVec(i)))) {
				t.Errorf("size %d: entry %d is %g, want %g", n, i, got[i], want.AtVec(i))
			}
		}
		// One negative value on the diagonal, in the last block.
		upper[n*n-1] = -1e6
		if damped(make([]float64, len(upper)), upper, b, mu) != nil {
			t.Errorf("size %d: an indefinite matrix was solved", n)
		}
	}
}
