// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// burgersInputs are nu [ν, 1], points [ν, point, 2] with t before x, data/points
// [point, 2] and data/values [point].
func burgersInputs(data map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for name, a := range data {
		switch name {
		case pinn.MuDatum:
			out["nu"] = a
		case pinn.CollocationDatum:
			out["points"] = a
		case "data/points":
			out[name] = a.Reshape(a.Dims[1:]...)
		case "data/values": // the same at each ν
			n := a.Dims[1]
			out[name] = train.Array{Dims: []int{n}, Data: a.Data[:n]}
		}
	}
	return out
}

// joined puts the pieces of the hypernetwork's output layer side by side, in the
// order dense0/w, dense0/b, dense1/w and so on, and drops the query axis.
func joined(arrays map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for _, of := range []string{"w", "b"} {
		var pieces []train.Array
		for l := 0; ; l++ {
			w, ok := arrays[fmt.Sprintf("head/dense%d/w/%s", l, of)]
			if !ok {
				break
			}
			pieces = append(pieces, w, arrays[fmt.Sprintf("head/dense%d/b/%s", l, of)])
		}
		out["head/"+of] = beside(pieces)
	}
	for name, a := range arrays {
		if !strings.HasPrefix(name, "head/") {
			out[name] = a.Reshape(a.Dims[1:]...)
		}
	}
	return out
}

// beside concatenates arrays, [1, …, column], along their last axis: [row, column],
// or [column] where they have no rows.
func beside(pieces []train.Array) train.Array {
	rows := 1
	if len(pieces[0].Dims) == 3 {
		rows = pieces[0].Dims[1]
	}
	var out train.Array
	for r := range rows {
		for _, p := range pieces {
			n := len(p.Data) / rows
			out.Data = append(out.Data, p.Data[r*n:(r+1)*n]...)
		}
	}
	out.Dims = []int{len(out.Data)}
	if len(pieces[0].Dims) == 3 {
		out.Dims = []int{rows, len(out.Data) / rows}
	}
	return out
}
