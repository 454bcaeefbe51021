// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// quickly shortens the times that a run waits for another process.
func quickly(t *testing.T) {
	a, b, c, d := busyFor, brieflyBusy, stalledAfter, busyAgain
	t.Cleanup(func() { busyFor, brieflyBusy, stalledAfter, busyAgain = a, b, c, d })
	busyFor, brieflyBusy, busyAgain = 200*time.Millisecond, 10*time.Millisecond, 20*time.Millisecond
}

// busyWorker says of some runs that another process trains them, a number of times.
type busyWorker struct {
	mu      sync.Mutex
	busy    map[string]int
	trained []string
}

func (w *busyWorker) Train(_ context.Context, r *Run) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy[r.Label] > 0 {
		w.busy[r.Label]--
		return store.ErrBusy
	}
	w.trained = append(w.trained, r.Label)
	return nil
}

// What another process trains is put off until the rest is begun; nothing is lost, and
// it is no failure.
func TestPoolPutsOffWhatIsBusy(t *testing.T) {
	quickly(t)
	phase1, phase2 := tinyPhases(t, 30, 35)
	first, last := tinyPINN(t, 30), tinyPINN(t, 35)
	runs := append([]*Run{first, phase1}, append(phase2, last)...)
	for _, narrow := range []int{0, 1, 3} {
		w := &busyWorker{busy: map[string]int{first.Label: 3, phase1.Label: 2, phase2[1].Label: 1}}
		var ended []string
		p := &Pool{Wide: w, Ended: func(r *Run, err error) {
			if err != nil {
				t.Errorf("%s ended with %v", r.Label, err)
			}
			ended = append(ended, r.Label)
		}}
		for range narrow {
			p.Narrow = append(p.Narrow, w)
		}
		failed, err := p.Run(t.Context(), runs)
		if err != nil || len(failed) > 0 || len(w.trained) != 5 || len(ended) != 5 {
			t.Fatalf("%d narrow: trained are %v, ended %v; failed %v, %v", narrow, w.trained, ended, failed, err)
		}
		if w.trained[0] != last.Label {
			t.Errorf("%d narrow: the one run that is free is not trained first: %v", narrow, w.trained)
		}
		if slices.Index(w.trained, phase1.Label) > slices.Index(w.trained, phase2[0].Label) {
			t.Errorf("%d narrow: a parent that was put off comes after what starts from it: %v", narrow, w.trained)
		}
	}
}

// Interrupted while all that is left is with other processes, the pool ends at once.
func TestInterruptedWhileBusy(t *testing.T) {
	quickly(t)
	busyAgain = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	r := tinyPINN(t, 30)
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := (&Pool{Wide: &busyWorker{busy: map[string]int{r.Label: 1 << 30}}}).Run(ctx, []*Run{r})
	if !Interrupted(err) || time.Since(start) > 10*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

// Two sessions with the same runs and one store train each of them once.
func TestTwoSessionsShareTheWork(t *testing.T) {
	quickly(t)
	dir := t.TempDir()
	const runs = 6
	type result struct {
		failed []error
		err    error
		began  int
	}
	results := make(chan result)
	for range 2 {
		s := goSession(t, dir)
		var own []*Run
		for i := range runs {
			own = append(own, tinyPINN(t, 30+float64(i)))
		}
		go func() {
			began := 0
			s.Log = func(format string, _ ...any) {
				if strings.Contains(format, "parameters") {
					began++
				}
			}
			failed, err := s.All(context.Background(), nil, Chosen(own), Preset{})
			results <- result{failed, err, began}
		}()
	}
	began := 0
	for range 2 {
		r := <-results
		if r.err != nil || len(r.failed) > 0 {
			t.Errorf("failed: %v, %v", r.failed, r.err)
		}
		began += r.began
	}
	if began != runs {
		t.Errorf("%d runs were begun by both together, want each of %d once", began, runs)
	}
	sound(t, dir, runs, 0)
}

// A process that holds a run and gives no sign of life loses it; one that writes
// checkpoints does not, however long it takes.
func TestStalledProcess(t *testing.T) {
	quickly(t)
	stalledAfter = 300 * time.Millisecond
	r := tinyPINN(t, 30)
	want := do(t, goSession(t, t.TempDir()), r)
	s := goSession(t, t.TempDir())
	other, err := s.Store.Begin(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	// It lives for three times as long as a stalled one would be waited for.
	for end := time.Now().Add(3 * stalledAfter); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err := other.Checkpoint(stateAt(t, r, 1), "float32", 1); err != nil {
			t.Fatal(err)
		}
		if err := s.Train(t.Context(), r); !errors.Is(err, store.ErrBusy) {
			t.Fatalf("while its process lives: %v", err)
		}
	}
	for end := time.Now().Add(time.Minute); ; {
		err := s.Train(t.Context(), r)
		if err == nil {
			break
		}
		if !errors.Is(err, store.ErrBusy) || time.Now().After(end) {
			t.Fatalf("its process is stopped: %v", err)
		}
	}
	got, err := s.Store.Read(r.Name())
	if err != nil || got == nil {
		t.Fatal(err)
	}
	sameBits(t, got, want)
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

// stateAt is the state of a run at a step, as another process has it.
func stateAt(t *testing.T, r *Run, steps int) train.State {
	t.Helper()
	s := goSession(t, t.TempDir())
	s.CheckpointEvery = time.Nanosecond
	ctx, cancel := context.WithCancel(t.Context())
	s.Progress = func(_ *Run, p train.Progress) {
		if p.Step >= steps {
			cancel()
		}
	}
	if _, err := s.Do(ctx, r); !Interrupted(err) {
		t.Fatalf("not interrupted: %v", err)
	}
	p, err := s.Store.Begin(r.Config)
	if err != nil || p.State == nil {
		t.Fatalf("no checkpoint: %v", err)
	}
	defer p.Close()
	return *p.State
}
