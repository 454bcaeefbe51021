// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"testing"
	"time"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestDurations: as many positive times as are asked for. Compilation is not among
// them: all together take less than the whole call, which compiles and makes ten more.
func TestDurations(t *testing.T) {
	weights := map[string]train.Array{"w": train.FromRows([][]float64{{1, 2}, {3, 4}})}
	data := []train.Datum{{Name: "x", Value: train.FromRows([][]float64{{1, 1}})}}
	traced := 0
	for _, dtype := range []string{"float32", "float64"} {
		start := time.Now()
		times, err := train.Durations(traintest.Open(t), weights, data, dtype, 5, func(in train.Inputs) *Node {
			traced++
			return Tanh(Dot(in.D("x"), in.W("w")).Product())
		})
		whole := time.Since(start)
		if err != nil {
			t.Fatal(err)
		}
		if len(times) != 5 {
			t.Fatalf("%s: %d times, want 5", dtype, len(times))
		}
		var sum time.Duration
		for i, d := range times {
			if d <= 0 {
				t.Errorf("%s: call %d took %s", dtype, i+1, d)
			}
			sum += d
		}
		if sum >= whole {
			t.Errorf("%s: 5 calls took %s, all with compilation %s", dtype, sum, whole)
		}
	}
	if traced != 2 {
		t.Errorf("the graph was built %d times, want once a dtype", traced)
	}
}

func TestDurationsAreChecked(t *testing.T) {
	x := train.FromRows([][]float64{{1, 1}})
	times := func(a train.Array, f func(in train.Inputs) *Node) error {
		_, err := train.Durations(traintest.Open(t), nil, []train.Datum{{Name: "x", Value: a}}, "float32", 1, f)
		return err
	}
	wantError(t, "another name", times(x, func(in train.Inputs) *Node { return in.D("y") }), "train: timing", `"y"`)
	wantError(t, "another shape", times(x, func(in train.Inputs) *Node { return Dot(in.D("x"), in.D("x")).Product() }), "train: timing")
	wantError(t, "a number is missing", times(train.Array{Dims: []int{1, 2}, Data: []float64{1}}, func(in train.Inputs) *Node { return in.D("x") }), `"x"`)
}
