// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestEvaluate: f gets weights and data by name, names that it does not know are
// left aside, and missing ones are an error.
func TestEvaluate(t *testing.T) {
	weights := map[string]train.Array{
		"w": train.FromRows([][]float64{{1, 2}, {3, 4}}),
		"b": train.FromRows([][]float64{{10, 20}}),
	}
	x := train.FromRows([][]float64{{1, 1}})
	f := func(in train.Inputs) []*Node {
		u := Add(Dot(in.D("x"), in.W("w")).Product(), in.W("b"))
		return []*Node{u, ReduceAllSum(u)}
	}
	for _, dtype := range []string{"float32", "float64"} {
		out, err := train.Evaluate(traintest.Open(t), weights, []train.Datum{{Name: "x", Value: x}}, dtype, f)
		if err != nil {
			t.Fatal(err)
		}
		// (1+3+10, 2+4+20)
		traintest.Near(t, dtype+" u", out[0].Data, []float64{14, 26}, 0)
		traintest.Near(t, dtype+" sum", out[1].Data, []float64{40}, 0)
	}

	e, err := train.NewEvaluator(traintest.Open(t), []string{"w", "b"}, []string{"x"}, "float64", f)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Finalize()
	// Other shapes, on the same evaluator: a graph for each.
	for _, rows := range [][][]float64{{{1, 1}}, {{1, 0}, {0, 1}}} {
		out, err := e.Call(weights, map[string]train.Array{"x": train.FromRows(rows), "unused": x})
		if err != nil {
			t.Fatal(err)
		}
		if got := out[0].Dims[0]; got != len(rows) {
			t.Errorf("%d rows of u, want %d", got, len(rows))
		}
	}
	_, err = e.Call(weights, nil)
	wantError(t, "missing datum", err, "train: evaluating", `"x"`)
}
