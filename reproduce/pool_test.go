// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// floor is where fake workers train: it sees who trains at the same time.
type floor struct {
	mu      sync.Mutex
	now     map[string]bool // labels that train at the moment
	trained []string
	most    int
	wrong   []string
	fail    map[string]error
}

type fakeWorker struct {
	floor *floor
	wide  bool
}

func (w fakeWorker) Train(ctx context.Context, r *Run) error {
	f := w.floor
	f.mu.Lock()
	if w.wide != r.wide() {
		f.wrong = append(f.wrong, r.Label+" on the wrong kind of worker")
	}
	if r.Parent != nil && !slices.Contains(f.trained, r.Parent.Label) {
		f.wrong = append(f.wrong, r.Label+" before its parent")
	}
	if len(f.now) > 0 && (w.wide || slices.ContainsFunc(keys(f.now), func(l string) bool { return strings.HasPrefix(l, "Phase 1") })) {
		f.wrong = append(f.wrong, fmt.Sprintf("%s beside %v", r.Label, keys(f.now)))
	}
	f.now[r.Label] = true
	f.most = max(f.most, len(f.now))
	err := f.fail[r.Label]
	f.mu.Unlock()
	select {
	case <-time.After(5 * time.Millisecond):
	case <-ctx.Done():
		err = train.ErrInterrupted
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.now, r.Label)
	if err == nil {
		f.trained = append(f.trained, r.Label)
	}
	return err
}

func keys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// poolRuns are two Phase 1 with five children each.
func poolRuns(t *testing.T) []*Run {
	t.Helper()
	setup := tinySetup(t)
	var runs []*Run
	for seed := range int64(2) {
		p1 := Phase1Run(setup, mus([]float64{30, 35, 40}), 5, seed)
		runs = append(runs, p1)
		for beta := range 5 {
			runs = append(runs, Phase2Run(p1, []float64{30 + float64(beta), 0, 0}, lrpinn.FullRank, 5))
		}
	}
	return runs
}

func newPool(f *floor, narrow int) *Pool {
	p := &Pool{Wide: fakeWorker{f, true}}
	for range narrow {
		p.Narrow = append(p.Narrow, fakeWorker{f, false})
	}
	return p
}

func TestPoolKeepsItsRules(t *testing.T) {
	for _, narrow := range []int{1, 2, 3} {
		runs := poolRuns(t)
		f := &floor{now: map[string]bool{}}
		failed, err := newPool(f, narrow).Run(t.Context(), runs)
		if err != nil || len(failed) != 0 {
			t.Fatalf("%d narrow workers: %v, failed %v", narrow, err, failed)
		}
		if len(f.wrong) > 0 {
			t.Errorf("%d narrow workers: %v", narrow, f.wrong)
		}
		if len(f.trained) != len(runs) {
			t.Errorf("%d narrow workers trained %d of %d runs", narrow, len(f.trained), len(runs))
		}
		if f.most != narrow {
			t.Errorf("%d narrow workers trained at most %d runs at a time", narrow, f.most)
		}
	}
}

// What fails takes down what starts from it, and nothing else; all of it is told.
func TestPoolGoesOnAfterAFailure(t *testing.T) {
	runs := poolRuns(t)
	f := &floor{now: map[string]bool{}, fail: map[string]error{runs[0].Label: errors.New("diverged")}}
	pool := newPool(f, 2)
	started := 0
	var good, bad []string
	pool.Started = func(*Run) { started++ }
	pool.Ended = func(r *Run, err error) {
		if err == nil {
			good = append(good, r.Label)
		} else {
			bad = append(bad, r.Label)
		}
		if errors.Is(err, ErrParentFailed) != (err != nil && r != runs[0]) {
			t.Errorf("told of %s: %v", r.Label, err)
		}
	}
	failed, err := pool.Run(t.Context(), runs)
	if err != nil || len(failed) != 6 || len(f.trained) != 6 {
		t.Errorf("%v; %d failed and %d trained, want 6 and 6", err, len(failed), len(f.trained))
	}
	// Of the six that failed one was started.
	if started != 7 || len(good) != 6 || len(bad) != 6 || bad[0] != runs[0].Label {
		t.Errorf("told of %d started, trained %v and failed %v", started, good, bad)
	}
}

// An interrupt stops all workers; a missing backend and a full disk do too.
func TestPoolStops(t *testing.T) {
	runs := poolRuns(t)
	ctx, cancel := context.WithCancel(t.Context())
	f := &floor{now: map[string]bool{}}
	pool := newPool(f, 2)
	go func() {
		for {
			f.mu.Lock()
			n := len(f.trained)
			f.mu.Unlock()
			if n >= 2 {
				cancel()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	failed, err := pool.Run(ctx, runs)
	if !Interrupted(err) || len(failed) != 0 || len(f.trained) >= len(runs) || len(f.now) != 0 {
		t.Errorf("interrupted: %v, failed %v, %d trained, %v still at it", err, failed, len(f.trained), f.now)
	}

	var noBackend *BackendError
	var full *store.FullError
	for _, c := range []struct {
		err    error
		wanted any
	}{
		{&BackendError{errors.New("no plugin")}, &noBackend},
		{fmt.Errorf("Phase 1: %w", &store.FullError{Dir: "runs", Err: syscall.ENOSPC}), &full},
	} {
		f = &floor{now: map[string]bool{}, fail: map[string]error{runs[0].Label: c.err}}
		pool = newPool(f, 2)
		pool.Ended = func(r *Run, _ error) { t.Errorf("told that %s ended", r.Label) }
		failed, err = pool.Run(t.Context(), runs)
		if !errors.As(err, c.wanted) || len(failed) != 0 || len(f.trained) != 0 {
			t.Errorf("%v: %v, failed %v, trained %v", c.err, err, failed, f.trained)
		}
	}
}

// A worker that finds no room for its checkpoint when it is interrupted.
type noRoom struct{}

func (noRoom) Train(ctx context.Context, _ *Run) error {
	<-ctx.Done()
	return &store.FullError{Dir: "runs", Err: syscall.ENOSPC}
}

// Where a checkpoint was lost in an interrupt it is not said that it is written.
func TestPoolTellsOfALostCheckpoint(t *testing.T) {
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31)}
	for _, narrow := range [][]Worker{{noRoom{}, stopper{}}, {stopper{}, noRoom{}}} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, err := (&Pool{Narrow: narrow}).Run(ctx, runs)
		cancel()
		var full *store.FullError
		if !errors.As(err, &full) {
			t.Errorf("%T and %T: %v", narrow[0], narrow[1], err)
		}
	}
}

// stopper writes its checkpoint.
type stopper struct{}

func (stopper) Train(ctx context.Context, _ *Run) error {
	<-ctx.Done()
	return train.ErrInterrupted
}
