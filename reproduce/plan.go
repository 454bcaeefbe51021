// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
)

// Plan says what a command would do before it does it: each run in its order,
// why it would be trained or not, and how long that is expected to take.
type Plan struct {
	Preset string `json:"preset"`
	// Backend and CPU are those that the times are for.
	Backend string `json:"backend"`
	CPU     string `json:"cpu"`
	// AtOnce is how many runs on one query are trained at once.
	AtOnce int `json:"at_once"`
	// BudgetSeconds is the time that [Plan.Fit] kept to; nil where there is no
	// limit.
	BudgetSeconds *float64     `json:"budget_s,omitempty"`
	Runs          []PlannedRun `json:"runs"`
	// Experiments are in the order asked for. A run that several need counts with
	// the first of them.
	Experiments []Subtotal `json:"experiments"`
	// Goals are the cells and figures that the runs are for.
	Goals []Goal `json:"goals"`
	// Seconds is the time from the start of training to its end, which is less than
	// the sum over the runs where some are trained at once.
	Seconds float64 `json:"total_s"`
}

// PlanState says what is there of a run.
type PlanState string

// The states of a planned run.
const (
	// Stored runs are not trained again.
	Stored PlanState = "in the store"
	// Unfinished runs go on from their checkpoint.
	Unfinished PlanState = "unfinished"
	// Changed runs have a record of the same query and seed with other settings.
	Changed PlanState = "changed"
	// Missing runs have none.
	Missing PlanState = "missing"
)

// PlannedRun is a run of a plan.
type PlannedRun struct {
	Name       string    `json:"name"`
	Label      string    `json:"label"`
	Experiment string    `json:"experiment"` // the first that needs it
	State      PlanState `json:"state"`
	// Reason is State in a line for a person.
	Reason string `json:"reason"`
	// Nearest is the record of the same method that differs in the fewest fields,
	// and Differs are these; empty where there is none.
	Nearest string       `json:"nearest,omitempty"`
	Differs []Difference `json:"differs,omitempty"`
	// Step is where the run goes on, of Steps.
	Step  int `json:"step"`
	Steps int `json:"steps"`
	// Seconds is the expected time, 0 for a stored run, and Source where it comes
	// from.
	Seconds float64    `json:"expected_s"`
	Source  TimeSource `json:"time_from,omitempty"`
	// NotRun says that the budget has no room for the run.
	NotRun bool `json:"not_run,omitempty"`

	run *Run
}

// Subtotal is what an experiment takes beyond those before it.
type Subtotal struct {
	ID      string  `json:"id"`
	Runs    int     `json:"runs"`
	ToTrain int     `json:"to_train"`
	Seconds float64 `json:"expected_s"`
}

// PlanFor says what a plan's times are for.
type PlanFor struct {
	// Backend is where the runs would be trained.
	Backend backend.Info
	// AtOnce is how many runs on one query are trained at once; if 0, it is 1.
	AtOnce int
}

// NewPlan plans what experiments need. It reads the heads of the records and
// trains nothing.
func NewPlan(st *store.Store, experiments []Experiment, p Preset, on PlanFor) (*Plan, error) {
	asked, err := asked(experiments, p)
	if err != nil {
		return nil, err
	}
	runs := withParents(slices.Concat(asked...))
	heads, err := st.Heads()
	if err != nil {
		return nil, err
	}
	on.AtOnce = max(1, on.AtOnce)
	neighbours, err := newNeighbours(heads, runs)
	if err != nil {
		return nil, err
	}
	times, err := newTimes(heads, on)
	if err != nil {
		return nil, err
	}
	stored := map[string]store.Head{}
	for _, h := range heads {
		stored[h.Name] = h
	}
	plan := &Plan{
		Preset: p.Name, Backend: on.Backend.Name, CPU: on.Backend.CPU, AtOnce: on.AtOnce,
		Runs: []PlannedRun{}, Goals: []Goal{}, // as JSON, lists also where there are none
	}
	for _, r := range runs {
		planned := PlannedRun{Name: r.Name(), Label: r.Label, Steps: r.Config.Train.WithDefaults().Steps, run: r}
		if h, ok := stored[planned.Name]; ok {
			planned.State, planned.Reason, planned.Step = Stored, string(Stored), planned.Steps
			if h.Store != st.Dir() {
				planned.Reason = "in " + h.Store
			}
			plan.Runs = append(plan.Runs, planned)
			continue
		}
		if planned.Step, err = st.CheckpointStep(planned.Name); err != nil {
			return nil, err
		}
		if planned.Nearest, planned.Differs, err = neighbours.of(r); err != nil {
			return nil, err
		}
		planned.explain()
		if r.Parent != nil {
			if h, ok := stored[r.Parent.Name()]; ok && h.Manifest.Files["weights.npz"] == "" {
				planned.Reason += "; it can't start: the record of " + r.Parent.Label + " holds no weights"
			}
		}
		took, source, err := times.of(r, planned.Step)
		if err != nil {
			return nil, err
		}
		planned.Seconds, planned.Source = took.Seconds(), source
		plan.Runs = append(plan.Runs, planned)
	}
	plan.assign(experiments, asked)
	plan.total()
	return plan, nil
}

// explain fills in State and Reason of a run without a record.
func (r *PlannedRun) explain() {
	r.State = Missing
	if len(r.Differs) > 0 && !slices.ContainsFunc(r.Differs, Difference.identity) {
		r.State = Changed
	}
	var differs []string
	for _, d := range r.Differs {
		differs = append(differs, d.String())
	}
	switch {
	case r.Step > 0:
		r.State, r.Reason = Unfinished, fmt.Sprintf("unfinished: goes on from step %d of %d", r.Step, r.Steps)
	case r.State == Changed:
		r.Reason = "changed: " + strings.Join(differs, ", ")
	case len(differs) > 0:
		r.Reason = "missing; the nearest record differs: " + strings.Join(differs, ", ")
	default:
		r.Reason = "missing"
	}
}

// assign gives each run to the first experiment that needs it, and finds the
// goals.
func (p *Plan) assign(experiments []Experiment, asked [][]*Run) {
	at := map[string]int{}
	for i, r := range p.Runs {
		at[r.Name] = i
	}
	for i, e := range experiments {
		p.Experiments = append(p.Experiments, Subtotal{ID: e.ID})
		for _, r := range withParents(asked[i]) {
			if planned := &p.Runs[at[r.Name()]]; planned.Experiment == "" {
				planned.Experiment = e.ID
			}
		}
		p.Goals = append(p.Goals, goalsOf(e, asked[i])...)
	}
}

// total sums up what is to be trained, and counts what the goals lack.
func (p *Plan) total() {
	p.Seconds = 0
	upTo := map[string]bool{} // experiments so far
	for i := range p.Experiments {
		e := &p.Experiments[i]
		e.Runs, e.ToTrain = 0, 0
		upTo[e.ID] = true
		var train []*PlannedRun
		for j := range p.Runs {
			r := &p.Runs[j]
			toTrain := r.State != Stored && !r.NotRun
			if toTrain && upTo[r.Experiment] {
				train = append(train, r)
			}
			if r.Experiment == e.ID {
				e.Runs++
				if toTrain {
					e.ToTrain++
				}
			}
		}
		before := p.Seconds
		p.Seconds = elapsed(train, p.AtOnce)
		e.Seconds = p.Seconds - before
	}
	left := map[string]bool{}
	for _, r := range p.Runs {
		left[r.Name] = r.NotRun
	}
	for i := range p.Goals {
		g := &p.Goals[i]
		g.NotRun = 0
		for _, names := range g.runs {
			if left[names[len(names)-1]] {
				g.NotRun++
			}
		}
		g.Complete = !slices.ContainsFunc(g.needs, func(name string) bool { return left[name] })
	}
}

// Time is what is to be trained takes.
func (p *Plan) Time() time.Duration { return time.Duration(p.Seconds * float64(time.Second)) }

// ToTrain are the experiments to hand to [Session.All] so that it trains just
// what the plan does, in the plan's order.
func (p *Plan) ToTrain() []Experiment {
	var runs []*Run
	for _, r := range p.Runs {
		if r.State != Stored && !r.NotRun {
			runs = append(runs, r.run)
		}
	}
	return []Experiment{{ID: "plan", runs: func(Preset) ([]*Run, error) { return runs, nil }}}
}
