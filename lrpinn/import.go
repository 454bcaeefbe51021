// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/gomlx/compute"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Checkpoint holds weights that the authors' code saved, in our names and
// layout: their Linear weights are [out, in], ours [in, out]; their col_basis is
// U and their row_basis V. Any width is read.
type Checkpoint struct {
	// Phase is 1 (LR_PINN_phase1) or 2 (LR_PINN_phase2).
	Phase int
	// Width of every layer, 50 in the authors' files.
	Width int
	// Weights of Phase 1 start a Phase 2; see [NewPhase2]. Those of Phase 2 are
	// the end layers and the bases, sliced in the file and here padded with zeros
	// to the width.
	Weights map[string]train.Array
	// Diagonals of Phase 2, [1, width] each, padded like the bases; a Phase 1
	// asks its hypernetwork instead (the function [Diagonals]).
	Diagonals [Layers]train.Array
	// Ranks of Phase 2 are the lengths of the diagonals in the file.
	Ranks [Layers]int
}

// ReadCheckpoint reads a file that the authors' train_meta.py, train_full.py or
// train_adap.py saved (PyTorch's zip format). Nothing in it is executed. Which
// phase it is follows from its tensors; a file that is cut short, corrupt or no
// such checkpoint gives an error that names the file and what is wrong.
func ReadCheckpoint(path string) (*Checkpoint, error) {
	c, err := readCheckpoint(path)
	if err != nil {
		return nil, fmt.Errorf("lrpinn: checkpoint %s: %w", path, err)
	}
	return c, nil
}

func readCheckpoint(path string) (*Checkpoint, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, withoutPath(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file; give the path of a .pt file")
	case info.Size() > maxCheckpoint:
		return nil, fmt.Errorf("has %d bytes; expected at most %d", info.Size(), maxCheckpoint)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	tensors, err := stateDict(file)
	if err != nil {
		return nil, err
	}
	return importTensors(tensors)
}

// withoutPath drops the path that the caller names already.
func withoutPath(err error) error {
	var e *os.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// importTensors renames the tensors of a state dict. Each must be there in the
// right shape, and no other.
func importTensors(tensors map[string]train.Array) (*Checkpoint, error) {
	c := &Checkpoint{Weights: map[string]train.Array{}}
	_, hyper := tensors["meta_layer_1.weight"]
	_, diagonals := tensors["alpha_0"]
	switch {
	case hyper && !diagonals:
		c.Phase = 1
	case diagonals && !hyper:
		c.Phase = 2
	default:
		return nil, errors.New("neither Phase 1 (with meta_layer_1.weight) nor Phase 2 (with alpha_0); give a state dict of LR_PINN_phase1 or LR_PINN_phase2")
	}

	t := taker{tensors: maps.Clone(tensors)}
	n := t.dim("start_layer.bias", 0)
	c.Width = n
	c.Weights[startW] = t.linear("start_layer.weight", t.dim("start_layer.weight", 1), n)
	c.Weights[startB] = t.take("start_layer.bias", n).Reshape(1, 1, n)
	c.Weights[endW] = t.linear("end_layer.weight", n, 1)
	c.Weights[endB] = t.take("end_layer.bias", 1).Reshape(1, 1, 1)
	for l := range Layers {
		rank := n
		if c.Phase == 2 {
			name := fmt.Sprintf("alpha_%d", l)
			rank = t.dim(name, 0)
			if rank > n {
				t.fail("tensor %q has %d entries; expected at most the width, %d", name, rank, n)
			}
			c.Ranks[l] = rank
			c.Diagonals[l] = t.padded(name, []int{rank}, []int{n}).Reshape(1, n)
		}
		c.Weights[basisU(l)] = t.padded(fmt.Sprintf("col_basis_%d", l), []int{n, rank}, []int{n, n}).Reshape(1, n, n)
		c.Weights[basisV(l)] = t.padded(fmt.Sprintf("row_basis_%d", l), []int{rank, n}, []int{n, n}).Reshape(1, n, n)
	}
	if c.Phase == 1 {
		for m := range embeddings {
			name := fmt.Sprintf("meta_layer_%d", m+1)
			in := n
			if m == 0 {
				in = t.dim(name+".weight", 1)
			}
			c.Weights[hyperW(m)] = t.linear(name+".weight", in, n)
			c.Weights[hyperB(m)] = t.take(name+".bias", n).Reshape(1, n)
		}
		for l := range Layers {
			name := fmt.Sprintf("meta_alpha_%d", l)
			c.Weights[headW(l)] = t.linear(name+".weight", n, n)
			c.Weights[headB(l)] = t.take(name+".bias", n).Reshape(1, n)
		}
	}
	if t.err == nil && len(t.tensors) > 0 {
		t.fail("unknown tensors %s; expected those of LR_PINN_phase%d alone", strings.Join(slices.Sorted(maps.Keys(t.tensors)), ", "), c.Phase)
	}
	if t.err != nil {
		return nil, t.err
	}
	return c, nil
}

// taker takes tensors out of a state dict and keeps the first error; after it,
// arrays of the shapes that were asked for come back, of zeros.
type taker struct {
	tensors map[string]train.Array
	err     error
}

func (t *taker) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// dim returns a dimension of a tensor, 0 where there is none or it is absurd: no
// array that is asked for with it is large.
func (t *taker) dim(name string, axis int) int {
	a, ok := t.tensors[name]
	switch {
	case !ok:
		t.fail("tensor %q is missing", name)
	case axis >= len(a.Dims):
		t.fail("tensor %q has shape %v; expected %d dimensions", name, a.Dims, axis+1)
	case a.Dims[axis] > maxWidth:
		t.fail("tensor %q has shape %v; expected at most %d along each axis", name, a.Dims, maxWidth)
	default:
		return a.Dims[axis]
	}
	return 0
}

func (t *taker) take(name string, dims ...int) train.Array {
	a, ok := t.tensors[name]
	switch {
	case t.err != nil:
	case !ok:
		t.fail("tensor %q is missing", name)
	case !slices.Equal(a.Dims, dims):
		t.fail("tensor %q has shape %v; expected %v", name, a.Dims, dims)
	default:
		delete(t.tensors, name)
		return a
	}
	return train.NewArray(dims...)
}

// linear takes a Linear weight, [out, in], as [1, in, out].
func (t *taker) linear(name string, in, out int) train.Array {
	a := t.take(name, out, in)
	if t.err != nil {
		return a
	}
	b := train.NewArray(1, in, out)
	for i := range in {
		for o := range out {
			b.Data[i*out+o] = a.Data[o*in+i]
		}
	}
	return b
}

// padded takes a tensor of one or two dimensions and pads each with zeros at its
// end.
func (t *taker) padded(name string, dims, to []int) train.Array {
	a, b := t.take(name, dims...), train.NewArray(to...)
	if t.err != nil {
		return b
	}
	row, toRow := dims[len(dims)-1], to[len(to)-1]
	for i := range dims[0] {
		if len(dims) == 1 {
			b.Data[i] = a.Data[i]
			continue
		}
		copy(b.Data[i*toRow:i*toRow+row], a.Data[i*row:(i+1)*row])
	}
	return b
}

// Evaluate compares a checkpoint with the reference solution at each mu, in
// float32 as the authors do. A checkpoint of Phase 2 is trained for one μ, which
// is not in the file: give that one.
func (c *Checkpoint) Evaluate(b compute.Backend, setup pinn.Setup, mus ...[]float64) ([]pinn.Evaluation, error) {
	if err := c.check(setup, mus); err != nil {
		return nil, fmt.Errorf("lrpinn: evaluating a checkpoint: %w", err)
	}
	weights, data, network := c.Weights, map[string]train.Array(nil), Phase1Network
	if c.Phase == 2 {
		weights, data, network = map[string]train.Array{}, map[string]train.Array{}, Phase2Network
		for _, name := range []string{startW, startB, endW, endB} {
			weights[name] = c.Weights[name]
		}
		for l := range Layers {
			weights[diagonal(l)] = c.Diagonals[l]
			data[basisU(l)], data[basisV(l)] = c.Weights[basisU(l)], c.Weights[basisV(l)]
		}
	}
	e, err := pinn.NewEvaluator(b, setup, slices.Collect(maps.Keys(weights)), slices.Collect(maps.Keys(data)), "float32",
		func(in train.Inputs) jet.Network { return network(in) })
	if err != nil {
		return nil, fmt.Errorf("lrpinn: evaluating a checkpoint: %w", err)
	}
	defer e.Finalize()
	out := make([]pinn.Evaluation, len(mus))
	for i, mu := range mus {
		if out[i], err = e.Evaluate(mu, weights, data); err != nil {
			return nil, fmt.Errorf("lrpinn: evaluating a checkpoint at %v: %w", mu, err)
		}
	}
	return out, nil
}

// check returns an error where a checkpoint and a problem don't fit.
func (c *Checkpoint) check(setup pinn.Setup, mus [][]float64) error {
	p := setup.Problem
	if got, want := c.Weights[startW].Dims[1], len(p.Coordinates()); got != want {
		return fmt.Errorf("it reads %d coordinates, but %s has %d", got, p.ID(), want)
	}
	if c.Phase == 1 {
		if got, want := c.Weights[hyperW(0)].Dims[1], len(p.Parameters()); got != want {
			return fmt.Errorf("it reads %d parameters, but %s has %d", got, p.ID(), want)
		}
	}
	for _, mu := range mus {
		if err := p.Check(mu); err != nil {
			return err
		}
	}
	return nil
}
