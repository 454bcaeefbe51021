// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// simplifyWithin is how far, in points, a drawn line may be from the line through all
// of its points: an eighth of a pixel of the PNG.
const simplifyWithin = vg.Length(.05)

// simplify leaves out the points of a line that lie within simplifyWithin of it without
// them (Ramer 1972; Douglas and Peucker 1973). Trajectories have ten times the points
// that can be seen, and each is some 14 bytes of an SVG.
func simplify(line []vg.Point) []vg.Point {
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	for open := [][2]int{{0, len(line) - 1}}; len(open) > 0; {
		from, to := open[len(open)-1][0], open[len(open)-1][1]
		open = open[:len(open)-1]
		far, at := simplifyWithin, 0
		for i := from + 1; i < to; i++ {
			if d := distance(line[i], line[from], line[to]); d > far {
				far, at = d, i
			}
		}
		if at > 0 {
			keep[at] = true
			open = append(open, [2]int{from, at}, [2]int{at, to})
		}
	}
	var kept []vg.Point
	for i, p := range line {
		if keep[i] {
			kept = append(kept, p)
		}
	}
	return kept
}

// distance is that of p from the segment from a to b.
func distance(p, a, b vg.Point) vg.Length {
	ab, ap := b.Sub(a), p.Sub(a)
	along := vg.Length(0)
	if long := ab.Dot(ab); long > 0 {
		along = min(1, max(0, ab.Dot(ap)/long))
	}
	off := ap.Sub(ab.Scale(along))
	return vg.Length(math.Hypot(float64(off.X), float64(off.Y)))
}
