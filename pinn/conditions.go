// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"slices"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// group is conditions whose points go through the network together: all that
// prescribe a value of one derivative of u, or one that matches two places.
//
// The values are never cut apart with slices, which have no second gradient in
// GoMLX (MAML needs one): conditions on values are told apart by averaging
// weights, and a match, whose points are first all of one side and then all of
// the other, by a reshape.
//
// Tried: one call of the network for all conditions and a matrix of 0 and ±1
// that takes u to the misfits; Phase 2 took 2.8 ms a step instead of 2.1, since
// XLA's CPU matrix-vector product is slow.
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
// [query, point] and the averaging weights [condition, point].
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
	averages := train.NewArray(len(g.conditions), len(points))
	p := 0
	for k, c := range g.conditions {
		for i, at := range c.At {
			averages.Data[k*len(points)+p+i] = 1 / float64(len(c.At))
			for q, mu := range mus {
				values.Data[q*len(points)+p+i] = c.Value(mu, at)
			}
		}
		p += len(c.At)
	}
	return append(data,
		train.Datum{Name: g.name("values"), Value: values},
		train.Datum{Name: g.name("averages"), Value: averages, Shared: true})
}

// losses returns the mean square misfit of each condition, [query].
func (g group) losses(p pde.Problem, in train.Inputs, net jet.Network) []train.Term {
	u := pde.Derivative(p, net, in.D(g.name("points")), g.derivative()) // [query, point, 1]
	queries, points := u.Shape().Dim(0), u.Shape().Dim(1)
	if g.match() {
		sides := graph.Reshape(u, queries, 2, points/2)
		sign := graph.ConstAsDType(u.Graph(), u.DType(), [][][]float64{{{1}, {-1}}})
		misfit := graph.ReduceSum(graph.Mul(sides, sign), 1)
		return []train.Term{{Name: g.conditions[0].Name, Value: graph.ReduceMean(graph.Square(misfit), 1)}}
	}
	squares := graph.Square(graph.Sub(graph.Reshape(u, queries, points), in.D(g.name("values"))))
	terms := make([]train.Term, len(g.conditions))
	for k, c := range g.conditions {
		average := graph.Slice(in.D(g.name("averages")), graph.AxisElem(k), graph.AxisRange())
		terms[k] = train.Term{Name: c.Name, Value: graph.ReduceSum(graph.Mul(squares, average), 1)}
	}
	return terms
}
