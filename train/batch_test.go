// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/train"
)

// masked is regression(q) with the q-th row of w1 on frozen: ragged ranks.
func masked(q int) train.Task {
	task := regression(q)
	mask := train.NewArray(1, width, 1)
	for j := range q + 1 {
		mask.Data[j] = 1
	}
	task.Weights[2].Mask = &mask
	return task
}

// TestBatchIsEachAlone: queries of a batch don't see one another; masks differ
// from query to query.
func TestBatchIsEachAlone(t *testing.T) {
	tasks := []train.Task{masked(0), masked(1), masked(2)}
	// Rounding may differ with the vector loop that a tensor's size gets; 40
	// updates enlarge it a little.
	for dtype, tolerance := range map[string]float64{"float32": 1e-6, "float64": 1e-13} {
		t.Run(dtype, func(t *testing.T) {
			s := train.Settings{Steps: 40, LearningRate: 1e-2, DType: dtype, ProbeEvery: 10}
			batch := fit(t, s, train.Options{}, tasks...)
			trainer := newTrainer(t, tasks[0], s)
			for i, task := range tasks {
				alone, err := trainer.Run(context.Background(), []train.Task{task}, nil, train.Options{})
				if err != nil {
					t.Fatal(err)
				}
				near(t, task.Label, batch[i], alone[0], tolerance)
				nearHistory(t, task.Label, batch[i].History, alone[0].History, tolerance)
			}
			// The same trainer on another number of queries.
			two, err := trainer.Run(context.Background(), tasks[1:], nil, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			near(t, "a batch of two", two[0], batch[1], tolerance)
			near(t, "a batch of two", two[1], batch[2], tolerance)
		})
	}
}

// TestBatchOfOneIsNoBatch compares with the same loss written without the query
// axis, [query] only at its end.
func TestBatchOfOneIsNoBatch(t *testing.T) {
	plain := regression(0)
	plain.Loss = func(in train.Inputs) []train.Term {
		w0, b0, w1 := Squeeze(in.W("w0"), 0), Squeeze(in.W("b0"), 0), Squeeze(in.W("w1"), 0)
		x, y := Squeeze(in.D("x"), 0), Squeeze(in.D("y"), 0)
		u := Dot(Tanh(Add(Mul(x, w0), b0)), w1).Product()
		return []train.Term{
			{Name: "fit", Value: InsertAxes(ReduceAllMean(Square(Sub(u, y))), 0)},
			{Name: "norm", Value: InsertAxes(MulScalar(ReduceAllSum(Square(w1)), .1), 0)},
		}
	}
	s := train.Settings{Steps: 40, LearningRate: 1e-2, DType: "float64"}
	got, want := fit(t, s, train.Options{}, regression(0))[0], fit(t, s, train.Options{}, plain)[0]
	near(t, "a batch of one", got, want, 1e-13)
	nearHistory(t, "a batch of one", got.History, want.History, 1e-13)
}

// TestMasksKeepValues: a masked weight keeps its bits and has no moments, so it
// can't revive; the rest is trained.
func TestMasksKeepValues(t *testing.T) {
	task := masked(1)
	// 4 + 4 + 2 of 4.
	if got := task.Count(); got != 10 {
		t.Errorf("%d trained values, want 10", got)
	}
	start := task.Weights[2].Value
	for _, dtype := range []string{"float32", "float64"} {
		state := fit(t, train.Settings{Steps: 30, LearningRate: 1e-2, DType: dtype}, train.Options{}, task)[0]
		for j := range width {
			initial := start.Data[j]
			if dtype == "float32" {
				initial = float64(float32(initial))
			}
			w, m, v := state.Weights["w1"].Data[j], state.Moment1["w1"].Data[j], state.Moment2["w1"].Data[j]
			if frozen := task.Weights[2].Mask.Data[j] == 0; frozen && (w != initial || m != 0 || v != 0) {
				t.Errorf("%s: masked weight %d went from %g to %g with moments %g, %g", dtype, j, initial, w, m, v)
			} else if !frozen && (w == initial || m == 0 || v == 0) {
				t.Errorf("%s: weight %d was not trained", dtype, j)
			}
		}
	}
}

// TestTasksThatDoNotFit: what can't share a graph says why.
func TestTasksThatDoNotFit(t *testing.T) {
	first := regression(0)
	run := func(from []train.State, tasks ...train.Task) error {
		_, err := newTrainer(t, tasks[0], train.Settings{Steps: 1}).Run(context.Background(), tasks, from, train.Options{})
		return err
	}

	moved := regression(1)
	moved.Data[0].Value = train.Array{Dims: moved.Data[0].Value.Dims, Data: append([]float64{7}, moved.Data[0].Value.Data[1:]...)}
	wantError(t, "other shared points", run(nil, first, moved), `shared datum "x"`, `"phase=0.5"`, `"phase=0"`)

	more := regression(1)
	more.Data = append(more.Data, train.Datum{Name: "z", Value: train.NewArray(1)})
	wantError(t, "more data", run(nil, first, more), `task "phase=0.5" has other data than "phase=0"`)

	short := regression(1)
	short.Data[1].Value = train.NewArray(1, points-1, 1)
	wantError(t, "fewer points", run(nil, first, short), `datum "y"`, "[1 8 1]", "[1 7 1]")

	wide := regression(1)
	wide.Weights[0].Value = train.NewArray(1, 1, width+1)
	wantError(t, "a wider layer", run(nil, first, wide), "w0", "[1 1 4]", "[1 1 5]")

	states := fit(t, train.Settings{Steps: 1}, train.Options{}, first)
	wantError(t, "too few states", run(states, first, regression(1)), "1 states for 2 tasks")
	later := fit(t, train.Settings{Steps: 2}, train.Options{}, regression(1))
	wantError(t, "states of two steps", run(append(states, later...), first, regression(1)), `"phase=0.5" is at step 2`, `"phase=0" at step 1`)
	delete(later[0].Moment2, "b0")
	wantError(t, "a state without a moment", run(later, first), `"phase=0" has no moment2/b0`)

	_, err := newTrainer(t, first, train.Settings{Steps: 1}).Run(context.Background(), nil, nil, train.Options{})
	wantError(t, "no task", err, "no task to run")

	scalar := regression(0)
	scalar.Loss = func(in train.Inputs) []train.Term {
		return []train.Term{{Name: "all", Value: ReduceAllSum(in.W("w0"))}}
	}
	wantError(t, "a loss without a query axis", run(nil, scalar), `train: expected loss term "all" of shape [1], got`)

	unknown := regression(0)
	unknown.Loss = func(in train.Inputs) []train.Term { return []train.Term{{Name: "w9", Value: in.W("w9")}} }
	wantError(t, "an unknown weight", run(nil, unknown), "train: expected a weight among [b0 w0 w1], got \"w9\"")
}
