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

// GroupWorker is a Worker that can train several runs of one shape at once.
type GroupWorker interface {
	Worker
	// TrainAll trains runs whose parents are in the store already, and returns an
	// error for each.
	TrainAll(ctx context.Context, runs []*Run) []error
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
	// Batch is the most runs of one shape that a [GroupWorker] is given together; 0 is
	// 1. How many of them are trained at once is the worker's affair.
	Batch int
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
	slot int  // of the narrow worker; wideSlot for the wide one
	more bool // runs of the same group follow
	err  error
}

const wideSlot = -1

// Run trains runs, parents before what starts from them. A run that fails is
// reported and the rest goes on, but for what starts from it; err is for what
// stops everything: an interrupt, no backend, or no room for what is trained.
//
// A run that another process trains at the moment is put off until the others are
// begun: several processes with the same runs and one store share the work.
func (p *Pool) Run(ctx context.Context, runs []*Run) (failed []error, err error) {
	s := schedule{pool: p, waiting: append([]*Run(nil), runs...), state: map[string]runState{}, later: map[string]time.Time{}, shapes: map[*Run]string{}, done: make(chan outcome)}
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
	later    map[string]time.Time // when runs that other processes train are tried again
	now      time.Time            // of this round: what is put off at its start is so at its end
	shapes   map[*Run]string      // graph keys
	done     chan outcome
}

// putOff is the time until the first of the runs that were put off is tried again,
// 0 where there is none.
func (s *schedule) putOff() time.Duration {
	first := time.Duration(0)
	for _, r := range s.waiting {
		if left := s.later[r.Name()].Sub(s.now); left > 0 && (first == 0 || left < first) {
			first = left
		}
	}
	return first
}

// again sends when the first of the runs that were put off is to be tried again; nil
// where there is none, or nobody is free to try.
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
		switch {
		case s.state[r.Name()] == running: // in the group of one before it
			continue
		case r.Parent != nil && s.state[r.Parent.Name()] == broken:
			s.state[r.Name()] = broken
			err := fmt.Errorf("%s: %w", r.Label, ErrParentFailed)
			failed = append(failed, err)
			s.pool.ended(r, err)
			continue
		case blocked || !s.ready(r):
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

// launch gives a worker a run and, where it takes several, those of its shape that
// could start as well.
func (s *schedule) launch(ctx context.Context, r *Run, slot int, w Worker) {
	group := []*Run{r}
	if _, ok := w.(GroupWorker); ok && s.pool.Batch > 1 && !r.alone() {
		for _, other := range s.waiting {
			if len(group) == s.pool.Batch {
				break
			}
			if other != r && s.state[other.Name()] == pending && s.ready(other) && other.wide() == r.wide() && s.sameShape(r, other) {
				group = append(group, other)
			}
		}
	}
	for _, r := range group {
		s.state[r.Name()] = running
		if s.pool.Started != nil {
			s.pool.Started(r)
		}
	}
	s.busy++
	s.wideBusy = s.wideBusy || slot == wideSlot
	go func() {
		if len(group) == 1 {
			s.done <- outcome{run: r, slot: slot, err: w.Train(ctx, r)}
			return
		}
		for i, err := range w.(GroupWorker).TrainAll(ctx, group) {
			s.done <- outcome{run: group[i], slot: slot, err: err, more: i < len(group)-1}
		}
	}()
}

// ready reports whether a run that waits could start.
func (s *schedule) ready(r *Run) bool {
	if s.now.Before(s.later[r.Name()]) {
		return false
	}
	if r.Parent == nil {
		return true
	}
	parent := s.state[r.Parent.Name()]
	return parent == absent || parent == trained
}

// sameShape is sameShape of two runs, each worked out once.
func (s *schedule) sameShape(a, b *Run) bool {
	of := func(r *Run) string {
		key, ok := s.shapes[r]
		if !ok {
			key, _ = graphKey(r) // "" where it can't be encoded: its own worker says so
			s.shapes[r] = key
		}
		return key
	}
	return of(a) != "" && of(a) == of(b)
}

func (s *schedule) finish(o outcome) {
	s.state[o.run.Name()] = trained
	if o.more {
		return
	}
	s.busy--
	if o.slot == wideSlot {
		s.wideBusy = false
	} else {
		s.free = append(s.free, o.slot)
	}
}
