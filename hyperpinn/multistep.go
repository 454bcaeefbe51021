// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn

import (
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Multistep learns the right-hand side of an ordinary differential equation from
// trajectories by a network whose weights a hypernetwork writes (section 3.2).
type Multistep struct {
	Trajectories pinn.Trajectories
	// Width of the main network's one hidden layer; 0 is 16, which makes 115
	// weights for three components.
	Width int
	// Hyper are the widths of the hypernetwork's hidden layers; nil is 16, 8. With
	// three parameters and 115 outputs it has 1,235 weights; the paper prints 1,406,
	// which is what 134 outputs would make, and no main network has 134 weights (P3).
	Hyper []int
	// Activation of the hypernetwork, [Tanh] or [ReLU]; if "", it is Tanh.
	Activation string
	// Scaling of the parameters that the hypernetwork reads.
	Scaling pinn.Scaling
	// Seed of the initial weights.
	Seed int64
}

// WithDefaults returns the network with zeros replaced by their defaults.
func (m Multistep) WithDefaults() Multistep {
	if m.Width == 0 {
		m.Width = 16
	}
	if m.Hyper == nil {
		m.Hyper = []int{16, 8}
	}
	if m.Activation == "" {
		m.Activation = Tanh
	}
	return m
}

// Check returns an error where the network can't be built or trained.
func (m Multistep) Check() error {
	m = m.WithDefaults()
	if err := m.Trajectories.Check(); err != nil {
		return err
	}
	if err := m.Scaling.Check(len(m.Trajectories.Mus[0])); err != nil {
		return fmt.Errorf("hyperpinn: %w", err)
	}
	if m.Width < 1 {
		return fmt.Errorf("hyperpinn: a main network %d wide; give at least 1", m.Width)
	}
	return m.hypernetwork().check()
}

func (m Multistep) hypernetwork() hypernetwork {
	components := m.Trajectories.States.Dims[2]
	return hypernetwork{
		inputs: len(m.Trajectories.Mus[0]), hidden: m.Hyper, activation: m.Activation, scaling: m.Scaling,
		main: dense(components, m.Width, 1, components),
	}
}

// Task returns what is trained. Its one query holds all parameter settings.
func (m Multistep) Task() train.Task {
	m = m.WithDefaults()
	return train.Task{
		Label:   fmt.Sprintf("HyperPINN on trajectories at %d μ", len(m.Trajectories.Mus)),
		Weights: m.hypernetwork().initial(m.Seed),
		Data:    m.Trajectories.Data(),
		Loss:    func(in train.Inputs) []train.Term { return m.Trajectories.Losses(in, m.Network(in)) },
	}
}

// Network is the main network, written for the datum mu, [query, parameter].
func (m Multistep) Network(in train.Inputs) jet.Network {
	h := m.WithDefaults().hypernetwork()
	return h.main.network(h.write(in, in.D(pinn.MuDatum)))
}

// Generate returns the main network's weights at each of mus by the names of a dense
// network, as [PINN.Generate] does.
func (m Multistep) Generate(b compute.Backend, hyper map[string]train.Array, mus ...[]float64) ([]map[string]train.Array, error) {
	return m.WithDefaults().hypernetwork().generate(b, hyper, mus, "float32")
}

// MainWeights is the number of weights that the hypernetwork writes.
func (m Multistep) MainWeights() int { return m.WithDefaults().hypernetwork().main.count() }
