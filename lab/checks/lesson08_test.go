// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"slices"
	"testing"

	"pinn.example/repro/lab/checks"
)

func TestRestPoints(t *testing.T) {
	at := func(x, z func(rho, beta float64) float64) func(rho, beta float64) [][]float64 {
		return func(rho, beta float64) [][]float64 {
			points := [][]float64{{0, 0, 0}}
			if rho > 1 {
				r := x(rho, beta)
				points = append(points, []float64{r, r, z(rho, beta)}, []float64{-r, -r, z(rho, beta)})
			}
			return points
		}
	}
	root := func(rho, beta float64) float64 { return math.Sqrt(beta * (rho - 1)) }
	height := func(rho, _ float64) float64 { return rho - 1 }
	right := at(root, height)
	judge07(t, []answer07{
		{"right", "", checks.RestPoints(right)},
		{"stub", "you return 1 points; there are 3", checks.RestPoints(func(_, _ float64) [][]float64 { return [][]float64{{0, 0, 0}} })},
		{"z", "only for z = ρ − 1", checks.RestPoints(at(root, func(rho, _ float64) float64 { return rho }))},
		{"no root", "x is a root", checks.RestPoints(at(func(rho, beta float64) float64 { return beta * (rho - 1) }, height))},
		{"one sign", "both signs", checks.RestPoints(func(rho, beta float64) [][]float64 { p := right(rho, beta); return p[:min(2, len(p))] })},
		{"below 1", "NaN", checks.RestPoints(func(rho, beta float64) [][]float64 {
			r := root(rho, beta)
			return [][]float64{{0, 0, 0}, {r, r, rho - 1}, {-r, -r, rho - 1}}
		})},
		{"y", "only for y = x", checks.RestPoints(func(rho, beta float64) [][]float64 {
			p := right(rho, beta)
			for _, s := range p[1:] {
				s[1] = -s[1]
			}
			return p
		})},
		{"twice", "twice", checks.RestPoints(func(rho, beta float64) [][]float64 { return [][]float64{{0, 0, 0}, {0, 0, 0}} })},
		{"two components", "x, y, z", checks.RestPoints(func(rho, beta float64) [][]float64 { return [][]float64{{0, 0}} })},
	})
}

func TestHopfThreshold(t *testing.T) {
	right := func(s, b float64) float64 { return s * (s + b + 3) / (s - b - 1) }
	judge07(t, []answer07{
		{"right", "", checks.HopfThreshold(right)},
		{"stub", "where C± appear", checks.HopfThreshold(func(_, _ float64) float64 { return 1 })},
		{"denominator", "sign in the denominator", checks.HopfThreshold(func(s, b float64) float64 { return s * (s + b + 3) / (s + b + 1) })},
		{"numerator", "lost its −2σ", checks.HopfThreshold(func(s, b float64) float64 { return s * (s + b + 1) / (s - b - 1) })},
		{"swapped", "swapped", checks.HopfThreshold(func(s, b float64) float64 { return right(b, s) })},
		{"number", "and not 0", checks.HopfThreshold(func(_, _ float64) float64 { return 24.74 })},
	})
}

// rungeKutta is a step with its parts to be spoilt: whether stages see earlier ones, and
// the factor of their coefficients.
func rungeKutta(stages bool, inner, outer float64, last int) func(f func(s []float64) []float64, s []float64, h float64, a [][]float64, b []float64) []float64 {
	return func(f func(s []float64) []float64, s []float64, h float64, a [][]float64, b []float64) []float64 {
		if inner == 0 {
			inner = h
		}
		if outer == 0 {
			outer = h
		}
		next := slices.Clone(s)
		var k [][]float64
		for i, row := range a {
			at := slices.Clone(s)
			for j, aij := range row {
				if stages && j >= len(row)-last {
					for c := range at {
						at[c] += inner * aij * k[j][c]
					}
				}
			}
			k = append(k, f(at))
			for c := range next {
				next[c] += outer * b[i] * k[i][c]
			}
		}
		return next
	}
}

func TestRungeKuttaStep(t *testing.T) {
	type field = func(s []float64) []float64
	judge07(t, []answer07{
		{"right", "", checks.RungeKuttaStep(rungeKutta(true, 0, 0, 9))},
		{"stub", "all your stages are the first one", checks.RungeKuttaStep(func(f field, s []float64, h float64, _ [][]float64, _ []float64) []float64 {
			d := f(s)
			return []float64{s[0] + h*d[0], s[1] + h*d[1]}
		})},
		{"no h outside", "where is h", checks.RungeKuttaStep(rungeKutta(true, 0, 1, 9))},
		{"no h inside", "lack the factor h", checks.RungeKuttaStep(rungeKutta(true, 1, 0, 9))},
		{"last stage alone", "stage 2 see both", checks.RungeKuttaStep(rungeKutta(true, 0, 0, 1))},
		{"in place", "changes the state", checks.RungeKuttaStep(func(f field, s []float64, h float64, a [][]float64, b []float64) []float64 {
			copy(s, rungeKutta(true, 0, 0, 9)(f, s, h, a, b))
			return s
		})},
		{"nothing", "leads to (2, 2.5)", checks.RungeKuttaStep(func(_ field, s []float64, _ float64, _ [][]float64, _ []float64) []float64 { return s })},
	})
}

func TestTrapezoidMiss(t *testing.T) {
	type field = func(s []float64) []float64
	miss := func(of func(from, to, dt, before, after float64) float64) func(f field, from, to []float64, dt float64) []float64 {
		return func(f field, from, to []float64, dt float64) []float64 {
			r, before, after := make([]float64, len(from)), f(from), f(to)
			for i := range r {
				r[i] = of(from[i], to[i], dt, before[i], after[i])
			}
			return r
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return (b-a)/dt - (f+g)/2 }))},
		{"stub", "zeros", checks.TrapezoidMiss(func(_ field, from, _ []float64, _ float64) []float64 { return make([]float64, len(from)) })},
		{"sign", "the sign", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return (f+g)/2 - (b-a)/dt }))},
		{"no half", "where is the ½", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return (b-a)/dt - f - g }))},
		{"not divided", "is not divided by dt", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return b - a - (f+g)/2 }))},
		{"times dt", "r·dt", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return b - a - dt*(f+g)/2 }))},
		{"Euler", "Euler's rule", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return (b-a)/dt - f }))},
		{"implicit Euler", "implicit Euler", checks.TrapezoidMiss(miss(func(a, b, dt, f, g float64) float64 { return (b-a)/dt - g }))},
		{"midpoint", "midpoint", checks.TrapezoidMiss(func(f field, from, to []float64, dt float64) []float64 {
			m := f([]float64{(from[0] + to[0]) / 2, (from[1] + to[1]) / 2})
			return []float64{(to[0]-from[0])/dt - m[0], (to[1]-from[1])/dt - m[1]}
		})},
		{"one number", "you return 1 numbers", checks.TrapezoidMiss(func(field, []float64, []float64, float64) []float64 { return []float64{1} })},
	})
}

func TestOutputsOf(t *testing.T) {
	outputs := func(first, last int) func(total, inputs, hidden int) int {
		return func(total, inputs, hidden int) int {
			rest := total - (inputs+first)*hidden
			if rest <= 0 || rest%(hidden+last) != 0 {
				return 0
			}
			return rest / (hidden + last)
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.OutputsOf(outputs(1, 1))},
		{"stub", "from these you find 3 outputs", checks.OutputsOf(func(_, _, _ int) int { return 3 })},
		{"no biases", "the biases", checks.OutputsOf(func(total, in, hidden int) int { return (total - in*hidden) / hidden })},
		{"no remainder", "no multiple of hidden + 1", checks.OutputsOf(func(total, in, hidden int) int { return (total - (in+1)*hidden) / (hidden + 1) })},
	})
}

func TestGrowthRate(t *testing.T) {
	fit := func(x, y func(t, d float64) float64) func(ts, ds []float64) float64 {
		return func(ts, ds []float64) float64 {
			n := float64(len(ts))
			var sx, sy, sxy, sxx float64
			for i := range ts {
				a, b := x(ts[i], ds[i]), y(ts[i], ds[i])
				sx, sy, sxy, sxx = sx+a, sy+b, sxy+a*b, sxx+a*a
			}
			return (n*sxy - sx*sy) / (n*sxx - sx*sx)
		}
	}
	time := func(t, _ float64) float64 { return t }
	ln := func(_, d float64) float64 { return math.Log(d) }
	judge07(t, []answer07{
		{"right", "", checks.GrowthRate(fit(time, ln))},
		{"stub", "fit a line to the logarithms", checks.GrowthRate(func(_, _ []float64) float64 { return 0 })},
		{"decimal", "decimal logarithm", checks.GrowthRate(fit(time, func(_, d float64) float64 { return math.Log10(d) }))},
		{"base 2", "base 2", checks.GrowthRate(fit(time, func(_, d float64) float64 { return math.Log2(d) }))},
		{"swapped", "axes are swapped", checks.GrowthRate(fit(ln, time))},
		{"a point", "one a point", checks.GrowthRate(func(ts, ds []float64) float64 { return math.Log(ds[1] / ds[0]) })},
		{"two points", "first and the last point", checks.GrowthRate(func(ts, ds []float64) float64 {
			last := len(ts) - 1
			return math.Log(ds[last]/ds[0]) / (ts[last] - ts[0])
		})},
		{"no logarithm", "fit a line to the logarithms", checks.GrowthRate(fit(time, func(_, d float64) float64 { return d }))},
	})
}

func TestSquaredError(t *testing.T) {
	squared := func(states func(n int, dt, seconds float64) int, of func(sum float64, n int) float64) func(truth, learnt [][]float64, dt, seconds float64) float64 {
		return func(truth, learnt [][]float64, dt, seconds float64) float64 {
			n, sum := states(len(truth), dt, seconds), 0.
			for i := range n {
				for k := range truth[i] {
					sum += math.Pow(truth[i][k]-learnt[i][k], 2)
				}
			}
			return of(sum, n)
		}
	}
	upTo := func(_ int, dt, seconds float64) int { return int(math.Round(seconds/dt)) + 1 }
	mean := func(sum float64, n int) float64 { return sum / float64(n) }
	judge07(t, []answer07{
		{"right", "", checks.SquaredError(squared(upTo, mean))},
		{"stub", "sum the squares", checks.SquaredError(func(_, _ [][]float64, _, _ float64) float64 { return 0 })},
		{"components", "a third", checks.SquaredError(squared(upTo, func(sum float64, n int) float64 { return sum / float64(3*n) }))},
		{"sum", "divide by their number", checks.SquaredError(squared(upTo, func(sum float64, _ int) float64 { return sum }))},
		{"root", "no root", checks.SquaredError(squared(upTo, func(sum float64, n int) float64 { return math.Sqrt(sum / float64(n)) }))},
		{"all times", "whatever seconds says", checks.SquaredError(squared(func(n int, _, _ float64) int { return n }, mean))},
		{"7 states", "8 states, not 7", checks.SquaredError(squared(upTo, func(sum float64, n int) float64 { return sum / float64(n-1) }))},
		{"cut", "is included", checks.SquaredError(squared(func(_ int, dt, seconds float64) int { return int(seconds/dt) + 1 }, mean))},
	})
}
