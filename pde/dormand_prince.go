// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"errors"
	"fmt"
	"math"
)

// Tolerance says how accurate an adaptive step must be: the estimate of its
// error, each component divided by Abs + Rel·|y|, has a root mean square below 1.
type Tolerance struct {
	Rel float64 `json:"rel"`
	Abs float64 `json:"abs"`
}

// SciPyDefault is the tolerance of scipy.integrate.solve_ivp where none is given.
var SciPyDefault = Tolerance{Rel: 1e-3, Abs: 1e-6}

// ErrUnfinished is wrapped by the errors of an integration that stopped before
// its last time: the solution blew up, or needed too many steps.
var ErrUnfinished = errors.New("integration stopped")

// Settings of the control of the step size, those of SciPy's RK45.
const (
	stepSafety = 0.9
	stepShrink = 0.2 // at most to this fraction
	stepGrow   = 10. // at most to this multiple

	// stepsAtMost bounds the attempted steps. A Lorenz trajectory of 25 s needs
	// 2e4 at a tolerance of 1e-12.
	stepsAtMost = 1_000_000
)

// DormandPrince integrates dy/dt = f(t, y) from y0 at times[0] and returns the
// states at all times, [time][component]; the first is a copy of y0. f writes the
// derivative into dy and must not keep or change y.
//
// The method is the explicit Runge-Kutta method of order 5 with an embedded
// fourth order of Dormand and Prince, steps of adaptive size, and an interpolant
// of order 4 for the times between (sources: [dormandPrince]). The first step's
// size (Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I,
// sec. II.4) and its control are those of scipy.integrate.RK45, so that the
// result is that of
//
//	solve_ivp(f, (times[0], times[-1]), y0, method="RK45", t_eval=times, rtol=tol.Rel, atol=tol.Abs)
//
// up to rounding. Steps end where the error asks for it, not at the times: which
// are wanted between the first and the last changes nothing.
//
// Times must be finite and increasing, y0 finite, and both tolerances positive,
// with Rel at least 2.3e-14, below which rounding decides. An integration that
// has to stop early returns the states up to there with an error that wraps
// [ErrUnfinished] and says when: near a time where the solution is no longer
// finite the step falls below rounding.
func DormandPrince(f func(t float64, y, dy []float64), y0, times []float64, tol Tolerance) ([][]float64, error) {
	if err := tol.check(); err != nil {
		return nil, fmt.Errorf("dormand-prince: %w", err)
	}
	if len(times) == 0 {
		return nil, errors.New("dormand-prince: no times; give at least that of y0")
	}
	for i, t := range times {
		if !finite(t) || i > 0 && !(t > times[i-1]) {
			return nil, fmt.Errorf("dormand-prince: time %d is %g; give finite times, each later than the one before", i, t)
		}
	}
	if len(y0) == 0 || !finite(y0...) {
		return nil, fmt.Errorf("dormand-prince: the solution starts at %v; give at least one component, all finite", y0)
	}
	n := len(y0)
	flat := make([]float64, len(times)*n)
	written, err := newDormandPrince(f, n, tol).solve(y0, times, flat)
	states := make([][]float64, written)
	for i := range states {
		states[i] = flat[i*n : (i+1)*n : (i+1)*n]
	}
	return states, err
}

func (tol Tolerance) check() error {
	// 100 roundings, as in SciPy, which raises smaller ones to this.
	const least = 100 * 0x1p-52
	if !finite(tol.Rel, tol.Abs) || tol.Rel < least || tol.Abs <= 0 {
		return fmt.Errorf("tolerances rel=%g, abs=%g; give a rel of at least %.2g and a positive abs", tol.Rel, tol.Abs, least)
	}
	return nil
}

// solve writes the states at the times to states, row after row, and returns how
// many it wrote.
func (d *dormandPrince) solve(y0, times, states []float64) (written int, err error) {
	n := len(y0)
	copy(states, y0)
	copy(d.y, y0)
	written = 1
	t, end := times[0], times[len(times)-1]
	if t == end {
		return written, nil
	}
	d.f(t, d.y, d.k[0])
	if !finite(d.k[0]...) {
		return written, fmt.Errorf("dormand-prince: %w at t=%.6g, the start: the derivative is %v; start where it is finite", ErrUnfinished, t, d.k[0])
	}

	h := d.firstStep(t, end)
	rejected := false
	for attempt := 0; t < end; attempt++ {
		least := 10 * (math.Nextafter(t, math.Inf(1)) - t)
		switch {
		case attempt == stepsAtMost:
			return written, fmt.Errorf("dormand-prince: %w at t=%.6g: %d steps did not reach t=%.6g; choose a larger tolerance or an earlier end", ErrUnfinished, t, stepsAtMost, end)
		case h < least && rejected:
			return written, fmt.Errorf("dormand-prince: %w at t=%.6g: the solution blew up, no step is short enough for y=%.3g; choose an earlier end", ErrUnfinished, t, d.y)
		}
		until := min(t+max(h, least), end)
		h = until - t
		d.step(t, h)
		size := d.estimate(h)
		if !(size < 1) { // NaN too
			shrink := stepShrink
			if !math.IsNaN(size) {
				shrink = max(shrink, stepSafety*math.Pow(size, -1./5))
			}
			h *= shrink
			rejected = true
			continue
		}

		from := written
		for written < len(times) && times[written] <= until {
			written++
		}
		if written > from {
			d.interpolate(t, h, times[from:written], states[from*n:written*n])
		}
		grow := stepGrow
		if size > 0 {
			grow = min(grow, stepSafety*math.Pow(size, -1./5))
		}
		if rejected {
			grow = min(grow, 1)
		}
		t, h, rejected = until, h*grow, false
		d.accept()
	}
	return written, nil
}

// firstStep is such that a step of Euler's method would have an error of about
// 1/100 of the tolerance. It needs the derivative at the start in k[0].
func (d *dormandPrince) firstStep(t, end float64) float64 {
	scaled := func(of func(i int) float64) float64 {
		sum := 0.
		for i, y := range d.y {
			r := of(i) / (d.tol.Abs + d.tol.Rel*math.Abs(y))
			sum += r * r
		}
		return math.Sqrt(sum / float64(len(d.y)))
	}
	slope, slopeAfter := d.k[0], d.k[1]
	d0 := scaled(func(i int) float64 { return d.y[i] })
	d1 := scaled(func(i int) float64 { return slope[i] })
	h0 := 1e-6
	if d0 >= 1e-5 && d1 >= 1e-5 {
		h0 = 0.01 * d0 / d1
	}
	h0 = min(h0, end-t)
	for i, y := range d.y {
		d.next[i] = y + h0*slope[i]
	}
	d.f(t+h0, d.next, slopeAfter)
	d2 := scaled(func(i int) float64 { return slopeAfter[i] - slope[i] }) / h0

	h1 := max(1e-6, 1e-3*h0)
	if d1 > 1e-15 || d2 > 1e-15 {
		h1 = math.Pow(0.01/max(d1, d2), 1./5)
	}
	if !(h1 <= 100*h0) { // NaN too, where Euler's step leaves the domain of f
		h1 = 100 * h0
	}
	return min(h1, end-t)
}

// finite reports whether no number is infinite or NaN.
func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
