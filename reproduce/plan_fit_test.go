// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"
	"testing"
	"time"

	"pinn.example/repro/backend"
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
			whole := planOf(t, s, Experiments(), p, PlanFor{here.Backend, atOnce})
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
	whole := planOf(t, newSession(t, t.TempDir()).Store, Experiments(), p, here)
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

// The order is that of the cheapest cell, and what cells share counts once. At
// quick, without records, one after another (seconds by budget.go): Phase 1 on
// [30, 40] takes 378 and completes Table 3; Phase 2 takes 23 and completes one
// cell of Table 2 each, the PINN 54 and Phase 1 on [2, 20] 55.
func TestFitOrder(t *testing.T) {
	p := preset(t, "quick")
	plan := planOf(t, newSession(t, t.TempDir()).Store, Experiments(), p, here)
	const phase1, wide, pinn = "Phase 1 on beta=30…40 (11), seed 0", "Phase 1 on beta=2…20 (10), seed 0", "PINN at beta=40, seed 0"

	fit := func(budget time.Duration) (train []string) {
		train, _ = labels(fitted(plan, budget))
		return train
	}
	// Too little for Phase 1, without which no cell is complete: panels of figures.
	if got := fit(2 * time.Minute); !slices.Equal(got, []string{pinn, wide}) {
		t.Errorf("2 minutes go to %v", got)
	}
	// Phase 1 with one Phase 2 completes two cells, cheaper each than Table 3's
	// alone.
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

// Stored runs cost nothing and are not left out, whatever the budget.
func TestFitCountsWhatIsThere(t *testing.T) {
	p := preset(t, "quick")
	s := newSession(t, t.TempDir()).Store
	runs, err := Runs(Experiments(), p)
	if err != nil {
		t.Fatal(err)
	}
	fakeRecord(t, s, runs[0], backend.Info{}, 1)
	plan := planOf(t, s, Experiments(), p, here)
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
