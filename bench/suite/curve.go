// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"
	"strings"
)

// curve is the time of a step of one network against one size.
type curve struct {
	Net    string        `json:"net"`
	Axis   string        `json:"axis"`
	Points []*curvePoint `json:"points"`
	// Slope is the exponent p of the power law time = c·sizeᵖ that fits all points best
	// in logarithms; nil where fewer than two were measured.
	Slope *float64 `json:"slope,omitempty"`
}

// curvePoint is a step at one size.
type curvePoint struct {
	Size     int     `json:"size"`
	Millis   float64 `json:"ms_per_step,omitempty"`
	PeakMB   float64 `json:"peak_mb,omitempty"`
	CompileS float64 `json:"compile_s,omitempty"`
	// Slope is that of the line, in logarithms, from the point measured before.
	Slope *float64 `json:"slope,omitempty"`
	// Failed says why it was not measured; empty where it was.
	Failed string `json:"failed,omitempty"`
}

// measured are the points with a time.
func (c *curve) measured() []*curvePoint {
	var points []*curvePoint
	for _, p := range c.Points {
		if p.Failed == "" {
			points = append(points, p)
		}
	}
	return points
}

// slopes fills in the slopes.
func (c *curve) slopes() {
	points := c.measured()
	var xs, ys []float64
	for i, p := range points {
		xs, ys = append(xs, math.Log(float64(p.Size))), append(ys, math.Log(p.Millis))
		if i > 0 {
			s := (ys[i] - ys[i-1]) / (xs[i] - xs[i-1])
			p.Slope = &s
		}
	}
	if len(points) < 2 {
		return
	}
	s := fitted(xs, ys)
	c.Slope = &s
}

// fitted is the slope of the line with the least squares.
func fitted(xs, ys []float64) float64 {
	n := float64(len(xs))
	var x, y float64
	for i := range xs {
		x, y = x+xs[i]/n, y+ys[i]/n
	}
	var xy, xx float64
	for i := range xs {
		xy, xx = xy+(xs[i]-x)*(ys[i]-y), xx+(xs[i]-x)*(xs[i]-x)
	}
	return xy / xx
}

// predictedMB is the memory that a step of another size would take by the line through
// the last two points, or through the last one and 0 where there is no other; 0 before
// any was measured.
func (c *curve) predictedMB(size int) float64 {
	points := c.measured()
	switch n := len(points); n {
	case 0:
		return 0
	case 1:
		return points[0].PeakMB * float64(size) / float64(points[0].Size)
	default:
		a, b := points[n-2], points[n-1]
		return b.PeakMB + (b.PeakMB-a.PeakMB)/float64(b.Size-a.Size)*float64(size-b.Size)
	}
}

// titles are what a person calls the networks.
var titles = map[string]string{
	"Phase1": "Phase 1", "Phase2": "Phase 2", "PINN": "PINN",
	"Phase2Masked": "Phase 2, masked", "Phase2Sliced": "Phase 2, sliced",
}

// String is a table for a person.
func (c *curve) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n%10s%11s%8s%11s%9s\n", titles[c.Net], c.Axis, "ms/step", "slope", "compile s", "peak MB")
	for _, p := range c.Points {
		if p.Failed != "" {
			fmt.Fprintf(&s, "%10d  %s\n", p.Size, p.Failed)
			continue
		}
		slope := ""
		if p.Slope != nil {
			slope = fmt.Sprintf("%.2f", *p.Slope)
		}
		fmt.Fprintf(&s, "%10d%11.3g%8s%11.1f%9.0f\n", p.Size, p.Millis, slope, p.CompileS, p.PeakMB)
	}
	if c.Slope != nil {
		fmt.Fprintf(&s, "%10s%19.2f\n", "fitted", *c.Slope)
	}
	return s.String()
}
