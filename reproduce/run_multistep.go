// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"errors"
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// multistepModel is what names a network that learns the Lorenz system from
// trajectories.
type multistepModel struct {
	Net     any            `json:"net"`
	Data    pde.LorenzData `json:"data"`
	Batch   int            `json:"batch"`
	Scale   float64        `json:"scale"`
	Scaling pinn.Scaling   `json:"scaling"`
}

// multistepDense is a network with one hidden layer that has the parameters among
// its inputs.
type multistepDense struct {
	Width   int `json:"width"`
	Outputs int `json:"outputs,omitempty"`
}

// lorenzNet is one of the networks that the second paper compares on the Lorenz
// system (its section 3.2).
type lorenzNet struct {
	// name is the row of the paper's numbers.
	name string
	role Role
	// width is that of the hidden layer of a network with the parameters among its
	// inputs; 0 for the HyperPINN.
	width int
	// outputs, if not 0, are more than the state has components.
	outputs int
}

var lorenzNets = []lorenzNet{
	{"HyperPINN", RoleMethod, 0, 0},
	{"Small multistep NN", RoleBaseline, 16, 0},
	{"Large multistep NN", RoleBaseline, 256, 0},
}

// What the paper leaves open on the Lorenz system: states are divided by 20, about
// the largest of their components; Adam at 1e-3 (MultistepNNs, on which the paper
// builds) with the warm-up and cosine of Burgers' equation. Horizons of the errors,
// in seconds, the last of which is the paper's.
const lorenzScale = 20.

var lorenzHorizons = []float64{1, 5, 25}

// lorenzData are the trajectories of a preset; seed 0 for all networks: the paper
// has one set.
func lorenzData(p Preset) pde.LorenzData {
	return pde.LorenzData{Settings: p.Lorenz.Settings, Starts: p.Lorenz.Starts}.WithDefaults()
}

// stateless are a preset's trajectories without their states, which only training
// reads.
func stateless(p Preset, seed int64) pinn.Trajectories {
	data := lorenzData(p)
	return pinn.Trajectories{Mus: data.Mus(), States: train.Array{Dims: []int{data.Settings, 0, 3}}, Batch: p.Lorenz.Batch, Scale: lorenzScale, Seed: seed}
}

// multistepNet is a network on trajectories, of either package.
type multistepNet interface {
	Check() error
	Task() train.Task
	Network(in train.Inputs) jet.Network
}

// on is the network on trajectories.
func (n lorenzNet) on(t pinn.Trajectories, scaling pinn.Scaling, seed int64) multistepNet {
	if n.width == 0 {
		return hyperpinn.Multistep{Trajectories: t, Scaling: scaling, Seed: seed}
	}
	return baselines.Multistep{Trajectories: t, Width: n.width, Outputs: n.outputs, Scaling: scaling, Seed: seed}
}

// model names the network.
func (n lorenzNet) model() any {
	if n.width == 0 {
		m := hyperpinn.Multistep{}.WithDefaults()
		return hyperModel{m.Width, 1, m.Hyper, m.Activation}
	}
	return multistepDense{n.width, n.outputs}
}

// at are the weights of the network without parameters among its inputs that a
// trained one is at each of mus.
func (n lorenzNet) at(b compute.Backend, net multistepNet, weights map[string]train.Array, mus [][]float64) ([]map[string]train.Array, error) {
	switch net := net.(type) {
	case hyperpinn.Multistep:
		return net.Generate(b, weights, mus...)
	case baselines.Multistep:
		var all []map[string]train.Array
		for _, mu := range mus {
			all = append(all, net.At(weights, mu))
		}
		return all, nil
	}
	return nil, fmt.Errorf("reproduce: no network of kind %T on trajectories", net)
}

// lorenzScaling takes the range of each parameter to [−1, 1]; σ, which is always 10,
// to 0.
func lorenzScaling() pinn.Scaling {
	low, high := pde.LorenzRange()
	return pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high}
}

// run is a network's training.
func (n lorenzNet) run(p Preset, seed int64) *Run {
	data, scaling := lorenzData(p), lorenzScaling()
	method := "multistep"
	if n.width == 0 {
		method = "hyperpinn/multistep"
	}
	shell := stateless(p, seed)
	return &Run{
		Config: store.Config{
			Method: method, Version: multistepVersion,
			Problem: "lorenz", Mus: data.Mus(), Points: pde.Sample{Set: "drawn", Seed: seed},
			Model: multistepModel{n.model(), data, p.Lorenz.Batch, lorenzScale, scaling},
			Train: probed(train.Settings{Steps: p.Lorenz.Steps, LearningRate: burgersRate, Warmup: burgersWarmup, Schedule: "cosine", ProbeEvery: 500}),
			Seed:  seed,
		},
		Label:  fmt.Sprintf("%s on %d Lorenz trajectories, seed %d", n.name, data.Settings*data.Starts, seed),
		narrow: narrowWidth(n.width),
		task: func(compute.Backend, *store.Record) (train.Task, error) {
			states, dims, err := data.States()
			if err != nil {
				return train.Task{}, err
			}
			t := shell
			t.States, t.Length, t.Step = train.Array{Dims: dims, Data: states}, len(data.Times()), data.Step
			net := n.on(t, scaling, seed)
			if err := net.Check(); err != nil {
				return train.Task{}, err
			}
			return t.Probe(net.Task(), pde.Lorenz{}.Field, net.Network), nil
		},
		measure: func(b compute.Backend, record *store.Record) error {
			var err error
			record.Metrics.Rollouts, err = n.rollouts(b, n.on(shell, scaling, seed), record.Weights, data)
			return err
		},
	}
}

// rollouts integrates a trained network from the test cases, beside the truth.
func (n lorenzNet) rollouts(b compute.Backend, net multistepNet, weights map[string]train.Array, data pde.LorenzData) ([]pinn.Rollout, error) {
	times, cases := data.Times(), data.Test()
	var mus [][]float64
	for _, c := range cases {
		mus = append(mus, c.Mu)
	}
	mains, err := n.at(b, net, weights, mus)
	if err != nil {
		return nil, err
	}
	var out []pinn.Rollout
	for i, c := range cases {
		truth, err := pde.Lorenz{}.Trajectory(c.Mu, c.Start, times, pde.LorenzTight)
		if err != nil {
			return nil, err
		}
		learnt, err := n.trajectory(mains[i], c, times)
		if err != nil && !errors.Is(err, pde.ErrUnfinished) {
			return nil, err
		}
		unfinished := err != nil
		for len(learnt) < len(truth) { // it stays where the integration stopped
			learnt = append(learnt, learnt[len(learnt)-1])
		}
		r, err := rollout(c, truth, learnt, data.Step)
		if err != nil {
			return nil, err
		}
		if unfinished {
			r.Learnt = string(pde.AttractorDiverged)
		}
		out = append(out, r)
	}
	return out, nil
}

// trajectory integrates a trained network, which is main at the case's parameters.
// An integration that stops early returns the states up to there.
func (n lorenzNet) trajectory(main map[string]train.Array, c pde.LorenzCase, times []float64) ([][]float64, error) {
	field, err := pinn.HostField(main, lorenzScale)
	if err != nil {
		return nil, err
	}
	states, err := pde.DormandPrince(field, c.Start, times, pde.LorenzTight)
	if err != nil {
		err = fmt.Errorf("reproduce: what %s has learnt, from %v: %w", n.name, c.Start, err)
	}
	return states, err
}

// rollout compares a trajectory with the truth.
func rollout(c pde.LorenzCase, truth, learnt [][]float64, step float64) (pinn.Rollout, error) {
	far, err := pinn.HorizonErrors(truth, learnt, step, lorenzHorizons)
	if err != nil {
		return pinn.Rollout{}, err
	}
	r := pinn.Rollout{Mu: c.Mu, Start: c.Start, Errors: far}
	for _, of := range []struct {
		states [][]float64
		to     *string
	}{{truth, &r.Truth}, {learnt, &r.Learnt}} {
		a, err := pde.ClassifyLorenz(of.states, step)
		if err != nil {
			return r, err
		}
		*of.to = string(a)
	}
	return r, nil
}

// lorenzTrained are a network's runs, a seed each.
func (n lorenzNet) trained(p Preset) []*Run {
	var runs []*Run
	for _, seed := range p.Lorenz.Seeds {
		runs = append(runs, n.run(p, seed))
	}
	return runs
}

// lorenzRuns are the runs of all networks.
func lorenzRuns(p Preset) ([]*Run, error) {
	var runs []*Run
	for _, n := range lorenzNets {
		runs = append(runs, n.trained(p)...)
	}
	return runs, nil
}
