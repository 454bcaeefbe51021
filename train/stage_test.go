// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// staged is the regression of query q in two stages: the second fits the target
// of query q+1 from the weights with which the first ended.
func staged(q int) train.Task {
	task := regression(q)
	task.Stages = 2
	task.Stage = func(k int, ended []map[string]train.Array) (train.Task, error) {
		if k != 1 || len(ended) != 1 {
			return train.Task{}, errors.New("there is one further stage")
		}
		next := regression(q + 1)
		for i, w := range next.Weights {
			next.Weights[i].Value = ended[0][w.Name]
		}
		return next, nil
	}
	return task
}

// TestStagesAreRunsInSequence: two stages of 20 steps equal a run of 20 on the
// first target and one of 20 that starts from its weights on the second.
func TestStagesAreRunsInSequence(t *testing.T) {
	s := train.Settings{Steps: 40, LearningRate: 1e-2, HistoryEvery: 4}
	got := fit(t, s, train.Options{}, staged(0), staged(1))
	s.Steps = 20
	for q := range got {
		first := fit(t, s, train.Options{}, regression(q))[0]
		task := regression(q + 1)
		for i, w := range task.Weights {
			task.Weights[i].Value = first.Weights[w.Name]
		}
		second := fit(t, s, train.Options{}, task)[0]
		second.Steps = 40
		near(t, "after two stages", got[q], second, 0)
		if len(got[q].Ended) != 1 {
			t.Fatalf("%d stages ended before the last, want 1", len(got[q].Ended))
		}
		for name, a := range first.Weights {
			if !got[q].Ended[0][name].Equal(a) {
				t.Errorf("query %d: %s at the end of the first stage is not that of the run of its own", q, name)
			}
		}
		if last := got[q].History.Rows[len(got[q].History.Rows)-1]; last.Step != 40 {
			t.Errorf("the history ends at step %d, want 40", last.Step)
		}
	}
}

// TestStagesResume: a run that is interrupted in either stage, or between them,
// ends in the same bits.
func TestStagesResume(t *testing.T) {
	s := train.Settings{Steps: 40, LearningRate: 1e-2, HistoryEvery: 4, ProbeEvery: 5}
	staged := func(q int) train.Task { // with a probe that reads data of its own
		task := staged(q)
		task.ProbeData = []train.Datum{{Name: "target", Value: train.FromRows([][]float64{{2}})}}
		task.Probe = func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "distance", Value: Abs(Sub(ReduceMax(in.W("w0"), 1, 2), Reshape(in.D("target"), 1)))}}
		}
		return task
	}
	straight := fit(t, s, train.Options{}, staged(0))[0]
	for _, at := range []int{7, 20, 33} {
		ctx, cancel := context.WithCancel(context.Background())
		var written []train.State
		_, err := newTrainer(t, staged(0), s).Run(ctx, []train.Task{staged(0)}, nil, train.Options{
			StepsPerDispatch: 1, CheckpointEvery: time.Nanosecond,
			Checkpoint: func(states []train.State) error {
				written = thereAndBack(t, states, "float32")
				if written[0].Steps == at {
					cancel()
				}
				return nil
			},
		})
		cancel()
		if !errors.Is(err, train.ErrInterrupted) {
			t.Fatalf("error %v, want %v", err, train.ErrInterrupted)
		}
		got := fitFrom(t, s, train.Options{}, written, staged(0))[0]
		near(t, "resumed", got, straight, 0)
		nearHistory(t, "resumed", got.History, straight.History, 0)
	}
}

func TestStagesMustDivideTheSteps(t *testing.T) {
	if _, err := train.NewTrainer(traintest.Open(t), staged(0), train.Settings{Steps: 41}); err == nil {
		t.Error("41 steps in two stages passed")
	}
}

func TestTasksOfOtherStagesAreRefused(t *testing.T) {
	tasks := []train.Task{staged(0), regression(1)}
	_, err := newTrainer(t, tasks[0], train.Settings{Steps: 40}).Run(context.Background(), tasks, nil, train.Options{})
	if err == nil {
		t.Error("a task of one stage ran in a batch of two")
	}
}

// TestStop: a run ends at the first probe below the limit, and a checkpoint of
// that very step does not go on.
func TestStop(t *testing.T) {
	s := train.Settings{Steps: 400, LearningRate: 1e-2, HistoryEvery: 1, ProbeEvery: 2}
	whole := fit(t, s, train.Options{}, regression(0))[0]
	probe := whole.History.Probes[0]
	lowest := math.Inf(1)
	for _, r := range whole.History.Rows {
		if r.Probes != nil {
			lowest = math.Min(lowest, r.Probes[0])
		}
	}
	limit, want := (whole.History.Rows[0].Probes[0]+lowest)/2, 0
	for _, r := range whole.History.Rows {
		if r.Probes != nil && r.Probes[0] < limit {
			want = r.Step
			break
		}
	}
	if want == 0 {
		t.Fatal("the probe never comes half the way; the test tests nothing")
	}
	s.Stop = &train.Stop{Probe: probe, Below: limit}
	got := fit(t, s, train.Options{}, regression(0))[0]
	if got.Steps != want {
		t.Errorf("stopped at step %d, want %d", got.Steps, want)
	}
	if again := fitFrom(t, s, train.Options{}, []train.State{got}, regression(0))[0]; again.Steps != want {
		t.Errorf("a resumed run went on to step %d, want %d", again.Steps, want)
	}
	s.Stop.Probe = "nothing"
	if _, err := newTrainer(t, regression(0), s).Run(context.Background(), []train.Task{regression(0)}, nil, train.Options{}); err == nil {
		t.Error("a stop rule on an unknown probe passed")
	}
}
