// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/train"
)

// Reptile learns initial weights by moving them towards where training at one μ
// takes them (Nichol et al. 2018, algorithm 1): an outer step draws one μ, trains
// from θ to θ' by a few steps of a fresh optimizer, and sets θ ← θ + ε(θ' − θ).
//
// Tables 2 and 4 and figure 3 of Hyper-LR-PINN have it, without its settings; the
// defaults are ours. [FineTune] makes the training at one μ of what was learned.
//
// The outer step takes the place of Adam's: the learning rate and schedule of
// train.Settings have no effect.
type Reptile struct {
	// On is the network, NaiveLR or PINN.
	On Base
	// Mus are the training parameters.
	Mus [][]float64
	// Steps is the number of outer steps, that of train.Settings.
	Steps int
	// InnerSteps of the optimizer at the drawn μ; 0 is 10.
	InnerSteps int
	// InnerRate is the learning rate of the inner optimizer; 0 is 2.5e-4.
	InnerRate float64
	// InnerOptimizer is Adam, from moments of 0 at every outer step, or gradient
	// descent.
	InnerOptimizer InnerOptimizer
	// Epsilon is ε at the first outer step, from where it falls linearly to 0 at
	// the end of Steps; 0 is 0.1.
	Epsilon float64
}

// InnerOptimizer is an optimizer of Reptile's inner steps.
type InnerOptimizer string

const (
	// InnerAdam is the default.
	InnerAdam InnerOptimizer = ""
	// InnerSGD is gradient descent. With one inner step and ε = 1 Reptile is then
	// stochastic gradient descent on the mean loss over the training μ.
	InnerSGD InnerOptimizer = "sgd"
)

// WithDefaults returns the settings with zeros replaced by their defaults.
func (p Reptile) WithDefaults() Reptile {
	if p.InnerSteps == 0 {
		p.InnerSteps = 10
	}
	if p.InnerRate == 0 {
		p.InnerRate = 2.5e-4
	}
	if p.Epsilon == 0 {
		p.Epsilon = .1
	}
	return p
}

// Check returns an error that names the setting at fault.
func (p Reptile) Check() error {
	if err := checkMeta(p.On, p.Mus); err != nil {
		return err
	}
	p = p.WithDefaults()
	switch {
	case p.Steps < 1:
		return fmt.Errorf("baselines: Reptile needs the number of its outer steps, over which ε falls to 0, got %d", p.Steps)
	case p.InnerSteps < 1:
		return fmt.Errorf("baselines: Reptile needs at least 1 inner step, got %d", p.InnerSteps)
	case !positive(p.InnerRate):
		return fmt.Errorf("baselines: the inner rate of Reptile must be positive and finite, got %g", p.InnerRate)
	case p.InnerOptimizer != InnerAdam && p.InnerOptimizer != InnerSGD:
		return fmt.Errorf("baselines: unknown inner optimizer %q; known are %q (Adam) and %q", p.InnerOptimizer, InnerAdam, InnerSGD)
	case !(p.Epsilon > 0 && p.Epsilon <= 1):
		return fmt.Errorf("baselines: Reptile's ε must be above 0 and at most 1, got %g", p.Epsilon)
	}
	return nil
}

// Task returns what is trained: the meta-weights, with all μ in one query. The
// terms are those of the loss at the drawn μ, before the inner steps.
func (p Reptile) Task() train.Task {
	p = p.WithDefaults()
	l := p.learner()
	task := l.outer
	task.Update = func(in train.Inputs) (map[string]*graph.Node, []train.Term) {
		weights, data := l.inner(in, draw(in.Uniform(tasksRole, len(p.Mus)), 1))
		adapted, terms := p.adapted(l, weights, data)
		left := graph.OneMinus(graph.DivScalar(in.Steps(), float64(p.Steps)))
		epsilon := graph.MulScalar(graph.MaxScalar(left, 0.), p.Epsilon)
		moved := map[string]*graph.Node{}
		for _, w := range l.outer.Weights { // in order: the graph is hashed
			from := in.W(w.Name)
			moved[w.Name] = graph.Add(from, graph.Mul(epsilon, graph.Sub(adapted[w.Name], from)))
		}
		return moved, terms
	}
	return task
}

// Network is the network on the meta-weights, not adapted.
func (p Reptile) Network(in train.Inputs) jet.Network { return p.learner().network(in) }

// Probe returns the task with the errors on the test points as its probe, before
// and after the inner steps at each training μ; see MAML's.
func (p Reptile) Probe(task train.Task) (train.Task, error) {
	p = p.WithDefaults()
	l := p.learner()
	return l.probe(task, p.Mus, func(weights, data map[string]*graph.Node) map[string]*graph.Node {
		weights, _ = p.adapted(l, weights, data)
		return weights
	})
}

func (p Reptile) learner() learner { return newLearner("Reptile", p.On, p.Mus) }

// adapted is θ', a copy a task, and the terms of the loss at θ.
func (p Reptile) adapted(l learner, weights, data map[string]*graph.Node) (map[string]*graph.Node, []train.Term) {
	moments := map[string][2]*graph.Node{}
	return l.adapt(weights, data, p.InnerSteps, func(t int, name string, w, g *graph.Node) *graph.Node {
		rate := graph.ConstAs(w, p.InnerRate)
		if p.InnerOptimizer == InnerSGD {
			return graph.Sub(w, graph.Mul(rate, g))
		}
		m, ok := moments[name]
		if !ok {
			m = [2]*graph.Node{graph.ZerosLike(w), graph.ZerosLike(w)}
		}
		w, m[0], m[1] = train.Adam(graph.ConstAs(w, float64(t)), rate, w, g, m[0], m[1])
		moments[name] = m
		return w
	})
}
