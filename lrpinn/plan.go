// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"

	"pinn.example/repro/pinn"
	"pinn.example/repro/stream"
	"pinn.example/repro/train"
)

// Plan cuts Phase 2 into stages of equal length, each of which starts from the weights of
// the one before. It is ours, and not the paper's.
type Plan struct {
	// Stages is how many; train.Settings.Steps is a multiple of it.
	Stages int `json:"stages"`
	// From, where set, is the parameter setting of the first stage, for which the
	// hypernetwork proposes the diagonals; those of the others go evenly from there to
	// Phase2.Mu, the last stage's (continuation).
	From []float64 `json:"from,omitempty"`
	// Candidates, where above 0, has each stage but the first train on points that are
	// chosen out of so many by the residual of the stage before; see pinn.Setup.Adapted.
	// Each query then has its own, so that queries can't be trained in one batch.
	Candidates int `json:"candidates,omitempty"`
	// Seed is that of this choice.
	Seed int64 `json:"seed,omitempty"`
}

// adaptiveRole is the random stream of the candidates, and stageRole that of the seeds of
// points that are drawn anew, both by stage.
const (
	adaptiveRole = "collocation/adaptive"
	stageRole    = "collocation/stage"
)

// mu is the parameter setting of stage k.
func (plan Plan) mu(k int, to []float64) []float64 {
	if plan.From == nil || k == plan.Stages-1 {
		return to
	}
	at := slices.Clone(to)
	for i, from := range plan.From {
		at[i] = from + (to[i]-from)*float64(k)/float64(plan.Stages-1)
	}
	return at
}

// Staged returns the task of Phase 2 by a plan.
func (p Phase2) Staged(b compute.Backend, plan Plan) (train.Task, error) {
	switch points, every := len(p.Setup.Points.Collocation), p.Setup.Sample.Redraw; {
	case plan.Stages < 1:
		return train.Task{}, fmt.Errorf("lrpinn: Phase 2 in %d stages; give at least 1", plan.Stages)
	case plan.Stages < 2 && (plan.From != nil || plan.Candidates != 0):
		return train.Task{}, fmt.Errorf("lrpinn: Phase 2 in one stage has no way from %v nor points by the residual of a stage before; give at least 2", plan.From)
	case plan.Candidates != 0 && every > 0:
		return train.Task{}, fmt.Errorf("lrpinn: points by the residual can't be drawn anew every %d steps too; take fixed points", every)
	case plan.Candidates != 0 && plan.Candidates < points:
		return train.Task{}, fmt.Errorf("lrpinn: %d collocation points out of %d candidates; give at least as many", points, plan.Candidates)
	}
	stage := func(k int) Phase2 {
		p := p
		p.Mu = plan.mu(k, p.Mu)
		if k > 0 { // a stage counts its draws from 0
			p.Setup.Sample.Seed = int64(stream.New(p.Setup.Sample.Seed, stageRole, 0, k).Uint64())
		}
		return p
	}
	first := stage(0)
	if plan.From != nil {
		from, err := NewPhase2(b, p.Setup, plan.From, p.Rank, p.Start)
		if err != nil {
			return train.Task{}, err
		}
		first.Diagonals = from.Diagonals
	}
	p.Diagonals = first.Diagonals // whose masks all stages share
	task := first.Task()
	task.Label = fmt.Sprintf("Phase 2 at %v", p.Mu)
	task.Stages = plan.Stages
	residual := p.residuals(b, task)
	task.Stage = func(k int, ended []map[string]train.Array) (next train.Task, err error) {
		now := stage(k)
		if plan.Candidates > 0 {
			random := stream.New(plan.Seed, adaptiveRole, 0, k)
			now.Setup, err = now.Setup.Adapted(plan.Candidates, random, func(points [][]float64) ([]float64, error) {
				return residual(now.Mu, ended[k-1], points)
			})
			if err != nil {
				return train.Task{}, err
			}
		}
		next = now.Task()
		next.Weights, err = train.StartFrom(next.Weights, ended[k-1])
		return next, err
	}
	return task, nil
}

// residuals returns the residual of Phase 2's network with these weights at points.
func (p Phase2) residuals(b compute.Backend, task train.Task) func(mu []float64, weights map[string]train.Array, points [][]float64) ([]float64, error) {
	var names, frozen []string
	for _, w := range task.Weights {
		names = append(names, w.Name)
	}
	for _, name := range FrozenNames() {
		if _, ok := p.Start[name]; ok && !slices.Contains(names, name) {
			frozen = append(frozen, name)
		}
	}
	return func(mu []float64, weights map[string]train.Array, points [][]float64) ([]float64, error) {
		e, err := pinn.NewEvaluator(b, p.Setup, names, frozen, "float32", Phase2Network)
		if err != nil {
			return nil, err
		}
		defer e.Finalize()
		_, r, err := e.At(mu, weights, p.Start, points)
		return r, err
	}
}
