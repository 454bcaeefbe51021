// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/stream"
)

// TestAdapted: where the residual is 1 on a quarter of the domain and 0 elsewhere, its
// points have odds of 1/.25 + 1 = 5 against 1, so that 5 of 8 of few among many are there.
func TestAdapted(t *testing.T) {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published"})
	if err != nil {
		t.Fatal(err)
	}
	ends := s.Problem.Coordinates()
	there := func(at []float64) bool { return at[1] < ends[1].Low+(ends[1].High-ends[1].Low)/4 }
	share := func(residual float64, candidates int) float64 {
		got, err := s.Adapted(candidates, stream.New(0, "test", 0, 0), func(points [][]float64) ([]float64, error) {
			r := make([]float64, len(points))
			for i, at := range points {
				if there(at) {
					r[i] = -residual
				}
			}
			return r, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Points.Collocation) != len(s.Points.Collocation) {
			t.Fatalf("%d points, want %d", len(got.Points.Collocation), len(s.Points.Collocation))
		}
		n := 0.
		for _, at := range got.Points.Collocation {
			if there(at) {
				n++
			}
			for k, c := range ends {
				if at[k] < c.Low || at[k] > c.High {
					t.Fatalf("%v lies outside of the domain", at)
				}
			}
		}
		return n / float64(len(got.Points.Collocation))
	}
	// Of 1,000 points that share has a standard deviation of .015.
	for _, c := range []struct {
		residual float64
		among    int
		want     float64
	}{{1, 100_000, 5. / 8}, {1e-9, 100_000, 5. / 8}, {0, 100_000, 1. / 4}, {1, 1000, 1. / 4}} {
		if got := share(c.residual, c.among); math.Abs(got-c.want) > .075 {
			t.Errorf("residual %g, %d candidates: a share of %g, want %g", c.residual, c.among, got, c.want)
		}
	}

	constant := func(x float64) func([][]float64) ([]float64, error) {
		return func(points [][]float64) ([]float64, error) { return slices.Repeat([]float64{x}, len(points)), nil }
	}
	if _, err := s.Adapted(999, stream.New(0, "test", 0, 0), constant(1)); err == nil {
		t.Error("fewer candidates than points are taken")
	}
	if _, err := s.Adapted(1000, stream.New(0, "test", 0, 0), constant(math.NaN())); err == nil {
		t.Error("a residual that is no number is taken")
	}
	failure := errors.New("no device")
	if _, err := s.Adapted(1000, stream.New(0, "test", 0, 0), func([][]float64) ([]float64, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("error %v, want that of the residual", err)
	}
}
