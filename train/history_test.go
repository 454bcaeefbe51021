// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestHistoryRows: terms at the first step, every k-th and the last, probes at
// step 0, every k-th and the last; on a line of slope 1 both values are known.
func TestHistoryRows(t *testing.T) {
	const w, rate = 100, 1
	s := train.Settings{Steps: 23, LearningRate: rate, DType: "float64", HistoryEvery: 5, ProbeEvery: 4}
	h := fit(t, s, train.Options{}, line("line", w))[0].History
	if !slices.Equal(h.Terms, []string{"w"}) || !slices.Equal(h.Probes, []string{"w"}) {
		t.Errorf("columns %v and %v, want w and w", h.Terms, h.Probes)
	}
	if got, want := steps(h.Rows), []int{0, 1, 4, 5, 8, 10, 12, 15, 16, 20, 23}; !slices.Equal(got, want) {
		t.Fatalf("rows at %v, want %v", got, want)
	}
	for _, r := range h.Rows {
		// A row's terms are before update number Step, its probes after it.
		if has := r.Terms != nil; has != (r.Step == 1 || r.Step == 23 || r.Step > 0 && r.Step%5 == 0) {
			t.Errorf("step %d has terms: %t", r.Step, has)
		} else if has {
			traintest.Near(t, "terms", r.Terms, []float64{w - rate*float64(r.Step-1)}, 1e-8)
			if r.Total() != r.Terms[0] {
				t.Errorf("step %d: total %g of one term %g", r.Step, r.Total(), r.Terms[0])
			}
		} else if !math.IsNaN(r.Total()) {
			t.Errorf("step %d: total %g without terms, want NaN", r.Step, r.Total())
		}
		if has := r.Probes != nil; has != (r.Step == 23 || r.Step%4 == 0) {
			t.Errorf("step %d has probes: %t", r.Step, has)
		} else if has {
			traintest.Near(t, "probes", r.Probes, []float64{w - rate*float64(r.Step)}, 1e-8)
		}
	}
}

// TestProbesChangeNothing: measuring cuts dispatches, and nothing else.
func TestProbesChangeNothing(t *testing.T) {
	s := train.Settings{Steps: 20, LearningRate: 1e-2}
	want := fit(t, s, train.Options{}, regression(0))[0]
	s.ProbeEvery = 3
	near(t, "with probes", fit(t, s, train.Options{}, regression(0))[0], want, 0)
}

func TestProgress(t *testing.T) {
	tasks := []train.Task{line("first", 10), line("second", 20)}
	var last train.Progress
	s := train.Settings{Steps: 5, LearningRate: 1, DType: "float64", ProbeEvery: 5}
	_, err := newTrainer(t, tasks[0], s).Run(context.Background(), tasks, nil, train.Options{Progress: func(p train.Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	if last.Label != "first and 1 more" || last.Step != 5 || last.Steps != 5 || last.Left != 0 {
		t.Errorf("last progress %+v, want step 5 of 5 of \"first and 1 more\"", last)
	}
	// Before update 5 the two weights are 6 and 16, after it 5 and 15.
	traintest.Near(t, "loss and probe", []float64{last.Loss, last.Probe["w"]}, []float64{11, 10}, 1e-8)
}

// TestNonFiniteError: b falls by 1 a step, so that before update 12 it is −½ and
// √b/√b turns from 1 into NaN, in the middle of a dispatch.
func TestNonFiniteError(t *testing.T) {
	task := func(label string, b float64) train.Task {
		weight := func(name string, x float64) train.Weight {
			return train.Weight{Name: name, Value: train.FromRows([][]float64{{x}})}
		}
		return train.Task{
			Label:   label,
			Weights: []train.Weight{weight("a", 3), weight("b", b)},
			Loss: func(in train.Inputs) []train.Term {
				b := in.W("b")
				return []train.Term{
					{Name: "fine", Value: ReduceSum(in.W("a"), 1)},
					{Name: "broken", Value: ReduceSum(Mul(b, StopGradient(Div(Sqrt(b), Sqrt(b)))), 1)},
				}
			},
		}
	}
	for _, per := range []int{1, 64} {
		tasks := []train.Task{task("holds", 1000.5), task("breaks", 10.5)}
		states, err := newTrainer(t, tasks[0], train.Settings{Steps: 200, LearningRate: 1}).Run(context.Background(), tasks, nil, train.Options{StepsPerDispatch: per})
		var e *train.NonFiniteError
		if !errors.As(err, &e) {
			t.Fatalf("%d steps a dispatch: error %v, want a *NonFiniteError", per, err)
		}
		if states != nil {
			t.Errorf("%d steps a dispatch: states came back with the error", per)
		}
		if e.Label != "breaks" || e.Step != 12 || e.Term != "broken" || !math.IsNaN(e.Value) || !slices.Equal(e.Weights, []string{"b"}) {
			t.Errorf("%d steps a dispatch: %+v, want NaN of broken in breaks at step 12, weights [b]", per, *e)
		}
		wantError(t, "message", err, "train: breaks", `"broken"`, "NaN", "step 12", "[b]", "learning rate")
	}
}
