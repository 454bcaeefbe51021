// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Inside a network a channel is [block, query, width, point]: the points come last, cut
// into blocks, and block, query and point may each be 1 where the channel does not
// depend on them.
//
// The products of a layer, W h forward and Wᵀ g and g hᵀ backward, then all have the
// axis that they sum over last in their left factor, which is what XLA's CPU kernels ask
// for, and the many points in the axis along which these work 16 numbers at a time; with
// the width there, 14 of 64 places were idle at width 50. The products g hᵀ, which sum
// over the points, are spread over processors by the block and the query alone, and two
// blocks are enough for the eleven queries of Phase 1. Measured on two cores against
// [query, point, width]: README, "Speed".
const (
	blocks      = 2
	blockPoints = 128 // fewer than so many in a block cost more than they gain
)

// inside takes [query, point, width] to the layout of a channel; nil stays nil.
func inside(x *graph.Node) *graph.Node {
	if x == nil {
		return nil
	}
	if x.Rank() != 3 {
		panicf("expected [query, point, width], got %s", x.Shape())
	}
	queries, points, width := x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2)
	n := blocksOf(points)
	return graph.TransposeAllAxes(graph.Reshape(x, queries, n, points/n, width), 1, 0, 3, 2)
}

// blocksOf is the number of blocks of so many points.
func blocksOf(points int) int {
	if points%blocks == 0 && points/blocks >= blockPoints {
		return blocks
	}
	return 1
}

// outside takes the layout of a channel to [query, point, width]; nil stays nil.
func outside(x *graph.Node) *graph.Node {
	if x == nil {
		return nil
	}
	n, queries, width, points := dims4(x)
	return graph.Reshape(graph.TransposeAllAxes(x, 1, 0, 3, 2), queries, n*points, width)
}

func dims4(x *graph.Node) (blocks, queries, width, points int) {
	s := x.Shape()
	return s.Dim(0), s.Dim(1), s.Dim(2), s.Dim(3)
}
