// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// A weight may come with one copy a point, all of the same numbers, in an axis more than
// it has otherwise, its last: w is then [query, in, out, point], b [query, 1, out, point]
// and the s of [LowRank] [query, rank, point]. The gradient of the sum over points of what
// a network returns, with respect to the copies, is then its Jacobian, one row a point:
// all rows in one reverse pass (package train, Levenberg–Marquardt).
//
// The products are those of the weight itself, the first of the copies, forward and back
// to the input, in time and in bits; what the copies add is one product of two numbers for
// each weight and point.

// copied reports whether a weight of this rank without copies has them.
func copied(w *graph.Node, rank int) bool { return w != nil && w.Rank() == rank+1 }

// alongPoints takes a node whose last axis is the points, [query, a, b, …, point], to the
// blocks of a channel, [block, query, a, b, …, point].
func alongPoints(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	last := len(dims) - 1
	n := blocksOf(dims[last])
	split := append(append([]int{}, dims[:last]...), n, dims[last]/n)
	axes := []int{last}
	for i := range last {
		axes = append(axes, i)
	}
	return graph.TransposeAllAxes(graph.Reshape(x, split...), append(axes, last+1)...)
}

// fromBlocks is the inverse of alongPoints.
func fromBlocks(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	last := len(dims) - 1
	var axes []int
	for i := 1; i < last; i++ {
		axes = append(axes, i)
	}
	joined := append(append([]int{}, dims[1:last]...), dims[0]*dims[last])
	return graph.Reshape(graph.TransposeAllAxes(x, append(axes, 0, last)...), joined...)
}

// each is h W for a channel h and a w with copies, [query, in, out, point]: a channel of
// as many points as w has copies.
func each(h, w *graph.Node) *graph.Node {
	n, queries, in, points := dims4(h)
	wq, out, copies := w.Shape().Dim(0), w.Shape().Dim(2), w.Shape().Dim(3)
	if in != w.Shape().Dim(1) || queries != wq && queries != 1 {
		panicf("expected [query, point, in] times [query, in, out, point], got %s times %s", outside(h).Shape(), w.Shape())
	}
	if m := blocksOf(copies); n*points != copies || queries != wq {
		if n*points != 1 && n*points != copies {
			panicf("expected a copy of the weight for each of %d points, got %d", n*points, copies)
		}
		h = graph.BroadcastToDims(h, m, wq, in, copies/m)
	}
	var g *graph.Node // gradient with respect to the product
	left := graph.IdentityWithCustomGradient(w, func(_, _ *graph.Node) *graph.Node {
		return fromBlocks(graph.Mul(graph.InsertAxes(h, 3), graph.InsertAxes(g, 2)))
	})
	first := graph.Slice(left, graph.AxisRange(), graph.AxisRange(), graph.AxisRange(), graph.AxisElem(0))
	first = graph.Reshape(first, wq, in, out)
	right := graph.IdentityWithCustomGradient(h, func(_, _ *graph.Node) *graph.Node {
		return product(g, graph.TransposeAllAxes(first, 0, 2, 1))
	})
	return graph.IdentityWithCustomGradient(product(right, first), func(_, v *graph.Node) *graph.Node {
		g = v
		return v
	})
}
