// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// TestJacobian of Phase 2, with u_xx in its equation and pairs at its
// boundary, against central differences: with frozen bases, and with trained ones.
func TestJacobian(t *testing.T) {
	for _, trainBases := range []bool{false, true} {
		t.Run(fmt.Sprintf("bases trained: %t", trainBases), func(t *testing.T) {
			p2 := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.AdaptiveRank, Start: phase1Weights(t, 6), TrainBases: trainBases}
			for l := range p2.Diagonals {
				p2.Diagonals[l] = formula(fmt.Sprintf("diagonal%d", l), 1, 6) // some below 0, and so cut off
			}
			task := p2.Task()
			residuals, jacobian, err := train.Jacobian(open(t), task, "float64")
			if err != nil {
				t.Fatal(err)
			}
			// 7 collocation points, 5 initial ones and 4 pairs.
			if rows := len(residuals.Data); rows != 16 || len(jacobian.Data) != 16*jacobian.Dims[1] {
				t.Fatalf("%d residuals and a Jacobian of %v, want 16", rows, jacobian.Dims)
			}
			weights := values(task)
			e, err := train.NewEvaluator(open(t), slices.Collect(maps.Keys(weights)), names(task.Data), "float64", func(in train.Inputs) []*graph.Node {
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
			data := map[string]train.Array{}
			for _, d := range task.Data {
				data[d.Name] = d.Value
			}
			at := func() []float64 {
				out, err := e.Call(weights, data)
				if err != nil {
					t.Fatal(err)
				}
				return out[0].Data
			}
			for row, r := range at() {
				if math.Abs(r-residuals.Data[row]) > 1e-12 {
					t.Errorf("residual %d is %g on copies and %g without", row, residuals.Data[row], r)
				}
			}
			// Errors of h²/6 times third derivatives of some 1e2, and of 2⁻⁵³/h.
			const h, tolerance = 1e-5, 1e-7
			column, moved := 0, 0
			for _, w := range task.Weights {
				for i := range w.Value.Data {
					x := w.Value.Data[i]
					w.Value.Data[i] = x + h
					up := at()
					w.Value.Data[i] = x - h
					down := at()
					w.Value.Data[i] = x
					for row := range up {
						want := (up[row] - down[row]) / (2 * h)
						if w.Mask != nil && w.Mask.Data[i] == 0 {
							want = 0
						}
						got := jacobian.Data[row*jacobian.Dims[1]+column]
						if !(math.Abs(got-want) < tolerance*(1+math.Abs(want))) {
							t.Fatalf("residual %d by %s[%d] is %.12g, want %.12g", row, w.Name, i, got, want)
						}
						if want != 0 {
							moved++
						}
					}
					column++
				}
			}
			if column != jacobian.Dims[1] || moved < 16*task.Count()/2 {
				t.Errorf("%d columns of %d, %d entries that are not 0", column, jacobian.Dims[1], moved)
			}
		})
	}
}

func names(data []train.Datum) []string {
	var out []string
	for _, d := range data {
		out = append(out, d.Name)
	}
	return out
}
