// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Products counts the multiplications in the matrix products of one training step
// of a task: forward, and backward to its weights, in the graph as it is trained.
// It is for tasks whose products have no batch axis longer than 1, as those of one
// query have.
func Products(b compute.Backend, task Task) (count int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("train: building the graph of %s: %v", task.Label, r)
		}
	}()
	g := graph.NewGraph(b, "step")
	defer g.Finalize()
	in := task.parameters(g, dtypes.Float32)
	in.steps = graph.Parameter(g, "steps", shapes.Make(dtypes.Float32))
	var weights []*graph.Node
	for _, w := range task.Weights {
		weights = append(weights, in.W(w.Name))
	}
	var total *graph.Node
	for _, term := range task.Loss(task.redrawn(in)) {
		if sum := graph.ReduceAllSum(term.Value); total == nil {
			total = sum
		} else {
			total = graph.Add(total, sum)
		}
	}
	// What no gradient needs, the compiler leaves out.
	seen := map[graph.NodeId]bool{}
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		if seen[n.Id()] {
			return
		}
		seen[n.Id()] = true
		if t := n.Type(); t == graph.NodeTypeDotGeneral {
			// Of [m, k] times [k, n]: m·k · k·n · m·n = (m·k·n)².
			sizes := float64(n.Shape().Size())
			for _, x := range n.Inputs() {
				sizes *= float64(x.Shape().Size())
			}
			count += int(math.Round(math.Sqrt(sizes)))
		}
		for _, x := range n.Inputs() {
			visit(x)
		}
	}
	for _, gradient := range append(graph.Gradient(total, weights...), total) {
		visit(gradient)
	}
	return count, nil
}
