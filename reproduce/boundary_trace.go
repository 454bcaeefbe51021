// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
)

// constantTrace are the relative errors, on the test points and on the grid, of the
// exact solution whose values at both ends of the domain stay what they are at t = 0,
// for each setting.
func (s *Session) constantTrace(r boundaryRow, at [][]float64) ([][2]float64, error) {
	setup := r.published.study.setup
	problem, ok := setup.Problem.(*pde.CDR)
	if !ok {
		return nil, fmt.Errorf("reproduce: %s has no solution for a trace", setup.Problem.ID())
	}
	test, grid := setup.Points.Test, setup.Points.Grid.Points
	points := slices.Concat(test, grid)
	start, err := problem.Reference(at[0], [][]float64{{0, 0}})
	if err != nil {
		return nil, err
	}
	errors := make([][2]float64, len(at))
	for i, mu := range at {
		truth, err := s.reference(problem, mu, points)
		if err != nil {
			return nil, err
		}
		u, err := s.traceSolution(problem, "constant", mu, func(float64) float64 { return start[0] }, points)
		if err != nil {
			return nil, err
		}
		for j, part := range [][2]int{{0, len(test)}, {len(test), len(points)}} {
			e, err := metric.Compare(u[part[0]:part[1]], truth[part[0]:part[1]])
			if err != nil {
				return nil, err
			}
			errors[i][j] = e.RelL2
		}
	}
	return errors, nil
}

// traceTimes are the steps between two rows of the grid at which a network's trace
// is read.
const traceTimes = 4

// weigh measures what needs a network's weights.
func (s *Session) weigh(ctx context.Context, net *boundaryNet) error {
	setup := net.run.setup
	problem, ok := setup.Problem.(*pde.CDR)
	if !ok {
		return fmt.Errorf("reproduce: %s has no solution for a trace", setup.Problem.ID())
	}
	grid := setup.Points.Grid
	nt, nx := grid.Shape[0], grid.Shape[1]
	x := problem.Coordinates()[0]
	h := (x.High - x.Low) / float64(nx)
	last := grid.Points[len(grid.Points)-1][1]
	times := (nt-1)*traceTimes + 1
	points := slices.Clip(grid.Points)
	for _, end := range []float64{x.Low, x.High} {
		for k := range times {
			points = append(points, []float64{end, last * float64(k) / float64(times-1)})
		}
	}
	u, err := s.Field(ctx, net.run, net.mu, points)
	if err != nil {
		return err
	}
	onGrid, low, high := u[:nt*nx], u[nt*nx:nt*nx+times], u[nt*nx+times:]

	// One-sided differences of second order: errors h²/3 u_xxx, with h = 2π/256.
	sum := 0.
	for i := range nt {
		row := onGrid[i*nx : (i+1)*nx]
		at := i * traceTimes
		left := (-3*low[at] + 4*row[1] - row[2]) / (2 * h)
		right := (3*high[at] - 4*row[nx-1] + row[nx-2]) / (2 * h)
		sum += (right - left) * (right - left) / float64(nt)
	}
	net.jump = math.Sqrt(sum)

	trace := func(t float64) float64 {
		at := t / last * float64(times-1)
		k := min(int(at), times-2)
		part := at - float64(k)
		return ((1-part)*(low[k]+high[k]) + part*(low[k+1]+high[k+1])) / 2
	}
	record, err := s.Find(net.run)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("of %s, weights %s, %d times", record.Name, record.WeightsSHA256(), times)
	exact, err := s.traceSolution(problem, name, net.mu, trace, grid.Points)
	if err != nil {
		return err
	}
	e, err := metric.Compare(onGrid, exact)
	if err != nil {
		return err
	}
	net.own, net.weighed = e.RelL2, true
	return nil
}
