// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Rank says which diagonal entries Phase 2 keeps.
type Rank string

const (
	// FullRank trains all diagonal entries, also those that the ReLU put to 0.
	FullRank Rank = "full"
	// AdaptiveRank cuts off the entries that are 0 after Phase 1.
	AdaptiveRank Rank = "adaptive"
)

// LargestRank keeps the n largest entries of each diagonal, by magnitude, of those that
// Phase 1 proposes; it is ours, and not the paper's.
func LargestRank(n int) Rank { return Rank(fmt.Sprintf("%s%d", largest, n)) }

const largest = "largest-"

// check returns an error for a rank that is none.
func (r Rank) check() error {
	if _, ok := r.largest(); r == FullRank || r == AdaptiveRank || ok {
		return nil
	}
	return fmt.Errorf("lrpinn: unknown rank %q; known are %s, %s and %sN", r, FullRank, AdaptiveRank, largest)
}

// largest is the n of a LargestRank.
func (r Rank) largest() (n int, ok bool) {
	digits, ok := strings.CutPrefix(string(r), largest)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0
}

// cut returns a diagonal, [1, width], with 0 for what is cut off, and its mask, which is nil
// where all entries are trained.
func (r Rank) cut(s train.Array) (train.Array, *train.Array) {
	if r == FullRank {
		return s, nil
	}
	keep := func(i int) bool { return s.Data[i] > 0 }
	if n, ok := r.largest(); ok {
		order := make([]int, len(s.Data))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(s.Data[b]), math.Abs(s.Data[a])) })
		kept := order[:min(n, len(order))]
		keep = func(i int) bool { return slices.Contains(kept, i) }
	}
	value, mask := train.NewArray(s.Dims...), train.NewArray(s.Dims...)
	for i, x := range s.Data {
		if keep(i) {
			value.Data[i], mask.Data[i] = x, 1
		}
	}
	return value, &mask
}

// Phase2 is the training of one unseen parameter setting: bases frozen,
// diagonals free (no ReLU any more) and both end layers trained.
type Phase2 struct {
	Setup pinn.Setup
	Mu    []float64
	Rank  Rank
	// Start holds Phase 1's weights.
	Start map[string]train.Array
	// Diagonals are Phase 1's proposals for Mu, [1, width] each.
	Diagonals [Layers]train.Array
	// DiagonalsOnly freezes the end layers too, as the paper's text has it; Table
	// 1 and the authors' code train them, which is the default (D11).
	DiagonalsOnly bool
	// TrainBases trains the bases U and V too; the method keeps them as Phase 1 left
	// them, which is the default (appendix Q, claim H10).
	TrainBases bool
}

// NewPhase2 asks the hypernetwork of Phase 1 for the diagonals of mu.
func NewPhase2(b compute.Backend, setup pinn.Setup, mu []float64, rank Rank, phase1 map[string]train.Array) (Phase2, error) {
	if err := rank.check(); err != nil {
		return Phase2{}, err
	}
	if err := setup.Problem.Check(mu); err != nil {
		return Phase2{}, fmt.Errorf("lrpinn: %w", err)
	}
	s, err := Diagonals(b, phase1, mu)
	if err != nil {
		return Phase2{}, err
	}
	return Phase2{Setup: setup, Mu: mu, Rank: rank, Start: phase1, Diagonals: s[0]}, nil
}

// Diagonals evaluates the hypernetwork at each mu.
func Diagonals(b compute.Backend, phase1 map[string]train.Array, mus ...[]float64) ([][Layers]train.Array, error) {
	data := []train.Datum{{Name: pinn.MuDatum, Value: train.FromRows(mus)}}
	out, err := train.Evaluate(b, phase1, data, "float32", func(in train.Inputs) []*graph.Node {
		s := hypernetwork(in, in.D(pinn.MuDatum))
		return s[:]
	})
	if err != nil {
		return nil, fmt.Errorf("lrpinn: evaluating the hypernetwork: %w", err)
	}
	diagonals := make([][Layers]train.Array, len(mus))
	for l := range Layers {
		for i, part := range out[l].Split(len(mus)) {
			diagonals[i][l] = part
		}
	}
	return diagonals, nil
}

// Ranks counts the positive entries of each diagonal, as the authors do.
func Ranks(s [Layers]train.Array) [Layers]int {
	var ranks [Layers]int
	for l := range s {
		for _, x := range s[l].Data {
			if x > 0 {
				ranks[l]++
			}
		}
	}
	return ranks
}

// Task returns what is trained: 351 parameters at full rank, 201 + Σ ranks at
// adaptive rank (width 50), 201 fewer with DiagonalsOnly and 100 a rank more with
// TrainBases. A rank that is cut off is masked, not sliced: it is 0 and stays 0, so
// that queries of different ranks share one graph.
func (p Phase2) Task() train.Task {
	task := train.Task{
		Label: fmt.Sprintf("Phase 2 at %v", p.Mu),
		Data:  p.Setup.Data(p.Mu),
		Loss: func(in train.Inputs) []train.Term {
			return p.Setup.Losses(in, Phase2Network(in))
		},
		Residuals: func(in train.Inputs) []train.Term {
			return p.Setup.Residuals(in, Phase2Network)
		},
	}
	freeze := func(name string) {
		task.Data = append(task.Data, train.Datum{Name: name, Value: p.Start[name]})
	}
	for _, name := range endNames() {
		if p.DiagonalsOnly {
			freeze(name)
			continue
		}
		task.Weights = append(task.Weights, train.Weight{Name: name, Value: p.Start[name]})
	}
	for l := range Layers {
		w := train.Weight{Name: diagonal(l)}
		w.Value, w.Mask = p.Rank.cut(p.Diagonals[l])
		task.Weights = append(task.Weights, w)
		if p.TrainBases {
			u, v := p.bases(l, w.Mask)
			task.Weights = append(task.Weights, u, v)
		} else {
			// Queries of one batch start from one Phase 1 or from several: the bases
			// go along the query axis.
			freeze(basisU(l))
			freeze(basisV(l))
		}
		if _, ok := p.Start[hiddenB(l)]; ok {
			freeze(hiddenB(l))
		}
	}
	return task
}

// bases are a layer's U and V as weights. Where the diagonal has a mask, so have
// U's columns and V's rows: with s = 0 they have no gradient and are no parameters.
func (p Phase2) bases(l int, diagonal *train.Array) (u, v train.Weight) {
	u = train.Weight{Name: basisU(l), Value: p.Start[basisU(l)]}
	v = train.Weight{Name: basisV(l), Value: p.Start[basisV(l)]}
	if diagonal == nil {
		return u, v
	}
	n, width := len(diagonal.Data), len(u.Value.Data)/len(diagonal.Data)
	columns, rows := train.NewArray(u.Value.Dims...), train.NewArray(v.Value.Dims...)
	for r, live := range diagonal.Data {
		for k := range width {
			columns.Data[k*n+r], rows.Data[r*width+k] = live, live
		}
	}
	u.Mask, v.Mask = &columns, &rows
	return u, v
}

// Phase2Network is the network of Phase 2; frozen bases are among the data.
func Phase2Network(in train.Inputs) jet.Network {
	var s [Layers]*graph.Node
	for l := range Layers {
		s[l] = in.W(diagonal(l))
	}
	return network(in, s)
}

func endNames() []string { return []string{startW, startB, endW, endB} }

// FrozenNames lists the data of Phase 2 that may hold frozen weights.
func FrozenNames() []string {
	names := endNames()
	for l := range Layers {
		names = append(names, basisU(l), basisV(l), hiddenB(l))
	}
	return names
}

// TrainedDiagonals picks the diagonals out of Phase 2's weights.
func TrainedDiagonals(weights map[string]train.Array) [Layers]train.Array {
	var s [Layers]train.Array
	for l := range Layers {
		s[l] = weights[diagonal(l)]
	}
	return s
}
