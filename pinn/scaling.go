// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
)

// Scaling says in which form a network reads the equation's parameters. The zero
// value is the raw numbers, as in the Hyper-LR-PINN authors' code.
type Scaling struct {
	// Kind is "", ScaleLinear or ScaleLog.
	Kind string `json:"kind"`
	// Low and High are the ends of each parameter's range, which go to −1 and 1; a
	// parameter whose range is one number goes to 0.
	Low  []float64 `json:"low"`
	High []float64 `json:"high"`
}

// Kinds of scaling.
const (
	ScaleLinear = "linear"
	// ScaleLog is linear in the logarithm.
	ScaleLog = "log"
)

// Check returns an error that says what to do where the scaling is none of n
// parameters.
func (s Scaling) Check(n int) error {
	switch {
	case s.Kind == "":
		return nil
	case s.Kind != ScaleLinear && s.Kind != ScaleLog:
		return fmt.Errorf("pinn: unknown scaling %q; known are \"\" (raw), %s and %s", s.Kind, ScaleLinear, ScaleLog)
	case len(s.Low) != n || len(s.High) != n:
		return fmt.Errorf("pinn: a scaling from %v to %v for %d parameters; give both ends of each range", s.Low, s.High, n)
	}
	for i := range s.Low {
		if !(s.Low[i] <= s.High[i]) || s.Kind == ScaleLog && !(s.Low[i] > 0) {
			return fmt.Errorf("pinn: a %s scaling from %g to %g; give the lower end first, above 0 for a logarithm", s.Kind, s.Low[i], s.High[i])
		}
	}
	return nil
}

// affine are slope and offset of each parameter, or of its logarithm.
func (s Scaling) affine() (slope, offset []float64) {
	slope, offset = make([]float64, len(s.Low)), make([]float64, len(s.Low))
	for i := range slope {
		low, high := s.Low[i], s.High[i]
		if s.Kind == ScaleLog {
			low, high = math.Log(low), math.Log(high)
		}
		if high > low {
			slope[i], offset[i] = 2/(high-low), (low+high)/(low-high)
		}
	}
	return slope, offset
}

// Apply scales mu, [query, parameter].
func (s Scaling) Apply(mu *graph.Node) *graph.Node {
	if s.Kind == "" {
		return mu
	}
	if s.Kind == ScaleLog {
		mu = graph.Log(mu)
	}
	slope, offset := s.affine()
	row := func(x []float64) *graph.Node { return graph.ConstAsDType(mu.Graph(), mu.DType(), [][]float64{x}) }
	return graph.Add(graph.Mul(mu, row(slope)), row(offset))
}

// Of scales one parameter setting on the host.
func (s Scaling) Of(mu []float64) []float64 {
	out := slices.Clone(mu)
	if s.Kind == "" {
		return out
	}
	slope, offset := s.affine()
	for i, x := range mu {
		if s.Kind == ScaleLog {
			x = math.Log(x)
		}
		out[i] = slope[i]*x + offset[i]
	}
	return out
}
