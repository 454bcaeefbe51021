// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
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
	// Batch is the most runs of one shape that are trained at once; 0 is 1, and on
	// "xla:cuda" as many as fit into the device's memory. It decides no run's name and,
	// but for rounding, no run's outcome.
	Batch int

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
	fits      map[string]int          // graph keys for which more runs at once took too much memory
	ended     func(r *Run, err error) // is told of each run of TrainAll; nil is silence
	holds     func(queries int) error // stands in for a device of little memory in tests
	others    bool                    // there are other runs to train while one is busy
	busy      map[string]signOfLife   // of the processes that train runs in this one's stead
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
	if err := s.trainAll(ctx, []*Run{r})[0]; err != nil {
		return nil, err
	}
	return s.records[r.Name()], nil
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
		return s.trainer, nil
	}
	s.dropTrainer()
	if s.trainer, err = train.NewTrainer(b, task, r.Config.Train); err != nil {
		return nil, err
	}
	s.trainerOf = key
	return s.trainer, nil
}

// dropTrainer frees what the last trainer holds on the device.
func (s *Session) dropTrainer() {
	if s.trainer != nil {
		s.trainer.Finalize()
	}
	s.trainer, s.trainerOf = nil, ""
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
