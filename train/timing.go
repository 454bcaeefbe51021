// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Durations times a function of weights and data: so many calls, one after another,
// each from numbers that lie on the device to the result on the host. Compilation
// and the first ten calls are not among them. Where f can't be evaluated on them,
// the error says why.
func Durations(b compute.Backend, weights map[string]Array, data []Datum, dtype string, calls int, f func(in Inputs) *graph.Node) ([]time.Duration, error) {
	values := map[string]Array{}
	for _, d := range data {
		values[d.Name] = d.Value
	}
	for _, group := range []map[string]Array{weights, values} {
		for name, a := range group {
			if len(a.Data) != a.Size() {
				return nil, fmt.Errorf("train: timing: %q has %d numbers for shape %v; give as many as the shape has", name, len(a.Data), a.Dims)
			}
		}
	}
	e, err := NewEvaluator(b, slices.Collect(maps.Keys(weights)), slices.Collect(maps.Keys(values)), dtype, func(in Inputs) []*graph.Node {
		return []*graph.Node{f(in)}
	})
	if err != nil {
		return nil, err
	}
	defer e.Finalize()
	args, err := e.tensors(weights, values)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, a := range args {
			a.(*tensors.Tensor).MustFinalizeAll()
		}
	}()
	const unmeasured = 10
	var times []time.Duration
	for i := range unmeasured + calls {
		start := time.Now()
		out, err := e.exec.Call(args...)
		if err != nil {
			return nil, fmt.Errorf("train: timing: %w", err)
		}
		if _, err := FromTensor(out[0]); err != nil {
			return nil, err
		}
		if d := time.Since(start); i >= unmeasured {
			times = append(times, d)
		}
		out[0].MustFinalizeAll()
	}
	return times, nil
}
