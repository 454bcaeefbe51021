// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series is one curve of a [Lines] plot.
type Series struct {
	Name string // in the legend; none if empty
	// X and Y have the same length. A point that is not finite, or not
	// positive on a log axis, is left out and the line breaks there.
	X, Y []float64
	// Lo and Hi, if not nil, bound a shaded band at each X, such as the
	// spread over seeds.
	Lo, Hi []float64
	Dashed bool // by convention the exact solution or a reference level is solid, a prediction dashed
	Points bool // a marker at each point
	NoLine bool // markers only
	Paired bool // in the colour of the series before it, as a prediction beside its truth
}

// indices count the series by their colour.
func indices(all []Series) []int {
	at, out := -1, make([]int, len(all))
	for i, s := range all {
		if !s.Paired || i == 0 {
			at++
		}
		out[i] = at
	}
	return out
}

// heights are the y of points and band where the x can be drawn: step 0 has no place on a
// log axis, and its y must not stretch the other one.
func (s Series) heights(logX bool) []float64 {
	var ys []float64
	for i, x := range s.X {
		if !drawable(x, logX) {
			continue
		}
		ys = append(ys, s.Y[i])
		if s.Lo != nil {
			ys = append(ys, s.Lo[i], s.Hi[i])
		}
	}
	return ys
}

func (s Series) check() error {
	n := len(s.X)
	if n == 0 || len(s.Y) != n {
		return fmt.Errorf("series %q: expected as many y as x and at least one, got %d x and %d y", s.Name, n, len(s.Y))
	}
	if (s.Lo != nil || s.Hi != nil) && (len(s.Lo) != n || len(s.Hi) != n) {
		return fmt.Errorf("series %q: expected a band of %d values, got %d lo and %d hi", s.Name, n, len(s.Lo), len(s.Hi))
	}
	return nil
}

// curve draws one series on a plot; index gives its colour and marker.
type curve struct {
	Series
	index      int
	logX, logY bool
}

var _ plot.Plotter = curve{}

func (s Series) lineStyle(index int) draw.LineStyle {
	sty := draw.LineStyle{Color: lineColor(index), Width: lineWidth}
	if s.Dashed {
		sty.Dashes = []vg.Length{5, 3}
	}
	return sty
}

func (s Series) glyph(index int) draw.GlyphStyle {
	shapes := []draw.GlyphDrawer{
		draw.CircleGlyph{},
		draw.BoxGlyph{},
		draw.PyramidGlyph{},
		draw.RingGlyph{},
		draw.SquareGlyph{},
		draw.TriangleGlyph{},
		draw.CrossGlyph{},
	}
	return draw.GlyphStyle{Color: lineColor(index), Radius: 3, Shape: shapes[index%len(shapes)]}
}

// drawKey draws the sample of the series for the legend within r.
func (s Series) drawKey(c draw.Canvas, index int, r vg.Rectangle) {
	mid := (r.Min.Y + r.Max.Y) / 2
	if s.Lo != nil {
		c.FillPolygon(withAlpha(lineColor(index), bandAlpha), []vg.Point{
			{X: r.Min.X, Y: r.Min.Y},
			{X: r.Max.X, Y: r.Min.Y},
			{X: r.Max.X, Y: r.Max.Y},
			{X: r.Min.X, Y: r.Max.Y},
		})
	}
	if !s.NoLine {
		c.StrokeLine2(s.lineStyle(index), r.Min.X, mid, r.Max.X, mid)
	}
	if s.Points || s.NoLine {
		c.DrawGlyphNoClip(s.glyph(index), vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: mid})
	}
}

const bandAlpha = .22

// Plot implements plot.Plotter.
func (s curve) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for _, run := range s.runs(s.Lo, s.Hi) {
		var lo, hi []vg.Point
		for _, i := range run {
			lo = append(lo, vg.Point{X: toX(s.X[i]), Y: toY(s.Lo[i])})
			hi = append(hi, vg.Point{X: toX(s.X[i]), Y: toY(s.Hi[i])})
		}
		slices.Reverse(hi)
		edge := append(simplify(lo), simplify(hi)...)
		c.FillPolygon(withAlpha(lineColor(s.index), bandAlpha), c.ClipPolygonXY(edge))
	}
	for _, run := range s.runs(s.Y) {
		pts := make([]vg.Point, len(run))
		for k, i := range run {
			pts[k] = vg.Point{X: toX(s.X[i]), Y: toY(s.Y[i])}
		}
		if !s.NoLine && len(pts) > 1 {
			c.StrokeLines(s.lineStyle(s.index), c.ClipLinesXY(simplify(pts))...)
		}
		// A point with gaps on both sides would vanish as a line.
		if s.Points || s.NoLine || len(pts) == 1 {
			for _, pt := range pts {
				c.DrawGlyph(s.glyph(s.index), pt)
			}
		}
	}
}

// runs splits the indices of X into stretches where X and all of ys can be
// drawn. It is empty if one of ys is nil.
func (s curve) runs(ys ...[]float64) [][]int {
	var runs [][]int
	var run []int
	for i, x := range s.X {
		ok := drawable(x, s.logX)
		for _, y := range ys {
			ok = ok && y != nil && drawable(y[i], s.logY)
		}
		if ok {
			run = append(run, i)
		} else if run != nil {
			runs, run = append(runs, run), nil
		}
	}
	if run != nil {
		runs = append(runs, run)
	}
	return runs
}

func drawable(v float64, log bool) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (!log || v > 0)
}
