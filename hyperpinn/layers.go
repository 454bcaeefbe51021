// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
)

// layers are the widths of a dense network, from its inputs to its outputs.
type layers []int

// dense is a network with hidden layers of one width.
func dense(in, width, hidden, out int) layers {
	n := layers{in}
	for range hidden {
		n = append(n, width)
	}
	return append(n, out)
}

// count is the number of weights and biases.
func (n layers) count() int {
	sum := 0
	for l := range n[1:] {
		sum += (n[l] + 1) * n[l+1]
	}
	return sum
}

// weights are a dense network's tensors: w[l] is [query or 1, in, out] and b[l]
// [query or 1, 1, out].
type weights struct{ w, b []*graph.Node }

// network is tanh layers and a linear output on their weights.
func (n layers) network(on weights) jet.Network {
	return func(h *jet.Jet) *jet.Jet {
		last := len(n) - 2
		for l := range last {
			h = jet.Tanh(jet.Dense(h, on.w[l], on.b[l]))
		}
		return jet.Dense(h, on.w[last], on.b[last])
	}
}

// Names of the weights of layer l of the main network as [Generate] returns them;
// those of a dense network of package baselines.
func mainW(l int) string { return fmt.Sprintf("dense%d/w", l) } // [1, in, out]
func mainB(l int) string { return fmt.Sprintf("dense%d/b", l) } // [1, 1, out]
