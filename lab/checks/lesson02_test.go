// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"math"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
)

func TestConvectionDiffusionResidual(t *testing.T) {
	b := goBackend(t)
	gradient := func(y, x *graph.Node) *graph.Node { return graph.Gradient(graph.ReduceAllSum(y), x)[0] }
	// combined is a u_t + b u_x + c u_xx.
	combined := func(coefficients func(beta, nu float64) (a, b, c float64)) func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
		return func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
			a, b, c := coefficients(beta, nu)
			ux := gradient(u(x, t), x)
			r := graph.Add(graph.MulScalar(gradient(u(x, t), t), a), graph.MulScalar(ux, b))
			return graph.Add(r, graph.MulScalar(gradient(ux, x), c))
		}
	}
	for _, c := range []struct {
		answer       string
		coefficients func(beta, nu float64) (a, b, c float64)
		want         string
	}{
		{"solution", func(beta, nu float64) (a, b, c float64) { return 1, beta, -nu }, ""},
		{"stub", func(beta, nu float64) (a, b, c float64) { return 1, beta, 0 }, "diffusion ν u_xx is missing"},
		{"sign of ν", func(beta, nu float64) (a, b, c float64) { return 1, beta, nu }, "sign of the diffusion"},
		{"sign of β", func(beta, nu float64) (a, b, c float64) { return 1, -beta, -nu }, "sign of the convection"},
		{"sign of all", func(beta, nu float64) (a, b, c float64) { return -1, -beta, nu }, "that is −r"},
		{"β at u_t", func(beta, nu float64) (a, b, c float64) { return beta, 1, -nu }, "not to u_t"},
		{"swapped", func(beta, nu float64) (a, b, c float64) { return 1, nu, -beta }, "changed places"},
		{"no u_t", func(beta, nu float64) (a, b, c float64) { return 0, beta, -nu }, "u_t is missing"},
		{"no u_x", func(beta, nu float64) (a, b, c float64) { return 1, 0, -nu }, "β u_x is missing"},
		{"no ν", func(beta, nu float64) (a, b, c float64) { return 1, beta, -1 }, "ν alone"},
		{"nothing", func(beta, nu float64) (a, b, c float64) { return 0, 0, 0 }, "on paper"},
	} {
		hinted(t, c.answer, ConvectionDiffusionResidual(b, combined(c.coefficients)), c.want)
	}
	right := combined(func(beta, nu float64) (a, b, c float64) { return 1, beta, -nu })
	hinted(t, "squared", ConvectionDiffusionResidual(b, func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
		// u_t + β u_x − ν (u_xx)²
		uxx := gradient(gradient(u(x, t), x), x)
		return graph.Add(right(u, x, t, beta, nu), graph.MulScalar(graph.Sub(uxx, graph.Square(uxx)), nu))
	}), "taken twice")
	hinted(t, "mean", ConvectionDiffusionResidual(b, func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
		return graph.ReduceAllMean(right(u, x, t, beta, nu))
	}), "one number for each point")
	hinted(t, "panic", ConvectionDiffusionResidual(b, func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
		panic("no idea")
	}), "no idea")
	hinted(t, "no sum", ConvectionDiffusionResidual(b, func(u func(x, t *graph.Node) *graph.Node, x, t *graph.Node, beta, nu float64) *graph.Node {
		return graph.Gradient(u(x, t), x)[0]
	}), "can't be built")
}

func TestBoundaryLoss(t *testing.T) {
	b := goBackend(t)
	for _, c := range []struct {
		answer string
		loss   func(left, right *graph.Node) *graph.Node
		want   string
	}{
		{"solution", func(l, r *graph.Node) *graph.Node { return graph.ReduceAllMean(graph.Square(graph.Sub(l, r))) }, ""},
		{"stub", func(l, r *graph.Node) *graph.Node { return graph.ReduceAllMean(graph.Sub(l, r)) }, "opposite sign cancel"},
		{"square of the mean", func(l, r *graph.Node) *graph.Node { return graph.Square(graph.ReduceAllMean(graph.Sub(l, r))) }, "opposite sign cancel"},
		{"sum", func(l, r *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Square(graph.Sub(l, r))) }, "sum of squares"},
		{"absolute", func(l, r *graph.Node) *graph.Node { return graph.ReduceAllMean(graph.Abs(graph.Sub(l, r))) }, "mean absolute"},
		{"root", func(l, r *graph.Node) *graph.Node {
			return graph.Sqrt(graph.ReduceAllMean(graph.Square(graph.Sub(l, r))))
		}, "root is too much"},
		{"half", func(l, r *graph.Node) *graph.Node {
			return graph.MulScalar(graph.ReduceAllMean(graph.Square(graph.Sub(l, r))), .5)
		}, "factor ½"},
		{"column", func(l, r *graph.Node) *graph.Node { return graph.Square(graph.Sub(l, r)) }, "is one number"},
		{"other", func(l, r *graph.Node) *graph.Node { return graph.ReduceAllMean(graph.Add(l, r)) }, "for differences of"},
		{"panic", func(l, r *graph.Node) *graph.Node { panic("no idea") }, "no idea"},
	} {
		hinted(t, c.answer, BoundaryLoss(b, c.loss), c.want)
	}
}

func TestMirroredError(t *testing.T) {
	mean := func(beta float64) float64 { return 1 - math.Sin(2*beta)/(2*beta) }
	for _, c := range []struct {
		answer string
		f      func(beta float64) float64
		want   string
	}{
		{"solution", func(beta float64) float64 { return math.Sqrt(mean(beta) / 1.5) }, ""},
		{"stub", func(beta float64) float64 { return 1 }, "sums over a fine grid"},
		{"no root", func(beta float64) float64 { return mean(beta) / 1.5 }, "square root"},
		{"absolute", func(beta float64) float64 { return math.Sqrt(mean(beta)) }, "norm of the difference"},
		{"norm of the sine", func(beta float64) float64 { return math.Sqrt(mean(beta) / .5) }, "lacks the 1"},
		{"cos² as 1", func(beta float64) float64 { return math.Sqrt(2 * mean(beta) / 1.5) }, "too large by √2"},
		{"cos²", func(beta float64) float64 { return math.Sqrt((2 - mean(beta)) / 1.5) }, "mean of cos² βt"},
		{"integral", func(beta float64) float64 { return math.Sqrt((1 - math.Sin(beta)/beta) / 1.5) }, "almost"},
		{"limit", func(beta float64) float64 { return math.Sqrt(1 / 1.5) }, "limit"},
	} {
		hinted(t, c.answer, MirroredError(c.f), c.want)
	}
}

func TestPeriodicInputs(t *testing.T) {
	b := goBackend(t)
	list := func(n ...*graph.Node) []*graph.Node { return n }
	cos, sin, times := graph.Cos, graph.Sin, graph.MulScalar[float64]
	for _, c := range []struct {
		answer string
		inputs func(x, t *graph.Node) []*graph.Node
		want   string
	}{
		{"solution", func(x, t *graph.Node) []*graph.Node { return list(cos(x), sin(x), t) }, ""},
		{"more modes", func(x, t *graph.Node) []*graph.Node {
			return list(t, cos(x), sin(x), cos(times(x, 2)), sin(times(x, 2)))
		}, ""},
		{"stub", func(x, t *graph.Node) []*graph.Node { return list(x, t) }, "still among the inputs"},
		{"x too", func(x, t *graph.Node) []*graph.Node { return list(x, cos(x), sin(x), t) }, "still among the inputs"},
		{"sin alone", func(x, t *graph.Node) []*graph.Node { return list(sin(x), t) }, "π − x"},
		{"cos alone", func(x, t *graph.Node) []*graph.Node { return list(cos(x), t) }, "2π − x"},
		{"period π", func(x, t *graph.Node) []*graph.Node { return list(cos(times(x, 2)), sin(times(x, 2)), t) }, "period π"},
		{"period 4π", func(x, t *graph.Node) []*graph.Node { return list(cos(times(x, .5)), sin(times(x, .5)), t) }, "4π"},
		{"no t", func(x, t *graph.Node) []*graph.Node { return list(cos(x), sin(x)) }, "needs t too"},
		{"period 2", func(x, t *graph.Node) []*graph.Node {
			return list(cos(times(x, 2)), sin(x), cos(x), sin(times(t, 4*math.Pi)))
		}, "periodic too"},
		{"other period", func(x, t *graph.Node) []*graph.Node { return list(cos(times(x, .3)), t) }, "differ"},
		{"wrapped", func(x, t *graph.Node) []*graph.Node {
			return list(graph.Sub(x, times(graph.Floor(times(x, 1/(2*math.Pi))), 2*math.Pi)), t)
		}, "jumps"},
		{"one tensor", func(x, t *graph.Node) []*graph.Node { return list(graph.Concatenate(list(cos(x), sin(x), t), 1)) }, "column like x"},
		{"panic", func(x, t *graph.Node) []*graph.Node { panic("no idea") }, "no idea"},
	} {
		hinted(t, c.answer, PeriodicInputs(b, c.inputs), c.want)
	}
}
