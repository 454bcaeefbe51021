// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestJacobian of the networks for one parameter setting, on all three terms of the CDR
// equation with both conditions at its boundary, and on Helmholtz' equation with two
// second derivatives and points in two blocks, against central differences.
func TestJacobian(t *testing.T) {
	helmholtz, err := pinn.NewSetup(pde.Helmholtz{}, pde.Sample{Set: "drawn", Collocation: 260})
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]struct {
		setup pinn.Setup
		mu    []float64
	}{"cdr": {cdr(t), []float64{1.5, .25, 2}}, "helmholtz": {helmholtz, []float64{2.5, 2}}} {
		for method, task := range map[string]train.Task{
			"PINN":          baselines.PINN{Setup: at.setup, Mu: at.mu, Width: 5, Hidden: 3}.Task(),
			"PINN-R":        baselines.PINNR{Setup: at.setup, Mu: at.mu, Width: 5, Hidden: 3}.Task(),
			"Naive-LR-PINN": baselines.NaiveLR{Setup: at.setup, Mu: at.mu, Width: 5, Rank: 2, TrainBases: true}.Task(),
		} {
			t.Run(name+" "+method, func(t *testing.T) { checkJacobian(t, task) })
		}
	}
}

func checkJacobian(t *testing.T, task train.Task) {
	t.Helper()
	weights := formula(task)
	for i, w := range task.Weights {
		task.Weights[i].Value = weights[w.Name]
	}
	residuals, jacobian, err := train.Jacobian(open(t), task, "float64")
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]train.Array{}
	for _, d := range task.Data {
		data[d.Name] = d.Value
	}
	e, err := train.NewEvaluator(open(t), slices.Collect(maps.Keys(weights)), slices.Collect(maps.Keys(data)), "float64", func(in train.Inputs) []*graph.Node {
		var parts []*graph.Node
		for _, term := range task.Residuals(in) {
			parts = append(parts, term.Value)
		}
		return []*graph.Node{graph.Squeeze(graph.Concatenate(parts, 1), 0)}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Finalize()
	at := func() []float64 {
		out, err := e.Call(weights, data)
		if err != nil {
			t.Fatal(err)
		}
		return out[0].Data
	}
	near(t, "residuals", residuals.Data, at(), 1e-12)
	// The error is h²/6 times third derivatives, and 2⁻⁵³/h times residuals of some 10.
	const h = 1e-5
	column := 0
	for _, w := range task.Weights {
		for i, x := range w.Value.Data {
			w.Value.Data[i] = x + h
			up := at()
			w.Value.Data[i] = x - h
			down := at()
			w.Value.Data[i] = x
			got, want, size := make([]float64, len(up)), make([]float64, len(up)), 0.
			for row := range up {
				got[row] = jacobian.Data[row*jacobian.Dims[1]+column]
				want[row] = (up[row] - down[row]) / (2 * h)
				size = max(size, math.Abs(want[row]))
			}
			if size == 0 {
				t.Errorf("no residual depends on %s[%d]: the test tests nothing", w.Name, i)
			}
			near(t, fmt.Sprintf("column of %s[%d]", w.Name, i), got, want, 1e-7+1e-9/size)
			column++
		}
	}
}
