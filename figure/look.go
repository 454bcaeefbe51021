// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"image/color"
	"math"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	gfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes in points.
const (
	titleSize  = 13
	labelSize  = 12
	tickSize   = 11
	margin     = vg.Length(8) // around a panel
	lineWidth  = vg.Length(1.8)
	frameWidth = vg.Length(0.7)
)

var (
	white     = color.Gray{Y: 255}
	ink       = color.Gray{Y: 30}  // text and axes
	gridGrey  = color.Gray{Y: 225} // grid lines
	noValue   = color.Gray{Y: 170} // a heat map's cell without a value
	sansSerif = gfont.Font{Typeface: "Liberation", Variant: "Sans"}
)

// textStyle is left aligned, with its baseline region starting at the point
// it is drawn at.
func textStyle(size float64, bold bool) text.Style {
	f := gfont.From(sansSerif, vg.Length(size))
	if bold {
		f.Weight = font.WeightBold
	}
	return text.Style{
		Color: ink, Font: f, Handler: plot.DefaultTextHandler,
		XAlign: text.XLeft, YAlign: text.YTop,
	}
}

// axes returns an empty plot in the project's look, with no title or legend.
func axes(xLabel, yLabel string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.LineStyle = draw.LineStyle{Color: ink, Width: frameWidth}
		a.Tick.LineStyle = a.LineStyle
		a.Tick.Length = 4
		a.Tick.Marker = linearTicks{}
		a.Tick.Label.Font = gfont.From(sansSerif, tickSize)
		a.Tick.Label.Color = ink
		a.Label.TextStyle.Font = gfont.From(sansSerif, labelSize)
		a.Label.TextStyle.Color = ink
		a.Label.Padding = 3
	}
	p.X.Label.Text, p.Y.Label.Text = xLabel, yLabel
	return p
}

// header draws the title at the top of c, shrunk where it is too long, and
// returns the canvas that is left below it.
func header(c draw.Canvas, title string) draw.Canvas {
	if title == "" {
		return c
	}
	sty := textStyle(titleSize, true)
	sty = fit(sty, title, c.Size().X)
	c.FillText(sty, vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
	return draw.Crop(c, 0, 0, 0, -(sty.Height(title) + 6))
}

// fit shrinks sty until txt is no wider than w, but not below 8 points.
func fit(sty text.Style, txt string, w vg.Length) text.Style {
	if got := sty.Width(txt); got > w {
		sty.Font.Size = vg.Length(math.Max(8, float64(sty.Font.Size*w/got)))
	}
	return sty
}
