// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// step is a training step that ours and the peers take.
type step struct {
	name, title string
	rate        float64 // of Adam
	task        func(b compute.Backend) (train.Task, error)
	// inputs are the data as a peer reads them, and weights renames those of the
	// network, or their gradients, to what it calls them.
	inputs  func(data map[string]train.Array) map[string]train.Array
	weights func(map[string]train.Array) map[string]train.Array
	peers   []peerRow
}

// peerRow is a row beside ours: a script of this folder, and which of its variants.
type peerRow struct {
	name, script, variant string
	// published marks the formulation of the method's published code, which is not
	// among those that are called the best.
	published bool
	// unit divides the number of steps of every turn.
	unit int
}

var onBurgers = []peerRow{
	{"PyTorch, nested grad", "torch_peer.py", "nested", false, 1},
	{"PyTorch, torch.func, compiled", "torch_peer.py", "compiled", false, 1},
	{"JAX, nested grad", "jax_peer.py", "nested", false, 1},
	{"JAX, jvp of grad, scan", "jax_peer.py", "forward", false, scanned},
}

var onConvection = []peerRow{
	{"PyTorch, as published", "torch_peer.py", "published", true, 1},
	{"PyTorch, grad, compiled", "torch_peer.py", "reverse", false, 1},
	{"PyTorch, jvp, compiled", "torch_peer.py", "forward", false, 1},
	{"PyTorch, tangent, compiled", "torch_peer.py", "tangent", false, 1},
	{"JAX, nested grad", "jax_peer.py", "nested", false, 1},
	{"JAX, jvp, scan", "jax_peer.py", "forward", false, scanned},
}

var deepXDE = peerRow{"DeepXDE on PyTorch", "deepxde_peer.py", "default", false, 1}

// scanned is what one dispatch of ours, and of JAX's scan, takes.
const scanned = 64

var steps = []step{
	{
		name: "phase1", title: "Phase 1 of Hyper-LR-PINN on β = 30 … 40, a step of 11 β × (1,000 + 256 + 2·100) points",
		rate: 2.5e-4, inputs: convectionInputs, weights: unstacked, peers: onConvection,
		task: func(compute.Backend) (train.Task, error) {
			p, err := phase1()
			return p.Task(), err
		},
	},
	{
		name: "phase2", title: "Phase 2 of Hyper-LR-PINN at β = 30, full rank, a step of 1,000 + 256 + 2·100 points",
		rate: 2.5e-4, inputs: convectionInputs, weights: unstacked, peers: onConvection,
		task: func(b compute.Backend) (train.Task, error) {
			p1, err := phase1()
			if err != nil {
				return train.Task{}, err
			}
			p2, err := lrpinn.NewPhase2(b, p1.Setup, []float64{30, 0, 0}, lrpinn.FullRank, values(p1.Task().Weights))
			return p2.Task(), err
		},
	},
	{
		name: "pinn", title: "The vanilla PINN of 10,401 parameters at β = 30, a step of 1,000 + 256 + 2·100 points",
		rate: 1e-3, inputs: convectionInputs, weights: unstacked, peers: append(slices.Clip(onConvection), deepXDE),
		task: func(compute.Backend) (train.Task, error) {
			s, err := convection()
			return baselines.PINN{Setup: s, Mu: []float64{30, 0, 0}}.Task(), err
		},
	},
	{
		name: "burgers", title: "HyperPINN on Burgers' equation, a step of 32 ν × (64 + 100) points",
		rate: 1e-3, inputs: burgersInputs, weights: joined, peers: onBurgers,
		task: func(compute.Backend) (train.Task, error) {
			p, err := burgers(32, 64)
			return p.Task(), err
		},
	},
}

// stepsNamed finds steps; no name is all of them.
func stepsNamed(names []string) ([]step, error) {
	if len(names) == 0 {
		return steps, nil
	}
	var found []step
	for _, name := range names {
		i := slices.IndexFunc(steps, func(s step) bool { return s.name == name })
		if i < 0 {
			var known []string
			for _, s := range steps {
				known = append(known, s.name)
			}
			return nil, fmt.Errorf("unknown step %q; known are %s", name, strings.Join(known, ", "))
		}
		found = append(found, steps[i])
	}
	return found, nil
}

func convection() (pinn.Setup, error) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		return pinn.Setup{}, err
	}
	return pinn.NewSetup(p, pde.Sample{Set: "published"})
}

func phase1() (lrpinn.Phase1, error) {
	s, err := convection()
	p := lrpinn.Phase1{Setup: s}
	for beta := 30.; beta <= 40; beta++ {
		p.Mus = append(p.Mus, []float64{beta, 0, 0})
	}
	return p, err
}

// burgers is the HyperPINN on Burgers' equation as the paper has it: 50 + 50 data
// points, the same at each ν.
func burgers(nus, points int) (hyperpinn.PINN, error) {
	low, high := []float64{pde.BurgersNuLow}, []float64{pde.BurgersNuHigh}
	s, err := pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn"})
	if err == nil {
		s, err = s.WithDrawn(pinn.Drawn{Low: low, High: high, Points: points})
	}
	var mus [][]float64
	for range nus {
		mus = append(mus, low) // as many as a step draws; their values are not read
	}
	return hyperpinn.PINN{
		Setup: s, Mus: mus,
		Scaling: pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high},
	}, err
}

// convectionInputs are mu [β, (β, ν, ρ)], points [point, (x, t)], initial/points,
// lower/points and upper/points likewise, initial/values [point], and of what Phase 2
// keeps the arrays by their names, without the query axis.
func convectionInputs(data map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for name, a := range data {
		switch {
		case name == pinn.MuDatum:
			out[name] = a
		case name == pinn.CollocationDatum:
			out["points"] = a.Reshape(a.Dims[1:]...)
		case name == "initial/values": // the same at each β
			n := a.Dims[1]
			out[name] = train.Array{Dims: []int{n}, Data: a.Data[:n]}
		case name == "boundary/points": // all of one side, then all of the other
			sides := a.Reshape(2, a.Dims[1]/2, a.Dims[2]).Split(2)
			out["lower/points"] = sides[0].Reshape(sides[0].Dims[1:]...)
			out["upper/points"] = sides[1].Reshape(sides[1].Dims[1:]...)
		default:
			out[name] = a.Reshape(a.Dims[1:]...)
		}
	}
	return out
}

// unstacked drops the query axis, of which there is one, and of a bias the axis of
// points.
func unstacked(arrays map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for name, a := range arrays {
		if strings.HasSuffix(name, "/b") {
			out[name] = a.Reshape(a.Dims[len(a.Dims)-1])
		} else {
			out[name] = a.Reshape(a.Dims[1:]...)
		}
	}
	return out
}
