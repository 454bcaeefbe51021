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
// Every channel is [query, point, width]; query and point may be 1 where the
// channel does not depend on them. A nil channel is zero.
//
//	x := jet.Coordinates(points, channels)   // [query, point, coordinate]
//	h := jet.Tanh(jet.Dense(x, w0, b0))
//	u := jet.Dense(h, w1, b1)
//	residual := u.Operator
package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Network maps a jet of coordinates to a jet of the solution.
type Network func(x *Jet) *Jet

// Jet is a value and its derivative channels at some points.
type Jet struct {
	// Value is h, [query, point, width].
	Value *graph.Node
	// Along[k][n-1] is the n-th derivative of h along Channels.Directions[k];
	// nil is zero.
	Along [][]*graph.Node
	// Operator is L h for the operator of Channels; nil is zero or, where
	// Channels has no operator, absent.
	Operator *graph.Node

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
		return graph.ConstAsDType(g, dtype, [][][]float64{{c.Directions[k]}})
	}
	j := &Jet{Value: x, Along: make([][]*graph.Node, len(c.Directions)), channels: c}
	for k, order := range c.Orders {
		j.Along[k] = make([]*graph.Node, order)
		if order > 0 {
			j.Along[k][0] = unit(k)
		}
	}
	for _, t := range c.Operator {
		if t.Order == 1 {
			j.Operator = add(j.Operator, graph.Mul(t.Coefficient, unit(t.Direction)))
		}
	}
	return j
}

// Value returns a jet that carries nothing but the value x.
func Value(x *graph.Node) *Jet { return &Jet{Value: x} }

// Sum adds two jets channel by channel, for skip connections. Both must carry
// the same channels.
func Sum(a, b *Jet) *Jet {
	return a.zip(b, func(x, y *graph.Node) *graph.Node { return add(x, y) })
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
	out := &Jet{Value: f(j.Value), Operator: apply(j.Operator), Along: make([][]*graph.Node, len(j.Along)), channels: j.channels}
	if bias != nil {
		out.Value = graph.Add(out.Value, bias)
	}
	for k, along := range j.Along {
		out.Along[k] = make([]*graph.Node, len(along))
		for n, h := range along {
			out.Along[k][n] = apply(h)
		}
	}
	return out
}

func (j *Jet) zip(o *Jet, f func(a, b *graph.Node) *graph.Node) *Jet {
	if len(j.Along) != len(o.Along) {
		panicf("expected two jets with the same channels, got %d and %d directions", len(j.Along), len(o.Along))
	}
	out := &Jet{Value: f(j.Value, o.Value), Operator: f(j.Operator, o.Operator), Along: make([][]*graph.Node, len(j.Along)), channels: j.channels}
	for k := range j.Along {
		if len(j.Along[k]) != len(o.Along[k]) {
			panicf("expected two jets with the same channels, got %d and %d orders along direction %d", len(j.Along[k]), len(o.Along[k]), k)
		}
		out.Along[k] = make([]*graph.Node, len(j.Along[k]))
		for n := range j.Along[k] {
			out.Along[k][n] = f(j.Along[k][n], o.Along[k][n])
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
