// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"fmt"
	"math"
)

// HorizonError is how far one trajectory is from another up to a time.
type HorizonError struct {
	// Seconds is the time up to which is averaged.
	Seconds float64 `json:"seconds"`
	// Squared is the mean over times of the squared error of each component.
	Squared []float64 `json:"squared"`
}

// Total is the mean squared Euclidean error.
func (h HorizonError) Total() float64 {
	sum := 0.
	for _, x := range h.Squared {
		sum += x
	}
	return sum
}

// Rollout is a learnt right-hand side that was integrated, beside the truth.
type Rollout struct {
	Mu    []float64 `json:"mu"`
	Start []float64 `json:"start"`
	// Errors stand for each horizon, the shortest first.
	Errors []HorizonError `json:"errors"`
	// Truth and Learnt say where both trajectories end, such as [pde.Origin].
	Truth  string `json:"truth"`
	Learnt string `json:"learnt"`
}

// HorizonErrors compares states at times 0, step, 2 step, …, up to each horizon in
// seconds. It is an error where the trajectories differ in length or in components, or
// are shorter than a horizon.
func HorizonErrors(truth, learnt [][]float64, step float64, horizons []float64) ([]HorizonError, error) {
	if len(truth) != len(learnt) || len(truth) == 0 {
		return nil, fmt.Errorf("pinn: trajectories of %d and %d states; give two of one length", len(truth), len(learnt))
	}
	for i := range truth {
		if len(truth[i]) != len(truth[0]) || len(learnt[i]) != len(truth[0]) {
			return nil, fmt.Errorf("pinn: states of %d and %d components at time %d; give as many everywhere", len(truth[i]), len(learnt[i]), i)
		}
	}
	var out []HorizonError
	for _, seconds := range horizons {
		n := int(math.Round(seconds/step)) + 1
		if n > len(truth) || n < 1 {
			return nil, fmt.Errorf("pinn: trajectories of %g s are compared up to %g s; give a shorter horizon", step*float64(len(truth)-1), seconds)
		}
		h := HorizonError{Seconds: seconds, Squared: make([]float64, len(truth[0]))}
		for i := range n {
			for k := range h.Squared {
				d := truth[i][k] - learnt[i][k]
				h.Squared[k] += d * d / float64(n)
			}
		}
		out = append(out, h)
	}
	return out, nil
}
