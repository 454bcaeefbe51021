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

// baseNet is a network whose initial weights are meta-learned.
type baseNet struct {
	on    baselines.Base
	setup pinn.Setup
	seed  int64
	model any // names it
	data  []string
	label string
}

// baseOf is the network of a rank on a setup: a Naive-LR-PINN, or a PINN where the
// rank is fullRank.
func baseOf(setup pinn.Setup, rank int, seed int64) baseNet {
	if rank == fullRank {
		net := baselines.PINN{Setup: setup, Seed: seed}.WithDefaults()
		return baseNet{on: net, setup: setup, seed: seed, model: denseModel{net.Width, net.Hidden}, label: "PINN"}
	}
	net := baselines.NaiveLR{Setup: setup, Rank: rank, Seed: seed}.WithDefaults()
	return baseNet{
		on: net, setup: setup, seed: seed, model: naiveLRModel{net.Width, net.Rank, net.TrainBases},
		data: net.BasisNames(), label: fmt.Sprintf("Naive-LR-PINN of rank %d", rank),
	}
}

// mamlModel is what names a MAML beside its problem.
type mamlModel struct {
	On         any     `json:"on"`
	Tasks      int     `json:"tasks"`
	InnerSteps int     `json:"inner_steps"`
	InnerRate  float64 `json:"inner_rate"`
	FirstOrder bool    `json:"first_order,omitempty"`
}

// reptileModel is what names a Reptile beside its problem.
type reptileModel struct {
	On             any     `json:"on"`
	InnerSteps     int     `json:"inner_steps"`
	InnerRate      float64 `json:"inner_rate"`
	InnerOptimizer string  `json:"inner_optimizer,omitempty"`
	Epsilon        float64 `json:"epsilon"`
}

// mamlRun meta-learns the initial weights of a network on p.Mus. adapted has the
// errors probed after the inner steps too.
func mamlRun(net baseNet, p baselines.MAML, adapted bool, s train.Settings) *Run {
	p.On = net.on
	p = p.WithDefaults()
	return metaRun(net, "maml", mamlVersion, p.Mus, s,
		mamlModel{net.model, p.Tasks, p.InnerSteps, p.InnerRate, p.FirstOrder},
		p.Network, p.Check, func() (train.Task, error) {
			if adapted {
				return p.Probe(p.Task())
			}
			return p.Task(), nil // probed as all are
		})
}

// reptileRun meta-learns the initial weights of a network on p.Mus in s.Steps
// outer steps. It probes more seldom than others: the errors after ten inner steps
// at each μ cost as much as an outer step each.
func reptileRun(net baseNet, p baselines.Reptile, adapted bool, s train.Settings) *Run {
	p.On, p.Steps = net.on, s.Steps
	s.ProbeEvery = 200
	p = p.WithDefaults()
	return metaRun(net, "reptile", reptileVersion, p.Mus, s,
		reptileModel{net.model, p.InnerSteps, p.InnerRate, string(p.InnerOptimizer), p.Epsilon},
		p.Network, p.Check, func() (train.Task, error) {
			if adapted {
				return p.Probe(p.Task())
			}
			return p.Task(), nil // probed as all are
		})
}

func metaRun(net baseNet, method string, version int, mus [][]float64, s train.Settings, model any,
	network func(train.Inputs) jet.Network, check func() error, task func() (train.Task, error),
) *Run {
	name := map[string]string{"maml": "MAML", "reptile": "Reptile"}[method]
	return &Run{
		Config: store.Config{
			Method: method, Version: version,
			Problem: net.setup.Problem.ID(), Mus: mus, Points: net.setup.Sample, Setup: beyondPoints(net.setup),
			Model: model, Train: probed(s), Seed: net.seed,
		},
		Label:  fmt.Sprintf("%s of a %s on %s, seed %d", name, net.label, span(net.setup, mus), net.seed),
		setup:  net.setup,
		narrow: true,
		task: func(compute.Backend, *store.Record) (train.Task, error) {
			if err := check(); err != nil {
				return train.Task{}, err
			}
			return task()
		},
		network: network, networkData: net.data,
		evaluateAt: mus,
	}
}

// fineTuneRun trains a network at mu from what a meta-learner learned.
func fineTuneRun(meta *Run, net baseNet, mu []float64, s train.Settings) *Run {
	return &Run{
		Config: store.Config{
			Method: "fine-tune", Version: fineTuneVersion,
			Problem: net.setup.Problem.ID(), Mus: [][]float64{mu}, Points: net.setup.Sample, Setup: beyondPoints(net.setup),
			Model: net.model, Train: probed(s), Seed: net.seed, Parent: meta.Name(),
		},
		Parent: meta,
		Label:  fmt.Sprintf("Fine-tuning at %s from %s", span(net.setup, [][]float64{mu}), meta.Label),
		setup:  net.setup,
		task: func(_ compute.Backend, parent *store.Record) (train.Task, error) {
			return baselines.FineTune(net.on, mu, parent.Weights)
		},
		network:     net.on.Network,
		networkData: net.data,
		evaluateAt:  [][]float64{mu},
	}
}
