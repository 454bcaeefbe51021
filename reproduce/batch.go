// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gomlx/compute"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// MaxBatch is the most runs that are trained at once where nobody says how many:
// each holds its lock's file open, and a batch ends with its slowest.
const MaxBatch = 256

// memoryShare is how much of a GPU's memory the steps of a batch may take by
// [train.StepBytes], which counts every intermediate value, as if none were fused
// with the next: what is left is for the plugin, its tuning and other programs.
const memoryShare = .75

// queued is a run that is about to be trained, with what it needs.
type queued struct {
	run     *Run
	parent  *store.Record
	partial *store.Partial
	task    train.Task
	began   time.Time
	tuned   float64 // seconds of compilation, its share
	spent   float64 // seconds of training, its share
	pace    float64 // steps a second, its share
	batch   int     // runs that it was last trained with, itself included
}

// TrainAll implements [GroupWorker]: it trains runs of one shape, as many at once as
// Session.Batch says, and returns an error for each. What comes out of
// a run is, within rounding, what it would be alone: its record, its checkpoints and
// its failure are its own.
func (s *Session) TrainAll(ctx context.Context, runs []*Run) []error {
	s.others = true
	defer func() { s.others = false }()
	return s.trainAll(ctx, runs)
}

func (s *Session) trainAll(ctx context.Context, runs []*Run) []error {
	errs := make([]error, len(runs))
	tell := func(r *Run, err error) {
		errs[slices.Index(runs, r)] = err
		if s.ended != nil {
			s.ended(r, err)
		}
	}
	var waiting []*Run
	parents := map[*Run]*store.Record{}
	for _, r := range runs {
		record, parent, err := s.lookUp(ctx, r)
		if err != nil || record != nil {
			tell(r, err)
			continue
		}
		parents[r] = parent
		waiting = append(waiting, r)
	}
	for len(waiting) > 0 {
		n, err := s.atOnce(waiting[0], parents[waiting[0]])
		if err != nil {
			tell(waiting[0], fmt.Errorf("%s: %w", waiting[0].Label, err))
			waiting = waiting[1:]
			continue
		}
		n = min(n, len(waiting))
		s.trainSome(ctx, waiting[:n], parents, tell)
		waiting = waiting[n:]
	}
	return errs
}

// lookUp returns a run's record or, where there is none, that of its parent, which it
// trains if need be.
func (s *Session) lookUp(ctx context.Context, r *Run) (record, parent *store.Record, err error) {
	if record, err = s.Find(r); err != nil || record != nil {
		return record, nil, err
	}
	if r.Parent != nil {
		if parent, err = s.Do(ctx, r.Parent); err != nil {
			return nil, nil, err
		}
		if parent.Weights == nil {
			return nil, nil, fmt.Errorf("reproduce: %s starts from %s, whose record holds no weights", r.Label, parent.Name)
		}
	}
	if ctx.Err() != nil {
		return nil, nil, train.ErrInterrupted
	}
	return nil, parent, nil
}

// alone reports whether a run can't share a batch. One on several parameter settings,
// such as a Phase 1, has these along the query axis itself. A stop rule, and Levenberg
// and Marquardt's method has one, ends a batch when it is met by all of it.
func (r *Run) alone() bool {
	return len(r.Config.Mus) != 1 || r.Config.Train.Stop != nil || r.Config.Train.LM != nil
}

// atOnce is how many runs of a run's shape are trained together.
func (s *Session) atOnce(r *Run, parent *store.Record) (int, error) {
	if r.alone() || s.Batch == 1 {
		return 1, nil
	}
	key, err := graphKey(r)
	if err != nil {
		return 0, err
	}
	n := s.Batch
	if n == 0 {
		b, err := s.Backend()
		if err != nil {
			return 0, err
		}
		if b.Info.Name != backend.CUDA {
			return 1, nil // the queries of a batch take as long as one after another
		}
		if n, err = s.fitting(b, r, parent); err != nil {
			return 0, err
		}
	}
	if most, ok := s.fits[key]; ok {
		n = min(n, most)
	}
	return max(1, n), nil
}

// fitting is how many runs of a shape fit into the device's memory, by the sizes in
// their graph.
func (s *Session) fitting(b *backend.Backend, r *Run, parent *store.Record) (int, error) {
	task, err := s.taskOf(b.Compute, r, parent)
	if err != nil {
		return 0, err
	}
	each, err := train.StepBytes(b.Compute, task, r.Config.Train)
	if err != nil {
		return 0, err
	}
	return batchWithin(b.Info.Memory(), each), nil
}

// batchWithin is how many queries of some bytes each fit into a device's memory, from
// 1 to MaxBatch.
func batchWithin(memory, each int64) int {
	return int(min(MaxBatch, max(1, int64(memoryShare*float64(memory))/max(1, each))))
}

// taskOf is what a run trains, with its probe.
func (s *Session) taskOf(b compute.Backend, r *Run, parent *store.Record) (train.Task, error) {
	task, err := r.task(b, parent)
	if err == nil && r.Config.Train.ProbeEvery > 0 && task.Probe == nil {
		task, err = r.setup.Probe(task, r.Config.Mus, r.network)
	}
	return task, err
}

// trainSome begins runs and trains those together whose tasks can share a graph and
// stand at the same step.
func (s *Session) trainSome(ctx context.Context, runs []*Run, parents map[*Run]*store.Record, tell func(*Run, error)) {
	b, err := s.Backend()
	if err != nil {
		for _, r := range runs {
			tell(r, fmt.Errorf("%s: %w", r.Label, err))
		}
		return
	}
	var groups [][]*queued
	for _, r := range runs {
		q, err := s.queue(ctx, b.Compute, r, parents[r])
		if err != nil || q == nil {
			if err != nil {
				err = fmt.Errorf("%s: %w", r.Label, err)
			}
			tell(r, err)
			continue
		}
		i := slices.IndexFunc(groups, func(g []*queued) bool {
			return sameShape(g[0].run, r) && stepOf(g[0]) == stepOf(q) && shareable(g[0].task, q.task)
		})
		if i < 0 {
			i, groups = len(groups), append(groups, nil)
		}
		groups[i] = append(groups[i], q)
	}
	for _, g := range groups {
		for _, q := range g {
			defer q.partial.Close()
		}
	}
	for _, g := range groups {
		s.trainBatch(ctx, b, g, func(q *queued, err error) {
			if err != nil {
				err = fmt.Errorf("%s: %w", q.run.Label, err)
			}
			tell(q.run, err)
		})
	}
}

// queue takes a run's lock; it is nil where another process has finished the run
// meanwhile.
func (s *Session) queue(ctx context.Context, b compute.Backend, r *Run, parent *store.Record) (q *queued, err error) {
	partial, err := s.begin(ctx, r)
	if err != nil {
		return nil, err
	}
	defer func() {
		if q == nil {
			partial.Close()
		}
	}()
	// The process that had the lock may have finished the run meanwhile.
	if record, err := s.Store.Get(r.Name()); err != nil || record != nil {
		if record != nil {
			s.Trained++
			s.keep(record)
		}
		return nil, err
	}
	began := time.Now()
	task, err := s.taskOf(b, r, parent)
	if err != nil {
		return nil, err
	}
	if partial.State != nil {
		s.log("%s: goes on from step %d of %d", r.Label, partial.State.Steps, r.Config.Train.Steps)
	} else {
		s.log("%s: %d parameters, %d steps", r.Label, task.Count(), r.Config.Train.Steps)
	}
	return &queued{run: r, parent: parent, partial: partial, task: task, began: began}, nil
}

// sameShape reports whether runs have the same compiled graph.
func sameShape(a, b *Run) bool {
	if a == b {
		return true
	}
	x, err := graphKey(a)
	if err != nil {
		return false
	}
	y, err := graphKey(b)
	return err == nil && x == y
}

func stepOf(q *queued) int {
	if q.partial.State == nil {
		return -1 // not begun: the weights of step 0 are the task's own
	}
	return q.partial.State.Steps
}

// shareable reports whether two tasks can be stacked: the same tensors by name and
// shape, and the same values where they are shared.
func shareable(a, b train.Task) bool {
	return a.Stages == b.Stages && slices.Equal(a.Streams, b.Streams) &&
		slices.EqualFunc(a.Weights, b.Weights, func(x, y train.Weight) bool {
			return x.Name == y.Name && slices.Equal(x.Value.Dims, y.Value.Dims) && (x.Mask == nil) == (y.Mask == nil)
		}) &&
		slices.EqualFunc(a.Data, b.Data, sameDatum) && slices.EqualFunc(a.ProbeData, b.ProbeData, sameDatum)
}

func sameDatum(x, y train.Datum) bool {
	switch {
	case x.Name != y.Name || x.Shared != y.Shared || !slices.Equal(x.Value.Dims, y.Value.Dims) || (x.Redraw == nil) != (y.Redraw == nil):
		return false
	case !x.Shared:
		return true
	}
	return (x.Redraw == nil || x.Redraw.Seed == y.Redraw.Seed) && x.Value.Equal(y.Value)
}

// trainBatch trains runs together. One whose loss is no number any more fails, and the
// others go on without it; where the device's memory does not suffice, each half is
// tried by itself, and later batches of this shape are no larger.
func (s *Session) trainBatch(ctx context.Context, b *backend.Backend, batch []*queued, tell func(*queued, error)) {
	from := make([]*train.State, len(batch))
	for i, q := range batch {
		from[i] = q.partial.State
	}
	for len(batch) > 0 {
		states, err := s.runBatch(ctx, b.Compute, batch, from)
		var diverged *train.NonFiniteError
		switch {
		case err == nil:
			for i, q := range batch {
				tell(q, s.finish(b, q, states[i]))
			}
			return
		case errors.As(err, &diverged) && len(batch) > 1:
			i := slices.IndexFunc(batch, func(q *queued) bool { return q.run.Name() == diverged.Label })
			if i < 0 {
				break
			}
			own := *diverged
			own.Label = batch[i].task.Label
			tell(batch[i], &own)
			s.log("%d runs go on from step %d without %s", len(batch)-1, stepFrom(from), batch[i].run.Label)
			batch, from = slices.Delete(batch, i, i+1), slices.Delete(from, i, i+1)
			continue
		case outOfMemory(err) && len(batch) > 1:
			half := len(batch) / 2
			s.log("%d runs do not fit into the device's memory together: %d at once", len(batch), half)
			s.inParts(ctx, b, batch, from, half, tell)
			return
		case !stopsAll(err) && len(batch) > 1:
			// Whatever it is, a run that is at fault shows it by itself.
			s.log("%d runs can't be trained together, each is trained alone: %v", len(batch), err)
			s.inParts(ctx, b, batch, from, 1, tell)
			return
		}
		for _, q := range batch {
			if errors.As(err, &diverged) && diverged.Label == q.run.Name() {
				own := *diverged
				own.Label = q.task.Label
				err = &own
			}
			tell(q, err)
		}
		return
	}
}

// inParts trains the runs of a batch in smaller ones, from their last checkpoints, and
// remembers that for others of their shape.
func (s *Session) inParts(ctx context.Context, b *backend.Backend, batch []*queued, from []*train.State, size int, tell func(*queued, error)) {
	if key, err := graphKey(batch[0].run); err == nil {
		if s.fits == nil {
			s.fits = map[string]int{}
		}
		s.fits[key] = size
	}
	s.dropTrainer()
	for i, q := range batch {
		q.partial.State = from[i]
	}
	for part := range slices.Chunk(batch, size) {
		s.trainBatch(ctx, b, slices.Clone(part), tell)
	}
}

func stepFrom(from []*train.State) int {
	if from[0] == nil {
		return 0
	}
	return from[0].Steps
}

// outOfMemory reports whether an error says that the device has too little memory:
// XLA's status for it, or the words of its allocators.
func outOfMemory(err error) bool {
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "resource_exhausted") || strings.Contains(text, "out of memory") || strings.Contains(text, "code=8)")
}

// runBatch trains a batch from the states in from, nil for the tasks' own, which it
// replaces by those of each checkpoint.
func (s *Session) runBatch(ctx context.Context, b compute.Backend, batch []*queued, from []*train.State) ([]train.State, error) {
	r, n := batch[0].run, len(batch)
	tasks := make([]train.Task, n)
	for i, q := range batch {
		tasks[i] = q.task
		tasks[i].Label = q.run.Name() // tells them apart in errors
	}
	trainer, err := s.trainerFor(b, r, tasks[0])
	if err != nil {
		return nil, err
	}
	if s.holds != nil {
		if err := s.holds(n); err != nil {
			return nil, err
		}
	}
	var states []train.State
	if from[0] != nil {
		for _, state := range from {
			states = append(states, *state)
		}
	}
	dtype := r.Config.Train.WithDefaults().DType
	label := r.Label
	if n > 1 {
		label = fmt.Sprintf("%s and %d more", label, n-1)
		s.log("%s are trained together", label)
	}
	start := time.Now()
	share := func() float64 { return time.Since(start).Seconds() / float64(n) }
	var last train.Progress
	states, err = trainer.Run(ctx, tasks, states, train.Options{
		CheckpointEvery: s.CheckpointEvery,
		Checkpoint: func(states []train.State) error {
			for i, q := range batch {
				from[i] = &states[i]
				if err := q.partial.Checkpoint(states[i], dtype, q.spent+share()); err != nil {
					return err
				}
			}
			return nil
		},
		Progress: func(p train.Progress) {
			p.Label, last = label, p
			if s.Progress != nil {
				s.Progress(r, p)
			}
		},
	})
	for _, q := range batch {
		q.spent += share()
		q.tuned += trainer.CompileTime.Seconds() / float64(n)
		q.pace, q.batch = last.StepsPerSecond*float64(n), n
	}
	trainer.CompileTime = 0
	return states, err
}

// finish measures a trained run and writes its record.
func (s *Session) finish(b *backend.Backend, q *queued, state train.State) error {
	r, start := q.run, time.Now()
	record := store.Record{History: state.History, Weights: r.trained(state)}
	record.Metrics.Parameters = q.task.Count()
	if rows := record.History.Rows; len(rows) > 0 && rows[len(rows)-1].Terms != nil {
		record.Metrics.Loss = map[string]float64{}
		for i, name := range record.History.Terms {
			record.Metrics.Loss[name] = rows[len(rows)-1].Terms[i]
		}
	}
	if err := s.evaluate(b.Compute, r, q.task, &record); err != nil {
		return err
	}
	record.Manifest = store.Manifest{
		Backend:        b.Info,
		Versions:       versions(),
		WallSeconds:    q.partial.WallSeconds + q.spent + time.Since(start).Seconds(),
		CompileSeconds: q.tuned,
		StepsPerSecond: q.pace,
		PeakMemoryMB:   peakMemoryMB(),
		Micros:         record.Manifest.Micros,
		Sittings:       q.partial.Sittings + 1,
		Finished:       time.Now().UTC().Truncate(time.Second),
	}
	if q.batch > 1 {
		record.Manifest.Batch = q.batch
	}
	if q.parent != nil {
		record.Manifest.ParentWeights = q.parent.WeightsSHA256()
	}
	written, err := s.Store.Put(r.Config, record, r.Config.Train.WithDefaults().DType)
	if err != nil {
		return err
	}
	s.Trained++
	s.keep(written)
	return q.partial.Done()
}
