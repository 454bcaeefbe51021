// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package figure draws the project's plots, all with one look: line plots
// ([Lines]), heat maps with a colour bar ([Heat]), boxes and arrows
// ([Diagram]), and several of them side by side ([Row]). It computes no
// numbers: what is plotted is what the caller hands in.
//
// Each kind is a value with SVG and PNG methods. The output depends on the
// value alone, byte for byte, so that a figure can be committed and compared.
// SVG keeps text as text and refers to no font file; PNG has twice the
// resolution of the SVG's natural size, a palette of 256 colours, and a note of
// the SVG that it belongs to ([UpToDate]). The background is white.
//
//	f := figure.Lines{
//		Title: "Convection, beta = 40", XLabel: "epoch", YLabel: "rel L2",
//		LogX: true, LogY: true,
//		Series: []figure.Series{{Name: "Phase 2", X: epochs, Y: errs}},
//	}
//	err := f.SVG(w)
package figure

import (
	"bytes"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Panel is a figure that can stand alone or in a [Row]: Lines, Heat,
// Diagram, or a Row itself.
type Panel interface {
	// size is the natural size in points of 1/72 inch.
	size() (w, h vg.Length)
	// check reports data that can't be drawn.
	check() error
	// render draws the panel into c; check has passed.
	render(c draw.Canvas)
	// title is what a screen reader says.
	title() string
}

var (
	_ Panel = Lines{}
	_ Panel = Heat{}
	_ Panel = Diagram{}
	_ Panel = Row{}
)

// A panel is 400 points wide: on a phone of 360 CSS pixels text then keeps
// nine tenths of its size.
const (
	panelWidth  vg.Length = 400
	panelHeight vg.Length = 280
)

func writeSVG(w io.Writer, p Panel) error {
	if err := p.check(); err != nil {
		return fmt.Errorf("figure: draw %q: %w", p.title(), err)
	}
	width, height := p.size()
	canvas := vgsvg.New(width, height)
	renderOnWhite(p, draw.New(canvas))
	var buf bytes.Buffer
	if _, err := canvas.WriteTo(&buf); err != nil {
		return fmt.Errorf("figure: draw %q: %w", p.title(), err)
	}
	if _, err := w.Write(finishSVG(buf.Bytes(), p.title())); err != nil {
		return fmt.Errorf("figure: write SVG: %w", err)
	}
	return nil
}

func renderOnWhite(p Panel, c draw.Canvas) {
	c.SetColor(white)
	c.Fill(c.Rectangle.Path())
	p.render(c)
}
