// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/train"
)

// Two queries at once: the weight w of each goes to that query's target.
func Example() {
	b := must.M1(backend.Open(""))
	task := func(target float64) train.Task {
		return train.Task{
			Label:   fmt.Sprintf("target=%g", target),
			Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
			Data:    []train.Datum{{Name: "target", Value: train.FromRows([][]float64{{target}})}},
			Loss: func(in train.Inputs) []train.Term {
				misfit := graph.Sub(in.W("w"), in.D("target")) // [query, 1]
				return []train.Term{{Name: "misfit", Value: graph.ReduceMean(graph.Square(misfit), 1)}}
			},
		}
	}
	tasks := []train.Task{task(1), task(-2)}
	t := must.M1(train.NewTrainer(b.Compute, tasks[0], train.Settings{Steps: 1000, LearningRate: .02}))
	defer t.Finalize()
	states := must.M1(t.Run(context.Background(), tasks, nil, train.Options{}))
	for i, s := range states {
		first, last := s.History.Rows[0], s.History.Rows[len(s.History.Rows)-1]
		fmt.Printf("%s: w = %.2f, loss %.0f at step %d, %.2f at step %d\n",
			tasks[i].Label, s.Weights["w"].Data[0], first.Total(), first.Step, last.Total(), last.Step)
	}
	// Output:
	// target=1: w = 1.00, loss 1 at step 1, 0.00 at step 1000
	// target=-2: w = -2.00, loss 4 at step 1, 0.00 at step 1000
}
