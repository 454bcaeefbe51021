// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/lab/checks"
)

// hinted is an answer with what its hint must contain; "" stands for a right one.
type hinted struct {
	name string
	got  error
	want string
}

func verdicts(t *testing.T, cases []hinted) {
	t.Helper()
	for _, c := range cases {
		switch {
		case c.want == "" && c.got != nil:
			t.Errorf("%s: refused with %q", c.name, c.got)
		case c.want != "" && c.got == nil:
			t.Errorf("%s: passes", c.name)
		case c.want != "" && !strings.Contains(c.got.Error(), c.want):
			t.Errorf("%s: hint is %q, want %q in it", c.name, c.got, c.want)
		}
	}
}

func TestBoundaryCrossings(t *testing.T) {
	count := func(round func(float64) float64, scale float64) func(beta, x, t float64) int {
		return func(beta, x, t float64) int { return max(0, int(round((beta*t-x)/scale))) }
	}
	verdicts(t, []hinted{
		{"solution", checks.BoundaryCrossings(count(math.Ceil, 2*math.Pi)), ""},
		{"student", checks.BoundaryCrossings(func(_, _, _ float64) int { return 0 }), "one too small"},
		{"floor", checks.BoundaryCrossings(count(math.Floor, 2*math.Pi)), "one too small"},
		{"no 2π", checks.BoundaryCrossings(count(math.Ceil, 1)), "2π long"},
		{"not cut at 0", checks.BoundaryCrossings(func(beta, x, t float64) int { return int(math.Floor((beta*t-x)/(2*math.Pi))) + 0 }), "negative"},
		{"to the left", checks.BoundaryCrossings(func(beta, x, t float64) int {
			return max(0, int(math.Ceil((beta*t+x-2*math.Pi)/(2*math.Pi))))
		}), "direction"},
		{"panic", checks.BoundaryCrossings(func(_, _, _ float64) int { panic("no") }), "panics"},
	})
}

func TestConstantSolution(t *testing.T) {
	square := func(c float64) float64 { return (c-1)*(c-1) + .5 }
	verdicts(t, []hinted{
		{"solution", checks.ConstantSolution(func(c float64) (float64, float64) { return square(c), math.Sqrt(square(c) / 1.5) }), ""},
		{"student", checks.ConstantSolution(func(float64) (float64, float64) { return 0, 0 }), "by the sine"},
		{"no half", checks.ConstantSolution(func(c float64) (float64, float64) { return (c - 1) * (c - 1), 0 }), "by the sine"},
		{"root of the loss", checks.ConstantSolution(func(c float64) (float64, float64) { return math.Sqrt(square(c)), 0 }), "without a root"},
		{"twice", checks.ConstantSolution(func(c float64) (float64, float64) { return 2 * square(c), 0 }), "counts once"},
		{"elsewhere", checks.ConstantSolution(func(float64) (float64, float64) { return 7, 0 }), "only the initial term"},
		{"no root", checks.ConstantSolution(func(c float64) (float64, float64) { return square(c), square(c) / 1.5 }), "take the root"},
		{"not divided", checks.ConstantSolution(func(c float64) (float64, float64) { return square(c), math.Sqrt(square(c)) }), "which is not 1"},
		{"other error", checks.ConstantSolution(func(c float64) (float64, float64) { return square(c), 0 }), "plus 1 at every time"},
	})
}

func TestBestAmplitude(t *testing.T) {
	of := func(f func(d float64) float64) error {
		return checks.BestAmplitude(func(beta, c float64) float64 { return f(beta - c) })
	}
	verdicts(t, []hinted{
		{"solution", of(func(d float64) float64 { return 1 / (1 + d*d) }), ""},
		{"student", of(func(float64) float64 { return 1 }), "both terms depend on a"},
		{"not squared", of(func(d float64) float64 { return 1 / (1 + math.Abs(d)) }), "enters the loss squared"},
		{"factor", of(func(d float64) float64 { return 1 / (1 + 2*d*d) }), "factor 2"},
		{"sign", of(func(d float64) float64 { return 1 / (1 - d*d) }), "mind the sign"},
		{"elsewhere", of(func(float64) float64 { return .3 }), "dL/da"},
	})
}

func TestPointsInLayer(t *testing.T) {
	verdicts(t, []hinted{
		{"solution", checks.PointsInLayer(1000 * .1 / (2 * math.Pi) * .15), ""},
		{"rounded", checks.PointsInLayer(2.4), ""},
		{"student", checks.PointsInLayer(0), "which share"},
		{"no 2π", checks.PointsInLayer(15), "2π wide"},
		{"share alone", checks.PointsInLayer(.1 / (2 * math.Pi) * .15), "times 1,000"},
		{"whole strip", checks.PointsInLayer(1000 * .1 / (2 * math.Pi)), "ends at t = 0.15"},
	})
}

func TestResidualRatio(t *testing.T) {
	sum := func(r []float64) (s float64) {
		for _, v := range r {
			s += v * v
		}
		return s
	}
	mean := func(r []float64) float64 { return sum(r) / float64(len(r)) }
	verdicts(t, []hinted{
		{"solution", checks.ResidualRatio(func(c, g []float64) float64 { return mean(g) / mean(c) }), ""},
		{"student", checks.ResidualRatio(func(_, _ []float64) float64 { return 1 }), "is not 1"},
		{"upside down", checks.ResidualRatio(func(c, g []float64) float64 { return mean(c) / mean(g) }), "upside down"},
		{"root", checks.ResidualRatio(func(c, g []float64) float64 { return math.Sqrt(mean(g) / mean(c)) }), "without a root"},
		{"sums", checks.ResidualRatio(func(c, g []float64) float64 { return sum(g) / sum(c) }), "different numbers"},
		{"not squared", checks.ResidualRatio(func(c, g []float64) float64 {
			a, b := 0., 0.
			for _, v := range c {
				a += v / float64(len(c))
			}
			for _, v := range g {
				b += v / float64(len(g))
			}
			if a == 1 { // the first case, where the signs are all the same
				return 4
			}
			return b / a
		}), "both signs"},
	})
}
