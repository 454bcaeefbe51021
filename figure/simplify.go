// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// simplifyWithin is how far, in points, a drawn line may be from the line through all
// of its points: a tenth of a pixel of the PNG.
const simplifyWithin = vg.Length(.05)

// simplify leaves out the points of a line that lie within simplifyWithin of it without
// them (Ramer 1972; Douglas and Peucker 1973). Trajectories have ten times the points
// that can be seen, and each is some 14 bytes of an SVG.
func simplify(line []vg.Point) []vg.Point {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	far, at := vg.Length(0), 0
	for i, p := range line {
		if d := distance(p, first, last); d > far {
			far, at = d, i
		}
	}
	if far <= simplifyWithin {
		return []vg.Point{first, last}
	}
	before := simplify(line[:at+1])
	return append(before[:len(before)-1:len(before)-1], simplify(line[at:])...)
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
