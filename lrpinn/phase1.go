// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Phase1 is the meta-learning phase: one network for all training μ.
type Phase1 struct {
	Setup pinn.Setup
	// Mus are the training parameters, such as β = 30 … 40 with ν = ρ = 0.
	Mus [][]float64
	// Width of every layer; 0 is 50 (the authors' code).
	Width int
	// Orthogonality is the weight of the orthogonality term; see Penalty.
	Orthogonality Penalty
	// HiddenBias adds the bias b^l of the low-rank layers that equation (1) and
	// Table 1 have and the authors' code has not (D7); Phase 2 freezes it.
	HiddenBias bool
	// Seed of the initial weights.
	Seed int64
}

// Penalty says how the bases' departure from orthogonality is punished, where
// paper and code disagree (D9).
type Penalty string

const (
	// PenaltyCode is the authors' code, the default: the Frobenius norms
	// (not squared) of UUᵀ − I and VVᵀ − I over width², summed over the three
	// layers and once for each of the code's four evaluations of the network.
	PenaltyCode Penalty = ""
	// PenaltyPaper is equation (2): squared norms of UᵀU − I and VᵀV − I with
	// the weight that the code's four terms amount to, 4/width², since the
	// paper's w₁ and w₂ are not in the main text.
	PenaltyPaper Penalty = "paper"
	// PenaltyNone leaves the term out (claim H11).
	PenaltyNone Penalty = "none"
)

// OrthogonalityTerm names the loss term of the penalty.
const OrthogonalityTerm = "orthogonality"

// width returns the layers' width with its default.
func (p Phase1) width() int {
	if p.Width == 0 {
		return 50
	}
	return p.Width
}

// Task returns what is trained. Its one query holds all training μ.
func (p Phase1) Task() train.Task {
	task := p.Setup.Joint("Phase 1", p.initial(), p.Mus, Phase1Network)
	if p.Orthogonality == PenaltyNone {
		return task
	}
	losses := task.Loss
	task.Loss = func(in train.Inputs) []train.Term {
		return append(losses(in), train.Term{Name: OrthogonalityTerm, Value: p.penalty(in)})
	}
	return task
}

// Phase1Network is the network of Phase 1 at the datum mu, [query, parameter].
func Phase1Network(in train.Inputs) jet.Network {
	return network(in, hypernetwork(in, in.D(pinn.MuDatum)))
}

// penalty is the orthogonality term, [1].
func (p Phase1) penalty(in train.Inputs) *graph.Node {
	n := p.width()
	var sum *graph.Node
	for l := range Layers {
		for _, name := range []string{basisU(l), basisV(l)} {
			b := graph.Reshape(in.W(name), n, n)
			gram := graph.Dot(b, graph.Transpose(b, 0, 1)).Product()
			if p.Orthogonality == PenaltyPaper {
				gram = graph.Dot(graph.Transpose(b, 0, 1), b).Product()
			}
			// ‖G − I‖² = ‖G‖² − 2 tr G + n would cancel; subtract I itself.
			norm := graph.ReduceAllSum(graph.Square(graph.Sub(gram, graph.ConvertDType(graph.Diagonal(gram.Graph(), n), gram.DType()))))
			if p.Orthogonality != PenaltyPaper {
				norm = graph.Sqrt(norm)
			}
			if sum == nil {
				sum = norm
			} else {
				sum = graph.Add(sum, norm)
			}
		}
	}
	const evaluations = 4 // initial, residual, lower and upper boundary
	return graph.InsertAxes(graph.MulScalar(sum, evaluations/float64(n*n)), 0)
}

// initial draws the initial weights: bases (1/width)·U[0, 1), all else as
// PyTorch's Linear (authors' model.py).
func (p Phase1) initial() []train.Weight {
	n := p.width()
	coordinates, parameters := len(p.Setup.Problem.Coordinates()), len(p.Setup.Problem.Parameters())
	weights := []train.Weight{
		pinn.Linear(p.Seed, startW, coordinates, 1, coordinates, n), pinn.Linear(p.Seed, startB, coordinates, 1, 1, n),
		pinn.Linear(p.Seed, endW, n, 1, n, 1), pinn.Linear(p.Seed, endB, n, 1, 1, 1),
	}
	for l := range Layers {
		weights = append(weights, basis(p.Seed, basisU(l), n), basis(p.Seed, basisV(l), n))
		if p.HiddenBias {
			weights = append(weights, pinn.Linear(p.Seed, hiddenB(l), n, 1, 1, n))
		}
	}
	for m := range embeddings {
		in := n
		if m == 0 {
			in = parameters
		}
		weights = append(weights, pinn.Linear(p.Seed, hyperW(m), in, 1, in, n), pinn.Linear(p.Seed, hyperB(m), in, 1, n))
	}
	for l := range Layers {
		weights = append(weights, pinn.Linear(p.Seed, headW(l), n, 1, n, n), pinn.Linear(p.Seed, headB(l), n, 1, n))
	}
	return weights
}

// basis draws a basis, (1/n)·U[0, 1) (authors' model.py).
func basis(seed int64, name string, n int) train.Weight {
	return pinn.Draw(seed, name, []int{1, n, n}, func(r *rand.Rand) float64 { return r.Float64() / float64(n) })
}
