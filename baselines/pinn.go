// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package baselines holds what the papers compare their methods with, a file
// each.
//
//	p := baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}
//	t, err := train.NewTrainer(b, p.Task(), train.Settings{Steps: 20_000, LearningRate: 1e-3})
package baselines

import (
	"fmt"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// PINN is the vanilla physics-informed network: dense tanh layers and a linear
// output, trained for one parameter setting (Raissi et al. 2019).
type PINN struct {
	Setup pinn.Setup
	Mu    []float64
	// Width of the hidden layers; 0 is 50.
	Width int
	// Hidden is the number of hidden layers; 0 is 5, which gives the 10,401
	// parameters of Table 3: one layer more than the LR-PINN has (D6). The
	// same-depth net has 4, and 7,851 parameters.
	Hidden int
	// Seed of the initial weights.
	Seed int64
}

// WithDefaults returns the network with zeros replaced by their defaults.
func (p PINN) WithDefaults() PINN {
	if p.Width == 0 {
		p.Width = 50
	}
	if p.Hidden == 0 {
		p.Hidden = 5
	}
	return p
}

func denseW(l int) string { return fmt.Sprintf("dense%d/w", l) } // [1, in, out]
func denseB(l int) string { return fmt.Sprintf("dense%d/b", l) } // [1, 1, out]

// Task returns what is trained.
func (p PINN) Task() train.Task {
	p = p.WithDefaults()
	task := train.Task{
		Label: fmt.Sprintf("PINN at %v", p.Mu),
		Data:  p.Setup.Data(p.Mu),
		Loss: func(in train.Inputs) []train.Term {
			return p.Setup.Losses(in, p.Network(in))
		},
		Residuals: func(in train.Inputs) []train.Term {
			return p.Setup.Residuals(in, p.Network)
		},
	}
	in := len(p.Setup.Problem.Coordinates())
	for l := range p.Hidden + 1 {
		out := p.Width
		if l == p.Hidden {
			out = 1
		}
		task.Weights = append(task.Weights,
			pinn.Linear(p.Seed, denseW(l), in, 1, in, out),
			pinn.Linear(p.Seed, denseB(l), in, 1, 1, out))
		in = out
	}
	return task
}

// Network is the network on its weights.
func (p PINN) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	return func(h *jet.Jet) *jet.Jet {
		for l := range p.Hidden {
			h = jet.Tanh(jet.Dense(h, in.W(denseW(l)), in.W(denseB(l))))
		}
		return jet.Dense(h, in.W(denseW(p.Hidden)), in.W(denseB(p.Hidden)))
	}
}
