// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

// RestPoints judges the states at which the Lorenz system rests: by its right-hand side,
// which must be 0 there, and by their number.
func RestPoints(points func(rho, beta float64) [][]float64) error {
	return guarded(func() error {
		for _, c := range []struct {
			rho, beta float64
			want      int
		}{{.5, 2, 1}, {10, 5. / 3, 3}, {28, 8. / 3, 3}} {
			got := points(c.rho, c.beta)
			for i, p := range got {
				if len(p) != 3 {
					return fmt.Errorf("point %d has %d components; a state is x, y, z", i, len(p))
				}
				if math.IsNaN(p[0] + p[1] + p[2]) {
					return fmt.Errorf("at ρ = %g you return NaN: below ρ = 1 the root is that of a negative number, and there is the origin alone", c.rho)
				}
				var d [3]float64
				pde.Lorenz{}.Field([]float64{10, c.rho, c.beta}, p, d[:])
				switch {
				case math.Abs(d[0]) > 1e-9:
					return fmt.Errorf("at ρ = %g, β = %g your point %.4g moves in x: ẋ = σ(y − x) is 0 only for y = x", c.rho, c.beta, p)
				case math.Abs(d[1]) > 1e-9:
					return fmt.Errorf("at ρ = %g, β = %g your point %.4g moves in y: with y = x ≠ 0, x(ρ − z) − y is 0 only for z = ρ − 1", c.rho, c.beta, p)
				case math.Abs(d[2]) > 1e-9:
					return fmt.Errorf("at ρ = %g, β = %g your point %.4g moves in z: xy must equal βz, so that x is a root", c.rho, c.beta, p)
				}
				for _, q := range got[:i] {
					if slices.Equal(p, q) {
						return fmt.Errorf("you return the point %.4g twice", p)
					}
				}
			}
			if len(got) != c.want {
				return fmt.Errorf("at ρ = %g you return %d points; there are %d (mind both signs of the root)", c.rho, len(got), c.want)
			}
		}
		return nil
	})
}

// HopfThreshold judges the ρ at which the Lorenz system's C± lose their stability: by
// the coefficients of the characteristic polynomial.
func HopfThreshold(hopf func(sigma, beta float64) float64) error {
	return guarded(func() error {
		for _, c := range [][]float64{{10, 8. / 3}, {10, 5. / 3}, {16, 4}} {
			sigma, beta := c[0], c[1]
			rho := hopf(sigma, beta)
			a, b, last := sigma+beta+1, beta*(sigma+rho), 2*sigma*beta*(rho-1)
			if math.Abs(a*b-last) < 1e-9*a*math.Abs(b) {
				continue
			}
			is := func(x float64) bool { return near(rho, x, 1e-9) }
			switch {
			case is(1):
				return errors.New("ρ = 1 is where C± appear; asked for is where they lose their stability")
			case is(sigma * (sigma + beta + 3) / (sigma - beta + 1)), is(sigma * (sigma + beta + 3) / (sigma + beta + 1)):
				return errors.New("a sign in the denominator: bring all terms with ρ to one side, (σ+β+1)ρ on the left and 2σρ on the right")
			case is(sigma * (sigma + beta + 1) / (sigma - beta - 1)):
				return errors.New("the right side is 2σ(ρ − 1): you have lost its −2σ")
			case is(beta * (beta + sigma + 3) / (beta - sigma - 1)):
				return errors.New("σ and β are swapped")
			}
			return fmt.Errorf("at σ = %g, β = %.4g you return %.6g, where ab − c is %.3g and not 0; write a, b and c out and solve (σ+β+1)(σ+ρ) = 2σ(ρ−1)", sigma, beta, rho, a*b-last)
		}
		return nil
	})
}

// RungeKuttaStep judges a step of an explicit Runge–Kutta method with tableau (a, b): by
// methods of two and three stages on an equation on which they can be done by hand.
func RungeKuttaStep(step func(f func(s []float64) []float64, s []float64, h float64, a [][]float64, b []float64) []float64) error {
	return guarded(func() error {
		// ẋ = y, ẏ = x² from (1, 2) with step 1/2.
		f := func(s []float64) []float64 { return []float64{s[1], s[0] * s[0]} }
		start := []float64{1, 2}
		const h = .5
		try := func(a [][]float64, b []float64) []float64 { return step(f, slices.Clone(start), h, a, b) }
		off := func(got []float64, x, y float64) bool {
			return len(got) != 2 || !near(got[0], x, 1e-9) || !near(got[1], y, 1e-9)
		}
		if got := try([][]float64{{}}, []float64{1}); off(got, 2, 2.5) {
			if !off(got, 3, 3) {
				return errors.New("where is h? With one stage, the step is s + h·f(s)")
			}
			return fmt.Errorf("from (1, 2) with h = 1/2 under ẋ = y, ẏ = x² Euler's method leads to (2, 2.5); you return %.4g", got)
		}
		// Midpoint: k0 = (2, 1), k1 = f(1.5, 2.25) = (2.25, 2.25).
		if got := try([][]float64{{}, {.5}}, []float64{0, 1}); off(got, 2.125, 3.125) {
			switch {
			case !off(got, 2, 2.5):
				return errors.New("all your stages are the first one: stage i is evaluated at s + h Σ a_ij k_j, not at s")
			case !off(got, 2.25, 4), !off(got, 2.5, 4):
				return errors.New("the stages lack the factor h: s + h Σ a_ij k_j")
			}
			return fmt.Errorf("the midpoint method, a = {{}, {1/2}}, b = {0, 1}, leads to (2.125, 3.125); you return %.4g", got)
		}
		// Kutta's third order: k2 = f(s + h(−k0 + 2 k1)) = f(2.25, 3.75) = (3.75, 5.0625).
		x := 1 + h*(2+4*2.25+3.75)/6
		y := 2 + h*(1+4*2.25+5.0625)/6
		if got := try([][]float64{{}, {.5}, {-1, 2}}, []float64{1. / 6, 4. / 6, 1. / 6}); off(got, x, y) {
			return fmt.Errorf("with two stages all is well, with three not: does stage 2 see both k0 and k1, each with its own a_ij? You return %.4g instead of (%.4g, %.4g)", got, x, y)
		}
		given := slices.Clone(start)
		step(f, given, h, [][]float64{{}, {.5}}, []float64{0, 1})
		if !slices.Equal(given, start) {
			return errors.New("your step changes the state that it is given; work on a copy")
		}
		return nil
	})
}

// TrapezoidMiss judges the residual of the trapezoid rule for two states: by an equation
// that the rule solves exactly, and by numbers done by hand.
func TrapezoidMiss(miss func(f func(s []float64) []float64, from, to []float64, dt float64) []float64) error {
	return guarded(func() error {
		f := func(s []float64) []float64 { return []float64{s[0] * s[0], 3} }
		from, to, dt := []float64{1, 0}, []float64{3, 5}, .5
		got := miss(f, from, to, dt) // 2/.5 − ½(1 + 9) = −1; 5/.5 − 3 = 7
		if len(got) != 2 {
			return fmt.Errorf("for states of two components you return %d numbers", len(got))
		}
		is := func(a, b float64) bool { return near(got[0], a, 1e-9) && near(got[1], b, 1e-9) }
		switch {
		case is(-1, 7):
			return nil
		case is(0, 0):
			return errors.New("you return zeros for two states that are not on a trajectory")
		case is(1, -7):
			return errors.New("the sign: difference quotient minus mean of f")
		case is(-6, 4):
			return errors.New("the mean of f at both ends: where is the ½?")
		case is(-.5, 3.5):
			return errors.New("this is r·dt; divide the difference of the states by dt")
		case is(2-5, 5-3):
			return errors.New("the difference of the states is not divided by dt")
		case is(3, 7):
			return errors.New("f at the first state alone: that is Euler's rule")
		case is(-5, 7):
			return errors.New("f at the second state alone: that is the implicit Euler rule")
		case is(0, 7):
			return errors.New("you take f at the mean of the states (the midpoint rule); asked for is the mean of f at the states")
		}
		return fmt.Errorf("from (1, 0) to (3, 5) in 1/2 under f = (x², 3) you return %.4g; by hand it is 2/½ − ½(1 + 9) in the first component", got)
	})
}

// OutputsOf judges the number of outputs of a dense network with one hidden layer, given
// its weights in all, 0 where none fits: by counting the weights for it.
func OutputsOf(outputs func(total, inputs, hidden int) int) error {
	return guarded(func() error {
		for _, c := range []struct{ inputs, hidden, outputs int }{{6, 16, 3}, {3, 5, 1}, {6, 16, 6}, {6, 256, 6}, {16, 8, 134}} {
			total := (c.inputs+1)*c.hidden + (c.hidden+1)*c.outputs
			got := outputs(total, c.inputs, c.hidden)
			switch {
			case got == c.outputs:
				continue
			case got == (total-c.inputs*c.hidden)/c.hidden, got == (total-(c.inputs+1)*c.hidden)/c.hidden, got == (total-c.inputs*c.hidden)/(c.hidden+1):
				return errors.New("the biases: the hidden layer has one for each of its units, and each output has one too")
			}
			return fmt.Errorf("a network %d–%d–%d has %d weights; from these you find %d outputs. Take away the first layer's (inputs + 1)·hidden and look at what is left", c.inputs, c.hidden, c.outputs, total, got)
		}
		if got := outputs(215, 6, 16); got != 0 {
			return fmt.Errorf("for a total of 215, what is left is no multiple of hidden + 1, and no number of outputs fits: return 0; you return %d", got)
		}
		if got := outputs(50, 6, 16); got != 0 {
			return fmt.Errorf("a total of 50 is less than the first layer has: return 0; you return %d", got)
		}
		return nil
	})
}

// GrowthRate judges λ of d₀ e^{λt}, fitted by least squares of ln d: by exact
// exponentials, and by points that lie on no line.
func GrowthRate(rate func(times, distances []float64) float64) error {
	return guarded(func() error {
		var t, d []float64
		for i := range 21 {
			t = append(t, float64(i)*.5)
			d = append(d, 1e-8*math.Exp(.9*t[i]))
		}
		got := rate(t, d)
		is := func(x float64) bool { return math.Abs(got-x) < 1e-6 }
		switch {
		case is(.9):
		case is(.9 / math.Ln10):
			return errors.New("a decimal logarithm: λ belongs to e, so take math.Log")
		case is(.9 / math.Ln2):
			return errors.New("a logarithm to base 2: λ belongs to e, so take math.Log")
		case is(.45):
			return errors.New("half of what is right: is your slope one a point or one a second? The times are ½ s apart")
		case is(-.9):
			return errors.New("the sign: these distances grow")
		case is(1 / .9):
			return errors.New("the axes are swapped: ln d over t, not t over ln d")
		default:
			return fmt.Errorf("for distances 1e-8 e^{.9 t} you return %.4g; fit a line to the logarithms", got)
		}
		// ln d = 0, 1, 2, 3, 8: slope Σ(t−t̄)(y−ȳ)/Σ(t−t̄)² = 18/10.
		got = rate([]float64{0, 1, 2, 3, 4}, []float64{1, math.E, math.Exp(2), math.Exp(3), math.Exp(8)})
		switch {
		case is(1.8):
			return nil
		case is(2):
			return errors.New("you use the first and the last point alone; a least-squares line takes all")
		}
		return fmt.Errorf("right on a line, but not on points that scatter (ln d = 0, 1, 2, 3, 8 at t = 0 … 4): you return %.4g. The slope is Σ(t−t̄)(y−ȳ) / Σ(t−t̄)²", got)
	})
}

// SquaredError judges the mean squared distance of two trajectories up to a time: by
// pinn.HorizonErrors.
func SquaredError(squared func(truth, learnt [][]float64, dt, seconds float64) float64) error {
	return guarded(func() error {
		const dt, seconds = .1, .7
		var truth, learnt [][]float64
		for i := range 21 {
			x := float64(i)
			truth = append(truth, []float64{math.Sin(x), x, 1})
			learnt = append(learnt, []float64{math.Cos(x), x - 2, x})
		}
		want, err := pinn.HorizonErrors(truth, learnt, dt, []float64{seconds, 2, .6})
		if err != nil {
			return err
		}
		got, right := squared(truth, learnt, dt, seconds), want[0].Total()
		is := func(x float64) bool { return near(got, x, 1e-9) }
		switch {
		case is(right):
			return nil
		case is(right / 3):
			return errors.New("a third of what is right: the squared distance is the sum over components, not their mean")
		case is(right * 8):
			return errors.New("a sum over times: divide by their number")
		case is(math.Sqrt(right)):
			return errors.New("no root: asked for is the squared distance")
		case is(want[1].Total()):
			return errors.New("you take all times, whatever seconds says")
		case is(right * 8 / 7):
			return errors.New("from 0 to .7 in steps of .1 there are 8 states, not 7")
		case is(want[2].Total()):
			return errors.New("the last state is missing: the one at the time seconds is included (.7/.1 is 6.999… in floating point: round)")
		}
		return fmt.Errorf("up to .7 s in steps of .1 you return %.6g; sum the squares of all components over 8 states, and divide by 8", got)
	})
}
