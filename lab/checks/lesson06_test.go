// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"testing"

	"pinn.example/repro/lab/checks"
)

func TestInnerStep(t *testing.T) {
	descend := func(gradient func(a, d float64) float64) func(theta, a, c, alpha float64) float64 {
		return func(theta, a, c, alpha float64) float64 { return theta - alpha*gradient(a, theta-c) }
	}
	accepted(t, checks.InnerStep(descend(func(a, d float64) float64 { return a * d })))
	refused(t, checks.InnerStep(func(theta, _, _, _ float64) float64 { return theta }), "not moved")
	refused(t, checks.InnerStep(descend(func(a, d float64) float64 { return -a * d })), "uphill")
	refused(t, checks.InnerStep(func(theta, a, c, _ float64) float64 { return theta - a*(theta-c) }), "α is missing")
	refused(t, checks.InnerStep(descend(func(_, d float64) float64 { return d })), "stiffness a is missing")
	refused(t, checks.InnerStep(descend(func(a, d float64) float64 { return a / 2 * d * d })), "not the loss")
	refused(t, checks.InnerStep(descend(func(a, d float64) float64 { return a / 2 * d })), "twice as large")
	refused(t, checks.InnerStep(func(_, _, _, _ float64) float64 { return 7 }), "you get to 7")
}

func TestOuterGradient(t *testing.T) {
	of := func(f func(a, d, factor, alpha float64) float64) error {
		return checks.OuterGradient(func(theta, a, c, alpha float64) float64 { return f(a, theta-c, 1-alpha*a, alpha) })
	}
	accepted(t, of(func(a, d, f, _ float64) float64 { return a * d * f * f }))
	refused(t, of(func(_, _, _, _ float64) float64 { return 0 }), "does not matter")
	refused(t, of(func(a, d, f, _ float64) float64 { return -a * d * f * f }), "sign is wrong")
	refused(t, of(func(a, d, f, _ float64) float64 { return a * d * f }), "first-order MAML")
	refused(t, of(func(a, d, _, _ float64) float64 { return a * d }), "joint training")
	refused(t, of(func(a, d, f, _ float64) float64 { return a / 2 * d * d * f * f }), "not its derivative")
	refused(t, of(func(a, d, f, alpha float64) float64 { return a * d * f * alpha }), "is 1 − αa")
	refused(t, of(func(_, _, _, _ float64) float64 { return 7 }), "finite differences")
}

func TestMetaMinimum(t *testing.T) {
	mean := func(weight func(a, alpha float64) float64) func(a, c []float64, alpha float64) float64 {
		return func(a, c []float64, alpha float64) float64 {
			sum, weights := 0., 0.
			for i := range a {
				w := weight(a[i], alpha)
				sum, weights = sum+w*c[i], weights+w
			}
			return sum / weights
		}
	}
	right := mean(func(a, alpha float64) float64 { return a * (1 - alpha*a) * (1 - alpha*a) })
	accepted(t, checks.MetaMinimum(right))
	refused(t, checks.MetaMinimum(func(_, _ []float64, _ float64) float64 { return 0 }), "divide by the sum")
	refused(t, checks.MetaMinimum(mean(func(a, _ float64) float64 { return a })), "joint training")
	refused(t, checks.MetaMinimum(mean(func(a, alpha float64) float64 { return a * (1 - alpha*a) })), "first-order MAML")
	refused(t, checks.MetaMinimum(mean(func(_, _ float64) float64 { return 1 })), "plain mean")
	refused(t, checks.MetaMinimum(func(_, _ []float64, _ float64) float64 { return math.NaN() }), "not a number")
	refused(t, checks.MetaMinimum(func(a, c []float64, _ float64) float64 { return a[5] * c[5] }), "your code panics")
}

func TestLargestInnerRate(t *testing.T) {
	accepted(t, checks.LargestInnerRate(.5, 4))
	refused(t, checks.LargestInnerRate(0, 4), "still leads nearer")
	refused(t, checks.LargestInnerRate(.25, 4), "reaches the solution")
	refused(t, checks.LargestInnerRate(8, 4), "the smaller the rate")
	refused(t, checks.LargestInnerRate(.6, 4), "farther already")
}

func TestReptileStep(t *testing.T) {
	of := func(f func(theta, end, epsilon float64) float64, steps func(k int) int) error {
		return checks.ReptileStep(func(theta, a, c, alpha float64, k int, epsilon float64) float64 {
			return f(theta, c+(theta-c)*math.Pow(1-alpha*a, float64(steps(k))), epsilon)
		})
	}
	same := func(k int) int { return k }
	move := func(theta, end, epsilon float64) float64 { return theta + epsilon*(end-theta) }
	accepted(t, of(move, same))
	refused(t, of(func(theta, _, _ float64) float64 { return theta }, same), "not moved")
	refused(t, of(func(_, end, _ float64) float64 { return end }, same), "a part ε")
	refused(t, of(func(theta, end, epsilon float64) float64 { return theta - epsilon*(end-theta) }, same), "away from it")
	refused(t, of(func(theta, end, epsilon float64) float64 { return epsilon * (end - theta) }, same), "add the move")
	refused(t, of(move, func(int) int { return 1 }), "one inner step, and k is 3")
	refused(t, checks.ReptileStep(func(theta, a, c, alpha float64, k int, epsilon float64) float64 {
		return theta - epsilon*float64(k)*alpha*a*(theta-c)
	}), "where the one before")
	refused(t, of(func(_, _, _ float64) float64 { return 7 }, same), "you get to 7")
}

func TestReptileMinimum(t *testing.T) {
	mean := func(weight func(a, alpha float64, k int) float64) func(a, c []float64, alpha float64, k int) float64 {
		return func(a, c []float64, alpha float64, k int) float64 {
			sum, weights := 0., 0.
			for i := range a {
				w := weight(a[i], alpha, k)
				sum, weights = sum+w*c[i], weights+w
			}
			return sum / weights
		}
	}
	left := func(a, alpha float64, k int) float64 { return math.Pow(1-alpha*a, float64(k)) }
	accepted(t, checks.ReptileMinimum(mean(func(a, alpha float64, k int) float64 { return 1 - left(a, alpha, k) })))
	refused(t, checks.ReptileMinimum(func(_, _ []float64, _ float64, _ int) float64 { return 0 }), "weighted mean")
	refused(t, checks.ReptileMinimum(mean(func(float64, float64, int) float64 { return 1 })), "plain mean")
	refused(t, checks.ReptileMinimum(mean(func(a, _ float64, _ int) float64 { return a })), "joint training")
	refused(t, checks.ReptileMinimum(mean(left)), "that is left")
	refused(t, checks.ReptileMinimum(func(_, _ []float64, _ float64, _ int) float64 { return math.NaN() }), "not a number")
	refused(t, checks.ReptileMinimum(func(a, c []float64, _ float64, k int) float64 { return a[9] }), "your code panics")
}
