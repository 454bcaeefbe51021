// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pinn.example/repro/reproduce/store"
)

// Worker trains runs, one at a time. A [Session] is one, in this process; a
// [ProcessWorker] is another, in a process of its own.
type Worker interface {
	// Train trains a run whose parent is in the store already.
	Train(ctx context.Context, r *Run) error
}

// Pool trains runs on a few workers. Runs on many queries (a Phase 1) use all
// processors at once and are trained by the wide worker while the others rest;
// those on one query don't gain from a second thread, and go to narrow workers
// of one thread each. Measured on 2 cores: two such workers train 740 steps/s of
// Phase 2 where one of two threads trains 480, while a step of Phase 1 takes 18
// ms on two threads and 34 ms on one.
type Pool struct {
	Wide   Worker
	Narrow []Worker // if empty, the wide worker trains everything
	// Started is told of each run that a worker begins; nil is silence.
	Started func(r *Run)
	// Ended is told of each run that was trained, with no error, or that failed or
	// is not run since what it starts from failed; nil is silence. An error that
	// stops everything is returned by Run alone.
	Ended func(r *Run, err error)
}

// ErrParentFailed is the error of a run that is not run since what it starts from
// failed.
var ErrParentFailed = errors.New("not run, since what it starts from failed")

// wide reports whether a run uses all processors.
func (r *Run) wide() bool { return len(r.Config.Mus) > 1 && !r.narrow }

// outcome is what a worker reports of a run.
type outcome struct {
	run  *Run
	slot int // of the narrow worker; wideSlot for the wide one
	err  error
}

const wideSlot = -1

// Run trains runs, parents before what starts from them. A run that fails is
// reported and the rest goes on, but for what starts from it; err is for what
// stops everything: an interrupt, no backend, or no room for what is trained.
func (p *Pool) Run(ctx context.Context, runs []*Run) (failed []error, err error) {
	s := schedule{pool: p, waiting: append([]*Run(nil), runs...), state: map[string]runState{}, later: map[string]time.Time{}, done: make(chan outcome)}
	for i := range max(1, len(p.Narrow)) {
		s.free = append(s.free, i)
	}
	for _, r := range runs {
		s.state[r.Name()] = pending
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		s.now = time.Now()
		if err == nil && ctx.Err() == nil {
			failed = append(failed, s.start(ctx)...)
		}
		if s.busy == 0 {
			stopped := err != nil || ctx.Err() != nil
			if wait := s.putOff(); len(s.waiting) > 0 && !stopped && wait > 0 {
				select {
				case <-time.After(wait):
				case <-ctx.Done():
				}
				continue
			}
			if err == nil && ctx.Err() != nil && len(s.waiting) > 0 {
				err = context.Cause(ctx)
			}
			return failed, err
		}
		var o outcome
		select {
		case o = <-s.done:
		case <-s.again():
			continue
		}
		s.finish(o)
		switch {
		case errors.Is(o.err, store.ErrBusy):
			s.state[o.run.Name()] = pending
			s.later[o.run.Name()] = time.Now().Add(busyAgain)
			s.waiting = append(s.waiting, o.run)
		case o.err == nil:
			p.ended(o.run, nil)
		case stopsAll(o.err):
			// Of an interrupt whose checkpoint found no room the latter is to be told.
			if err == nil || Interrupted(err) && !Interrupted(o.err) {
				err = o.err
			}
			cancel() // the others write their checkpoints and end
		default:
			s.state[o.run.Name()] = broken
			failed = append(failed, o.err)
			p.ended(o.run, o.err)
		}
	}
}

// stopsAll reports whether an error would meet every other run too.
func stopsAll(err error) bool {
	var backend *BackendError
	var full *store.FullError
	return Interrupted(err) || errors.As(err, &backend) || errors.As(err, &full)
}

func (p *Pool) ended(r *Run, err error) {
	if p.Ended != nil {
		p.Ended(r, err)
	}
}

type runState int

const (
	absent runState = iota // not among the runs: it is in the store
	pending
	running
	trained
	broken
)

// schedule is what a pool does at the moment.
type schedule struct {
	pool     *Pool
	waiting  []*Run
	state    map[string]runState
	free     []int // narrow slots
	busy     int
	wideBusy bool
	done     chan outcome
	later    map[string]time.Time
	now      time.Time
}

func (s *schedule) putOff() time.Duration {
	first := time.Duration(0)
	for _, r := range s.waiting {
		if left := s.later[r.Name()].Sub(s.now); left > 0 && (first == 0 || left < first) {
			first = left
		}
	}
	return first
}

func (s *schedule) again() <-chan time.Time {
	wait := s.putOff()
	if wait == 0 || s.wideBusy || len(s.free) == 0 {
		return nil
	}
	return time.After(wait)
}

// start gives work to whoever is free, in the order of the runs: what can't
// start yet is passed over, but a wide run that could is not overtaken, or it
// would wait for ever.
func (s *schedule) start(ctx context.Context) (failed []error) {
	var still []*Run
	blocked := false
	for _, r := range s.waiting {
		parent := absent
		if r.Parent != nil {
			parent = s.state[r.Parent.Name()]
		}
		switch {
		case parent == broken:
			s.state[r.Name()] = broken
			err := fmt.Errorf("%s: %w", r.Label, ErrParentFailed)
			failed = append(failed, err)
			s.pool.ended(r, err)
			continue
		case blocked || parent == pending || parent == running || s.now.Before(s.later[r.Name()]):
			still = append(still, r)
			continue
		case len(s.pool.Narrow) == 0 || r.wide():
			if s.busy > 0 {
				blocked = true
				still = append(still, r)
				continue
			}
			s.launch(ctx, r, wideSlot, s.pool.Wide)
		case s.wideBusy || len(s.free) == 0:
			still = append(still, r)
			continue
		default:
			slot := s.free[0]
			s.free = s.free[1:]
			s.launch(ctx, r, slot, s.pool.Narrow[slot])
		}
	}
	s.waiting = still
	return failed
}

func (s *schedule) launch(ctx context.Context, r *Run, slot int, w Worker) {
	s.state[r.Name()] = running
	s.busy++
	s.wideBusy = s.wideBusy || slot == wideSlot
	go func() { s.done <- outcome{r, slot, w.Train(ctx, r)} }()
	if s.pool.Started != nil {
		s.pool.Started(r)
	}
}

func (s *schedule) finish(o outcome) {
	s.state[o.run.Name()] = trained
	s.busy--
	if o.slot == wideSlot {
		s.wideBusy = false
	} else {
		s.free = append(s.free, o.slot)
	}
}
