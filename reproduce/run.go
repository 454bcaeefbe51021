// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute"

	"pinn.example/repro/jet"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Versions of the code that runs each method, part of every run's name. Raise
// one by hand when the results of its method change; a renamed variable or a
// faster formulation of the same sums is no change.
const (
	phase1Version     = 1
	phase2Version     = 1
	pinnVersion       = 1
	pinnRVersion      = 1
	pinnPVersion      = 1
	s2sVersion        = 1
	naiveVersion      = 1
	curriculumVersion = 1
	mamlVersion       = 1
	reptileVersion    = 1
	fineTuneVersion   = 1
	hyperPINNVersion  = 1
	multistepVersion  = 1
)

// formulation tells apart the ways in which the same sums have been written: their
// results differ by rounding. It is no part of a run's name; records of two
// formulations are compared as records of two machines are.
const formulation = 3

// Run is a training run: its configuration, which names it, and how to build
// what is trained. Two runs of one name are the same run.
type Run struct {
	Config store.Config
	// Parent is the run whose weights this one starts from; nil for none.
	Parent *Run
	// Label tells a person which run it is.
	Label string

	// name is Config.Name, once it was asked for.
	name  string
	setup pinn.Setup
	// narrow says that a step reads only a few of the parameter settings, so that
	// it does not gain from a second thread.
	narrow bool
	// weights picks what is kept of a finished state; nil is State.Weights.
	weights func(train.State) map[string]train.Array
	task    func(b compute.Backend, parent *store.Record) (train.Task, error)
	// network builds the trained network for evaluation, from the weights and
	// those of the task's data that networkData names.
	network     func(in train.Inputs) jet.Network
	networkData []string
	// evaluateAt are the parameter settings at which errors are measured.
	evaluateAt [][]float64
	// measure, where set, measures what a run of its kind has beside or in place of
	// errors at parameter settings.
	measure func(b compute.Backend, record *store.Record) error
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
func (r *Run) Name() string {
	if r.name == "" {
		r.name = r.Config.Name()
	}
	return r.name
}

// phase1Model is what names a variant of Phase 1 beside its problem. The method as
// the authors' code has it is the zero value, and is named without.
type phase1Model struct {
	Orthogonality lrpinn.Penalty `json:"orthogonality,omitempty"`
	HiddenBias    bool           `json:"hidden_bias,omitempty"`
}

// phase2Method is what names a query of Hyper-LR-PINN.
const phase2Method = "hyper-lr-pinn/phase2"

// Phase1Run trains the hypernetwork on the parameter settings mus.
func Phase1Run(setup pinn.Setup, mus [][]float64, steps int, seed int64) *Run {
	return phase1Run(setup, mus, phase1Model{}, steps, seed)
}

func phase1Run(setup pinn.Setup, mus [][]float64, model phase1Model, steps int, seed int64) *Run {
	p := lrpinn.Phase1{Setup: setup, Mus: mus, Orthogonality: model.Orthogonality, HiddenBias: model.HiddenBias, Seed: seed}
	r := &Run{
		Config: store.Config{
			Method: "hyper-lr-pinn/phase1", Version: phase1Version,
			Problem: setup.Problem.ID(), Mus: mus, Points: setup.Sample, Setup: beyondPoints(setup),
			Train: probed(train.Settings{Steps: steps}), Seed: seed,
		},
		Label:      fmt.Sprintf("Phase 1%s on %s, seed %d", model, span(setup, mus), seed),
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
	if model != (phase1Model{}) {
		r.Config.Model = model
	}
	return r
}

// String says for a label in which way a variant is not the authors' code.
func (m phase1Model) String() string {
	s := ""
	switch m.Orthogonality {
	case lrpinn.PenaltyNone:
		s = " without orthogonality"
	case lrpinn.PenaltyPaper:
		s = " with the paper's orthogonality"
	}
	if m.HiddenBias {
		s += " with hidden biases"
	}
	return s
}

// phase2Model is what names a Phase 2 beside its problem and parent.
type phase2Model struct {
	Rank          lrpinn.Rank `json:"rank"`
	DiagonalsOnly bool        `json:"diagonals_only,omitempty"`
	TrainBases    bool        `json:"train_bases,omitempty"`
	// Plan has it in stages.
	Plan *lrpinn.Plan `json:"plan,omitempty"`
}

// Phase2Run trains one unseen parameter setting from a Phase 1.
func Phase2Run(phase1 *Run, mu []float64, rank lrpinn.Rank, steps int) *Run {
	return phase2Run(phase1, mu, phase2Model{Rank: rank}, steps)
}

func phase2Run(phase1 *Run, mu []float64, model phase2Model, steps int) *Run {
	return phase2On(phase1.setup, phase1, mu, model, train.Settings{Steps: steps})
}

// phase2On is Phase 2 on points of its own, which may be others than Phase 1's.
func phase2On(setup pinn.Setup, phase1 *Run, mu []float64, model phase2Model, settings train.Settings) *Run {
	parent, _ := phase1.Config.Model.(phase1Model)
	return &Run{
		Config: store.Config{
			Method: phase2Method, Version: phase2Version,
			Problem: setup.Problem.ID(), Mus: [][]float64{mu}, Points: setup.Sample, Setup: beyondPoints(setup),
			Model: model,
			Train: probed(settings), Seed: phase1.Config.Seed, Parent: phase1.Name(),
		},
		Parent: phase1,
		Label:  fmt.Sprintf("Phase 2%s at %s, %s, seed %d", parent, span(setup, [][]float64{mu}), model, phase1.Config.Seed),
		setup:  setup,
		task: func(b compute.Backend, parent *store.Record) (train.Task, error) {
			p, err := lrpinn.NewPhase2(b, setup, mu, model.Rank, parent.Weights)
			if err != nil {
				return train.Task{}, err
			}
			p.DiagonalsOnly, p.TrainBases = model.DiagonalsOnly, model.TrainBases
			if model.Plan != nil {
				return p.Staged(b, *model.Plan)
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

// String says for a label what is trained.
func (m phase2Model) String() string {
	s := string(m.Rank) + " rank"
	if m.DiagonalsOnly {
		s += ", diagonals only"
	}
	if m.TrainBases {
		s += ", trained bases"
	}
	if plan := m.Plan; plan != nil {
		s += fmt.Sprintf(", %d stages", plan.Stages)
		if plan.From != nil {
			s += fmt.Sprintf(" from %v", plan.From)
		}
		if plan.Candidates > 0 {
			s += fmt.Sprintf(", points by the residual out of %d", plan.Candidates)
		}
	}
	return s
}

// span names parameter settings for a person: the entries that are not 0
// throughout, each a value or a range, such as "beta=30…40 (11)", and the problem,
// unless it is the convection that most tables are about.
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
		parts = append(parts, "μ = 0")
	}
	s := strings.Join(parts, ", ")
	problem := strings.TrimSuffix(setup.Problem.ID(), ";boundary="+pde.BoundaryValue)
	if problem == "convection;u0="+pde.OnePlusSin.Name {
		return s
	}
	return s + " (" + strings.ReplaceAll(problem, ";", ", ") + ")"
}
