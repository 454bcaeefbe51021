// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

func pngOf(t *testing.T, p Panel) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := writePNG(&buf, p); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A PNG is up to date with its own figure alone, and only while each of its bytes
// is as it was written.
func TestUpToDate(t *testing.T) {
	of := map[string][]byte{}
	for name, p := range samples() {
		of[name] = pngOf(t, p)
	}
	for name, p := range samples() {
		for other, file := range of {
			if got := UpToDate(file, []byte(svgOf(t, p))); got != (name == other) {
				t.Errorf("the PNG of %s is up to date with %s: %t", other, name, got)
			}
		}
	}
	svg, file := []byte(svgOf(t, samples()["heat"])), of["heat"]
	for at := 0; at < len(file); at += 1 + at/50 {
		changed := bytes.Clone(file)
		changed[at] ^= 4
		if UpToDate(changed, svg) {
			t.Errorf("with another byte %d of %d it is up to date", at, len(file))
		}
		if UpToDate(file[:at], svg) {
			t.Errorf("cut to %d of %d bytes it is up to date", at, len(file))
		}
	}
	if UpToDate(nil, svg) || UpToDate([]byte(strings.Repeat("x", 100)), svg) {
		t.Error("what is no PNG is up to date")
	}
}

// Should this fail, PNGs have changed: raise pngVersion, or figures whose SVG is
// the same keep their old PNG. The sum is that of the pixels on amd64; elsewhere
// floating-point sums may round otherwise.
func TestPNGVersion(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the sum is that of amd64")
	}
	img, err := png.Decode(bytes.NewReader(pngOf(t, samples()["row"])))
	if err != nil {
		t.Fatal(err)
	}
	p := img.(*image.Paletted)
	got := fmt.Sprintf("%d %x", pngVersion, sha256.Sum256(append(fmt.Append(nil, p.Rect, p.Palette), p.Pix...)))
	const want = "3 e7069d1c69c72cf5dd2fbc58a98d8918b73c867711cf569d2ca824ca307d5893"
	if got != want {
		t.Errorf("pngVersion and pixels are %s", got)
	}
}

// distanceOf is the largest difference of any pixel in red, green or blue.
func distanceOf(a *image.RGBA, b *image.Paletted) int {
	worst := 0
	for i, index := range b.Pix {
		c := color.RGBAModel.Convert(b.Palette[index]).(color.RGBA)
		for k, v := range []uint8{c.R, c.G, c.B} {
			worst = max(worst, int(a.Pix[4*i+k])-int(v), int(v)-int(a.Pix[4*i+k]))
		}
	}
	return worst
}

// dots is an image of n colours, a row each.
func dots(n, frequent int, colour func(i int) color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, frequent, n))
	for i := range n {
		for x := range frequent {
			img.SetRGBA(x, i, colour(i))
		}
	}
	return img
}

func TestPalette(t *testing.T) {
	far := func(i int) color.RGBA { return color.RGBA{uint8(i & 15 * 17), uint8(i >> 4 & 15 * 17), 40, 255} }
	grey := func(i int) color.RGBA { return color.RGBA{uint8(i), uint8(i), uint8(i), 255} }
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(int) color.RGBA {
		return color.RGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
	}
	for _, c := range []struct {
		what  string
		img   *image.RGBA
		worst int
	}{
		{"one colour", dots(1, 3, far), 0},
		{"256 colours far from each other", dots(256, 3, far), 0},
		// No more than 256 colours have to be near each other for all to have a place.
		{"all greys", dots(256, 3, grey), 0},
		// 64 balls of radius 32 hold all colours, and who takes 64 times the colour
		// that is worst off ends at twice the least radius or less (Gonzalez 1985).
		{"any colours", dots(10_000, 1, random), 64},
	} {
		p := paletted(c.img)
		if got := distanceOf(c.img, p); got > c.worst || len(p.Palette) > 256 {
			t.Errorf("%s: off by %d with %d colours, want at most %d", c.what, got, len(p.Palette), c.worst)
		}
	}
	// A rare colour far from a thousand frequent ones has a place; the most frequent
	// are as they were.
	img := dots(1000, 5, func(i int) color.RGBA { return color.RGBA{uint8(i / 4), uint8(i % 4 * 3), 0, 255} })
	img.SetRGBA(0, 0, color.RGBA{0, 0, 255, 255})
	for x := range 5 {
		for y := range 3 {
			img.SetRGBA(x, 500+y, color.RGBA{255, 255, 255, 255})
		}
	}
	p := paletted(img)
	for _, at := range []image.Point{{0, 0}, {0, 500}} {
		if p.At(at.X, at.Y) != img.At(at.X, at.Y) {
			t.Errorf("at %v it is %v, want %v", at, p.At(at.X, at.Y), img.At(at.X, at.Y))
		}
	}
	// An image within another keeps to its own pixels.
	part := img.SubImage(image.Rect(1, 498, 4, 502)).(*image.RGBA)
	q := paletted(part)
	for y := 498; y < 502; y++ {
		if q.At(2, y) != part.At(2, y) {
			t.Errorf("of a part, row %d is %v, want %v", y, q.At(2, y), part.At(2, y))
		}
	}
}

// A pixel has the colour of the cell that its centre lies in, also where the
// image is larger than the canvas; around it nothing changes.
func TestCellsAreSharp(t *testing.T) {
	cells := image.NewRGBA(image.Rect(0, 0, 3, 2))
	for i := range 6 {
		cells.SetRGBA(i%3, i/3, color.RGBA{uint8(10 * (i + 1)), 0, 0, 255})
	}
	points := func(pixels float64) vg.Length { return vg.Length(pixels * 72 / pngDPI) }
	const size = 40
	for _, r := range [][4]float64{{4.3, 5.6, 31.9, 20.2}, {0, 0, 40, 40}, {-7, -3.5, 61, 47}, {10, 10, 11.2, 10.9}} {
		canvas := vgimg.NewWith(vgimg.UseWH(points(size), points(size)), vgimg.UseDPI(pngDPI))
		onto := canvas.Image().(*image.RGBA)
		sharp{canvas, onto}.DrawImage(vg.Rectangle{
			Min: vg.Point{X: points(r[0]), Y: points(r[1])}, Max: vg.Point{X: points(r[2]), Y: points(r[3])},
		}, cells)
		for y := range size {
			for x := range size {
				want := color.RGBA{255, 255, 255, 255}
				// From the lower left, as the canvas has it; the image's rows begin above.
				u := (float64(x) + .5 - r[0]) / (r[2] - r[0])
				v := 1 - (float64(size-y)-.5-r[1])/(r[3]-r[1])
				if u >= 0 && u < 1 && v >= 0 && v < 1 {
					want = cells.RGBAAt(int(3*u), int(2*v))
				}
				if got := onto.RGBAAt(x, y); got != want {
					t.Fatalf("rectangle %v: pixel %d, %d is %v, want %v", r, x, y, got, want)
				}
			}
		}
	}
}

// In the figure with the most colours, a heat map between letters and lines, no
// pixel is off by what can be seen: the colour scale has 256 steps of which
// neighbours differ by up to 3.
func TestPNGColours(t *testing.T) {
	h := Heat{Title: "u(x, t)", XLabel: "t", YLabel: "x", Label: "u", Min: 0, Max: 2}
	for i := range 100 {
		h.X = append(h.X, float64(i))
	}
	for j := range 256 {
		h.Y = append(h.Y, float64(j))
		row := make([]float64, 100)
		for i := range row {
			row[i] = 1 + float64((i*j)%97)/97
		}
		h.Z = append(h.Z, row)
	}
	canvas, err := rendered(h)
	if err != nil {
		t.Fatal(err)
	}
	if got := distanceOf(canvas, paletted(canvas)); got > 16 {
		t.Errorf("a pixel is off by %d of 256", got)
	}
}
