// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/train"
)

// MAML learns initial weights from which a few steps of gradient descent go far
// at any of the training μ (Finn et al. 2017, algorithm 1). An outer step draws
// tasks, each a μ; with θ' = θ − α∇L_μ(θ) it descends the mean of L_μ(θ') by
// Adam, through the inner gradient. Both losses are on the same points: a
// physics-informed loss has no second sample to keep for the outer one.
//
// Tables 2 and 4 and figure 3 have it, without its settings; the defaults are
// ours. [FineTune] makes the training at one μ of what was learned.
type MAML struct {
	// On is the network, NaiveLR or PINN.
	On Base
	// Mus are the training parameters.
	Mus [][]float64
	// Tasks is the number of μ of an outer step, all different; 0 is 3, or all
	// where there are fewer.
	Tasks int
	// InnerSteps of gradient descent; 0 is 1.
	InnerSteps int
	// InnerRate is α; 0 is 1e-3.
	InnerRate float64
	// FirstOrder takes the gradient at θ' for the one at θ, as if θ' − θ did not
	// depend on θ: a step costs less.
	FirstOrder bool
}

// WithDefaults returns the settings with zeros replaced by their defaults.
func (p MAML) WithDefaults() MAML {
	if p.Tasks == 0 {
		p.Tasks = min(3, len(p.Mus))
	}
	if p.InnerSteps == 0 {
		p.InnerSteps = 1
	}
	if p.InnerRate == 0 {
		p.InnerRate = 1e-3
	}
	return p
}

// Check returns an error that names the setting at fault.
func (p MAML) Check() error {
	if err := checkMeta(p.On, p.Mus); err != nil {
		return err
	}
	p = p.WithDefaults()
	switch {
	case p.Tasks < 1 || p.Tasks > len(p.Mus):
		return fmt.Errorf("baselines: MAML draws different tasks from %d training μ: their number must be from 1 to %d, got %d", len(p.Mus), len(p.Mus), p.Tasks)
	case p.InnerSteps < 1:
		return fmt.Errorf("baselines: MAML needs at least 1 inner step, got %d", p.InnerSteps)
	case !positive(p.InnerRate):
		return fmt.Errorf("baselines: the inner rate of MAML must be positive and finite, got %g", p.InnerRate)
	}
	return nil
}

// Task returns what is trained: the meta-weights, with all μ in one query. The
// terms are those of the adapted loss, the mean over the step's tasks.
func (p MAML) Task() train.Task {
	p = p.WithDefaults()
	l := p.learner()
	task := l.outer
	task.Loss = func(in train.Inputs) []train.Term {
		weights, data := l.inner(in, draw(in.Uniform(tasksRole, len(p.Mus)), p.Tasks))
		terms, _ := l.losses(p.adapted(l, weights, data), data)
		for i, term := range terms {
			terms[i].Value = graph.ReduceMean(graph.Reshape(term.Value, -1, p.Tasks), 1)
		}
		return terms
	}
	return task
}

// Network is the network on the meta-weights, not adapted.
func (p MAML) Network(in train.Inputs) jet.Network { return p.learner().network(in) }

// Probe returns the task with the errors on the test points as its probe: the
// mean over all training μ of what pinn.Setup.Probe measures, for the
// meta-weights and, under names that end in AdaptedSuffix, after the inner steps
// at each μ. A task with this probe is trained alone.
func (p MAML) Probe(task train.Task) (train.Task, error) {
	p = p.WithDefaults()
	l := p.learner()
	return l.probe(task, p.Mus, func(weights, data map[string]*graph.Node) map[string]*graph.Node {
		return p.adapted(l, weights, data)
	})
}

func (p MAML) learner() learner { return newLearner("MAML", p.On, p.Mus) }

// adapted is θ', a copy a task.
func (p MAML) adapted(l learner, weights, data map[string]*graph.Node) map[string]*graph.Node {
	weights, _ = l.adapt(weights, data, p.InnerSteps, func(_ int, _ string, w, g *graph.Node) *graph.Node {
		if p.FirstOrder {
			g = graph.StopGradient(g)
		}
		return graph.Sub(w, graph.MulScalar(g, p.InnerRate))
	})
	return weights
}
