// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
)

// TestThreefry: the known answers of the Random123 library (kat_vectors,
// threefry2x32, 20 rounds).
func TestThreefry(t *testing.T) {
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	for _, c := range []struct{ counter, key, want [2]uint32 }{
		{[2]uint32{0, 0}, [2]uint32{0, 0}, [2]uint32{0x6b200159, 0x99ba4efe}},
		{[2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [2]uint32{0x1cb996fc, 0xbb002be7}},
		{[2]uint32{0x243f6a88, 0x85a308d3}, [2]uint32{0x13198a2e, 0x03707344}, [2]uint32{0xc4923a9c, 0x483df7a0}},
	} {
		out, err := graph.CallOnceN(b.Compute, func(k0, k1, c0, c1 *graph.Node) []*graph.Node {
			x := threefry([2]*graph.Node{k0, k1}, [2]*graph.Node{c0, c1})
			return x[:]
		}, c.key[0], c.key[1], c.counter[0], c.counter[1])
		if err != nil {
			t.Fatal(err)
		}
		got := [2]uint32{out[0].Value().(uint32), out[1].Value().(uint32)}
		if got != c.want {
			t.Errorf("threefry(key %x, counter %x) = %x, want %x", c.key, c.counter, got, c.want)
		}
	}
}

// draws trains a task whose loss is the mean of what it draws, and returns the
// losses of all steps.
func draws(t *testing.T, seeds []int64, steps, perDispatch int) [][]float64 {
	t.Helper()
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	const n = 3000
	var tasks []Task
	for _, seed := range seeds {
		tasks = append(tasks, Task{
			Weights: []Weight{{Name: "w", Value: NewArray(1, 1)}},
			Streams: []string{"points"}, Seed: seed,
			Loss: func(in Inputs) []Term {
				x := in.Uniform("points", n, 1)
				return []Term{
					{Name: "mean", Value: graph.ReduceMean(graph.Add(x, graph.MulScalar(graph.InsertAxes(in.W("w"), 1), 0)), 1, 2)},
					{Name: "square", Value: graph.ReduceMean(graph.Square(x), 1, 2)},
				}
			},
		})
	}
	trainer, err := NewTrainer(b.Compute, tasks[0], Settings{Steps: steps, HistoryEvery: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(context.Background(), tasks, nil, Options{StepsPerDispatch: perDispatch})
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for _, s := range states {
		var means []float64
		for _, r := range s.History.Rows {
			means = append(means, r.Terms...)
		}
		out = append(out, means)
	}
	return out
}

// TestUniform: draws have the moments of U[0, 1) within 5 standard errors, differ
// from step to step and seed to seed, and depend neither on the batch nor on the
// length of the run.
func TestUniform(t *testing.T) {
	const n = 3000
	both := draws(t, []int64{1, 1 << 60}, 6, 4)
	for q, means := range both {
		for i, x := range means {
			// Var U = 1/12, Var U² = 1/5 − 1/9.
			want, sd := 1./2, math.Sqrt(1./12/n)
			if i%2 == 1 {
				want, sd = 1./3, math.Sqrt((1./5-1./9)/n)
			}
			if math.Abs(x-want) > 5*sd {
				t.Errorf("query %d: moment %d at step %d is %g, want %g ± %g", q, 1+i%2, 1+i/2, x, want, 5*sd)
			}
		}
		unique := slices.Compact(slices.Sorted(slices.Values(means)))
		if len(unique) != len(means) {
			t.Errorf("query %d: draws repeat: %v", q, means)
		}
	}
	if slices.Equal(both[0], both[1]) {
		t.Error("two seeds draw the same")
	}
	if alone := draws(t, []int64{1 << 60}, 3, 1); !slices.Equal(alone[0], both[1][:6]) {
		t.Errorf("alone and for 3 steps: %v, want the first of %v", alone[0], both[1])
	}
}
