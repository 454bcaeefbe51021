// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// curve is a function of one number in plain Go, and what to say of an answer that
// agrees with it.
type curve struct {
	at   func(x float64) float64
	hint string
}

// built runs a function that builds a graph. GoMLX v0.28.2 takes panics for errors only
// where their value is an error: at any other, CallOnce waits for itself for ever.
func built[T any](build func() T) T {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			panic(r)
		default:
			panic(fmt.Errorf("%v", r))
		}
	}()
	return build()
}

// pointwise evaluates a graph, entry by entry, at points x.
func pointwise(b compute.Backend, f func(x *graph.Node) *graph.Node, x []float64) ([]float64, error) {
	out, err := graph.CallOnce(b, func(x *graph.Node) *graph.Node { return built(func() *graph.Node { return f(x) }) }, x)
	if err != nil {
		return nil, fmt.Errorf("the graph can't be built: %w", err)
	}
	if got := out.Shape().Dimensions; len(got) != 1 || got[0] != len(x) {
		return nil, fmt.Errorf("the result has the shape %v; it should have that of x, %v", got, []int{len(x)})
	}
	return tensors.MustCopyFlatData[float64](out), nil
}

// agrees is whether y is a curve's values at x.
func agrees(x, y []float64, at func(x float64) float64) bool {
	for i := range x {
		if !near(y[i], at(x[i]), 1e-9) {
			return false
		}
	}
	return true
}

// judge compares values y at x with the right curve, then with the wrong ones.
func judge(x, y []float64, right func(x float64) float64, wrong []curve, otherwise string) error {
	if agrees(x, y, right) {
		return nil
	}
	for _, w := range wrong {
		if agrees(x, y, w.at) {
			return errors.New(w.hint)
		}
	}
	return errors.New(otherwise)
}

// lesson00Points are points without any symmetry.
var lesson00Points = []float64{-1.3, -.4, .2, .7, 1.9}

// Wave judges a graph of e^{−x²} sin 3x by its values in plain Go.
func Wave(b compute.Backend, wave func(x *graph.Node) *graph.Node) error {
	return guarded(func() error {
		x := lesson00Points
		y, err := pointwise(b, wave, x)
		if err != nil {
			return err
		}
		right := func(x float64) float64 { return math.Exp(-x*x) * math.Sin(3*x) }
		return judge(x, y, right, []curve{
			{func(x float64) float64 { return math.Exp(x*x) * math.Sin(3*x) }, "it grows for large x and should decay: look at the sign in the exponent"},
			{func(x float64) float64 { return math.Exp(-x*x) * 3 * math.Sin(x) }, "the 3 stands inside the sine, not before it"},
			{func(x float64) float64 { return math.Exp(-x*x) * math.Sin(x) }, "the sine's frequency is 3, yours is 1"},
			{func(x float64) float64 { return math.Exp(-x) * math.Sin(3*x) }, "the exponent lacks its square"},
			{func(x float64) float64 { return math.Exp(-x*x/4) * math.Sin(3*x) }, "the exponent is −x², without the ¼ of the function above"},
			{func(x float64) float64 { return math.Exp(-x*x) + math.Sin(3*x) }, "the two factors are multiplied, not added"},
			{math.Sin, "sin x alone is what you were given: it lacks the factor in front, and the 3"},
		}, fmt.Sprintf("at x = %g it is %.4f; work out there on paper which factor is off", x[3], y[3]))
	})
}

// BestStep judges the step that is read off the figure of central differences in
// float64: rounding ε/h and truncation h² balance at ε^{1/3} = 6e-6.
func BestStep(h float64) error {
	switch {
	case !(h > 0):
		return fmt.Errorf("a step is positive, yours is %g", h)
	case h >= 5e-7 && h <= 5e-5:
		return nil
	case h > 5e-5:
		return errors.New("the curve of float64 still falls to the left of your step: the error there is that of truncation")
	case h > 1e-9:
		return errors.New("that is to the left of the lowest point: rounding already dominates (√ε, the best step of a one-sided difference, is near there)")
	}
	return errors.New("that is far on the left, where rounding dominates; look for the lowest point of the curve of float64")
}

// SecondDerivative judges a function that makes the graph of f's second derivative, on
// functions whose second derivatives are known.
func SecondDerivative(b compute.Backend, second func(f func(x *graph.Node) *graph.Node, x *graph.Node) *graph.Node) error {
	return guarded(func() error {
		x := lesson00Points
		for _, c := range []struct {
			name                 string
			f                    func(x *graph.Node) *graph.Node
			value, slope, second func(x float64) float64
		}{
			{
				"sin 2x", func(x *graph.Node) *graph.Node { return graph.Sin(graph.MulScalar(x, 2)) },
				func(x float64) float64 { return math.Sin(2 * x) },
				func(x float64) float64 { return 2 * math.Cos(2*x) },
				func(x float64) float64 { return -4 * math.Sin(2*x) },
			},
			{
				"e^{x/2}", func(x *graph.Node) *graph.Node { return graph.Exp(graph.MulScalar(x, .5)) },
				func(x float64) float64 { return math.Exp(x / 2) },
				func(x float64) float64 { return math.Exp(x/2) / 2 },
				func(x float64) float64 { return math.Exp(x/2) / 4 },
			},
		} {
			y, err := pointwise(b, func(x *graph.Node) *graph.Node { return second(c.f, x) }, x)
			if err != nil {
				if strings.Contains(err.Error(), "scalar") {
					return errors.New("the function Gradient wants a scalar: sum over the entries (ReduceAllSum) before the second Gradient too")
				}
				return err
			}
			err = judge(x, y, c.second, []curve{
				{c.slope, "that is the first derivative; differentiate it once more"},
				{c.value, "that is f itself; differentiate it twice"},
				{func(x float64) float64 { return c.slope(x) * c.slope(x) }, "that is the square of the first derivative, not the derivative of the derivative"},
				{func(x float64) float64 { return -c.second(x) }, "the sign is wrong"},
			}, fmt.Sprintf("for f = %s it is %.4f at x = %g and should be %.4f", c.name, y[0], x[0], c.second(x[0])))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// CountWeights judges a function that counts a dense network's weights and biases, by
// the counts in Table 3 of the Hyper-LR-PINN paper (10,401) and of the networks that
// the HyperPINN paper prints (377 and 9,665 for 3 inputs and 1 output).
func CountWeights(count func(sizes ...int) int) error {
	return guarded(func() error {
		const published = 10_401
		got := count(2, 50, 50, 50, 50, 50, 1)
		switch got {
		case published:
		case published - 251:
			return errors.New("the biases are missing: each layer has one for each of its outputs")
		case published - 1:
			return errors.New("one bias is missing: the output has one too")
		case published + 2:
			return errors.New("the input layer has no biases: it computes nothing")
		default:
			return fmt.Errorf("for 2 → 5 layers of 50 → 1 it is %d; a layer from m to n numbers has a matrix and a bias for each output: how many is that for 2 → 50 alone?", got)
		}
		if got := count(1, 3); got != 6 {
			return fmt.Errorf("a single layer from 1 to 3 numbers has 3 weights and 3 biases, yours %d", got)
		}
		if got := count(3, 8, 8, 8, 8, 8, 8, 1); got != 401 {
			return fmt.Errorf("for 3 → 6 layers of 8 → 1 it is %d: the first and the last layer differ from those between", got)
		}
		return nil
	})
}

// Momentum judges an update with momentum. Under a constant gradient of 1, from rest,
// the velocity after n steps is the geometric sum (1 − γⁿ)/(1 − γ), and the weight has
// moved by −η times the sum of all velocities.
func Momentum(b compute.Backend, step func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node)) error {
	return guarded(func() error {
		const rate, gamma, steps = .1, .8, 4
		exec, err := graph.NewExec(b, func(w, g, v *graph.Node) []*graph.Node {
			return built(func() []*graph.Node {
				newW, newV := step(rate, gamma, w, g, v)
				return []*graph.Node{newW, newV}
			})
		})
		if err != nil {
			return err
		}
		defer exec.Finalize()
		w, v := []float64{2}, []float64{0}
		var velocity, moved float64
		for n := 1; n <= steps; n++ {
			out, err := exec.Call(w, []float64{1}, v)
			if err != nil {
				return fmt.Errorf("the graph can't be built: %w", err)
			}
			before := v[0]
			w, v = tensors.MustCopyFlatData[float64](out[0]), tensors.MustCopyFlatData[float64](out[1])
			velocity = (1 - math.Pow(gamma, float64(n))) / (1 - gamma)
			moved += rate * velocity
			switch {
			case near(w[0], 2-moved, 1e-9) && near(v[0], velocity, 1e-9):
			case n == 1 && near(w[0], 2, 1e-9) && near(v[0], 1, 1e-9):
				return errors.New("the first step does not move the weight: use the new v for it, not the old one")
			case n == 1 && w[0] > 2:
				return errors.New("the weight moves up the gradient: look at the sign")
			case n == 1 && near(v[0], rate, 1e-9):
				return errors.New("the rate η belongs to the weight's update, not into v")
			case n == 1 && near(v[0], 1-gamma, 1e-9):
				return errors.New("here the gradient is not multiplied by 1 − γ: v is a running sum, not a mean")
			case n == 1 && near(v[0], 0, 1e-9):
				return errors.New("v stays as it was: return the new one, with the gradient in it")
			case n > 1 && near(v[0], 1, 1e-9):
				return errors.New("v forgets what came before: it lacks the term γ v")
			case n > 1 && near(v[0], before+1, 1e-9):
				return errors.New("v never fades: multiply the old one by γ")
			default:
				return fmt.Errorf("under a constant gradient of 1, rate %g and γ = %g, step %d gives w = %.4f and v = %.4f from w = 2 at rest; follow it on paper", rate, gamma, n, w[0], v[0])
			}
		}
		return nil
	})
}
