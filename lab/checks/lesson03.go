// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
)

// BoundaryCrossings judges crossings(β, x, t), the number of times that the
// characteristic through (x, t) has crossed the boundary of [0, 2π) since t = 0.
// The truth is found by following the line back in small steps.
func BoundaryCrossings(crossings func(beta, x, t float64) int) error {
	return guarded(func() error {
		cases := []struct{ beta, x, t float64 }{
			{1, 3, .5}, {1, .4, .5}, {10, 1, .05}, {10, 1, 1}, {40, 3, .1}, {40, 6, .5}, {40, .1, 1}, {20, 2, 0},
		}
		right, mirrored := true, true
		for _, c := range cases {
			got := crossings(c.beta, c.x, c.t)
			right = right && got == followBack(c.beta, c.x, c.t)
			mirrored = mirrored && got == followBack(c.beta, 2*math.Pi-c.x, c.t)
		}
		if mirrored && !right {
			return errors.New("mind the direction: the wave moves to the right, so that a point's value comes from its left")
		}
		for _, c := range cases {
			want := followBack(c.beta, c.x, c.t)
			got := crossings(c.beta, c.x, c.t)
			switch {
			case got == want:
				continue
			case got < 0:
				return fmt.Errorf("crossings(%g, %g, %g) is negative: where the line starts inside the domain the answer is 0", c.beta, c.x, c.t)
			case c.x > c.beta*c.t && got > 0:
				return fmt.Errorf("crossings(%g, %g, %g) should be 0: this line starts at x − βt = %.3g, inside the domain", c.beta, c.x, c.t, c.x-c.beta*c.t)
			case got == want-1:
				return fmt.Errorf("crossings(%g, %g, %g) is one too small: a line that starts just left of x = 0 has crossed the boundary once", c.beta, c.x, c.t)
			case got > 3*want:
				return errors.New("far too many: one turn around the ring is 2π long")
			}
			return fmt.Errorf("crossings(%g, %g, %g) is not what one counts on the way back; how far left of x = 0 does x − βt lie, and how many turns is that?", c.beta, c.x, c.t)
		}
		return nil
	})
}

// followBack counts the crossings step by step.
func followBack(beta, x, t float64) int {
	const steps = 200_000
	count := 0
	for range steps {
		x -= beta * t / steps
		if x < 0 {
			x += 2 * math.Pi
			count++
		}
	}
	return count
}

// ConstantSolution judges the loss and the relative error of û = c on convection from
// 1 + sin x, against means over the domain.
func ConstantSolution(constant func(c float64) (loss, relL2 float64)) error {
	return guarded(func() error {
		for _, c := range []float64{1, 0, 2.5, -1} {
			// The solution is a shifted sine at every time: one time is enough.
			const n = 1000
			square, norm := 0., 0.
			for i := range n {
				u := 1 + math.Sin(2*math.Pi*float64(i)/n)
				square += (c - u) * (c - u) / n
				norm += u * u / n
			}
			loss, relL2 := constant(c)
			switch {
			case near(loss, square, 1e-6):
			case near(loss, square-.5, 1e-6):
				return fmt.Errorf("the loss of û = %g is larger: it misses 1 + sin x also by the sine, whose mean square is not 0", c)
			case near(loss, math.Sqrt(square), 1e-6):
				return errors.New("the loss is a mean of squares, without a root")
			case near(loss, 2*square, 1e-6):
				return errors.New("twice too large: residual and boundary term of a constant are 0, and the initial term counts once")
			default:
				return fmt.Errorf("the loss of û = %g is not %.4g: only the initial term is not 0; expand (c − 1 − sin x)² and take its mean", c, loss)
			}
			want := math.Sqrt(square / norm)
			switch {
			case near(relL2, want, 1e-6):
			case near(relL2, square/norm, 1e-6):
				return errors.New("the loss is right; in the relative error, take the root of the ratio of squares")
			case near(relL2, math.Sqrt(square), 1e-6):
				return errors.New("the loss is right; the relative error is divided by the norm of u = 1 + sin, which is not 1")
			default:
				return fmt.Errorf("the loss is right; the relative error of û = %g is not %.4g: it is ‖û−u‖/‖u‖, and u is a shifted sine plus 1 at every time", c, relL2)
			}
		}
		return nil
	})
}

// BestAmplitude judges the amplitude that minimises the loss of 1 + a sin(x − ct) on
// convection with speed β, against a search on the loss as a mean over points.
func BestAmplitude(best func(beta, c float64) float64) error {
	return guarded(func() error {
		for _, p := range []struct{ beta, c float64 }{{10, 10}, {1, 0}, {10, 8.5}, {10, 12}, {40, 39.7}} {
			want := searchAmplitude(p.beta, p.c)
			got, d := best(p.beta, p.c), p.beta-p.c
			switch {
			case near(got, want, 1e-4):
				continue
			case near(got, 1, 1e-9):
				return fmt.Errorf("at β = %g, c = %g amplitude 1 fits the initial condition and pays for it in the residual: both terms depend on a", p.beta, p.c)
			case near(got, 1/(1+math.Abs(d)), 1e-4):
				return errors.New("the residual enters the loss squared, and so does β − c")
			case near(got, 1/(1+d*d/2), 1e-4) || near(got, 1/(1+2*d*d), 1e-4):
				return errors.New("a factor 2 is lost: both terms of L have the same factor 1/2")
			case near(got, 1/(1-d*d), 1e-4) || near(got, -1/(d*d-1), 1e-4):
				return errors.New("mind the sign: the derivative of (1 − a)² by a is −2(1 − a)")
			}
			return fmt.Errorf("at β = %g, c = %g another amplitude has a smaller loss: set dL/da to 0 and solve for a", p.beta, p.c)
		}
		return nil
	})
}

// searchAmplitude finds the minimum by golden section.
func searchAmplitude(beta, c float64) float64 {
	loss := func(a float64) float64 {
		const n = 64
		sum := 0.
		for i := range n {
			x := 2 * math.Pi * float64(i) / n
			residual := -a*c*math.Cos(x) + beta*a*math.Cos(x) // û_t + β û_x at t = 0
			initial := (1 - a) * math.Sin(x)
			sum += (residual*residual + initial*initial) / n
		}
		return sum
	}
	low, high, golden := -1., 2., (math.Sqrt(5)-1)/2
	for high-low > 1e-8 {
		m1, m2 := high-golden*(high-low), low+golden*(high-low)
		if loss(m1) < loss(m2) {
			high = m2
		} else {
			low = m1
		}
	}
	return (low + high) / 2
}

// PointsInLayer judges the number of 1,000 uniform points on [0, 2π] × [0, 1] that one
// expects in x < .1, t < .15: that of a regular lattice, counted.
func PointsInLayer(count float64) error {
	const side = 2000
	inside := 0
	for i := range side {
		for j := range side {
			x, t := 2*math.Pi*(float64(i)+.5)/side, (float64(j)+.5)/side
			if x < .1 && t < .15 {
				inside++
			}
		}
	}
	want := 1000 * float64(inside) / (side * side)
	switch {
	case math.Abs(count-want) <= .05*want:
		return nil
	case math.Abs(count-2*math.Pi*want) <= .1*want:
		return errors.New("the domain is 2π wide, not 1: the layer is a smaller share of it")
	case math.Abs(count-1000*want) <= 50*want || math.Abs(count-want/1000) <= .05*want/1000:
		return errors.New("the number of points is the layer's share of the domain's area, times 1,000")
	case math.Abs(count-want/.15) <= .1*want/.15:
		return errors.New("that is the whole strip x < 0.1; the layer ends at t = 0.15")
	}
	return errors.New("not that many: which share of the area 2π × 1 has the layer?")
}

// ResidualRatio judges the mean square of the second residuals over that of the first.
func ResidualRatio(ratio func(onCollocation, onGrid []float64) float64) error {
	return guarded(func() error {
		for _, c := range []struct {
			collocation, grid []float64
			want              float64
		}{
			{[]float64{1, 1, 1, 1}, []float64{2, 2, 2}, 4},
			{[]float64{1, -1}, []float64{3, -3, 3, -3}, 9},
			{[]float64{.1, -.2, .3}, []float64{1, 2, -3, 0}, 3.5 / (.14 / 3)},
		} {
			got := ratio(c.collocation, c.grid)
			n, m := float64(len(c.collocation)), float64(len(c.grid))
			switch {
			case near(got, c.want, 1e-9):
				continue
			case near(got, 1/c.want, 1e-9):
				return errors.New("upside down: it is large where the residual on the grid is large")
			case near(got, math.Sqrt(c.want), 1e-9):
				return errors.New("a ratio of mean squares, without a root")
			case near(got, c.want*m/n, 1e-9):
				return errors.New("take means: the two sets have different numbers of points")
			case math.IsNaN(got) || math.IsInf(got, 0):
				return errors.New("residuals have both signs: square them before you add them up")
			}
			return fmt.Errorf("for residuals %v and %v the ratio of the mean squares is not %.4g", c.collocation, c.grid, got)
		}
		return nil
	})
}
