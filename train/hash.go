// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

var hashing sync.Mutex // guards GoMLX's global below

// GraphHash is a hash of the graph of a task's loss, or of its update: its operations, shapes,
// constants, and the names of weights, data and terms. It does not depend on the
// values of weights and data.
//
// It stands in the name of a run whose problem or model lives outside this
// module, so that an edited equation is never served an old result; for those
// inside, a test compares it with the one on record.
func GraphHash(b compute.Backend, task Task, dtype string) (hash string, err error) {
	hashing.Lock()
	defer hashing.Unlock()
	// Constants of more elements than this would be hashed by their shape alone.
	keep := graph.MinConstValueSizeToKeep
	graph.MinConstValueSizeToKeep = math.MaxInt
	defer func() {
		graph.MinConstValueSizeToKeep = keep
		if r := recover(); r != nil {
			err = fmt.Errorf("train: building the graph of %s: %v", task.Label, r)
		}
	}()
	g := graph.NewGraph(b, "loss")
	defer g.Finalize()
	in := task.parameters(g, Settings{DType: dtype}.dtype())
	var names []string
	terms := task.Loss
	if task.Update != nil || len(task.Streams) > 0 || task.redraws() != nil {
		in.steps = graph.Parameter(g, "steps", shapes.Make(Settings{DType: dtype}.dtype()))
	}
	in = task.redrawn(in)
	if task.Update != nil {
		terms = func(in Inputs) []Term {
			weights, terms := task.Update(in)
			for _, w := range task.Weights {
				names = append(names, fmt.Sprintf("weights/%s=#%d", w.Name, weights[w.Name].Id()))
			}
			return terms
		}
	}
	for _, term := range terms(in) {
		names = append(names, fmt.Sprintf("%s=#%d", term.Name, term.Value.Id()))
	}
	sum := sha256.Sum256([]byte(g.String() + "\n" + strings.Join(names, ",")))
	return hex.EncodeToString(sum[:8]), nil
}

// parameters are the inputs of a step as parameters of a graph, without the steps.
func (t Task) parameters(g *graph.Graph, dtype dtypes.DType) Inputs {
	in := Inputs{weights: map[string]*graph.Node{}, data: map[string]*graph.Node{}}
	parameter := func(name string, a Array) *graph.Node {
		return graph.Parameter(g, name, shapes.Make(dtype, a.Dims...))
	}
	for _, w := range t.Weights {
		in.weights[w.Name] = parameter("weights/"+w.Name, w.Value)
	}
	for _, d := range t.loopData() {
		in.data[d.Name] = parameter("data/"+d.Name, d.Value)
	}
	return in
}
