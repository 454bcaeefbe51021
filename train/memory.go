// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// StepBytes bounds the memory that one query of a task takes in a step, in bytes: the
// sizes of all values in the graph of a step of one query, and of what a probe reads.
// A compiler that fuses operations and uses memory again takes less. Nothing is
// compiled.
func StepBytes(b compute.Backend, task Task, s Settings) (bytes int64, err error) {
	t, err := NewTrainer(b, task, s)
	if err != nil {
		return 0, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("train: building the graph of %s: %v", task.Label, r)
		}
	}()
	dims := map[string][]int{"steps": nil}
	for _, w := range task.Weights {
		for _, group := range t.layout.groups {
			dims[group+w.Name] = w.Value.Dims
		}
	}
	for _, d := range task.loopData() {
		dims["data/"+d.Name] = d.Value.Dims
	}
	g := graph.NewGraph(b, "step")
	defer g.Finalize()
	var nodes []*graph.Node
	for _, name := range t.layout.names() {
		nodes = append(nodes, graph.Parameter(g, name, shapes.Make(t.settings.dtype(), dims[name]...)))
	}
	t.step(nodes)
	for _, n := range g.Nodes() {
		if n.NumOutputs() == 1 {
			bytes += n.Shape().ByteSize()
		}
	}
	for _, d := range task.ProbeData {
		bytes += shapes.Make(t.settings.dtype(), d.Value.Dims...).ByteSize()
	}
	return bytes, nil
}
