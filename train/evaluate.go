// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Evaluator runs a function of weights and data on one compiled graph.
type Evaluator struct {
	exec          *graph.Exec
	weights, data []string
	dtype         string
}

// NewEvaluator makes an evaluator for weights and data by these names; nothing
// is compiled before the first Call.
func NewEvaluator(b compute.Backend, weights, data []string, dtype string, f func(in Inputs) []*graph.Node) (*Evaluator, error) {
	e := &Evaluator{weights: slices.Sorted(slices.Values(weights)), data: slices.Sorted(slices.Values(data)), dtype: dtype}
	exec, err := graph.NewExec(b, func(nodes []*graph.Node) []*graph.Node {
		in := Inputs{weights: map[string]*graph.Node{}, data: map[string]*graph.Node{}}
		for i, name := range e.weights {
			in.weights[name] = nodes[i]
		}
		for i, name := range e.data {
			in.data[name] = nodes[len(e.weights)+i]
		}
		return f(in)
	})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	e.exec = exec
	return e, nil
}

// Call evaluates; names beyond those given to NewEvaluator are left aside.
func (e *Evaluator) Call(weights, data map[string]Array) ([]Array, error) {
	args, err := e.tensors(weights, data)
	if err != nil {
		return nil, err
	}
	out, err := e.exec.Call(args...)
	for _, a := range args {
		a.(*tensors.Tensor).MustFinalizeAll()
	}
	if err != nil {
		return nil, fmt.Errorf("train: evaluating: %w", err)
	}
	arrays := make([]Array, len(out))
	for i, t := range out {
		if arrays[i], err = FromTensor(t); err != nil {
			return nil, err
		}
		t.MustFinalizeAll()
	}
	return arrays, nil
}

// tensors are the arguments of a call in order, on the host until they are used.
func (e *Evaluator) tensors(weights, data map[string]Array) ([]any, error) {
	var args []any
	for _, group := range []struct {
		names  []string
		values map[string]Array
	}{{e.weights, weights}, {e.data, data}} {
		for _, name := range group.names {
			a, ok := group.values[name]
			if !ok {
				return nil, fmt.Errorf("train: evaluating: no value for %q", name)
			}
			args = append(args, a.Tensor(Settings{DType: e.dtype}.dtype()))
		}
	}
	return args, nil
}

// Finalize frees the compiled graph.
func (e *Evaluator) Finalize() { e.exec.Finalize() }

// Evaluate runs a function of weights and data once.
func Evaluate(b compute.Backend, weights map[string]Array, data []Datum, dtype string, f func(in Inputs) []*graph.Node) ([]Array, error) {
	values := map[string]Array{}
	for _, d := range data {
		values[d.Name] = d.Value
	}
	e, err := NewEvaluator(b, slices.Collect(maps.Keys(weights)), slices.Collect(maps.Keys(values)), dtype, f)
	if err != nil {
		return nil, err
	}
	defer e.Finalize()
	return e.Call(weights, values)
}
