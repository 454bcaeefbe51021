// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"

	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
)

// Logistic judges a solution of u' = ρ u (1 − u), u(0) = u0, by integrating the
// equation numerically.
func Logistic(logistic func(rho, u0, t float64) float64) error {
	return guarded(func() error {
		for _, c := range []struct{ rho, u0, t float64 }{{2, .3, 0}, {2, .3, .7}, {5, .1, 1}, {1, .9, .4}, {3, .6, .5}} {
			got := logistic(c.rho, c.u0, c.t)
			if c.t == 0 {
				if !near(got, c.u0, 1e-9) {
					return fmt.Errorf("at t = 0 it is %.4f, and should start from u0 = %g", got, c.u0)
				}
				continue
			}
			states, err := pde.DormandPrince(func(_ float64, y, dy []float64) {
				dy[0] = c.rho * y[0] * (1 - y[0])
				dy[1] = -c.rho * y[1] * (1 - y[1])
			}, []float64{c.u0, c.u0}, []float64{0, c.t}, pde.Tolerance{Rel: 1e-10, Abs: 1e-10})
			if err != nil {
				return err
			}
			truth, backward := states[1][0], states[1][1]
			switch {
			case near(got, truth, 1e-6):
			case near(got, c.u0*math.Exp(c.rho*c.t), 1e-6):
				return errors.New("it grows without bound: that solves u' = ρ u, and the factor 1 − u stops growth near 1")
			case near(got, backward, 1e-6):
				return errors.New("it goes the wrong way, away from 1: look at the sign of ρ t")
			case near(got, logistic(1, c.u0, c.t), 1e-9) && c.rho != 1:
				return errors.New("it does not depend on ρ")
			default:
				return fmt.Errorf("for ρ = %g and u0 = %g it is %.4f at t = %g, which does not solve the equation: differentiate your formula and put it in", c.rho, c.u0, got, c.t)
			}
		}
		return nil
	})
}

// HelmholtzSource judges q = u_xx + u_yy + u for u = sin(a1 π x) sin(a2 π y), by
// finite differences of u.
func HelmholtzSource(source func(a1, a2, x, y float64) float64) error {
	return guarded(func() error {
		for _, c := range []struct{ a1, a2, x, y float64 }{{1, 2, .3, .2}, {2.5, 1.5, -.4, .7}, {.5, 3, .9, -.1}} {
			u := func(x, y float64) float64 { return math.Sin(c.a1*math.Pi*x) * math.Sin(c.a2*math.Pi*y) }
			// fourth-order central differences
			const h = 1e-3
			second := func(f func(d float64) float64) float64 {
				return (-f(2*h) + 16*f(h) - 30*f(0) + 16*f(-h) - f(-2*h)) / (12 * h * h)
			}
			uxx := second(func(d float64) float64 { return u(c.x+d, c.y) })
			uyy := second(func(d float64) float64 { return u(c.x, c.y+d) })
			value := u(c.x, c.y)
			got := source(c.a1, c.a2, c.x, c.y)
			is := func(q float64) bool { return near(got, q, 1e-5) }
			switch {
			case is(uxx + uyy + value):
			case is(-(uxx + uyy + value)):
				return errors.New("the whole has the wrong sign: q stands alone on the right-hand side")
			case is(-uxx - uyy + value):
				return errors.New("the second derivatives have the wrong sign: that of a sine is minus a sine")
			case is(uxx + uyy):
				return errors.New("the term k² u is missing")
			case is(value):
				return errors.New("that is u itself (or k² u alone): add the second derivatives")
			case is(uxx + value), is(uyy + value):
				return errors.New("one of the two second derivatives is missing")
			case is((uxx+uyy)/math.Pi/math.Pi + value), is((uxx+uyy)/math.Pi + value):
				return errors.New("a factor π is missing: the chain rule brings out a π for each derivative")
			case is(uxx/c.a1 + uyy/c.a2 + value):
				return errors.New("the chain rule brings out the factor a π twice, for a second derivative")
			case is(2*uxx + value), is(2*uyy + value):
				return errors.New("a1 belongs to x and a2 to y: one of them is used twice")
			default:
				return fmt.Errorf("for a1 = %g, a2 = %g at (%g, %g) it is %.4f; finite differences of u give something else", c.a1, c.a2, c.x, c.y, got)
			}
		}
		return nil
	})
}

// LaxWendroff judges a time step of the scheme on a periodic grid by its action on a
// single mode e^{iθj}, which von Neumann's analysis gives: the factor
// 1 − i c sin θ − c² (1 − cos θ).
func LaxWendroff(step func(u []float64, c float64) []float64) error {
	return guarded(func() error {
		const n, mode, c = 16, 3, .6
		theta := 2 * math.Pi * mode / n
		u := make([]float64, n)
		for j := range u {
			u[j] = math.Cos(theta * float64(j))
		}
		before := append([]float64(nil), u...)
		next := step(u, c)
		if len(next) != n {
			return fmt.Errorf("from %d points come %d; there should be as many as before", n, len(next))
		}
		for j := range u {
			if u[j] != before[j] {
				return errors.New("it changes its input: write into a new slice, since the neighbours' old values are still needed")
			}
		}
		// is says whether the result is that of a scheme with this factor.
		is := func(re, im float64) bool {
			for j := range next {
				phase := theta * float64(j)
				if !near(next[j], re*math.Cos(phase)-im*math.Sin(phase), 1e-9) {
					return false
				}
			}
			return true
		}
		cos, sin := math.Cos(theta), math.Sin(theta)
		switch {
		case is(1-c*c*(1-cos), -c*sin):
			return nil
		case is(1-c*(1-cos), -c*sin):
			return errors.New("that is the upwind scheme, of first order: the last term has c², and both neighbours")
		case is(1-c*c*(1-cos), c*sin):
			return errors.New("the wave moves to the left: look at the sign of the first difference, right minus left")
		case is(1, -c*sin):
			return errors.New("the term with c² is missing; without it the scheme is unstable at every c")
		case is(1+c*c*(1-cos), -c*sin):
			return errors.New("the term with c² has the wrong sign: it must damp, like a diffusion")
		case is(1-c*c*(1-cos), -2*c*sin), is(1-2*c*c*(1-cos), -2*c*sin), is(1-2*c*c*(1-cos), -c*sin):
			return errors.New("a factor ½ is missing")
		case is(1, 0):
			return errors.New("it returns what it was given: add the two differences")
		case is(-c*c*(1-cos), -c*sin):
			return errors.New("u_j itself is missing: the differences are added to it")
		}
		for j := 1; j < n-1; j++ {
			phase := theta * float64(j)
			if !near(next[j], (1-c*c*(1-cos))*math.Cos(phase)+c*sin*math.Sin(phase), 1e-9) {
				return fmt.Errorf("at point %d of a cosine it is %.4f; write out the two differences there on paper", j, next[j])
			}
		}
		return errors.New("inside the grid it is right, at its ends not: the point before the first is the last")
	})
}

// StableSteps judges the smallest number of steps in which a wave of speed 30 crosses
// no more than one of 256 cells of [0, 2π) a step, up to t = 1.
func StableSteps(steps int) error {
	cells := 30 * 256 / (2 * math.Pi) // that the wave crosses: 1,222.3
	switch {
	case float64(steps) >= cells && float64(steps) < cells+1:
		return nil
	case steps == int(cells):
		return errors.New("almost: with that many steps c is just above 1; round up")
	case steps == 30*256:
		return errors.New("the domain has length 2π, not 1: Δx = 2π/256")
	case float64(steps) > cells:
		return fmt.Errorf("%d steps are stable, but not the smallest number: c is %.3f", steps, cells/float64(steps))
	}
	return fmt.Errorf("%d steps are too few: the wave moves by 30 in all, and a cell is 2π/256 wide", steps)
}

// RelL2 judges ‖û − u‖/‖u‖ on vectors of known lengths.
func RelL2(relL2 func(pred, truth []float64) float64) error {
	return guarded(func() error {
		// ‖u‖ = 5, ‖û − u‖ = 2, ‖û‖ = √29.
		truth, pred := []float64{3, 0, 4}, []float64{3, 2, 4}
		got := relL2(pred, truth)
		is := func(v float64) bool { return near(got, v, 1e-9) }
		switch {
		case is(2. / 5):
		case is(4. / 25):
			return errors.New("the square root is missing")
		case is(2 / math.Sqrt(29)):
			return errors.New("you divide by the norm of the prediction; it should be that of the truth")
		case is(2. / 7):
			return errors.New("that is the ratio of mean absolute values; the L2 norm squares first")
		case is(2), is(2 / math.Sqrt(3)):
			return errors.New("that is an absolute error; divide by the norm of the truth")
		case is(2. / 3):
			return errors.New("that is the mean absolute error (abs), not relative and not L2")
		case is(0):
			return errors.New("it is 0 for a prediction that is wrong at one of three points")
		default:
			return fmt.Errorf("for u = (3, 0, 4) and û = (3, 2, 4) it is %.4f; both norms can be done in the head", got)
		}
		if got := relL2([]float64{0, 0}, []float64{1, -1}); !near(got, 1, 1e-9) {
			return fmt.Errorf("a prediction of 0 has rel L2 1, whatever the truth; yours is %.4f", got)
		}
		return nil
	})
}

// TrivialError judges rel L2 of the best constant for u = 1 + a sin x, by the errors
// of the mean over many points.
func TrivialError(trivial func(a float64) float64) error {
	return guarded(func() error {
		for _, a := range []float64{.5, 1, 2, 10} {
			u := make([]float64, 1000)
			for i := range u {
				u[i] = 1 + a*math.Sin(2*math.Pi*float64(i)/1000)
			}
			e, err := metric.Trivial(u)
			if err != nil {
				return err
			}
			got := trivial(a)
			is := func(v float64) bool { return near(got, v, 1e-6) }
			switch {
			case is(e.RelL2):
			case is(e.RelL2 * e.RelL2):
				return errors.New("the square root is missing")
			case is(a / math.Sqrt2):
				return errors.New("that is the norm of the error alone; divide by the norm of u, the 1 included")
			case is(a * a / 2):
				return errors.New("that is the mean square of the error; take the root, and divide by the norm of u")
			case is(a / math.Sqrt(1+a*a)), is(a / (1 + a)):
				return errors.New("the mean of sin² over a period is ½, in both norms")
			case is(.577), is(1 / math.Sqrt(3)):
				return errors.New("right at a = 1 only: it must depend on a")
			default:
				return fmt.Errorf("for a = %g it is %.4f; which constant is the best, and what is the mean square of the rest?", a, got)
			}
		}
		return nil
	})
}
