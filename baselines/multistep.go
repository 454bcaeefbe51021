// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Multistep is the multistep network that HyperPINN is compared with (its section
// 3.2; Raissi et al. 2018): it learns the right-hand side of an ordinary
// differential equation from trajectories, with the equation's parameters among
// its inputs and one hidden layer of tanh.
type Multistep struct {
	Trajectories pinn.Trajectories
	// Width of the hidden layer; 0 is 16 (the small network; the large one has 256).
	Width int
	// Outputs, if 0, are as many as a state has components. The paper's counts of
	// 214 and 3,334 parameters are those of 6 outputs for Lorenz's three components
	// (P2): all but the first three are then not used.
	Outputs int
	// Scaling of the parameters.
	Scaling pinn.Scaling
	// Seed of the initial weights.
	Seed int64
}

// WithDefaults returns the network with zeros replaced by their defaults.
func (m Multistep) WithDefaults() Multistep {
	if m.Width == 0 {
		m.Width = 16
	}
	if m.Outputs == 0 {
		m.Outputs = m.components()
	}
	return m
}

func (m Multistep) components() int { return m.Trajectories.States.Dims[2] }

// Check returns an error where the network can't be built or trained.
func (m Multistep) Check() error {
	if err := m.Trajectories.Check(); err != nil {
		return err
	}
	m = m.WithDefaults()
	if m.Width < 1 || m.Outputs < m.components() {
		return fmt.Errorf("baselines: a multistep network %d wide with %d outputs; give at least 1, and at least %d", m.Width, m.Outputs, m.components())
	}
	return m.Scaling.Check(len(m.Trajectories.Mus[0]))
}

// Task returns what is trained. Its one query holds all parameter settings.
func (m Multistep) Task() train.Task {
	m = m.WithDefaults()
	components, parameters := m.components(), len(m.Trajectories.Mus[0])
	// The first layer is one Linear of state and μ, cut in two.
	fanIn := components + parameters
	return train.Task{
		Label: fmt.Sprintf("Multistep network on trajectories at %d μ", len(m.Trajectories.Mus)),
		Weights: []train.Weight{
			pinn.Linear(m.Seed, denseMu, fanIn, 1, parameters, m.Width),
			pinn.Linear(m.Seed, denseW(0), fanIn, 1, components, m.Width), pinn.Linear(m.Seed, denseB(0), fanIn, 1, 1, m.Width),
			pinn.Linear(m.Seed, denseW(1), m.Width, 1, m.Width, m.Outputs), pinn.Linear(m.Seed, denseB(1), m.Width, 1, 1, m.Outputs),
		},
		Data: m.Trajectories.Data(),
		Loss: func(in train.Inputs) []train.Term { return m.Trajectories.Losses(in, m.Network(in)) },
	}
}

// Network is the network on its weights, at the datum mu, [query, parameter].
func (m Multistep) Network(in train.Inputs) jet.Network {
	m = m.WithDefaults()
	return func(h *jet.Jet) *jet.Jet {
		bias := firstBias(in, m.Scaling)
		h = jet.Dense(jet.Tanh(jet.Dense(h, in.W(denseW(0)), bias)), in.W(denseW(1)), in.W(denseB(1)))
		if m.Outputs > m.components() {
			h = jet.Value(graph.Slice(h.Value(), graph.AxisRange(), graph.AxisRange(), graph.AxisRange(0, m.components())))
		}
		return h
	}
}

// At returns the weights at mu of the same network without the parameters among
// its inputs: they are part of the first bias.
func (m Multistep) At(weights map[string]train.Array, mu []float64) map[string]train.Array {
	m = m.WithDefaults()
	first := train.NewArray(1, 1, m.Width)
	copy(first.Data, weights[denseB(0)].Data)
	for i, x := range m.Scaling.Of(mu) {
		for j := range first.Data {
			first.Data[j] += x * weights[denseMu].Data[i*m.Width+j]
		}
	}
	return map[string]train.Array{denseW(0): weights[denseW(0)], denseB(0): first, denseW(1): weights[denseW(1)], denseB(1): weights[denseB(1)]}
}
