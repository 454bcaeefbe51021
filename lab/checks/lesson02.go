// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// field is a function u(x, t) as a graph.
type field = func(x, t *graph.Node) *graph.Node

// columnOf makes a tensor [n, 1].
func columnOf(values []float64) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(values, len(values), 1)
}

// lesson02X and lesson02T are points without any symmetry.
var lesson02X, lesson02T = []float64{.3, 1.1, 2.6, 5.2}, []float64{.15, .8, .4, .65}

// ConvectionDiffusionResidual judges the residual u_t + β u_x − ν u_xx of a function.
// Its three coefficients are read off on u = t, x and x², whose derivatives are known,
// and then confirmed on a function that has all of them.
func ConvectionDiffusionResidual(b compute.Backend, residual func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node) error {
	return guarded(func() error {
		const beta, nu = 3., .5
		at := func(u field) ([]float64, error) {
			out, err := graph.CallOnce(b, func(x, t *graph.Node) *graph.Node {
				return built(func() *graph.Node { return residual(u, x, t, beta, nu) })
			}, columnOf(lesson02X), columnOf(lesson02T))
			if err != nil {
				return nil, fmt.Errorf("the graph can't be built: %w", err)
			}
			if out.Shape().Size() != len(lesson02X) {
				return nil, fmt.Errorf("the residual has the shape %v; it should have one number for each point", out.Shape().Dimensions)
			}
			return tensors.MustCopyFlatData[float64](out), nil
		}
		// u = t + 0·x and so on: every gradient exists.
		zero := func(x *graph.Node) *graph.Node { return graph.MulScalar(x, 0) }
		var r [3][]float64
		for i, u := range []field{
			func(x, t *graph.Node) *graph.Node { return graph.Add(t, zero(graph.Square(x))) },
			func(x, t *graph.Node) *graph.Node { return graph.Add(graph.Add(x, zero(graph.Square(x))), zero(t)) },
			func(x, t *graph.Node) *graph.Node { return graph.Add(graph.MulScalar(graph.Square(x), .5), zero(t)) },
		} {
			var err error
			if r[i], err = at(u); err != nil {
				return err
			}
		}
		ut, ux := r[0][0], r[1][0]
		uxx := r[2][0] - ux*lesson02X[0] // x²/2 has u_x = x and u_xx = 1
		is := func(a, b, c float64) bool { return near(ut, a, 1e-9) && near(ux, b, 1e-9) && near(uxx, c, 1e-9) }
		switch {
		case is(1, beta, -nu):
		case is(1, beta, 0):
			return errors.New("the diffusion ν u_xx is missing")
		case is(1, beta, nu):
			return errors.New("the sign of the diffusion is wrong: ν u_xx stands on the left with a minus")
		case is(1, -beta, -nu), is(1, -beta, nu):
			return errors.New("the sign of the convection is wrong: it is + β u_x")
		case is(-1, -beta, nu):
			return errors.New("that is −r: the loss would be the same, but keep the sign of the equation")
		case is(beta, 1, -nu):
			return errors.New("β belongs to u_x, not to u_t")
		case is(1, nu, -beta):
			return errors.New("β and ν have changed places")
		case is(0, beta, -nu):
			return errors.New("u_t is missing")
		case is(1, 0, -nu):
			return errors.New("the convection β u_x is missing")
		case is(1, beta, -beta*nu), is(1, beta, -1):
			return errors.New("the factor of u_xx is ν alone")
		default:
			return fmt.Errorf("for β = 3 and ν = 0.5 your residual of u = t is %.3g, of u = x %.3g, of u = x²/2 %.3g at x = %g; work these out on paper", ut, ux, r[2][0], lesson02X[0])
		}
		// u = sin 2x e^{−t/2} + x t
		got, err := at(func(x, t *graph.Node) *graph.Node {
			return graph.Add(graph.Mul(graph.Sin(graph.MulScalar(x, 2)), graph.Exp(graph.MulScalar(t, -.5))), graph.Mul(x, t))
		})
		if err != nil {
			return err
		}
		for i, x := range lesson02X {
			t := lesson02T[i]
			s, c := math.Sin(2*x)*math.Exp(-t/2), math.Cos(2*x)*math.Exp(-t/2)
			if want := (-s/2 + x) + beta*(2*c+t) - nu*(-4*s); !near(got[i], want, 1e-9) {
				return errors.New("right for u = t, x and x²/2, and wrong for sin 2x e^{−t/2} + x t: is a derivative squared, where it should be taken twice?")
			}
		}
		return nil
	})
}

// BoundaryLoss judges the mean square difference of two columns, a scalar.
func BoundaryLoss(b compute.Backend, loss func(left, right *graph.Node) *graph.Node) error {
	return guarded(func() error {
		// The differences are 1, −1, 2, −2.
		left, right := []float64{1, 0, 3, 2}, []float64{0, 1, 1, 4}
		out, err := graph.CallOnce(b, func(l, r *graph.Node) *graph.Node {
			return built(func() *graph.Node { return loss(l, r) })
		}, columnOf(left), columnOf(right))
		if err != nil {
			return fmt.Errorf("the graph can't be built: %w", err)
		}
		if out.Shape().Size() != 1 {
			return fmt.Errorf("it has the shape %v; a term of the loss is one number", out.Shape().Dimensions)
		}
		got := tensors.MustCopyFlatData[float64](out)[0]
		switch {
		case near(got, 2.5, 1e-9):
			return nil
		case near(got, 0, 1e-9):
			return errors.New("it is 0 although the two ends differ everywhere: differences of opposite sign cancel unless each is squared before the mean")
		case near(got, 10, 1e-9):
			return errors.New("that is the sum of squares; with the mean, the term does not depend on the number of points")
		case near(got, 1.5, 1e-9):
			return errors.New("that is the mean absolute difference; the loss has squares")
		case near(got, math.Sqrt(2.5), 1e-9):
			return errors.New("the root is too much: the term is the mean square itself")
		case near(got, 1.25, 1e-9):
			return errors.New("a factor ½ too much: the mean is over pairs")
		}
		return fmt.Errorf("for differences of 1, −1, 2 and −2 it is %.4f", got)
	})
}

// MirroredError judges rel L2 of 1 + sin(x + βt) against 1 + sin(x − βt) on
// [0, 2π] × [0, 1], by sums over many points.
func MirroredError(mirrored func(beta float64) float64) error {
	return guarded(func() error {
		for _, beta := range []float64{.7, 2, 5} {
			const n = 400
			var d, u float64
			for i := range n {
				t := (float64(i) + .5) / n
				for j := range 16 { // exact for trigonometric polynomials
					x := 2 * math.Pi * float64(j) / 16
					v := 1 + math.Sin(x-beta*t)
					d, u = d+math.Pow(1+math.Sin(x+beta*t)-v, 2), u+v*v
				}
			}
			truth := math.Sqrt(d / u)
			got := mirrored(beta)
			is := func(v float64) bool { return near(got, v, 1e-4) }
			switch {
			case is(truth):
			case is(truth * truth):
				return errors.New("the square root is missing")
			case is(truth * math.Sqrt(1.5)):
				return errors.New("that is the norm of the difference; divide by the norm of u, whose mean square is 1 + ½")
			case is(truth * math.Sqrt(3)):
				return errors.New("the norm of u lacks the 1 of 1 + sin: its mean square is 1 + ½")
			case is(truth * math.Sqrt2):
				return errors.New("too large by √2: the mean of cos² x is ½")
			case is(math.Sqrt((1 + math.Sin(2*beta)/(2*beta)) / 1.5)):
				return errors.New("that is the mean of cos² βt: sin² is (1 − cos 2βt)/2")
			case is(math.Sqrt((1 - math.Sin(2*beta)/2) / 1.5)), is(math.Sqrt((1 - math.Sin(2*beta)) / 1.5)), is(math.Sqrt((1 - math.Sin(beta)/beta) / 1.5)):
				return errors.New("almost: the integral of cos 2βt from 0 to 1 is sin(2β)/(2β)")
			case is(math.Sqrt(1 / 1.5)):
				return errors.New("that is its limit for large β, where the mean of sin² βt is ½; for a finite β it is not quite")
			default:
				return fmt.Errorf("for β = %g it is %.4f; sums over a fine grid give something else", beta, got)
			}
		}
		return nil
	})
}

// PeriodicInputs judges inputs of a network that are to be smooth, of period 2π in x,
// and different at any two places.
func PeriodicInputs(b compute.Backend, inputs func(x, t *graph.Node) []*graph.Node) error {
	return guarded(func() error {
		at := func(points ...[2]float64) ([][]float64, error) { // [point][input]
			var x, t []float64
			for _, p := range points {
				x, t = append(x, p[0]), append(t, p[1])
			}
			out, err := graph.CallOnceN(b, func(in []*graph.Node) []*graph.Node {
				return built(func() []*graph.Node { return inputs(in[0], in[1]) })
			}, columnOf(x), columnOf(t))
			if err != nil {
				return nil, fmt.Errorf("the graph can't be built: %w", err)
			}
			rows := make([][]float64, len(points))
			for k, o := range out {
				if d := o.Shape().Dimensions; len(d) != 2 || d[0] != len(points) || d[1] != 1 {
					return nil, fmt.Errorf("input %d has the shape %v; each should be a column like x, [%d 1]", k, d, len(points))
				}
				for i, v := range tensors.MustCopyFlatData[float64](o) {
					rows[i] = append(rows[i], v)
				}
			}
			return rows, nil
		}
		same := func(a, b []float64) bool {
			for i := range a {
				if !near(a[i], b[i], 1e-9) {
					return false
				}
			}
			return true
		}
		const pi = math.Pi
		p, err := at([2]float64{.5, .3}, [2]float64{.5 + 2*pi, .3}, [2]float64{pi - .5, .3}, [2]float64{2*pi - .5, .3}, [2]float64{.5 + pi, .3}, [2]float64{.5, .71},
			[2]float64{.5, 1.3})
		if err != nil {
			return err
		}
		switch {
		case same(p[0], p[5]):
			return errors.New("the inputs don't change with t: the network needs t too")
		case same(p[0], p[2]) && same(p[0], p[1]):
			return errors.New("sin x is the same at x and at π − x: the network can't tell these places apart")
		case same(p[0], p[3]) && same(p[0], p[1]):
			return errors.New("cos x is the same at x and at 2π − x: the network can't tell these places apart")
		case same(p[0], p[4]) && same(p[0], p[1]):
			return errors.New("these inputs have period π: the network can't tell x from x + π")
		case !same(p[0], p[1]):
			for k := range p[0] {
				if near(p[0][k], .5, 1e-9) && near(p[1][k], .5+2*pi, 1e-9) {
					return errors.New("x itself is still among the inputs: it is not the same at 0 and at 2π")
				}
				if near(p[0][k], -p[1][k], 1e-9) && math.Abs(p[0][k]) > 1e-9 {
					return errors.New("one input changes its sign from x to x + 2π: its period is 4π")
				}
			}
			return errors.New("the inputs at x and at x + 2π differ")
		case same(p[0], p[6]):
			return errors.New("t is periodic too now: it should come in as it is")
		}
		// smooth: no jump where x mod 2π would have one
		const d = 1e-4
		q, err := at([2]float64{2*pi - d, .3}, [2]float64{2*pi + d, .3}, [2]float64{-d, .3}, [2]float64{d, .3})
		if err != nil {
			return err
		}
		for k := range q[0] {
			if math.Abs(q[0][k]-q[1][k]) > .1 || math.Abs(q[2][k]-q[3][k]) > .1 {
				return errors.New("an input jumps at the end of the period: it has the right values but no derivative there; use smooth functions")
			}
		}
		return nil
	})
}
