// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// slabsModel is what names a PINN-S2S beside its problem.
type slabsModel struct {
	denseModel
	Slabs int `json:"slabs"`
}

// PINNS2SRun trains a PINN slab of time by slab of time; s.Steps are those of all
// slabs together, a multiple of their number.
//
// While it trains there is no network for the whole domain, so that no errors are
// probed.
func PINNS2SRun(p baselines.PINNS2S, s train.Settings) *Run {
	p = p.WithDefaults()
	return &Run{
		Config: store.Config{
			Method: "pinn-s2s", Version: s2sVersion,
			Problem: p.Setup.Problem.ID(), Mus: [][]float64{p.Mu}, Points: p.Setup.Sample, Setup: beyondPoints(p.Setup),
			Model: slabsModel{denseModel{p.Width, p.Hidden}, p.Slabs},
			Train: s, Seed: p.Seed,
		},
		Label: fmt.Sprintf("PINN-S2S at %s, seed %d", span(p.Setup, [][]float64{p.Mu}), p.Seed),
		setup: p.Setup,
		task: func(compute.Backend, *store.Record) (train.Task, error) {
			if err := p.Check(); err != nil {
				return train.Task{}, err
			}
			return p.Task(), nil
		},
		weights:    p.Weights,
		network:    p.Network,
		evaluateAt: [][]float64{p.Mu},
	}
}

// curriculumModel is what names a curriculum beside its problem.
type curriculumModel struct {
	naiveLRModel
	Stages int `json:"stages"`
}

// CurriculumRun trains a Naive-LR-PINN on ever larger parameters up to its own, in
// as many of s.Steps as its stages share equally.
func CurriculumRun(c baselines.Curriculum, s train.Settings) *Run {
	c = c.WithDefaults()
	s.Steps = c.Steps(s.Steps)
	net := c.NaiveLR
	return &Run{
		Config: store.Config{
			Method: "curriculum", Version: curriculumVersion,
			Problem: net.Setup.Problem.ID(), Mus: [][]float64{net.Mu}, Points: net.Setup.Sample, Setup: beyondPoints(net.Setup),
			Model: curriculumModel{naiveLRModel{net.Width, net.Rank, net.TrainBases}, c.Stages},
			Train: probed(s), Seed: net.Seed,
		},
		Label: fmt.Sprintf("Curriculum of rank %d to %s, seed %d", net.Rank, span(net.Setup, [][]float64{net.Mu}), net.Seed),
		setup: net.Setup,
		task: func(compute.Backend, *store.Record) (train.Task, error) {
			if err := c.Check(); err != nil {
				return train.Task{}, err
			}
			return c.Task(), nil
		},
		network:     net.Network,
		networkData: net.BasisNames(),
		evaluateAt:  [][]float64{net.Mu},
	}
}
