// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/train"
)

// TestGraphHashSeesWhatIsComputed: another operation, constant (small or large),
// shape or term's name is another hash; other values of weights are not.
func TestGraphHashSeesWhatIsComputed(t *testing.T) {
	b, err := backend.Open(backend.Go)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	large := make([]float32, 100)
	task := func(start float64, width int, term string, loss func(w *graph.Node) *graph.Node) train.Task {
		a := train.NewArray(1, width)
		a.Data[0] = start
		return train.Task{
			Weights: []train.Weight{{Name: "w", Value: a}},
			Loss: func(in train.Inputs) []train.Term {
				return []train.Term{{Name: term, Value: graph.ReduceSum(loss(in.W("w")), 1)}}
			},
		}
	}
	square := func(w *graph.Node) *graph.Node { return graph.Square(w) }
	hash := func(task train.Task) string {
		h, err := train.GraphHash(b.Compute, task, "float32")
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	withLarge := func(last float32) func(w *graph.Node) *graph.Node {
		return func(w *graph.Node) *graph.Node {
			large[99] = last
			return graph.Mul(w, graph.Const(w.Graph(), [][]float32{append([]float32(nil), large...)}))
		}
	}
	same := hash(task(1, 100, "a", square))
	if again := hash(task(2, 100, "a", square)); again != same {
		t.Error("another initial weight changes the hash")
	}
	seen := map[string]string{same: "the first"}
	for name, other := range map[string]train.Task{
		"an operation":            task(1, 100, "a", func(w *graph.Node) *graph.Node { return graph.Tanh(w) }),
		"a shape":                 task(1, 101, "a", square),
		"a term's name":           task(1, 100, "b", square),
		"a constant":              task(1, 100, "a", func(w *graph.Node) *graph.Node { return graph.MulScalar(w, 2) }),
		"another constant":        task(1, 100, "a", func(w *graph.Node) *graph.Node { return graph.MulScalar(w, 2.5) }),
		"a large constant":        task(1, 100, "a", withLarge(1)),
		"an entry of a large one": task(1, 100, "a", withLarge(2)),
	} {
		h := hash(other)
		if with, ok := seen[h]; ok {
			t.Errorf("%s has the hash of %s", name, with)
		}
		seen[h] = name
	}
}
