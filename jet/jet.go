// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package jet pushes a value together with its derivatives forward through a
// network (Taylor mode), so that reverse mode is needed once only, for the
// parameters.
//
// A [Jet] carries channels: the value, derivatives of any order along chosen
// directions of the coordinate space, and one combined channel for a linear
// differential operator L. A residual that is linear in the derivatives of u
// needs only that combination, which is the cheapest form there is: for
// L = ∂t + β∂x − ν∂xx a layer costs one channel, plus h_x while ν ≠ 0. With
// z = hW and a = tanh z the channels go through the activation as
//
//	a'  = σ'(z) z',   a'' = σ'(z) z'' + σ''(z) z'²,   …
//	L a = σ'(z) L z + Σ c (terms of ∂ᵏa that are not σ'(z) ∂ᵏz)
//
// What goes in and what comes out is [query, point, width], where query and point may be
// 1 for what does not depend on them. In between a channel has its points last, in blocks
// (see layout.go): that is how matrix products of this kind are fastest. A nil channel is
// zero.
//
//	x := jet.Coordinates(points, channels)   // [query, point, coordinate]
//	h := jet.Tanh(jet.Dense(x, w0, b0))
//	u := jet.Dense(h, w1, b1)
//	residual := u.Operator()
package jet

import (
	"slices"

	"github.com/gomlx/gomlx/core/graph"
)

// Network maps a jet of coordinates to a jet of the solution.
type Network func(x *Jet) *Jet

// Jet is a value and its derivative channels at some points.
type Jet struct {
	value *graph.Node
	// along[k][n-1] is the n-th derivative along Channels.Directions[k].
	along    [][]*graph.Node
	operator *graph.Node
	channels Channels
}

// Channels says which derivatives a jet carries.
type Channels struct {
	// Directions are vectors in coordinate space.
	Directions [][]float64
	// Orders is how many derivatives are carried along each direction.
	Orders []int
	// Operator is the linear operator of the combined channel, a sum of terms.
	// A term of order n needs the derivatives up to n−1 along its direction.
	Operator []Term
}

// Term is Coefficient · ∂ⁿ along a direction.
type Term struct {
	Direction   int
	Order       int
	Coefficient *graph.Node // [query or 1, 1, 1]
}

// Coordinates returns the jet of the coordinates themselves at points x,
// [query, point, coordinate]: the derivative along a direction is the direction,
// all higher ones are zero.
func Coordinates(x *graph.Node, c Channels) *Jet {
	c.check(x)
	g, dtype := x.Graph(), x.DType()
	unit := func(k int) *graph.Node {
		return inside(graph.ConstAsDType(g, dtype, [][][]float64{{c.Directions[k]}}))
	}
	j := &Jet{value: inside(x), along: make([][]*graph.Node, len(c.Directions)), channels: c}
	for k, order := range c.Orders {
		j.along[k] = make([]*graph.Node, order)
		if order > 0 {
			j.along[k][0] = unit(k)
		}
	}
	j.channels.Operator = make([]Term, len(c.Operator))
	for i, t := range c.Operator {
		t.Coefficient = inside(t.Coefficient)
		j.channels.Operator[i] = t
		if t.Order == 1 {
			j.operator = add(j.operator, graph.Mul(t.Coefficient, unit(t.Direction)))
		}
	}
	return j
}

// Value returns a jet that carries nothing but the value x, [query, point, width].
func Value(x *graph.Node) *Jet { return &Jet{value: inside(x)} }

// Solution returns a jet of given channels, of a solution that is no network: u, and
// its combined channel, both [query, point, width].
func Solution(u, operator *graph.Node) *Jet {
	return &Jet{value: inside(u), operator: inside(operator)}
}

// Value is h, [query, point, width].
func (j *Jet) Value() *graph.Node { return outside(j.value) }

// Operator is L h for the operator of Channels, [query, point, width]; nil is zero
// or, where Channels has no operator, absent.
func (j *Jet) Operator() *graph.Node { return outside(j.operator) }

// Along is the n-th derivative of h along Channels.Directions[k], n ≥ 1,
// [query, point, width]; nil is zero.
func (j *Jet) Along(k, n int) *graph.Node { return outside(j.along[k][n-1]) }

// Where is a where the condition, [query or 1, point, 1], holds, and b elsewhere, in
// every channel. Both must carry the same channels, and have the same width.
func Where(condition *graph.Node, a, b *Jet) *Jet {
	condition = inside(condition)
	return a.zip(b, func(x, y *graph.Node) *graph.Node {
		if x == nil && y == nil {
			return nil
		}
		if x == nil {
			x = graph.ZerosLike(y)
		}
		if y == nil {
			y = graph.ZerosLike(x)
		}
		dims := slices.Clone(condition.Shape().Dimensions)
		for i := range dims {
			dims[i] = max(dims[i], x.Shape().Dim(i), y.Shape().Dim(i))
		}
		return graph.Where(graph.BroadcastToDims(condition, dims...), graph.BroadcastToDims(x, dims...), graph.BroadcastToDims(y, dims...))
	})
}

// Sum adds two jets channel by channel, for skip connections. Both must carry
// the same channels.
func Sum(a, b *Jet) *Jet {
	return a.zip(b, add)
}

// linear applies a map that is linear over points, channel by channel; the value
// alone gets the bias.
func (j *Jet) linear(bias *graph.Node, f func(h *graph.Node) *graph.Node) *Jet {
	apply := func(h *graph.Node) *graph.Node {
		if h == nil {
			return nil
		}
		return f(h)
	}
	out := &Jet{value: f(j.value), operator: apply(j.operator), along: make([][]*graph.Node, len(j.along)), channels: j.channels}
	switch {
	case copied(bias, 3): // [query, 1, out, point]
		out.value = graph.Add(out.value, alongPoints(graph.Squeeze(bias, 1)))
	case bias != nil:
		out.value = graph.Add(out.value, inside(bias))
	}
	for k, along := range j.along {
		out.along[k] = make([]*graph.Node, len(along))
		for n, h := range along {
			out.along[k][n] = apply(h)
		}
	}
	return out
}

func (j *Jet) zip(o *Jet, f func(a, b *graph.Node) *graph.Node) *Jet {
	if len(j.along) != len(o.along) {
		panicf("expected two jets with the same channels, got %d and %d directions", len(j.along), len(o.along))
	}
	out := &Jet{value: f(j.value, o.value), operator: f(j.operator, o.operator), along: make([][]*graph.Node, len(j.along)), channels: j.channels}
	for k := range j.along {
		if len(j.along[k]) != len(o.along[k]) {
			panicf("expected two jets with the same channels, got %d and %d orders along direction %d", len(j.along[k]), len(o.along[k]), k)
		}
		out.along[k] = make([]*graph.Node, len(j.along[k]))
		for n := range j.along[k] {
			out.along[k][n] = f(j.along[k][n], o.along[k][n])
		}
	}
	return out
}

// add is a + b where nil is zero.
func add(a, b *graph.Node) *graph.Node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return graph.Add(a, b)
}

// mul is a · b where nil is zero.
func mul(a, b *graph.Node) *graph.Node {
	if a == nil || b == nil {
		return nil
	}
	return graph.Mul(a, b)
}
