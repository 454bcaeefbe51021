// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"context"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// metaMus are the training parameters of the tests: β, ν, ρ.
var metaMus = [][]float64{{1, 2, 3}, {2, 1, .5}, {1.5, .5, 2}, {.5, 1, 1}}

// few is the equation with all three terms on a few points, with a condition that
// prescribes values, here of μ as well, and one that matches two sides; slope adds
// the one on u_x.
func few(tb testing.TB, slope bool) pinn.Setup {
	tb.Helper()
	s := cdr(tb)
	s.Points.Collocation = s.Points.Collocation[:6]
	s.Points.Test = s.Points.Test[:9]
	s.Points.Grid = pde.Grid{Points: s.Points.Test, Shape: []int{9}}
	var conditions []pde.Condition
	for _, c := range s.Points.Conditions {
		c.At = c.At[:4]
		if c.To != nil {
			c.To = c.To[:4]
		}
		if value := c.Value; value != nil {
			c.Value = func(mu, at []float64) float64 { return value(mu, at) + .1*mu[0] }
		}
		if slope || c.Derivative == "" {
			conditions = append(conditions, c)
		}
	}
	s.Points.Conditions = conditions
	return s
}

// metaBases are both networks, small.
func metaBases(tb testing.TB) map[string]baselines.Base {
	s := few(tb, false)
	return map[string]baselines.Base{
		"Naive-LR-PINN": baselines.NaiveLR{Setup: s, Rank: 3, Width: 5, Seed: 1},
		"PINN":          baselines.PINN{Setup: s, Width: 4, Hidden: 2, Seed: 1},
	}
}

// atMu is the task of a network at one μ.
func atMu(base baselines.Base, mu []float64) train.Task {
	switch p := base.(type) {
	case baselines.NaiveLR:
		p.Mu = mu
		return p.Task()
	case baselines.PINN:
		p.Mu = mu
		return p.Task()
	}
	panic("an unknown base")
}

// runner compiles a task once: the function trains one of its shape, from the
// given weights where there are any.
func runner(tb testing.TB, task train.Task, s train.Settings) func(task train.Task, weights map[string]train.Array) train.State {
	tb.Helper()
	trainer, err := train.NewTrainer(traintest.Open(tb), task, s)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(trainer.Finalize)
	return func(task train.Task, weights map[string]train.Array) train.State {
		tb.Helper()
		from := train.Initial(task)
		if weights != nil {
			from.Weights = weights
		}
		states, err := trainer.Run(context.Background(), []train.Task{task}, []train.State{from}, train.Options{StepsPerDispatch: min(s.Steps, 5)})
		if err != nil {
			tb.Fatal(err)
		}
		return states[0]
	}
}

// own compiles the network's own loss at all metaMus at once: of weights at each,
// the function evaluates terms and gradients at each.
func own(tb testing.TB, base baselines.Base) func(weights []map[string]train.Array) (terms, gradients []map[string]train.Array) {
	tb.Helper()
	task := atMu(base, metaMus[0])
	for _, d := range few(tb, false).Data(metaMus...) {
		i := slices.IndexFunc(task.Data, func(of train.Datum) bool { return of.Name == d.Name })
		task.Data[i] = d
	}
	loss := traintest.Losses(tb, traintest.Open(tb), task)
	split := func(all map[string]train.Array) []map[string]train.Array {
		out := make([]map[string]train.Array, len(metaMus))
		for i := range out {
			out[i] = map[string]train.Array{}
			for name, a := range all {
				out[i][name] = a.Split(len(metaMus))[i]
			}
		}
		return out
	}
	return func(weights []map[string]train.Array) (terms, gradients []map[string]train.Array) {
		tb.Helper()
		joined := map[string]train.Array{}
		for name := range weights[0] {
			var parts []train.Array
			for _, w := range weights {
				parts = append(parts, w[name])
			}
			a, err := train.Join(parts)
			if err != nil {
				tb.Fatal(err)
			}
			joined[name] = a
		}
		t, g := loss(joined)
		return split(t), split(g)
	}
}

// same is the same weights at each of metaMus.
func same(weights map[string]train.Array) []map[string]train.Array {
	return slices.Repeat([]map[string]train.Array{weights}, len(metaMus))
}

// descent is where steps of gradient descent on each μ's own loss lead to.
func descent(own func([]map[string]train.Array) (terms, gradients []map[string]train.Array), weights map[string]train.Array, rate float64, steps int) []map[string]train.Array {
	at := same(weights)
	for range steps {
		_, gradients := own(at)
		for i := range at {
			at[i] = moved(at[i], -rate, gradients[i])
		}
	}
	return at
}

// outer compiles the loss of a task that draws, at its first step: of weights, the
// function evaluates the terms and the gradients of their sum, in float64.
func outer(tb testing.TB, task train.Task) func(weights map[string]train.Array) (terms, gradients map[string]train.Array) {
	tb.Helper()
	loss := task.Loss
	task.Update = func(in train.Inputs) (map[string]*graph.Node, []train.Term) {
		terms := loss(in)
		var nodes []*graph.Node
		for _, w := range task.Weights {
			nodes = append(nodes, in.W(w.Name))
		}
		total := terms[0].Value
		for _, term := range terms[1:] {
			total = graph.Add(total, term.Value)
		}
		gradients := map[string]*graph.Node{}
		for i, g := range graph.Gradient(graph.ReduceAllSum(total), nodes...) {
			gradients[task.Weights[i].Name] = g
		}
		return gradients, terms
	}
	run := runner(tb, task, train.Settings{Steps: 1, DType: "float64"})
	return func(weights map[string]train.Array) (terms, gradients map[string]train.Array) {
		tb.Helper()
		s := run(task, weights)
		return rowTerms(s.History, 0), s.Weights
	}
}

// rowTerms are the terms of a row of a history, by name.
func rowTerms(h train.History, row int) map[string]train.Array {
	terms := map[string]train.Array{}
	for i, name := range h.Terms {
		terms[name] = train.FromRows([][]float64{{h.Rows[row].Terms[i]}}).Reshape(1)
	}
	return terms
}

func total(terms map[string]train.Array) float64 {
	sum := 0.
	for _, a := range terms {
		sum += a.Data[0]
	}
	return sum
}

// moved returns w + by·d, array by array.
func moved(w map[string]train.Array, by float64, d map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for name, a := range w {
		b := train.NewArray(a.Dims...)
		for i := range a.Data {
			b.Data[i] = a.Data[i] + by*d[name].Data[i]
		}
		out[name] = b
	}
	return out
}

// meanOf is the mean of arrays by name.
func meanOf(parts []map[string]train.Array) map[string]train.Array {
	out := parts[0]
	for _, p := range parts[1:] {
		out = moved(out, 1, p)
	}
	zero := map[string]train.Array{}
	for name, a := range out {
		zero[name] = train.NewArray(a.Dims...)
	}
	return moved(zero, 1/float64(len(parts)), out)
}
