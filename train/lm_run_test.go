// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pinn.example/repro/train"
)

// anew is misfits with points drawn at every step; the data they are to fit stay.
func anew(q int) train.Task {
	task := misfits(q)
	task.Data[0].Redraw = &train.Redraw{Every: 1, Seed: int64(q), Low: []float64{-1}, High: []float64{1}}
	return task
}

// TestLMResumes: what is interrupted, written, read and continued has the bits of what was
// not, points that are drawn anew included.
func TestLMResumes(t *testing.T) {
	for name, tasks := range map[string][]train.Task{"fixed points": {misfits(0), misfits(1)}, "points drawn anew": {anew(0), anew(0)}} {
		for _, dtype := range []string{"float32", "float64"} {
			t.Run(name+", "+dtype, func(t *testing.T) {
				s := train.Settings{Steps: 12, DType: dtype, HistoryEvery: 1, ProbeEvery: 5, LM: &train.LM{}}
				straight := fit(t, s, train.Options{}, tasks...)
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				var written []train.State
				_, err := newTrainer(t, tasks[0], s).Run(ctx, tasks, nil, train.Options{
					CheckpointEvery: time.Nanosecond,
					Checkpoint: func(states []train.State) error {
						written = thereAndBack(t, states, dtype)
						if written[0].Steps == 7 {
							cancel()
						}
						return nil
					},
				})
				if !errors.Is(err, train.ErrInterrupted) || written[0].Steps != 7 || written[0].Damping.Mu == 0 {
					t.Fatalf("error %v at step %d with damping %v, want %v at 7", err, written[0].Steps, written[0].Damping, train.ErrInterrupted)
				}
				resumed := fitFrom(t, s, train.Options{}, written, tasks...)
				for i := range straight {
					near(t, tasks[i].Label, resumed[i], straight[i], 0)
					nearHistory(t, tasks[i].Label, resumed[i].History, straight[i].History, 0)
					if resumed[i].Damping != straight[i].Damping {
						t.Errorf("damping %v, want %v", resumed[i].Damping, straight[i].Damping)
					}
				}
			})
		}
	}
}

// TestLMDrawsAnew: with new points the loss before a step is not that after the one
// before, and the run is not ended by one draw that no step improves on.
func TestLMDrawsAnew(t *testing.T) {
	s := lmSettings(30)
	state := fit(t, s, train.Options{}, anew(0))[0]
	rises := 0
	for i, row := range state.History.Rows[1:] {
		if row.Total() > state.History.Rows[i].Total() {
			rises++
		}
	}
	if state.Steps != 30 || rises == 0 {
		t.Errorf("%d steps with %d rises of the loss, want 30 with some", state.Steps, rises)
	}
}

// TestLMStops by each of its rules, and stays where it stopped.
func TestLMStops(t *testing.T) {
	whole := fit(t, lmSettings(100), train.Options{}, misfits(0))[0]
	for i, row := range whole.History.Rows[1:] {
		if row.Total() > whole.History.Rows[i].Total() {
			t.Errorf("the loss rises from %g to %g at step %d", whole.History.Rows[i].Total(), row.Total(), row.Step)
		}
	}
	for name, lm := range map[string]train.LM{"gradient": {Gradient: 1e-3}, "step": {Step: 1e-2}} {
		s := lmSettings(100)
		s.LM = &lm
		state := fit(t, s, train.Options{}, misfits(0))[0]
		if !state.Damping.Done || state.Steps < 2 || state.Steps >= whole.Steps {
			t.Errorf("%s: ended at step %d (%v), want one before %d", name, state.Steps, state.Damping, whole.Steps)
		}
		s.Steps = 200
		if again := fitFrom(t, s, train.Options{}, []train.State{state}, misfits(0))[0]; again.Steps != state.Steps {
			t.Errorf("%s: a run that had ended at step %d went on to %d", name, state.Steps, again.Steps)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	states, err := newTrainer(t, misfits(0), lmSettings(100)).Run(ctx, []train.Task{misfits(0)}, nil, train.Options{})
	if !errors.Is(err, train.ErrInterrupted) || states[0].Damping.Done {
		t.Errorf("error %v (%v) when the time was over, want %v", err, states[0].Damping, train.ErrInterrupted)
	}
	s := lmSettings(100)
	s.ProbeEvery, s.Stop = 1, &train.Stop{Probe: "largest", Below: 1e9}
	if state := fit(t, s, train.Options{}, misfits(0))[0]; state.Steps > 1 {
		t.Errorf("a probe below its limit at once ended the run at step %d", state.Steps)
	}
}

// TestLMStages: a stage starts with the first damping, and one that has ended waits for
// the next.
func TestLMStages(t *testing.T) {
	task := misfits(0)
	task.Stages = 2
	task.Stage = func(_ int, ended []map[string]train.Array) (train.Task, error) {
		next := misfits(1)
		for i, w := range next.Weights {
			next.Weights[i].Value = ended[0][w.Name]
		}
		return next, nil
	}
	s := lmSettings(200)
	state := fit(t, s, train.Options{}, task)[0]
	s.Steps = 100
	first := fit(t, s, train.Options{}, misfits(0))[0]
	if first.Steps == 100 {
		t.Fatal("the first stage fills its steps; the test tests nothing")
	}
	next, err := task.Stage(1, []map[string]train.Array{first.Weights})
	if err != nil {
		t.Fatal(err)
	}
	second := fit(t, s, train.Options{}, next)[0]
	second.Steps += 100
	near(t, "the second stage", state, second, 0)
}

// TestLMProgress: progress ends at the step at which the run does.
func TestLMProgress(t *testing.T) {
	var seen train.Progress
	state := fit(t, lmSettings(100), train.Options{Progress: func(p train.Progress) { seen = p }}, misfits(0))[0]
	if seen.Step != state.Steps || seen.Steps != state.Steps || !(seen.Loss > 0) {
		t.Errorf("progress %+v, want step %d of as many", seen, state.Steps)
	}
}
