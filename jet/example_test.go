// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/janpfeifer/must"

	"pinn.example/repro/backend"
	"pinn.example/repro/jet"
)

// A network of one neuron, u = tanh(x − 3t), rides along without change at speed
// 3, so u_t + 3 u_x is zero everywhere; its slope is 1 − u².
func Example() {
	b := must.M1(backend.Open(""))
	out := must.M1(graph.CallOnceN(b.Compute, func(points, w *graph.Node) (residual, slope *graph.Node) {
		names := []string{"x", "t"}
		plan := jet.Plan(names, map[string]any{"t": 1.0, "x": 3.0}, []string{"x"}, points)
		u := jet.Tanh(jet.Dense(jet.Coordinates(points, plan), w, nil))
		return u.Operator(), u.Derivative(names, "x")
	},
		[][][]float64{{{0, 0}, {1, 1}, {3, 1}}}, // one query, three points (x, t)
		[][][]float64{{{1}, {-3}}}))             // x − 3t
	fmt.Printf("u_t + 3 u_x = %.4f\n", out[0].Value())
	fmt.Printf("u_x         = %.4f\n", out[1].Value())
	// Output:
	// u_t + 3 u_x = [[[0.0000] [0.0000] [0.0000]]]
	// u_x         = [[[1.0000] [0.0707] [1.0000]]]
}
