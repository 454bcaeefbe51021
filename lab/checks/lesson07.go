// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"

	"pinn.example/repro/pde"
)

// ColeHopf judges the exact solution of Burgers' equation with u(0, x) = −sin πx at
// viscosity nu: by package pde's, which is tested to 1e-14.
func ColeHopf(u func(nu, t, x float64) float64) error {
	return guarded(func() error {
		for _, x := range []float64{-.3, .5} {
			if got := u(.05, 0, x); math.IsNaN(got) {
				return errors.New("at t = 0 you return NaN: the Gaussian is divided by 4νt; return the initial value there")
			} else if !near(got, -math.Sin(math.Pi*x), 1e-6) {
				return fmt.Errorf("at t = 0, x = %g you return %.4g; the initial value is −sin πx", x, got)
			}
		}
		for _, nu := range []float64{.1, .02, .003, .0001} {
			for _, p := range [][]float64{{.05, .4}, {.5, -.3}, {.5, .002}, {1, .9}} {
				t, x := p[0], p[1]
				got := u(nu, t, x)
				want, err := pde.Burgers{}.Reference([]float64{nu}, [][]float64{p})
				if err != nil {
					return err
				}
				initial := -math.Sin(math.Pi * x)
				switch {
				case near(got, want[0], 1e-6):
					continue
				case math.IsNaN(got) || math.IsInf(got, 0):
					return fmt.Errorf("at ν = %g you return %v: exponents of more than 709 overflow, or all weights vanish; subtract the largest exponent from all of them first, which cancels in the quotient", nu, got)
				case near(got, -want[0], 1e-6):
					return errors.New("the size is right and the sign is wrong: the formula begins with a minus")
				case near(got, initial, 1e-9):
					return fmt.Errorf("at t = %g you still return the initial value", t)
				}
				return fmt.Errorf("at ν = %g, t = %g, x = %g you return %.6g, which is not the solution; look at both parts of the exponent (2πν and 4νt), and whether the sum has thousands of terms over [−3, 3]", nu, t, x, got)
			}
		}
		return nil
	})
}

// FrontSpacings judges the width 4ν of the front of Burgers' equation at t = 1/2 in
// spacings of n equally spaced points from −1 to 1: by the tangent of the exact
// solution there.
func FrontSpacings(spacings func(nu float64, n int) float64) error {
	return guarded(func() error {
		for _, c := range []struct {
			nu float64
			n  int
		}{{.001, 256}, {.002, 101}, {.0005, 11}} {
			h := c.nu / 1000
			u, err := pde.Burgers{}.Reference([]float64{c.nu}, [][]float64{{.5, h}})
			if err != nil {
				return err
			}
			width := 2 * h / -u[0] // of the tangent, from 1 to −1
			want := width / (2 / float64(c.n-1))
			// The height of the plains is 1 only for ν → 0: the width is 2 % off at ν = .002.
			got := spacings(c.nu, c.n)
			is := func(x float64) bool { return math.Abs(got/x-1) < .04 }
			switch {
			case is(want):
				continue
			case is(1 / want):
				return errors.New("you return the inverse: how many spacings fit into the width, not how many widths into a spacing")
			case is(want / 2):
				return errors.New("half of what is right: is your spacing that of [−1, 1], which is 2 long, and your width the whole 4ν?")
			case is(want * 2):
				return errors.New("twice what is right: the width is 4ν and the interval is 2 long")
			case is(width / (2 / float64(c.n))):
				return errors.New("nearly: n points from one end to the other have n−1 spacings between them")
			case is(width):
				return errors.New("this is the width itself; divide it by the spacing of the grid")
			}
			return fmt.Errorf("at ν = %g on %d points you return %.4g; width 4ν, divided by the distance between neighbouring points", c.nu, c.n, got)
		}
		return nil
	})
}

// BurgersCounts judges a count of a dense network's weights and biases: by the sizes
// that HyperPINN's Table 1 prints, and by a network so small that it can be counted by
// hand.
func BurgersCounts(count func(widths ...int) int) error {
	return guarded(func() error {
		for _, c := range []struct {
			widths []int
			want   int
		}{
			{[]int{2, 1}, 3},
			{[]int{2, 8, 8, 8, 8, 8, 8, 1}, 393},
			{[]int{3, 8, 8, 8, 8, 8, 8, 1}, 401},
			{[]int{1, 32, 32, 32, 16, 393}, 9385},
		} {
			got := count(c.widths...)
			if got == c.want {
				continue
			}
			weights, inputs := 0, 0
			for l := range len(c.widths) - 1 {
				weights += c.widths[l] * c.widths[l+1]
				inputs += c.widths[l]
			}
			switch got {
			case weights:
				return fmt.Errorf("for widths %v you return %d, which are the weights alone: each output of a layer has a bias too", c.widths, got)
			case weights + inputs:
				return fmt.Errorf("for widths %v you return %d: a layer has one bias for each of its outputs, not of its inputs", c.widths, got)
			}
			return fmt.Errorf("for widths %v you return %d; a layer from n to m numbers has an n × m matrix and m biases", c.widths, got)
		}
		return nil
	})
}

// ShareBelow judges the share in the sum of mse that stems from nus below a limit, on
// numbers that can be added in one's head.
func ShareBelow(share func(nus, mse []float64, limit float64) float64) error {
	return guarded(func() error {
		nus, mse := []float64{.01, .02, .03, .04}, []float64{6, 2, 1, 1}
		got := share(nus, mse, .03)
		switch {
		case near(got, .8, 1e-9):
		case near(got, .2, 1e-9):
			return errors.New("this is the share from the limit on; asked for is what lies below it")
		case near(got, .9, 1e-9):
			return errors.New("a viscosity that equals the limit is not below it")
		case near(got, .5, 1e-9):
			return errors.New("this is the share of the viscosities, not of their errors")
		case near(got, 8, 1e-9):
			return errors.New("this is the sum below the limit; divide it by the sum of all")
		case near(got, 80, 1e-9):
			return errors.New("a share is between 0 and 1: leave out the factor 100")
		case near(got, 4/2.5, 1e-9):
			return errors.New("you divide means by each other; a share is a quotient of sums")
		default:
			return fmt.Errorf("of the errors 6, 2, 1, 1 at ν = .01, .02, .03, .04 you say that a share of %.4g lies below .03", got)
		}
		if got := share(nus, mse, .001); !near(got, 0, 1e-9) {
			return fmt.Errorf("below all viscosities the share is 0, you return %.4g", got)
		}
		return nil
	})
}

// BurgersResidual judges u_t + u u_x − ν u_xx by differences: by functions whose
// derivatives are known.
func BurgersResidual(residual func(u func(t, x float64) float64, nu, t, x float64) float64) error {
	return guarded(func() error {
		const nu, t, x = .3, .4, .7
		// u, u_t, u_x and u_xx of e^t sin 2x.
		u := func(t, x float64) float64 { return math.Exp(t) * math.Sin(2*x) }
		v, ux := u(t, x), 2*math.Exp(t)*math.Cos(2*x)
		ut, uxx := v, -4*v
		got := residual(u, nu, t, x)
		is := func(want float64) bool { return near(got, want, 1e-5) }
		switch {
		case is(ut + v*ux - nu*uxx):
		case is(ut + v*ux + nu*uxx):
			return errors.New("the sign of the diffusion: it is − ν u_xx")
		case is(ut + ux - nu*uxx):
			return errors.New("the convection is u·u_x, not u_x alone")
		case is(ut - v*ux - nu*uxx):
			return errors.New("the sign of u·u_x")
		case is(ut + v*ux - uxx):
			return errors.New("where is ν?")
		case is(ut + v*ux - nu*ux):
			return errors.New("the diffusion needs the second derivative in x, you have the first")
		case is(ux + v*ut - nu*uxx):
			return errors.New("t and x are swapped in the first derivatives")
		case is(v):
			return errors.New("you return u itself")
		default:
			return fmt.Errorf("for u = e^t sin 2x at ν = %g, t = %g, x = %g you return %.6g; check each difference alone: u_t = u, u_x = 2 e^t cos 2x, u_xx = −4u", nu, t, x, got)
		}
		// An exact solution: u = x/(1 + t), at any ν.
		if got := residual(func(t, x float64) float64 { return x / (1 + t) }, nu, t, x); !near(got, 0, 1e-5) {
			return fmt.Errorf("u = x/(1+t) solves the equation at any ν; your residual of it is %.4g", got)
		}
		return nil
	})
}

// MeanWeight judges the weight of a mean of squared residuals that trains as a weight α
// of sums does: by the ratio of the two terms on given squares.
func MeanWeight(weight func(alpha float64, dataPoints, collocationPoints int) float64) error {
	return guarded(func() error {
		const alpha, n, m = .5, 100, 2000
		// Squares are 3 at each datum and 7 at each collocation point.
		sums := alpha * 7 * m / (3 * n)
		w := weight(alpha, n, m)
		means := w * 7 / 3
		switch {
		case near(means, sums, 1e-9):
			return nil
		case near(w, alpha*n/m, 1e-9):
			return errors.New("upside down: a sum over more points is larger, and so the residual weighs more in sums than in means")
		case near(w, alpha, 1e-9):
			return errors.New("with the same α, the residual's part of the loss is not the same: a sum is a mean times the number of its points")
		case near(w, alpha*m, 1e-6):
			return errors.New("the data's sum is a mean times a number, too")
		}
		return fmt.Errorf("for α = %g, %d data and %d collocation points you return %.4g; write both losses for squares that are all 1 and compare the ratios of their terms", alpha, n, m, w)
	})
}
