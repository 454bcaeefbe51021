// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"container/heap"
	"slices"
	"time"
)

// Fit keeps the plan to a budget of time: what has no room is marked as not run,
// and what has is put in the order in which it completes cells and figures, the
// cheapest a cell first. A run that several goals need counts once. Time that is
// left then goes to single runs, the cheapest first, which give cells with fewer
// seeds and figures with fewer panels. Nothing is left out where all of the plan
// keeps to the budget in its own order.
func (p *Plan) Fit(budget time.Duration) {
	seconds := budget.Seconds()
	p.BudgetSeconds = &seconds
	f := newFitter(p, seconds)
	f.fill(f.needs, func(missing []int, cost float64) float64 { return cost / float64(f.completes(missing)) })
	var single [][]int
	for _, g := range p.Goals {
		for _, names := range g.runs {
			single = append(single, f.places(names))
		}
	}
	f.fill(single, func(_ []int, cost float64) float64 { return cost })
	// Two at once may take longer in another order.
	if all := f.all(); len(f.picks) < len(all) && elapsed(all, p.AtOnce) <= seconds {
		p.total()
		return
	}
	p.Runs = f.order()
	p.total()
}

// fitter fills a budget. Runs are named by their places in the plan, goals and
// other sets of runs by theirs in their list.
type fitter struct {
	plan   *Plan
	budget float64 // seconds
	at     map[string]int
	needs  [][]int // runs of each goal
	goals  [][]int // goals that need each run
	lacks  []int   // runs of each goal that are not there
	found  []int   // scratch of completes: runs of each goal; all 0
	there  []bool  // runs that are stored or chosen
	picks  []int   // chosen runs, in order
	place  []int   // of each run among the picks, -1 for none
	sim    simulation
}

func newFitter(p *Plan, seconds float64) *fitter {
	f := &fitter{
		plan: p, budget: seconds, at: map[string]int{}, goals: make([][]int, len(p.Runs)),
		lacks: make([]int, len(p.Goals)), found: make([]int, len(p.Goals)),
		there: make([]bool, len(p.Runs)), place: make([]int, len(p.Runs)), sim: newSimulation(p.AtOnce),
	}
	for i, r := range p.Runs {
		f.at[r.Name] = i
		f.there[i] = r.State == Stored
		f.place[i] = -1
	}
	for i, g := range p.Goals {
		f.needs = append(f.needs, f.places(g.needs))
		for _, run := range f.needs[i] {
			f.goals[run] = append(f.goals[run], i)
			if !f.there[run] {
				f.lacks[i]++
			}
		}
	}
	return f
}

func (f *fitter) places(names []string) []int {
	at := make([]int, len(names))
	for i, name := range names {
		at[i] = f.at[name]
	}
	return at
}

// fill chooses sets of runs, the one with the lowest rank first and of several the
// first, as long as one fits. The rank is given those of a set that are not there
// yet, and their cost; it must depend on nothing else than which goals these
// complete.
func (f *fitter) fill(sets [][]int, rank func(missing []int, cost float64) float64) {
	of := make([][]int, len(f.plan.Runs)) // sets with each run
	for i, set := range sets {
		for _, run := range set {
			of[run] = append(of[run], i)
		}
	}
	ranks := make([]float64, len(sets))
	tooLong := make([]bool, len(sets)) // it would be with more chosen runs, too
	var next ranking
	add := func(set int) {
		if missing := f.missing(sets[set]); len(missing) > 0 && !tooLong[set] {
			ranks[set] = rank(missing, f.cost(missing))
			heap.Push(&next, rankedSet{ranks[set], set})
		}
	}
	for set := range sets {
		add(set)
	}
	for len(next) > 0 {
		best := heap.Pop(&next).(rankedSet)
		missing := f.missing(sets[best.set])
		switch {
		case best.rank != ranks[best.set] || tooLong[best.set] || len(missing) == 0:
			// It was ranked anew, or is done with.
		case !f.take(missing):
			tooLong[best.set] = true
		default:
			for _, set := range f.changed(missing, of) {
				add(set)
			}
		}
	}
}

// changed are the sets whose rank may be another now that runs were taken: those
// with one of them, and those that would complete a goal with one of them. It is
// given the sets with each run.
func (f *fitter) changed(taken []int, of [][]int) []int {
	var sets []int
	goals := map[int]bool{}
	for _, run := range taken {
		sets = append(sets, of[run]...)
		for _, goal := range f.goals[run] {
			goals[goal] = f.lacks[goal] > 0
		}
	}
	for goal, open := range goals {
		if !open {
			continue
		}
		// Of what the goal lacks, the run in the fewest sets: they must have it.
		missing := f.missing(f.needs[goal])
		sets = append(sets, of[slices.MinFunc(missing, func(a, b int) int { return len(of[a]) - len(of[b]) })]...)
	}
	slices.Sort(sets)
	return slices.Compact(sets)
}

// missing are those of runs that are neither stored nor chosen.
func (f *fitter) missing(runs []int) []int {
	var missing []int
	for _, run := range runs {
		if !f.there[run] {
			missing = append(missing, run)
		}
	}
	return missing
}

// cost is what runs take: seconds, of which a run that is trained beside others
// has its share.
func (f *fitter) cost(runs []int) float64 {
	cost := 0.
	for _, run := range runs {
		r := &f.plan.Runs[run]
		if r.run.wide() {
			cost += r.Seconds
		} else {
			cost += r.Seconds / float64(f.plan.AtOnce)
		}
	}
	return cost
}

// completes counts the goals that lack nothing else than these runs.
func (f *fitter) completes(runs []int) int {
	n := 0
	for _, run := range runs {
		for _, goal := range f.goals[run] {
			f.found[goal]++
			if f.found[goal] == f.lacks[goal] {
				n++
			}
		}
	}
	for _, run := range runs {
		for _, goal := range f.goals[run] {
			f.found[goal] = 0
		}
	}
	return n
}

// take chooses runs if all is then trained within the budget.
func (f *fitter) take(runs []int) bool {
	sim := f.sim.clone()
	for i, run := range runs {
		f.place[run] = len(f.picks) + i
		r := &f.plan.Runs[run]
		sim.add(r, f.parent(r))
	}
	sim.upToRoom()
	whole := sim.clone()
	if whole.toEnd() > f.budget {
		for _, run := range runs {
			f.place[run] = -1
		}
		return false
	}
	f.sim, f.picks = sim, append(f.picks, runs...)
	for _, run := range runs {
		f.there[run] = true
		for _, goal := range f.goals[run] {
			f.lacks[goal]--
		}
	}
	return true
}

// parent is the place among the picks of what a run starts from, -1 where that is
// in the store.
func (f *fitter) parent(r *PlannedRun) int {
	if r.run.Parent == nil {
		return -1
	}
	return f.place[f.at[r.run.Parent.Name()]]
}

// all are the runs that are not stored.
func (f *fitter) all() []*PlannedRun {
	var all []*PlannedRun
	for i := range f.plan.Runs {
		if r := &f.plan.Runs[i]; r.State != Stored {
			all = append(all, r)
		}
	}
	return all
}

// order puts the runs of the plan in order: the stored, the chosen, then what is
// not run.
func (f *fitter) order() []PlannedRun {
	var runs, left []PlannedRun
	for i, r := range f.plan.Runs {
		switch {
		case r.State == Stored:
			runs = append(runs, r)
		case !f.there[i]:
			r.NotRun = true
			left = append(left, r)
		}
	}
	for _, run := range f.picks {
		runs = append(runs, f.plan.Runs[run])
	}
	return append(runs, left...)
}

// rankedSet is a set of runs and the rank that it had.
type rankedSet struct {
	rank float64
	set  int
}

// ranking is a heap, the lowest rank first.
type ranking []rankedSet

func (r ranking) Len() int { return len(r) }

func (r ranking) Less(i, j int) bool {
	return r[i].rank < r[j].rank || r[i].rank == r[j].rank && r[i].set < r[j].set
}

func (r ranking) Swap(i, j int) { r[i], r[j] = r[j], r[i] }
func (r *ranking) Push(x any)   { *r = append(*r, x.(rankedSet)) }

func (r *ranking) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
