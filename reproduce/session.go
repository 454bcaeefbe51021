// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gomlx/compute"

	"pinn.example/repro/backend"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Session answers for runs: it finds them in the store, and trains what is not
// there. It is not safe for use by several goroutines: queries on one device are
// serialised anyway.
type Session struct {
	Store *store.Store
	// BackendName is what backend.Open is asked for; "" is the best there is.
	BackendName string
	// Progress is called while a run trains; nil is silence.
	Progress func(r *Run, p train.Progress)
	// Log is told of each run that starts, resumes or ends; nil is silence.
	Log func(format string, args ...any)
	// CheckpointEvery is the time between checkpoints; 0 is 30 s.
	CheckpointEvery time.Duration

	// Trained counts the runs that this session trained, Found those that it found
	// in the store, each once.
	Trained, Found int

	open      *backend.Backend
	small     *backend.Backend
	trainer   *train.Trainer
	trainerOf string
	evaluator *pinn.Evaluator
	evaluates string
	records   map[string]*store.Record
	others    bool
	busy      map[string]signOfLife
}

// BackendError says that no backend opens, so that nothing can be trained.
type BackendError struct{ Err error }

func (e *BackendError) Error() string { return e.Err.Error() }
func (e *BackendError) Unwrap() error { return e.Err }

// Backend opens the backend on first use; its error is a *BackendError.
func (s *Session) Backend() (*backend.Backend, error) {
	if s.open == nil {
		b, err := backend.Open(s.BackendName)
		if err != nil {
			return nil, &BackendError{err}
		}
		s.open = b
		s.log("backend: %s", b.Info)
		for _, note := range b.Info.Notes {
			s.log("  not used: %s", note)
		}
	}
	return s.open, nil
}

// smallBackend is the pure-Go one, for graphs that are evaluated once and are so
// small that XLA would take longer to compile them.
func (s *Session) smallBackend() (*backend.Backend, error) {
	if s.small == nil {
		b, err := backend.Open(backend.Go)
		if err != nil {
			return nil, &BackendError{err}
		}
		s.small = b
	}
	return s.small, nil
}

// Close frees what the session holds on the device.
func (s *Session) Close() {
	if s.small != nil {
		s.small.Finalize()
	}
	if s.trainer != nil {
		s.trainer.Finalize()
	}
	if s.evaluator != nil {
		s.evaluator.Finalize()
	}
	if s.open != nil {
		s.open.Finalize()
	}
	s.trainer, s.evaluator, s.open, s.small = nil, nil, nil, nil
}

func (s *Session) log(format string, args ...any) {
	if s.Log != nil {
		s.Log(format, args...)
	}
}

// Find returns a run's record, or nil where it has not been trained.
func (s *Session) Find(r *Run) (*store.Record, error) {
	if record, ok := s.records[r.Name()]; ok {
		return record, nil
	}
	record, err := s.Store.Get(r.Name())
	if err != nil || record == nil {
		return nil, err
	}
	s.Found++
	s.keep(record)
	return record, nil
}

// findAll finds the records of runs of different names on all processors: to read
// them is half the work of a report that trains nothing.
func (s *Session) findAll(runs []*Run) error {
	runs = slices.DeleteFunc(slices.Clone(runs), func(r *Run) bool { return s.records[r.Name()] != nil })
	records := make([]*store.Record, len(runs))
	err := inParallel(len(runs), func(i int) (err error) {
		records[i], err = s.Store.Get(runs[i].Name())
		return err
	})
	for _, record := range records {
		if record != nil {
			s.Found++
			s.keep(record)
		}
	}
	return err
}

func (s *Session) keep(record *store.Record) {
	if s.records == nil {
		s.records = map[string]*store.Record{}
	}
	s.records[record.Name] = record
}

// Do returns a run's record; where there is none it trains the run, and what it
// starts from, first. When ctx ends it writes a checkpoint and returns
// train.ErrInterrupted: the next Do goes on from there.
func (s *Session) Do(ctx context.Context, r *Run) (*store.Record, error) {
	record, err := s.Find(r)
	if err != nil || record != nil {
		return record, err
	}
	var parent *store.Record
	if r.Parent != nil {
		if parent, err = s.Do(ctx, r.Parent); err != nil {
			return nil, err
		}
		if parent.Weights == nil {
			return nil, fmt.Errorf("reproduce: %s starts from %s, whose record holds no weights", r.Label, parent.Name)
		}
	}
	if ctx.Err() != nil {
		return nil, train.ErrInterrupted
	}
	record, err = s.train(ctx, r, parent)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Label, err)
	}
	s.Trained++
	s.keep(record)
	return record, nil
}

func (s *Session) train(ctx context.Context, r *Run, parent *store.Record) (*store.Record, error) {
	b, err := s.Backend()
	if err != nil {
		return nil, err
	}
	partial, err := s.begin(ctx, r)
	if err != nil {
		return nil, err
	}
	defer partial.Close()
	// The process that had the lock may have finished the run meanwhile.
	if record, err := s.Store.Get(r.Name()); err != nil || record != nil {
		return record, err
	}
	start := time.Now()
	task, err := r.task(b.Compute, parent)
	if err != nil {
		return nil, err
	}
	if r.Config.Train.ProbeEvery > 0 && task.Probe == nil {
		if task, err = r.setup.Probe(task, r.Config.Mus, r.network); err != nil {
			return nil, err
		}
	}
	var from []train.State
	if partial.State != nil {
		from = []train.State{*partial.State}
		s.log("%s: goes on from step %d of %d", r.Label, partial.State.Steps, r.Config.Train.Steps)
	} else {
		s.log("%s: %d parameters, %d steps", r.Label, task.Count(), r.Config.Train.Steps)
	}
	trainer, err := s.trainerFor(b.Compute, r, task)
	if err != nil {
		return nil, err
	}
	dtype := r.Config.Train.WithDefaults().DType
	var last train.Progress
	states, err := trainer.Run(ctx, []train.Task{task}, from, train.Options{
		CheckpointEvery: s.CheckpointEvery,
		Checkpoint: func(states []train.State) error {
			return partial.Checkpoint(states[0], dtype, time.Since(start).Seconds())
		},
		Progress: func(p train.Progress) {
			p.Label, last = r.Label, p
			if s.Progress != nil {
				s.Progress(r, p)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	record := store.Record{History: states[0].History, Weights: r.trained(states[0])}
	record.Metrics.Parameters = task.Count()
	if rows := record.History.Rows; len(rows) > 0 && rows[len(rows)-1].Terms != nil {
		record.Metrics.Loss = map[string]float64{}
		for i, name := range record.History.Terms {
			record.Metrics.Loss[name] = rows[len(rows)-1].Terms[i]
		}
	}
	if err := s.evaluate(b.Compute, r, task, &record); err != nil {
		return nil, err
	}
	record.Manifest = store.Manifest{
		Backend:        b.Info,
		Versions:       versions(),
		WallSeconds:    partial.WallSeconds + time.Since(start).Seconds(),
		CompileSeconds: trainer.CompileTime.Seconds(),
		StepsPerSecond: last.StepsPerSecond,
		PeakMemoryMB:   peakMemoryMB(),
		Micros:         record.Manifest.Micros,
		Sittings:       partial.Sittings + 1,
		Finished:       time.Now().UTC().Truncate(time.Second),
	}
	if parent != nil {
		record.Manifest.ParentWeights = parent.WeightsSHA256()
	}
	written, err := s.Store.Put(r.Config, record, dtype)
	if err != nil {
		return nil, err
	}
	return written, partial.Done()
}

// graphKey names what decides a run's compiled graph: all of its configuration
// but the parameter setting, the seed and the parent, which are inputs.
func graphKey(r *Run) (string, error) {
	c := r.Config
	c.Mus, c.Seed, c.Parent = make([][]float64, len(c.Mus)), 0, ""
	key, err := c.Canonical()
	return string(key), err
}

// trainerFor keeps the compiled graph of the last run for the next of its shape.
func (s *Session) trainerFor(b compute.Backend, r *Run, task train.Task) (*train.Trainer, error) {
	key, err := graphKey(r)
	if err != nil {
		return nil, err
	}
	if s.trainer != nil && s.trainerOf == key {
		s.trainer.CompileTime = 0
		return s.trainer, nil
	}
	if s.trainer != nil {
		s.trainer.Finalize()
	}
	s.trainer, err = train.NewTrainer(b, task, r.Config.Train)
	s.trainerOf = key
	return s.trainer, err
}

// evaluate measures a trained network at each of its parameter settings, and what
// else its run measures.
func (s *Session) evaluate(b compute.Backend, r *Run, task train.Task, record *store.Record) error {
	if r.measure != nil {
		if err := r.measure(b, record); err != nil {
			return err
		}
	}
	if len(r.evaluateAt) == 0 {
		return nil
	}
	e, data, err := s.evaluatorFor(b, r, task)
	if err != nil {
		return err
	}
	for _, mu := range r.evaluateAt {
		ev, err := e.Evaluate(mu, record.Weights, data)
		if err != nil {
			return err
		}
		record.Metrics.Evaluations = append(record.Metrics.Evaluations, ev)
	}
	if r.ranks == nil {
		return nil
	}
	ranks, err := r.ranks(b, record.Weights)
	if err != nil {
		return err
	}
	for _, layers := range ranks {
		record.Metrics.Ranks = append(record.Metrics.Ranks, slices.Clone(layers[:]))
	}
	return nil
}

func (s *Session) evaluatorFor(b compute.Backend, r *Run, task train.Task) (*pinn.Evaluator, map[string]train.Array, error) {
	data := map[string]train.Array{}
	for _, d := range task.Data {
		if slices.Contains(r.networkData, d.Name) {
			data[d.Name] = d.Value
		}
	}
	key, err := graphKey(r)
	if err != nil {
		return nil, nil, err
	}
	if s.evaluator != nil && s.evaluates == key {
		return s.evaluator, data, nil
	}
	if s.evaluator != nil {
		s.evaluator.Finalize()
	}
	weights := slices.Collect(maps.Keys(r.trained(train.Initial(task))))
	s.evaluator, err = pinn.NewEvaluator(b, r.setup, weights, slices.Collect(maps.Keys(data)), r.Config.Train.WithDefaults().DType, r.network)
	s.evaluates = key
	return s.evaluator, data, err
}

// Interrupted reports whether an error says that a run was stopped from outside.
func Interrupted(err error) bool {
	return errors.Is(err, train.ErrInterrupted) || errors.Is(err, context.Canceled)
}
