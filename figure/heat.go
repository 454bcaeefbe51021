// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heat is a heat map over an evenly spaced grid, with a colour bar.
type Heat struct {
	Title, XLabel, YLabel string
	// X and Y are the centres of the cells: ascending and evenly spaced.
	X, Y []float64
	// Z is [y, x]: Z[j][i] is the value at X[i], Y[j]. A value that is NaN
	// is drawn grey.
	Z [][]float64
	// Min and Max are the ends of the colour scale; values beyond them take
	// the colour of the end. If both are 0, they are those of the data.
	Min, Max float64
	Label    string // of the colour bar: the quantity and its unit
}

// SVG writes the heat map as an SVG file, its cells as one embedded PNG.
func (h Heat) SVG(w io.Writer) error { return writeSVG(w, h) }

// PNG writes the heat map as a PNG file at twice the SVG's size, each cell in one
// colour.
func (h Heat) PNG(w io.Writer) error { return writePNG(w, h) }

func (h Heat) title() string           { return h.Title }
func (h Heat) size() (w, ht vg.Length) { return panelWidth, panelHeight }

func (h Heat) check() error {
	if len(h.Z) != len(h.Y) {
		return fmt.Errorf("expected z as [y, x] with %d rows, got %d", len(h.Y), len(h.Z))
	}
	for j, row := range h.Z {
		if len(row) != len(h.X) {
			return fmt.Errorf("row %d of z: expected %d values, got %d", j, len(h.X), len(row))
		}
	}
	for _, axis := range [][]float64{h.X, h.Y} {
		n := len(axis)
		if n < 2 {
			return errors.New("expected at least two cells along each axis")
		}
		step := (axis[n-1] - axis[0]) / float64(n-1)
		for i, v := range axis {
			if !(step > 0) || math.Abs(v-axis[0]-float64(i)*step) > 1e-3*step {
				return fmt.Errorf("expected ascending, evenly spaced cells, got %v at index %d", v, i)
			}
		}
	}
	if h.Min > h.Max || math.IsNaN(h.Min+h.Max) {
		return fmt.Errorf("expected a colour scale from low to high, got %v to %v", h.Min, h.Max)
	}
	return nil
}

const (
	barGap   = vg.Length(10)
	barWidth = vg.Length(12)
)

func (h Heat) render(c draw.Canvas) {
	c = draw.Crop(c, margin, -margin, margin, -margin)
	c = header(c, h.Title)
	lo, hi := h.scale()

	ticks := linearTicks{}.Ticks(lo, hi)
	tickSty := textStyle(tickSize, false)
	tickSty.YAlign = text.YCenter
	var tickWidth vg.Length
	for _, t := range ticks {
		tickWidth = max(tickWidth, tickSty.Width(t.Label))
	}
	labelSty := textStyle(labelSize, false)
	labelHeight := vg.Length(0)
	if h.Label != "" {
		labelHeight = labelSty.Height(h.Label) + 4
	}
	right := barGap + barWidth + 6 + tickWidth + labelHeight
	left := draw.Crop(c, 0, -right, 0, 0)

	p := axes(h.XLabel, h.YLabel)
	x0, x1 := cellEdges(h.X)
	y0, y1 := cellEdges(h.Y)
	p.Add(plotter.NewImage(h.image(lo, hi), x0, y0, x1, y1))
	p.Draw(left)
	area := p.DataCanvas(left)

	bar := vg.Rectangle{
		Min: vg.Point{X: c.Max.X - right + barGap, Y: area.Min.Y},
		Max: vg.Point{X: c.Max.X - right + barGap + barWidth, Y: area.Max.Y},
	}
	c.DrawImage(bar, barImage())
	frame := draw.LineStyle{Color: ink, Width: frameWidth}
	for _, r := range []vg.Rectangle{bar, area.Rectangle} {
		c.StrokeLines(frame, []vg.Point{
			r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min,
		})
	}
	for _, t := range ticks {
		y := bar.Min.Y + vg.Length((t.Value-lo)/(hi-lo))*(bar.Max.Y-bar.Min.Y)
		c.StrokeLine2(frame, bar.Max.X, y, bar.Max.X+3, y)
		c.FillText(tickSty, vg.Point{X: bar.Max.X + 6, Y: y}, t.Label)
	}
	if h.Label != "" {
		labelSty.XAlign, labelSty.YAlign = text.XCenter, text.YBottom
		labelSty = fit(labelSty, h.Label, c.Size().Y)
		labelSty.Rotation = math.Pi / 2
		descent := labelSty.FontExtents().Descent
		c.FillText(labelSty, vg.Point{X: c.Max.X - descent, Y: area.Center().Y}, h.Label)
	}
}

// scale is the range of the colours.
func (h Heat) scale() (lo, hi float64) {
	if h.Min != 0 || h.Max != 0 {
		lo, hi = h.Min, h.Max
	} else {
		var all []float64
		for _, row := range h.Z {
			all = append(all, row...)
		}
		lo, hi = axisRange([2]float64{}, all, false, 0)
	}
	if lo == hi {
		hi = lo + max(math.Abs(lo)/10, 1e-12)
	}
	return lo, hi
}

// image is the cells as pixels, the first row of Z at the bottom. Small maps
// are enlarged by whole factors, so that a viewer that smooths images still
// shows cells.
func (h Heat) image(lo, hi float64) image.Image {
	nx, ny := len(h.X), len(h.Y)
	fx, fy := (119+nx)/nx, (119+ny)/ny
	if nx >= 100 && ny >= 100 {
		fx, fy = 1, 1
	}
	img := image.NewPaletted(image.Rect(0, 0, nx*fx, ny*fy), heatColors)
	for y := range ny * fy {
		row := h.Z[ny-1-y/fy]
		for x := range nx * fx {
			img.SetColorIndex(x, y, heatIndex(row[x/fx], lo, hi))
		}
	}
	return img
}

func barImage() image.Image {
	img := image.NewPaletted(image.Rect(0, 0, 1, heatSteps), heatColors)
	for y := range heatSteps {
		img.SetColorIndex(0, heatSteps-1-y, uint8(y))
	}
	return img
}

// cellEdges is the range that the cells cover: half a cell beyond the outer
// centres.
func cellEdges(centres []float64) (lo, hi float64) {
	n := len(centres)
	half := (centres[n-1] - centres[0]) / float64(n-1) / 2
	return centres[0] - half, centres[n-1] + half
}
