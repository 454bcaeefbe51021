// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package allencahn_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/examples/allencahn"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// opened is the backend of all tests here.
var opened = sync.OnceValues(func() (*backend.Backend, error) { return backend.Open("") })

const (
	layers = 3 // hidden ones
	width  = 20
)

// network is a dense network with tanh.
func network(in train.Inputs) jet.Network {
	return func(h *jet.Jet) *jet.Jet {
		for l := range layers {
			h = jet.Tanh(jet.Dense(h, in.W(fmt.Sprintf("w%d", l)), in.W(fmt.Sprintf("b%d", l))))
		}
		return jet.Dense(h, in.W("w_end"), in.W("b_end"))
	}
}

// weights are the initial weights of network, and their names.
func weights() (all []train.Weight, names []string) {
	const seed = 0
	in := 2 // x and t
	for l := range layers {
		all = append(all,
			pinn.Linear(seed, fmt.Sprintf("w%d", l), in, 1, in, width),
			pinn.Linear(seed, fmt.Sprintf("b%d", l), in, 1, 1, width))
		in = width
	}
	all = append(all, pinn.Linear(seed, "w_end", in, 1, in, 1), pinn.Linear(seed, "b_end", in, 1, 1, 1))
	for _, w := range all {
		names = append(names, w.Name)
	}
	return all, names
}

// losses are the terms of the loss, the initial condition with weight 100 (Wight
// and Zhao, Commun. Comput. Phys. 29 (2021)). With weight 1 the benchmark's
// network settles near a stationary solution and never meets the initial
// condition: rel L2 .99 after 5,000 steps.
func losses(s pinn.Setup, in train.Inputs) []train.Term {
	terms := s.Losses(in, network(in))
	for i, term := range terms {
		if term.Name == "initial" {
			terms[i].Value = graph.MulScalar(term.Value, 100)
		}
	}
	return terms
}

// solve trains a network for each μ, all at once, and measures it.
func solve(mus [][]float64, steps int) ([]train.State, []pinn.Evaluation, error) {
	b, err := opened()
	if err != nil {
		return nil, nil, err
	}
	s, err := pinn.NewSetup(allencahn.Problem{}, pde.Sample{Set: "drawn", Collocation: 600})
	if err != nil {
		return nil, nil, err
	}
	start, names := weights()
	var tasks []train.Task
	for _, mu := range mus {
		tasks = append(tasks, train.Task{
			Label:   fmt.Sprint(s.Problem.ID(), mu),
			Weights: start,
			Data:    s.Data(mu),
			Loss:    func(in train.Inputs) []train.Term { return losses(s, in) },
		})
	}
	t, err := train.NewTrainer(b.Compute, tasks[0], train.Settings{
		Steps: steps, LearningRate: 1e-2, Schedule: "cosine", FinalRate: 1e-4,
	})
	if err != nil {
		return nil, nil, err
	}
	defer t.Finalize()
	states, err := t.Run(context.Background(), tasks, nil, train.Options{})
	if err != nil {
		return nil, nil, err
	}

	e, err := pinn.NewEvaluator(b.Compute, s, names, nil, "float32", network)
	if err != nil {
		return nil, nil, err
	}
	defer e.Finalize()
	results := make([]pinn.Evaluation, len(mus))
	for i, mu := range mus {
		if results[i], err = e.Evaluate(mu, states[i].Weights, nil); err != nil {
			return nil, nil, err
		}
	}
	return states, results, nil
}

// TestTrains takes the new equation through the loss, the training and the
// evaluation that the papers' equations go through, at two settings of μ.
func TestTrains(t *testing.T) {
	cases := []struct {
		mu []float64
		// share of the best constant's rel L2 that 1,000 steps must get below.
		// Seen, for two seeds each: .13 at ρ = 1 and .91, .90 at the benchmark's
		// ρ = 5, which is known to be hard and takes tens of thousands of steps.
		share float64
	}{
		{[]float64{1e-4, 1}, .25},
		{allencahn.Benchmark(), 1},
	}
	steps, factor := 1000, 50.
	if testing.Short() {
		steps, factor = 150, 2
	}
	var mus [][]float64
	for _, c := range cases {
		mus = append(mus, c.mu)
	}
	states, results, err := solve(mus, steps)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		rows, r := states[i].History.Rows, results[i]
		first, last := rows[0].Total(), rows[len(rows)-1].Total()
		t.Logf("mu=%g: loss %.3g to %.3g, rel L2 %.3f (best constant %.3f), residual %.3g on the grid, %.3g in training",
			c.mu, first, last, r.Grid.RelL2, r.TrivialGrid.RelL2, r.ResidualGrid, r.ResidualTrain)
		if !(last < first/factor) {
			t.Errorf("mu=%g: the loss went from %g to %g, want less than 1/%g", c.mu, first, last, factor)
		}
		if r.Spurious {
			t.Errorf("mu=%g: flagged as spurious, residual %g on the grid and %g in training", c.mu, r.ResidualGrid, r.ResidualTrain)
		}
		if !testing.Short() && !(r.Grid.RelL2 < c.share*r.TrivialGrid.RelL2) {
			t.Errorf("mu=%g: rel L2 %g, want less than %g of the best constant's %g", c.mu, r.Grid.RelL2, c.share, r.TrivialGrid.RelL2)
		}
	}
}

// TestUntrainedIsNoBetterThanTheConstant: what TestTrains asks for is not there
// before training.
func TestUntrainedIsNoBetterThanTheConstant(t *testing.T) {
	_, results, err := solve([][]float64{{1e-4, 1}, allencahn.Benchmark()}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !(r.Grid.RelL2 >= r.TrivialGrid.RelL2) {
			t.Errorf("mu=%g: rel L2 %g untrained, less than the best constant's %g", r.Mu, r.Grid.RelL2, r.TrivialGrid.RelL2)
		}
	}
}

// An equation of one's own is trained like the papers'.
func Example() {
	states, _, err := solve([][]float64{allencahn.Benchmark()}, 100)
	must.M(err)
	h := states[0].History
	fmt.Println("terms of the loss:", h.Terms)
	fmt.Println("halved:", h.Rows[len(h.Rows)-1].Total() < h.Rows[0].Total()/2)
	// Output:
	// terms of the loss: [residual initial boundary boundary_slope]
	// halved: true
}
