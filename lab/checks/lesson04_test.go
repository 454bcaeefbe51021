// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"testing"

	"pinn.example/repro/lab/checks"
)

func TestStageBeta(t *testing.T) {
	of := func(f func(k, n float64) float64) error {
		return checks.StageBeta(func(k, stages int, beta float64) float64 { return beta * f(float64(k), float64(stages)) })
	}
	verdicts(t, []hinted{
		{"solution", of(func(k, n float64) float64 { return (k + 1) / n }), ""},
		{"student", checks.StageBeta(func(_, _ int, beta float64) float64 { return beta }), "not equal"},
		{"from 0", of(func(k, n float64) float64 { return k / n }), "counts from 0"},
		{"from 0 to β", of(func(k, n float64) float64 { return k / max(1, n-1) }), "wasted"},
		{"too far", of(func(k, n float64) float64 { return (k + 2) / n }), "must be at β"},
		{"squares", of(func(k, n float64) float64 { return (k + 1) * (k + 1) / (n * n) }), "not equal"},
	})
}

func TestSlabOf(t *testing.T) {
	of := func(f func(s float64) float64) error {
		return checks.SlabOf(func(t float64, slabs int) int { return int(f(t * float64(slabs))) })
	}
	verdicts(t, []hinted{
		{"solution", of(func(s float64) float64 { return max(0, math.Ceil(s)-1) }), ""},
		{"student", of(func(float64) float64 { return 0 }), "not in slab 0"},
		{"floor", of(math.Floor), "only the slabs"},
		{"floor, cut", checks.SlabOf(func(t float64, slabs int) int { return min(slabs-1, int(t*float64(slabs))) }), "the earlier one"},
		{"time 0", of(func(s float64) float64 { return math.Ceil(s) - 1 }), "first slab"},
	})
}

func TestEqualWork(t *testing.T) {
	verdicts(t, []hinted{
		{"solution", checks.EqualWork(20_000), ""},
		{"student", checks.EqualWork(0), "steps times collocation points"},
		{"the same", checks.EqualWork(2000), "cheaper"},
		{"of one slab", checks.EqualWork(200), "one slab's share"},
		{"evaluations", checks.EqualWork(2_000_000), "counts evaluations"},
	})
}

func TestCosineRate(t *testing.T) {
	of := func(f func(s float64) float64) error { // f goes from 0 to 1
		return checks.CosineRate(func(step, steps int, high, low float64) float64 {
			return high + (low-high)*f(float64(step)/float64(steps))
		})
	}
	verdicts(t, []hinted{
		{"solution", of(func(s float64) float64 { return (1 - math.Cos(math.Pi*s)) / 2 }), ""},
		{"student", of(func(float64) float64 { return 0 }), "back where it began"},
		{"whole period", of(func(s float64) float64 { return (1 - math.Cos(2*math.Pi*s)) / 2 }), "back where it began"},
		{"line", of(func(s float64) float64 { return s }), "no cosine"},
		{"quarter", of(func(s float64) float64 { return 1 - math.Cos(math.Pi*s/2) }), "half way"},
		{"upside down", of(func(s float64) float64 { return (1 + math.Cos(math.Pi*s)) / 2 }), "upside down"},
		{"not halved", of(func(s float64) float64 { return 1 - math.Cos(math.Pi*s) }), "at the last step"},
		{"start", of(func(float64) float64 { return .3 }), "at step 0"},
	})
}

func TestCausalWeights(t *testing.T) {
	of := func(f func(losses []float64, eps float64, k int) float64) error {
		return checks.CausalWeights(func(losses []float64, eps float64) []float64 {
			w := make([]float64, len(losses))
			for k := range w {
				w[k] = f(losses, eps, k)
			}
			return w
		})
	}
	sum := func(l []float64) (s float64) {
		for _, v := range l {
			s += v
		}
		return s
	}
	verdicts(t, []hinted{
		{"solution", of(func(l []float64, eps float64, k int) float64 { return math.Exp(-eps * sum(l[:k])) }), ""},
		{"student", of(func([]float64, float64, int) float64 { return 1 }), "is not 1"},
		{"own loss", of(func(l []float64, eps float64, k int) float64 { return math.Exp(-eps * sum(l[:k+1])) }), "own loss"},
		{"sign", of(func(l []float64, eps float64, k int) float64 { return math.Exp(eps * sum(l[:k])) }), "mind the sign"},
		{"no ε", of(func(l []float64, _ float64, k int) float64 { return math.Exp(-sum(l[:k])) }), "where is ε"},
		{"neighbour", of(func(l []float64, eps float64, k int) float64 { return math.Exp(-eps * sum(l[max(0, k-1):k])) }), "only its neighbour"},
		{"length", checks.CausalWeights(func([]float64, float64) []float64 { return nil }), "need 4 weights"},
		{"first", of(func([]float64, float64, int) float64 { return .25 }), "no slab before it"},
		{"in place", checks.CausalWeights(func(l []float64, eps float64) []float64 { l[0] = 1; return l }), "have changed"},
	})
}
