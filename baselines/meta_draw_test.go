// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// drawn trains a task that records what it draws, [step][task], for each seed.
func drawn(t *testing.T, seeds []int64, mus, tasks, steps int) [][][]int {
	t.Helper()
	var of []train.Task
	for _, seed := range seeds {
		of = append(of, train.Task{
			Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
			Streams: []string{baselines.TasksRole}, Seed: seed,
			Update: func(in train.Inputs) (map[string]*graph.Node, []train.Term) {
				choice := baselines.DrawTasks(in.Uniform(baselines.TasksRole, mus), tasks)
				var terms []train.Term
				for k := range tasks {
					row := graph.Slice(choice, graph.AxisRange(), graph.AxisElem(k), graph.AxisRange()) // [query, 1, μ]
					index := graph.Iota(row.Graph(), row.Shape(), 2)
					// 0/1 rows with a single 1 give the index; all else, a number that is none.
					valid := graph.ReduceSum(graph.Square(row), 1, 2)
					sum := graph.ReduceSum(graph.Mul(row, index), 1, 2)
					bad := graph.MulScalar(graph.Abs(graph.OneMinus(valid)), 1000.)
					terms = append(terms, train.Term{Name: fmt.Sprint(k), Value: graph.Add(sum, bad)})
				}
				return map[string]*graph.Node{"w": in.W("w")}, terms
			},
		})
	}
	trainer, err := train.NewTrainer(traintest.Open(t), of[0], train.Settings{Steps: steps, HistoryEvery: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(context.Background(), of, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := make([][][]int, len(states))
	for q, s := range states {
		for _, row := range s.History.Rows {
			var step []int
			for _, x := range row.Terms {
				step = append(step, int(x))
			}
			out[q] = append(out[q], step)
		}
	}
	return out
}

// TestDraw: tasks of a step are different, and each μ comes at each place equally
// often: χ² with M − 1 degrees of freedom, against its quantile at 1e-4.
func TestDraw(t *testing.T) {
	const steps = 2000
	for _, c := range []struct {
		mus, tasks int
		limit      float64 // SciPy 1.17: chi2.isf(1e-4, mus − 1)
	}{
		{11, 3, 35.564},
		{5, 5, 23.513},
		{27, 1, 62.429},
	} {
		draws := drawn(t, []int64{0, 1}, c.mus, c.tasks, steps)
		same := 0
		for q := range draws {
			for k := range c.tasks {
				counts := make([]float64, c.mus)
				for step, tasks := range draws[q] {
					if i := tasks[k]; i < 0 || i >= c.mus || slices.Contains(tasks[:k], i) {
						t.Fatalf("step %d draws %v of %d μ, want different ones", step, tasks, c.mus)
					}
					counts[tasks[k]]++
					if q == 1 && tasks[k] == draws[0][step][k] {
						same++
					}
				}
				chi2, want := 0., float64(steps)/float64(c.mus)
				for _, n := range counts {
					chi2 += (n - want) * (n - want) / want
				}
				if !(chi2 < c.limit) {
					t.Errorf("place %d of %d, seed %d: χ² of %d μ is %.1f, want below %.1f", k, c.tasks, q, c.mus, chi2, c.limit)
				}
			}
		}
		// Seeds draw independently: they agree one time in M, within 5 σ.
		n, p := float64(steps*c.tasks), 1/float64(c.mus)
		if d := math.Abs(float64(same) - n*p); d > 5*math.Sqrt(n*p) {
			t.Errorf("two seeds agree in %d of %g draws of %d μ, want %.0f", same, n, c.mus, n*p)
		}
	}
}

// TestDrawBreaksTies: equal keys still give different tasks.
func TestDrawBreaksTies(t *testing.T) {
	keys := []float64{.5, .25, .5, .25}
	got, err := graph.CallOnce(traintest.Open(t), func(k *graph.Node) *graph.Node { return baselines.DrawTasks(k, 4) }, [][]float64{keys})
	if err != nil {
		t.Fatal(err)
	}
	want := [][][]float64{{{0, 1, 0, 0}, {0, 0, 0, 1}, {1, 0, 0, 0}, {0, 0, 1, 0}}}
	if fmt.Sprint(got.Value()) != fmt.Sprint(want) {
		t.Errorf("keys %v draw %v, want %v", keys, got.Value(), want)
	}
}
