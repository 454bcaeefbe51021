// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"math"
	"testing"
)

func TestLogistic(t *testing.T) {
	solution := func(rho, u0, t float64) float64 {
		e := u0 * math.Exp(rho*t)
		return e / (1 - u0 + e)
	}
	for _, c := range []struct {
		answer string
		f      func(rho, u0, t float64) float64
		want   string
	}{
		{"solution", solution, ""},
		{"stub", func(rho, u0, t float64) float64 { return u0 * math.Exp(rho*t) }, "grows without bound"},
		{"sign", func(rho, u0, t float64) float64 { return solution(-rho, u0, t) }, "wrong way"},
		{"no rho", func(_, u0, t float64) float64 { return solution(1, u0, t) }, "does not depend on ρ"},
		{"start", func(rho, u0, t float64) float64 { e := u0 * math.Exp(rho*t); return e / (1 + e) }, "should start from"},
		{"other", func(rho, u0, t float64) float64 { return u0 + rho*t }, "does not solve"},
	} {
		hinted(t, c.answer, Logistic(c.f), c.want)
	}
}

func TestHelmholtzSource(t *testing.T) {
	const pi2 = math.Pi * math.Pi
	u := func(a1, a2, x, y float64) float64 { return math.Sin(a1*math.Pi*x) * math.Sin(a2*math.Pi*y) }
	for _, c := range []struct {
		answer string
		factor func(a1, a2 float64) float64 // of u
		want   string
	}{
		{"solution", func(a1, a2 float64) float64 { return 1 - (a1*a1+a2*a2)*pi2 }, ""},
		{"stub", func(a1, a2 float64) float64 { return 1 }, "u itself"},
		{"sign of all", func(a1, a2 float64) float64 { return (a1*a1+a2*a2)*pi2 - 1 }, "whole has the wrong sign"},
		{"sign", func(a1, a2 float64) float64 { return 1 + (a1*a1+a2*a2)*pi2 }, "minus a sine"},
		{"no k", func(a1, a2 float64) float64 { return -(a1*a1 + a2*a2) * pi2 }, "k² u is missing"},
		{"one only", func(a1, a2 float64) float64 { return 1 - a1*a1*pi2 }, "one of the two"},
		{"no pi", func(a1, a2 float64) float64 { return 1 - (a1*a1 + a2*a2) }, "factor π"},
		{"one pi", func(a1, a2 float64) float64 { return 1 - (a1*a1+a2*a2)*math.Pi }, "factor π"},
		{"a once", func(a1, a2 float64) float64 { return 1 - (a1+a2)*pi2 }, "twice"},
		{"a1 twice", func(a1, a2 float64) float64 { return 1 - 2*a1*a1*pi2 }, "used twice"},
		{"other", func(a1, a2 float64) float64 { return 7 }, "finite differences"},
	} {
		hinted(t, c.answer, HelmholtzSource(func(a1, a2, x, y float64) float64 { return c.factor(a1, a2) * u(a1, a2, x, y) }), c.want)
	}
}

func TestLaxWendroff(t *testing.T) {
	// general is u_j + a (u_{j+1} − u_{j−1}) + b (u_{j+1} − 2 u_j + u_{j−1}).
	general := func(a, b func(c float64) float64) func(u []float64, c float64) []float64 {
		return func(u []float64, c float64) []float64 {
			n, next := len(u), make([]float64, len(u))
			for j := range u {
				l, r := u[(j-1+n)%n], u[(j+1)%n]
				next[j] = u[j] + a(c)*(r-l) + b(c)*(r-2*u[j]+l)
			}
			return next
		}
	}
	times := func(f float64) func(float64) float64 { return func(c float64) float64 { return f * c } }
	square := func(f float64) func(float64) float64 { return func(c float64) float64 { return f * c * c } }
	solution := general(times(-.5), square(.5))
	for _, c := range []struct {
		answer string
		step   func(u []float64, c float64) []float64
		want   string
	}{
		{"solution", solution, ""},
		{"stub", general(times(-.5), times(.5)), "upwind"}, // upwind has c/2 in place of c²/2
		{"to the left", general(times(.5), square(.5)), "to the left"},
		{"no second", general(times(-.5), square(0)), "unstable at every c"},
		{"sign of the second", general(times(-.5), square(-.5)), "must damp"},
		{"no halves", general(times(-1), square(1)), "½"},
		{"no half in the first", general(times(-1), square(.5)), "½"},
		{"nothing", general(times(0), square(0)), "what it was given"},
		{"other", general(times(.3), square(.2)), "on paper"},
		{"not periodic", func(u []float64, c float64) []float64 {
			next := solution(u, c)
			next[0], next[len(u)-1] = u[0], u[len(u)-1]
			return next
		}, "at its ends"},
		{"in place", func(u []float64, c float64) []float64 {
			copy(u, solution(u, c))
			return u
		}, "changes its input"},
		{"shorter", func(u []float64, c float64) []float64 { return u[1:] }, "as many as before"},
		{"out of range", func(u []float64, c float64) []float64 { return []float64{u[len(u)]} }, "panics"},
	} {
		hinted(t, c.answer, LaxWendroff(c.step), c.want)
	}
}

func TestStableSteps(t *testing.T) {
	for _, c := range []struct {
		steps int
		want  string
	}{
		{1223, ""}, {1222, "round up"}, {0, "too few"}, {41, "too few"}, {7680, "length 2π"}, {1300, "not the smallest"},
	} {
		hinted(t, "steps", StableSteps(c.steps), c.want)
	}
}

func TestRelL2(t *testing.T) {
	// sums returns Σ|û−u|ᵖ, Σ|u|ᵖ and Σ|û|ᵖ.
	sums := func(pred, truth []float64, p float64) (d, u, v float64) {
		for i := range truth {
			d += math.Pow(math.Abs(pred[i]-truth[i]), p)
			u += math.Pow(math.Abs(truth[i]), p)
			v += math.Pow(math.Abs(pred[i]), p)
		}
		return d, u, v
	}
	for _, c := range []struct {
		answer string
		f      func(pred, truth []float64) float64
		want   string
	}{
		{"solution", func(p, u []float64) float64 { d, n, _ := sums(p, u, 2); return math.Sqrt(d / n) }, ""},
		{"stub", func(p, u []float64) float64 { return 0 }, "it is 0"},
		{"no root", func(p, u []float64) float64 { d, n, _ := sums(p, u, 2); return d / n }, "square root"},
		{"by the prediction", func(p, u []float64) float64 { d, _, n := sums(p, u, 2); return math.Sqrt(d / n) }, "norm of the prediction"},
		{"L1", func(p, u []float64) float64 { d, n, _ := sums(p, u, 1); return d / n }, "squares first"},
		{"absolute", func(p, u []float64) float64 { d, _, _ := sums(p, u, 2); return math.Sqrt(d) }, "absolute error; divide"},
		{"mean absolute", func(p, u []float64) float64 { d, _, _ := sums(p, u, 1); return d / 3 }, "mean absolute"},
		{"other", func(p, u []float64) float64 { return 7 }, "in the head"},
		{"constant", func(p, u []float64) float64 { return .4 }, "prediction of 0"},
		{"out of range", func(p, u []float64) float64 { return p[3] }, "panics"},
	} {
		hinted(t, c.answer, RelL2(c.f), c.want)
	}
}

func TestTrivialError(t *testing.T) {
	for _, c := range []struct {
		answer string
		f      func(a float64) float64
		want   string
	}{
		{"solution", func(a float64) float64 { return a / math.Sqrt(2+a*a) }, ""},
		{"stub", func(float64) float64 { return .577 }, "a = 1 only"},
		{"no root", func(a float64) float64 { return a * a / (2 + a*a) }, "square root"},
		{"absolute", func(a float64) float64 { return a / math.Sqrt2 }, "error alone"},
		{"mean square", func(a float64) float64 { return a * a / 2 }, "take the root"},
		{"amplitudes", func(a float64) float64 { return a / math.Sqrt(1+a*a) }, "is ½"},
		{"other", func(a float64) float64 { return a }, "which constant"},
	} {
		hinted(t, c.answer, TrivialError(c.f), c.want)
	}
}
