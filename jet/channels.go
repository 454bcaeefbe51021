// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
)

func panicf(format string, args ...any) { panic(fmt.Errorf("jet: "+format, args...)) }

func (c Channels) check(x *graph.Node) {
	if x.Rank() != 3 {
		panicf("expected points of shape [query, point, coordinate], got %s", x.Shape())
	}
	if len(c.Orders) != len(c.Directions) {
		panicf("expected one order a direction, got %d orders for %d directions", len(c.Orders), len(c.Directions))
	}
	for k, d := range c.Directions {
		if len(d) != x.Shape().Dim(2) {
			panicf("expected direction %d to have %d entries, got %d", k, x.Shape().Dim(2), len(d))
		}
	}
	for _, t := range c.Operator {
		if t.Direction < 0 || t.Direction >= len(c.Directions) {
			panicf("expected an operator term along one of %d directions, got direction %d", len(c.Directions), t.Direction)
		}
		if t.Order < 1 || t.Order > c.Orders[t.Direction]+1 {
			panicf("expected an operator term of order 1 to %d along direction %d, got %d",
				c.Orders[t.Direction]+1, t.Direction, t.Order)
		}
	}
}

// Plan works out the channels for derivatives given by name. Names are spelt
// with the coordinates' one-letter names: "t", "x", "xx", "xxx", and "xy" for a
// mixed second derivative. linear maps names to coefficients, each a number or a
// [query, 1, 1] node, and becomes the combined channel; needs are read one by
// one with [Jet.Derivative].
//
// A mixed derivative is carried by polarisation, along the diagonal:
// u_xy = ½ (∂²_{x+y} − ∂²_x − ∂²_y) u.
func Plan(coordinates []string, linear map[string]any, needs []string, like *graph.Node) Channels {
	p := planner{coordinates: coordinates}
	for _, name := range needs {
		for _, s := range p.split(name) {
			p.carry(s.direction, s.order)
		}
	}
	var c Channels
	for _, name := range slices.Sorted(maps.Keys(linear)) {
		coefficient := asNode(linear[name], like)
		for _, s := range p.split(name) {
			k := p.carry(s.direction, s.order-1)
			w := coefficient
			if s.weight != 1 {
				w = graph.MulScalar(w, s.weight)
			}
			c.Operator = append(c.Operator, Term{Direction: k, Order: s.order, Coefficient: w})
		}
	}
	c.Directions, c.Orders = p.directions, p.orders
	return c
}

// Derivative returns a derivative that was named in Plan's needs. coordinates
// are those given to Plan. A derivative that is zero for want of any dependence
// comes back as zeros.
func (j *Jet) Derivative(coordinates []string, name string) *graph.Node {
	p := planner{coordinates: coordinates}
	var sum *graph.Node
	for _, s := range p.split(name) {
		k := find(j.channels.Directions, s.direction)
		if k < 0 || s.order > len(j.along[k]) {
			panicf("expected a carried derivative, got %q, which is not among the needs of the plan", name)
		}
		if d := j.along[k][s.order-1]; d != nil {
			sum = add(sum, graph.MulScalar(d, s.weight))
		}
	}
	if sum == nil {
		sum = graph.ZerosLike(j.value)
	}
	return outside(sum)
}

type planner struct {
	coordinates []string
	directions  [][]float64
	orders      []int
}

// pure is weight · ∂^order along a direction.
type pure struct {
	direction []float64
	order     int
	weight    float64
}

// split writes a named derivative as a sum of derivatives along directions.
func (p *planner) split(name string) []pure {
	counts := make([]float64, len(p.coordinates))
	order, distinct := 0, 0
	for _, letter := range name {
		k := -1
		for i, coordinate := range p.coordinates {
			if coordinate == string(letter) {
				k = i
			}
		}
		if k < 0 {
			panicf("expected a derivative spelt with the coordinates %v, got %q", p.coordinates, name)
		}
		if counts[k] == 0 {
			distinct++
		}
		counts[k]++
		order++
	}
	axis := func(i int) []float64 {
		d := make([]float64, len(p.coordinates))
		d[i] = 1
		return d
	}
	var axes []int
	for i, n := range counts {
		if n > 0 {
			axes = append(axes, i)
		}
	}
	switch {
	case distinct == 1:
		return []pure{{axis(axes[0]), order, 1}}
	case distinct == 2 && order == 2:
		diagonal := axis(axes[0])
		diagonal[axes[1]] = 1
		return []pure{{diagonal, 2, .5}, {axis(axes[0]), 2, -.5}, {axis(axes[1]), 2, -.5}}
	}
	panicf("expected a pure derivative or a mixed second one, got %q", name)
	return nil
}

// carry makes sure that derivatives up to order are carried along a direction.
func (p *planner) carry(direction []float64, order int) int {
	k := find(p.directions, direction)
	if k < 0 {
		k = len(p.directions)
		p.directions = append(p.directions, direction)
		p.orders = append(p.orders, 0)
	}
	p.orders[k] = max(p.orders[k], order)
	return k
}

func find(directions [][]float64, d []float64) int {
	for k, e := range directions {
		same := true
		for i := range e {
			same = same && e[i] == d[i]
		}
		if same {
			return k
		}
	}
	return -1
}

func asNode(coefficient any, like *graph.Node) *graph.Node {
	switch c := coefficient.(type) {
	case *graph.Node:
		return c
	case float64:
		return graph.ConstAsDType(like.Graph(), like.DType(), [][][]float64{{{c}}})
	}
	panicf("expected a coefficient that is a float64 or a node, got %T", coefficient)
	return nil
}
