// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	keyWidth = vg.Length(22) // the sample of line before a name
	keyGap   = vg.Length(5)  // between sample and name
	itemGap  = vg.Length(14) // between two items
)

// legend draws the names of the series above the plot, wrapped to as many
// lines as they need, and returns the canvas below. Above and not within,
// since a box within hides data; a single unnamed series has none.
func legend(c draw.Canvas, series []Series) draw.Canvas {
	sty := textStyle(tickSize, false)
	lineHeight := sty.Height("Hg") + 4
	x, y := c.Min.X, c.Max.Y
	drawn := false
	index := indices(series)
	for i, s := range series {
		if s.Name == "" {
			continue
		}
		w := keyWidth + keyGap + sty.Width(s.Name)
		if x > c.Min.X && x+w > c.Max.X {
			x, y = c.Min.X, y-lineHeight
		}
		s.drawKey(c, index[i], vg.Rectangle{
			Min: vg.Point{X: x, Y: y - lineHeight + 4},
			Max: vg.Point{X: x + keyWidth, Y: y},
		})
		c.FillText(sty, vg.Point{X: x + keyWidth + keyGap, Y: y}, s.Name)
		x += w + itemGap
		drawn = true
	}
	if !drawn {
		return c
	}
	return draw.Crop(c, 0, 0, 0, y-lineHeight-4-c.Max.Y)
}
