// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

var openOnce = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open("") })

// open returns the best backend there is, or $GOMLX_BACKEND, the same for all
// tests.
func open(t testing.TB) compute.Backend {
	t.Helper()
	b, err := openOnce()
	if err != nil {
		t.Fatal(err)
	}
	return b.Compute
}

// convection is u_t + β u_x = 0 with the published points, or with fewer
// collocation points (0 is all 1,000).
func convection(t testing.TB, collocation int) pinn.Setup {
	t.Helper()
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published", Collocation: collocation})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tiny is the equation with all three terms on a dozen points, those of
// testdata/golden.py.
func tiny(t testing.TB) pinn.Setup {
	t.Helper()
	p, err := pde.NewCDR("cdr", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	share := func(x float64) float64 { return x - math.Floor(x) }
	s := pinn.Setup{Problem: p}
	for i := 1; i < 8; i++ {
		s.Points.Collocation = append(s.Points.Collocation, []float64{2 * math.Pi * share(.618*float64(i)), share(.414 * float64(i))})
	}
	initial := pde.Condition{Name: "initial", Value: func(_, at []float64) float64 { return 1 + math.Sin(at[0]) }}
	for i := range 5 {
		initial.At = append(initial.At, []float64{2 * math.Pi * float64(i) / 5, 0})
	}
	boundary := pde.Condition{Name: "boundary"}
	for i := range 4 {
		boundary.At = append(boundary.At, []float64{0, float64(i) / 3})
		boundary.To = append(boundary.To, []float64{2 * math.Pi, float64(i) / 3})
	}
	s.Points.Conditions = []pde.Condition{initial, boundary}
	return s
}

// goldenMus are the parameters of testdata/golden.py.
var goldenMus = [][]float64{{3, .25, 1.5}, {2, .5, .75}}

// formula fills an array with sin(i² + c), c the sum of the name's bytes: full
// rank, and large enough to bend tanh, which fresh weights don't.
func formula(name string, dims ...int) train.Array {
	c := 0
	for _, b := range []byte(name) {
		c += int(b)
	}
	a := train.NewArray(dims...)
	for i := range a.Data {
		a.Data[i] = math.Sin(float64(i*i + c))
	}
	return a
}

// withFormula returns a task with weights by formula.
func withFormula(task train.Task) train.Task {
	task.Weights = slices.Clone(task.Weights)
	for i, w := range task.Weights {
		task.Weights[i].Value = formula(w.Name, w.Value.Dims...)
	}
	return task
}

// values returns a task's weights by name.
func values(task train.Task) map[string]train.Array {
	out := map[string]train.Array{}
	for _, w := range task.Weights {
		out[w.Name] = w.Value
	}
	return out
}

// phase1Weights are weights by formula for the tiny problem.
func phase1Weights(t testing.TB, width int) map[string]train.Array {
	t.Helper()
	return values(withFormula(lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: width}.Task()))
}

// term evaluates one term of a task's loss in float64, without what the others
// cost to compile; ok is false where there is none of this name.
func term(t testing.TB, task train.Task, name string) (value float64, ok bool) {
	t.Helper()
	out, err := train.Evaluate(open(t), values(task), task.Data, "float64", func(in train.Inputs) []*graph.Node {
		all := task.Loss(in)
		i := slices.IndexFunc(all, func(term train.Term) bool { return term.Name == name })
		ok = i >= 0
		return []*graph.Node{all[max(0, i)].Value}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Data[0], ok
}

// losses evaluates the terms of a task's loss and the gradients of their sum in
// float64.
func losses(t testing.TB, task train.Task) (terms map[string]float64, gradients map[string]train.Array) {
	t.Helper()
	var names []string
	out, err := train.Evaluate(open(t), values(task), task.Data, "float64", func(in train.Inputs) []*graph.Node {
		names = names[:0]
		var nodes []*graph.Node
		var total *graph.Node
		for _, term := range task.Loss(in) {
			names = append(names, term.Name)
			nodes = append(nodes, term.Value)
			sum := graph.ReduceAllSum(term.Value)
			if total == nil {
				total = sum
			} else {
				total = graph.Add(total, sum)
			}
		}
		var weights []*graph.Node
		for _, w := range task.Weights {
			weights = append(weights, in.W(w.Name))
		}
		return append(nodes, graph.Gradient(total, weights...)...)
	})
	if err != nil {
		t.Fatal(err)
	}
	terms, gradients = map[string]float64{}, map[string]train.Array{}
	for i, name := range names {
		terms[name] = out[i].Data[0]
	}
	for i, w := range task.Weights {
		gradients[w.Name] = out[len(names)+i]
	}
	return terms, gradients
}

// near reports whether two numbers agree to a relative tolerance.
func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(math.Abs(got), math.Abs(want))
}
