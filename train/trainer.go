// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Trainer runs tasks of one shape on one compiled graph. A sweep over μ or seeds
// makes one Trainer and calls Run once a batch.
type Trainer struct {
	backend  compute.Backend
	task     Task // the first of the batch: its functions build the graph
	settings Settings
	layout   layout
	queries  int
	terms    []string
	probes   []string

	store   *model.Store
	loopFn  *model.Exec
	probeFn *model.Exec
	limit   int
	lm      *lmGraphs // in place of loopFn

	// Times is where the time of all steps of Levenberg–Marquardt went.
	Times LMTimes
	// CompileTime is the time of the first call of the step's graph, compilation
	// included.
	CompileTime time.Duration
	cold        bool // the next call compiles
}

// ErrInterrupted is what Run returns when its context ends; the states are then
// complete, and a checkpoint has been written.
var ErrInterrupted = errors.New("train: interrupted")

// NonFiniteError says where a loss stopped being a number.
type NonFiniteError struct {
	Label   string // of the query
	Step    int
	Term    string
	Value   float64
	Weights []string // the weights that were not finite after that dispatch
}

func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("train: %s: loss term %q is %v at step %d (not finite by then: weights %v); lower the learning rate or look at the term",
		e.Label, e.Term, e.Value, e.Step, e.Weights)
}

// NewTrainer makes a trainer for tasks shaped like this one; nothing is compiled
// before the first Run.
func NewTrainer(b compute.Backend, task Task, s Settings) (*Trainer, error) {
	s = s.WithDefaults()
	if err := s.Check(); err != nil {
		return nil, err
	}
	if task.Stages > 1 && (s.Steps%task.Stages != 0 || task.Stage == nil) {
		return nil, fmt.Errorf("train: %d steps can't be cut into %d stages of equal length; give a multiple", s.Steps, task.Stages)
	}
	t := &Trainer{backend: b, task: task, settings: s}
	t.layout.groups = []string{"weights/", "moment1/", "moment2/"}
	if s.LM != nil {
		switch {
		case task.Residuals == nil:
			return nil, errNoResiduals(task)
		case task.Update != nil:
			return nil, fmt.Errorf("train: %s has an update of its own; leave it or Levenberg–Marquardt out", task.Label)
		}
		t.layout.groups = t.layout.groups[:1]
	}
	for _, w := range task.Weights {
		t.layout.weights = append(t.layout.weights, w.Name)
	}
	for _, d := range task.Data {
		if err := d.checkRedraw(); err != nil {
			return nil, err
		}
	}
	for _, d := range task.loopData() {
		t.layout.data = append(t.layout.data, d.Name)
	}
	return t, nil
}

// Run trains tasks together from the given states, or from the tasks' initial
// weights where from is nil, up to Settings.Steps. All states must be at the
// same step. When ctx ends it writes a checkpoint and returns the states so far
// with ErrInterrupted.
func (t *Trainer) Run(ctx context.Context, tasks []Task, from []State, o Options) ([]State, error) {
	if len(tasks) == 0 {
		return nil, errors.New("train: no task to run")
	}
	r := &run{Trainer: t, tasks: tasks, options: o}
	defer r.finalizeDrawn()
	if err := r.upload(from); err != nil {
		return nil, err
	}
	return r.run(ctx)
}

// stageSteps is the length of a stage.
func (t *Trainer) stageSteps() int { return t.settings.Steps / max(1, t.task.Stages) }

// Finalize frees the compiled graphs and the device's memory.
func (t *Trainer) Finalize() {
	if t.store == nil {
		return
	}
	for _, e := range []*model.Exec{t.loopFn, t.probeFn} {
		if e != nil {
			e.Finalize()
		}
	}
	if t.lm != nil {
		t.lm.finalize()
	}
	t.store.Finalize()
	t.store, t.loopFn, t.probeFn, t.lm = nil, nil, nil, nil
}

// compile (re)builds the executors when the number of queries changes.
func (t *Trainer) compile(queries, limit int) error {
	if t.store != nil && t.queries == queries && t.limit == limit {
		return nil
	}
	t.Finalize()
	t.store, t.queries, t.limit, t.cold = model.NewStore(), queries, limit, true
	if err := t.compileSteps(); err != nil {
		return err
	}
	return t.compileProbe()
}

func (t *Trainer) compileSteps() error {
	if t.settings.LM != nil {
		return t.compileLM()
	}
	var err error
	t.loopFn, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, count *graph.Node) *graph.Node {
		g := count.Graph()
		vars, nodes := t.nodes(g)
		state, terms := t.loop(g, nodes, count, t.limit)
		for i, n := range state {
			vars[i].SetNodeValue(n)
		}
		return terms
	})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

func (t *Trainer) compileProbe() error {
	if t.task.Probe == nil {
		return nil
	}
	var err error
	t.probeFn, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, g *graph.Graph) *graph.Node {
		_, nodes := t.nodes(g)
		in := t.layout.inputs(nodes)
		for _, d := range t.task.ProbeData {
			in.data[d.Name] = t.store.GetVariable(model.RootScopePath + "data/" + d.Name).NodeValue(g)
		}
		terms := t.task.Probe(in)
		t.probes = t.probes[:0]
		rows := make([]*graph.Node, len(terms))
		for i, term := range terms {
			t.probes = append(t.probes, term.Name)
			rows[i] = graph.InsertAxes(term.Value, 0)
		}
		return graph.Concatenate(rows, 0)
	})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

func (t *Trainer) nodes(g *graph.Graph) ([]*model.Variable, []*graph.Node) {
	var vars []*model.Variable
	var nodes []*graph.Node
	for _, name := range t.layout.names() {
		v := t.store.GetVariable(model.RootScopePath + name)
		vars = append(vars, v)
		nodes = append(nodes, v.NodeValue(g))
	}
	return vars, nodes
}

// set gives a variable a new value on the device.
func (t *Trainer) set(name string, a Array) error {
	value := a.Tensor(t.settings.dtype())
	path := model.RootScopePath + name
	if v := t.store.GetVariable(path); v != nil {
		return v.SetValue(value)
	}
	_, err := t.store.CreateVariable(path, value)
	return err
}

func (t *Trainer) get(name string) (Array, error) {
	value, err := t.store.GetVariable(model.RootScopePath + name).Value()
	if err != nil {
		return Array{}, err
	}
	return FromTensor(value)
}

// run is one call of Trainer.Run.
type run struct {
	*Trainer
	tasks   []Task
	options Options

	steps   int
	history []History // a query
	last    []float64 // terms of the last step, [term, query] flat
	probed  map[string]float64
	began   time.Time
	beganAt int
	stepSec float64              // seconds a step, smoothed
	ended   [][]map[string]Array // a query, then a stage that has ended
	stopped bool                 // by Settings.Stop or Settings.LM
	descent descent              // where Settings.LM is set
}

func (r *run) upload(from []State) error {
	queries := len(r.tasks)
	limit := r.options.StepsPerDispatch
	if limit == 0 {
		limit = 64
	}
	if !r.backend.Capabilities().Operations[compute.OpTypeDynamicUpdateSlice] {
		limit = 1 // the pure-Go backend can't hold a loop of steps
	}
	if r.settings.LM != nil {
		limit = 1 // the host takes part in every step
	}
	if from != nil && len(from) != queries {
		return fmt.Errorf("train: %d states for %d tasks", len(from), queries)
	}
	if err := r.compile(queries, limit); err != nil {
		return err
	}
	states := from
	if states == nil {
		for _, task := range r.tasks {
			states = append(states, Initial(task))
		}
	}
	for i, s := range states {
		if a, b := max(1, r.tasks[i].Stages), max(1, r.task.Stages); a != b {
			return fmt.Errorf("train: %q has %d stages and %q has %d: they can't share a run", r.tasks[i].Label, a, r.task.Label, b)
		}
		if len(s.Ended) > 0 {
			if err := r.advance(i, s.Ended); err != nil {
				return err
			}
		}
		r.ended = append(r.ended, s.Ended)
	}
	if err := r.uploadData(); err != nil {
		return err
	}
	r.steps = states[0].Steps
	for i, s := range states {
		if s.Steps != r.steps {
			return fmt.Errorf("train: state of %q is at step %d, of %q at step %d: they can't share a run", r.tasks[i].Label, s.Steps, r.tasks[0].Label, r.steps)
		}
		h := s.History
		h.Rows = slices.Clone(h.Rows)
		r.history = append(r.history, h)
	}
	r.stopped = r.stops() // a checkpoint may be of the very end
	return r.uploadState(states)
}

// uploadData puts the data of all queries on the device.
func (r *run) uploadData() error {
	data, err := stackData(r.tasks)
	if err != nil {
		return err
	}
	for name, a := range data {
		if err := r.set("data/"+name, a); err != nil {
			return fmt.Errorf("train: datum %q: %w", name, err)
		}
	}
	return nil
}

// uploadState puts weights, moments and the steps of this stage on the device.
func (r *run) uploadState(states []State) error {
	queries := len(states)
	if err := r.set("steps", scalar(float64(r.steps-len(r.ended[0])*r.stageSteps()))); err != nil {
		return err
	}
	for _, w := range r.layout.weights {
		for _, group := range r.layout.groups {
			of := groups[group]
			parts := make([]Array, queries)
			for i, s := range states {
				a, ok := (*of(&s))[w]
				if !ok {
					return fmt.Errorf("train: state of %q has no %s%s", r.tasks[i].Label, group, w)
				}
				parts[i] = a
			}
			a, err := Join(parts)
			if err != nil {
				return fmt.Errorf("train: %s%s: %w", group, w, err)
			}
			if err := r.set(group+w, a); err != nil {
				return err
			}
		}
	}
	if r.lm != nil {
		return r.begin(states)
	}
	return nil
}

var groups = map[string]func(*State) *map[string]Array{
	"weights/": func(s *State) *map[string]Array { return &s.Weights },
	"moment1/": func(s *State) *map[string]Array { return &s.Moment1 },
	"moment2/": func(s *State) *map[string]Array { return &s.Moment2 },
}

// Initial is the state of a task before its first step.
func Initial(task Task) State {
	s := State{Weights: map[string]Array{}, Moment1: map[string]Array{}, Moment2: map[string]Array{}}
	for _, w := range task.Weights {
		s.Weights[w.Name] = w.Value
		s.Moment1[w.Name] = NewArray(w.Value.Dims...)
		s.Moment2[w.Name] = NewArray(w.Value.Dims...)
	}
	return s
}

// download copies the states of all queries to the host.
func (r *run) download() ([]State, error) {
	if err := r.sync(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	states := make([]State, len(r.tasks))
	for i := range states {
		states[i] = State{
			Steps:   r.steps,
			Weights: map[string]Array{}, Moment1: map[string]Array{}, Moment2: map[string]Array{},
			Ended:   r.ended[i],
			History: r.history[i],
		}
		states[i].History.Rows = slices.Clone(r.history[i].Rows)
		if r.lm != nil {
			states[i].Damping = r.descent.damping[i]
		}
	}
	for _, w := range r.layout.weights {
		for _, group := range r.layout.groups {
			of := groups[group]
			a, err := r.get(group + w)
			if err != nil {
				return nil, fmt.Errorf("train: reading %s%s: %w", group, w, err)
			}
			for i, part := range a.Split(len(states)) {
				(*of(&states[i]))[w] = part
			}
		}
	}
	return states, nil
}

func (r *run) run(ctx context.Context) ([]State, error) {
	r.began, r.beganAt = time.Now(), r.steps
	saved, shown := time.Now(), time.Time{}
	if r.steps == 0 {
		if err := r.probe(); err != nil {
			return nil, err
		}
	}
	count := 1 // the first dispatch compiles; its time says nothing
	for r.steps < r.settings.Steps && !r.stopped {
		if ctx.Err() != nil {
			return r.interrupt()
		}
		if r.steps == (len(r.ended[0])+1)*r.stageSteps() {
			if err := r.nextStage(); err != nil {
				return nil, err
			}
		}
		var err error
		if r.lm != nil {
			err = r.descend()
		} else {
			err = r.dispatch(r.upTo(count))
		}
		if err != nil {
			return nil, err
		}
		if r.stepSec > 0 {
			// A quarter of a second a dispatch: an interrupt is heard at once.
			count = min(r.limit, max(1, int(.25/r.stepSec)))
		}
		if every := r.checkpointEvery(); r.options.Checkpoint != nil && time.Since(saved) > every {
			if _, err := r.checkpoint(); err != nil {
				return nil, err
			}
			saved = time.Now()
		}
		if r.options.Progress != nil && (time.Since(shown) > 200*time.Millisecond || r.steps == r.settings.Steps || r.stopped) {
			r.options.Progress(r.progress())
			shown = time.Now()
		}
	}
	return r.download()
}

func (r *run) checkpointEvery() time.Duration {
	if r.options.CheckpointEvery == 0 {
		return 30 * time.Second
	}
	return r.options.CheckpointEvery
}

func (r *run) checkpoint() ([]State, error) {
	states, err := r.download()
	if err == nil && r.options.Checkpoint != nil {
		if err = r.options.Checkpoint(states); err != nil {
			err = fmt.Errorf("train: writing a checkpoint: %w", err)
		}
	}
	return states, err
}

func (r *run) interrupt() ([]State, error) {
	states, err := r.checkpoint()
	if err != nil {
		return nil, err
	}
	return states, ErrInterrupted
}

// upTo cuts a dispatch at the next probe and at the end of the stage.
func (r *run) upTo(count int) int {
	count = min(count, (len(r.ended[0])+1)*r.stageSteps()-r.steps)
	if every := r.settings.ProbeEvery; every > 0 && r.task.Probe != nil {
		count = min(count, every-r.steps%every)
	}
	return count
}

func (r *run) dispatch(count int) error {
	start := time.Now()
	out, err := r.loopFn.Call1(int32(count))
	if err != nil {
		return fmt.Errorf("train: step %d: %w", r.steps+1, err)
	}
	terms, err := FromTensor(out)
	if err != nil {
		return err
	}
	r.timed(time.Since(start), count)
	if err := r.record(terms, count); err != nil {
		return err
	}
	return r.probe()
}

// timed takes note of how long so many steps took.
func (r *run) timed(elapsed time.Duration, count int) {
	if r.cold {
		r.cold = false
		r.CompileTime += elapsed
		r.began, r.beganAt = time.Now(), r.steps+count
	} else if now := elapsed.Seconds() / float64(count); r.stepSec == 0 {
		r.stepSec = now
	} else {
		r.stepSec += .2 * (now - r.stepSec)
	}
}

// record adds the history rows of a dispatch; terms is [limit, term, query].
func (r *run) record(terms Array, count int) error {
	names, queries := len(r.terms), len(r.tasks)
	for k := range count {
		r.steps++
		at := terms.Data[k*names*queries : (k+1)*names*queries]
		for i, x := range at {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return r.nonFinite(r.steps, r.terms[i/queries], i%queries, x)
			}
		}
		r.last = at
		if r.steps != 1 && r.steps%r.settings.HistoryEvery != 0 && r.steps != r.settings.Steps {
			continue
		}
		for q := range r.history {
			row := Row{Step: r.steps, Terms: make([]float64, names)}
			for i := range names {
				row.Terms[i] = at[i*queries+q]
			}
			r.history[q].Terms = slices.Clone(r.terms)
			r.history[q].Rows = append(r.history[q].Rows, row)
		}
	}
	return nil
}

func (r *run) nonFinite(step int, term string, query int, value float64) error {
	e := &NonFiniteError{Label: r.tasks[query].Label, Step: step, Term: term, Value: value}
	if err := r.sync(); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	for _, w := range r.layout.weights {
		a, err := r.get("weights/" + w)
		if err != nil {
			continue
		}
		for _, x := range a.Split(len(r.tasks))[query].Data {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				e.Weights = append(e.Weights, w)
				break
			}
		}
	}
	return e
}

// probe measures where Settings.ProbeEvery asks for it.
func (r *run) probe() error {
	every := r.settings.ProbeEvery
	if every == 0 || r.task.Probe == nil || (r.steps%every != 0 && r.steps != r.settings.Steps) {
		return nil
	}
	if err := r.sync(); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	out, err := r.probeFn.Call1()
	if err != nil {
		return fmt.Errorf("train: probe at step %d: %w", r.steps, err)
	}
	values, err := FromTensor(out)
	if err != nil {
		return err
	}
	queries := len(r.tasks)
	r.probed = map[string]float64{}
	if stop := r.settings.Stop; stop != nil && !slices.Contains(r.probes, stop.Probe) {
		return fmt.Errorf("train: the stop rule reads probe %q; known are %v", stop.Probe, r.probes)
	}
	for q := range r.history {
		h := &r.history[q]
		h.Probes = slices.Clone(r.probes)
		probes := make([]float64, len(r.probes))
		for i, name := range r.probes {
			probes[i] = values.Data[i*queries+q]
			r.probed[name] += probes[i] / float64(queries)
		}
		if n := len(h.Rows); n > 0 && h.Rows[n-1].Step == r.steps {
			h.Rows[n-1].Probes = probes
		} else {
			h.Rows = append(h.Rows, Row{Step: r.steps, Probes: probes})
		}
	}
	r.stopped = r.stops()
	return nil
}

// stops reports whether the last probe of every query ends the run.
func (r *run) stops() bool {
	stop := r.settings.Stop
	if stop == nil {
		return false
	}
	for _, h := range r.history {
		i, n := slices.Index(h.Probes, stop.Probe), len(h.Rows)
		if i < 0 || n == 0 || h.Rows[n-1].Step != r.steps || h.Rows[n-1].Probes == nil || !(h.Rows[n-1].Probes[i] < stop.Below) {
			return false
		}
	}
	return true
}

func (r *run) progress() Progress {
	p := Progress{Label: r.tasks[0].Label, Step: r.steps, Steps: r.settings.Steps, Probe: r.probed}
	if r.stopped {
		p.Steps = p.Step
	}
	if len(r.tasks) > 1 {
		p.Label = fmt.Sprintf("%s and %d more", p.Label, len(r.tasks)-1)
	}
	for _, x := range r.last {
		p.Loss += x / float64(len(r.tasks))
	}
	if done := r.steps - r.beganAt; done > 0 {
		p.StepsPerSecond = float64(done) / time.Since(r.began).Seconds()
		p.Left = time.Duration(float64(p.Steps-p.Step) / p.StepsPerSecond * float64(time.Second))
	}
	return p
}
