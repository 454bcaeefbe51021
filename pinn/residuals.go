// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"iter"
	"math"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Residuals returns what [Setup.Losses] are the sums of squares of, [query, sample]: the
// residual at each collocation point, then the misfit of each condition at each of its
// points or pairs, all times √(weight/number). network is as for NewEvaluator; it must
// give its weights to the layers of package jet as they are. The parameter settings are
// one a query, and not those of a [Setup.Joint].
func (s Setup) Residuals(in train.Inputs, network func(in train.Inputs) jet.Network) []train.Term {
	var terms []train.Term
	for m := range s.misfits(in, func(rows ...train.Rows) jet.Network { return network(in.Copies(rows...)) }) {
		terms = append(terms, m.residuals()...)
	}
	return terms
}

// misfit is what ought to be 0 at some points, [query, point] or [query, point, 1], of one
// term of the loss after another.
type misfit struct {
	value  *graph.Node
	parts  []part
	weight float64 // of its mean square in the loss; 0 is 1
}

type part struct {
	name   string
	points int
}

// misfits yields what the loss is made of: the equation's residual, then the conditions.
// net is the network for points with these samples, which count through all misfits.
//
// They are made one by one, as they are read, so that a graph has its operations in the
// order in which its terms are.
func (s Setup) misfits(in train.Inputs, net func(rows ...train.Rows) jet.Network) iter.Seq[misfit] {
	return func(yield func(misfit) bool) {
		x := in.D(CollocationDatum)
		n := x.Shape().Dim(1)
		r, _ := pde.Residual(s.Problem, net(train.Rows{From: 0, To: n}), in.D(MuDatum), x)
		if yield(misfit{value: r, parts: []part{{ResidualTerm, n}}, weight: s.ResidualWeight}) {
			s.conditions(in, n, net, yield)
		}
	}
}

// losses are the mean squares, [query], times the weight.
func (m misfit) losses() []train.Term {
	squares := graph.Square(m.value)
	axes := []int{1, 2}[:squares.Rank()-1]
	var terms []train.Term
	from := 0
	for _, p := range m.parts {
		part := squares
		if len(m.parts) > 1 {
			part = cut(squares, from, from+p.points)
		}
		mean := graph.ReduceMean(part, axes...)
		if m.weight != 0 {
			mean = graph.MulScalar(mean, m.weight)
		}
		terms = append(terms, train.Term{Name: p.name, Value: mean})
		from += p.points
	}
	return terms
}

// residuals are the misfits scaled so that their sum of squares is [misfit.losses].
func (m misfit) residuals() []train.Term {
	values := graph.Reshape(m.value, m.value.Shape().Dim(0), m.value.Shape().Dim(1))
	weight := m.weight
	if weight == 0 {
		weight = 1
	}
	var terms []train.Term
	from := 0
	for _, p := range m.parts {
		scaled := graph.MulScalar(cut(values, from, from+p.points), math.Sqrt(weight/float64(p.points)))
		terms = append(terms, train.Term{Name: p.name, Value: scaled})
		from += p.points
	}
	return terms
}
