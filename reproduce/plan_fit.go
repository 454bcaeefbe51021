// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Goal is a cell of a table, over all its seeds, or a figure: what needs runs to
// be shown in full.
type Goal struct {
	Experiment string `json:"experiment"`
	// Label tells a person which cell it is; it is empty for a figure.
	Label string `json:"label,omitempty"`
	// NotRun counts the runs that the plan leaves out, of Runs that the goal shows.
	Runs   int `json:"runs"`
	NotRun int `json:"not_run"`
	// Complete says that all is there that the goal needs, or will be.
	Complete bool `json:"complete"`

	runs  [][]string // the name of each run, after those of what it starts from
	needs []string   // all of these, each once
}

// String is such as "table2: Phase 2 at beta=30, full rank".
func (g Goal) String() string {
	name := g.Experiment[strings.LastIndex(g.Experiment, "/")+1:]
	if g.Label == "" {
		return name
	}
	return name + ": " + g.Label
}

// goalsOf are the goals of an experiment: a figure is one; in a table, runs that
// differ in nothing but the seed are one cell.
func goalsOf(e Experiment, runs []*Run) []Goal {
	var goals []Goal
	at := map[string]int{}
	for _, r := range runs {
		label := ""
		if !strings.HasPrefix(e.Name(), "fig") {
			// Labels tell runs apart, so that without the seed they name a cell.
			label = strings.TrimSuffix(r.Label, fmt.Sprintf(", seed %d", r.Config.Seed))
		}
		i, ok := at[label]
		if !ok {
			i = len(goals)
			at[label] = i
			goals = append(goals, Goal{Experiment: e.ID, Label: label})
		}
		g := &goals[i]
		g.Runs++
		g.runs = append(g.runs, ancestry(r))
		for _, name := range g.runs[g.Runs-1] {
			if !slices.Contains(g.needs, name) {
				g.needs = append(g.needs, name)
			}
		}
	}
	return goals
}

// ancestry names what a run starts from, first to last, and the run.
func ancestry(r *Run) []string {
	if r == nil {
		return nil
	}
	return append(ancestry(r.Parent), r.Name())
}

// Fit keeps the plan to a budget of time: what has no room is marked as not run,
// and what has is put in the order in which it completes cells and figures, the
// cheapest a cell first. A run that several goals need counts once. Time that is
// left then goes to single runs, the cheapest first, which give cells with fewer
// seeds and figures with fewer panels.
func (p *Plan) Fit(budget time.Duration) {
	seconds := budget.Seconds()
	p.BudgetSeconds = &seconds
	f := newFitter(p, seconds)
	var cells, single [][]string
	for _, g := range p.Goals {
		cells = append(cells, g.needs)
		single = append(single, g.runs...)
	}
	f.fill(cells, func(missing []string, cost float64) float64 { return cost / float64(f.completes(missing)) })
	f.fill(single, func(_ []string, cost float64) float64 { return cost })
	p.Runs = f.order()
	p.total()
}

// fitter fills a budget.
type fitter struct {
	plan   *Plan
	at     map[string]int   // place of each run in the plan
	goals  map[string][]int // goals that need a run
	taken  map[string]bool  // runs that are stored or chosen
	picks  []*PlannedRun    // chosen runs, in order
	budget float64          // seconds
}

func newFitter(p *Plan, seconds float64) *fitter {
	f := &fitter{plan: p, budget: seconds, at: map[string]int{}, goals: map[string][]int{}, taken: map[string]bool{}}
	for i, r := range p.Runs {
		f.at[r.Name] = i
		f.taken[r.Name] = r.State == Stored
	}
	for i, g := range p.Goals {
		for _, name := range g.needs {
			f.goals[name] = append(f.goals[name], i)
		}
	}
	return f
}

// fill chooses sets of runs, the one with the lowest rank first, as long as one
// fits. The rank is given those of a set that are not there yet, and their cost.
func (f *fitter) fill(sets [][]string, rank func(missing []string, cost float64) float64) {
	tooLong := make([]bool, len(sets)) // it would be with more chosen runs, too
	for {
		best := -1
		var lowest float64
		for i, names := range sets {
			missing, cost := f.missing(names)
			if tooLong[i] || len(missing) == 0 {
				continue
			}
			if r := rank(missing, cost); best < 0 || r < lowest {
				best, lowest = i, r
			}
		}
		if best < 0 {
			return
		}
		tooLong[best] = !f.take(sets[best])
	}
}

// missing are those of runs that are neither stored nor chosen, and their cost:
// seconds, of which a run that is trained beside others has its share.
func (f *fitter) missing(names []string) (missing []string, cost float64) {
	for _, name := range names {
		if f.taken[name] {
			continue
		}
		missing = append(missing, name)
		r := &f.plan.Runs[f.at[name]]
		if r.run.wide() {
			cost += r.Seconds
		} else {
			cost += r.Seconds / float64(f.plan.AtOnce)
		}
	}
	return missing, cost
}

// completes counts the goals that lack nothing else than these runs.
func (f *fitter) completes(runs []string) int {
	found := map[int]int{}
	for _, name := range runs {
		for _, goal := range f.goals[name] {
			found[goal]++
		}
	}
	n := 0
	for goal, have := range found {
		if missing, _ := f.missing(f.plan.Goals[goal].needs); len(missing) == have {
			n++
		}
	}
	return n
}

// take chooses runs if all is then trained within the budget.
func (f *fitter) take(names []string) bool {
	missing, _ := f.missing(names)
	picks := slices.Clone(f.picks)
	for _, name := range missing {
		picks = append(picks, &f.plan.Runs[f.at[name]])
	}
	if elapsed(picks, f.plan.AtOnce) > f.budget {
		return false
	}
	f.picks = picks
	for _, name := range missing {
		f.taken[name] = true
	}
	return true
}

// order puts the runs of the plan in order: the stored, the chosen, then what is
// not run.
func (f *fitter) order() []PlannedRun {
	var runs, left []PlannedRun
	for _, r := range f.plan.Runs {
		switch {
		case r.State == Stored:
			runs = append(runs, r)
		case !f.taken[r.Name]:
			r.NotRun = true
			left = append(left, r)
		}
	}
	for _, r := range f.picks {
		runs = append(runs, *r)
	}
	return append(runs, left...)
}
