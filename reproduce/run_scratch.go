// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// denseModel is what names a dense network beside its problem.
type denseModel struct {
	Width  int `json:"width"`
	Hidden int `json:"hidden"`
}

// PINNRun trains a vanilla PINN for one parameter setting.
func PINNRun(p baselines.PINN, s train.Settings) *Run {
	p = p.WithDefaults()
	return &Run{
		Config: store.Config{
			Method: "pinn", Version: pinnVersion,
			Problem: p.Setup.Problem.ID(), Mus: [][]float64{p.Mu}, Points: p.Setup.Sample,
			Model: denseModel{p.Width, p.Hidden},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("PINN at %s, seed %d", span(p.Setup, [][]float64{p.Mu}), p.Seed),
		setup:      p.Setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    p.Network,
		evaluateAt: [][]float64{p.Mu},
	}
}

// PINNRRun trains a PINN with skip connections for one parameter setting.
func PINNRRun(p baselines.PINNR, s train.Settings) *Run {
	p = p.WithDefaults()
	return &Run{
		Config: store.Config{
			Method: "pinn-r", Version: pinnRVersion,
			Problem: p.Setup.Problem.ID(), Mus: [][]float64{p.Mu}, Points: p.Setup.Sample,
			Model: denseModel{p.Width, p.Hidden},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("PINN-R at %s, seed %d", span(p.Setup, [][]float64{p.Mu}), p.Seed),
		setup:      p.Setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    p.Network,
		evaluateAt: [][]float64{p.Mu},
	}
}

// PINNPRun trains a PINN that has the parameters as inputs on p.Mus and evaluates
// it at the parameter settings at.
func PINNPRun(p baselines.PINNP, at [][]float64, s train.Settings) *Run {
	p = p.WithDefaults()
	return &Run{
		Config: store.Config{
			Method: "pinn-p", Version: pinnPVersion,
			Problem: p.Setup.Problem.ID(), Mus: p.Mus, Points: p.Setup.Sample,
			Model: denseModel{p.Width, p.Hidden},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("PINN-P of width %d on %s, seed %d", p.Width, span(p.Setup, p.Mus), p.Seed),
		setup:      p.Setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    p.Network,
		evaluateAt: at,
	}
}

// naiveLRModel is what names a Naive-LR-PINN beside its problem.
type naiveLRModel struct {
	Width      int  `json:"width"`
	Rank       int  `json:"rank"`
	TrainBases bool `json:"train_bases"`
}

// NaiveLRRun trains a Naive-LR-PINN for one parameter setting.
func NaiveLRRun(p baselines.NaiveLR, s train.Settings) *Run {
	p = p.WithDefaults()
	trained := ""
	if p.TrainBases {
		trained = " with trained bases"
	}
	r := &Run{
		Config: store.Config{
			Method: "naive-lr-pinn", Version: naiveVersion,
			Problem: p.Setup.Problem.ID(), Mus: [][]float64{p.Mu}, Points: p.Setup.Sample,
			Model: naiveLRModel{p.Width, p.Rank, p.TrainBases},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("Naive-LR-PINN of rank %d%s at %s, seed %d", p.Rank, trained, span(p.Setup, [][]float64{p.Mu}), p.Seed),
		setup:      p.Setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    p.Network,
		evaluateAt: [][]float64{p.Mu},
	}
	if !p.TrainBases {
		r.networkData = p.BasisNames()
	}
	return r
}
