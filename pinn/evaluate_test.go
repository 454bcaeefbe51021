// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

func newEvaluator(t *testing.T, s pinn.Setup) *pinn.Evaluator {
	t.Helper()
	e, err := pinn.NewEvaluator(traintest.Open(t), s, weightNames, nil, "float64", network)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Finalize)
	return e
}

func evaluate(t *testing.T, e *pinn.Evaluator, mu []float64, n neuron) pinn.Evaluation {
	t.Helper()
	out, err := e.Evaluate(mu, arrays(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExactSolutionHasNoErrors: reaction from u = ½, one evaluator for two μ.
func TestExactSolutionHasNoErrors(t *testing.T) {
	s := cdr(t, "reaction", half, nil, 50)
	e := newEvaluator(t, s)
	for _, rho := range []float64{1, 5} {
		mu := []float64{0, 0, rho}
		got := evaluate(t, e, mu, logistic(rho))
		if !slices.Equal(got.Mu, mu) {
			t.Errorf("mu is %v, want %v", got.Mu, mu)
		}
		for name, errors := range map[string]metric.Errors{"grid": got.Grid, "test": got.Test} {
			// tanh and exp differ by a few 2⁻⁵³.
			near(t, name+" rel L2", errors.RelL2, 0, 1e-14)
			near(t, name+" max", errors.Max, 0, 1e-14)
		}
		near(t, "residual on the grid", got.ResidualGrid, 0, 1e-24)
		// With the solution for another ρ the errors are those of the two
		// functions, and the residual is not zero.
		wrong := evaluate(t, e, mu, logistic(rho+1))
		want := 0.
		for _, at := range s.Points.Grid.Points {
			want += math.Abs(logistic(rho).u(at)-logistic(rho+1).u(at)) / float64(len(s.Points.Grid.Points))
		}
		near(t, "abs error of the wrong ρ", wrong.Grid.Abs, want, 1e-12)
		residual := func(at []float64) float64 { return logistic(rho+1).residual(mu, at) }
		near(t, "residual of the wrong ρ on the grid", wrong.ResidualGrid, meanSquare(s.Points.Grid.Points, residual), 1e-12)
		near(t, "residual of the wrong ρ in training", wrong.ResidualTrain, meanSquare(s.Points.Collocation, residual), 1e-12)
	}
}

// TestConstantHasTheTrivialErrors: the mean of the truth on the test points is
// the best constant there, and any constant's errors on the grid are known.
func TestConstantHasTheTrivialErrors(t *testing.T) {
	s := cdr(t, "convection", pde.OnePlusSin, nil, 50)
	mu := []float64{30, 0, 0}
	truth, err := s.Problem.Reference(mu, s.Points.Test)
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.
	for _, u := range truth {
		mean += u / float64(len(truth))
	}
	got := evaluate(t, newEvaluator(t, s), mu, neuron{d: mean})
	near(t, "test rel L2", got.Test.RelL2, got.TrivialTest.RelL2, 1e-14)
	near(t, "test max", got.Test.Max, got.TrivialTest.Max, 1e-14)
	// 1 + sin over whole periods: variance ½ of a mean square 3/2, and the grid
	// has whole periods at every t.
	near(t, "trivial rel L2 on the grid", got.TrivialGrid.RelL2, math.Sqrt(1./3), 1e-12)
	near(t, "MSE on the grid", got.Grid.MSE, .5+(mean-1)*(mean-1), 1e-12)
	if got.ResidualGrid != 0 || got.ResidualTrain != 0 || got.Spurious {
		t.Errorf("a constant has residuals %g and %g, spurious %t, want 0, 0, false", got.ResidualGrid, got.ResidualTrain, got.Spurious)
	}
}

// TestSpurious puts a steep step in u between two collocation points, where no
// residual is measured in training; then on one of them; then less steep.
func TestSpurious(t *testing.T) {
	s := cdr(t, "convection", pde.OnePlusSin, nil, 6)
	var xs []float64
	for _, at := range s.Points.Collocation {
		xs = append(xs, at[0])
	}
	slices.Sort(xs)
	widest := 1
	for i := range xs {
		if i > 0 && xs[i]-xs[i-1] > xs[widest]-xs[widest-1] {
			widest = i
		}
	}
	step := func(k, x float64) neuron { return neuron{a: 1, k: k, c: -k * x} }
	e := newEvaluator(t, s)
	mu := []float64{1, 0, 0}
	between := (xs[widest] + xs[widest-1]) / 2
	// steepness finds by bisection how steep a step there has a given ratio of
	// the residual on the grid to that in training.
	steepness := func(ratio float64) float64 {
		low, high := .5, 60.
		for range 60 {
			k := (low + high) / 2
			residual := func(at []float64) float64 { return step(k, between).residual(mu, at) }
			if meanSquare(s.Points.Grid.Points, residual) < ratio*meanSquare(s.Points.Collocation, residual) {
				low = k
			} else {
				high = k
			}
		}
		return low
	}
	for _, c := range []struct {
		name string
		n    neuron
		want bool
	}{
		{"steep step between the points", step(60, between), true},
		{"steep step on a point", step(60, xs[widest]), false},
		{"gentle step between the points", step(.5, between), false},
		// The limit is a hundred (see SpuriousRatio).
		{"step with a ratio of 95", step(steepness(95), between), false},
		{"step with a ratio of 105", step(steepness(105), between), true},
	} {
		got := evaluate(t, e, mu, c.n)
		if got.Spurious != c.want {
			t.Errorf("%s: spurious is %t at a ratio of %.3g, want %t", c.name, got.Spurious, got.ResidualGrid/got.ResidualTrain, c.want)
		}
	}
}

// TestAt: u and the residual come back in the order of the points.
func TestAt(t *testing.T) {
	n, mu := neuron{1.5, .4, -1.2, .3, .2}, []float64{30, .5, 5}
	e := newEvaluator(t, cdr(t, "cdr", pde.GaussWide, nil, 5))
	points := [][]float64{{0, 0}, {1, .5}, {6, 1}}
	u, r, err := e.At(mu, arrays(n), nil, points)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range points {
		near(t, "u", u[i], n.u(at), 1e-14)
		near(t, "residual", r[i], n.residual(mu, at), 1e-12)
	}
}

func TestEvaluateFailsClearly(t *testing.T) {
	e := newEvaluator(t, cdr(t, "convection", pde.OnePlusSin, nil, 5))
	_, err := e.Evaluate([]float64{30, 0, 0}, arrays(neuron{a: math.NaN()}), nil)
	wantError(t, "a network of NaN", err, "pinn: ", "diverged")
	_, err = e.Evaluate([]float64{30, .5, 0}, arrays(neuron{}), nil)
	wantError(t, "a μ that the equation lacks", err, "pinn: reference solution: ", "nu")
	w := arrays(neuron{})
	delete(w, "phase")
	_, err = e.Evaluate([]float64{30, 0, 0}, w, nil)
	wantError(t, "a missing weight", err, `"phase"`)
}

// Where the authors' own reference solution has a fault, errors against it stand
// beside the others; a record of any other problem has no trace of it.
func TestAsPublished(t *testing.T) {
	n := neuron{a: .3, k: .4, w: .7, c: -1.2, d: .5}
	for _, c := range []struct {
		kind string
		mu   []float64
		want bool
	}{
		{"cdr", []float64{3, 3, 3}, true},
		{"convection", []float64{3, 0, 0}, false},
		{"reaction", []float64{0, 0, 3}, false},
	} {
		s := cdr(t, c.kind, pde.GaussWide, nil, 20)
		got := evaluate(t, newEvaluator(t, s), c.mu, n)
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "as_published") != c.want || (got.AsPublished != nil) != c.want {
			t.Errorf("%s: as published is %+v, in %s", c.kind, got.AsPublished, text)
		}
		if !c.want {
			continue
		}
		problem, err := s.Problem.(*pde.CDR).WithTruth(pde.TruthAsPublished)
		if err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			at           [][]float64
			got, trivial metric.Errors
		}{
			"grid": {s.Points.Grid.Points, got.AsPublished.Grid, got.AsPublished.TrivialGrid},
			"test": {s.Points.Test, got.AsPublished.Test, got.AsPublished.TrivialTest},
		} {
			truth, err := problem.Reference(c.mu, x.at)
			if err != nil {
				t.Fatal(err)
			}
			var u []float64
			for _, at := range x.at {
				u = append(u, n.u(at))
			}
			want, err := metric.Compare(u, truth)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "rel L2 as published on the "+name, x.got.RelL2, want.RelL2, 1e-12)
			trivial, err := metric.Trivial(truth)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "the best constant as published on the "+name, x.trivial.RelL2, trivial.RelL2, 1e-12)
		}
		// D1: the truths are 2.6e-3 apart at (3, 3, 3), so that errors differ by no more.
		if d := math.Abs(got.AsPublished.Grid.RelL2 - got.Grid.RelL2); d == 0 || d > 2.6e-3 {
			t.Errorf("the errors differ by %g, want at most 2.6e-3", d)
		}
	}
}
