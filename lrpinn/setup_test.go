// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

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

// phase1Weights are weights by formula for the tiny problem.
func phase1Weights(t testing.TB, width int) map[string]train.Array {
	t.Helper()
	return traintest.Values(traintest.WithFormula(lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: width}.Task(), 1))
}

// term evaluates one term of a task's loss in float64, without what the others
// cost to compile; ok is false where there is none of this name.
func term(t testing.TB, task train.Task, name string) (value float64, ok bool) {
	t.Helper()
	out, err := train.Evaluate(traintest.Open(t), traintest.Values(task), task.Data, "float64", func(in train.Inputs) []*graph.Node {
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

// near reports whether two numbers agree to a relative tolerance.
func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(math.Abs(got), math.Abs(want))
}
