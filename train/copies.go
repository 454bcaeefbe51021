// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths
)

// Rows are residuals From to before To, counted through all terms of Task.Residuals.
type Rows struct{ From, To int }

// Copies returns inputs whose weights have one copy for each of these residuals, one
// range after another, in an axis more, the last: W is [query, …, residual]. In a loss or
// an evaluation it returns the inputs as they are.
//
// What a Task.Residuals computes of a copy may go to its residual only. The layers of
// package jet take such weights, with a point for each copy. A residual that several
// points enter, as the two of a periodic boundary, has its copy in as many ranges.
func (in Inputs) Copies(rows ...Rows) Inputs {
	if in.copied == nil {
		return in
	}
	n := 0
	for _, r := range rows {
		if r.From < 0 || r.To < r.From {
			panic(fmt.Errorf("train: expected a range of residuals, got %d to %d", r.From, r.To))
		}
		n += r.To - r.From
	}
	c := copies{rows: rows, weights: map[string]*Node{}}
	for name, w := range in.weights {
		dims := append(slices.Clone(w.Shape().Dimensions), n)
		c.weights[name] = BroadcastToDims(InsertAxes(w, -1), dims...)
	}
	in.weights = maps.Clone(c.weights)
	*in.copied = append(*in.copied, c)
	return in
}

// copies are the weights of one call of Inputs.Copies.
type copies struct {
	rows    []Rows
	weights map[string]*Node
}

// jacobian returns the residuals, [query, residual], how many of them each term has, and
// their derivatives by the weights in the order of names, [query, weight, residual],
// masked weights' 0.
//
// A residual depends on its own copy of the weights alone, so that the gradient of the
// sum of all residuals by that copy is that of this residual: one reverse pass gives all.
func (t Task) jacobian(in Inputs, names []string) (r *Node, terms []int, jacobian *Node) {
	var made []copies
	plain := in.weights
	in.copied = &made
	var parts []*Node
	var sum *Node
	for _, term := range t.Residuals(in) {
		if term.Value.Rank() != 2 {
			panic(fmt.Errorf("train: expected residuals %q of shape [query, residual], got %s", term.Name, term.Value.Shape()))
		}
		parts = append(parts, term.Value)
		terms = append(terms, term.Value.Shape().Dim(1))
		total := ReduceAllSum(term.Value)
		if sum == nil {
			sum = total
		} else {
			sum = Add(sum, total)
		}
	}
	r = Concatenate(parts, 1)
	queries, n := r.Shape().Dim(0), r.Shape().Dim(1)

	var targets []*Node
	for _, c := range made {
		for _, name := range names {
			targets = append(targets, c.weights[name])
		}
	}
	if targets == nil {
		panic(fmt.Errorf("train: expected the residuals of %q to ask for copies of the weights, got none; see Inputs.Copies", t.Label))
	}
	gradients := Gradient(sum, targets...)
	var blocks []*Node
	for i := range made {
		var flat []*Node
		for k, name := range names {
			g := gradients[i*len(names)+k]
			if mask, ok := in.data[maskDatum(name)]; ok {
				g = Mul(g, InsertAxes(mask, -1))
			}
			flat = append(flat, Reshape(g, queries, plain[name].Shape().Size()/queries, -1))
		}
		blocks = append(blocks, Concatenate(flat, 1))
	}
	return r, terms, gather(made, blocks, n)
}

// gather brings the derivatives of each call of Copies, [query, weight, copy], to the
// places of their residuals, of which there are n, and adds those that share one.
func gather(made []copies, blocks []*Node, n int) *Node {
	type piece struct {
		Rows
		block *Node
		at    int // of From in the block
	}
	var pieces []piece
	cuts := []int{0, n}
	for i, c := range made {
		at := 0
		for _, r := range c.rows {
			if r.To > n {
				panic(fmt.Errorf("train: expected copies for %d residuals, got some for residual %d", n, r.To-1))
			}
			if r.To > r.From {
				pieces = append(pieces, piece{r, blocks[i], at})
				cuts = append(cuts, r.From, r.To)
			}
			at += r.To - r.From
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var columns []*Node
	for i, from := range cuts[:len(cuts)-1] {
		to := cuts[i+1]
		var sum *Node
		for _, p := range pieces {
			if from < p.From || to > p.To {
				continue
			}
			x := Slice(p.block, AxisRange(), AxisRange(), AxisRange(p.at+from-p.From, p.at+to-p.From))
			if sum == nil {
				sum = x
			} else {
				sum = Add(sum, x)
			}
		}
		if sum == nil {
			panic(fmt.Errorf("train: expected a copy of the weights for each of %d residuals, got none for %d to %d", n, from, to-1))
		}
		columns = append(columns, sum)
	}
	return Concatenate(columns, 2)
}

// Jacobian returns a task's residuals, [residual], and their derivatives by its weights,
// one after another in the order of the task, [residual, weight].
func Jacobian(b compute.Backend, task Task, dtype string) (residuals, jacobian Array, err error) {
	if task.Residuals == nil {
		return Array{}, Array{}, errNoResiduals(task)
	}
	weights, names := map[string]Array{}, []string{}
	for _, w := range task.Weights {
		weights[w.Name] = w.Value
		names = append(names, w.Name)
	}
	out, err := Evaluate(b, weights, task.loopData(), dtype, func(in Inputs) []*Node {
		r, _, j := task.jacobian(in, names)
		return []*Node{Squeeze(r, 0), TransposeAllAxes(Squeeze(j, 0), 1, 0)}
	})
	if err != nil {
		return Array{}, Array{}, fmt.Errorf("train: the Jacobian of %s: %w", task.Label, err)
	}
	return out[0], out[1], nil
}
