// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// lowRank is a small Naive-LR-PINN of the equation with all terms.
func lowRank(tb testing.TB) baselines.NaiveLR {
	tb.Helper()
	return baselines.NaiveLR{Setup: cdr(tb), Mu: []float64{3, .25, 1.5}, Rank: 2, Width: 6, Seed: 4}
}

func ExampleCurriculum() {
	c := baselines.Curriculum{NaiveLR: baselines.NaiveLR{Setup: convection(), Mu: []float64{30, 0, 0}, Rank: 10}}
	task := c.Task()
	fmt.Println(task.Count(), "parameters,", task.Stages, "stages from", c.At(0), "to", c.At(task.Stages-1))
	fmt.Println(c.Steps(10_000), "steps")
	// Output:
	// 381 parameters, 30 stages from [1 0 0] to [30 0 0]
	// 9990 steps
}

func TestCurriculumSchedule(t *testing.T) {
	for _, beta := range []int{30, 35, 40} {
		c := baselines.Curriculum{NaiveLR: baselines.NaiveLR{Mu: []float64{float64(beta), 0, 0}}}
		for k := range beta {
			if got, want := c.At(k), []float64{float64(k + 1), 0, 0}; !slices.Equal(got, want) {
				t.Errorf("β = %d: stage %d is at %v, want %v", beta, k, got, want)
			}
		}
		// Of 10,000: 30 times 333, 35 times 285, 40 times 250.
		if got, want := c.Steps(10_000), map[int]int{30: 9990, 35: 9975, 40: 10_000}[beta]; got != want {
			t.Errorf("β = %d: %d steps of 10,000, want %d", beta, got, want)
		}
		if got := c.Steps(3); got != beta {
			t.Errorf("β = %d: %d steps of 3, want one a stage", beta, got)
		}
	}
	for _, c := range []struct {
		mu     []float64
		stages int
		want   [][]float64
	}{
		{[]float64{2.5, .5, 1.5}, 0, [][]float64{{2.5 / 3, .5 / 3, .5}, {5. / 3, 1. / 3, 1}, {2.5, .5, 1.5}}},
		{[]float64{-1.5, 0, 0}, 0, [][]float64{{-.75, 0, 0}, {-1.5, 0, 0}}},
		{[]float64{0, 0, 0}, 0, [][]float64{{0, 0, 0}}},
		{[]float64{.2, 0, 0}, 0, [][]float64{{.2, 0, 0}}},
		{[]float64{8, 0, 4}, 2, [][]float64{{4, 0, 2}, {8, 0, 4}}},
	} {
		got := baselines.Curriculum{NaiveLR: baselines.NaiveLR{Mu: c.mu}, Stages: c.stages}
		if n := got.WithDefaults().Stages; n != len(c.want) {
			t.Errorf("%v has %d stages, want %d", c.mu, n, len(c.want))
		}
		for k, want := range c.want {
			traintest.Near(t, fmt.Sprintf("stage %d to %v", k, c.mu), got.At(k), want, 1e-15)
		}
	}
	// 0.1·3/3 is not 0.1: the target itself does not go through the quotient.
	mu := []float64{.1, .7, 1.1}
	if got := (baselines.Curriculum{NaiveLR: baselines.NaiveLR{Mu: mu}, Stages: 3}).At(2); !slices.Equal(got, mu) {
		t.Errorf("the last stage is at %v, want %v", got, mu)
	}
}

// TestCurriculumOfOneStageIsNaiveLR, bit by bit.
func TestCurriculumOfOneStageIsNaiveLR(t *testing.T) {
	p := lowRank(t)
	s := train.Settings{Steps: 5, LearningRate: 1e-2, HistoryEvery: 1}
	c := baselines.Curriculum{NaiveLR: p, Stages: 1}.Task()
	sameStates(t, "one stage", newTrainer(t, c, s).run(nil, c), newTrainer(t, p.Task(), s).run(nil, p.Task()))
}

// TestCurriculumStages: each stage is the Naive-LR-PINN at its μ, the last one at
// the target, on the weights before it.
func TestCurriculumStages(t *testing.T) {
	for _, bases := range []bool{false, true} {
		p := lowRank(t)
		p.TrainBases = bases
		c := baselines.Curriculum{NaiveLR: p}
		task := c.Task()
		if task.Count() != p.Task().Count() {
			t.Errorf("%d parameters, want NaiveLR's %d", task.Count(), p.Task().Count())
		}
		ended := ends(task, 3)
		for k := range 3 {
			alone := p
			alone.Mu = c.At(k)
			if k == 2 {
				alone = p
			}
			got, want := stage(t, task, k, ended), alone.Task()
			if len(got.Data) != len(want.Data) {
				t.Fatalf("stage %d has %d data, want %d", k, len(got.Data), len(want.Data))
			}
			for i, d := range want.Data {
				if g := got.Data[i]; g.Name != d.Name || g.Shared != d.Shared || !g.Value.Equal(d.Value) {
					t.Errorf("stage %d: datum %q is not NaiveLR's %q", k, g.Name, d.Name)
				}
			}
			for i, w := range want.Weights {
				value := w.Value
				if k > 0 {
					value = ended[k-1][w.Name]
				}
				if g := got.Weights[i]; g.Name != w.Name || !g.Value.Equal(value) {
					t.Errorf("stage %d does not start from where %q ended", k, w.Name)
				}
			}
		}
	}
}

// TestCurriculumTrains: a curriculum is its stages one after the other, each a run
// of its own, and resumes within and between them.
func TestCurriculumTrains(t *testing.T) {
	c := baselines.Curriculum{NaiveLR: lowRank(t)}
	s := train.Settings{Steps: c.Steps(11), LearningRate: 1e-2, HistoryEvery: 1}
	if s.Steps != 9 {
		t.Fatalf("%d steps of 11 in three stages, want 9", s.Steps)
	}
	whole := newTrainer(t, c.Task(), s)
	straight := whole.run(nil, c.Task())
	s.Steps = 3
	parts := newTrainer(t, c.NaiveLR.Task(), s)
	var weights map[string]train.Array
	for k := range 3 {
		p := c.NaiveLR
		p.Mu = c.At(k)
		task := p.Task()
		for i, w := range task.Weights {
			if k > 0 {
				task.Weights[i].Value = weights[w.Name]
			}
		}
		alone := parts.run(nil, task)[0]
		weights = alone.Weights
		for i, row := range alone.History.Rows {
			if got := straight[0].History.Rows[3*k+i]; !slices.Equal(got.Terms, row.Terms) {
				t.Errorf("stage %d: step %d has terms %v, want %v", k, row.Step, got.Terms, row.Terms)
			}
		}
	}
	for name, w := range weights {
		if !straight[0].Weights[name].Equal(w) {
			t.Errorf("%s ended elsewhere than in three runs", name)
		}
	}
	for _, at := range []int{2, 6, 7} {
		sameStates(t, fmt.Sprintf("interrupted at step %d", at), whole.run(whole.interrupted(at, c.Task()), c.Task()), straight)
	}
}

func TestCurriculumRefuses(t *testing.T) {
	c := baselines.Curriculum{NaiveLR: lowRank(t)}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	c.Stages = -1
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "must not be negative") {
		t.Errorf("error %v does not say that a number of stages can't be negative", err)
	}
	c.Stages, c.Rank = 0, 7
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "from 1 to the width 6") {
		t.Errorf("error %v does not say which ranks there are", err)
	}
	task := baselines.Curriculum{NaiveLR: lowRank(t)}.Task()
	if _, err := task.Stage(3, ends(task, 3)); err == nil {
		t.Error("there is a fourth of three stages")
	}
}
