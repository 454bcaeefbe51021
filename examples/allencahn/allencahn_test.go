// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package allencahn_test

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/examples/allencahn"
	"pinn.example/repro/pde"
)

func reference(t *testing.T, mu []float64, at [][]float64) []float64 {
	t.Helper()
	u, err := allencahn.Problem{}.Reference(mu, at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestReferenceAgreesWithSciPy: the benchmark by other methods altogether,
// printed by testdata/reference.py. At the kink, x = ±1, 512 modes are too few
// for more than four digits (see modes).
func TestReferenceAgreesWithSciPy(t *testing.T) {
	golden := []struct{ x, t, u float64 }{
		{0.0, 0.2, 0.000108667},
		{0.25, 0.2, 0.119322540},
		{0.45, 0.2, 0.085531611},
		{0.6, 0.2, -0.291361541},
		{1.0, 0.2, -0.998589627},
		{0.0, 0.5, 0.001216445},
		{0.25, 0.5, 0.473832189},
		{0.45, 0.5, 0.357128976},
		{0.6, 0.5, -0.805854729},
		{1.0, 0.5, -0.999886081},
		{0.0, 1.0, 0.029579721},
		{0.25, 1.0, 0.988474648},
		{0.45, 1.0, 0.976283152},
		{0.6, 1.0, -0.998109688},
		{1.0, 1.0, -0.999998884},
	}
	var at [][]float64
	for i := range golden {
		g := golden[len(golden)-1-i] // in an order that is not time's
		at = append(at, []float64{g.x, g.t}, []float64{-g.x, g.t}, []float64{g.x + 2, g.t})
	}
	for i, u := range reference(t, allencahn.Benchmark(), at) {
		want, tolerance := golden[len(golden)-1-i/3], 1e-6
		if want.x == 1 {
			tolerance = 2e-5
		}
		if math.Abs(u-want.u) > tolerance {
			t.Errorf("u(%g, %g) = %.9f, want %.9f", at[i][0], at[i][1], u, want.u)
		}
	}
}

// TestReferenceWithoutDiffusion: each point follows u' = ρ (u − u³), whose
// solution is u₀ e^{ρt}/√(1 + u₀² (e^{2ρt} − 1)).
func TestReferenceWithoutDiffusion(t *testing.T) {
	const rho = 5.
	var at [][]float64
	for _, x := range []float64{-1, -.5, .25, .3125} { // multiples of 1/512: on the method's grid
		for _, time := range []float64{1, 0, .3} {
			at = append(at, []float64{x, time})
		}
	}
	for i, u := range reference(t, []float64{0, rho}, at) {
		x, time := at[i][0], at[i][1]
		u0, e := x*x*math.Cos(math.Pi*x), math.Exp(rho*time)
		if want := u0 * e / math.Sqrt(1+u0*u0*(e*e-1)); math.Abs(u-want) > 1e-8 {
			t.Errorf("u(%g, %g) = %.10f, want %.10f", x, time, u, want)
		}
	}
}

// TestReferenceWithoutReaction: the heat equation, by its cosine series. With
// I_m = ∫ x² cos(mπx) dx = 4(−1)^m/(mπ)², I_0 = 2/3, over [−1, 1], the
// coefficient of cos(kπx) is (I_{k+1} + I_{k−1})/2, half of that for k = 0.
func TestReferenceWithoutReaction(t *testing.T) {
	const nu = .05
	integral := func(m int) float64 {
		if m == 0 {
			return 2. / 3
		}
		return 4 * math.Pow(-1, float64(m)) / math.Pow(float64(m)*math.Pi, 2)
	}
	at := [][]float64{{0, 1}, {.3, .5}, {-.7, .25}, {1, .25}}
	for i, u := range reference(t, []float64{nu, 0}, at) {
		x, time := at[i][0], at[i][1]
		want := integral(1) / 2
		for k := 1; k < 40; k++ {
			pik := math.Pi * float64(k)
			want += (integral(k+1) + integral(k-1)) / 2 * math.Cos(pik*x) * math.Exp(-nu*pik*pik*time)
		}
		// The method samples the initial condition at 1,024 points, which folds
		// coefficients from 1024 − k back onto k: each wrong by some 8/(π² 1024²).
		if math.Abs(u-want) > 5e-6 {
			t.Errorf("u(%g, %g) = %.9f, want %.9f", x, time, u, want)
		}
	}
}

// TestPoints: all in the domain, as many as the documentation says, and the draw
// of 100 is the beginning of a draw of 2,000.
func TestPoints(t *testing.T) {
	p := allencahn.Problem{}
	all, err := p.Points(pde.Sample{Set: "drawn"})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Collocation) != 2000 || len(all.Test) != 500 || len(all.Grid.Points) != 51*128 || len(all.Conditions) != 3 {
		t.Errorf("%d collocation, %d test, %d grid points, %d conditions; want 2000, 500, 6528, 3",
			len(all.Collocation), len(all.Test), len(all.Grid.Points), len(all.Conditions))
	}
	for _, set := range [][][]float64{all.Collocation, all.Test, all.Grid.Points} {
		for _, at := range set {
			for i, c := range p.Coordinates() {
				if at[i] < c.Low || at[i] > c.High {
					t.Fatalf("%s is %g, outside [%g, %g]", c.Name, at[i], c.Low, c.High)
				}
			}
		}
	}
	few, err := p.Points(pde.Sample{Set: "drawn", Collocation: 100})
	if err != nil {
		t.Fatal(err)
	}
	if last := few.Collocation[99]; last[0] != all.Collocation[99][0] || last[1] != all.Collocation[99][1] {
		t.Error("a short draw is not the beginning of a long one")
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	p := allencahn.Problem{}
	points := func(s pde.Sample) error { _, err := p.Points(s); return err }
	solve := func(mu, at []float64) error { _, err := p.Reference(mu, [][]float64{at}); return err }
	for want, err := range map[string]error{
		"give 2: nu, rho":              p.Check([]float64{1}),
		"nu is -1; give a finite":      p.Check([]float64{-1, 5}),
		"rho is NaN; give a finite":    solve([]float64{0, math.NaN()}, []float64{0, 0}),
		"t is -1; give a finite t ≥ 0": solve(allencahn.Benchmark(), []float64{0, -1}),
		`"published"; use drawn`:       points(pde.Sample{Set: "published"}),
		"-5 collocation points; give":  points(pde.Sample{Set: "drawn", Collocation: -5}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "allen-cahn: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
