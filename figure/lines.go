// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"errors"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Lines is a line plot. Axis labels name the quantity and, where it has one,
// its unit: "time per step (ms)".
type Lines struct {
	Title, XLabel, YLabel string
	LogX, LogY            bool
	// XRange and YRange are the ends of the axes. If both ends are 0, they
	// are those of the data.
	XRange, YRange [2]float64
	Series         []Series
}

// SVG writes the plot as an SVG file.
func (l Lines) SVG(w io.Writer) error { return writeSVG(w, l) }

// PNG writes the plot as a PNG file at twice the SVG's size.
func (l Lines) PNG(w io.Writer) error { return writePNG(w, l) }

func (l Lines) title() string          { return l.Title }
func (l Lines) size() (w, h vg.Length) { return panelWidth, panelHeight }

func (l Lines) check() error {
	if len(l.Series) == 0 {
		return errors.New("expected at least one series, got none")
	}
	for _, s := range l.Series {
		if err := s.check(); err != nil {
			return err
		}
	}
	for _, r := range [][2]float64{l.XRange, l.YRange} {
		if r != [2]float64{} && !(r[0] < r[1]) {
			return errors.New("expected an axis range with its lower end first")
		}
	}
	if l.LogX && l.XRange[0] < 0 || l.LogY && l.YRange[0] < 0 {
		return errors.New("expected a positive range on a log axis")
	}
	return nil
}

func (l Lines) render(c draw.Canvas) {
	c = draw.Crop(c, margin, -margin, margin, -margin)
	c = legend(header(c, l.Title), l.Series)

	p := axes(l.XLabel, l.YLabel)
	var below, beside string // the labels of log axes
	if l.LogX {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks{}
		below, p.X.Label.Text = p.X.Label.Text, ""
	}
	if l.LogY {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, logTicks{}
		beside, p.Y.Label.Text = p.Y.Label.Text, ""
	}
	grid := plotter.NewGrid()
	grid.Horizontal = draw.LineStyle{Color: gridGrey, Width: frameWidth}
	grid.Vertical = grid.Horizontal
	p.Add(grid)
	var xs, ys []float64
	index := indices(l.Series)
	for i, s := range l.Series {
		p.Add(curve{s, index[i], l.LogX, l.LogY})
		xs = append(xs, s.X...)
		ys = append(ys, s.heights(l.LogX)...)
	}
	p.X.Min, p.X.Max = axisRange(l.XRange, xs, l.LogX, 0)
	p.Y.Min, p.Y.Max = axisRange(l.YRange, ys, l.LogY, .05)
	inner := draw.Crop(c, labelRoom(p.Y, beside), 0, labelRoom(p.X, below), 0)
	p.Draw(inner)
	data := p.DataCanvas(inner)
	if below != "" {
		sty := p.X.Label.TextStyle
		c.FillText(sty, vg.Point{X: data.Center().X, Y: c.Min.Y + sty.FontExtents().Descent}, below)
	}
	if beside != "" {
		sty := p.Y.Label.TextStyle
		x := c.Min.X + sty.Height(beside) - sty.FontExtents().Descent
		sty.Rotation += math.Pi / 2
		c.FillText(sty, vg.Point{X: x, Y: data.Center().Y}, beside)
	}
}

// labelRoom is what a log axis' label takes of the canvas. We draw it ourselves:
// gonum/plot v0.16 reckons with a label in the middle of the axis' values, which on a
// log axis is near its upper end, and leaves half the label's length free beyond.
func labelRoom(a plot.Axis, label string) vg.Length {
	if label == "" {
		return 0
	}
	return a.Label.TextStyle.Height(label) + a.Label.Padding
}

// axisRange is the wanted range or, if that is zero, the range of the
// drawable values, widened by pad of its length at either end.
func axisRange(want [2]float64, values []float64, log bool, pad float64) (lo, hi float64) {
	if want != [2]float64{} && (!log || want[0] > 0) {
		return want[0], want[1]
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if drawable(v, log) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	switch {
	case lo > hi: // nothing can be drawn: empty axes
		return 1, 10
	case log && lo == hi:
		return lo / 2, hi * 2
	case log:
		f := math.Pow(hi/lo, pad)
		return lo / f, hi * f
	case lo == hi:
		d := max(math.Abs(lo)/10, 1e-12)
		return lo - d, hi + d
	default:
		return lo - pad*(hi-lo), hi + pad*(hi-lo)
	}
}
