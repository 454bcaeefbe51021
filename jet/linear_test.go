// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/jet"
)

// everything lists all channels of the jets of twoLayers.
func everything(u *jet.Jet) []*Node {
	out := []*Node{u.Value(), fill(u.Operator(), queries)}
	for _, name := range []string{"t", "tt", "x", "xx"} {
		out = append(out, fill(u.Derivative([]string{"x", "t"}, name), queries))
	}
	return out
}

// twoLayers puts a layer under test behind a dense one, so that its input has
// all channels, and compares two ways of writing it in every channel.
func twoLayers(t *testing.T, inputs []array, tolerance float64, one, other func(h *jet.Jet, in []*Node) *jet.Jet) {
	t.Helper()
	x, w0 := random("x", 1, 1, points, 2), random("w0", .8, queries, 2, width)
	build := func(layer func(h *jet.Jet, in []*Node) *jet.Jet) []array {
		return evaluate(t, append([]array{x, w0}, inputs...), func(in []*Node) []*Node {
			plan := jet.Plan([]string{"x", "t"}, map[string]any{"t": 1., "x": 30., "xxx": -1.}, []string{"tt"}, in[0])
			return everything(jet.Tanh(layer(jet.Tanh(jet.Dense(jet.Coordinates(in[0], plan), in[1], nil)), in[2:])))
		})
	}
	got, want := build(one), build(other)
	if len(got) != len(want) || len(got) != 6 { // u, L u, u_t, u_tt, u_x, u_xx
		t.Fatalf("%d and %d channels, want 6", len(got), len(want))
	}
	for i := range got {
		near(t, "channel "+[]string{"u", "L u", "3", "4", "5", "6"}[i], got[i], want[i].data, tolerance)
	}
}

// TestLowRankOfFullRankIsDense: with U = I and s = 1 the layer is Dense with V,
// bit for bit: folding multiplies by ones and adds zeros only.
func TestLowRankOfFullRankIsDense(t *testing.T) {
	identity := array{[]int{1, width, width}, make([]float64, width*width)}
	for i := range width {
		identity.data[i*width+i] = 1
	}
	ones := array{[]int{1, width}, slices.Repeat([]float64{1}, width)}
	v, b := random("v", .5, 1, width, width), random("b", .5, queries, 1, width)
	twoLayers(t, []array{identity, ones, v, b}, 0,
		func(h *jet.Jet, in []*Node) *jet.Jet {
			return jet.LowRank(h, in[0], in[1], in[2], in[3])
		},
		func(h *jet.Jet, in []*Node) *jet.Jet { return jet.Dense(h, in[2], in[3]) })
}

// TestFoldedLowRankIsUnfolded: rank 2 of width 6 goes through two thin products;
// the same layer padded with dead ranks, s = 0, to rank 6 is folded into one
// weight. Both are h U diag(s) V.
func TestFoldedLowRankIsUnfolded(t *testing.T) {
	const rank = 2
	for _, q := range []int{1, queries} {
		u, s, v := random("u", 1, q, width, rank), random("s", 1, queries, rank), random("v", 1, q, rank, width)
		rest := width - rank
		dead := []array{
			random("u dead", 1, q, width, rest),
			{[]int{queries, rest}, make([]float64, queries*rest)},
			random("v dead", 1, q, rest, width),
		}
		twoLayers(t, append([]array{u, s, v}, dead...), 1e-13,
			func(h *jet.Jet, in []*Node) *jet.Jet {
				return jet.LowRank(h, in[0], in[1], in[2], nil)
			},
			func(h *jet.Jet, in []*Node) *jet.Jet {
				return jet.LowRank(h,
					Concatenate([]*Node{in[0], in[3]}, 2), Concatenate([]*Node{in[1], in[4]}, 1), Concatenate([]*Node{in[2], in[5]}, 1), nil)
			})
		// And both are the dense layer with the product.
		twoLayers(t, []array{u, s, v}, 1e-13,
			func(h *jet.Jet, in []*Node) *jet.Jet {
				return jet.LowRank(h, in[0], in[1], in[2], nil)
			},
			func(h *jet.Jet, in []*Node) *jet.Jet {
				return jet.Dense(h, Einsum("qir,qrj->qij", Mul(fill(in[0], queries), InsertAxes(in[1], 1)), fill(in[2], queries)), nil)
			})
	}
}

// TestSharedWeightIsEveryQuerysWeight: a weight of one query, and the same
// weight repeated for all, which takes another way through the product.
func TestSharedWeightIsEveryQuerysWeight(t *testing.T) {
	w, b := random("w", .5, 1, width, 5), random("b", .5, 1, 1, 5)
	twoLayers(t, []array{w, b}, 1e-13,
		func(h *jet.Jet, in []*Node) *jet.Jet { return jet.Dense(h, in[0], in[1]) },
		func(h *jet.Jet, in []*Node) *jet.Jet { return jet.Dense(h, fill(in[0], queries), fill(in[1], queries)) })
}

// TestSumWithZeroChannels: where one side has no dependence on a direction, the
// other side's derivative is kept. h + h is 2 h in every channel.
func TestSumWithZeroChannels(t *testing.T) {
	twoLayers(t, nil, 1e-15,
		func(h *jet.Jet, _ []*Node) *jet.Jet { return jet.Sum(h, h) },
		func(h *jet.Jet, _ []*Node) *jet.Jet {
			double := Const(h.Value().Graph(), [][][]float64{{
				{2, 0, 0, 0, 0, 0},
				{0, 2, 0, 0, 0, 0},
				{0, 0, 2, 0, 0, 0},
				{0, 0, 0, 2, 0, 0},
				{0, 0, 0, 0, 2, 0},
				{0, 0, 0, 0, 0, 2},
			}})
			return jet.Dense(h, double, nil)
		})

	// x² has no place here, but tanh has: the coordinates themselves have a zero
	// second derivative, tanh of them has not.
	x := array{[]int{1, 2, 1}, []float64{0, .5}}
	out := evaluate(t, []array{x}, func(in []*Node) []*Node {
		h := jet.Coordinates(in[0], jet.Plan([]string{"x"}, nil, []string{"x", "xx"}, in[0]))
		left, right := jet.Sum(h, jet.Tanh(h)), jet.Sum(jet.Tanh(h), h)
		return []*Node{
			left.Derivative([]string{"x"}, "x"), right.Derivative([]string{"x"}, "x"),
			left.Derivative([]string{"x"}, "xx"), right.Derivative([]string{"x"}, "xx"),
		}
	})
	// 1 + sech² x and −2 tanh x sech² x; tanh .5 = 0.46211715726000975.
	const a = 0.46211715726000975
	for i := range 2 {
		near(t, "x + tanh x, first derivative", out[i], []float64{2, 2 - a*a}, 1e-15)
		near(t, "x + tanh x, second derivative", out[2+i], []float64{0, -2 * a * (1 - a*a)}, 1e-15)
	}
}
