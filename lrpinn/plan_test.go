// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// planned is Phase 2 from a Phase 1 of width 4.
func planned(t *testing.T, mu []float64) lrpinn.Phase2 {
	t.Helper()
	p, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), mu, lrpinn.FullRank, phase1Weights(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func staged(t *testing.T, p lrpinn.Phase2, plan lrpinn.Plan) train.Task {
	t.Helper()
	task, err := p.Staged(traintest.Open(t), plan)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func datum(t *testing.T, task train.Task, name string) train.Array {
	t.Helper()
	i := slices.IndexFunc(task.Data, func(d train.Datum) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("no datum %s", name)
	}
	return task.Data[i].Value
}

// A continuation starts where Phase 2 at its first setting does and ends at Mu.
func TestContinuation(t *testing.T) {
	from, to := []float64{2, 1, 0}, []float64{5, 1, 3}
	p := planned(t, to)
	p.Rank = lrpinn.AdaptiveRank
	task := staged(t, p, lrpinn.Plan{Stages: 4, From: from})
	alone := planned(t, from)
	alone.Rank = lrpinn.AdaptiveRank
	first := alone.Task()
	for i, w := range task.Weights {
		if !w.Value.Equal(first.Weights[i].Value) {
			t.Errorf("%s starts at %v, want %v", w.Name, w.Value.Data, first.Weights[i].Value.Data)
		}
	}
	ended := traintest.Values(p.Task())
	for k, want := range [][]float64{from, {3, 1, 1}, {4, 1, 2}, to} {
		stage := task
		if k > 0 {
			var err error
			if stage, err = task.Stage(k, slices.Repeat([]map[string]train.Array{ended}, k)); err != nil {
				t.Fatal(err)
			}
			for i, w := range stage.Weights {
				if !w.Value.Equal(ended[w.Name]) {
					t.Errorf("stage %d does not go on with %s from the one before", k, w.Name)
				}
				if mask := task.Weights[i].Mask; (mask == nil) != (w.Mask == nil) || mask != nil && !mask.Equal(*w.Mask) {
					t.Errorf("stage %d has another mask of %s than the first", k, w.Name)
				}
			}
		}
		if got := datum(t, stage, pinn.MuDatum).Data; !slices.Equal(got, want) {
			t.Errorf("stage %d is at %v, want %v", k, got, want)
		}
	}
}

// Points that are drawn anew are others in each stage, though each counts its draws from 0.
func TestStagesDrawOtherPoints(t *testing.T) {
	p := planned(t, goldenMus[0])
	p.Setup.Sample.Redraw = 1
	task := staged(t, p, lrpinn.Plan{Stages: 3})
	seed := func(task train.Task) int64 {
		i := slices.IndexFunc(task.Data, func(d train.Datum) bool { return d.Name == pinn.CollocationDatum })
		return task.Data[i].Redraw.Seed
	}
	seeds := map[int64]bool{seed(task): true}
	for k := 1; k < 3; k++ {
		next, err := task.Stage(k, slices.Repeat([]map[string]train.Array{traintest.Values(task)}, k))
		if err != nil {
			t.Fatal(err)
		}
		seeds[seed(next)] = true
	}
	if len(seeds) != 3 {
		t.Errorf("%d seeds of three stages", len(seeds))
	}
}

// One stage is Phase 2.
func TestOneStageIsPhase2(t *testing.T) {
	p := planned(t, goldenMus[0])
	got := trained(t, 3, staged(t, p, lrpinn.Plan{Stages: 1}))[0]
	want := trained(t, 3, p.Task())[0]
	for name, w := range want.Weights {
		if !got.Weights[name].Equal(w) {
			t.Errorf("%s differs", name)
		}
	}
}

// Every stage but the first has points of its own, the same ones when it is begun again.
// (That they go where the residual is, pinn's TestAdapted shows.)
func TestPointsByTheResidual(t *testing.T) {
	p := planned(t, goldenMus[1])
	n := len(p.Setup.Points.Collocation)
	task := staged(t, p, lrpinn.Plan{Stages: 3, Candidates: 50 * n, Seed: 5})
	if got := datum(t, task, pinn.CollocationDatum); !got.Equal(datum(t, p.Task(), pinn.CollocationDatum)) {
		t.Error("the first stage has other points than the setup")
	}
	ended := []map[string]train.Array{traintest.Values(p.Task()), traintest.Values(p.Task())}
	seen := map[float64]bool{}
	for k := 1; k < 3; k++ {
		next, err := task.Stage(k, ended[:k])
		if err != nil {
			t.Fatal(err)
		}
		points := datum(t, next, pinn.CollocationDatum)
		if !slices.Equal(points.Dims, []int{1, n, 2}) {
			t.Errorf("stage %d has points of shape %v", k, points.Dims)
		}
		seen[points.Data[0]] = true
		again, err := task.Stage(k, ended[:k])
		if err != nil || !datum(t, again, pinn.CollocationDatum).Equal(points) {
			t.Errorf("stage %d has other points when it is begun again (%v)", k, err)
		}
	}
	if len(seen) != 2 {
		t.Error("two stages have the same points")
	}
	// And the run goes through.
	if state := trained(t, 3, task)[0]; len(state.Ended) != 2 {
		t.Errorf("%d stages ended before the last, want 2", len(state.Ended))
	}
}

func TestPlansThatAreNone(t *testing.T) {
	p := planned(t, goldenMus[0])
	redrawn := p
	redrawn.Setup.Sample.Redraw = 1
	for _, c := range []struct {
		p    lrpinn.Phase2
		plan lrpinn.Plan
		want string
	}{
		{p, lrpinn.Plan{}, "in 0 stages"},
		{p, lrpinn.Plan{Stages: 1, From: goldenMus[1]}, "in one stage"},
		{p, lrpinn.Plan{Stages: 1, Candidates: 100}, "in one stage"},
		{p, lrpinn.Plan{Stages: 2, From: []float64{1}}, "mu has 1 entries"},
		{p, lrpinn.Plan{Stages: 2, Candidates: -1}, "7 collocation points out of -1"},
		{p, lrpinn.Plan{Stages: 2, Candidates: 6}, "7 collocation points out of 6"},
		{redrawn, lrpinn.Plan{Stages: 2, Candidates: 100}, "every 1 steps"},
	} {
		if _, err := c.p.Staged(traintest.Open(t), c.plan); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v gives %v, want an error with %q", c.plan, err, c.want)
		}
	}
}
