// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
)

// labels are those of the runs to train, in order, and of those left out.
func labels(plan *Plan) (train, left []string) {
	for _, r := range plan.Runs {
		switch {
		case r.NotRun:
			left = append(left, r.Label)
		case r.State != Stored:
			train = append(train, r.Label)
		}
	}
	return
}

// fitted is a plan kept to a budget; the plan itself stays as it is.
func fitted(plan *Plan, budget time.Duration) *Plan {
	again := *plan
	again.Runs, again.Goals, again.Experiments = slices.Clone(plan.Runs), slices.Clone(plan.Goals), slices.Clone(plan.Experiments)
	again.Fit(budget)
	return &again
}

// Whatever the budget: what is chosen keeps to it, is listed or left out and
// nothing else, starts from what is there, and is what is handed on to All.
func TestFitKeepsToTheBudget(t *testing.T) {
	for _, name := range []string{"quick", "laptop"} {
		p := preset(t, name)
		for _, atOnce := range []int{1, 2} {
			s := newSession(t, t.TempDir()).Store
			whole := planOf(t, s, few(), p, PlanFor{here.Backend, atOnce})
			for part := range 21 {
				budget := whole.Time()*time.Duration(part)/20 + time.Second
				plan := fitted(whole, budget)
				if plan.Time() > budget {
					t.Errorf("%s: %s are planned in %s", name, plan.Time(), budget)
				}
				if len(plan.Runs) != len(whole.Runs) {
					t.Fatalf("%s in %s: %d runs, want all %d", name, budget, len(plan.Runs), len(whole.Runs))
				}
				train, left := labels(plan)
				if part == 20 && len(left) > 0 || part == 0 && len(train) > 0 {
					t.Errorf("%s in %s: %d runs to train and %d not run", name, budget, len(train), len(left))
				}
				there := map[string]bool{}
				for _, r := range plan.Runs {
					if there[r.Name] {
						t.Errorf("%s comes twice", r.Label)
					}
					there[r.Name] = true
					if parent := r.run.Parent; !r.NotRun && parent != nil && !there[parent.Name()] {
						t.Errorf("%s comes before what it starts from", r.Label)
					}
				}
				runs, err := Runs(plan.ToTrain(), p)
				if err != nil {
					t.Fatal(err)
				}
				var handed []string
				for _, r := range runs {
					handed = append(handed, r.Label)
				}
				if !slices.Equal(handed, train) {
					t.Errorf("%s in %s: All is handed %v, want %v", name, budget, handed, train)
				}
				for _, g := range plan.Goals {
					if g.Complete && g.NotRun > 0 || len(left) == 0 && !g.Complete {
						t.Errorf("%s in %s: %s is %+v", name, budget, g, g)
					}
				}
			}
		}
	}
}

// Nothing that would still fit is left out.
func TestFitUsesTheTime(t *testing.T) {
	p := preset(t, "laptop")
	whole := planOf(t, newSession(t, t.TempDir()).Store, few(), p, here)
	for _, budget := range []time.Duration{7 * time.Minute, 20 * time.Minute, 40 * time.Minute} {
		plan := fitted(whole, budget)
		there := map[string]bool{}
		for _, r := range plan.Runs {
			there[r.Name] = !r.NotRun
		}
		for _, r := range plan.Runs {
			if startable := r.run.Parent == nil || there[r.run.Parent.Name()]; r.NotRun && startable && plan.Seconds+r.Seconds <= budget.Seconds() {
				t.Errorf("%s are taken of %s, and %s would fit with %.0f s", plan.Time(), budget, r.Label, r.Seconds)
			}
		}
	}
}

// The order is that of the cheapest cell, and what cells share counts once. Phase
// 1 on [30, 40] takes 378 s here and completes Table 3; each Phase 2 takes 23 and
// completes a cell of its own, the PINN takes 54 and Phase 1 on [2, 20] 55.
func TestFitOrder(t *testing.T) {
	const phase1, wide, pinn = "Phase 1 on beta=30…40 (11), seed 0", "Phase 1 on beta=2…20 (10), seed 0", "PINN at beta=40, seed 0"
	p := preset(t, "quick")
	setup, err := convection()
	if err != nil {
		t.Fatal(err)
	}
	var cells []*Run
	for _, beta := range []float64{30, 35, 40} {
		for _, rank := range []lrpinn.Rank{lrpinn.FullRank, lrpinn.AdaptiveRank} {
			cells = append(cells, table2Run(setup, p, beta, rank)...)
		}
	}
	experiments := slices.Concat([]Experiment{figure2(), figure4()}, just(cells...), []Experiment{table3()})
	plan := planOf(t, newSession(t, t.TempDir()).Store, experiments, p, here)
	for i := range plan.Runs {
		switch r := &plan.Runs[i]; r.Label {
		case phase1:
			r.Seconds = 378
		case wide:
			r.Seconds = 55
		case pinn:
			r.Seconds = 54
		default:
			r.Seconds = 23
		}
	}
	plan.total()

	fit := func(budget time.Duration) (train []string) {
		train, _ = labels(fitted(plan, budget))
		return train
	}
	// Too little for Phase 1, without which no cell is complete: panels of figures.
	if got := fit(2 * time.Minute); !slices.Equal(got, []string{pinn, wide}) {
		t.Errorf("2 minutes go to %v", got)
	}
	// Phase 1 with one Phase 2 completes two cells, cheaper each than Table 3's alone.
	got := fit(407 * time.Second)
	if len(got) != 2 || got[0] != phase1 || got[1] == pinn || got[1] == wide {
		t.Errorf("407 s go to %v, want Phase 1 and one Phase 2", got)
	}
	// With time for it, Figure 2 comes first: 378 + 23 + 54 complete three. Last
	// would be Figure 4, since Phase 1 on [2, 20] completes nothing else.
	got = fit(time.Duration(plan.Seconds-10) * time.Second)
	if len(got) != len(plan.Runs)-1 || !slices.Equal(got[:3], []string{phase1, "Phase 2 at beta=40, adaptive rank, seed 0", pinn}) || slices.Contains(got, wide) {
		t.Errorf("10 s less than all goes to %v", got)
	}
}

// madeUp is a plan of runs named by their places: what each takes, whether it is
// wide, and the place of its parent, -1 for none. Each goal shows some of them.
func madeUp(atOnce int, seconds []float64, wide []bool, parents []int, goals ...[]int) *Plan {
	const id = "test/figure"
	plan := &Plan{AtOnce: atOnce, Experiments: []Subtotal{{ID: id}}}
	var runs []*Run
	for i := range seconds {
		r := &Run{name: fmt.Sprint(i), Label: fmt.Sprint(i)}
		r.Config.Mus = make([][]float64, 1)
		if wide[i] {
			r.Config.Mus = make([][]float64, 2)
		}
		if parents[i] >= 0 {
			r.Parent = runs[parents[i]]
		}
		runs = append(runs, r)
		plan.Runs = append(plan.Runs, PlannedRun{Name: r.name, Label: r.Label, Experiment: id, State: Missing, Seconds: seconds[i], run: r})
	}
	for _, shown := range goals {
		var asked []*Run
		for _, run := range shown {
			asked = append(asked, runs[run])
		}
		plan.Goals = append(plan.Goals, goalsOf(Experiment{ID: id}, asked)...)
	}
	plan.total()
	return plan
}

// Fit chooses, again and again, the goal of the lowest cost for each goal that it
// would complete, the first of several, then runs likewise: as written here, where
// all is looked at anew each time. Times are few, so that many tie.
func TestFitIsGreedy(t *testing.T) {
	draw := rand.New(rand.NewPCG(2, 0))
	for trial := range 300 {
		n, atOnce := 1+draw.IntN(25), 1+draw.IntN(3)
		seconds, wide, parents := make([]float64, n), make([]bool, n), make([]int, n)
		for i := range n {
			// Halves and thirds of 6 add up without rounding.
			seconds[i], wide[i], parents[i] = float64(6*(1+draw.IntN(5))), draw.IntN(4) == 0, draw.IntN(i+1)-1
			if draw.IntN(2) == 0 {
				parents[i] = -1
			}
		}
		var goals [][]int
		for range 1 + draw.IntN(15) {
			goals = append(goals, draw.Perm(n)[:1+draw.IntN(min(n, 4))])
		}
		plan := madeUp(atOnce, seconds, wide, parents, goals...)
		for i := range plan.Runs {
			if r := &plan.Runs[i]; draw.IntN(6) == 0 && (parents[i] < 0 || plan.Runs[parents[i]].State == Stored) {
				r.State, r.Seconds = Stored, 0
			}
		}
		plan.total()
		budget := toDuration(plan.Seconds * draw.Float64())

		byName := map[string]*PlannedRun{}
		for i := range plan.Runs {
			byName[plan.Runs[i].Name] = &plan.Runs[i]
		}
		var picks []*PlannedRun
		missing := func(names []string) (missing []*PlannedRun, cost float64) {
			for _, name := range names {
				if r := byName[name]; r.State != Stored && !slices.Contains(picks, r) {
					missing = append(missing, r)
					if r.run.wide() {
						cost += r.Seconds
					} else {
						cost += r.Seconds / float64(atOnce)
					}
				}
			}
			return missing, cost
		}
		completed := func(with []*PlannedRun) (n float64) {
			for _, g := range plan.Goals {
				lacks, _ := missing(g.needs)
				if len(lacks) > 0 && !slices.ContainsFunc(lacks, func(r *PlannedRun) bool { return !slices.Contains(with, r) }) {
					n++
				}
			}
			return n
		}
		fill := func(sets [][]string, share bool) {
			tooLong := map[int]bool{}
			for {
				var best []*PlannedRun
				var lowest float64
				var at int
				for i, set := range sets {
					lacks, rank := missing(set)
					if len(lacks) == 0 || tooLong[i] {
						continue
					}
					if share {
						rank /= completed(lacks)
					}
					if best == nil || rank < lowest {
						best, lowest, at = lacks, rank, i
					}
				}
				with := slices.Concat(picks, best)
				switch {
				case best == nil:
					return
				case elapsed(with, atOnce) <= budget.Seconds():
					picks = with
				default:
					tooLong[at] = true
				}
			}
		}
		var cells, single [][]string
		for _, g := range plan.Goals {
			cells, single = append(cells, g.needs), append(single, g.runs...)
		}
		fill(cells, true)
		fill(single, false)
		var want []string
		for _, r := range picks {
			want = append(want, r.Label)
		}
		if got, _ := labels(fitted(plan, budget)); !slices.Equal(got, want) {
			t.Fatalf("trial %d: %s of %g s go to %v, want %v", trial, budget, plan.Seconds, got, want)
		}
	}
}

// Two at once, 10 s beside 5 and 5 take 10 s, but 15 in the order of the cheapest
// first: nothing is left out for that.
func TestFitOfAll(t *testing.T) {
	plan := madeUp(2, []float64{10, 5, 5}, make([]bool, 3), []int{-1, -1, -1}, []int{0}, []int{1}, []int{2})
	if train, left := labels(fitted(plan, 10*time.Second)); !slices.Equal(train, []string{"0", "1", "2"}) || left != nil {
		t.Errorf("10 s go to %v, and %v is left out", train, left)
	}
	if train, left := labels(fitted(plan, 9*time.Second)); !slices.Equal(train, []string{"1", "2"}) || !slices.Equal(left, []string{"0"}) {
		t.Errorf("9 s go to %v, and %v is left out", train, left)
	}
}

// Stored runs cost nothing and are not left out, whatever the budget.
func TestFitCountsWhatIsThere(t *testing.T) {
	p := preset(t, "quick")
	s := newSession(t, t.TempDir()).Store
	runs, err := Runs(few(), p)
	if err != nil {
		t.Fatal(err)
	}
	fakeRecord(t, s, runs[0], backend.Info{}, 1) // Phase 1
	plan := planOf(t, s, few(), p, here)
	plan.Fit(time.Second)
	train, left := labels(plan)
	if plan.Runs[0].Name != runs[0].Name() || len(train) != 0 || len(left) != len(runs)-1 {
		t.Errorf("%s stored: %v to train and %v not run", runs[0].Label, train, left)
	}
	complete := 0
	for _, g := range plan.Goals {
		if g.Complete {
			complete++
			if g.String() != "table3: Phase 1 on beta=30…40 (11)" {
				t.Errorf("%s is complete", g)
			}
		}
	}
	if complete != 1 {
		t.Errorf("%d goals are complete, want Table 3's adaptive count", complete)
	}
}
