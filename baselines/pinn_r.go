// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// PINNR is PINN-R, the vanilla network with skip connections, trained for one
// parameter setting (P2INN by the same authors, tables 2 and 16). Its weights have the
// shapes, and by the same seed the initial values, of PINN's: the skips add none,
// so it too has 10,401.
//
// The papers leave open where the skips are. Here each hidden layer after the
// first is h ← h + tanh(h W + b), the identity mapping of He et al. (2016) around
// one layer. With the skip inside, tanh(h + h W + b) = tanh(h (I + W) + b) would
// be the vanilla network from another start. The first layer and the output
// change the width and have no skip.
type PINNR struct {
	Setup pinn.Setup
	Mu    []float64
	// Width of the hidden layers; 0 is 50.
	Width int
	// Hidden is the number of hidden layers; 0 is 5, as for PINN. With 1 there is
	// no skip, and the network is PINN's.
	Hidden int
	// Seed of the initial weights.
	Seed int64
}

// WithDefaults returns the network with zeros replaced by their defaults.
func (p PINNR) WithDefaults() PINNR { return PINNR(PINN(p).WithDefaults()) }

// Task returns what is trained.
func (p PINNR) Task() train.Task {
	task := PINN(p).Task()
	return train.Task{
		Label:   fmt.Sprintf("PINN-R at %v", p.Mu),
		Weights: task.Weights,
		Data:    task.Data,
		Loss: func(in train.Inputs) []train.Term {
			return p.Setup.Losses(in, p.Network(in))
		},
		Residuals: func(in train.Inputs) []train.Term {
			return p.Setup.Residuals(in, p.Network)
		},
	}
}

// Network is the network on its weights.
func (p PINNR) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	layer := func(h *jet.Jet, l int) *jet.Jet { return jet.Dense(h, in.W(denseW(l)), in.W(denseB(l))) }
	return func(x *jet.Jet) *jet.Jet {
		h := jet.Tanh(layer(x, 0))
		for l := 1; l < p.Hidden; l++ {
			h = jet.Sum(h, jet.Tanh(layer(h, l)))
		}
		return layer(h, p.Hidden)
	}
}
