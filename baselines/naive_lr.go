// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/graph"
	"gonum.org/v1/gonum/mat"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/stream"
	"pinn.example/repro/train"
)

// NaiveLR is the Naive-LR-PINN of Tables 2 and 3: the low-rank network of a
// fixed rank, trained from scratch for one parameter setting.
//
// Which of its weights are trained is not published. Table 3's counts, 351 + 3r,
// fit diagonals, hidden biases and end layers on fixed bases alone (D5), so that
// is the default; with TrainBases there are 351 + 303r.
type NaiveLR struct {
	Setup pinn.Setup
	Mu    []float64
	// Rank of the three low-rank layers, 1 to the width.
	Rank int
	// Width of every layer; 0 is 50.
	Width int
	// TrainBases trains U and V too.
	TrainBases bool
	// Seed of the initial weights and of the fixed bases.
	Seed int64
}

// naiveLayers is the number of low-rank layers, as in the LR-PINN.
const naiveLayers = 3

func lowRankU(l int) string        { return fmt.Sprintf("lowrank%d/u", l) } // [1, width, rank]
func lowRankV(l int) string        { return fmt.Sprintf("lowrank%d/v", l) } // [1, rank, width]
func lowRankDiagonal(l int) string { return fmt.Sprintf("lowrank%d/s", l) } // [query, rank]
func lowRankB(l int) string        { return fmt.Sprintf("lowrank%d/b", l) } // [query, 1, width]

// WithDefaults returns the network with zeros replaced by their defaults.
func (p NaiveLR) WithDefaults() NaiveLR {
	if p.Width == 0 {
		p.Width = 50
	}
	return p
}

// Check returns an error where the rank is not between 1 and the width.
func (p NaiveLR) Check() error {
	p = p.WithDefaults()
	if p.Rank < 1 || p.Rank > p.Width {
		return fmt.Errorf("baselines: the rank must be from 1 to the width %d, got %d", p.Width, p.Rank)
	}
	return p.Setup.Problem.Check(p.Mu)
}

// Task returns what is trained.
func (p NaiveLR) Task() train.Task {
	p = p.WithDefaults()
	n, in := p.Width, len(p.Setup.Problem.Coordinates())
	task := train.Task{
		Label: fmt.Sprintf("Naive-LR-PINN of rank %d at %v", p.Rank, p.Mu),
		Data:  p.Setup.Data(p.Mu),
		Loss: func(in train.Inputs) []train.Term {
			return p.Setup.Losses(in, p.Network(in))
		},
		Residuals: func(in train.Inputs) []train.Term {
			return p.Setup.Residuals(in, p.Network)
		},
		Weights: []train.Weight{
			pinn.Linear(p.Seed, denseW(0), in, 1, in, n), pinn.Linear(p.Seed, denseB(0), in, 1, 1, n),
			pinn.Linear(p.Seed, denseW(1), n, 1, n, 1), pinn.Linear(p.Seed, denseB(1), n, 1, 1, 1),
		},
	}
	for l := range naiveLayers {
		// The singular values of a PyTorch Linear of this width reach 2/√3:
		// diagonals drawn from that range start the layer at the usual scale.
		s := pinn.Draw(p.Seed, lowRankDiagonal(l), []int{1, p.Rank}, func(r *rand.Rand) float64 { return 2 / math.Sqrt(3) * r.Float64() })
		task.Weights = append(task.Weights, s, pinn.Linear(p.Seed, lowRankB(l), n, 1, 1, n))
		u := orthonormal(p.Seed, lowRankU(l), n, p.Rank)
		v := transposed(orthonormal(p.Seed, lowRankV(l), n, p.Rank))
		for _, basis := range []struct {
			name  string
			value train.Array
		}{{lowRankU(l), u}, {lowRankV(l), v}} {
			if p.TrainBases {
				task.Weights = append(task.Weights, train.Weight{Name: basis.name, Value: basis.value})
			} else {
				task.Data = append(task.Data, train.Datum{Name: basis.name, Value: basis.value})
			}
		}
	}
	return task
}

// Network is the network on its weights.
func (p NaiveLR) Network(in train.Inputs) jet.Network {
	p = p.WithDefaults()
	basis := func(name string) *graph.Node {
		if p.TrainBases {
			return in.W(name)
		}
		return in.D(name)
	}
	return func(x *jet.Jet) *jet.Jet {
		h := jet.Tanh(jet.Dense(x, in.W(denseW(0)), in.W(denseB(0))))
		for l := range naiveLayers {
			h = jet.Tanh(jet.LowRank(h, basis(lowRankU(l)), in.W(lowRankDiagonal(l)), basis(lowRankV(l)), in.W(lowRankB(l))))
		}
		return jet.Dense(h, in.W(denseW(1)), in.W(denseB(1)))
	}
}

// BasisNames lists the weights or data that hold the bases.
func (p NaiveLR) BasisNames() []string {
	var names []string
	for l := range naiveLayers {
		names = append(names, lowRankU(l), lowRankV(l))
	}
	return names
}

// orthonormal draws n×r orthonormal columns: the Q of a Gaussian matrix,
// [1, n, r].
func orthonormal(seed int64, name string, n, r int) train.Array {
	g := stream.New(seed, "initial/"+name, 0, 0)
	gauss := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			gauss.Set(i, j, g.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(gauss)
	var q mat.Dense
	qr.QTo(&q)
	a := train.NewArray(1, n, r)
	for i := range n {
		for j := range r {
			a.Data[i*r+j] = q.At(i, j)
		}
	}
	return a
}

// transposed swaps the last two axes of [1, n, r].
func transposed(a train.Array) train.Array {
	n, r := a.Dims[1], a.Dims[2]
	b := train.NewArray(1, r, n)
	for i := range n {
		for j := range r {
			b.Data[j*n+i] = a.Data[i*r+j]
		}
	}
	return b
}
