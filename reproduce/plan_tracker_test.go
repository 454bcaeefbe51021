// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pinn.example/repro/train"
)

// steady is a worker that takes pace times what is planned for each run, a tenth
// of its steps at a time.
type steady struct {
	pace    float64
	planned map[string]PlannedRun
	tell    func(r *Run, p train.Progress)
	fail    string
}

func (s steady) Train(_ context.Context, r *Run) error {
	planned := s.planned[r.Name()]
	took := toDuration(s.pace * planned.Seconds)
	for i := range 10 {
		time.Sleep(took / 10)
		if i == 4 && r.Name() == s.fail {
			return errors.New("diverged")
		}
		left := planned.Steps - planned.Step
		s.tell(r, train.Progress{Step: planned.Step + left*(i+1)/10, Steps: planned.Steps, StepsPerSecond: 1, Left: took * time.Duration(9-i) / 10})
	}
	return nil
}

// What all runs take is known as soon as one has said how far it is, where all
// take the same multiple of what was planned; the share of the work only grows,
// and ends at 1. Time is simulated.
func TestTracker(t *testing.T) {
	plan := planOf(t, newSession(t, t.TempDir()).Store, few(), preset(t, "quick"), PlanFor{here.Backend, 2})
	byName := map[string]PlannedRun{}
	var runs []*Run
	for _, r := range plan.Runs {
		byName[r.Name] = r
		runs = append(runs, r.run)
	}
	for _, pace := range []float64{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			type said struct {
				at time.Time
				o  Overall
			}
			var heard []said
			tracker := NewTracker(plan)
			hear := func(note func()) {
				mu.Lock()
				defer mu.Unlock()
				note()
				heard = append(heard, said{time.Now(), tracker.Overall()})
			}
			w := steady{pace, byName, func(r *Run, p train.Progress) { hear(func() { tracker.Progress(r, p) }) }, ""}
			pool := &Pool{
				Wide: w, Narrow: []Worker{w, w},
				Started: func(r *Run) { hear(func() { tracker.Started(r) }) },
				Ended:   func(r *Run, err error) { hear(func() { tracker.Ended(r, err) }) },
			}
			start := time.Now()
			if o := tracker.Overall(); o.Ended != 0 || o.Runs != len(runs) || o.Share != 0 || o.Left != plan.Time() {
				t.Errorf("at first it is %+v", o)
			}
			if failed, err := pool.Run(t.Context(), runs); err != nil || failed != nil {
				t.Fatal(failed, err)
			}
			// A second of a wide run is worth one of each narrow worker.
			work := func(r PlannedRun) float64 {
				if r.run.wide() {
					return 2 * r.Seconds
				}
				return r.Seconds
			}
			all := 0.
			for _, r := range plan.Runs {
				all += work(r)
			}
			first := slices.IndexFunc(heard, func(s said) bool { return s.o.Ended == 1 })
			if got, want := heard[first].o.Share, work(plan.Runs[0])/all; math.Abs(got-want) > 1e-9 || !runs[0].wide() {
				t.Errorf("after %s the share is %g, want %g", runs[0].Label, got, want)
			}
			end, before := time.Since(start).Seconds(), -1.
			for _, h := range heard {
				at := h.at.Sub(start).Seconds()
				if h.o.Share < before || h.o.Share > 1+1e-12 {
					t.Errorf("pace %g, at %.1f s: a share of %g after %g", pace, at, h.o.Share, before)
				}
				before = h.o.Share
				// Between the starts of two runs at the same moment the second is not known yet.
				if got := at + h.o.Left.Seconds(); at > 0 && math.Abs(got-end) > .02*end {
					t.Errorf("pace %g, at %.1f s: it is said to end at %.1f s, not %.1f", pace, at, got, end)
				}
			}
			if o := tracker.Overall(); o != (Overall{Ended: len(runs), Runs: len(runs), Share: 1}) {
				t.Errorf("at the end it is %+v", o)
			}
		})
	}
}

// A run that fails takes no more time, and neither does what starts from it.
func TestTrackerOfFailures(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30, 35)
	plan := planOf(t, newSession(t, t.TempDir()).Store, just(phase2...), Preset{}, PlanFor{here.Backend, 2})
	byName := map[string]PlannedRun{}
	for _, r := range plan.Runs {
		byName[r.Name] = r
	}
	synctest.Test(t, func(t *testing.T) {
		tracker := NewTracker(plan)
		w := steady{1, byName, tracker.Progress, phase1.Name()}
		pool := &Pool{Wide: w, Started: tracker.Started, Ended: tracker.Ended}
		if failed, err := pool.Run(t.Context(), append([]*Run{phase1}, phase2...)); err != nil || len(failed) != 3 {
			t.Fatal(failed, err)
		}
		if o := tracker.Overall(); o.Ended != 3 || o.Failed != 3 || o.Left != 0 || math.Abs(o.Share-1) > 1e-12 {
			t.Errorf("it is %+v", o)
		}
		// A run that is not in the plan changes nothing.
		before := tracker.Overall()
		other := tinyPINN(t, 7)
		tracker.Started(other)
		tracker.Progress(other, train.Progress{Step: 1, Steps: 2, StepsPerSecond: 1})
		tracker.Ended(other, nil)
		if o := tracker.Overall(); o != before {
			t.Errorf("after another run it is %+v", o)
		}
	})
}

// What a checkpoint holds is no work any more.
func TestTrackerOfUnfinished(t *testing.T) {
	s := newSession(t, t.TempDir()).Store
	r := tinyPINN(t, 30)
	p, err := s.Begin(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	steps := r.Config.Train.Steps
	half := steps / 2
	if err := p.Checkpoint(train.State{Steps: half}, "float32", 1); err != nil {
		t.Fatal(err)
	}
	tracker := NewTracker(planOf(t, s, just(r), Preset{}, here))
	// Its first step says nothing of the time left.
	before := tracker.Overall()
	tracker.Progress(r, train.Progress{Step: half + 1, Steps: steps})
	if o := tracker.Overall(); o != before || o.Left == 0 {
		t.Errorf("after the first step it is %+v, before %+v", o, before)
	}
	for step, want := range map[int]float64{half: 0, steps: 1} {
		tracker.Progress(r, train.Progress{Step: step, Steps: steps, StepsPerSecond: 1})
		if o := tracker.Overall(); math.Abs(o.Share-want) > 1e-12 {
			t.Errorf("at step %d of %d the share is %g, want %g", step, steps, o.Share, want)
		}
	}
}
