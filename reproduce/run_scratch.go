// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// scratchNet is a network that is trained as it is, from initial weights of its own.
type scratchNet interface {
	Task() train.Task
	Network(in train.Inputs) jet.Network
}

// scratchRun trains a network on config.Mus and evaluates it there. It fills in what
// a setup says of config. The label is what is trained, then the settings and the
// seed.
func scratchRun(net scratchNet, setup pinn.Setup, what string, config store.Config) *Run {
	config.Problem, config.Points, config.Setup = setup.Problem.ID(), setup.Sample, beyondPoints(setup)
	config.Train = probed(config.Train)
	return &Run{
		Config:     config,
		Label:      fmt.Sprintf("%s %s, seed %d", what, span(setup, config.Mus), config.Seed),
		setup:      setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return net.Task(), nil },
		network:    net.Network,
		evaluateAt: config.Mus,
	}
}

// scaledModel is what names a dense network with scaled parameters among its inputs.
type scaledModel struct {
	denseModel
	Scaling pinn.Scaling `json:"scaling"`
}

// setupModel is what names a setup beside its problem and points.
type setupModel struct {
	Drawn          *pinn.Drawn `json:"drawn,omitempty"`
	ResidualWeight float64     `json:"residual_weight,omitempty"`
}

// beyondPoints is nil for a setup that its problem and points name.
func beyondPoints(s pinn.Setup) any {
	if m := (setupModel{s.Drawn, s.ResidualWeight}); m != (setupModel{}) {
		return m
	}
	return nil
}

// denseModel is what names a dense network beside its problem.
type denseModel struct {
	Width  int `json:"width"`
	Hidden int `json:"hidden"`
}

// PINNRun trains a vanilla PINN for one parameter setting.
func PINNRun(p baselines.PINN, s train.Settings) *Run {
	p = p.WithDefaults()
	return scratchRun(p, p.Setup, "PINN at", store.Config{
		Method: "pinn", Version: pinnVersion, Mus: [][]float64{p.Mu},
		Model: denseModel{p.Width, p.Hidden}, Train: s, Seed: p.Seed,
	})
}

// PINNRRun trains a PINN with skip connections for one parameter setting.
func PINNRRun(p baselines.PINNR, s train.Settings) *Run {
	p = p.WithDefaults()
	return scratchRun(p, p.Setup, "PINN-R at", store.Config{
		Method: "pinn-r", Version: pinnRVersion, Mus: [][]float64{p.Mu},
		Model: denseModel{p.Width, p.Hidden}, Train: s, Seed: p.Seed,
	})
}

// PINNPRun trains a PINN that has the parameters as inputs on p.Mus and evaluates
// it at the parameter settings at.
func PINNPRun(p baselines.PINNP, at [][]float64, s train.Settings) *Run {
	p = p.WithDefaults()
	r := scratchRun(p, p.Setup, fmt.Sprintf("PINN-P of width %d on", p.Width), store.Config{
		Method: "pinn-p", Version: pinnPVersion, Mus: p.Mus,
		Model: denseModel{p.Width, p.Hidden}, Train: s, Seed: p.Seed,
	})
	if p.Scaling.Kind != "" {
		r.Config.Model = scaledModel{denseModel{p.Width, p.Hidden}, p.Scaling}
		r.Label = fmt.Sprintf("PINN-P of width %d, parameters scaled, on %s, seed %d", p.Width, span(p.Setup, p.Mus), p.Seed)
	}
	r.evaluateAt = at
	return r
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
	what := fmt.Sprintf("Naive-LR-PINN of rank %d", p.Rank)
	if p.TrainBases {
		what += " with trained bases"
	}
	r := scratchRun(p, p.Setup, what+" at", store.Config{
		Method: "naive-lr-pinn", Version: naiveVersion, Mus: [][]float64{p.Mu},
		Model: naiveLRModel{p.Width, p.Rank, p.TrainBases}, Train: s, Seed: p.Seed,
	})
	if !p.TrainBases {
		r.networkData = p.BasisNames()
	}
	return r
}
