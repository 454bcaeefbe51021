// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// published is the reference solution as the authors' generator computes it
// (data_gen/systems.py), on their grid of 100 × 256 points and nowhere else:
//
//   - convection, diffusion and both: 256 Fourier modes of the sampled initial
//     condition, in closed form at t_j = j/99;
//   - reaction: the logistic function at t_j;
//   - reaction with either: one step of reaction, then one of the rest, with
//     Δt = 1/100, for every row of the grid. Row j is thus the solution near
//     t = j/100 under the label j/99, and the splitting is of first order.
//
// The authors have no generator for convection-reaction; it is made here by
// their most general one with ν = 0.
func (c *CDR) published(mu []float64, at [][]float64) ([]float64, error) {
	places, rows, err := c.places(at)
	if err != nil {
		return nil, err
	}
	grid, err := c.publishedRows(mu, rows)
	if err != nil {
		return nil, err
	}
	u := make([]float64, len(at))
	for i, p := range places {
		u[i] = grid[p.row][p.column]
	}
	return u, nil
}

// place is a point of the published grid.
type place struct{ row, column int }

// places finds points on the published grid, and how many rows of it they need.
func (c *CDR) places(at [][]float64) (places []place, rows int, err error) {
	places = make([]place, len(at))
	for i, p := range at {
		column := int(math.Round(p[0] / cdrX(1)))
		row := int(math.Round(p[1] / cdrT(1)))
		// float32 coordinates must find their point too.
		const near = 1e-6
		if column < 0 || column > cdrNX || row < 0 || row >= cdrNT ||
			math.Abs(p[0]-cdrX(column)) > near || math.Abs(p[1]-cdrT(row)) > near {
			return nil, 0, fmt.Errorf("%s: x=%g, t=%g is not on the published grid (x = 2πi/%d, t = j/%d), where alone this solution exists; ask for the accurate one",
				c.kind.name, p[0], p[1], cdrNX, cdrNT-1)
		}
		places[i] = place{row, column % cdrNX}
		rows = max(rows, row+1)
	}
	return places, rows, nil
}

// publishedRows returns the first rows of the authors' grid, [row][x].
func (c *CDR) publishedRows(mu []float64, rows int) ([][]float64, error) {
	beta, nu, rho := mu[0], mu[1], mu[2]
	u0 := make([]float64, cdrNX)
	for i := range u0 {
		u0[i] = c.initial.At(cdrX(i))
	}
	fft := fourier.NewFFT(cdrNX)
	grid := make([][]float64, rows)
	for j := range grid {
		t := cdrT(j)
		var err error
		switch {
		case !c.kind.reaction:
			grid[j] = convectDiffuse(fft, u0, beta, nu, t)
		case !c.kind.convection && !c.kind.diffusion:
			grid[j], err = react(u0, rho, t)
		case j == 0:
			grid[j] = u0
		default:
			const dt = 1.0 / cdrNT // not the grid's 1/(cdrNT−1)
			if grid[j], err = react(grid[j-1], rho, dt); err == nil {
				grid[j] = convectDiffuse(fft, grid[j], beta, nu, dt)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: as-published solution at t=%g: %w", c.kind.name, t, err)
		}
	}
	return grid, nil
}

// react solves du/dt = ρu(1 − u) over dt at every point.
func react(u []float64, rho, dt float64) ([]float64, error) {
	next := make([]float64, len(u))
	for i := range u {
		var err error
		if next[i], err = logistic(u[i], rho*dt); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// convectDiffuse solves u_t + βu_x − νu_xx = 0 over dt, mode by mode.
func convectDiffuse(fft *fourier.FFT, u []float64, beta, nu, dt float64) []float64 {
	modes := fft.Coefficients(nil, u)
	for k := range modes {
		ik := complex(0, float64(k))
		modes[k] *= cmplx.Exp((complex(nu, 0)*ik*ik - complex(beta, 0)*ik) * complex(dt, 0))
		modes[k] /= complex(float64(len(u)), 0)
	}
	return fft.Sequence(nil, modes)
}
