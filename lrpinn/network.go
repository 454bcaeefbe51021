// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package lrpinn is the first paper: low-rank physics-informed networks whose
// diagonals a hypernetwork proposes from the equation's parameters
// (Cho et al., NeurIPS 2023).
//
// The network is u(x, t) = w_end·h₃ + b_end with h₀ = tanh(W₀(x, t) + b₀) and
// h_l = tanh(h_{l-1} U_l diag(s_l) V_l), l = 1, 2, 3: without the hidden biases of
// equation (1), which the authors' code has not (D7). Phase 1 trains the bases
// U_l, V_l, both end layers and a hypernetwork μ ↦ s on many μ at once; Phase 2
// freezes the bases and trains s and the end layers for one unseen μ.
//
//	p1 := lrpinn.Phase1{Setup: setup, Mus: mus, Seed: 0}
//	t, err := train.NewTrainer(b, p1.Task(), train.Settings{Steps: 20_000})
//	states, err := t.Run(ctx, []train.Task{p1.Task()}, nil, train.Options{})
//	p2, err := lrpinn.NewPhase2(b, setup, mu, lrpinn.AdaptiveRank, states[0].Weights)
//	t, err = train.NewTrainer(b, p2.Task(), train.Settings{Steps: 10_000})
package lrpinn

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/train"
)

// Layers is the number of low-rank layers (L = 3 in the authors' code).
const Layers = 3

// Names of the weights. Bases carry their layer's number from 0.
const (
	startW = "start/w" // [1, coordinate, width]
	startB = "start/b" // [1, 1, width]
	endW   = "end/w"   // [1, width, 1]
	endB   = "end/b"   // [1, 1, 1]
)

func basisU(l int) string   { return fmt.Sprintf("basis%d/u", l) }  // [1, width, width]
func basisV(l int) string   { return fmt.Sprintf("basis%d/v", l) }  // [1, width, width]
func diagonal(l int) string { return fmt.Sprintf("diagonal%d", l) } // [query, width]

// hiddenB is the bias of a low-rank layer, [1, 1, width]; see Phase1.HiddenBias.
func hiddenB(l int) string { return fmt.Sprintf("bias%d/b", l) }

// network is the low-rank network on given diagonals. What is trained and what
// is frozen follows from where the end layers, bases and hidden biases stand,
// among the weights or the data; without hidden biases there are none.
func network(in train.Inputs, s [Layers]*graph.Node) jet.Network {
	return func(x *jet.Jet) *jet.Jet {
		h := jet.Tanh(jet.Dense(x, in.Any(startW), in.Any(startB)))
		for l := range Layers {
			h = jet.Tanh(jet.LowRank(h, in.Any(basisU(l)), s[l], in.Any(basisV(l)), in.Any(hiddenB(l))))
		}
		// The output is linear: with the tanh that section 3.1 prints, |u| < 1
		// could never reach u = 2 (D8).
		return jet.Dense(h, in.Any(endW), in.Any(endB))
	}
}
