// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"io"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Drawing is a figure of package figure: Lines, Heat, Diagram or a Row of them.
type Drawing interface {
	SVG(w io.Writer) error
	PNG(w io.Writer) error
}

// Figure shows a figure, as SVG and as PNG.
func Figure(d Drawing) {
	svg, png := draw(d)
	display(map[protocol.MIMEType]any{protocol.MIMEImageSVG: string(svg), protocol.MIMEImagePNG: png}, "")
}

func draw(d Drawing) (svg, png []byte) {
	var vector, raster bytes.Buffer
	Check(d.SVG(&vector))
	Check(d.PNG(&raster))
	return vector.Bytes(), raster.Bytes()
}

const mimeVegaLite protocol.MIMEType = "application/vnd.vegalite.v5+json"

// VegaLite shows an interactive figure: a Vega-Lite specification (version 5, its
// data inline), which JupyterLab draws itself, with no script from elsewhere. Front
// ends without Vega-Lite show still, which is the same figure drawn here.
func VegaLite(spec map[string]any, still Drawing) {
	_, png := draw(still)
	display(map[protocol.MIMEType]any{mimeVegaLite: spec, protocol.MIMEImagePNG: png}, "")
}
