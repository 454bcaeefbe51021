// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"time"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Variables for the tests.
var (
	// busyFor is how long a run waits for another process that trains it: one whose
	// parent was killed is about to end, but for the graph that it compiles, which
	// takes seconds and can't be stopped.
	busyFor = 30 * time.Second
	// brieflyBusy is how long it waits where there are other runs to train.
	brieflyBusy = time.Second
	// stalledAfter is how long another process may give no sign of life until its run
	// is trained beside it. Checkpoints are half a minute apart; before the first a
	// graph is compiled, after the last the errors are measured.
	stalledAfter = 10 * time.Minute
	// busyAgain is how long a pool leaves a run alone that another process trains.
	busyAgain = 5 * time.Second
)

// signOfLife is the last that was seen of another process that trains a run, and
// since when, by this machine's clock.
type signOfLife struct {
	sign  string
	since time.Time
}

// begin takes a run's lock. While another process has it, begin waits for a while and
// then returns store.ErrBusy; a process that has shown no sign of life for long,
// however often it was asked, has lost its claim.
func (s *Session) begin(ctx context.Context, r *Run) (*store.Partial, error) {
	wait := busyFor
	if s.others {
		wait = brieflyBusy
	}
	for end := time.Now().Add(wait); ; {
		partial, err := s.Store.Begin(r.Config)
		if !errors.Is(err, store.ErrBusy) {
			delete(s.busy, r.Name())
			return partial, err
		}
		if ctx.Err() != nil {
			return nil, train.ErrInterrupted
		}
		if s.stalled(r) {
			s.log("%s: the process that trains it gives no sign of life; trained beside it", r.Label)
			return s.Store.BeginBeside(r.Config)
		}
		if time.Now().After(end) {
			return nil, err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// stalled reports whether the process that trains a run has given the same sign of
// life for long.
func (s *Session) stalled(r *Run) bool {
	seen, ok := s.busy[r.Name()]
	if !ok {
		s.log("%s: another process trains it", r.Label)
	}
	if sign := s.Store.Sign(r.Name()); !ok || seen.sign != sign {
		if s.busy == nil {
			s.busy = map[string]signOfLife{}
		}
		s.busy[r.Name()] = signOfLife{sign, time.Now()}
		return false
	}
	return time.Since(seen.since) > stalledAfter
}

// Train implements Worker. Where another process trains the run it returns
// store.ErrBusy soon, so that the pool can go on with another.
func (s *Session) Train(ctx context.Context, r *Run) error {
	s.others = true
	defer func() { s.others = false }()
	_, err := s.Do(ctx, r)
	return err
}
