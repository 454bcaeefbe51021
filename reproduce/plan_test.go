// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// here is the machine that tests plan for: the one of the table in budget.go.
var here = PlanFor{Backend: backend.Info{Name: backend.CPU, CPU: "this one", Threads: 2}}

// fakeRecord is a record of a run that took some seconds on a machine.
func fakeRecord(t testing.TB, s *store.Store, r *Run, on backend.Info, seconds float64) {
	t.Helper()
	record := store.Record{
		Weights:  map[string]train.Array{"w": train.NewArray(1, 1, 1)},
		Manifest: store.Manifest{Backend: on, WallSeconds: seconds},
	}
	if _, err := s.Put(r.Config, record, "float32"); err != nil {
		t.Fatal(err)
	}
}

func preset(t testing.TB, name string) Preset {
	t.Helper()
	p, err := FindPreset(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func planOf(t testing.TB, s *store.Store, experiments []Experiment, p Preset, on PlanFor) *Plan {
	t.Helper()
	plan, err := NewPlan(s, experiments, p, on)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// just is an experiment of some runs.
func just(runs ...*Run) []Experiment {
	return []Experiment{{ID: "test/table9", runs: func(Preset) ([]*Run, error) { return runs, nil }}}
}

// few are experiments that share runs with each other, for tests of what a plan
// does with any: all of them are many.
func few() []Experiment { return []Experiment{figure2(), figure4(), table2(), table3()} }

// A plan lists what All goes through, in its order, and its subtotals add up.
func TestPlanOfNothing(t *testing.T) {
	s := newSession(t, t.TempDir()).Store
	for _, p := range Presets() {
		for _, on := range []int{1, 2} {
			plan := planOf(t, s, few(), p, PlanFor{here.Backend, on})
			runs, err := Runs(few(), p)
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.Runs) != len(runs) {
				t.Fatalf("%s: %d runs, want %d", p.Name, len(plan.Runs), len(runs))
			}
			sum, count := 0., 0
			for i, r := range plan.Runs {
				if r.Name != runs[i].Name() || r.State != Missing || r.Reason == "" || r.Seconds <= 0 || r.Source != FromTable || r.NotRun || r.Experiment == "" {
					t.Errorf("%s: run %d is %+v, want %s", p.Name, i, r, runs[i].Label)
				}
				sum += r.Seconds
			}
			subtotals := 0.
			for _, e := range plan.Experiments {
				subtotals += e.Seconds
				count += e.Runs
				if e.Runs != e.ToTrain || e.Seconds < 0 {
					t.Errorf("%s: %s is %+v", p.Name, e.ID, e)
				}
			}
			if count != len(runs) || math.Abs(subtotals-plan.Seconds) > 1e-6 {
				t.Errorf("%s: experiments have %d runs of %d and take %g s of %g", p.Name, count, len(runs), subtotals, plan.Seconds)
			}
			// One after another it is the sum; two at once save something and at most half.
			if on == 1 && math.Abs(plan.Seconds-sum) > 1e-6 || on == 2 && (plan.Seconds >= sum || plan.Seconds < sum/2) {
				t.Errorf("%s, %d at once: %g s of runs take %g s", p.Name, on, sum, plan.Seconds)
			}
		}
	}
}

// Without records, one after another, a plan takes what data/budget.csv says.
func TestPlanAgreesWithTheBudget(t *testing.T) {
	lines, err := Budget()
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t, t.TempDir()).Store
	for _, p := range Presets() {
		var want time.Duration
		for _, l := range lines {
			if l.Preset == p.Name {
				want += l.Time()
			}
		}
		// The budget has no idle processor; the plan waits where a run on all of them,
		// or one that others start from, is due.
		got := planOf(t, s, Experiments(), p, PlanFor{here.Backend, 2}).Time()
		if got < want-time.Second || got > want+want/5 {
			t.Errorf("%s is planned at %s and budgeted at %s", p.Name, got, want)
		}
	}
}

// What a person is told of each run.
func TestPlanReasons(t *testing.T) {
	setup := tinySetup(t)
	phase1 := func(steps int, seed int64) *Run { return Phase1Run(setup, mus([]float64{30, 40}), steps, seed) }
	phase2 := func(steps1, steps2 int, beta float64, rank lrpinn.Rank, seed int64) *Run {
		return Phase2Run(phase1(steps1, seed), []float64{beta, 0, 0}, rank, steps2)
	}
	older := phase1(40, 0)
	older.Config.Version--

	for name, c := range map[string]struct {
		records []*Run
		ask     *Run
		state   PlanState
		reason  string
		nearest *Run
	}{
		"empty store":      {nil, phase1(40, 0), Missing, "missing", nil},
		"there":            {[]*Run{phase1(40, 0)}, phase1(40, 0), Stored, "in the store", nil},
		"another method's": {[]*Run{tinyPINN(t, 30)}, phase1(40, 0), Missing, "missing", nil},
		"other steps":      {[]*Run{phase1(40, 0)}, phase1(20000, 0), Changed, "changed: train.steps 40 → 20000", phase1(40, 0)},
		"other version":    {[]*Run{older}, phase1(40, 0), Changed, "changed: version 0 → 1", older},
		"other seed":       {[]*Run{phase1(40, 0)}, phase1(40, 1), Missing, "missing; the nearest record differs: seed 0 → 1", phase1(40, 0)},
		"the one of fewer differences": {
			[]*Run{phase1(50, 3), phase1(50, 0), phase1(60, 2)}, phase1(40, 0), Changed, "changed: train.steps 50 → 40", phase1(50, 0),
		},
		"of two the one of the same query": {
			[]*Run{phase1(40, 1), phase1(50, 0), phase1(40, 2)}, phase1(40, 0), Changed, "changed: train.steps 50 → 40", phase1(50, 0),
		},
		"other β": {
			[]*Run{phase1(40, 0), phase2(40, 10, 30, lrpinn.FullRank, 0)},
			phase2(40, 10, 35, lrpinn.FullRank, 0),
			Missing, "missing; the nearest record differs: mus [[30,0,0]] → [[35,0,0]]", phase2(40, 10, 30, lrpinn.FullRank, 0),
		},
		"other model": {
			[]*Run{phase1(40, 0), phase2(40, 10, 30, lrpinn.FullRank, 0)},
			phase2(40, 10, 30, lrpinn.AdaptiveRank, 0),
			Changed, "changed: model.rank full → adaptive", phase2(40, 10, 30, lrpinn.FullRank, 0),
		},
		// A changed parent is told by what changed in it, and its seed is the run's.
		"other parent": {
			[]*Run{phase1(40, 0), phase2(40, 10, 30, lrpinn.FullRank, 0)},
			phase2(50, 10, 30, lrpinn.FullRank, 0),
			Changed, "changed: parent.train.steps 40 → 50", phase2(40, 10, 30, lrpinn.FullRank, 0),
		},
		"other parent and seed": {
			[]*Run{phase1(40, 0), phase2(40, 10, 30, lrpinn.FullRank, 0)},
			phase2(40, 10, 30, lrpinn.FullRank, 1),
			Missing, "missing; the nearest record differs: seed 0 → 1", phase2(40, 10, 30, lrpinn.FullRank, 0),
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, t.TempDir()).Store
			for _, r := range c.records {
				fakeRecord(t, s, r, here.Backend, 1)
			}
			plan := planOf(t, s, just(c.ask), Preset{}, here)
			got := plan.Runs[len(plan.Runs)-1]
			if got.State != c.state || got.Reason != c.reason {
				t.Errorf("it is %s: %q, want %s: %q", got.State, got.Reason, c.state, c.reason)
			}
			if c.nearest != nil && got.Nearest != c.nearest.Name() || c.nearest == nil && got.Nearest != "" {
				t.Errorf("the nearest is %q", got.Nearest)
			}
			if (got.Seconds == 0) != (c.state == Stored) {
				t.Errorf("it takes %g s", got.Seconds)
			}
		})
	}
}

// A record in a reused store is named with it; a parent without weights stops
// what starts from it.
func TestPlanOfReused(t *testing.T) {
	other := t.TempDir()
	phase1, phase2 := tinyPhases(t, 30)
	record := store.Record{Manifest: store.Manifest{Backend: here.Backend, WallSeconds: 1}}
	if _, err := newSession(t, other).Store.Put(phase1.Config, record, "float32"); err != nil {
		t.Fatal(err)
	}
	plan := planOf(t, newSession(t, t.TempDir(), other).Store, just(phase2...), Preset{}, here)
	if r := plan.Runs[0]; r.State != Stored || r.Reason != "in "+other {
		t.Errorf("Phase 1 is %s: %q", r.State, r.Reason)
	}
	if r := plan.Runs[1]; !strings.Contains(r.Reason, "can't start") || !strings.Contains(r.Reason, phase1.Label) {
		t.Errorf("Phase 2 is %q", r.Reason)
	}
}

// An unfinished run takes what is left of it.
func TestPlanOfUnfinished(t *testing.T) {
	s := newSession(t, t.TempDir()).Store
	r := Phase1Run(tinySetup(t), mus([]float64{30, 40}), 1000, 0)
	whole := planOf(t, s, just(r), Preset{}, here).Runs[0]
	p, err := s.Begin(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Checkpoint(train.State{Steps: 400}, "float32", 1); err != nil {
		t.Fatal(err)
	}
	got := planOf(t, s, just(r), Preset{}, here).Runs[0]
	if got.State != Unfinished || got.Reason != "unfinished: goes on from step 400 of 1000" || got.Step != 400 {
		t.Errorf("it is %s: %q", got.State, got.Reason)
	}
	millis, err := stepMillis(r)
	if err != nil {
		t.Fatal(err)
	}
	if saved := whole.Seconds - got.Seconds; math.Abs(saved-400*millis/1000) > 1e-9 || saved <= 0 {
		t.Errorf("400 steps of %g ms save %g s", millis, saved)
	}
}

// Times are those of this machine's records of the same graph, whatever their μ,
// seed and parent; else the table's.
func TestPlanTimes(t *testing.T) {
	setup := tinySetup(t)
	run := func(steps int, seed int64, betas ...float64) *Run { return Phase1Run(setup, mus(betas), steps, seed) }
	phase2 := func(beta float64, seed int64) *Run {
		return Phase2Run(run(2000, seed, 30, 40), []float64{beta, 0, 0}, lrpinn.FullRank, 2000)
	}
	elsewhere, gpu, single := here.Backend, here.Backend, here.Backend
	elsewhere.CPU, gpu.Name, single.Threads = "another", backend.CUDA, 1
	type taken struct {
		run     *Run
		on      backend.Info
		seconds float64
	}
	ask := run(2000, 5, 1, 2)
	// table is what budget.go says of it; only its steps are slower elsewhere.
	table := func(slower float64) float64 {
		millis, err := stepMillis(ask)
		if err != nil {
			t.Fatal(err)
		}
		return slower*millis*2000/1000 + overheadSeconds(ask)
	}
	for name, c := range map[string]struct {
		records []taken
		ask     *Run
		on      PlanFor
		want    float64
		from    TimeSource
	}{
		"no records":             {nil, ask, here, table(1), FromTable},
		"pure Go":                {nil, ask, PlanFor{Backend: backend.Info{Name: backend.Go}}, table(15), FromTable},
		"another machine":        {[]taken{{run(2000, 0, 30, 40), elsewhere, 8}, {run(2000, 0, 30, 40), gpu, 8}}, ask, here, table(1), FromTable},
		"other μ, seed":          {[]taken{{run(2000, 0, 30, 40), here.Backend, 8}}, ask, here, 8, FromRecords},
		"other parent":           {[]taken{{phase2(30, 0), here.Backend, 7}}, phase2(35, 1), here, 7, FromRecords},
		"another number of μ":    {[]taken{{run(2000, 0, 30, 35, 40), here.Backend, 8}}, ask, here, table(1), FromTable},
		"median":                 {[]taken{{run(2000, 0, 1, 2), here.Backend, 8}, {run(2000, 1, 1, 2), here.Backend, 9}, {run(2000, 2, 1, 2), here.Backend, 99}}, ask, here, 9, FromRecords},
		"other steps":            {[]taken{{run(4000, 0, 1, 2), here.Backend, 8}}, ask, here, 4, FromRecords},
		"same steps first":       {[]taken{{run(4000, 0, 1, 2), here.Backend, 8}, {run(2000, 0, 1, 2), here.Backend, 5}}, ask, here, 5, FromRecords},
		"too short to tell":      {[]taken{{run(40, 0, 1, 2), here.Backend, 4}}, ask, here, table(1), FromTable},
		"short as what is asked": {[]taken{{run(40, 0, 1, 2), here.Backend, 4}}, run(40, 7, 30, 40), here, 4, FromRecords},
		"one thread beside another": {
			[]taken{{phase2(30, 0), here.Backend, 7}, {phase2(31, 0), single, 11}},
			phase2(35, 0),
			PlanFor{here.Backend, 2},
			11, FromRecords,
		},
		"all threads alone": {
			[]taken{{phase2(30, 0), here.Backend, 7}, {phase2(31, 0), single, 11}},
			phase2(35, 0), here, 7, FromRecords,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, t.TempDir()).Store
			for _, r := range c.records {
				fakeRecord(t, s, r.run, r.on, r.seconds)
			}
			plan := planOf(t, s, just(c.ask), Preset{}, c.on)
			got := plan.Runs[len(plan.Runs)-1]
			if math.Abs(got.Seconds-c.want) > 1e-6 || got.Source != c.from {
				t.Errorf("%g s from %s, want %g s from %s", got.Seconds, got.Source, c.want, c.from)
			}
		})
	}
}

// sleeper is a worker that takes as long as is expected of a run.
type sleeper map[string]float64

func (s sleeper) Train(_ context.Context, r *Run) error {
	time.Sleep(toDuration(s[r.Name()]))
	return nil
}

// The planned time is that of the real pool, where each run takes what is
// expected of it. Time is simulated, and the times are drawn so that no two runs
// end at once.
func TestElapsedIsThePools(t *testing.T) {
	p := preset(t, "laptop")
	runs, err := Runs(few(), p)
	if err != nil {
		t.Fatal(err)
	}
	draw := rand.New(rand.NewPCG(1, 0))
	for trial := range 20 {
		narrow := trial % 4
		some := slices.Clone(runs)
		draw.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		some, err = Runs(just(some[:10+draw.IntN(20)]...), p) // in an order with parents first
		if err != nil {
			t.Fatal(err)
		}
		takes := sleeper{}
		var planned []*PlannedRun
		for _, r := range some {
			takes[r.Name()] = 1 + 1000*draw.Float64()
			planned = append(planned, &PlannedRun{Name: r.Name(), Seconds: takes[r.Name()], run: r})
		}
		synctest.Test(t, func(t *testing.T) {
			pool := Pool{Wide: takes}
			for range narrow {
				pool.Narrow = append(pool.Narrow, takes)
			}
			start := time.Now()
			if failed, err := pool.Run(t.Context(), some); err != nil || failed != nil {
				t.Fatal(failed, err)
			}
			if got, want := elapsed(planned, narrow), time.Since(start).Seconds(); math.Abs(got-want) > 1e-3 {
				t.Errorf("%d runs on %d narrow workers: planned %g s, took %g s", len(some), narrow, got, want)
			}
		})
	}
}

// Planning the largest preset takes less than a second on an idle machine, in a
// store that holds records of many runs with histories and weights of their real
// size. A processor whose caches others use too takes up to twice as long, so
// that it is held against writing and reading all configurations as JSON, which
// takes an eleventh of a second there.
func TestPlanIsQuick(t *testing.T) {
	p := preset(t, "paper")
	st := newSession(t, t.TempDir()).Store
	record := store.Record{
		History:  train.History{Terms: []string{"residual", "initial", "boundary"}},
		Weights:  map[string]train.Array{"w": train.NewArray(1, 351)},
		Manifest: store.Manifest{Backend: here.Backend, WallSeconds: 20},
	}
	for i := range 20 {
		record.History.Rows = append(record.History.Rows, train.Row{Step: 10 * i, Terms: []float64{1. / 3, 1. / 7, 1. / 9}})
	}
	// A seed that is not asked for: all is missing, and each is compared with all.
	other := p
	other.Seeds, other.BaselineSeeds = []int64{100}, []int64{100}
	runs, err := Runs([]Experiment{table2()}, other)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if _, err := st.Put(r.Config, record, "float32"); err != nil {
			t.Fatal(err)
		}
	}
	spent := func() time.Duration {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			t.Fatal(err)
		}
		return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	// The collector's share depends on what tests before this one left.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	cpu := func(do func()) time.Duration {
		start := spent()
		do()
		return spent() - start
	}
	var plan *Plan
	const limit = 11
	least := math.Inf(1)
	for range 8 {
		planning := cpu(func() {
			setups.Clear()
			plan = planOf(t, st, Experiments(), p, PlanFor{here.Backend, 2})
			plan.Fit(2 * time.Hour)
		})
		encoding := cpu(func() {
			for _, r := range plan.Runs {
				data, err := json.Marshal(r.run.Config)
				if err != nil {
					t.Fatal(err)
				}
				var back any
				if err := json.Unmarshal(data, &back); err != nil {
					t.Fatal(err)
				}
			}
		})
		t.Logf("planned %d runs in %s, encoded them in %s", len(plan.Runs), planning, encoding)
		if least = min(least, planning.Seconds()/encoding.Seconds()); least <= limit {
			return
		}
	}
	t.Errorf("planning took %.1f times as long as encoding, want at most %d", least, limit)
}
