// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestGradientIsThatOfDifferences: central differences of the loss in the first, the
// middle and the last entry of every weight of the hypernetwork. With a step h of
// 1e-4 they miss the derivative by h² of the third one's size, and by rounding of
// the loss, 1e-16/h: 1e-6 of the largest gradient is far above both.
func TestGradientIsThatOfDifferences(t *testing.T) {
	const step, tolerance = 1e-4, 1e-6
	drawn, err := burgers(t).WithDrawn(nuDrawn)
	if err != nil {
		t.Fatal(err)
	}
	burgers := small(drawn, []float64{.07}, []float64{.004})
	burgers.Hidden = 1
	for name, task := range map[string]train.Task{
		"Burgers": burgers.Task(),
		"Lorenz":  hyperpinn.Multistep{Trajectories: lorenz(t), Width: 3, Hyper: []int{4}, Scaling: lorenzRange()}.Task(),
	} {
		t.Run(name, func(t *testing.T) {
			task := withDraws(task)
			f, weights := traintest.Losses(t, traintest.Open(t), task), traintest.Formulas(task, .5)
			total := func(w map[string]train.Array) float64 {
				sum := 0.
				terms, _ := f(w)
				for _, a := range terms {
					sum += a.Data[0]
				}
				return sum
			}
			_, gradients := f(weights)
			scale := 0.
			for _, g := range gradients {
				for _, x := range g.Data {
					scale = max(scale, math.Abs(x))
				}
			}
			for _, w := range task.Weights {
				for _, i := range []int{0, len(w.Value.Data) / 2, len(w.Value.Data) - 1} {
					moved := func(by float64) float64 {
						at := maps.Clone(weights)
						a := train.Array{Dims: w.Value.Dims, Data: slices.Clone(weights[w.Name].Data)}
						a.Data[i] += by
						at[w.Name] = a
						return total(at)
					}
					want := (moved(step) - moved(-step)) / (2 * step)
					if got := gradients[w.Name].Data[i]; !(math.Abs(got-want) <= tolerance*scale) {
						t.Errorf("entry %d of %s: gradient %.9g, by differences %.9g (the largest is %.3g)", i, w.Name, got, want, scale)
					}
				}
			}
		})
	}
}
