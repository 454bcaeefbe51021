// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// losses evaluates the terms of the loss, by name, one value a query.
func losses(t *testing.T, s pinn.Setup, mus [][]float64, neurons []neuron) (names []string, values map[string][]float64) {
	t.Helper()
	out, err := train.Evaluate(traintest.Open(t), arrays(neurons...), s.Data(mus...), "float64", func(in train.Inputs) []*graph.Node {
		names = nil
		var nodes []*graph.Node
		for _, term := range s.Losses(in, network(in)) {
			names = append(names, term.Name)
			nodes = append(nodes, term.Value)
		}
		return nodes
	})
	if err != nil {
		t.Fatal(err)
	}
	values = map[string][]float64{}
	for i, name := range names {
		values[name] = out[i].Data
	}
	return names, values
}

// TestLossesHaveTheirKnownValues compares every term, of two queries at once,
// with the mean squares in closed form.
func TestLossesHaveTheirKnownValues(t *testing.T) {
	s := cdr(t, "cdr", pde.GaussWide, &pde.CDRSettings{Boundary: pde.BoundaryValueAndSlope}, 50)
	mus := [][]float64{{30, .5, 5}, {-2, 0, 1}}
	neurons := []neuron{{1.5, .4, -1.2, .3, .2}, {-.7, -.2, .9, 0, 1}}
	names, got := losses(t, s, mus, neurons)
	if want := []string{"residual", "initial", "boundary", "boundary_slope"}; !slices.Equal(names, want) {
		t.Fatalf("terms %v, want %v", names, want)
	}
	initial, boundary := s.Points.Conditions[0], s.Points.Conditions[1]
	for q, n := range neurons {
		jump := func(f func(at []float64) float64) float64 {
			sum := 0.
			for i, at := range boundary.At {
				d := f(at) - f(boundary.To[i])
				sum += d * d / float64(len(boundary.At))
			}
			return sum
		}
		for name, want := range map[string]float64{
			"residual":       meanSquare(s.Points.Collocation, func(at []float64) float64 { return n.residual(mus[q], at) }),
			"initial":        meanSquare(initial.At, func(at []float64) float64 { return n.u(at) - pde.GaussWide.At(at[0]) }),
			"boundary":       jump(n.u),
			"boundary_slope": jump(n.slope),
		} {
			if want == 0 {
				t.Errorf("%s of query %d is 0: the test tests nothing", name, q)
			}
			near(t, name, got[name][q], want, 1e-12*want)
		}
	}
}

// TestLossesOfExactSolutionsAreZero: a wave of any shape that travels at speed β
// solves the convection equation; ½ (1 + tanh(ρt/2)) solves reaction with its
// conditions, and with a wave in it, both.
func TestLossesOfExactSolutionsAreZero(t *testing.T) {
	const rounding = 1e-24 // (β 2⁻⁵³)² and a few
	s := cdr(t, "convection", pde.OnePlusSin, nil, 50)
	_, got := losses(t, s, [][]float64{{30, 0, 0}, {7, 0, 0}}, []neuron{{2, .5, -15, .1, .3}, {1, 1, -7, 0, 0}})
	for q, r := range got["residual"] {
		near(t, "residual of a travelling wave", r, 0, rounding)
		if got["initial"][q] < .1 {
			t.Errorf("query %d: initial misfit %g of a wave that is not 1 + sin x", q, got["initial"][q])
		}
	}

	s = cdr(t, "reaction", half, nil, 50)
	_, got = losses(t, s, [][]float64{{0, 0, 5}}, []neuron{logistic(5)})
	if len(got) != 3 {
		t.Errorf("terms %v, want residual, initial, boundary", got)
	}
	for name, v := range got {
		near(t, name+" of the logistic function", v[0], 0, rounding)
	}

	s = cdr(t, "convection-reaction", pde.OnePlusSin, nil, 50)
	wave := neuron{a: .5, k: .4, w: 2.5 - .4*30, d: .5}
	_, got = losses(t, s, [][]float64{{30, 0, 5}}, []neuron{wave})
	near(t, "residual of a travelling front", got["residual"][0], 0, rounding)
}

// TestData: shapes, and what is shared.
func TestData(t *testing.T) {
	s := cdr(t, "cdr", pde.GaussWide, &pde.CDRSettings{Boundary: pde.BoundaryValueAndSlope}, 50)
	data := map[string]train.Datum{}
	for _, d := range s.Data([]float64{30, .5, 5}, []float64{-2, 0, 1}) {
		data[d.Name] = d
	}
	// 256 initial points and 100 pairs at the boundary (authors' code).
	for name, want := range map[string]struct {
		dims   []int
		shared bool
	}{
		pinn.MuDatum:            {[]int{2, 3}, false},
		pinn.CollocationDatum:   {[]int{1, 50, 2}, true},
		"initial/points":        {[]int{1, 256, 2}, true},
		"initial/values":        {[]int{2, 256}, false},
		"boundary/points":       {[]int{1, 200, 2}, true},
		"boundary_slope/points": {[]int{1, 200, 2}, true},
	} {
		d, ok := data[name]
		if !ok || !slices.Equal(d.Value.Dims, want.dims) || d.Shared != want.shared || d.Value.Size() != len(d.Value.Data) {
			t.Errorf("datum %q: shape %v, shared %t, want %v, %t", name, d.Value.Dims, d.Shared, want.dims, want.shared)
		}
		delete(data, name)
	}
	for name := range data {
		t.Errorf("datum %q is not expected", name)
	}
}

// TestConditionsThatShareACall: conditions on values go through the network
// together, whatever stands between them and however many points each has; their
// values may depend on μ.
func TestConditionsThatShareACall(t *testing.T) {
	s := cdr(t, "convection", pde.OnePlusSin, nil, 5)
	value := func(mu, at []float64) float64 { return mu[0]/10 + at[0] }
	first := pde.Condition{Name: "first", At: [][]float64{{1, 0}, {2, 0}, {3, 0}}, Value: value}
	match := pde.Condition{Name: "match", At: [][]float64{{0, .5}, {0, 1}}, To: [][]float64{{6, .5}, {5, 1}}, Derivative: "x"}
	second := pde.Condition{Name: "second", At: [][]float64{{4, 1}, {5, .25}}, Value: value}
	slope := pde.Condition{Name: "slope", At: [][]float64{{1, 1}, {2, .5}, {.5, 0}, {0, 0}}, Value: value, Derivative: "x"}
	s.Points.Conditions = []pde.Condition{first, match, second, slope}
	mus := [][]float64{{10, 0, 0}, {20, 0, 0}}
	neurons := []neuron{{1.5, .4, -1.2, .3, .2}, {-.7, -.2, .9, 0, 1}}
	_, got := losses(t, s, mus, neurons)
	if len(got) != 5 {
		t.Errorf("terms %v, want residual, first, match, second, slope", got)
	}
	for q, n := range neurons {
		misfit := func(f func(at []float64) float64) func(at []float64) float64 {
			return func(at []float64) float64 { return f(at) - value(mus[q], at) }
		}
		for name, want := range map[string]float64{
			"first":  meanSquare(first.At, misfit(n.u)),
			"second": meanSquare(second.At, misfit(n.u)),
			"slope":  meanSquare(slope.At, misfit(n.slope)),
			"match":  (square(n.slope(match.At[0])-n.slope(match.To[0])) + square(n.slope(match.At[1])-n.slope(match.To[1]))) / 2,
		} {
			if len(got[name]) != 2 {
				t.Errorf("term %q has %d values, want one a query", name, len(got[name]))
				continue
			}
			near(t, name, got[name][q], want, 1e-12*want)
		}
	}
}

func square(x float64) float64 { return x * x }

// TestLinearIsPyTorchs: U(±1/√fanIn), a function of seed and name alone.
func TestLinearIsPyTorchs(t *testing.T) {
	const fanIn, n = 50, 10_000
	w := pinn.Linear(1, "w", fanIn, 1, fanIn, n/fanIn).Value
	bound, sum, squares := 1/math.Sqrt(fanIn), 0., 0.
	for _, x := range w.Data {
		if math.Abs(x) > bound {
			t.Fatalf("a weight is %g, want at most %g", x, bound)
		}
		sum += x / n
		squares += x * x / n
	}
	// Mean 0 and mean square b²/3, whose own standard deviations over n draws are
	// b/√(3n) and b²√(4/45n); five of them.
	near(t, "mean", sum, 0, 5*bound/math.Sqrt(3*n))
	near(t, "mean square", squares, bound*bound/3, 5*bound*bound*math.Sqrt(4./45/n))
	if again := pinn.Linear(1, "w", fanIn, 1, fanIn, n/fanIn).Value; !again.Equal(w) {
		t.Error("the same weight was drawn differently")
	}
	for _, other := range []train.Weight{pinn.Linear(2, "w", fanIn, w.Dims...), pinn.Linear(1, "v", fanIn, w.Dims...)} {
		if other.Value.Data[0] == w.Data[0] {
			t.Error("another seed or name gave the same weight")
		}
	}
}

func TestNewSetupSaysWhosePoints(t *testing.T) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pinn.NewSetup(p, pde.Sample{Set: "sobol"})
	wantError(t, "unknown set", err, "pinn: points of convection", `"sobol"`)
}
