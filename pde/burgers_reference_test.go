// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

func burgers(t testing.TB, nu float64, at [][]float64) []float64 {
	t.Helper()
	u, err := Burgers{}.Reference([]float64{nu}, at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// hardBurgers are points where a sum could fail: in and beside the front, while
// it forms near t = 1/π and after, and at times so small that the integrand's
// peak is narrow.
func hardBurgers(nu float64) [][]float64 {
	var at [][]float64
	for _, t := range []float64{1e-12, 1e-6, 1e-3, .05, .3, 1 / math.Pi, .35, .6, 1} {
		for _, x := range []float64{.1 * nu, nu, 3 * nu, .02, .1, .37, .5, .8, .99} {
			at = append(at, []float64{t, x})
		}
	}
	return at
}

// burgersRounding is what rounding may do to u: exponents are of size 1/2πν,
// rounded by 2⁻⁵³ of that, 2e-17/ν. Measured in 30 digits: up to 3e-18/ν.
func burgersRounding(nu float64) float64 { return 2e-15 + 1e-17/nu }

func worstDifference(a, b []float64) float64 {
	_, _, largest := difference(a, b)
	return largest
}

func (c *coleHopf) all(at [][]float64) []float64 {
	u := make([]float64, len(at))
	for i, p := range at {
		u[i] = c.at(p[0], p[1])
	}
	return u
}

// Golden values from the textbook form of the solution, whose integrand has the
// factor (x−η)/t, where the code has the initial values: by scipy.integrate.quad
// (SciPy 1.17.1), with the largest exponent subtracted, pieces divided at 1, 3
// and 6 peak widths √(2ν/(1/t+π)) from each maximum, epsrel=1e-13; and in 50
// digits by the trapezoid rule of mpmath 1.4.1, four nodes to that width. Both
// agree in all of SciPy's 13 digits. The last three are mpmath's alone.
func TestBurgersAgainstSciPy(t *testing.T) {
	for _, c := range []struct{ nu, t, x, u float64 }{
		{1, .2, .35, -0.124603482718205605},
		{.1, 1. / 3, .6, -0.522758945918785658},
		{.1, 1, .1, -0.146065248970239334},
		{.01, .5, .02, -0.690577802801908711},
		{.01, 1, -.5, 0.374420037644686755},
		{.003, 1. / 3, .01, -0.410012191102250011},
		{.001, 1. / 3, .002, -0.209920998944253407},
		{.001, 1, .001, -0.258391640110186912},
		{.001, 1, .9, -0.0757931133080248444},
		{.001, .01, -.7, 0.794027547680750341},
		{.001, 1e-6, .3, -0.8090184803064535},
		{1e-5, .8, 1e-5, -0.33911316328498246},
		{1e-6, 1, 1e-6, -0.259575153544030507},
		{1e-6, .3, -1. / 255, 0.192892209221260266},
	} {
		if u := burgers(t, c.nu, [][]float64{{c.t, c.x}})[0]; !(math.Abs(u-c.u) < burgersRounding(c.nu)) {
			t.Errorf("ν=%g, t=%g, x=%g: u is %.16g, want %.16g (off by %.1e)", c.nu, c.t, c.x, u, c.u, u-c.u)
		}
	}
}

// coleHopfBound is what theory leaves of a sum's error at spacing h, in u:
// Trefethen and Weideman (2014), theorem 5.1, have 2M/(e^{2πy/h} − 1) for the sum
// of a function that is analytic within y of the real axis, M being the largest
// integral of its modulus on a parallel. Here the weight's modulus at η+iy is at
// most e^{a(cosh πy − 1) + y²/4νt} times that at η, a = 1/2πν, and |sin π(η+iy)|
// is at most cosh πy. The best y is taken.
func coleHopfBound(nu, t, h float64) float64 {
	best := math.Inf(1)
	for y := h / 4; y < 4; y *= 1.02 {
		sinh := math.Sinh(math.Pi * y / 2)
		growth := sinh*sinh/(math.Pi*nu) + y*y/(4*nu*t)
		relative := 2 * math.Exp(growth-2*math.Pi*y/h) / -math.Expm1(-2*math.Pi*y/h)
		if relative < 1 {
			best = min(best, relative*(1+math.Cosh(math.Pi*y))/(1-relative))
		}
	}
	return best
}

// The error of a sum with r nodes to a standard deviation falls as e^{−2π²r²},
// and that of a window of r standard deviations as e^{−r²/2}, whatever ν.
func TestBurgersQuadratureConvergesExponentially(t *testing.T) {
	for _, nu := range []float64{.1, .01, .001, 1e-4} {
		at := hardBurgers(nu)
		exact := newColeHopf(nu, 4.1, 14).all(at)
		rounding := burgersRounding(nu)
		falling := func(what string, values []float64, solver func(r float64) *coleHopf, bound func(c *coleHopf, r, t float64) float64) {
			previous := math.Inf(1)
			for k, r := range values {
				c := solver(r)
				worst := 0.
				for i, p := range at {
					e := math.Abs(c.at(p[0], p[1]) - exact[i])
					if b := bound(c, r, p[0]); !(e < b+rounding) {
						t.Errorf("ν=%g: %s %g leaves an error of %.1e at %v, want less than %.1e", nu, what, r, e, p, b)
					}
					worst = max(worst, e)
				}
				if !(worst < previous/2) {
					t.Errorf("ν=%g: %s %g leaves an error of %.1e, want less than half of %.1e", nu, what, r, worst, previous)
				}
				if k == 0 && worst < 1e6*rounding {
					t.Errorf("ν=%g: %s %g leaves an error of %.1e: the test tests nothing", nu, what, r, worst)
				}
				previous = worst
			}
		}
		falling("resolution", []float64{.5, .7, .9, 1.1},
			func(r float64) *coleHopf { return newColeHopf(nu, r, 14) },
			func(c *coleHopf, _, t float64) float64 { return coleHopfBound(nu, t, c.step) })
		falling("reach", []float64{2, 3, 4, 5, 6},
			func(r float64) *coleHopf { return newColeHopf(nu, 4.1, r) },
			// 8: two tails, in two sums, of values that differ by up to 2.
			func(_ *coleHopf, r, _ float64) float64 { return 8 * math.Exp(-r*r/2) })

		// What is used has converged.
		if e := worstDifference(burgers(t, nu, at), exact); !(e < rounding) {
			t.Errorf("ν=%g: a finer sum changes u by %.1e", nu, e)
		}
	}
}

// At the spacing that is used the bound is below three roundings of 1 for every ν
// and t, without any measurement.
func TestBurgersQuadratureIsResolvedEverywhere(t *testing.T) {
	for nu := burgersNuReference; nu < 1e6; nu *= 1.7 {
		c := newColeHopf(nu, coleHopfResolution, coleHopfReach)
		for time := 1e-9; nu*time < coleHopfGone && time < 1e3; time *= 2.3 {
			c.at(time, .3)
			if b := coleHopfBound(nu, time, c.step); !(b < 3*0x1p-53) {
				t.Errorf("ν=%g, t=%g: the sum's error is at most %.1e, want less than 3e-16", nu, time, b)
			}
		}
	}
}

// A second solution in closed form: the transformed equation is the heat
// equation, and its initial values e^{−a cos πx}, a = 1/2πν, are a Fourier series
// with Bessel functions as coefficients (Cole 1951),
//
//	u = 4πν Σ (−1)ⁿ n Iₙ(a) qⁿ² sin nπx / (I₀(a) + 2 Σ (−1)ⁿ Iₙ(a) qⁿ² cos nπx),
//
// with q = e^{−π²νt}. It has no integral and no window, holds for large ν and t,
// and is useless for small ν, where the denominator's terms cancel down to
// e^{−2a} of their size.
func TestBurgersAgainstFourierSeries(t *testing.T) {
	bessel := func(n int, a float64) float64 {
		term := 1.
		for k := 1; k <= n; k++ {
			term *= a / 2 / float64(k)
		}
		sum := 0.
		for m := 1; m < 60; m++ {
			sum += term
			term *= a * a / 4 / (float64(m) * float64(m+n))
		}
		return sum
	}
	var at [][]float64
	for _, time := range []float64{1e-9, .01, .1, 1 / math.Pi, .5, 1, 3, 30, 1000} {
		for _, x := range []float64{-.98, -.5, -.01, .003, .2, .7, .999} {
			at = append(at, []float64{time, x})
		}
	}
	for _, nu := range []float64{.03, .1, .35, 1, 10, 1e4} {
		a := 1 / (2 * math.Pi * nu)
		want := make([]float64, len(at))
		for i, p := range at {
			above, below := 0., bessel(0, a)
			for n := 1; n < 60; n++ {
				f := float64(n)
				c := math.Pow(-1, f) * bessel(n, a) * math.Exp(-math.Pi*math.Pi*nu*p[0]*f*f)
				above += f * c * math.Sin(f*math.Pi*p[1])
				below += 2 * c * math.Cos(f*math.Pi*p[1])
			}
			want[i] = 4 * math.Pi * nu * above / below
		}
		// The series loses e^{2a} of the precision: 4e4 at ν = .03.
		if e := worstDifference(burgers(t, nu, at), want); !(e < 1e-15*(1+math.Exp(2*a))) {
			t.Errorf("ν=%g: the Fourier series differs by %.1e", nu, e)
		}
	}
}

// burgersSpectral integrates the equation itself, on n points of the period
// [−1, 1), and returns u there at each time: real Fourier series, products cut
// off by the 2/3 rule, diffusion by an integrating factor, and the classical
// Runge-Kutta method with the given steps up to each time.
func burgersSpectral(nu float64, n int, step float64, times []float64) [][]float64 {
	fft := fourier.NewFFT(n)
	u := make([]float64, n)
	for j := range u {
		u[j] = -math.Sin(math.Pi * (-1 + 2*float64(j)/float64(n)))
	}
	v := fft.Coefficients(nil, u)
	nonlinear := func(v []complex128) []complex128 { // −½ (u²)_x
		fft.Sequence(u, v)
		for j := range u {
			u[j] = u[j] / float64(n) * (u[j] / float64(n))
		}
		c := fft.Coefficients(nil, u)
		for k := range c {
			if 3*k >= n {
				c[k] = 0
			}
			c[k] *= complex(0, -math.Pi*float64(k)/2)
		}
		return c
	}
	plus := func(v []complex128, h float64, d []complex128) []complex128 {
		out := make([]complex128, len(v))
		for k := range v {
			out[k] = v[k] + complex(h, 0)*d[k]
		}
		return out
	}
	var solutions [][]float64
	now := 0.
	for _, until := range times {
		steps := int(math.Ceil((until-now)/step - 1e-9))
		h := (until - now) / float64(steps)
		decay := make([]float64, len(v)) // over half a step
		for k := range decay {
			decay[k] = math.Exp(-nu * math.Pi * math.Pi * float64(k*k) * h / 2)
		}
		decayed := func(v []complex128) []complex128 {
			out := make([]complex128, len(v))
			for k := range v {
				out[k] = complex(decay[k], 0) * v[k]
			}
			return out
		}
		for range steps {
			half := decayed(v)
			k1 := nonlinear(v)
			k2 := nonlinear(plus(half, h/2, decayed(k1)))
			k3 := nonlinear(plus(half, h/2, k2))
			k4 := nonlinear(plus(decayed(half), h, decayed(k3)))
			v = plus(v, h/6, k1)
			v = plus(decayed(v), h/3, plus(k2, 1, k3))
			v = plus(decayed(v), h/6, k4)
		}
		now = until
		solution := fft.Sequence(nil, v)
		for j := range solution {
			solution[j] /= float64(n)
		}
		solutions = append(solutions, solution)
	}
	return solutions
}

// The equation, integrated by a method that shares nothing with the quadrature,
// gives the same solution. In the front the difference is the error of that
// method, for it falls with the fourth power of the step; with that power removed
// by extrapolation the two agree there as well.
func TestBurgersAgainstSpectralSolution(t *testing.T) {
	for _, c := range []struct {
		nu    float64
		n     int
		step  float64
		times []float64
	}{
		// A front −tanh(x/2ν) has its nearest poles at ±iπν, so that modes fall as
		// e^{−π²νk}: to 1e-9 or less at the last one, k = n/3. They are times 4πν.
		{.1, 128, 1. / 500, []float64{.15, 1 / math.Pi, .5, 1}},
		{.01, 768, 1. / 1000, []float64{.15, 1 / math.Pi, .5, 1}},
		{.003, 2160, 1. / 2500, []float64{.15, 1 / math.Pi, .5}}, // steepest at t = .5
	} {
		if c.nu < .01 && testing.Short() {
			continue // 2 s
		}
		coarse := burgersSpectral(c.nu, c.n, c.step, c.times)
		fine := burgersSpectral(c.nu, c.n, c.step/2, c.times)
		var away, front, coarseFront, fineFront float64
		for i, time := range c.times {
			at := make([][]float64, c.n)
			for j := range at {
				at[j] = []float64{time, -1 + 2*float64(j)/float64(c.n)}
			}
			for j, u := range burgers(t, c.nu, at) {
				extrapolated := fine[i][j] + (fine[i][j]-coarse[i][j])/15
				if math.Abs(at[j][1]) > .1 {
					away = max(away, math.Abs(u-fine[i][j]))
					continue
				}
				front = max(front, math.Abs(u-extrapolated))
				coarseFront = max(coarseFront, math.Abs(u-coarse[i][j]))
				fineFront = max(fineFront, math.Abs(u-fine[i][j]))
			}
		}
		if !(away < 1e-9) || !(front < 5e-9) {
			t.Errorf("ν=%g: the spectral solution differs by %.1e away from the front and, extrapolated, by %.1e in it", c.nu, away, front)
		}
		if order := math.Log2(coarseFront / fineFront); order < 3.7 || order > 4.3 {
			t.Errorf("ν=%g: differences %.1e, %.1e in the front fall with order %.2f, want 3.7 to 4.3", c.nu, coarseFront, fineFront, order)
		}
		t.Logf("ν=%g: away %.1e, front %.1e to %.1e, extrapolated %.1e", c.nu, away, coarseFront, fineFront, front)
	}
}

// Initial values at t = 0, to the last bit of a sine, and a solution that leaves
// them as u₀ + t (ν u₀″ − u₀ u₀′) + O(t²); 0 at the sides and the centre; odd to
// the last bit; the same in any order.
func TestBurgersReferenceAtTheEdgesOfTheDomain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, nu := range []float64{1e-6, .001, .1, 20} {
		var at, mirrored, start, soon, edge [][]float64
		const small = 1e-5
		for range 60 {
			time, x := random.Float64(), 2*random.Float64()-1
			at = append(at, []float64{time, x})
			mirrored = append(mirrored, []float64{time, -x})
			start = append(start, []float64{0, x})
			soon = append(soon, []float64{small, x})
			edge = append(edge, []float64{time, -1}, []float64{time, 0}, []float64{time, 1})
		}
		at, mirrored = append(at, []float64{.5, nu / 30}), append(mirrored, []float64{.5, -nu / 30})
		edge = append(edge, []float64{0, -1}, []float64{0, 1}, []float64{1e-300, 1}, []float64{5e-324, 1})
		for i, u := range burgers(t, nu, edge) {
			if u != 0 {
				t.Errorf("ν=%g: u(%v) is %g, want 0", nu, edge[i], u)
			}
		}
		for _, tiny := range []float64{5e-324, 1e-310, 1e-300} {
			if u := burgers(t, nu, [][]float64{{tiny, .25}})[0]; math.Abs(u+math.Sqrt2/2) > 1e-15 {
				t.Errorf("ν=%g: u(%g, 1/4) is %.17g, want −1/√2", nu, tiny, u)
			}
		}
		u, odd, u0, u1 := burgers(t, nu, at), burgers(t, nu, mirrored), burgers(t, nu, start), burgers(t, nu, soon)
		for i, p := range at {
			if u[i] != -odd[i] {
				t.Errorf("ν=%g: u(%v) is %g, and %g at −x", nu, p, u[i], odd[i])
			}
			if !(math.Abs(u[i]) <= 1) {
				t.Errorf("ν=%g: u(%v) is %g, beyond all initial values", nu, p, u[i])
			}
		}
		for i, p := range start {
			s, c := math.Sincos(math.Pi * p[1])
			if math.Abs(u0[i]+s) > 1e-15 {
				t.Errorf("ν=%g: u(%v) is %.17g, want %.17g", nu, p, u0[i], -s)
			}
			first := nu*math.Pi*math.Pi*s - s*math.Pi*c // ν u₀″ − u₀ u₀′
			// The next term is at most t²/2 · π² (1 + π²ν)² or so.
			if e := math.Abs(u1[i] + s - small*first); e > small*small*10*math.Pow(1+math.Pi*math.Pi*nu, 2) {
				t.Errorf("ν=%g: u(%v) is off by %.1e from its first two terms", nu, soon[i], e)
			}
		}
		order := random.Perm(len(at))
		shuffled := make([][]float64, len(at))
		for i, k := range order {
			shuffled[i] = at[k]
		}
		for i, v := range burgers(t, nu, shuffled) {
			if v != u[order[i]] {
				t.Errorf("ν=%g: u(%v) depends on the order of points", nu, shuffled[i])
			}
		}
	}
}

// About 27 ms a grid for each, most of it exponentials.
func BenchmarkBurgersReference(b *testing.B) {
	points, err := Burgers{}.Points(Sample{Set: "drawn", Collocation: 1})
	if err != nil {
		b.Fatal(err)
	}
	for _, nu := range []float64{BurgersNuLow, .01, BurgersNuHigh} {
		b.Run(fmt.Sprintf("nu=%g", nu), func(b *testing.B) {
			for b.Loop() {
				burgers(b, nu, points.Grid.Points)
			}
		})
	}
}
