// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/train"
)

// shared is a task whose terms are the numbers of a datum [3, 2, 2] that all queries
// share, in [0, 1) × [10, 14).
func shared(seed int64) train.Task {
	return train.Task{
		Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
		Data: []train.Datum{{
			Name: "x", Value: train.NewArray(3, 2, 2), Shared: true,
			Redraw: &train.Redraw{Every: 1, Seed: seed, Low: []float64{0, 10}, High: []float64{1, 14}},
		}},
		Loss: func(in train.Inputs) []train.Term { return elements(in, in.D("x")) },
	}
}

// elements are the numbers of a node as terms, of as many queries as there are, and
// one whose gradient is 0.
func elements(in train.Inputs, x *Node) []train.Term {
	nothing := MulScalar(ReduceSum(in.W("w"), 1), 0) // [query]
	terms := []train.Term{{Name: "w", Value: nothing}}
	for i := range x.Shape().Size() {
		one := Reshape(Slice(Reshape(x, x.Shape().Size()), AxisElem(i)), 1)
		terms = append(terms, train.Term{Name: "x", Value: Add(nothing, one)})
	}
	return terms
}

// TestRedrawOfSharedData: whatever its leading axis is, a shared datum's numbers are
// those of one stream, Uniform's, between the bounds; no two rows are the same, and
// all queries read one and the same.
func TestRedrawOfSharedData(t *testing.T) {
	const steps = 4
	settings := train.Settings{Steps: steps, HistoryEvery: 1, DType: "float64"}
	stream := shared(5)
	stream.Data, stream.Streams, stream.Seed = nil, []string{"x"}, 5
	stream.Loss = func(in train.Inputs) []train.Term {
		return elements(in, in.Uniform("x", 3*2*2))
	}
	got := runs(t, []train.Task{shared(5), shared(5)}, settings, nil, 0)
	want := runs(t, []train.Task{stream}, settings, nil, 0)[0].History.Rows
	seen := map[float64]bool{}
	for i, row := range got[0].History.Rows {
		for j, x := range row.Terms[1:] {
			u := want[i].Terms[1+j]
			seen[u] = true
			if j%2 == 1 {
				u = 10 + 4*u
			}
			if x != u {
				t.Errorf("step %d, number %d is %.17g, want %.17g", row.Step, j, x, u)
			}
		}
		if !slices.Equal(row.Terms, got[1].History.Rows[i].Terms) {
			t.Errorf("step %d: two queries read other numbers", row.Step)
		}
	}
	// Of 48 multiples of 2⁻²⁴ two are the same once in 15,000 seeds.
	if len(seen) != steps*3*2*2 {
		t.Errorf("%d different numbers in %d draws", len(seen), steps*3*2*2)
	}
}
