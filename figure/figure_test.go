// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// samples has one figure of each kind.
func samples() map[string]Panel {
	x := []float64{1, 10, 100, 1000}
	lines := Lines{
		Title: "loss <β = 40>", XLabel: "epoch", YLabel: "rel L2", LogX: true, LogY: true,
		Series: []Series{
			{Name: "Ours", X: x, Y: []float64{.5, .2, .1, .05}, Lo: []float64{.4, .1, .05, .02}, Hi: []float64{.6, .3, .2, .1}},
			{Name: "trivial", X: x, Y: []float64{.5774, .5774, .5774, .5774}, Dashed: true},
		},
	}
	heat := noise(16, 10)
	return map[string]Panel{
		"lines": lines,
		"heat":  heat,
		"row":   Row{Title: "both", Panels: []Panel{lines, heat, lines}, Wrap: 2},
		"diagram": Diagram{
			Title: "net", Boxes: []Box{
				{Name: "a", Lines: []string{"μ"}},
				{Name: "b", Col: 1, Row: 1, Lines: []string{"dense", "3 → 50"}, Kind: Trained},
			},
			Arrows: []Arrow{{From: "a", To: "b", Label: "raw"}},
		},
	}
}

// noise is the heat map that compresses worst.
func noise(nx, ny int) Heat {
	h := Heat{Title: "noise", XLabel: "x", YLabel: "t", Label: "u", Min: 0, Max: 1}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range nx {
		h.X = append(h.X, float64(i))
	}
	for j := range ny {
		h.Y = append(h.Y, float64(j)/10)
		row := make([]float64, nx)
		for i := range row {
			row[i] = rng.Float64()
		}
		h.Z = append(h.Z, row)
	}
	return h
}

func svgOf(t *testing.T, p Panel) string {
	t.Helper()
	var buf bytes.Buffer
	if err := writeSVG(&buf, p); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestOutputIsDeterministicAndWellFormed(t *testing.T) {
	for name, p := range samples() {
		svg := svgOf(t, p)
		if svg != svgOf(t, p) {
			t.Errorf("%s: two SVGs of one value differ", name)
		}
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: SVG is not well-formed: %v", name, err)
			}
		}
		var a, b bytes.Buffer
		if err := errors.Join(writePNG(&a, p), writePNG(&b, p)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two PNGs of one value differ", name)
		}
		cfg, err := png.DecodeConfig(&a)
		if err != nil {
			t.Fatal(err)
		}
		// A point is 1/72 inch, so twice 96 dots an inch is 8/3 a point.
		w, h := p.size()
		if math.Abs(float64(cfg.Width)-float64(w)*8/3) > 1 || math.Abs(float64(cfg.Height)-float64(h)*8/3) > 1 {
			t.Errorf("%s: PNG is %dx%d, want 8/3 of %vx%v", name, cfg.Width, cfg.Height, w, h)
		}
	}
}

func TestSVGKeepsTextAsText(t *testing.T) {
	svg := svgOf(t, samples()["lines"])
	for _, want := range []string{
		">loss &lt;β = 40&gt;</text>", ">rel L2</text>", ">epoch</text>", ">Ours</text>",
		`aria-label="loss &lt;β = 40&gt;"`, "sans-serif", ">0.1</text>", ">1000</text>",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("SVG lacks %s", want)
		}
	}
}

var pngData = regexp.MustCompile(`<image preserveAspectRatio="none" [^>]*xlink:href="data:image/png;base64,([^"]*)"`)

// embedded returns the images in an SVG.
func embedded(t *testing.T, svg string) []image.Image {
	t.Helper()
	var images []image.Image
	for _, m := range pngData.FindAllStringSubmatch(svg, -1) {
		raw, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, img)
	}
	return images
}

// The map of the papers' grid is one embedded image, and even noise, which
// doesn't compress, keeps the SVG under 60 KB: 25,600 bytes take 34,134
// characters of base64.
func TestHeatMapIsSmall(t *testing.T) {
	svg := svgOf(t, noise(256, 100))
	if n := len(svg); n > 60_000 {
		t.Errorf("SVG of 256 x 100 cells has %d bytes, want at most 60,000", n)
	}
	images := embedded(t, svg)
	if len(images) != 2 { // the cells and the colour bar
		t.Fatalf("SVG has %d images, want 2", len(images))
	}
	if got, want := images[0].Bounds().Size(), image.Pt(256, 100); got != want {
		t.Errorf("image is %v, want %v", got, want)
	}
}

// Z[0][0] belongs to the least x and y, hence to the lower left corner; the
// bar has the scale's low end at the bottom; NaN is grey.
func TestHeatMapOrientation(t *testing.T) {
	h := Heat{
		X: []float64{0, 1, 2}, Y: []float64{5, 6},
		Z:   [][]float64{{0, .5, math.NaN()}, {1, 2, -7}},
		Min: 0, Max: 1,
	}
	images := embedded(t, svgOf(t, h))
	cells, bar := images[0], images[1]
	w, ht := cells.Bounds().Dx(), cells.Bounds().Dy()
	// The ends of viridis as published: #440154 and #fde725.
	low, high := color.RGBA{0x44, 0x01, 0x54, 255}, color.RGBA{0xfd, 0xe7, 0x25, 255}
	for _, c := range []struct {
		img  image.Image
		x, y int
		want color.Color
		what string
	}{
		{cells, 0, ht - 1, low, "Z[0][0] = min"},
		{cells, w - 1, ht - 1, noValue, "Z[0][2] = NaN"},
		{cells, 0, 0, high, "Z[1][0] = max"},
		{cells, w / 2, 0, high, "Z[1][1] above max"},
		{cells, w - 1, 0, low, "Z[1][2] below min"},
		{bar, 0, 0, high, "top of the bar"},
		{bar, 0, heatSteps - 1, low, "bottom of the bar"},
	} {
		r, g, b, _ := c.img.At(c.x, c.y).RGBA()
		wr, wg, wb, _ := c.want.RGBA()
		if r>>8 != wr>>8 || g>>8 != wg>>8 || b>>8 != wb>>8 {
			t.Errorf("%s: colour is #%02x%02x%02x, want #%02x%02x%02x", c.what, r>>8, g>>8, b>>8, wr>>8, wg>>8, wb>>8)
		}
	}
}

// A perceptually uniform sequential map rises in lightness throughout:
// relative luminance by WCAG 2 (sRGB coefficients .2126, .7152, .0722).
// The published table is rounded to 8 bits, so neighbours may tie: steps of
// three are compared.
func TestHeatColorsRiseInLightness(t *testing.T) {
	linear := func(v uint32) float64 { return math.Pow(float64(v>>8)/255, 2.2) }
	var light []float64
	for i, c := range heatColors[:heatSteps] {
		r, g, b, _ := c.RGBA()
		light = append(light, .2126*linear(r)+.7152*linear(g)+.0722*linear(b))
		if i >= 3 && light[i] <= light[i-3] {
			t.Errorf("colour %d is no lighter than colour %d", i, i-3)
		}
	}
}

// A value that can't be drawn on a log axis breaks the line and is not
// moved: of five points with the third zero, two stretches remain.
func TestGapsBreakTheLine(t *testing.T) {
	s := Series{X: []float64{1, 2, 3, 4, 5}, Y: []float64{1, 2, 0, math.Inf(1), 4}}
	got := curve{Series: s, logY: true}.runs(s.Y)
	if len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 1 || got[1][0] != 4 {
		t.Errorf("log axis: stretches are %v, want [[0 1] [4]]", got)
	}
	if got := (curve{Series: s}).runs(s.Y); len(got) != 2 || len(got[0]) != 3 {
		t.Errorf("linear axis: stretches are %v, want [[0 1 2] [4]]", got)
	}
	if got := (curve{Series: s}).runs(s.Lo, s.Hi); got != nil {
		t.Errorf("no band: stretches are %v, want none", got)
	}
	// Nothing to draw at all is still a figure.
	svgOf(t, Lines{LogY: true, Series: []Series{{X: []float64{1}, Y: []float64{0}}}})
}

func TestBadDataIsRefused(t *testing.T) {
	ok := noise(3, 3)
	uneven, ragged, upsideDown := ok, ok, ok
	uneven.X = []float64{0, 1, 3}
	ragged.Z = [][]float64{{1, 2, 3}, {1, 2}, {1, 2, 3}}
	upsideDown.Y = []float64{2, 1, 0}
	box := Box{Name: "a", Lines: []string{"a"}}
	for want, p := range map[string]Panel{
		"at least one series":      Lines{},
		"as many y as x":           Lines{Series: []Series{{Name: "s", X: []float64{1, 2}, Y: []float64{1}}}},
		"a band of 1 values":       Lines{Series: []Series{{X: []float64{1}, Y: []float64{1}, Lo: []float64{1}}}},
		"lower end first":          Lines{YRange: [2]float64{2, 1}, Series: []Series{{X: []float64{1}, Y: []float64{1}}}},
		"evenly spaced":            uneven,
		"row 1 of z":               ragged,
		"ascending":                upsideDown,
		"at least one panel":       Row{},
		"unique box names":         Diagram{Boxes: []Box{box, box}},
		"the names of two boxes":   Row{Panels: []Panel{Diagram{Boxes: []Box{box}, Arrows: []Arrow{{From: "a", To: "b"}}}}},
		"text, a column and row":   Diagram{Boxes: []Box{{Name: "a"}}},
		"colour scale from low to": Heat{X: []float64{1, 2}, Y: []float64{1, 2}, Z: [][]float64{{1, 2}, {3, 4}}, Min: 1},
	} {
		if err := writeSVG(io.Discard, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SVG: error %v, want one with %q", err, want)
		}
		if err := writePNG(io.Discard, p); err == nil {
			t.Errorf("PNG: no error, want one with %q", want)
		}
	}
}

// A paired series has the colour of the one before it; colours of the others go on.
func TestPairedSeriesShareAColour(t *testing.T) {
	all := []Series{{}, {Paired: true}, {}, {Paired: true}, {Paired: true}, {}}
	if got, want := indices(all), []int{0, 0, 1, 1, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("colours %v, want %v", got, want)
	}
	if got := indices([]Series{{Paired: true}, {}}); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("a pair of nothing has colours %v, want [0 1]", got)
	}
}

// The length of a log axis' label takes nothing from the plot: only its height does.
func TestLongLabelsOfLogAxes(t *testing.T) {
	curve := func(label string) string {
		l := Lines{XLabel: label, YLabel: label, LogX: true, LogY: true, Series: []Series{{X: []float64{1, 10, 2000}, Y: []float64{1, .1, .01}}}}
		svg := svgOf(t, l)
		// The curve is the last path that is drawn with the first colour.
		i := strings.LastIndex(svg, "<path")
		if i < 0 {
			t.Fatal("no path in the SVG")
		}
		path, _, _ := strings.Cut(svg[i:], "/>")
		return path
	}
	if short, long := curve("error"), curve("relative error of the learnt field"); short != long {
		t.Errorf("with a long label the curve is\n%s\nand with a short one\n%s", long, short)
	}
}

// Segments say how far they go, in tenths of a point, and those that go nowhere are left
// out; what is no polyline is only rounded.
func TestSVGRelative(t *testing.T) {
	for _, c := range []struct{ absolute, want string }{
		{"M10,20L10.1,19.5L10.1,19.5L8,1645.3", "M10,20l0.1-0.5-2.1 1625.8"},
		{"M0.3,0.1L0.3,0.1", "M0.3,0.1l0 0"},
		{"M1,-2L-1,2L0,0", "M1,-2l-2 4 1-2"},
	} {
		if got := string(relative([]byte(c.absolute))); got != c.want {
			t.Errorf("relative(%s) = %s, want %s", c.absolute, got, c.want)
		}
	}
}

func TestFinishSVG(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{`<path d="M1.234,2L3.06,1e-05L4,5Z"/>`, `<path d="M1.2,2l1.9-2 0.9 5Z"/>`},
		{`<path d="M22,1645.3L23.04,1A3,3.25 0 1 1 16,7.77Z" style="stroke-width:0.75"/>`, `<path d="M22,1645.3l1-1644.3A3,3.3 0 1 1 16,7.8Z" style="stroke-width:0.75"/>`},
		{`<text x="40.751" y="-1427.84" transform="scale(1, -1)">0.123</text>`, `<text x="40.8" y="-1427.8" transform="scale(1, -1)">0.123</text>`},
		{"<path d=\"M1,2L3,4\" style=\"a\" />\n<path d=\"M5,6L7,8Z\" style=\"a\" />\n<g>\n<path d=\"M9,9\" style=\"a\" />", "<path d=\"M1,2l2 2M5,6l2 2Z\" style=\"a\" />\n<g>\n<path d=\"M9,9\" style=\"a\" />"},
		{"<path d=\"M1,2\" style=\"a\" />\n<path d=\"M5,6\" style=\"b\" />", "<path d=\"M1,2\" style=\"a\" />\n<path d=\"M5,6\" style=\"b\" />"},
		{"<path d=\"M1,2\" style=\"fill-opacity:0.5\" />\n<path d=\"M5,6\" style=\"fill-opacity:0.5\" />", "<path d=\"M1,2\" style=\"fill-opacity:0.5\" />\n<path d=\"M5,6\" style=\"fill-opacity:0.5\" />"},
	} {
		if got := string(finishSVG([]byte(c.written), "")); got != c.want {
			t.Errorf("finishSVG(%s) = %s, want %s", c.written, got, c.want)
		}
	}
}

func TestRowNamesItselfByItsPanels(t *testing.T) {
	row := Row{Panels: []Panel{Lines{Title: "loss"}, Lines{}, Lines{Title: "error"}}}
	if got := row.title(); got != "loss; error" {
		t.Errorf("the title is %q, want that of both panels that have one", got)
	}
}

// What has no place on a log axis does not stretch the other axis.
func TestHeightsOfDrawnPoints(t *testing.T) {
	s := Series{X: []float64{0, 1, 2}, Y: []float64{1e-15, .5, .25}, Lo: []float64{1e-16, .4, .2}, Hi: []float64{1e-14, .6, .3}}
	if got, want := s.heights(true), []float64{.5, .4, .6, .25, .2, .3}; !slices.Equal(got, want) {
		t.Errorf("on a log axis the heights are %v, want %v", got, want)
	}
	if got := s.heights(false); len(got) != 9 {
		t.Errorf("on a linear axis the heights are %v, want all nine", got)
	}
}
