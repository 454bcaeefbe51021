// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/backend"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestScaling: the ends of a range go to ∓1, the arithmetic or geometric mean to 0,
// a range of one number to 0, and the device agrees with the host.
func TestScaling(t *testing.T) {
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	low, high := []float64{.001, 10, 2}, []float64{.1, 10, 8}
	for _, c := range []struct {
		kind     string
		mu, want []float64
	}{
		{"", []float64{3, 4, 5}, []float64{3, 4, 5}},
		{pinn.ScaleLinear, low, []float64{-1, 0, -1}},
		{pinn.ScaleLinear, high, []float64{1, 0, 1}},
		{pinn.ScaleLinear, []float64{.0505, 10, 5}, []float64{0, 0, 0}},
		{pinn.ScaleLog, low, []float64{-1, 0, -1}},
		{pinn.ScaleLog, []float64{.01, 10, 4}, []float64{0, 0, 0}},
	} {
		s := pinn.Scaling{Kind: c.kind, Low: low, High: high}
		if err := s.Check(3); err != nil {
			t.Fatal(err)
		}
		host := s.Of(c.mu)
		out, err := train.Evaluate(b.Compute, nil, []train.Datum{{Name: "mu", Value: train.FromRows([][]float64{c.mu})}}, "float64", func(in train.Inputs) []*graph.Node {
			return []*graph.Node{s.Apply(in.D("mu"))}
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if math.Abs(host[i]-want) > 1e-12 || math.Abs(out[0].Data[i]-want) > 1e-12 {
				t.Errorf("%q of %v: host %v, device %v, want %v", c.kind, c.mu, host, out[0].Data, c.want)
				break
			}
		}
	}
}

func TestScalingIsChecked(t *testing.T) {
	for _, c := range []struct {
		scaling pinn.Scaling
		want    string
	}{
		{pinn.Scaling{Kind: "cubic"}, "known are"},
		{pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{1}, High: []float64{2, 3}}, "both ends"},
		{pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{3}, High: []float64{2}}, "lower end first"},
		{pinn.Scaling{Kind: pinn.ScaleLog, Low: []float64{0}, High: []float64{2}}, "above 0"},
	} {
		if err := c.scaling.Check(1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.scaling, err, c.want)
		}
	}
	if !slices.Equal(pinn.Scaling{}.Of([]float64{2, 3}), []float64{2, 3}) {
		t.Error("the zero scaling changes the parameters")
	}
}
