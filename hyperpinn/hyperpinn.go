// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package hyperpinn is the method of the HyperPINN paper (Belbute-Peres et al.,
// 2021): a hypernetwork writes all weights of a small main network for every
// parameter setting of an equation. [PINN] does it for a partial differential
// equation, which the paper shows on Burgers'; [Multistep] for the right-hand side
// of an ordinary one that is learnt from trajectories, which it shows on Lorenz's.
//
//	p := hyperpinn.PINN{Setup: setup, Mus: validation}
//	t, err := train.NewTrainer(b, p.Task(), train.Settings{Steps: 50_000, LearningRate: 1e-3})
package hyperpinn

import (
	"errors"
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// PINN is a physics-informed network whose weights a hypernetwork writes (sections
// 2 and 3.1).
type PINN struct {
	Setup pinn.Setup
	// Mus are the training parameters; where Setup draws them, as the paper does,
	// those of the validation.
	Mus [][]float64
	// Width of the main network's hidden layers; 0 is 8 (section 3.1).
	Width int
	// Hidden is the number of the main network's hidden layers; 0 is 6, which on
	// Burgers' equation makes 393 weights.
	Hidden int
	// Hyper are the widths of the hypernetwork's hidden layers; nil is 32, 32, 32,
	// 16, which makes 9,385 weights there.
	Hyper []int
	// Activation of the hypernetwork, [Tanh] or [ReLU]; if "", it is Tanh. The
	// paper names none; the main network's must have a second derivative, and is
	// tanh.
	Activation string
	// Scaling of the parameters that the hypernetwork reads. The paper names none.
	Scaling pinn.Scaling
	// Seed of the initial weights.
	Seed int64
}

// WithDefaults returns the network with zeros replaced by their defaults.
func (p PINN) WithDefaults() PINN {
	if p.Width == 0 {
		p.Width = 8
	}
	if p.Hidden == 0 {
		p.Hidden = 6
	}
	if p.Hyper == nil {
		p.Hyper = []int{32, 32, 32, 16}
	}
	if p.Activation == "" {
		p.Activation = Tanh
	}
	return p
}

// Check returns an error where the network can't be built, or where there is no
// training μ or one that the problem refuses.
func (p PINN) Check() error {
	p = p.WithDefaults()
	if len(p.Mus) == 0 {
		return errors.New("hyperpinn: no parameter settings to train on; give at least one")
	}
	for _, mu := range p.Mus {
		if err := p.Setup.Problem.Check(mu); err != nil {
			return fmt.Errorf("hyperpinn: %w", err)
		}
	}
	if err := p.Scaling.Check(len(p.Setup.Problem.Parameters())); err != nil {
		return fmt.Errorf("hyperpinn: %w", err)
	}
	if p.Width < 1 || p.Hidden < 1 {
		return fmt.Errorf("hyperpinn: a main network of %d layers, %d wide; give at least one of each", p.Hidden, p.Width)
	}
	return p.hypernetwork().check()
}

// main is the layout of the main network.
func (p PINN) main() layers {
	return dense(len(p.Setup.Problem.Coordinates()), p.Width, p.Hidden, 1)
}

func (p PINN) hypernetwork() hypernetwork {
	return hypernetwork{inputs: len(p.Setup.Problem.Parameters()), hidden: p.Hyper, activation: p.Activation, scaling: p.Scaling, main: p.main()}
}

// Task returns what is trained. Its one query holds all training μ.
func (p PINN) Task() train.Task {
	p = p.WithDefaults()
	return p.Setup.Joint(fmt.Sprintf("HyperPINN on %d μ", len(p.Mus)), p.hypernetwork().initial(p.Seed), p.Mus, p.Network)
}

// Network is the main network, written for the datum mu, [query, parameter].
func (p PINN) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	return p.main().network(p.hypernetwork().write(in, in.D(pinn.MuDatum)))
}

// MainWeights is the number of weights that the hypernetwork writes.
func (p PINN) MainWeights() int { return p.WithDefaults().main().count() }

// Written is what the hypernetwork writes for the datum mu as one output, [query,
// 1, weight], whatever the points: for timing it.
func (p PINN) Written(in train.Inputs) jet.Network {
	on := p.WithDefaults().hypernetwork().write(in, in.D(pinn.MuDatum))
	return func(*jet.Jet) *jet.Jet {
		var flat []*graph.Node
		for l := range on.w {
			for _, x := range []*graph.Node{on.w[l], on.b[l]} {
				queries := x.Shape().Dim(0)
				flat = append(flat, graph.Reshape(x, queries, 1, x.Shape().Size()/queries))
			}
		}
		return jet.Value(graph.Concatenate(flat, 2))
	}
}
