// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"errors"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Row is several panels side by side under one title.
type Row struct {
	Title  string
	Panels []Panel
	// Wrap is how many panels stand side by side before the next line
	// begins. If 0, all of them.
	Wrap int
}

// SVG writes the row as an SVG file.
func (r Row) SVG(w io.Writer) error { return writeSVG(w, r) }

// PNG writes the row as a PNG file at twice the SVG's size.
func (r Row) PNG(w io.Writer) error { return writePNG(w, r) }

// title names the row for who can't see it: where it has none, by its panels.
func (r Row) title() string {
	if r.Title != "" {
		return r.Title
	}
	var titles []string
	for _, p := range r.Panels {
		if title := p.title(); title != "" {
			titles = append(titles, title)
		}
	}
	return strings.Join(titles, "; ")
}

func (r Row) check() error {
	if len(r.Panels) == 0 {
		return errors.New("expected at least one panel, got none")
	}
	for _, p := range r.Panels {
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

// lines groups the panels by line.
func (r Row) lines() [][]Panel {
	if r.Wrap <= 0 || r.Wrap >= len(r.Panels) {
		return [][]Panel{r.Panels}
	}
	var lines [][]Panel
	for i := 0; i < len(r.Panels); i += r.Wrap {
		lines = append(lines, r.Panels[i:min(i+r.Wrap, len(r.Panels))])
	}
	return lines
}

func (r Row) size() (w, h vg.Length) {
	if r.Title != "" {
		h = r.titleHeight()
	}
	for _, line := range r.lines() {
		lw, lh := lineSize(line)
		w, h = max(w, lw), h+lh
	}
	return w, h
}

func (r Row) titleHeight() vg.Length { return textStyle(titleSize, true).Height(r.Title) + margin + 6 }

func lineSize(line []Panel) (w, h vg.Length) {
	for _, p := range line {
		pw, ph := p.size()
		w, h = w+pw, max(h, ph)
	}
	return w, h
}

func (r Row) render(c draw.Canvas) {
	y := c.Max.Y
	if r.Title != "" {
		header(draw.Crop(c, margin, -margin, 0, -margin), r.Title)
		y -= r.titleHeight()
	}
	for _, line := range r.lines() {
		x := c.Min.X
		_, lineHeight := lineSize(line)
		for _, p := range line {
			w, h := p.size()
			p.render(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: y - h}, Max: vg.Point{X: x + w, Y: y},
			}})
			x += w
		}
		y -= lineHeight
	}
}
