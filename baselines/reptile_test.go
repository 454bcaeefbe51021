// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"math"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestReptileOfOneStepIsSGD: with one inner step of gradient descent and ε = 1 an
// outer step is a step of gradient descent on the drawn μ: on one μ exactly, on
// several on one of them, each in its turn, so joint training in expectation.
func TestReptileOfOneStepIsSGD(t *testing.T) {
	const rate = 1e-2
	for name, on := range metaBases(t) {
		t.Run(name, func(t *testing.T) {
			sgd := func(mus [][]float64) baselines.Reptile {
				return baselines.Reptile{On: on, Mus: mus, Steps: 1, InnerSteps: 1, InnerRate: rate, InnerOptimizer: baselines.InnerSGD, Epsilon: 1}
			}
			one := train.Settings{Steps: 1, DType: "float64"}
			weights := traintest.Formulas(sgd(metaMus).Task(), .5)
			terms, gradients := own(t, on)(same(weights))
			var next []map[string]train.Array
			step := runner(t, sgd(metaMus[:1]).Task(), one)
			for i, mu := range metaMus {
				next = append(next, moved(weights, -rate, gradients[i]))
				got := step(sgd([][]float64{mu}).Task(), weights)
				traintest.NearAll(t, "weight on one μ", got.Weights, next[i], 1e-13)
				traintest.NearAll(t, "term", rowTerms(got.History, 0), terms[i], 1e-13)
			}

			task := sgd(metaMus).Task()
			step = runner(t, task, one)
			seen := map[int]bool{}
			for seed := range int64(40) { // one of 4 is left out of 40 draws at 4e-5
				task.Seed = seed
				got := step(task, weights).Weights
				is := -1
				for i := range next {
					if agree(got, next[i], 1e-13) {
						is = i
					}
				}
				if is < 0 {
					t.Fatalf("seed %d: a step on several μ is a step on none of them", seed)
				}
				if seen[is] = true; len(seen) == len(metaMus) {
					return
				}
			}
			t.Errorf("drew %d of %d μ", len(seen), len(metaMus))
		})
	}
}

// agree reports whether all numbers agree within an absolute tolerance.
func agree(a, b map[string]train.Array, tolerance float64) bool {
	for name := range a {
		for i := range a[name].Data {
			if !(math.Abs(a[name].Data[i]-b[name].Data[i]) <= tolerance) {
				return false
			}
		}
	}
	return true
}

// TestReptileFollowsItsAlgorithm: on one μ, each outer step goes ε(1 − k/N) of
// the way to where a fresh run of Adam on the network's own task ends.
func TestReptileFollowsItsAlgorithm(t *testing.T) {
	const steps, inner, rate, epsilon = 4, 3, 1e-2, .5
	for name, on := range metaBases(t) {
		t.Run(name, func(t *testing.T) {
			p := baselines.Reptile{On: on, Mus: metaMus[:1], Steps: steps, InnerSteps: inner, InnerRate: rate, Epsilon: epsilon}
			weights := traintest.Formulas(p.Task(), .5)
			task, alone := p.Task(), atMu(on, metaMus[0])
			// An outer learning rate has no effect.
			got := runner(t, task, train.Settings{Steps: steps, LearningRate: 7, DType: "float64", HistoryEvery: 1})(task, weights)
			adam := runner(t, alone, train.Settings{Steps: inner, LearningRate: rate, DType: "float64"})
			for k := range steps {
				ended := adam(alone, weights)
				traintest.NearAll(t, "term", rowTerms(got.History, k), rowTerms(ended.History, 0), 1e-11)
				way := moved(ended.Weights, -1, weights)
				weights = moved(weights, epsilon*(1-float64(k)/steps), way)
			}
			traintest.NearAll(t, "weight", got.Weights, weights, 1e-11)
		})
	}
}
