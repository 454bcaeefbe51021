// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/baselines"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// damped is Burgers' problem with a further term, as a notebook could define it: its
// name and its parameters are those of the original.
type damped struct {
	pde.Burgers
	factor float64
	start  func(x float64) float64
}

func (d damped) Equation(mu []*graph.Node) pde.Equation {
	e := d.Burgers.Equation(mu)
	rest := e.Rest
	e.Rest = func(at pde.At) *graph.Node { return graph.Add(rest(at), graph.MulScalar(at.U, d.factor)) }
	return e
}

func (d damped) Points(sample pde.Sample) (pde.Points, error) {
	p, err := d.Burgers.Points(sample)
	if d.start != nil && err == nil {
		p.Conditions[0].Value = func(_, at []float64) float64 { return d.start(at[0]) }
	}
	return p, err
}

// ownRun is a small network on such a problem.
func ownRun(t *testing.T, b *backend.Backend, problem pde.Problem, width, points int) *Run {
	t.Helper()
	setup, err := pinn.NewSetup(problem, pde.Sample{Set: "drawn", Collocation: points})
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{.1}
	net := baselines.PINN{Setup: setup, Mu: mu, Width: width, Hidden: 1}
	run, err := OwnRun(b.Compute, Own{
		Name: "damped", Setup: setup, Mus: [][]float64{mu}, Task: net.Task(), Network: net.Network, Train: train.Settings{Steps: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// What is edited is another run, whatever part of it it was: the equation, a
// condition's values, the network, the points. What is not is found again.
func TestOwnRunIsNeverServedAnOldResult(t *testing.T) {
	b, err := backend.Open(backend.Go)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	original := damped{factor: 1}
	first := ownRun(t, b, original, 4, 8)
	if again := ownRun(t, b, original, 4, 8); again.Name() != first.Name() {
		t.Errorf("the same run has the names %s and %s", first.Name(), again.Name())
	}
	names := map[string]string{first.Name(): "the original"}
	for what, run := range map[string]*Run{
		"another constant in the equation": ownRun(t, b, damped{factor: 2}, 4, 8),
		"another initial condition":        ownRun(t, b, damped{factor: 1, start: func(x float64) float64 { return x }}, 4, 8),
		"another width":                    ownRun(t, b, original, 5, 8),
		"other points":                     ownRun(t, b, original, 4, 9),
	} {
		if other, ok := names[run.Name()]; ok {
			t.Errorf("%s has the name of %s", what, other)
		}
		names[run.Name()] = what
	}

	st, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{Store: st, BackendName: backend.Go}
	defer s.Close()
	record, err := s.Do(context.Background(), first)
	if err != nil {
		t.Fatal(err)
	}
	if len(record.Metrics.Evaluations) != 1 || record.Metrics.Parameters != 3*4+4+1 {
		t.Errorf("%d evaluations, %d parameters; expected 1 and 17", len(record.Metrics.Evaluations), record.Metrics.Parameters)
	}
	if found, err := s.Find(ownRun(t, b, original, 4, 8)); err != nil || found == nil {
		t.Errorf("the run that was trained is not found: %v", err)
	}
}

func TestOwnRunRefusesWhatIsMissing(t *testing.T) {
	b, err := backend.Open(backend.Go)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	if _, err := OwnRun(b.Compute, Own{Name: "nothing"}); err == nil || !strings.Contains(err.Error(), "needs") {
		t.Errorf("an own run without a setup gives %v", err)
	}
}
