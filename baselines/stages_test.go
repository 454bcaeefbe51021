// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// trainer is one compiled graph for several runs, a step a dispatch.
type trainer struct {
	testing.TB
	*train.Trainer
}

func newTrainer(tb testing.TB, task train.Task, s train.Settings) trainer {
	tb.Helper()
	t, err := train.NewTrainer(traintest.Open(tb), task, s)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(t.Finalize)
	return trainer{tb, t}
}

// run trains tasks together, from states where these are given.
func (t trainer) run(from []train.State, tasks ...train.Task) []train.State {
	t.Helper()
	states, err := t.Run(context.Background(), tasks, from, train.Options{StepsPerDispatch: 1})
	if err != nil {
		t.Fatal(err)
	}
	return states
}

// interrupted returns the checkpoint of a run that ends after a step, read back
// from its file.
func (t trainer) interrupted(after int, tasks ...train.Task) []train.State {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var read []train.State
	_, err := t.Run(ctx, tasks, nil, train.Options{
		StepsPerDispatch: 1, CheckpointEvery: time.Nanosecond,
		Checkpoint: func(states []train.State) error {
			read = nil
			for _, state := range states {
				var file bytes.Buffer
				if err := state.Encode(&file, "float32"); err != nil {
					return err
				}
				again, err := train.DecodeState(file.Bytes())
				if err != nil {
					return err
				}
				read = append(read, again)
			}
			if read[0].Steps == after {
				cancel()
			}
			return nil
		},
	})
	if !errors.Is(err, train.ErrInterrupted) {
		t.Fatalf("error %v, want %v", err, train.ErrInterrupted)
	}
	return read
}

// sameStates compares weights, moments, stages that ended and losses, bit by bit.
func sameStates(t *testing.T, what string, got, want []train.State) {
	t.Helper()
	equal := func(a, b map[string]train.Array) bool { return maps.EqualFunc(a, b, train.Array.Equal) }
	rows := func(a, b train.Row) bool { return a.Step == b.Step && slices.Equal(a.Terms, b.Terms) }
	if len(got) != len(want) {
		t.Fatalf("%s: %d states, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.Steps != w.Steps || !equal(g.Weights, w.Weights) || !equal(g.Moment1, w.Moment1) || !equal(g.Moment2, w.Moment2) ||
			!slices.EqualFunc(g.Ended, w.Ended, equal) {
			t.Errorf("%s: query %d ended elsewhere", what, i)
		}
		if len(w.History.Rows) == 0 || !slices.EqualFunc(g.History.Rows, w.History.Rows, rows) {
			t.Errorf("%s: query %d has another history", what, i)
		}
	}
}
