// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (b Box) render(c draw.Canvas, r vg.Rectangle) {
	fillBox(c, r, b.Kind)
	y := r.Max.Y - boxPad
	for i, l := range b.Lines {
		sty := textStyle(tickSize, i == 0)
		sty.XAlign = text.XCenter
		c.FillText(sty, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: y}, l)
		y -= sty.Height("Hg") + 3
	}
}

// fillBox draws the outline and fill of a box.
func fillBox(c draw.Canvas, r vg.Rectangle, kind Kind) {
	// Tints of the line colours, light enough for black text.
	fill := map[Kind]color.Color{
		Plain: white, Trained: tint(lineColor(0)), Frozen: color.Gray{Y: 225}, Derived: tint(lineColor(4)),
	}[kind]
	corners := []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
	c.FillPolygon(fill, corners)
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 1}, append(corners, r.Min))
}

// tint mixes c with three parts of white.
func tint(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	mix := func(v uint32) uint8 { return uint8((v>>8 + 3*255) / 4) }
	return color.RGBA{mix(r), mix(g), mix(b), 255}
}

func (a Arrow) render(c draw.Canvas, from, to vg.Rectangle) {
	start := leave(from, centre(to))
	end := leave(to, centre(from))
	// Boxes that overlap in x or y are joined by a straight line.
	if lo, hi := max(from.Min.X, to.Min.X), min(from.Max.X, to.Max.X); lo < hi && (from.Min.Y > to.Max.Y || to.Min.Y > from.Max.Y) {
		start.X, end.X = (lo+hi)/2, (lo+hi)/2
	}
	if lo, hi := max(from.Min.Y, to.Min.Y), min(from.Max.Y, to.Max.Y); lo < hi && (from.Min.X > to.Max.X || to.Min.X > from.Max.X) {
		start.Y, end.Y = (lo+hi)/2, (lo+hi)/2
	}
	sty := draw.LineStyle{Color: ink, Width: 1.2}
	if a.Dashed {
		sty.Dashes = []vg.Length{4, 3}
	}
	angle := math.Atan2(float64(end.Y-start.Y), float64(end.X-start.X))
	const head, spread = 8.0, .42 // length in points, half angle in radians
	back := func(turn, length float64) vg.Point {
		return vg.Point{
			X: end.X - vg.Length(length*math.Cos(angle+turn)),
			Y: end.Y - vg.Length(length*math.Sin(angle+turn)),
		}
	}
	c.StrokeLines(sty, []vg.Point{start, back(0, head-1)})
	c.FillPolygon(ink, []vg.Point{end, back(spread, head), back(-spread, head)})
	if a.Label != "" {
		mid := vg.Point{X: (start.X + end.X) / 2, Y: (start.Y + end.Y) / 2}
		lab := textStyle(tickSize, false)
		if math.Abs(math.Sin(angle)) > .5 { // steep: to the right of the line
			lab.YAlign = text.YCenter
			mid.X += 5
		} else {
			lab.XAlign, lab.YAlign = text.XCenter, text.YBottom
			mid.Y += 3
		}
		c.FillText(lab, mid, a.Label)
	}
}

func centre(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}

// leave is the point where the line from the centre of r towards p leaves r.
func leave(r vg.Rectangle, p vg.Point) vg.Point {
	c := centre(r)
	dx, dy := float64(p.X-c.X), float64(p.Y-c.Y)
	f := math.Inf(1)
	if dx != 0 {
		f = min(f, float64(r.Max.X-c.X)/math.Abs(dx))
	}
	if dy != 0 {
		f = min(f, float64(r.Max.Y-c.Y)/math.Abs(dy))
	}
	if math.IsInf(f, 0) {
		return c
	}
	return vg.Point{X: c.X + vg.Length(f*dx), Y: c.Y + vg.Length(f*dy)}
}
