// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths
)

// Redraw has a training step read newly drawn numbers in place of a datum's
// value: entry i of the last axis is uniform in [Low[i], High[i]). The value gives
// their shape, and is what a probe and an evaluation read, so that they measure
// at the same points throughout.
//
// The draws are those of [Inputs.Uniform] with the datum's name for the role. As
// there, a stage starts over with the draws of the first.
type Redraw struct {
	// Every is the number of steps between two draws.
	Every     int
	Seed      int64
	Low, High []float64
}

func (d Datum) checkRedraw() error {
	dims, r := d.Value.Dims, d.Redraw
	switch {
	case r == nil:
		return nil
	case r.Every < 1:
		return fmt.Errorf("train: datum %q is drawn anew every %d steps; give at least 1", d.Name, r.Every)
	case len(dims) < 2 || dims[0] != 1 && !d.Shared:
		return fmt.Errorf("train: datum %q of shape %v can't be drawn anew; share it, or give it a leading axis of 1 and one more", d.Name, dims)
	case len(r.Low) != dims[len(dims)-1] || len(r.High) != len(r.Low):
		return fmt.Errorf("train: datum %q of shape %v is drawn between %v and %v; give as many bounds as its last axis has entries", d.Name, dims, r.Low, r.High)
	}
	return nil
}

// redraws names the data that are drawn anew.
func (t Task) redraws() []string {
	var names []string
	for _, d := range t.Data {
		if d.Redraw != nil {
			names = append(names, d.Name)
		}
	}
	return names
}

// redrawn returns the inputs of a step with the data that are drawn anew.
func (t Task) redrawn(in Inputs) Inputs {
	for _, d := range t.Data {
		r := d.Redraw
		if r == nil {
			continue
		}
		var u *Node
		if d.Shared { // one stream for all of it, whatever its leading axis is
			u = Reshape(in.uniform(d.Name, r.Every, d.Value.Size()), d.Value.Dims...)
		} else {
			u = in.uniform(d.Name, r.Every, d.Value.Dims[1:]...)
		}
		width := make([]float64, len(r.Low))
		for i := range width {
			width[i] = r.High[i] - r.Low[i]
		}
		row := func(x []float64) *Node { return ExpandLeftToRank(ConstAsDType(u.Graph(), u.DType(), x), u.Rank()) }
		in.data[d.Name] = Add(Mul(u, row(width)), row(r.Low))
	}
	return in
}
