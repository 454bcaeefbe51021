// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"slices"
	"testing"

	"pinn.example/repro/lab/checks"
	"pinn.example/repro/reproduce"
)

func TestTrivialErrors(t *testing.T) {
	says := func(abs, rel float64) error {
		return checks.TrivialErrors(func() (float64, float64) { return abs, rel })
	}
	abs, rel := 2/math.Pi, 1/math.Sqrt(3)
	judge07(t, []answer07{
		{"right", "", says(abs, rel)},
		{"stub", "integrate sin from 0 to π", says(1, 1)},
		{"swapped", "wrong order", says(rel, abs)},
		{"mean of sin", "that of |sin| is not", says(0, rel)},
		{"mean of squares", "the mean of sin²; the absolute", says(.5, rel)},
		{"no root", "where is the square root", says(abs, 1./3)},
		{"mean square", "divide by that of u", says(abs, .5)},
		{"not relative", "divide by the norm of u", says(abs, math.Sqrt(.5))},
		{"another relative", "1 + ½", says(abs, .9)},
	})
}

func TestCountNear(t *testing.T) {
	count := func(near func(v, v0, p float64) bool) func(values, trivial []float64, p float64) int {
		return func(values, trivial []float64, p float64) int {
			n := 0
			for i := range values {
				if near(values[i], trivial[i], p) {
					n++
				}
			}
			return n
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.CountNear(count(func(v, v0, p float64) bool { return math.Abs(v-v0) <= p*v0 }))},
		{"stub", "0 are within", checks.CountNear(func(_, _ []float64, _ float64) int { return 0 })},
		{"edge", "numbers at the edge count", checks.CountNear(count(func(v, v0, p float64) bool { return math.Abs(v-v0) < p*v0 }))},
		{"below alone", "both count", checks.CountNear(count(func(v, v0, p float64) bool { return v <= v0 && v0-v <= p*v0 || v == 12 }))},
		{"of the value", "1.8 is not within 50 % of 1", checks.CountNear(count(func(v, v0, p float64) bool { return math.Abs(v-v0) <= p*v }))},
		{"no distance", "not within 50 % of 1", checks.CountNear(count(func(v, v0, p float64) bool { return v-v0 <= p*v0 || v == 2 }))},
	})
}

func TestMargin(t *testing.T) {
	margin := func(least int, divisor, cap, times float64) func(values []float64) float64 {
		return func(values []float64) float64 {
			n, mean, sum := float64(len(values)), 0., 0.
			for _, v := range values {
				mean += v / n
			}
			for _, v := range values {
				sum += (v - mean) * (v - mean)
			}
			m := .1 * mean
			if len(values) >= least {
				m = max(m, min(times*math.Sqrt(sum/(n-divisor)), cap*mean))
			}
			return m
		}
	}
	judge07(t, []answer07{
		{"right", "", checks.Margin(margin(3, 1, .3, 2))},
		{"stub", "fewer than three", checks.Margin(func([]float64) float64 { return 0 })},
		{"two values", "two values are too few", checks.Margin(margin(2, 1, .3, 2))},
		{"divisor", "divides by n − 1", checks.Margin(margin(3, 0, .3, 2))},
		{"once", "twice that is more", checks.Margin(margin(3, 1, .3, 1))},
		{"no cap", "where is the cap", checks.Margin(margin(3, 1, 9, 2))},
		{"cap after doubling", "before it is doubled", checks.Margin(func(values []float64) float64 {
			if slices.Equal(values, []float64{0, 10, 20}) {
				return 1.5
			}
			return margin(3, 1, .3, 2)(values)
		})},
		{"cap alone", "min, then max", checks.Margin(margin(3, 1, .3, 99))},
	})
}

func TestVerdicts(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	cells := []reproduce.Evidence{
		{Role: reproduce.RoleBaseline, Published: p(.57), Values: []float64{.58}, Trivial: p(.58)},
		{Role: reproduce.RoleMethod, Published: p(.04), Values: []float64{.5, .03, .9}},
		{Role: reproduce.RoleMethod, Published: p(.04), Values: []float64{.1}, Holds: "it is best"},
		{Role: reproduce.RoleMethod, Published: p(.04), Values: []float64{.04}, Reduced: "10 of 20 steps"},
		{Role: reproduce.RoleMethod, Published: p(.04), Values: []float64{.041}},
		{Role: reproduce.RoleMethod, Published: p(.04), Values: []float64{.02}},
		{Role: reproduce.RoleMethod, Published: p(.04)},
	}
	right := []string{"undertrained", "differs", "same conclusion", "reduced", "reproduced", "better", "not run"}
	but := func(i int, answer string) error {
		answers := slices.Clone(right)
		answers[i] = answer
		return checks.Verdicts(cells, answers)
	}
	judge07(t, []answer07{
		{"right", "", checks.Verdicts(cells, right)},
		{"stub", "cell 1 is not \"reproduced\"", checks.Verdicts(cells, slices.Repeat([]string{"reproduced"}, len(cells)))},
		{"too few", "6 verdicts for 7 cells", checks.Verdicts(cells, right[1:])},
		{"no verdict", "is no verdict", but(0, "fine")},
		{"untrained", "What must be known of a failure", but(0, "reproduced")},
		{"noise", "margin with the cap", but(1, "reproduced")},
		{"comparison", "comparison that it serves", but(2, "differs")},
		{"reduced", "comes before all", but(3, "reproduced")},
		{"near", "margin around our mean", but(4, "differs")},
		{"better", "by more than the margin", but(5, "reproduced")},
		{"no values", "any values at all", but(6, "reduced")},
	})
}

func TestExpectedMinimum(t *testing.T) {
	// weighted has weights by the number of larger values and k.
	weighted := func(weight func(larger, k int) float64, order func(a, b float64) int) func(values []float64, k int) float64 {
		return func(values []float64, k int) float64 {
			sum, all := 0., 0.
			for i, v := range slices.SortedFunc(slices.Values(values), order) {
				w := weight(len(values)-1-i, k)
				sum, all = sum+w*v, all+w
			}
			return sum / all
		}
	}
	up := func(a, b float64) int { return int(a - b) }
	choose := func(larger, k int) float64 { // binomial of larger over k − 1
		c := 1.
		for i := range k - 1 {
			c *= float64(larger-i) / float64(i+1)
		}
		return max(c, 0)
	}
	judge07(t, []answer07{
		{"right", "", checks.ExpectedMinimum(weighted(choose, up))},
		{"stub", "not the first one", checks.ExpectedMinimum(func(values []float64, _ int) float64 { return values[0] })},
		{"minimum", "not the minimum", checks.ExpectedMinimum(func(values []float64, _ int) float64 { return slices.Min(values) })},
		{"mean", "mean of the minima", checks.ExpectedMinimum(weighted(func(_, _ int) float64 { return 1 }, up))},
		{"decreasing", "mean of the minima", checks.ExpectedMinimum(weighted(choose, func(a, b float64) int { return int(b - a) }))},
		{"with replacement", "mean of the minima", checks.ExpectedMinimum(weighted(func(larger, k int) float64 {
			return math.Pow(float64(larger+1), float64(k)) - math.Pow(float64(larger), float64(k))
		}, up))},
		{"sorts", "sort a copy", checks.ExpectedMinimum(func(values []float64, k int) float64 {
			slices.Sort(values)
			return weighted(choose, up)(values, k)
		})},
	})
}

func TestPrintedTwice(t *testing.T) {
	places := func(same func(abs, rel []float64, i, j int) bool, from int) func(abs, rel []float64) (int, int) {
		return func(abs, rel []float64) (int, int) {
			for i := range abs {
				for j := i + from; j < len(abs); j++ {
					if same(abs, rel, i, j) {
						return i, j
					}
				}
			}
			return -1, -1
		}
	}
	both := func(abs, rel []float64, i, j int) bool { return abs[i] == abs[j] && rel[i] == rel[j] }
	judge07(t, []answer07{
		{"right", "", checks.PrintedTwice(places(both, 1))},
		{"stub", "places 1 and 3", checks.PrintedTwice(func(_, _ []float64) (int, int) { return 0, 0 })},
		{"one number", "agree in one number alone", checks.PrintedTwice(places(func(abs, _ []float64, i, j int) bool { return abs[i] == abs[j] }, 1))},
		{"itself", "places 1 and 3", checks.PrintedTwice(places(both, 0))},
		{"swapped", "smaller place comes first", checks.PrintedTwice(func(abs, rel []float64) (int, int) {
			i, j := places(both, 1)(abs, rel)
			return j, i
		})},
		{"last pair", "the first is asked for", checks.PrintedTwice(func(abs, rel []float64) (int, int) {
			i, j := -1, -1
			for a := range abs {
				for b := a + 1; b < len(abs); b++ {
					if both(abs, rel, a, b) {
						i, j = a, b
					}
				}
			}
			return i, j
		})},
	})
}
