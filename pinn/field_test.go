// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// twoTanhs is a network 2-2-2 whose layers don't commute, written out in field.
func twoTanhs() map[string]train.Array {
	return map[string]train.Array{
		"dense0/w": {Dims: []int{1, 2, 2}, Data: []float64{.3, -1.1, .7, .2}},
		"dense0/b": {Dims: []int{1, 1, 2}, Data: []float64{.1, -.4}},
		"dense1/w": {Dims: []int{1, 2, 3}, Data: []float64{1.5, .6, -.9, -.2, .8, .5}},
		"dense1/b": {Dims: []int{1, 1, 3}, Data: []float64{.05, -.6, 7}},
	}
}

// TestHostField: scale·net(y/scale), in closed form, with as many of the outputs as
// are asked for, the same at every call. On a graph see package hyperpinn.
func TestHostField(t *testing.T) {
	const scale = 4.
	field, err := pinn.HostField(twoTanhs(), scale)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, y := range [][]float64{{1, 2}, {-3, .5}, {0, 0}} {
			a, b := y[0]/scale, y[1]/scale
			p, q := math.Tanh(.3*a+.7*b+.1), math.Tanh(-1.1*a+.2*b-.4)
			want := []float64{scale * (1.5*p - .2*q + .05), scale * (.6*p + .8*q - .6)}
			dy := make([]float64, 2)
			field(17, y, dy)
			for i := range want {
				if math.Abs(dy[i]-want[i]) > 1e-14 {
					t.Errorf("at %v: derivative %v, want %v", y, dy, want)
					break
				}
			}
		}
	}
}

func TestHostFieldIsChecked(t *testing.T) {
	for _, c := range []struct {
		what, says string
		edit       func(w map[string]train.Array)
	}{
		{"no weights", "give dense0/w", func(w map[string]train.Array) { delete(w, "dense0/w") }},
		{"no biases", "layer 1", func(w map[string]train.Array) { delete(w, "dense1/b") }},
		{"no bias of one output", "layer 1", func(w map[string]train.Array) {
			w["dense1/w"] = train.NewArray(1, 2, 1)
			delete(w, "dense1/b")
		}},
		{"layers that don't meet", "layer 1", func(w map[string]train.Array) { w["dense1/w"] = train.NewArray(1, 3, 3) }},
		{"biases of another width", "layer 0", func(w map[string]train.Array) { w["dense0/b"] = train.NewArray(1, 1, 3) }},
		{"two networks", "[1, in, out]", func(w map[string]train.Array) {
			w["dense0/w"], w["dense0/b"] = train.NewArray(2, 2, 2), train.NewArray(2, 1, 2)
		}},
		{"a matrix", "[1, in, out]", func(w map[string]train.Array) { w["dense0/w"] = w["dense0/w"].Reshape(2, 2) }},
	} {
		w := twoTanhs()
		c.edit(w)
		if _, err := pinn.HostField(w, 1); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v does not say %q", c.what, err, c.says)
		}
	}
}
