// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package pinn is what all methods share: a problem, its points and a network
// become the terms of a physics-informed loss, and a trained network becomes the
// errors that the papers report. A method adds a network and its weights.
//
//	s, err := pinn.NewSetup(problem, pde.Sample{Set: "published"})
//	task := train.Task{
//		Weights: weights,
//		Data:    s.Data(mu),
//		Loss: func(in train.Inputs) []train.Term { return s.Losses(in, network(in)) },
//		Residuals: func(in train.Inputs) []train.Term { return s.Residuals(in, network) },
//	}
package pinn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Setup is a problem with its points.
type Setup struct {
	Problem pde.Problem
	Sample  pde.Sample
	Points  pde.Points
	// Drawn has training draw its parameter settings; nil trains on given ones.
	Drawn *Drawn
	// ResidualWeight is the weight α of the residual's mean square in the loss; 0
	// is 1 (the Hyper-LR-PINN authors' code).
	ResidualWeight float64
}

// NewSetup draws the points.
func NewSetup(p pde.Problem, sample pde.Sample) (Setup, error) {
	if sample.Redraw < 0 {
		return Setup{}, fmt.Errorf("pinn: points of %s: they can't be drawn anew every %d steps; give a positive number, or 0 for fixed points", p.ID(), sample.Redraw)
	}
	points, err := p.Points(sample)
	if err != nil {
		return Setup{}, fmt.Errorf("pinn: points of %s: %w", p.ID(), err)
	}
	return Setup{Problem: p, Sample: sample, Points: points}, nil
}

// Names of the data that Losses reads beside those of the conditions.
const (
	MuDatum          = "mu"          // [query, parameter]
	CollocationDatum = "collocation" // [1 or query, point, coordinate]
)

// Data returns the data that Losses reads, for one parameter setting a query.
// Where training draws its parameter settings, it draws as many as mus has, which
// are themselves where Probe measures.
func (s Setup) Data(mus ...[]float64) []train.Datum {
	data := []train.Datum{
		{Name: MuDatum, Value: train.FromRows(mus)},
		{Name: CollocationDatum, Value: pointArray(s.Points.Collocation), Shared: true, Redraw: s.redraw()},
	}
	if s.Drawn != nil {
		data = s.drawnData(mus)
	}
	for _, g := range s.groups() {
		data = append(data, g.data(mus)...)
	}
	return data
}

// redraw is nil where the collocation points are fixed.
func (s Setup) redraw() *train.Redraw {
	if s.Sample.Redraw == 0 {
		return nil
	}
	low, high := bounds(s.Problem.Coordinates())
	return &train.Redraw{Every: s.Sample.Redraw, Seed: s.Sample.Seed, Low: low, High: high}
}

// pointArray is points as [1, point, coordinate].
func pointArray(rows [][]float64) train.Array {
	a := train.FromRows(rows)
	return a.Reshape(1, a.Dims[0], a.Dims[1])
}

// ResidualTerm names the loss term of the equation itself.
const ResidualTerm = "residual"

// Losses returns the terms of the loss, each [query]: the mean square of the
// residual, times its weight, then of each condition.
func (s Setup) Losses(in train.Inputs, net jet.Network) []train.Term {
	var terms []train.Term
	for m := range s.misfits(in, func(...train.Rows) jet.Network { return net }) {
		terms = append(terms, m.losses()...)
	}
	return terms
}

// meanSquare is the mean of squares over points, [query, point, 1] to [query].
func meanSquare(r *graph.Node) *graph.Node {
	return graph.ReduceMean(graph.Square(r), 1, 2)
}
