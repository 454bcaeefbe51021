// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Dense is h W + b. w is [query or 1, in, out]; b is [query or 1, 1, out], or nil
// for a layer without bias.
func Dense(h *Jet, w, b *graph.Node) *Jet {
	return h.linear(b, func(h *graph.Node) *graph.Node { return matmul(h, w) })
}

// LowRank is h U diag(s) V + b (Hyper-LR-PINN, section 3.1; the authors' code
// calls U col_basis, s alpha and V row_basis, and has no bias). u is
// [query or 1, in, rank], s is [query, rank], v is [query or 1, rank, out]; b may
// be nil.
//
// The weight W = U diag(s) V is formed once a query, unless the rank is so small
// that two thin products a point cost less: r < in·out/(in+out), 25 at width 50.
func LowRank(h *Jet, u, s, v, b *graph.Node) *Jet {
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
	return Dense(h, matmul(us, v), b)
}

// matmul is h W over the query axis: h is [query or 1, point, in], w is
// [query or 1, in, out].
func matmul(h, w *graph.Node) *graph.Node {
	if h.Rank() != 3 || w.Rank() != 3 || h.Shape().Dim(2) != w.Shape().Dim(1) {
		panicf("expected [query, point, in] times [query, in, out], got %s times %s", h.Shape(), w.Shape())
	}
	hq, wq := h.Shape().Dim(0), w.Shape().Dim(0)
	points, in, out := h.Shape().Dim(1), w.Shape().Dim(1), w.Shape().Dim(2)
	switch {
	case hq != wq && hq != 1 && wq != 1:
		panicf("expected [query, point, in] times [query, in, out], got %s times %s", h.Shape(), w.Shape())
	case wq == 1:
		// One weight for all queries: one product over all points.
		flat := graph.Reshape(h, hq*points, in)
		return graph.Reshape(graph.Dot(flat, graph.Reshape(w, in, out)).Product(), hq, points, out)
	case hq == 1:
		h = graph.BroadcastToDims(h, wq, points, in)
	}
	return graph.DotGeneral(h, []int{2}, []int{0}, w, []int{1}, []int{0})
}
