// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/train"
)

// anew is misfits with points drawn at every step; the data they are to fit stay.
func anew(q int) train.Task {
	task := misfits(q)
	task.Data[0].Redraw = &train.Redraw{Every: 1, Seed: int64(q), Low: []float64{-1}, High: []float64{1}}
	return task
}

// anewAlone is the same with points of its own for each query, and some steps to a draw.
func anewAlone(q int, every int) train.Task {
	task := anew(q)
	task.Data[0].Shared = false
	task.Data[0].Redraw.Every = every
	return task
}

// inThree cuts a task into three stages.
func inThree(task train.Task) train.Task {
	first := task
	task.Stages = 3
	task.Stage = func(_ int, ended []map[string]train.Array) (next train.Task, err error) {
		next = first
		next.Weights, err = train.StartFrom(first.Weights, ended[len(ended)-1])
		return next, err
	}
	return task
}

// TestLMResumes: what is interrupted, written, read and continued has the bits of what was
// not, points that are drawn anew included; and each query of a batch does what it does
// alone.
func TestLMResumes(t *testing.T) {
	shared := anew(1)
	shared.Data[0].Redraw.Seed = 0
	for name, tasks := range map[string][]train.Task{
		"fixed points":       {misfits(0), misfits(1)},
		"points drawn anew":  {anew(0), shared},
		"each query's own":   {anewAlone(0, 3), anewAlone(1, 3)},
		"in stages":          {inThree(misfits(0)), inThree(misfits(1))},
		"in stages and anew": {inThree(anewAlone(0, 1)), inThree(anewAlone(1, 1))},
	} {
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
				if dtype == "float64" {
					near(t, "alone", fit(t, s, train.Options{}, tasks[1])[0], straight[1], 1e-8)
				}
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

// misled has a Jacobian of the wrong sign where its draw is below 0, so that no step
// lowers the loss.
func misled() train.Task {
	value := func(in train.Inputs, w *Node) *Node { // w is [query, 1]
		x := ReduceAllSum(in.D("x"))
		change := MulScalar(Mul(Sub(w, StopGradient(w)), Sign(x)), .01)
		return Add(StopGradient(AddScalar(MulScalar(w, .01), 1)), change)
	}
	return train.Task{
		Label:   "misled",
		Weights: []train.Weight{{Name: "w", Value: train.FromRows([][]float64{{3}})}},
		Data:    []train.Datum{{Name: "x", Value: train.NewArray(1, 1, 1), Redraw: &train.Redraw{Every: 1, Seed: 2, Low: []float64{-1}, High: []float64{1}}}},
		Residuals: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "r", Value: value(in, Squeeze(in.Copies(train.Rows{From: 0, To: 1}).W("w"), -1))}}
		},
		Loss: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "r", Value: ReduceSum(Square(value(in, in.W("w"))), 1)}}
		},
	}
}

// TestLMGoesOnAfterABadDraw: no step improves on it, and the next draw lets the run go on
// to its end, w = −100.
func TestLMGoesOnAfterABadDraw(t *testing.T) {
	for dtype, tolerance := range map[string]float64{"float32": 1e-2, "float64": 1e-6} {
		s := lmSettings(60)
		s.DType = dtype
		state := fit(t, s, train.Options{}, misled())[0]
		if w := state.Weights["w"].Data[0]; state.Steps != 60 || math.Abs(w+100) > 100*tolerance {
			t.Errorf("%s: w is %g after %d steps, want −100 after 60", dtype, w, state.Steps)
		}
	}
}

// TestLMWithoutInfluence: a query on which no weight has any is at its end, and one beside
// it is trained.
func TestLMWithoutInfluence(t *testing.T) {
	task := func(x float64) train.Task {
		value := func(in train.Inputs, w *Node) *Node { return AddScalar(Mul(Reshape(in.D("x"), -1, 1), w), 1) }
		return train.Task{
			Label:   fmt.Sprintf("x=%g", x),
			Weights: []train.Weight{{Name: "w", Value: train.FromRows([][]float64{{3}})}},
			Data:    []train.Datum{{Name: "x", Value: train.FromRows([][]float64{{x}})}},
			Residuals: func(in train.Inputs) []train.Term {
				return []train.Term{{Name: "r", Value: value(in, Squeeze(in.Copies(train.Rows{From: 0, To: 1}).W("w"), -1))}}
			},
			Loss: func(in train.Inputs) []train.Term {
				return []train.Term{{Name: "r", Value: ReduceSum(Square(value(in, in.W("w"))), 1)}}
			},
		}
	}
	for _, dtype := range []string{"float32", "float64"} {
		s := lmSettings(20)
		s.DType = dtype
		states := fit(t, s, train.Options{}, task(0), task(1))
		if w := states[0].Weights["w"].Data[0]; w != 3 || !states[0].Damping.Done {
			t.Errorf("%s: the weight without influence went from 3 to %g", dtype, w)
		}
		if w := states[1].Weights["w"].Data[0]; math.Abs(w+1) > 1e-5 {
			t.Errorf("%s: the weight beside it is %g, want −1", dtype, w)
		}
	}
}

// TestLMGoesOnFromItsEnd: in float32 the two graphs' losses differ by more than their sums'
// rounding where the misfit is next to nothing, which is no reason not to go on.
func TestLMGoesOnFromItsEnd(t *testing.T) {
	offset := func(in train.Inputs, w *Node) *Node { return AddScalar(w, -1000) }
	task := train.Task{
		Label:   "offset",
		Weights: []train.Weight{{Name: "w", Value: train.FromRows([][]float64{{1000.0001}})}},
		Residuals: func(in train.Inputs) []train.Term {
			w := Squeeze(in.Copies(train.Rows{From: 0, To: 1}).W("w"), -1)
			return []train.Term{{Name: "r", Value: MulScalar(offset(in, w), 1.1)}} // stands for rounding
		},
		Loss: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "r", Value: ReduceSum(Square(offset(in, in.W("w"))), 1)}}
		},
	}
	s := lmSettings(4)
	from := train.Initial(task)
	from.Steps = 2
	if _, err := newTrainer(t, task, s).Run(context.Background(), []train.Task{task}, []train.State{from}, train.Options{}); err != nil {
		t.Error(err)
	}
	if _, err := newTrainer(t, task, s).Run(context.Background(), []train.Task{task}, nil, train.Options{}); err == nil {
		t.Error("at the start the same is not refused")
	}
}

// TestLMDrawsAnew: with new points the loss before a step is not that after the one
// before.
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
