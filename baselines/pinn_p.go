// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"errors"
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// PINNP is PINN-P of Table 4: the vanilla network with the equation's parameters
// among its inputs, u(x, t, μ), one network for all training μ. It answers an
// unseen μ without further training.
//
// All of μ goes in; an entry that is 0 at every training μ leaves its weights as
// they were drawn.
//
// It is also the small and the large PINN of the HyperPINN paper, whose inputs are
// t, x and ν: of width 8 with 6 hidden layers, and of width 32 with 10.
type PINNP struct {
	Setup pinn.Setup
	// Mus are the training parameters.
	Mus [][]float64
	// Width of the hidden layers; 0 is 50, which gives 10,551 parameters with
	// three entries of μ. The paper does not print it; the network of this name
	// in P2INN has 150, and 91,651, but a far lower error than Table 4's (D29).
	Width int
	// Hidden is the number of hidden layers; 0 is 5, as for PINN.
	Hidden int
	// Scaling of μ; if zero, it is not scaled, as it is not for the LR-PINN's
	// hypernetwork.
	Scaling pinn.Scaling
	// Seed of the initial weights.
	Seed int64
}

// denseMu names the rows of the first layer's weight that meet μ: [1, parameter, width].
const denseMu = "dense0/mu"

// WithDefaults returns the network with zeros replaced by their defaults.
func (p PINNP) WithDefaults() PINNP {
	dense := PINN{Width: p.Width, Hidden: p.Hidden}.WithDefaults()
	p.Width, p.Hidden = dense.Width, dense.Hidden
	return p
}

// Check returns an error where there is no training μ, or one that the problem
// refuses.
func (p PINNP) Check() error {
	if len(p.Mus) == 0 {
		return errors.New("baselines: PINN-P has no training parameters; give at least one μ")
	}
	for _, mu := range p.Mus {
		if err := p.Setup.Problem.Check(mu); err != nil {
			return fmt.Errorf("baselines: %w", err)
		}
	}
	return p.Scaling.Check(len(p.Setup.Problem.Parameters()))
}

// Task returns what is trained. Its one query holds all training μ.
func (p PINNP) Task() train.Task {
	p = p.WithDefaults()
	coordinates, parameters := len(p.Setup.Problem.Coordinates()), len(p.Setup.Problem.Parameters())
	// The first layer is one Linear of coordinates and μ, cut in two.
	in, fanIn := coordinates, coordinates+parameters
	weights := []train.Weight{pinn.Linear(p.Seed, denseMu, fanIn, 1, parameters, p.Width)}
	for l := range p.Hidden + 1 {
		out := p.Width
		if l == p.Hidden {
			out = 1
		}
		weights = append(weights,
			pinn.Linear(p.Seed, denseW(l), fanIn, 1, in, out),
			pinn.Linear(p.Seed, denseB(l), fanIn, 1, 1, out))
		in, fanIn = out, out
	}
	return p.Setup.Joint(fmt.Sprintf("PINN-P on %d μ", len(p.Mus)), weights, p.Mus, p.Network)
}

// Network is the network on its weights, at the datum mu, [query, parameter].
//
// μ does not depend on the point: it is part of the first layer's bias, one a
// query, and adds nothing to the derivatives.
func (p PINNP) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	return func(h *jet.Jet) *jet.Jet {
		h = jet.Tanh(jet.Dense(h, in.W(denseW(0)), firstBias(in, p.Scaling)))
		for l := 1; l < p.Hidden; l++ {
			h = jet.Tanh(jet.Dense(h, in.W(denseW(l)), in.W(denseB(l))))
		}
		return jet.Dense(h, in.W(denseW(p.Hidden)), in.W(denseB(p.Hidden)))
	}
}

// firstBias is the bias of a first layer with the parameters among its inputs:
// they don't depend on the point, [query, 1, width].
func firstBias(in train.Inputs, scaling pinn.Scaling) *graph.Node {
	mu := jet.Value(graph.InsertAxes(scaling.Apply(in.D(pinn.MuDatum)), 1))
	return jet.Dense(mu, in.W(denseMu), in.W(denseB(0))).Value()
}
