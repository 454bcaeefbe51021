// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/train"
)

// embeddings is the number of hidden layers of the hypernetwork (M = 3 in the
// authors' code; the paper leaves it open, D25).
const embeddings = 3

func hyperW(m int) string { return fmt.Sprintf("hyper%d/w", m) } // [1, in, width]
func hyperB(m int) string { return fmt.Sprintf("hyper%d/b", m) } // [1, width]
func headW(l int) string  { return fmt.Sprintf("head%d/w", l) }  // [1, width, width]
func headB(l int) string  { return fmt.Sprintf("head%d/b", l) }  // [1, width]

// hypernetwork maps mu, [query, parameter] and not normalised, to the diagonals
// s_l, [query, width]: three tanh layers, then a ReLU head for each low-rank
// layer, so that s ≥ 0 and a head that stays at 0 cuts a rank off.
func hypernetwork(in train.Inputs, mu *graph.Node) [Layers]*graph.Node {
	dense := func(h *graph.Node, w, b string) *graph.Node {
		weight := in.W(w)
		weight = graph.Reshape(weight, weight.Shape().Dimensions[1:]...)
		return graph.Add(graph.Dot(h, weight).Product(), in.W(b))
	}
	h := mu
	for m := range embeddings {
		h = graph.Tanh(dense(h, hyperW(m), hyperB(m)))
	}
	var s [Layers]*graph.Node
	for l := range Layers {
		s[l] = relu(dense(h, headW(l), headB(l)))
	}
	return s
}

// relu has gradient 0 at 0, as in PyTorch; GoMLX's own has 1 there.
func relu(x *graph.Node) *graph.Node {
	return graph.Where(graph.IsPositive(x), x, graph.ZerosLike(x))
}
