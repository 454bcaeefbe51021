// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// TestResidualsAreWhatTheLossIsMadeOf: of each term the sum of squares is the loss's term
// of this name, whatever weighs it, with several conditions in one call of the network,
// and for each of two queries.
func TestResidualsAreWhatTheLossIsMadeOf(t *testing.T) {
	s := cdr(t, "cdr", pde.GaussWide, &pde.CDRSettings{Boundary: pde.BoundaryValueAndSlope}, 50)
	s.ResidualWeight = .3
	s.Points.Conditions = append(s.Points.Conditions, pde.Condition{
		Name: "more", At: [][]float64{{1, .5}, {2, .25}, {3, 1}}, Value: func(mu, at []float64) float64 { return mu[0]/10 + at[0] },
	})
	mus := [][]float64{{30, .5, 5}, {-2, 0, 1}}
	neurons := []neuron{{1.5, .4, -1.2, .3, .2}, {-.7, -.2, .9, 0, 1}}
	names, want := losses(t, s, mus, neurons)
	var counts []int
	out, err := train.Evaluate(traintest.Open(t), arrays(neurons...), s.Data(mus...), "float64", func(in train.Inputs) []*graph.Node {
		counts = nil
		var nodes []*graph.Node
		for i, term := range s.Residuals(in, network) {
			if term.Name != names[i] {
				t.Errorf("term %d is %q, in the loss %q", i, term.Name, names[i])
			}
			counts = append(counts, term.Value.Shape().Dim(1))
			nodes = append(nodes, graph.ReduceSum(graph.Square(term.Value), 1))
		}
		return nodes
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != len(names) {
		t.Fatalf("%d terms, want %v", len(out), names)
	}
	// Initial points and pairs of the published conditions, and the three above.
	points := map[string]int{"residual": 50, "initial": 256, "boundary": 100, "boundary_slope": 100, "more": 3}
	for i, name := range names {
		if counts[i] != points[name] {
			t.Errorf("%s has %d residuals, want %d", name, counts[i], points[name])
		}
		for q, got := range out[i].Data {
			near(t, name, got, want[name][q], 1e-12*want[name][q])
		}
	}
}

// TestJacobianOfTheOffset: the column of the weight that adds to u everywhere is 1/√n in
// each condition on u, and 0 elsewhere, with conditions in the order of the terms.
func TestJacobianOfTheOffset(t *testing.T) {
	s := cdr(t, "convection", pde.OnePlusSin, nil, 4)
	more := pde.Condition{Name: "more", At: [][]float64{{1, .5}, {2, .25}, {3, 1}, {4, 0}}, Value: func(_, at []float64) float64 { return at[0] }}
	s.Points.Conditions = append(s.Points.Conditions, more)
	mu := []float64{3, 0, 0}
	values := arrays(neuron{1.5, .4, -1.2, .3, .2})
	task := train.Task{
		Label: "offset", Data: s.Data(mu),
		Residuals: func(in train.Inputs) []train.Term { return s.Residuals(in, network) },
	}
	for _, name := range weightNames {
		task.Weights = append(task.Weights, train.Weight{Name: name, Value: values[name]})
	}
	_, jacobian, err := train.Jacobian(traintest.Open(t), task, "float64")
	if err != nil {
		t.Fatal(err)
	}
	// u is 1 more: the equation is linear in derivatives, so that its residual stays, as
	// differences do; the 256 initial misfits and the four more are 1 more,
	// which is times 1/√256 and 1/√4.
	var want []float64
	for _, part := range []struct {
		n     int
		value float64
	}{{4, 0}, {256, 1. / 16}, {4, 1. / 2}, {100, 0}} {
		for range part.n {
			want = append(want, part.value)
		}
	}
	if len(jacobian.Data) != 5*len(want) { // in has 2 weights, offset is the third
		t.Fatalf("a Jacobian of %v, want [%d 5]", jacobian.Dims, len(want))
	}
	for i, w := range want {
		near(t, "derivative by the offset", jacobian.Data[5*i+2], w, 1e-14)
	}
}
