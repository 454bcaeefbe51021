// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Dense is h W + b. w is [query or 1, in, out]; b is [query or 1, 1, out], or nil
// for a layer without bias. Each may have copies (see copies.go).
func Dense(h *Jet, w, b *graph.Node) *Jet {
	return h.linear(b, func(h *graph.Node) *graph.Node { return matmul(h, w) })
}

// LowRank is h U diag(s) V + b (Hyper-LR-PINN, section 3.1; the authors' code
// calls U col_basis, s alpha and V row_basis, and has no bias). u is
// [query or 1, in, rank], s is [query, rank], v is [query or 1, rank, out]; b may
// be nil. Each may have copies (see copies.go), and so may s, [query, rank, point].
//
// The weight W = U diag(s) V is formed once a query, unless the rank is so small
// that two thin products a point cost less: r < in·out/(in+out), 25 at width 50.
// Tried: W formed once for all calls of the network, which the compiler does anyway;
// then their gradients wait for each other before they go to s, and Phase 2 takes 5 %
// longer.
func LowRank(h *Jet, u, s, v, b *graph.Node) *Jet {
	if copied(u, 3) || copied(s, 2) || copied(v, 3) {
		return h.linear(b, func(h *graph.Node) *graph.Node {
			if copied(s, 2) {
				return matmul(graph.Mul(matmul(h, u), alongPoints(s)), v)
			}
			return matmul(graph.Mul(matmul(h, u), graph.InsertAxes(s, 0, -1)), v)
		})
	}
	if u.Rank() != 3 || s.Rank() != 2 || v.Rank() != 3 ||
		u.Shape().Dim(2) != s.Shape().Dim(1) || v.Shape().Dim(1) != s.Shape().Dim(1) {
		panicf("expected bases [query, in, rank] and [query, rank, out] with a diagonal [query, rank], got %s and %s with %s",
			u.Shape(), v.Shape(), s.Shape())
	}
	in, rank, out := u.Shape().Dim(1), u.Shape().Dim(2), v.Shape().Dim(2)
	us := graph.Mul(u, graph.InsertAxes(s, 1)) // [query, in, rank]
	if rank*(in+out) < in*out {
		return h.linear(b, func(h *graph.Node) *graph.Node { return matmul(matmul(h, us), v) })
	}
	return Dense(h, folded(us, v), b)
}

// folded is the weight [query, in, out] of us, [query or 1, in, rank], and v,
// [query or 1, rank, out].
func folded(us, v *graph.Node) *graph.Node {
	queries, in, rank := us.Shape().Dim(0), us.Shape().Dim(1), us.Shape().Dim(2)
	vq, out := v.Shape().Dim(0), v.Shape().Dim(2)
	switch {
	case vq == 1:
		flat := graph.Reshape(us, queries*in, rank)
		return graph.Reshape(graph.Dot(flat, graph.Reshape(v, rank, out)).Product(), queries, in, out)
	case queries == 1:
		us = graph.BroadcastToDims(us, vq, in, rank)
	}
	return graph.DotGeneral(us, []int{2}, []int{0}, v, []int{1}, []int{0})
}

// matmul is h W over the query axis: h is a channel of width in, w is
// [query or 1, in, out].
func matmul(h, w *graph.Node) *graph.Node {
	if copied(w, 3) {
		return each(h, w)
	}
	if w.Rank() != 3 || h.Shape().Dim(2) != w.Shape().Dim(1) {
		panicf("expected [query, point, in] times [query, in, out], got %s times %s", outside(h).Shape(), w.Shape())
	}
	n, hq, in, points := dims4(h)
	wq, out := w.Shape().Dim(0), w.Shape().Dim(2)
	switch {
	case hq != wq && hq != 1 && wq != 1:
		panicf("expected [query, point, in] times [query, in, out], got %s times %s", outside(h).Shape(), w.Shape())
	case hq == 1 && wq > 1:
		// One input for the weights of all queries: one product with these side by side.
		joined := graph.Reshape(graph.TransposeAllAxes(w, 1, 0, 2), 1, in, wq*out)
		return graph.Reshape(product(h, joined), n, wq, out, points)
	}
	return product(h, w)
}

// product is matmul of an h and a w with as many queries, or with one w for all.
//
// Its gradients are written down, since those that follow from the product itself have
// the axis that they sum over first in their left factor.
func product(h, w *graph.Node) *graph.Node {
	n, queries, in, points := dims4(h)
	wq, out := w.Shape().Dim(0), w.Shape().Dim(2)
	flat := graph.Reshape(h, n*queries, in, points)
	// spread is one weight a block and query, as it is or transposed.
	spread := func(w *graph.Node) *graph.Node {
		a, b := w.Shape().Dim(1), w.Shape().Dim(2)
		return graph.Reshape(graph.BroadcastToDims(graph.InsertAxes(w, 0), n, queries, a, b), n*queries, a, b)
	}
	times := func(w, h *graph.Node) *graph.Node {
		return graph.DotGeneral(w, []int{2}, []int{0}, h, []int{1}, []int{0})
	}
	transposed := func(w *graph.Node) *graph.Node { return graph.TransposeAllAxes(w, 0, 2, 1) }

	var g *graph.Node // gradient of the loss with respect to the product
	left := graph.IdentityWithCustomGradient(w, func(_, _ *graph.Node) *graph.Node {
		each := graph.DotGeneral(flat, []int{2}, []int{0}, g, []int{2}, []int{0}) // [block·query, in, out]
		each = graph.ReduceSum(graph.Reshape(each, n, queries, in, out), 0)
		if wq < queries {
			each = graph.ReduceAndKeep(each, graph.ReduceSum, 0)
		}
		return each
	})
	right := graph.IdentityWithCustomGradient(flat, func(_, _ *graph.Node) *graph.Node {
		return times(spread(w), g)
	})
	z := graph.IdentityWithCustomGradient(times(spread(transposed(left)), right), func(_, v *graph.Node) *graph.Node {
		g = v
		return v
	})
	return graph.Reshape(z, n, queries, out, points)
}
