// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"math"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// bent is MAML with inner steps long enough that the second order counts.
func bent(on baselines.Base) baselines.MAML {
	return baselines.MAML{On: on, Mus: metaMus, Tasks: 2, InnerSteps: 2, InnerRate: 1e-2}
}

// TestMAMLGradient: the outer gradient is the central difference of the adapted
// loss, of sixth order, for three numbers of each weight and along a direction in all of
// them.
func TestMAMLGradient(t *testing.T) {
	bases := metaBases(t)
	bases["PINN"] = baselines.PINN{Setup: few(t, true), Width: 4, Hidden: 2}
	for name, on := range bases {
		t.Run(name, func(t *testing.T) {
			task := bent(on).Task()
			loss := outer(t, task)
			weights := traintest.Formulas(task, .5)
			terms, gradients := loss(weights)

			const h = 2e-3
			difference := func(direction map[string]train.Array) float64 {
				at := func(k float64) float64 {
					terms, _ := loss(moved(weights, k*h, direction))
					return total(terms)
				}
				return (45*(at(1)-at(-1)) - 9*(at(2)-at(-2)) + at(3) - at(-3)) / (60 * h)
			}
			zero := func() map[string]train.Array {
				d := map[string]train.Array{}
				for name, a := range weights {
					d[name] = train.NewArray(a.Dims...)
				}
				return d
			}
			worst := 0.
			check := func(what string, got, want float64) {
				t.Helper()
				worst = max(worst, math.Abs(got/want-1))
				if !(math.Abs(got-want) <= 1e-6*math.Abs(want)) {
					t.Errorf("%s: the gradient is %.12g, the difference quotient %.12g (relative error %.1e)", what, got, want, math.Abs(got/want-1))
				}
			}
			all, along := zero(), 0.
			for name, g := range gradients {
				for i := range g.Data {
					all[name].Data[i] = math.Cos(float64(i))
					along += g.Data[i] * all[name].Data[i]
				}
				for _, i := range []int{0, len(g.Data) / 2, len(g.Data) - 1} {
					one := zero()
					one[name].Data[i] = 1
					check(fmt.Sprintf("%s[%d]", name, i), g.Data[i], difference(one))
				}
			}
			check("along a direction", along, difference(all))
			t.Logf("largest relative error %.1e", worst)

			// The test can tell second order from first.
			first := bent(on)
			first.FirstOrder = true
			firstTerms, firstGradients := outer(t, first.Task())(weights)
			traintest.NearAll(t, "first order's term", firstTerms, terms, 1e-13)
			apart, scale := 0., 0.
			for name, g := range gradients {
				for i := range g.Data {
					apart = max(apart, math.Abs(g.Data[i]-firstGradients[name].Data[i]))
					scale = max(scale, math.Abs(g.Data[i]))
				}
			}
			if !(apart > 1e-2*scale) {
				t.Errorf("first and second order differ by %g of %g: too little to tell", apart, scale)
			}
		})
	}
}

// TestMAMLIsMeansOverTasks, with all tasks in each step. First order: loss and
// gradient are the means over μ of the network's own at the weights that gradient
// descent there leads to. At an inner rate so small that no weight moves by it:
// joint training, the means at the weights themselves, through second order.
func TestMAMLIsMeansOverTasks(t *testing.T) {
	for name, on := range metaBases(t) {
		t.Run(name, func(t *testing.T) {
			loss := own(t, on)
			first := bent(on)
			first.Tasks, first.FirstOrder = len(metaMus), true
			joint := baselines.MAML{On: on, Mus: metaMus, Tasks: len(metaMus), InnerRate: 1e-300}
			weights := traintest.Formulas(joint.Task(), .5)

			wantTerms, wantGradients := loss(descent(loss, weights, first.InnerRate, first.InnerSteps))
			terms, gradients := outer(t, first.Task())(weights)
			traintest.NearAll(t, "first order: term", terms, meanOf(wantTerms), 1e-11)
			traintest.NearAll(t, "first order: gradient", gradients, meanOf(wantGradients), 1e-11)

			wantTerms, wantGradients = loss(same(weights))
			terms, gradients = outer(t, joint.Task())(weights)
			traintest.NearAll(t, "joint training: term", terms, meanOf(wantTerms), 1e-13)
			traintest.NearAll(t, "joint training: gradient", gradients, meanOf(wantGradients), 1e-12)
		})
	}
}

// TestMAMLDrawsTasks: with one task a step, each step's loss is that of one of
// the μ, and all have their turn.
func TestMAMLDrawsTasks(t *testing.T) {
	on := metaBases(t)["PINN"]
	p := baselines.MAML{On: on, Mus: metaMus, Tasks: 1, InnerRate: 1e-300}
	weights := traintest.Formulas(p.Task(), .5)
	want := make([]float64, len(metaMus))
	terms, _ := own(t, on)(same(weights))
	for i := range terms {
		want[i] = total(terms[i])
	}
	const steps = 60 // one of 4 is left out of 60 draws at 1e-7
	// An outer rate at which no weight moves either.
	task := p.Task()
	h := runner(t, task, train.Settings{Steps: steps, LearningRate: 1e-300, DType: "float64", HistoryEvery: 1})(task, weights).History
	seen := make([]int, len(metaMus))
	for row := range steps {
		got, found := total(rowTerms(h, row)), false
		for i := range want {
			if math.Abs(got-want[i]) <= 1e-12*want[i] {
				seen[i], found = seen[i]+1, true
			}
		}
		if !found {
			t.Fatalf("step %d: loss %g is none of %v", row+1, got, want)
		}
	}
	for i, n := range seen {
		if n == 0 {
			t.Errorf("μ %v was not drawn in %d steps", metaMus[i], steps)
		}
	}
}
