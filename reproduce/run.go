// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/jet"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Versions of the code that runs each method, part of every run's name. Raise
// one by hand when the results of its method change; a renamed variable or a
// faster formulation of the same sums is no change.
const (
	phase1Version = 1
	phase2Version = 1
	pinnVersion   = 1
	naiveVersion  = 1
)

// Run is a training run: its configuration, which names it, and how to build
// what is trained. Two runs of one name are the same run.
type Run struct {
	Config store.Config
	// Parent is the run whose weights this one starts from; nil for none.
	Parent *Run
	// Label tells a person which run it is.
	Label string

	setup pinn.Setup
	// weights picks what is kept of a finished state; nil is State.Weights.
	weights func(train.State) map[string]train.Array
	task    func(b compute.Backend, parent *store.Record) (train.Task, error)
	// network builds the trained network for evaluation, from the weights and
	// those of the task's data that networkData names.
	network     func(in train.Inputs) jet.Network
	networkData []string
	// evaluateAt are the parameter settings at which errors are measured.
	evaluateAt [][]float64
	// ranks counts the ranks at each of evaluateAt; nil where there are none.
	ranks func(b compute.Backend, weights map[string]train.Array) ([][lrpinn.Layers]int, error)
}

// trained returns the weights of a finished run.
func (r *Run) trained(s train.State) map[string]train.Array {
	if r.weights != nil {
		return r.weights(s)
	}
	return s.Weights
}

// probed has the errors on the test points measured every 100 steps, unless
// settings say otherwise: a hundredth of a run's time at most.
func probed(s train.Settings) train.Settings {
	if s.ProbeEvery == 0 {
		s.ProbeEvery = 100
	}
	return s
}

// Name is the run's name in the store.
func (r *Run) Name() string { return r.Config.Name() }

// Phase1Run trains the hypernetwork on the parameter settings mus.
func Phase1Run(setup pinn.Setup, mus [][]float64, steps int, seed int64) *Run {
	p := lrpinn.Phase1{Setup: setup, Mus: mus, Seed: seed}
	return &Run{
		Config: store.Config{
			Method: "hyper-lr-pinn/phase1", Version: phase1Version,
			Problem: setup.Problem.ID(), Mus: mus, Points: setup.Sample,
			Train: probed(train.Settings{Steps: steps}), Seed: seed,
		},
		Label:      fmt.Sprintf("Phase 1 on %s, seed %d", span(setup, mus), seed),
		setup:      setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    lrpinn.Phase1Network,
		evaluateAt: mus,
		ranks: func(b compute.Backend, weights map[string]train.Array) ([][lrpinn.Layers]int, error) {
			diagonals, err := lrpinn.Diagonals(b, weights, mus...)
			if err != nil {
				return nil, err
			}
			ranks := make([][lrpinn.Layers]int, len(diagonals))
			for i, s := range diagonals {
				ranks[i] = lrpinn.Ranks(s)
			}
			return ranks, nil
		},
	}
}

// phase2Model is what names a Phase 2 beside its problem and parent.
type phase2Model struct {
	Rank lrpinn.Rank `json:"rank"`
}

// Phase2Run trains one unseen parameter setting from a Phase 1.
func Phase2Run(phase1 *Run, mu []float64, rank lrpinn.Rank, steps int) *Run {
	setup := phase1.setup
	return &Run{
		Config: store.Config{
			Method: "hyper-lr-pinn/phase2", Version: phase2Version,
			Problem: setup.Problem.ID(), Mus: [][]float64{mu}, Points: setup.Sample,
			Model: phase2Model{rank},
			Train: probed(train.Settings{Steps: steps}), Seed: phase1.Config.Seed, Parent: phase1.Name(),
		},
		Parent: phase1,
		Label:  fmt.Sprintf("Phase 2 at %s, %s rank, seed %d", span(setup, [][]float64{mu}), rank, phase1.Config.Seed),
		setup:  setup,
		task: func(b compute.Backend, parent *store.Record) (train.Task, error) {
			p, err := lrpinn.NewPhase2(b, setup, mu, rank, parent.Weights)
			if err != nil {
				return train.Task{}, err
			}
			return p.Task(), nil
		},
		network:     lrpinn.Phase2Network,
		networkData: lrpinn.FrozenNames(),
		evaluateAt:  [][]float64{mu},
		ranks: func(_ compute.Backend, weights map[string]train.Array) ([][lrpinn.Layers]int, error) {
			return [][lrpinn.Layers]int{lrpinn.Ranks(lrpinn.TrainedDiagonals(weights))}, nil
		},
	}
}

// pinnModel is what names a PINN beside its problem.
type pinnModel struct {
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
			Model: pinnModel{p.Width, p.Hidden},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("PINN at %s, seed %d", span(p.Setup, [][]float64{p.Mu}), p.Seed),
		setup:      p.Setup,
		task:       func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), nil },
		network:    p.Network,
		evaluateAt: [][]float64{p.Mu},
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
	r := &Run{
		Config: store.Config{
			Method: "naive-lr-pinn", Version: naiveVersion,
			Problem: p.Setup.Problem.ID(), Mus: [][]float64{p.Mu}, Points: p.Setup.Sample,
			Model: naiveLRModel{p.Width, p.Rank, p.TrainBases},
			Train: probed(s), Seed: p.Seed,
		},
		Label:      fmt.Sprintf("Naive-LR-PINN of rank %d at %s, seed %d", p.Rank, span(p.Setup, [][]float64{p.Mu}), p.Seed),
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

// span names parameter settings for a person: the entries that are not 0
// throughout, each a value or a range, such as "beta=30…40 (11)".
func span(setup pinn.Setup, mus [][]float64) string {
	parts := make([]string, 0, 1)
	for i, name := range setup.Problem.Parameters() {
		lo, hi := mus[0][i], mus[0][i]
		for _, mu := range mus {
			lo, hi = min(lo, mu[i]), max(hi, mu[i])
		}
		switch {
		case lo == 0 && hi == 0:
		case lo == hi:
			parts = append(parts, fmt.Sprintf("%s=%g", name, lo))
		default:
			parts = append(parts, fmt.Sprintf("%s=%g…%g (%d)", name, lo, hi, len(mus)))
		}
	}
	if len(parts) == 0 {
		return "μ = 0"
	}
	return strings.Join(parts, ", ")
}
