// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Adapted returns a setup with as many collocation points, chosen by the residual of what
// has been trained so far: out of candidates points, uniform on the domain, without
// replacement, each with odds of |r|/mean|r| + 1. That is the residual-based adaptive
// distribution of Wu et al., "A comprehensive study of non-adaptive and residual-based
// adaptive sampling for physics-informed neural networks" (Comput. Methods Appl. Mech.
// Engrg. 403, 2023; arXiv 2207.10289), with their k = c = 1.
//
// residual is that at points, as [Evaluator.At] has it.
func (s Setup) Adapted(candidates int, random *rand.Rand, residual func(points [][]float64) ([]float64, error)) (Setup, error) {
	n := len(s.Points.Collocation)
	if candidates < n {
		return Setup{}, fmt.Errorf("pinn: %d collocation points out of %d candidates; give at least as many", n, candidates)
	}
	low, high := bounds(s.Problem.Coordinates())
	points := make([][]float64, candidates)
	for i := range points {
		points[i] = make([]float64, len(low))
		for k := range low {
			points[i][k] = low[k] + (high[k]-low[k])*random.Float64()
		}
	}
	r, err := residual(points)
	if err != nil {
		return Setup{}, err
	}
	mean := 0.
	for _, x := range r {
		mean += math.Abs(x) / float64(candidates)
	}
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return Setup{}, fmt.Errorf("pinn: no collocation points by a residual whose mean size is %g", mean)
	}
	// The n smallest of exponentially distributed times, of these rates, are such a
	// choice (Efraimidis and Spirakis, Inf. Process. Lett. 97, 2006).
	type candidate struct {
		time  float64
		point []float64
	}
	order := make([]candidate, candidates)
	for i, at := range points {
		odds := 1.
		if mean > 0 {
			odds += math.Abs(r[i]) / mean
		}
		order[i] = candidate{random.ExpFloat64() / odds, at}
	}
	slices.SortFunc(order, func(a, b candidate) int { return cmp.Compare(a.time, b.time) })
	s.Points.Collocation = nil
	for _, c := range order[:n] {
		s.Points.Collocation = append(s.Points.Collocation, c.point)
	}
	return s, nil
}
