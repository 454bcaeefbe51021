// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"testing"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"pinn.example/repro/jet"
)

// The exact solution as a network, its second derivatives by reverse mode twice:
// its residual is rounding, whatever μ, also for two queries at once. That of
// another μ is not.
func TestHelmholtzResidualOfExactSolutionIsRounding(t *testing.T) {
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	points, err := Helmholtz{}.Points(Sample{Set: "drawn", Collocation: 40})
	if err != nil {
		t.Fatal(err)
	}
	var flat []float64
	for _, at := range points.Collocation {
		flat = append(flat, at...)
	}
	at := tensors.FromFlatDataAndDimensions(flat, 1, 40, 2)
	largest := func(of, solved []float64) float64 {
		r := MustExecOnce(b, func(in []*Node) *Node {
			exact := func(x *jet.Jet) *jet.Jet {
				points := BroadcastToDims(x.Value(), 2, 40, 2) // each query its own, so that gradients don't add up
				u := exactHelmholtz(points, Columns(in[0], 2))
				laplacian := ZerosLike(u)
				for k := range 2 {
					slope := along(Gradient(ReduceAllSum(u), points)[0], k)
					laplacian = Add(laplacian, along(Gradient(ReduceAllSum(slope), points)[0], k))
				}
				return jet.Solution(u, laplacian)
			}
			residual, _ := Residual(Helmholtz{}, exact, in[1], in[2])
			return residual
		}, tensors.FromFlatDataAndDimensions(of, 2, 2), tensors.FromFlatDataAndDimensions(solved, 2, 2), at)
		worst := 0.
		for _, x := range tensors.MustCopyFlatData[float64](r) {
			worst = math.Max(worst, math.Abs(x))
		}
		return worst
	}
	mus := []float64{2.5, 1.8, 3, 2}
	// The terms of the residual are up to 13π² = 128; a few roundings of 2⁻⁵³.
	if r := largest(mus, mus); !(r < 128*0x1p-49) {
		t.Errorf("the residual of the exact solution is %.3g, want rounding", r)
	}
	if r := largest(mus, []float64{2.5, 1.8, 3, 2.1}); r < 1 {
		t.Errorf("the residual of another μ's solution is %.3g: the test tests nothing", r)
	}
}

func exactHelmholtz(points *Node, a []*Node) *Node {
	wave := func(k int) *Node { return Sin(Mul(MulScalar(a[k], math.Pi), along(points, k))) }
	return Mul(wave(0), wave(1))
}

// along is coordinate k of vectors, [query, point, 1]: by a product, since a
// slice has no second gradient in GoMLX.
func along(vectors *Node, k int) *Node {
	unit := []float64{0, 0}
	unit[k] = 1
	return ReduceAndKeep(Mul(vectors, Const(vectors.Graph(), [][][]float64{{unit}})), ReduceSum, -1)
}
