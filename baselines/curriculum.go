// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/train"
)

// Curriculum is curriculum learning on the Naive-LR-PINN (Table 2): the same
// network is trained on easier problems first, at μ/n, 2μ/n, …, μ, from stage to
// stage on the weights with which the one before ended (Krishnapriyan et al. 2021,
// section 5.1).
//
// The schedule is not published. Ours raises the largest entry of μ by 1 a stage,
// so that convection is trained at β = 1, 2, …, and gives all stages the same
// number of steps.
//
// Runs that share a Trainer must have the same number of stages.
type Curriculum struct {
	// NaiveLR is the network at its target μ.
	NaiveLR
	// Stages is n; 0 is the largest entry of μ in magnitude, rounded up, and at
	// least 1.
	Stages int
}

// WithDefaults returns the curriculum with zeros replaced by their defaults.
func (c Curriculum) WithDefaults() Curriculum {
	c.NaiveLR = c.NaiveLR.WithDefaults()
	if c.Stages == 0 {
		largest := 1.
		for _, m := range c.Mu {
			largest = max(largest, math.Abs(m))
		}
		c.Stages = int(math.Ceil(largest))
	}
	return c
}

// Check returns an error where the network's would, or where the number of stages
// is negative.
func (c Curriculum) Check() error {
	if err := c.NaiveLR.Check(); err != nil {
		return err
	}
	if c.Stages < 0 {
		return fmt.Errorf("baselines: the number of stages must not be negative, got %d", c.Stages)
	}
	return nil
}

// Steps returns the number of steps of a run that may have total: the most that
// all stages can share equally, 9,990 of 10,000 for 30 stages. It is never less
// than a step a stage.
func (c Curriculum) Steps(total int) int {
	n := c.WithDefaults().Stages
	return max(1, total/n) * n
}

// At returns the parameters at which stage k is trained; k counts from 0.
func (c Curriculum) At(k int) []float64 {
	c = c.WithDefaults()
	mu := slices.Clone(c.Mu)
	if k == c.Stages-1 {
		return mu // and not what a product and a quotient make of it
	}
	for i := range mu {
		mu[i] = mu[i] * float64(k+1) / float64(c.Stages)
	}
	return mu
}

// Task returns what is trained: Settings.Steps must be what Steps returns.
func (c Curriculum) Task() train.Task {
	c = c.WithDefaults()
	task := c.stage(0)
	task.Label = fmt.Sprintf("curriculum on the Naive-LR-PINN of rank %d to %v", c.Rank, c.Mu)
	task.Stages = c.Stages
	task.Stage = func(k int, ended []map[string]train.Array) (train.Task, error) {
		if k < 1 || k >= c.Stages || len(ended) != k {
			return train.Task{}, fmt.Errorf("baselines: there is no stage %d of %d after %d", k+1, c.Stages, len(ended))
		}
		next := c.stage(k)
		var err error
		next.Weights, err = train.StartFrom(next.Weights, ended[k-1])
		return next, err
	}
	return task
}

// stage is the network at the parameters of stage k, from fresh weights.
func (c Curriculum) stage(k int) train.Task {
	p := c.NaiveLR
	p.Mu = c.At(k)
	return p.Task()
}
