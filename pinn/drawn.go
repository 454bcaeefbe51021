// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"fmt"
	"math"

	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Drawn has every training step draw parameter settings anew, uniform on a range,
// and collocation points of its own for each (HyperPINN, appendix A.5). The points
// of the sample are then nowhere trained on, but are still those of the
// evaluation; the sample's seed is that of the draws.
type Drawn struct {
	Low  []float64 `json:"low"`
	High []float64 `json:"high"`
	// Points is the number of collocation points of each parameter setting.
	Points int `json:"points"`
}

// WithDrawn returns the setup with parameter settings that are drawn anew at every
// step. All conditions must have the same values at all of them.
func (s Setup) WithDrawn(d Drawn) (Setup, error) {
	parameters := s.Problem.Parameters()
	if len(d.Low) != len(parameters) || len(d.High) != len(parameters) {
		return Setup{}, fmt.Errorf("pinn: parameters are drawn between %v and %v; give a bound for each of %v", d.Low, d.High, parameters)
	}
	for i, name := range parameters {
		if !(d.Low[i] <= d.High[i]) {
			return Setup{}, fmt.Errorf("pinn: %s is drawn between %g and %g; give the lower bound first", name, d.Low[i], d.High[i])
		}
	}
	for _, mu := range [][]float64{d.Low, d.High} {
		if err := s.Problem.Check(mu); err != nil {
			return Setup{}, fmt.Errorf("pinn: %w", err)
		}
	}
	switch {
	case d.Points < 1:
		return Setup{}, fmt.Errorf("pinn: %d collocation points at each parameter setting; give at least 1", d.Points)
	case s.Sample.Redraw != 0:
		return Setup{}, fmt.Errorf("pinn: with drawn parameters all points are drawn at every step; leave the sample's own distance of %d steps out", s.Sample.Redraw)
	}
	// Values may be the same at both ends and not between, such as those of a
	// symmetry: a third setting has none.
	inside := make([]float64, len(parameters))
	for i := range inside {
		inside[i] = d.Low[i] + (d.High[i]-d.Low[i])/(math.Pi+float64(i))
	}
	for _, c := range s.Points.Conditions {
		for _, at := range c.At {
			if c.Value == nil {
				continue
			}
			if v := c.Value(d.Low, at); v != c.Value(d.High, at) || v != c.Value(inside, at) {
				return Setup{}, fmt.Errorf("pinn: the values of condition %q of %s depend on the parameters, which can't be drawn while training; give them", c.Name, s.Problem.ID())
			}
		}
	}
	s.Drawn = &d
	return s, nil
}

// drawnData are the parameter settings, [query, parameter], and each one's
// collocation points, [query, point, coordinate], with their draws.
func (s Setup) drawnData(mus [][]float64) []train.Datum {
	coordinates := s.Problem.Coordinates()
	points := train.NewArray(len(mus), s.Drawn.Points, len(coordinates))
	for i := range points.Data {
		c := coordinates[i%len(coordinates)]
		points.Data[i] = (c.Low + c.High) / 2 // read by nothing: a step draws, an evaluation brings its own
	}
	low, high := bounds(coordinates)
	return []train.Datum{
		{Name: MuDatum, Value: train.FromRows(mus), Shared: true, Redraw: &train.Redraw{Every: 1, Seed: s.Sample.Seed, Low: s.Drawn.Low, High: s.Drawn.High}},
		{Name: CollocationDatum, Value: points, Shared: true, Redraw: &train.Redraw{Every: 1, Seed: s.Sample.Seed, Low: low, High: high}},
	}
}

// bounds are the ends of the coordinates' ranges.
func bounds(coordinates []pde.Coordinate) (low, high []float64) {
	for _, c := range coordinates {
		low, high = append(low, c.Low), append(high, c.High)
	}
	return low, high
}
