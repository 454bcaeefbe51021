// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// PINNS2S is PINN-S2S of Table 4: the vanilla network trained slab of time by
// slab of time, as a sequence-to-sequence task (Krishnapriyan et al. 2021,
// section 5.2). The first slab has the problem's initial condition, each later
// one the prediction of the network before it at the slab's first time, at the
// same x. A slab's network starts from the weights with which the one before it
// ended. A run's steps are shared equally by the slabs.
//
// A slab's loss has the points of Setup that lie in it; a time between two slabs
// belongs to the earlier. Of the published points that is about a tenth of the
// 1,000 and exactly 10 of the 100 pairs at the boundary. So that all slabs share
// one compiled graph, collocation points are repeated up to the count of the
// fullest slab, with weights that keep the mean that over the slab's own points.
type PINNS2S struct {
	// Setup is of a problem with a coordinate t.
	Setup pinn.Setup
	Mu    []float64
	// Slabs is the number of slabs, of equal length; 0 is 10 (P2INN, appendix C.2).
	Slabs int
	// Width and Hidden are as for PINN; 0 gives each slab's network the 10,401
	// parameters of Table 3.
	Width, Hidden int
	// Seed of the first slab's initial weights: those of PINN.
	Seed int64
}

// averagesDatum holds the weights of the collocation points, [1, point, 1].
const averagesDatum = pinn.CollocationDatum + "/averages"

// WithDefaults returns the network with zeros replaced by their defaults.
func (p PINNS2S) WithDefaults() PINNS2S {
	if p.Slabs == 0 {
		p.Slabs = 10
	}
	dense := p.dense().WithDefaults()
	p.Width, p.Hidden = dense.Width, dense.Hidden
	return p
}

// dense is the network of one slab.
func (p PINNS2S) dense() PINN {
	return PINN{Setup: p.Setup, Mu: p.Mu, Width: p.Width, Hidden: p.Hidden, Seed: p.Seed}
}

// Check returns an error where the problem can't be cut into these slabs.
func (p PINNS2S) Check() error {
	p = p.WithDefaults()
	if err := p.Setup.Problem.Check(p.Mu); err != nil {
		return fmt.Errorf("baselines: %w", err)
	}
	if p.Slabs < 1 {
		return fmt.Errorf("baselines: the number of slabs must be positive, got %d", p.Slabs)
	}
	if p.axis() < 0 {
		return fmt.Errorf("baselines: %s has no coordinate t to cut into slabs", p.Setup.Problem.ID())
	}
	if every := p.Setup.Sample.Redraw; every > 0 {
		return fmt.Errorf("baselines: the points of a slab can't be drawn anew every %d steps; take fixed points", every)
	}
	for _, c := range p.Setup.Points.Conditions {
		if p.initial(c) && c.Derivative != "" {
			return fmt.Errorf("baselines: condition %q is on a derivative at the first time, which slabs don't hand on; give conditions on the value", c.Name)
		}
		for k := range p.Slabs {
			got, want := p.condition(c, k, nil), p.condition(c, 0, nil)
			if len(got.At) == 0 || len(got.At) != len(want.At) {
				return fmt.Errorf("baselines: condition %q has %d points in slab %d and %d in the first; give as many to each, or take other slabs",
					c.Name, len(got.At), k+1, len(want.At))
			}
			if slices.ContainsFunc(got.To, func(to []float64) bool { return p.slabOf(to) != k }) {
				return fmt.Errorf("baselines: condition %q matches points of two slabs; take one slab", c.Name)
			}
		}
	}
	for k, points := range p.collocation() {
		if len(points) == 0 {
			return fmt.Errorf("baselines: slab %d of %d has no collocation point; take more points or fewer slabs", k+1, p.Slabs)
		}
	}
	return nil
}

// axis is the place of t among the coordinates, −1 where there is none.
func (p PINNS2S) axis() int {
	return slices.IndexFunc(p.Setup.Problem.Coordinates(), func(c pde.Coordinate) bool { return c.Name == "t" })
}

// start is the first time of slab k.
func (p PINNS2S) start(k int) float64 {
	t := p.Setup.Problem.Coordinates()[p.axis()]
	return t.Low + (t.High-t.Low)*float64(k)/float64(p.Slabs)
}

// slabOf is the slab that a point is in.
func (p PINNS2S) slabOf(at []float64) int {
	k := 0
	for k+1 < p.Slabs && at[p.axis()] > p.start(k+1) {
		k++
	}
	return k
}

// collocation returns the collocation points of each slab.
func (p PINNS2S) collocation() [][][]float64 {
	points := make([][][]float64, p.Slabs)
	for _, at := range p.Setup.Points.Collocation {
		k := p.slabOf(at)
		points[k] = append(points[k], at)
	}
	return points
}

// initial reports whether a condition prescribes the solution at the first time.
func (p PINNS2S) initial(c pde.Condition) bool {
	return c.To == nil && !slices.ContainsFunc(c.At, func(at []float64) bool { return at[p.axis()] != p.start(0) })
}

// condition is what slab k has of a condition of the whole problem; previous is
// the prediction before it.
func (p PINNS2S) condition(c pde.Condition, k int, previous func(at []float64) float64) pde.Condition {
	own := c
	own.At, own.To = nil, nil
	switch {
	case !p.initial(c):
		for i, at := range c.At {
			if p.slabOf(at) != k {
				continue
			}
			own.At = append(own.At, at)
			if c.To != nil {
				own.To = append(own.To, c.To[i])
			}
		}
	case k == 0:
		own.At = c.At
	default:
		for _, at := range c.At {
			at = slices.Clone(at)
			at[p.axis()] = p.start(k)
			own.At = append(own.At, at)
		}
		own.Value = func(_, at []float64) float64 { return previous(at) }
	}
	return own
}

// slab is the task of slab k alone, from fresh weights.
func (p PINNS2S) slab(k int, previous func(at []float64) float64) train.Task {
	points := p.collocation()
	own, fullest := points[k], 0
	for _, of := range points {
		fullest = max(fullest, len(of))
	}
	averages := train.NewArray(1, fullest, 1)
	for i := range own {
		averages.Data[i] = 1 / float64(len(own))
	}
	s := pinn.Setup{Problem: p.Setup.Problem, Sample: p.Setup.Sample}
	for i := range fullest {
		s.Points.Collocation = append(s.Points.Collocation, own[i%len(own)])
	}
	for _, c := range p.Setup.Points.Conditions {
		s.Points.Conditions = append(s.Points.Conditions, p.condition(c, k, previous))
	}
	dense := p.dense()
	dense.Setup = s
	task := dense.Task()
	task.Label = fmt.Sprintf("PINN-S2S at %v", p.Mu)
	task.Data = append(task.Data, train.Datum{Name: averagesDatum, Value: averages, Shared: true})
	task.Residuals = nil // those of the repeated points are not this loss's
	task.Loss = func(in train.Inputs) []train.Term {
		net := dense.Network(in)
		terms := s.Losses(in, net)
		// The mean of the points with their weights takes the place of that of the
		// repeated ones, which is then not computed.
		r, _ := pde.Residual(s.Problem, net, in.D(pinn.MuDatum), in.D(pinn.CollocationDatum))
		for i := range terms {
			if terms[i].Name == pinn.ResidualTerm {
				terms[i].Value = graph.ReduceSum(graph.Mul(graph.Square(r), in.D(averagesDatum)), 1, 2)
			}
		}
		return terms
	}
	return task
}

// Task returns what is trained, with a stage a slab: Settings.Steps must be a
// multiple of Slabs.
func (p PINNS2S) Task() train.Task {
	p = p.WithDefaults()
	first := p.slab(0, nil)
	task := first
	task.Stages = p.Slabs
	task.Stage = func(k int, ended []map[string]train.Array) (train.Task, error) {
		if k < 1 || k >= p.Slabs || len(ended) != k {
			return train.Task{}, fmt.Errorf("baselines: there is no slab %d of %d after %d", k+1, p.Slabs, len(ended))
		}
		weights, err := train.StartFrom(first.Weights, ended[k-1])
		if err != nil {
			return train.Task{}, err
		}
		next := p.slab(k, func(at []float64) float64 { return p.predict(ended[k-1], at) })
		next.Weights = weights
		return next, nil
	}
	return task
}

// predict is one slab's network at a point, on the host in float64: what the next
// slab is to start with has to be known before its data go to the device.
func (p PINNS2S) predict(weights map[string]train.Array, at []float64) float64 {
	h := at
	for l := range p.Hidden + 1 {
		w, z := weights[denseW(l)], slices.Clone(weights[denseB(l)].Data)
		for i, x := range h {
			for j := range z {
				z[j] += x * w.Data[i*len(z)+j]
			}
		}
		if l < p.Hidden {
			for j := range z {
				z[j] = math.Tanh(z[j])
			}
		}
		h = z
	}
	return h[0]
}

func slabWeight(k int, name string) string { return fmt.Sprintf("slab%d/%s", k, name) }

// Weights returns the weights of all slabs, which Network reads: those of slab k
// are named slabk/…, and k counts from 0. Slabs that have not begun have the
// weights of the one that is being trained.
func (p PINNS2S) Weights(s train.State) map[string]train.Array {
	p = p.WithDefaults()
	weights := map[string]train.Array{}
	for k := range p.Slabs {
		from := s.Weights
		if k < len(s.Ended) {
			from = s.Ended[k]
		}
		for name, a := range from {
			weights[slabWeight(k, name)] = a
		}
	}
	return weights
}

// Network is the solution on the whole domain: at each point the network of its
// slab, on the weights that Weights returns. All of them are computed everywhere.
func (p PINNS2S) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	return func(x *jet.Jet) *jet.Jet {
		t := pde.Columns3(x.Value())[p.axis()]
		u := p.network(in, 0)(x)
		for k := 1; k < p.Slabs; k++ {
			u = jet.Where(graph.GreaterThan(t, graph.ConstAs(t, p.start(k))), p.network(in, k)(x), u)
		}
		return u
	}
}

// network is the network of one slab.
func (p PINNS2S) network(in train.Inputs, k int) jet.Network {
	weights := map[string]*graph.Node{}
	for l := range p.Hidden + 1 {
		for _, name := range []string{denseW(l), denseB(l)} {
			weights[name] = in.W(slabWeight(k, name))
		}
	}
	return p.dense().Network(train.NewInputs(weights, nil))
}
