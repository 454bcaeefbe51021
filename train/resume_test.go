// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pinn.example/repro/train"
)

// thereAndBack encodes states and decodes them, as a checkpoint on disk does.
func thereAndBack(t *testing.T, states []train.State, dtype string) []train.State {
	t.Helper()
	out := make([]train.State, len(states))
	for i, s := range states {
		var file bytes.Buffer
		err := s.Encode(&file, dtype)
		if err == nil {
			out[i], err = train.DecodeState(file.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestResumeIsTheSameRun: 40 steps in one go, and 40 steps that are interrupted,
// written, read, and continued by another trainer with other dispatches, have
// the same bits of weights, moments and history.
func TestResumeIsTheSameRun(t *testing.T) {
	tasks := []train.Task{regression(0), regression(1)}
	for _, dtype := range []string{"float32", "float64"} {
		t.Run(dtype, func(t *testing.T) {
			s := train.Settings{Steps: 40, LearningRate: 1e-2, DType: dtype, HistoryEvery: 3, ProbeEvery: 7}
			straight := fit(t, s, train.Options{}, tasks...)

			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var written []train.State
			trainer := newTrainer(t, tasks[0], s)
			stopped, err := trainer.Run(ctx, tasks, nil, train.Options{
				StepsPerDispatch: 5,
				CheckpointEvery:  time.Nanosecond, // after every dispatch
				Checkpoint: func(states []train.State) error {
					written = thereAndBack(t, states, dtype)
					if written[0].Steps >= 17 {
						cancel()
					}
					return nil
				},
			})
			if !errors.Is(err, train.ErrInterrupted) {
				t.Fatalf("error %v, want %v", err, train.ErrInterrupted)
			}
			if at := stopped[0].Steps; at < 17 || at >= 40 {
				t.Fatalf("interrupted at step %d, want one of 17 to 39", at)
			}
			for i := range stopped {
				near(t, "what was written", written[i], stopped[i], 0)
				nearHistory(t, "what was written", written[i].History, stopped[i].History, 0)
			}

			resumed := fitFrom(t, s, train.Options{StepsPerDispatch: 7}, written, tasks...)
			for i := range straight {
				near(t, tasks[i].Label, resumed[i], straight[i], 0)
				nearHistory(t, tasks[i].Label, resumed[i].History, straight[i].History, 0)
			}
		})
	}
}

// TestInterruptedBeforeTheFirstStep: the states are the initial ones, and the
// run that goes on from them is the whole run.
func TestInterruptedBeforeTheFirstStep(t *testing.T) {
	s := train.Settings{Steps: 3, ProbeEvery: 1}
	task := regression(0)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	checkpoints := 0
	states, err := newTrainer(t, task, s).Run(ctx, []train.Task{task}, nil, train.Options{
		Checkpoint: func([]train.State) error { checkpoints++; return nil },
	})
	if !errors.Is(err, train.ErrInterrupted) || checkpoints != 1 || states[0].Steps != 0 {
		t.Fatalf("error %v after %d checkpoints at step %d, want %v, 1, 0", err, checkpoints, states[0].Steps, train.ErrInterrupted)
	}
	resumed := fitFrom(t, s, train.Options{}, states, task)[0]
	straight := fit(t, s, train.Options{}, task)[0]
	near(t, "resumed at 0", resumed, straight, 0)
	nearHistory(t, "resumed at 0", resumed.History, straight.History, 0)
}

// TestCheckpointsErrorEndsTheRun: a full disk must not go unnoticed.
func TestCheckpointsErrorEndsTheRun(t *testing.T) {
	task, full := regression(0), errors.New("no space left")
	_, err := newTrainer(t, task, train.Settings{Steps: 10}).Run(context.Background(), []train.Task{task}, nil, train.Options{
		CheckpointEvery: time.Nanosecond,
		Checkpoint:      func([]train.State) error { return full },
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
}

// TestStepsPerDispatch: how many steps one call runs is nobody's business.
func TestStepsPerDispatch(t *testing.T) {
	s := train.Settings{Steps: 40, LearningRate: 1e-2, HistoryEvery: 1}
	want := fit(t, s, train.Options{StepsPerDispatch: 64}, regression(0))[0]
	for _, per := range []int{2, 7, 1} {
		got := fit(t, s, train.Options{StepsPerDispatch: per}, regression(0))[0]
		near(t, fmt.Sprintf("%d steps a dispatch", per), got, want, 0)
		nearHistory(t, fmt.Sprintf("%d steps a dispatch", per), got.History, want.History, 0)
	}
}

// TestShortRunIsAPrefix: at a constant rate, 20 steps are the first of 40, and a
// finished run of 20 goes on to the same end.
func TestShortRunIsAPrefix(t *testing.T) {
	s := train.Settings{Steps: 40, LearningRate: 1e-2, HistoryEvery: 4, ProbeEvery: 20}
	long := fit(t, s, train.Options{}, regression(0))[0]
	s.Steps = 20
	short := fit(t, s, train.Options{}, regression(0))[0]
	prefix := long.History
	for i, r := range prefix.Rows {
		if r.Step > 20 {
			prefix.Rows = prefix.Rows[:i]
			break
		}
	}
	nearHistory(t, "20 of 40", short.History, prefix, 0)
	s.Steps = 40
	on := fitFrom(t, s, train.Options{}, []train.State{short}, regression(0))[0]
	near(t, "20 and 20 more", on, long, 0)
	nearHistory(t, "20 and 20 more", on.History, long.History, 0)
}
