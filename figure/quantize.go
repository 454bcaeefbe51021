// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletted is an opaque image in 256 of its colours, each pixel in the one that is
// nearest to its own. Three quarters of them are the most frequent that are not
// nearEnough to one that is taken; each of the others is then the one that is
// worst off.
func paletted(img *image.RGBA) *image.Paletted {
	colours, runs := runsOf(img)
	order := make([]int, len(colours)) // the most frequent first
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(colours[j].count-colours[i].count, cmp.Compare(colours[i].rgb, colours[j].rgb))
	})
	p := newPalette(colours)
	for _, i := range order {
		if len(p.chosen) < frequent && p.distance[i] > nearEnough {
			p.choose(i)
		}
	}
	for len(p.chosen) < 256 {
		worst := slices.MaxFunc(order, func(i, j int) int { return cmp.Compare(p.distance[i], p.distance[j]) })
		if p.distance[worst] == 0 {
			break
		}
		p.choose(worst)
	}

	out := image.NewPaletted(img.Bounds(), nil)
	for _, i := range p.chosen {
		c := colours[i].rgb
		out.Palette = append(out.Palette, color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
	}
	at := 0
	for _, r := range runs {
		index := p.nearest[r.colour]
		for range r.pixels {
			out.Pix[at] = index
			at++
		}
	}
	return out
}

const (
	// frequent is how many colours are chosen for being frequent.
	frequent = 192
	// nearEnough is a distance that is not seen: that of two steps of the colour
	// scale.
	nearEnough = 2
)

// frequency is a colour, as 0xRRGGBB, and how many pixels have it.
type frequency struct {
	rgb   uint32
	count int
}

// run is of pixels beside each other that have the colour of that index.
type run struct{ colour, pixels int32 }

// runsOf goes through the pixels in their order, and finds the colours.
func runsOf(img *image.RGBA) (colours []frequency, runs []run) {
	index := map[uint32]int32{}
	last := uint32(1 << 24) // no colour
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for ; len(row) > 0; row = row[4:] {
			c := uint32(row[0])<<16 | uint32(row[1])<<8 | uint32(row[2])
			if c != last {
				i, ok := index[c]
				if !ok {
					i = int32(len(colours))
					index[c] = i
					colours = append(colours, frequency{rgb: c})
				}
				runs, last = append(runs, run{colour: i}), c
			}
			r := &runs[len(runs)-1]
			r.pixels++
			colours[r.colour].count++
		}
	}
	return colours, runs
}

// palette knows of each colour which one that is chosen is nearest, and how far it
// is: the largest distance of those in red, green and blue, of 256 steps each.
type palette struct {
	r, g, b  []int16 // of the colours
	distance []int16
	nearest  []uint8 // among chosen
	chosen   []int   // indices of colours
}

func newPalette(colours []frequency) *palette {
	p := &palette{nearest: make([]uint8, len(colours))}
	for _, c := range colours {
		p.r, p.g, p.b = append(p.r, int16(c.rgb>>16)), append(p.g, int16(c.rgb>>8&255)), append(p.b, int16(c.rgb&255))
		p.distance = append(p.distance, 256)
	}
	return p
}

// choose takes colour i.
func (p *palette) choose(i int) {
	r, g, b, at := p.r[i], p.g[i], p.b[i], uint8(len(p.chosen))
	p.chosen = append(p.chosen, i)
	for j, d := range p.distance {
		if abs(p.r[j]-r) < d && abs(p.g[j]-g) < d && abs(p.b[j]-b) < d {
			p.distance[j] = max(abs(p.r[j]-r), abs(p.g[j]-g), abs(p.b[j]-b))
			p.nearest[j] = at
		}
	}
}

func abs(x int16) int16 { return max(x, -x) }
