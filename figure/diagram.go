// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Diagram is a schematic of boxes and arrows, such as a model's
// architecture. Boxes stand on a grid: columns count from the left and rows
// from the top, and fractions are fine.
type Diagram struct {
	Title  string
	Boxes  []Box
	Arrows []Arrow
}

// Box is one box of a [Diagram].
type Box struct {
	Name     string   // unique; arrows refer to it
	Col, Row float64  // of its centre
	Lines    []string // its text; the first line is bold
	Kind     Kind
}

// Kind tells apart the boxes of a diagram by their fill.
type Kind int

// The kinds of boxes.
const (
	Plain   Kind = iota // an input or output
	Trained             // weights that are trained
	Frozen              // weights that are kept
	Derived             // weights that another network makes
)

// Arrow joins two boxes of a [Diagram], from edge to edge.
type Arrow struct {
	From, To string // names of boxes
	Label    string // beside the middle
	Dashed   bool
}

// SVG writes the diagram as an SVG file.
func (d Diagram) SVG(w io.Writer) error { return writeSVG(w, d) }

// PNG writes the diagram as a PNG file at twice the SVG's size.
func (d Diagram) PNG(w io.Writer) error { return writePNG(w, d) }

func (d Diagram) title() string { return d.Title }

func (d Diagram) check() error {
	names := map[string]bool{}
	for _, b := range d.Boxes {
		if names[b.Name] {
			return fmt.Errorf("expected unique box names, got %q twice", b.Name)
		}
		names[b.Name] = true
		if len(b.Lines) == 0 || b.Col < 0 || b.Row < 0 || b.Kind < Plain || b.Kind > Derived {
			return fmt.Errorf("box %q: expected text, a column and row from 0 and a known kind", b.Name)
		}
	}
	if len(d.Boxes) == 0 {
		return fmt.Errorf("expected at least one box, got none")
	}
	for _, a := range d.Arrows {
		if !names[a.From] || !names[a.To] || a.From == a.To {
			return fmt.Errorf("arrow from %q to %q: expected the names of two boxes", a.From, a.To)
		}
	}
	return nil
}

const (
	boxPad = vg.Length(7)  // between a box and its text
	colGap = vg.Length(36) // between the widest boxes of two columns
	rowGap = vg.Length(30)
)

func (b Box) size() (w, h vg.Length) {
	for i, l := range b.Lines {
		sty := textStyle(tickSize, i == 0)
		w = max(w, sty.Width(l))
		h += sty.Height("Hg") + 3
	}
	return w + 2*boxPad, h + 2*boxPad - 3
}

// pitch is the distance between two columns and between two rows.
func (d Diagram) pitch() (x, y, boxW, boxH vg.Length) {
	for _, b := range d.Boxes {
		w, h := b.size()
		boxW, boxH = max(boxW, w), max(boxH, h)
	}
	return boxW + colGap, boxH + rowGap, boxW, boxH
}

func (d Diagram) size() (w, h vg.Length) {
	var cols, rows float64
	for _, b := range d.Boxes {
		cols, rows = max(cols, b.Col), max(rows, b.Row)
	}
	px, py, bw, bh := d.pitch()
	w = vg.Length(cols)*px + bw + 2*margin
	h = vg.Length(rows)*py + bh + 2*margin
	if d.Title != "" {
		h += textStyle(titleSize, true).Height(d.Title) + 6
	}
	if keyW, keyH := d.key(nil, vg.Point{}); keyH > 0 {
		w, h = max(w, keyW+2*margin), h+keyH
	}
	return w, h
}

// key draws what the fills mean, for the kinds that occur, with its lower
// left corner at p, and returns its size. A nil canvas draws nothing.
func (d Diagram) key(c *draw.Canvas, p vg.Point) (w, h vg.Length) {
	used := map[Kind]bool{}
	for _, b := range d.Boxes {
		used[b.Kind] = true
	}
	sty := textStyle(tickSize, false)
	const swatch = vg.Length(10)
	for _, k := range []Kind{Trained, Frozen, Derived} {
		if !used[k] {
			continue
		}
		if c != nil {
			fillBox(*c, vg.Rectangle{
				Min: vg.Point{X: p.X + w, Y: p.Y},
				Max: vg.Point{X: p.X + w + swatch, Y: p.Y + swatch},
			}, k)
			c.FillText(sty, vg.Point{X: p.X + w + swatch + keyGap, Y: p.Y + swatch}, kindNames[k])
		}
		w += swatch + keyGap + sty.Width(kindNames[k]) + itemGap
		h = 2 * swatch
	}
	return max(0, w-itemGap), h
}

var kindNames = map[Kind]string{Trained: "trained", Frozen: "frozen", Derived: "generated"}

func (d Diagram) render(c draw.Canvas) {
	c = header(draw.Crop(c, margin, -margin, margin, -margin), d.Title)
	px, py, bw, bh := d.pitch()
	rects := map[string]vg.Rectangle{}
	for _, b := range d.Boxes {
		w, h := b.size()
		x := c.Min.X + bw/2 + vg.Length(b.Col)*px
		y := c.Max.Y - bh/2 - vg.Length(b.Row)*py
		rects[b.Name] = vg.Rectangle{
			Min: vg.Point{X: x - w/2, Y: y - h/2},
			Max: vg.Point{X: x + w/2, Y: y + h/2},
		}
	}
	for _, a := range d.Arrows {
		a.render(c, rects[a.From], rects[a.To])
	}
	for _, b := range d.Boxes {
		b.render(c, rects[b.Name])
	}
	d.key(&c, c.Min)
}
