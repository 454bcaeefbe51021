// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"strings"
	"testing"
)

func reference(t testing.TB, c *CDR, mu []float64, at [][]float64) []float64 {
	t.Helper()
	u, err := c.Reference(mu, at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// scattered points, in no order of time, beyond a period on both sides.
var scattered = [][]float64{{0.3, 0.9}, {6.1, 0.05}, {-1, 0.4}, {9, 0.4}, {0, 1}, {3.1, 0.013}, {2, 0}}

func compare(t *testing.T, name string, got, want []float64, tolerance float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: value %d is %.15g, want %.15g (off by %.1e)", name, i, got[i], want[i], math.Abs(got[i]-want[i]))
		}
	}
}

// Every member has a solution in closed form for some initial condition.
func TestClosedForms(t *testing.T) {
	half := Initial{"half", func(float64) float64 { return 0.25 }}
	grow := func(u, s float64) float64 { return u * math.Exp(s) / (1 - u + u*math.Exp(s)) }
	sin := math.Sin
	for _, c := range []struct {
		name, kind string
		initial    Initial
		mu         []float64
		exact      func(x, t float64) float64
	}{
		{"convection", "convection", OnePlusSin, []float64{30.7, 0, 0}, func(x, t float64) float64 { return 1 + sin(x-30.7*t) }},
		{"diffusion", "diffusion", OnePlusSin, []float64{0, 2.2, 0}, func(x, t float64) float64 { return 1 + math.Exp(-2.2*t)*sin(x) }},
		{"both", "convection-diffusion", OnePlusSin, []float64{5, 2.2, 0}, func(x, t float64) float64 { return 1 + math.Exp(-2.2*t)*sin(x-5*t) }},
		{"reaction", "reaction", OnePlusSin, []float64{0, 0, 4.5}, func(x, t float64) float64 { return grow(1+sin(x), 4.5*t) }},
		{"characteristics", "convection-reaction", OnePlusSin, []float64{3, 0, 4.5}, func(x, t float64) float64 { return grow(1+sin(x-3*t), 4.5*t) }},
		{"no diffusion", "cdr", OnePlusSin, []float64{3, 0, 4.5}, func(x, t float64) float64 { return grow(1+sin(x-3*t), 4.5*t) }},
		{"no reaction", "cdr", OnePlusSin, []float64{5, 2.2, 0}, func(x, t float64) float64 { return 1 + math.Exp(-2.2*t)*sin(x-5*t) }},
		{"uniform reaction", "reaction-diffusion", half, []float64{0, 2, 4.5}, func(_, t float64) float64 { return grow(0.25, 4.5*t) }},
		{"uniform decay", "cdr", half, []float64{3, 2, -4.5}, func(_, t float64) float64 { return grow(0.25, -4.5*t) }},
	} {
		want := make([]float64, len(scattered))
		for i, p := range scattered {
			want[i] = c.exact(p[0], p[1])
		}
		// 1e-12: rounding of x − βt is 1e-15·β. The uniform reactions test the
		// integration in time, whose error at this ρ is below 1e-9.
		tolerance := 1e-12
		if c.initial.Name == "half" {
			tolerance = 1e-9
		}
		compare(t, c.name, reference(t, mustCDR(t, c.kind, c.initial, nil), c.mu, scattered), want, tolerance)
	}
}

// The Gaussian under convection is the shifted Gaussian of the nearest period,
// kink and all; the authors' 256 modes differ from it by rel 9.4e-5 and max
// 8.0e-4 on their grid (data/discrepancies.csv, D20), whatever β.
func TestConvectionOfGaussian(t *testing.T) {
	c := mustCDR(t, "convection", GaussWide, nil)
	mu := []float64{30, 0, 0}
	grid := cdrGrid().Points
	want := make([]float64, len(grid))
	for i, p := range grid {
		z := math.Remainder(p[0]-30*p[1]-math.Pi, 2*math.Pi) / (math.Pi / 2)
		want[i] = math.Exp(-z * z / 2)
	}
	u := reference(t, c, mu, grid)
	compare(t, "shifted gaussian", u, want, 1e-13)

	published, err := c.WithTruth(TruthAsPublished)
	if err != nil {
		t.Fatal(err)
	}
	rel, _, largest := difference(reference(t, published, mu, grid), u)
	if math.Abs(rel-9.4e-5) > 1e-6 || math.Abs(largest-8.0e-4) > 5e-6 {
		t.Errorf("the Fourier solution is off by rel %.2g and max %.2g, want about 9.4e-5 and 8.0e-4", rel, largest)
	}
}

// Diffusion of a Gaussian has a second closed form: each period's piece of the
// Gaussian, convolved with the heat kernel, is a Gaussian times a difference of
// error functions. It knows nothing of Fourier series, kinks or aliasing.
func TestDiffusionOfGaussian(t *testing.T) {
	const sigma = math.Pi / 2
	exact := func(x, s2 float64) float64 { // s2 = 2νt, the kernel's variance
		sum := 0.0
		for period := -12; period <= 12; period++ {
			z := x - 2*math.Pi*float64(period)
			total := sigma*sigma + s2
			mean := (math.Pi*s2 + z*sigma*sigma) / total
			width := math.Sqrt(2 * sigma * sigma * s2 / total)
			sum += sigma / math.Sqrt(total) * math.Exp(-(z-math.Pi)*(z-math.Pi)/(2*total)) *
				(math.Erf((2*math.Pi-mean)/width) - math.Erf(-mean/width)) / 2
		}
		return sum
	}
	c := mustCDR(t, "convection-diffusion", GaussWide, nil)
	for _, nu := range []float64{1e-3, 0.5, 5, 20} {
		// The first row of the published grid and ν = 1e-3 together are νt = 1e-5.
		points := [][]float64{{0, 1. / 99}, {0.01, 1. / 99}, {3, 1. / 99}, {6.2, 0.37}, {1, 1}}
		want := make([]float64, len(points))
		for i, p := range points {
			want[i] = exact(p[0]-1.5*p[1], 2*nu*p[1])
		}
		compare(t, "diffused gaussian", reference(t, c, []float64{1.5, nu, 0}, points), want, 1e-12)
	}
}

// Three settings against SciPy: testdata/cdr_points.py solves them as one
// Galerkin system, with an error of about 1e-10.
func TestReferenceAgainstSciPy(t *testing.T) {
	var golden []struct {
		Mu []float64
		At [][]float64
		U  []float64
	}
	readJSON(t, "testdata/cdr_points.json", &golden)
	c := mustCDR(t, "cdr", GaussWide, nil)
	for _, g := range golden {
		compare(t, "against scipy", reference(t, c, g.Mu, g.At), g.U, 1e-9)
	}
}

// The error of the nonlinear members against a solution with a quarter of the
// step and with twice the modes: what Reference's comment states.
func TestReferenceIsResolved(t *testing.T) {
	grid := cdrGrid().Points[256:] // t > 0, from 1/99 on
	var sparse [][]float64
	for i := 0; i < len(grid); i += 7 * 256 { // every seventh row
		sparse = append(sparse, grid[i:i+256]...)
	}
	for _, c := range []struct {
		initial Initial
		nu, rho float64
	}{
		{GaussWide, 3, 3},
		{OnePlusSin, 0.5, 20},
		{GaussWide, 0.01, 5},
		{GaussWide, 20, 5}, // equal first steps would leave 2.5e-8 here
	} {
		solve := func(modes int, step float64) []float64 {
			w := newReactionDiffusion(c.initial, c.nu, c.rho, modes, step)
			u, err := follow(w, c.initial, 3, sparse)
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		step := reactionDiffusionStep(c.rho)
		u := solve(reactionDiffusionModes, step)
		finer := solve(reactionDiffusionModes, step/4)
		wider := solve(2*reactionDiffusionModes, step)
		if rel, _, largest := difference(u, finer); rel > 1e-9 || largest > 5e-9 {
			t.Errorf("%s, nu=%g, rho=%g: a quarter of the step changes u by rel %.1e, max %.1e", c.initial.Name, c.nu, c.rho, rel, largest)
		}
		if rel, _, largest := difference(u, wider); rel > 1e-11 || largest > 1e-10 {
			t.Errorf("%s, nu=%g, rho=%g: twice the modes change u by rel %.1e, max %.1e", c.initial.Name, c.nu, c.rho, rel, largest)
		}
	}
}

// ETDRK4 has order 4, which the growing first steps keep where the initial
// condition has a kink.
func TestOrderInTime(t *testing.T) {
	points := [][]float64{{0, 1}, {1, 1}, {2.5, 1}, {4, 1}, {5.5, 1}}
	for _, c := range []struct {
		initial   Initial
		low, high float64
	}{
		{OnePlusSin, 3.7, 4.3},
		{GaussWide, 3.7, 4.3},
	} {
		solve := func(step float64) []float64 {
			u, err := follow(newReactionDiffusion(c.initial, 0.8, 4, 128, step), c.initial, 0, points)
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		exact := solve(1. / 1000)
		var x, y []float64
		for _, n := range []float64{12, 24, 48, 96} {
			rel, _, _ := difference(solve(1/n), exact)
			x = append(x, math.Log(1/n))
			y = append(y, math.Log(rel))
		}
		if order := slope(x, y); order < c.low || order > c.high {
			t.Errorf("%s: errors %.2g fall with order %.2f, want %.1f to %.1f", c.initial.Name, expAll(y), order, c.low, c.high)
		}
	}
}

// slope is that of the least-squares line through (x, y).
func slope(x, y []float64) float64 {
	n := float64(len(x))
	var mx, my, xy, xx float64
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
	}
	return xy / xx
}

func expAll(y []float64) []float64 {
	e := make([]float64, len(y))
	for i := range y {
		e[i] = math.Exp(y[i])
	}
	return e
}

// difference returns ‖a−b‖/‖b‖, mean|a−b| and max|a−b|.
func difference(a, b []float64) (rel, abs, largest float64) {
	var squares, total float64
	for i := range b {
		d := a[i] - b[i]
		squares += d * d
		total += b[i] * b[i]
		abs += math.Abs(d) / float64(len(b))
		largest = max(largest, math.Abs(d))
	}
	return math.Sqrt(squares / total), abs, largest
}

// The φ functions where their two formulas meet, and against their power series
// summed term by term.
func TestPhi(t *testing.T) {
	for _, z := range []float64{0, -1e-9, -0.3, -1, math.Nextafter(-1, -2), -1.5, -4} {
		phi1, phi2, phi3 := phi(z)
		for j, got := range []float64{phi1, phi2, phi3} {
			want, term := 0.0, 1.0
			for k := 1; k <= j+1; k++ {
				term /= float64(k) // 1/(j+1)!
			}
			for n := 1; n < 60; n++ {
				want += term
				term *= z / float64(n+j+1)
			}
			if math.Abs(got-want) > 1e-14*want {
				t.Errorf("phi%d(%g) is %.17g, want %.17g", j+1, z, got, want)
			}
		}
	}
}

// ρ < 0 sends everything above 1 to infinity: u = 2 under ρ = −3 does so at
// t = ln(2)/3 = .231.
func TestReferenceRefuses(t *testing.T) {
	for _, c := range []struct {
		kind string
		mu   []float64
		at   []float64
		want string
	}{
		{"reaction", []float64{0, 0, -3}, []float64{math.Pi / 2, 0.232}, "blown up"},
		{"reaction-diffusion", []float64{0, 1e-3, -30}, []float64{1, 1}, "blown up"},
		{"cdr", []float64{1, 1, 1}, []float64{1}, "1 coordinates"},
		{"cdr", []float64{1, 1, 1}, []float64{1, -0.1}, "t ≥ 0"},
		{"cdr", []float64{1, 1, 1}, []float64{1, math.NaN()}, "t ≥ 0"},
		{"cdr", []float64{1, 1, 1}, []float64{math.Inf(1), 0}, "finite x"},
	} {
		_, err := mustCDR(t, c.kind, OnePlusSin, nil).Reference(c.mu, [][]float64{c.at})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s at %v: error %v, want one with %q", c.kind, c.at, err, c.want)
		}
	}
	c := mustCDR(t, "reaction", OnePlusSin, nil)
	if _, err := c.Reference([]float64{0, 0, -3}, [][]float64{{math.Pi / 2, 0.230}}); err != nil {
		t.Errorf("just before the blow-up: %v", err)
	}
}

// About 0.1 s a setting on the whole grid, nearly all of it Fourier transforms.
func BenchmarkReference(b *testing.B) {
	c := mustCDR(b, "cdr", GaussWide, nil)
	grid := cdrGrid().Points
	for b.Loop() {
		reference(b, c, []float64{3, 3, 3}, grid)
	}
}
