// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

const (
	width  = 4
	points = 8
)

// regression fits u = tanh(x w0 + b0) w1 to sin(3x + phase) on 8 points of
// [−1, 1], with a penalty on w1: the network of testdata/adam.py, where phase is
// 0. Query q of a batch has another phase and other weights.
func regression(q int) train.Task {
	w0, b0, w1 := train.NewArray(1, 1, width), train.NewArray(1, 1, width), train.NewArray(1, width, 1)
	for j := range width {
		w0.Data[j] = math.Cos(1 + float64(j) + float64(q))
		b0.Data[j] = .1 * float64(j)
		w1.Data[j] = math.Sin(2 + float64(j) - float64(q))
	}
	x, y := train.NewArray(1, points, 1), train.NewArray(1, points, 1)
	for i := range points {
		x.Data[i] = -1 + 2*float64(i)/(points-1)
		y.Data[i] = math.Sin(3*x.Data[i] + .5*float64(q))
	}
	return train.Task{
		Label:   fmt.Sprintf("phase=%g", .5*float64(q)),
		Weights: []train.Weight{{Name: "w0", Value: w0}, {Name: "b0", Value: b0}, {Name: "w1", Value: w1}},
		Data:    []train.Datum{{Name: "x", Value: x, Shared: true}, {Name: "y", Value: y}},
		Loss: func(in train.Inputs) []train.Term {
			u := Einsum("qpi,qij->qpj", Tanh(Add(Mul(in.D("x"), in.W("w0")), in.W("b0"))), in.W("w1"))
			return []train.Term{
				{Name: "fit", Value: ReduceMean(Square(Sub(u, in.D("y"))), 1, 2)},
				{Name: "norm", Value: MulScalar(ReduceSum(Square(in.W("w1")), 1, 2), .1)},
			}
		},
		Probe: func(in train.Inputs) []train.Term {
			return []train.Term{
				{Name: "largest", Value: ReduceMax(Abs(in.W("w0")), 1, 2)},
				{Name: "sum", Value: ReduceSum(in.W("b0"), 1, 2)},
			}
		},
	}
}

// line has the loss Σ w, whose gradient is 1: Adam's corrected moments are then
// both 1, and update t moves w by rate(t)/(1 + 1e-8).
func line(label string, w float64) train.Task {
	return train.Task{
		Label:   label,
		Weights: []train.Weight{{Name: "w", Value: train.FromRows([][]float64{{w}})}},
		Loss: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "w", Value: ReduceSum(in.W("w"), 1)}}
		},
		Probe: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "w", Value: ReduceSum(in.W("w"), 1)}}
		},
	}
}

// fit trains tasks from the start on a trainer of their own.
func fit(t *testing.T, s train.Settings, o train.Options, tasks ...train.Task) []train.State {
	t.Helper()
	return fitFrom(t, s, o, nil, tasks...)
}

func fitFrom(t *testing.T, s train.Settings, o train.Options, from []train.State, tasks ...train.Task) []train.State {
	t.Helper()
	trainer := newTrainer(t, tasks[0], s)
	states, err := trainer.Run(context.Background(), tasks, from, o)
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func newTrainer(t *testing.T, task train.Task, s train.Settings) *train.Trainer {
	t.Helper()
	trainer, err := train.NewTrainer(traintest.Open(t), task, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Finalize)
	return trainer
}

// near reports where two states' weights and moments differ by more than a
// tolerance relative to the largest value of the tensor; 0 asks for equal bits.
func near(t *testing.T, what string, got, want train.State, tolerance float64) {
	t.Helper()
	if got.Steps != want.Steps {
		t.Errorf("%s: %d steps, want %d", what, got.Steps, want.Steps)
	}
	for _, group := range []struct {
		name      string
		got, want map[string]train.Array
	}{{"weights", got.Weights, want.Weights}, {"moment 1", got.Moment1, want.Moment1}, {"moment 2", got.Moment2, want.Moment2}} {
		if len(group.got) != len(group.want) {
			t.Errorf("%s: %d %s, want %d", what, len(group.got), group.name, len(group.want))
		}
		for name, w := range group.want {
			g := group.got[name]
			if !slices.Equal(g.Dims, w.Dims) {
				t.Errorf("%s: %s of %s has shape %v, want %v", what, group.name, name, g.Dims, w.Dims)
				continue
			}
			traintest.Near(t, fmt.Sprintf("%s: %s of %s", what, group.name, name), g.Data, w.Data, tolerance)
		}
	}
}

// nearRow compares the terms or the probes of a row, which may have none.
func nearRow(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got)+len(want) > 0 {
		traintest.Near(t, what, got, want, tolerance)
	}
}

// nearHistory compares the rows of two histories.
func nearHistory(t *testing.T, what string, got, want train.History, tolerance float64) {
	t.Helper()
	if !slices.Equal(got.Terms, want.Terms) || !slices.Equal(got.Probes, want.Probes) {
		t.Errorf("%s: columns %v and %v, want %v and %v", what, got.Terms, got.Probes, want.Terms, want.Probes)
	}
	if g, w := steps(got.Rows), steps(want.Rows); !slices.Equal(g, w) {
		t.Errorf("%s: rows at %v, want %v", what, g, w)
		return
	}
	for i, w := range want.Rows {
		at := fmt.Sprintf("%s: row of step %d", what, w.Step)
		nearRow(t, at+", terms", got.Rows[i].Terms, w.Terms, tolerance)
		nearRow(t, at+", probes", got.Rows[i].Probes, w.Probes, tolerance)
	}
}

func steps(rows []train.Row) []int {
	var out []int
	for _, r := range rows {
		out = append(out, r.Step)
	}
	return out
}

// wantError reports an error that lacks a part of its message.
func wantError(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want one with %q", what, parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: error %q lacks %q", what, err, part)
		}
	}
}
