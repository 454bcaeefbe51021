// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
)

// powerLaw is a curve time = 3·sizeᵖ, with memory of 100 MiB and a tenth of the size.
func powerLaw(p float64, sizes ...int) *curve {
	c := &curve{Net: "PINN", Axis: "points"}
	for _, n := range sizes {
		c.Points = append(c.Points, &curvePoint{Size: n, Millis: 3 * math.Pow(float64(n), p), PeakMB: 100 + .1*float64(n)})
	}
	return c
}

func TestSlopes(t *testing.T) {
	c := powerLaw(1.5, 100, 250, 1000, 8000)
	c.slopes()
	if c.Points[0].Slope != nil || c.Slope == nil || math.Abs(*c.Slope-1.5) > 1e-12 {
		t.Errorf("the fitted slope is %v, want 1.5", c.Slope)
	}
	for _, p := range c.Points[1:] {
		if math.Abs(*p.Slope-1.5) > 1e-12 {
			t.Errorf("the slope up to %d is %g, want 1.5", p.Size, *p.Slope)
		}
	}

	// Slope 0, then 2, over equal distances in logarithms: least squares on
	// y = (0, 0, 2) at x = (−1, 0, 1) has slope (0 + 0 + 2)/2 = 1.
	bend := powerLaw(0, 10, 100, 1000)
	bend.Points[2].Millis *= 100
	bend.slopes()
	if math.Abs(*bend.Slope-1) > 1e-12 || math.Abs(*bend.Points[1].Slope) > 1e-12 || math.Abs(*bend.Points[2].Slope-2) > 1e-12 {
		t.Errorf("slopes %g, %g and %g in all, want 0, 2 and 1", *bend.Points[1].Slope, *bend.Points[2].Slope, *bend.Slope)
	}

	// A point that failed is no part of it.
	gap := powerLaw(1, 1, 2, 4)
	gap.Points[1] = &curvePoint{Size: 2, Failed: "not measured"}
	gap.slopes()
	if gap.Points[1].Slope != nil || math.Abs(*gap.Points[2].Slope-1) > 1e-12 {
		t.Errorf("the slope across the gap is %v, want 1", gap.Points[2].Slope)
	}
	alone := powerLaw(1, 7)
	alone.slopes()
	if alone.Slope != nil {
		t.Error("one point has a slope")
	}
}

// A point that would not fit into memory is not started: by the line through 2,000 and
// 4,000 points, 8,000 take 100 + 800 MiB.
func TestMemoryIsForeseen(t *testing.T) {
	c := powerLaw(1, 2000, 4000)
	if got := c.predictedMB(8000); math.Abs(got-900) > 1e-9 {
		t.Fatalf("%g MiB are foreseen, want 900", got)
	}
	p := &curvePoint{Size: 8000}
	s := &scaleCommand{Binary: "/no/such/program", Limit: 1}
	if err := s.measure(context.Background(), c, p, 950); err != nil || !strings.Contains(p.Failed, "0.9 GB of memory") {
		t.Errorf("with 950 MiB: %q, %v", p.Failed, err)
	}
	p = &curvePoint{Size: 8000}
	if err := s.measure(context.Background(), c, p, 2000); err != nil || strings.Contains(p.Failed, "GB") {
		t.Errorf("with 2,000 MiB: %q, %v; want it to be tried", p.Failed, err)
	}
}

// What bench prints of two curves' points.
func Example() {
	c := powerLaw(1, 1000, 2000)
	c.Points = append(c.Points, &curvePoint{Size: 4000, Failed: "not measured: it takes longer than 2m0s"})
	c.slopes()
	fmt.Print(c)
	// Output:
	// PINN
	//     points    ms/step   slope  compile s  peak MB
	//       1000      3e+03                0.0      200
	//       2000      6e+03    1.00        0.0      300
	//       4000  not measured: it takes longer than 2m0s
	//     fitted               1.00
}
