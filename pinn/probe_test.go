// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"context"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestProbeIsTheEvaluation: what is measured while training is what the evaluator
// finds on the test points, one μ a query, and the mean where a query has several.
func TestProbeIsTheEvaluation(t *testing.T) {
	s := cdr(t, "cdr", pde.GaussWide, nil, 50)
	mus := [][]float64{{3, .5, 2}, {1, .2, 4}}
	n := neuron{a: .7, k: .9, w: .4, c: -2, d: .3}
	e := newEvaluator(t, s)
	var each []map[string]float64
	for _, mu := range mus {
		ev := evaluate(t, e, mu, n)
		_, r, err := e.At(mu, arrays(n), nil, s.Points.Test)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.
		for _, x := range r {
			sum += x * x / float64(len(r))
		}
		each = append(each, map[string]float64{pinn.AbsProbe: ev.Test.Abs, pinn.RelProbe: ev.Test.RelL2, pinn.ResidualProbe: sum})
	}
	task := func(shared bool, mus ...[]float64) train.Task {
		task := train.Task{Data: s.Data(mus...), Loss: func(in train.Inputs) []train.Term {
			terms := s.Losses(in, network(in))
			return terms[:1]
		}}
		for i := range task.Data {
			task.Data[i].Shared = task.Data[i].Shared || shared
		}
		for _, name := range weightNames {
			task.Weights = append(task.Weights, train.Weight{Name: name, Value: arrays(n)[name]})
		}
		task, err := s.Probe(task, mus, network)
		if err != nil {
			t.Fatal(err)
		}
		return task
	}
	probe := func(tasks ...train.Task) []train.State {
		trainer, err := train.NewTrainer(traintest.Open(t), tasks[0], train.Settings{DType: "float64", ProbeEvery: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer trainer.Finalize()
		states, err := trainer.Run(context.Background(), tasks, nil, train.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return states
	}
	check := func(what string, h train.History, want func(name string) float64) {
		if len(h.Rows) != 1 || len(h.Probes) != 3 {
			t.Fatalf("%s: %d rows of %v, want one of three probes", what, len(h.Rows), h.Probes)
		}
		for i, name := range h.Probes {
			near(t, what+" "+name, h.Rows[0].Probes[i], want(name), 1e-12)
		}
	}
	for q, state := range probe(task(false, mus[0]), task(false, mus[1])) {
		check("a query of its own:", state.History, func(name string) float64 { return each[q][name] })
	}
	mean := probe(task(true, mus...))[0]
	check("two μ in one query:", mean.History, func(name string) float64 { return (each[0][name] + each[1][name]) / 2 })
}
