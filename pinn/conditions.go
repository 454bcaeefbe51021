// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"slices"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// group is conditions that are evaluated together: all that prescribe a value of one
// derivative of u, or one that matches two places, whose points are first all of one
// side and then all of the other.
type group struct {
	conditions []pde.Condition // one where To is set
}

func (g group) match() bool        { return g.conditions[0].To != nil }
func (g group) derivative() string { return g.conditions[0].Derivative }

func (s Setup) groups() []group {
	var groups []group
	for _, c := range s.Points.Conditions {
		i := slices.IndexFunc(groups, func(g group) bool {
			return !g.match() && c.To == nil && g.derivative() == c.Derivative
		})
		if i < 0 {
			groups = append(groups, group{})
			i = len(groups) - 1
		}
		groups[i].conditions = append(groups[i].conditions, c)
	}
	return groups
}

func (g group) name(what string) string { return g.conditions[0].Name + "/" + what }

// data are the points [1, point, coordinate] and, for prescribed values, these
// [query, point].
func (g group) data(mus [][]float64) []train.Datum {
	var points [][]float64
	for _, c := range g.conditions {
		points = append(append(points, c.At...), c.To...)
	}
	data := []train.Datum{{Name: g.name("points"), Value: pointArray(points), Shared: true}}
	if g.match() {
		return data
	}
	values := train.NewArray(len(mus), len(points))
	p := 0
	for _, c := range g.conditions {
		for i, at := range c.At {
			for q, mu := range mus {
				values.Data[q*len(points)+p+i] = c.Value(mu, at)
			}
		}
		p += len(c.At)
	}
	return append(data, train.Datum{Name: g.name("values"), Value: values})
}

// conditions returns the mean square misfit of each condition, [query]. The points of all
// that read the same derivative of u go through the network at once: its time is that of
// the calls as much as that of the points.
func (s Setup) conditions(in train.Inputs, net jet.Network) []train.Term {
	groups := s.groups()
	joined := map[string][]*graph.Node{} // points, by derivative
	for _, g := range groups {
		d := g.derivative()
		joined[d] = append(joined[d], in.D(g.name("points")))
	}
	u, from := map[string]*graph.Node{}, map[string]int{} // [query, point], and how many are read
	var terms []train.Term
	for _, g := range groups {
		d, n := g.derivative(), in.D(g.name("points")).Shape().Dim(1)
		if u[d] == nil {
			values := pde.Derivative(s.Problem, net, graph.Concatenate(joined[d], 1), d)
			u[d] = graph.Reshape(values, values.Shape().Dim(0), values.Shape().Dim(1))
		}
		terms = append(terms, g.losses(in, cut(u[d], from[d], from[d]+n))...)
		from[d] += n
	}
	return terms
}

// losses returns the mean square misfit of each condition, [query], from the values of
// the derivative that the group reads, [query, point].
func (g group) losses(in train.Inputs, u *graph.Node) []train.Term {
	if g.match() {
		n := u.Shape().Dim(1)
		misfit := graph.Sub(cut(u, 0, n/2), cut(u, n/2, n))
		return []train.Term{{Name: g.conditions[0].Name, Value: graph.ReduceMean(graph.Square(misfit), 1)}}
	}
	squares := graph.Square(graph.Sub(u, in.D(g.name("values"))))
	terms := make([]train.Term, len(g.conditions))
	from := 0
	for k, c := range g.conditions {
		terms[k] = train.Term{Name: c.Name, Value: graph.ReduceMean(cut(squares, from, from+len(c.At)), 1)}
		from += len(c.At)
	}
	return terms
}

// cut is the columns of x, [row, column], from one to before another. GoMLX's Slice has
// no second gradient, which MAML needs: this has, since its first one is written as a
// concatenation.
func cut(x *graph.Node, from, to int) *graph.Node {
	rows, columns := x.Shape().Dim(0), x.Shape().Dim(1)
	if from == 0 && to == columns {
		return x
	}
	var g *graph.Node // gradient of the loss with respect to the columns
	whole := graph.IdentityWithCustomGradient(x, func(_, _ *graph.Node) *graph.Node {
		var parts []*graph.Node
		for _, part := range []struct {
			columns int
			value   *graph.Node
		}{{from, nil}, {to - from, g}, {columns - to, nil}} {
			if part.columns > 0 && part.value == nil {
				part.value = graph.Zeros(x.Graph(), shapes.Make(x.DType(), rows, part.columns))
			}
			if part.columns > 0 {
				parts = append(parts, part.value)
			}
		}
		return graph.Concatenate(parts, 1)
	})
	return graph.IdentityWithCustomGradient(graph.Slice(whole, graph.AxisRange(), graph.AxisRange(from, to)), func(_, v *graph.Node) *graph.Node {
		g = v
		return v
	})
}
