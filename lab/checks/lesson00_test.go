// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"strings"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
)

var openGo = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open(backend.Go) })

// goBackend is the backend that needs nothing installed.
func goBackend(t *testing.T) compute.Backend {
	t.Helper()
	b, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	return b.Compute
}

// hinted holds a check's verdict against what it should say: "" for PASS, else a part
// of the hint.
func hinted(t *testing.T, answer string, hint error, want string) {
	t.Helper()
	switch {
	case want == "" && hint != nil:
		t.Errorf("%s: expected PASS, got the hint %q", answer, hint)
	case want != "" && hint == nil:
		t.Errorf("%s: expected a hint with %q, got PASS", answer, want)
	case want != "" && !strings.Contains(hint.Error(), want):
		t.Errorf("%s: expected a hint with %q, got %q", answer, want, hint)
	}
}

func TestWave(t *testing.T) {
	b := goBackend(t)
	gauss := func(x *graph.Node) *graph.Node { return graph.Exp(graph.Neg(graph.Square(x))) }
	sin3 := func(x *graph.Node) *graph.Node { return graph.Sin(graph.MulScalar(x, 3)) }
	for _, c := range []struct {
		answer string
		wave   func(x *graph.Node) *graph.Node
		want   string
	}{
		{"solution", func(x *graph.Node) *graph.Node { return graph.Mul(gauss(x), sin3(x)) }, ""},
		{"stub", graph.Sin, "what you were given"},
		{"sign", func(x *graph.Node) *graph.Node { return graph.Mul(graph.Exp(graph.Square(x)), sin3(x)) }, "sign in the exponent"},
		{"3 outside", func(x *graph.Node) *graph.Node { return graph.Mul(gauss(x), graph.MulScalar(graph.Sin(x), 3)) }, "inside the sine"},
		{"no square", func(x *graph.Node) *graph.Node { return graph.Mul(graph.Exp(graph.Neg(x)), sin3(x)) }, "lacks its square"},
		{"sum", func(x *graph.Node) *graph.Node { return graph.Add(gauss(x), sin3(x)) }, "multiplied, not added"},
		{"summed up", func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(x) }, "has the shape"},
		{"other", graph.Cos, "work out there"},
		{"panic", func(x *graph.Node) *graph.Node { panic("no idea") }, "no idea"},
	} {
		hinted(t, c.answer, Wave(b, c.wave), c.want)
	}
}

func TestBestStep(t *testing.T) {
	for _, c := range []struct {
		h    float64
		want string
	}{
		{1e-5, ""},
		{1e-6, ""},
		{6e-6, ""},
		{1e-1, "truncation"},
		{1e-4, "truncation"},
		{1e-8, "rounding already"},
		{1e-12, "far on the left"},
		{0, "positive"},
		{-5, "positive"},
	} {
		hinted(t, "step", BestStep(c.h), c.want)
	}
}

func TestSecondDerivative(t *testing.T) {
	b := goBackend(t)
	slope := func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node {
		return graph.Gradient(graph.ReduceAllSum(f(x)), x)[0]
	}
	for _, c := range []struct {
		answer string
		second func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node
		want   string
	}{
		{"solution", func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node {
			return graph.Gradient(graph.ReduceAllSum(slope(f, x)), x)[0]
		}, ""},
		{"stub", slope, "first derivative; differentiate"},
		{"no sum", func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node {
			return graph.Gradient(slope(f, x), x)[0]
		}, "ReduceAllSum"},
		{"square", func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node {
			return graph.Square(slope(f, x))
		}, "square of the first derivative"},
		{"sign", func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node {
			return graph.Neg(graph.Gradient(graph.ReduceAllSum(slope(f, x)), x)[0])
		}, "sign is wrong"},
		{"other", func(f func(*graph.Node) *graph.Node, x *graph.Node) *graph.Node { return x }, "should be"},
	} {
		hinted(t, c.answer, SecondDerivative(b, c.second), c.want)
	}
}

func TestCountWeights(t *testing.T) {
	count := func(perLayer func(in, out int, last bool) int) func(sizes ...int) int {
		return func(sizes ...int) (n int) {
			for l := range len(sizes) - 1 {
				n += perLayer(sizes[l], sizes[l+1], l == len(sizes)-2)
			}
			return n
		}
	}
	for _, c := range []struct {
		answer string
		count  func(sizes ...int) int
		want   string
	}{
		{"solution", count(func(in, out int, _ bool) int { return (in + 1) * out }), ""},
		{"stub", func(sizes ...int) int { return sizes[0] * sizes[1] }, "2 → 50 alone"},
		{"no biases", count(func(in, out int, _ bool) int { return in * out }), "biases are missing"},
		{"no last bias", count(func(in, out int, last bool) int {
			if last {
				return in * out
			}
			return (in + 1) * out
		}), "output has one too"},
		{"input biases", func(sizes ...int) int {
			return sizes[0] + count(func(in, out int, _ bool) int { return (in + 1) * out })(sizes...)
		}, "computes nothing"},
		{"one number", func(...int) int { return 10_401 }, "single layer"},
		{"out of range", func(sizes ...int) int { return sizes[len(sizes)] }, "panics"},
	} {
		hinted(t, c.answer, CountWeights(c.count), c.want)
	}
}

func TestMomentum(t *testing.T) {
	b := goBackend(t)
	add, times, sub := graph.Add, graph.MulScalar[float64], graph.Sub
	for _, c := range []struct {
		answer string
		step   func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node)
		want   string
	}{
		{"solution", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			v = add(times(v, gamma), g)
			return sub(w, times(v, rate)), v
		}, ""},
		{"stub", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			return sub(w, times(g, rate)), v
		}, "v stays as it was"},
		{"old v", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			return sub(w, times(v, rate)), add(times(v, gamma), g)
		}, "use the new v"},
		{"uphill", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			v = add(times(v, gamma), g)
			return add(w, times(v, rate)), v
		}, "look at the sign"},
		{"rate in v", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			v = add(times(v, gamma), times(g, rate))
			return sub(w, v), v
		}, "not into v"},
		{"mean", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			v = add(times(v, gamma), times(g, 1-gamma))
			return sub(w, times(v, rate)), v
		}, "running sum"},
		{"no memory", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			return sub(w, times(g, rate)), add(g, times(v, 0))
		}, "lacks the term"},
		{"no fading", func(rate, gamma float64, w, g, v *graph.Node) (newW, newV *graph.Node) {
			v = add(v, g)
			return sub(w, times(v, rate)), v
		}, "never fades"},
	} {
		hinted(t, c.answer, Momentum(b, c.step), c.want)
	}
}
