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

// rows are the samples of the group's points: one a point, one for the two points of a
// pair. from is the first.
func (g group) rows(from int) []train.Rows {
	n := 0
	for _, c := range g.conditions {
		n += len(c.At)
	}
	rows := []train.Rows{{From: from, To: from + n}}
	if g.match() {
		rows = append(rows, rows[0])
	}
	return rows
}

// conditions yields the misfits of each group, whose samples count from a number. The
// points of all groups that read the same derivative of u go through the network at once:
// its time is that of the calls as much as that of the points.
func (s Setup) conditions(in train.Inputs, from int, net func(rows ...train.Rows) jet.Network, yield func(misfit) bool) {
	groups := s.groups()
	joined, rows := map[string][]*graph.Node{}, map[string][]train.Rows{} // points and their samples, by derivative
	for _, g := range groups {
		d := g.derivative()
		joined[d] = append(joined[d], in.D(g.name("points")))
		rows[d] = append(rows[d], g.rows(from)...)
		from = rows[d][len(rows[d])-1].To
	}
	u, read := map[string]*graph.Node{}, map[string]int{} // [query, point], and how many are read
	for _, g := range groups {
		d, n := g.derivative(), in.D(g.name("points")).Shape().Dim(1)
		if u[d] == nil {
			values := pde.Derivative(s.Problem, net(rows[d]...), graph.Concatenate(joined[d], 1), d)
			u[d] = graph.Reshape(values, values.Shape().Dim(0), values.Shape().Dim(1))
		}
		if !yield(g.misfit(in, cut(u[d], read[d], read[d]+n))) {
			return
		}
		read[d] += n
	}
}

// misfit is what the group asks of u, from the values of the derivative that it reads,
// [query, point].
func (g group) misfit(in train.Inputs, u *graph.Node) misfit {
	if g.match() {
		n := u.Shape().Dim(1)
		return misfit{value: graph.Sub(cut(u, 0, n/2), cut(u, n/2, n)), parts: []part{{g.conditions[0].Name, n / 2}}}
	}
	m := misfit{value: graph.Sub(u, in.D(g.name("values")))}
	for _, c := range g.conditions {
		m.parts = append(m.parts, part{c.Name, len(c.At)})
	}
	return m
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
