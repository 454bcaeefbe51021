// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"

	"pinn.example/repro/pde"
)

const (
	// printedSharpNu and printedSmoothNu are the two that section 3.1 names.
	printedSharpNu, printedSmoothNu = .001, .1
	inviscidUntil                   = .8       // in units of 1/π, when the inviscid front forms
	sharpSlope                      = 100      // of a front as high as 1 whose width is of order .001
	smoothSlope                     = 2        // in units of the steepest slope at t = 0, π
	slopeTimes, slopePlaces         = 50, 1000 // steps of the differences
)

// shock is P01.
func shock() ClaimTest {
	return ClaimTest{
		ID: "P01",
		Rule: "of the exact solution: at ν = .001 the slope at x = 0 is within 10 % of the inviscid −π/(1−πt) at t = .1/π, .2/π, …, .8/π, and the largest |u_x| exceeds 100, a front whose width is of order ν; " +
			"at ν = .1 the largest stays below 2π, twice that at t = 0. Slopes are differences between neighbours on 51 × 1,001 points",
		find: func(*Session, Preset) (finding, error) { return shockForms(printedSharpNu, printedSmoothNu) },
	}
}

// shockForms judges whether a front forms at one ν and none at another.
func shockForms(sharp, smooth float64) (finding, error) {
	off := 0.
	for k := 1; k <= 8; k++ {
		t := inviscidUntil * float64(k) / 8 / math.Pi
		slope, err := slopeAtFront(sharp, t)
		if err != nil {
			return finding{}, err
		}
		off = math.Max(off, math.Abs(slope/(-math.Pi/(1-math.Pi*t))-1))
	}
	steep, err := steepest(sharp)
	if err != nil {
		return finding{}, err
	}
	gentle, err := steepest(smooth)
	if err != nil {
		return finding{}, err
	}
	f := finding{verdict: Differs, reason: fmt.Sprintf("at ν = %g the slope at x = 0 is off the inviscid one by at most %s %%, and the largest is %s; at ν = %g it is %s",
		sharp, number(100*off), number(steep), smooth, number(gentle))}
	if off <= relativeMargin && steep > sharpSlope && gentle < smoothSlope*math.Pi {
		f.verdict = Reproduced
	}
	return f, nil
}

// slopeAtFront is u_x(t, 0): the solution is odd, and a step of 1e-5 is a hundredth
// of the thinnest front.
func slopeAtFront(nu, t float64) (float64, error) {
	const step = 1e-5
	u, err := pde.Burgers{}.Reference([]float64{nu}, [][]float64{{t, step}})
	if err != nil {
		return 0, err
	}
	return u[0] / step, nil
}

// steepest is the largest difference quotient between neighbours in x: a lower bound
// of the largest |u_x|, and near it where the solution is smooth.
func steepest(nu float64) (float64, error) {
	var at [][]float64
	for _, t := range spaced(0, 1, slopeTimes+1) {
		for _, x := range spaced(-1, 1, slopePlaces+1) {
			at = append(at, []float64{t, x})
		}
	}
	u, err := pde.Burgers{}.Reference([]float64{nu}, at)
	if err != nil {
		return 0, err
	}
	largest := 0.
	for i := 1; i < len(u); i++ {
		if at[i][0] == at[i-1][0] {
			largest = math.Max(largest, math.Abs((u[i]-u[i-1])/(at[i][1]-at[i-1][1])))
		}
	}
	return largest, nil
}
