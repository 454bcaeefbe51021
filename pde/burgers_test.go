// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"pinn.example/repro/jet"
)

// burgersResidual returns the residual of a network, a list of (query, unit)
// weights, for each query's ν at points that all queries share:
//
//	u(t, x) = shift + Σ out · tanh(rate·t + slope·x + bias)
func burgersResidual(t *testing.T, nets []tanhNet, nu []float64, at [][]float64) (residual, u []float64) {
	t.Helper()
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	queries, units := len(nets), len(nets[0].units)
	var flat, w0, b0, w1, b1 []float64
	for _, p := range at {
		flat = append(flat, p...)
	}
	for _, n := range nets {
		for _, unit := range n.units {
			w0 = append(w0, unit.rate)
		}
		for _, unit := range n.units {
			w0 = append(w0, unit.slope)
			b0 = append(b0, unit.bias)
			w1 = append(w1, unit.out)
		}
		b1 = append(b1, n.shift)
	}
	outputs := MustExecOnceN(b, func(in []*Node) []*Node {
		net := func(x *jet.Jet) *jet.Jet { return jet.Dense(jet.Tanh(jet.Dense(x, in[2], in[3])), in[4], in[5]) }
		residual, u := Residual(Burgers{}, net, in[0], in[1])
		return []*Node{residual, u}
	},
		tensors.FromFlatDataAndDimensions(nu, queries, 1),
		tensors.FromFlatDataAndDimensions(flat, 1, len(at), 2),
		tensors.FromFlatDataAndDimensions(w0, queries, 2, units),
		tensors.FromFlatDataAndDimensions(b0, queries, 1, units),
		tensors.FromFlatDataAndDimensions(w1, queries, units, 1),
		tensors.FromFlatDataAndDimensions(b1, queries, 1, 1))
	return tensors.MustCopyFlatData[float64](outputs[0]), tensors.MustCopyFlatData[float64](outputs[1])
}

type tanhNet struct {
	shift float64
	units []tanhUnit
}

type tanhUnit struct{ rate, slope, bias, out float64 }

func (n tanhNet) at(t, x float64) float64 {
	u := n.shift
	for _, unit := range n.units {
		u += unit.out * math.Tanh(unit.rate*t+unit.slope*x+unit.bias)
	}
	return u
}

// travelling is the front of height 2a that moves with speed c,
// u = c − a tanh(a (x − ct)/2ν), a solution of the equation for its ν: a network
// with one hidden unit.
func travelling(c, a, nu float64) tanhNet {
	slope := a / (2 * nu)
	return tanhNet{shift: c, units: []tanhUnit{{rate: -c * slope, slope: slope, out: -a}}}
}

var burgersSome = [][]float64{{.1, .05}, {.5, -.3}, {.93, .41}, {.02, .88}, {.77, -.97}, {.4, 0}}

// The residual of an exact solution is rounding, for two queries at once; that
// of the other query's solution is not.
func TestBurgersResidualOfTravellingFrontIsRounding(t *testing.T) {
	nu := []float64{.1, .03}
	fronts := []tanhNet{travelling(.3, .8, nu[0]), travelling(-.2, .5, nu[1])}
	largest := func(nets []tanhNet) float64 {
		residual, _ := burgersResidual(t, nets, nu, burgersSome)
		if len(residual) != 2*len(burgersSome) {
			t.Fatalf("%d residuals of 2 queries at %d points", len(residual), len(burgersSome))
		}
		worst := 0.
		for _, r := range residual {
			worst = math.Max(worst, math.Abs(r))
		}
		return worst
	}
	// The terms of the residual are at most (|c|+a) a²/2ν = 3.5; a few roundings
	// of 2⁻⁵³.
	if r := largest(fronts); !(r < 3.5*0x1p-49) {
		t.Errorf("the residual of an exact solution is %.3g, want rounding", r)
	}
	slices.Reverse(fronts)
	if r := largest(fronts); r < .1 {
		t.Errorf("the residual of another ν's solution is %.3g: the test tests nothing", r)
	}
}

// Coefficients of central differences of order 6 for steps −3 to 3.
var (
	sixthFirst  = []float64{-1. / 60, 9. / 60, -45. / 60, 0, 45. / 60, -9. / 60, 1. / 60}
	sixthSecond = []float64{2. / 180, -27. / 180, 270. / 180, -490. / 180, 270. / 180, -27. / 180, 2. / 180}
)

// A network that solves nothing has the residual that differences of its values
// give. With step .01 they leave h⁶/560 · ∂⁸u < 1e-9 here, and each of the three
// terms is of the order of 1.
func TestBurgersResidualIsThatOfDifferences(t *testing.T) {
	nets := []tanhNet{
		{.2, []tanhUnit{{.5, -1.1, .3, .7}, {-.9, .6, -.2, 1.2}, {.1, .8, .4, -.5}}},
		{-.4, []tanhUnit{{-.3, .9, -.6, .8}, {.7, 1., .1, -.6}, {1.1, -.2, .5, .9}}},
	}
	nu := []float64{.7, 1.9}
	residual, u := burgersResidual(t, nets, nu, burgersSome)
	const step = .01
	for q, n := range nets {
		for i, p := range burgersSome {
			var ut, ux, uxx float64
			for k := range 7 {
				d := float64(k-3) * step
				ut += sixthFirst[k] * n.at(p[0]+d, p[1]) / step
				ux += sixthFirst[k] * n.at(p[0], p[1]+d) / step
				uxx += sixthSecond[k] * n.at(p[0], p[1]+d) / (step * step)
			}
			want := ut + n.at(p[0], p[1])*ux - nu[q]*uxx
			if got := residual[q*len(burgersSome)+i]; !(math.Abs(got-want) < 1e-8) {
				t.Errorf("ν=%g at %v: residual %.12g, by differences %.12g", nu[q], p, got, want)
			}
			if got := u[q*len(burgersSome)+i]; !(math.Abs(got-n.at(p[0], p[1])) < 1e-14) {
				t.Errorf("ν=%g at %v: u is %.15g, want %.15g", nu[q], p, got, n.at(p[0], p[1]))
			}
		}
	}
}

// Differences of the reference must satisfy the equation as it is stated on
// graphs, and not with a ν that is 1 % off. Steps of .1ν in x and .05ν in t, in a
// front 4ν wide, leave sixth order an error below 1e-6 of the largest term.
func TestBurgersReferenceSatisfiesEquation(t *testing.T) {
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	residual := func(nu float64, u, ut, ux, uxx []float64) []float64 {
		r := MustExecOnce(b, func(in []*Node) *Node {
			eq := Burgers{}.Equation(in[:1])
			if len(eq.Linear) != 2 || eq.Linear["t"] != 1. || !slices.Equal(eq.Needs, []string{"x"}) {
				t.Errorf("linear in %v, needs %v; want t with coefficient 1 and xx, and x", eq.Linear, eq.Needs)
			}
			rest := eq.Rest(At{U: in[1], derivatives: map[string]*Node{"x": in[3]}})
			return Add(Add(in[2], Mul(eq.Linear["xx"].(*Node), in[4])), rest)
		}, column([]float64{nu}), column(u), column(ut), column(ux), column(uxx))
		return tensors.MustCopyFlatData[float64](r)
	}
	for _, nu := range []float64{.1, .01, .001} {
		points := [][]float64{{.1, .3}, {.3, .5 * nu}, {1 / math.Pi, nu}, {.35, -2 * nu}, {.5, 3 * nu}, {.9, nu}, {.8, -.6}}
		hx, ht := .1*nu, .05*nu
		n := len(points)
		u, ut, ux, uxx := burgers(t, nu, points), make([]float64, n), make([]float64, n), make([]float64, n)
		for i, p := range points {
			for k := range 7 {
				d := float64(k - 3)
				around := burgers(t, nu, [][]float64{{p[0] + d*ht, p[1]}, {p[0], p[1] + d*hx}})
				ut[i] += sixthFirst[k] * around[0] / ht
				ux[i] += sixthFirst[k] * around[1] / hx
				uxx[i] += sixthSecond[k] * around[1] / (hx * hx)
			}
		}
		right, wrong := residual(nu, u, ut, ux, uxx), residual(1.01*nu, u, ut, ux, uxx)
		for i, p := range points {
			largest := max(math.Abs(ut[i]), math.Abs(u[i]*ux[i]), nu*math.Abs(uxx[i]))
			if !(math.Abs(right[i]) < 1e-6*largest) {
				t.Errorf("ν=%g at %v: the residual is %.1e beside terms of %.1e", nu, p, right[i], largest)
			}
			if diffusion := nu * math.Abs(uxx[i]); diffusion > .1*largest && math.Abs(wrong[i]) < 1e-4*largest {
				t.Errorf("ν=%g at %v: the residual for another ν is %.1e beside terms of %.1e: the test tests nothing", nu, p, wrong[i], largest)
			}
		}
	}
}

// The paper's order, t before x, and its domain (A.5). The id is part of every
// run's name: a change of it orphans them.
func TestBurgersIsTheProblemOfThePaper(t *testing.T) {
	b := Burgers{}
	want := []Coordinate{{Name: "t", Low: 0, High: 1}, {Name: "x", Low: -1, High: 1}}
	if got := b.Coordinates(); !slices.Equal(got, want) {
		t.Errorf("coordinates are %v, want %v", got, want)
	}
	if got := b.Parameters(); !slices.Equal(got, []string{"nu"}) {
		t.Errorf("parameters are %v, want nu", got)
	}
	if got := b.ID(); got != "burgers;u0=-sin(pi x);boundary=0" {
		t.Errorf("the id is %q", got)
	}
}

func TestBurgersPoints(t *testing.T) {
	b := Burgers{}
	p, err := b.Points(Sample{Set: "drawn", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Collocation) != 10000 || len(p.Test) != 1000 || len(p.Grid.Points) != 101*256 || len(p.Conditions) != 1 {
		t.Fatalf("%d collocation, %d test, %d grid points, %d conditions", len(p.Collocation), len(p.Test), len(p.Grid.Points), len(p.Conditions))
	}
	for name, points := range map[string][][]float64{"collocation": p.Collocation, "test": p.Test} {
		n := float64(len(points))
		var meanT, meanX float64
		for _, at := range points {
			if !(at[0] > 0 && at[0] < 1 && math.Abs(at[1]) < 1) {
				t.Fatalf("%s point %v is outside t in (0, 1), x in (-1, 1)", name, at)
			}
			meanT += at[0] / n
			meanX += at[1] / n
		}
		// Standard deviations of these means: 1/√(12n) and 2/√(12n). Five of them
		// are passed by chance once in two million draws; x before t would give
		// means that are 1/2 off.
		if s := 1 / math.Sqrt(12*n); math.Abs(meanT-.5) > 5*s || math.Abs(meanX) > 10*s {
			t.Errorf("%s points have mean t %.3f, x %.3f, want those of uniform ones, 1/2 and 0", name, meanT, meanX)
		}
	}
	if slices.Equal(p.Collocation[0], p.Test[0]) {
		t.Error("collocation and test points are of one stream")
	}

	grid := p.Grid
	if !slices.Equal(grid.Shape, []int{101, 256}) || !slices.Equal(grid.Axes, []string{"t", "x"}) {
		t.Errorf("the grid has shape %v of %v, want [101 256] of [t x]", grid.Shape, grid.Axes)
	}
	for index, want := range map[int][]float64{0: {0, -1}, 255: {0, 1}, 256: {.01, -1}, 256*50 + 128: {.5, 1. / 255}, 256*100 + 255: {1, 1}} {
		if !slices.Equal(grid.Points[index], want) {
			t.Errorf("grid point %d is %v, want %v", index, grid.Points[index], want)
		}
	}

	longer, err := b.Points(Sample{Set: "drawn", Seed: 1, Collocation: 10100})
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range p.Collocation {
		if !slices.Equal(at, longer.Collocation[i]) {
			t.Fatalf("point %d of a longer draw is %v, want %v", i, longer.Collocation[i], at)
		}
	}
	if len(longer.Collocation) != 10100 {
		t.Errorf("%d collocation points, want 10100", len(longer.Collocation))
	}
	other, err := b.Points(Sample{Set: "drawn", Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(other.Collocation[0], p.Collocation[0]) || slices.Equal(other.Conditions[0].At[0], p.Conditions[0].At[0]) {
		t.Error("another seed has the same points")
	}
}

// Appendix A.5: 50 points at t = 0, where u = −sin(πx), and 50 at x = ±1, where
// u = 0; eq. 6 has all of them in one sum.
func TestBurgersData(t *testing.T) {
	p, err := Burgers{}.Points(Sample{Set: "drawn", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	data := p.Conditions[0]
	if data.Name != "data" || len(data.At) != 100 || data.To != nil || data.Derivative != "" {
		t.Fatalf("condition %q has %d points, %d partners, derivative %q", data.Name, len(data.At), len(data.To), data.Derivative)
	}
	var initial, left, right int
	for _, at := range data.At {
		want := 0.
		switch {
		case at[0] == 0:
			initial++
			want = -math.Sin(math.Pi * at[1])
		case at[1] == -1:
			left++
		case at[1] == 1:
			right++
		default:
			t.Errorf("point %v is neither initial nor on the boundary", at)
		}
		for _, nu := range []float64{.001, .1} {
			// 1e-15: sin(π − y) for sin(y).
			if got := data.Value([]float64{nu}, at); math.Abs(got-want) > 1e-15 {
				t.Errorf("ν=%g at %v: value %g, want %g", nu, at, got, want)
			}
		}
	}
	// 50 fair coins are 25 ± 3.5; fewer than 8 of a side come once in two million.
	if initial != 50 || left+right != 50 || left < 8 || right < 8 {
		t.Errorf("%d initial points, %d on the left and %d on the right, want 50 and 50 on both sides", initial, left, right)
	}
	if x, time := data.At[0][1], data.At[burgersInitial][0]; x == 2*time-1 {
		t.Error("initial and boundary points are of one stream")
	}
	for _, x := range []float64{-1, 1} {
		if u := data.Value([]float64{.01}, []float64{0, x}); u != 0 {
			t.Errorf("the corner t=0, x=%g has the value %g, want 0", x, u)
		}
	}
}

// The mean of u² over x, t and the paper's ν is about .28, so that Table 1's mean
// squared error of 1.9e-5 is about .0082 in relative L2. Measured: .2781 for the
// integral over all three.
func TestBurgersMeanSquare(t *testing.T) {
	points, err := Burgers{}.Points(Sample{Set: "drawn", Collocation: 1})
	if err != nil {
		t.Fatal(err)
	}
	const every, settings = 4, 20
	var at [][]float64
	for j := 0; j < burgersNT; j += every {
		at = append(at, points.Grid.Points[j*burgersNX:(j+1)*burgersNX]...)
	}
	mean := 0.
	for k := range settings { // midpoints in ν, the trapezoid rule in t and x
		nu := BurgersNuLow + (BurgersNuHigh-BurgersNuLow)*(float64(k)+.5)/settings
		for i, u := range burgers(t, nu, at) {
			weight := every / float64((burgersNT-1)*(burgersNX-1)*settings) // u is 0 at both sides
			if at[i][0] == 0 || at[i][0] == 1 {
				weight /= 2
			}
			mean += weight * u * u
		}
	}
	if math.Abs(mean-.280) > .0025 {
		t.Errorf("the mean of u² is %.4f, want .280", mean)
	}
	t.Logf("the mean of u² is %.5f", mean)
}

func TestBurgersRefuses(t *testing.T) {
	b := Burgers{}
	for _, c := range []struct {
		mu   []float64
		want string
	}{
		{nil, "burgers: 0 parameters; give nu alone"},
		{[]float64{.1, .2}, "burgers: 2 parameters; give nu alone"},
		{[]float64{0}, "burgers: nu is 0; give a finite number above 0 (the paper's are 0.001 to 0.1)"},
		{[]float64{-.1}, "nu is -0.1; give a finite number above 0"},
		{[]float64{math.NaN()}, "nu is NaN; give a finite number above 0"},
		{[]float64{math.Inf(1)}, "nu is +Inf; give a finite number above 0"},
	} {
		err := b.Check(c.mu)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: error %v, want one line with %q", c.mu, err, c.want)
		}
		if _, of := b.Reference(c.mu, nil); of == nil || err == nil || of.Error() != err.Error() {
			t.Errorf("%v: Reference has the error %v, want %v", c.mu, of, err)
		}
	}
	for _, nu := range []float64{BurgersNuLow, BurgersNuHigh, 1e-9, 50} {
		if err := b.Check([]float64{nu}); err != nil {
			t.Errorf("ν=%g: %v", nu, err)
		}
	}
	for sample, want := range map[Sample]string{
		{Set: "published"}:              "use drawn",
		{Set: "drawn", Collocation: -1}: "give a positive number, or 0 for 10000",
	} {
		if _, err := b.Points(sample); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v does not say %q", sample, err, want)
		}
	}
	for _, c := range []struct {
		nu   float64
		at   []float64
		want string
	}{
		{1e-7, []float64{.5, .5}, "too small for the reference solution; give at least 1e-06"},
		{.1, []float64{.5}, "1 coordinates; give t and x"},
		{.1, []float64{-.1, .5}, "t=-0.1, x=0.5; give a finite t ≥ 0"},
		{.1, []float64{math.NaN(), .5}, "t ≥ 0"},
		{.1, []float64{math.Inf(1), .5}, "finite t"},
		{.1, []float64{.5, 1.001}, "x in [-1, 1]"},
		{.1, []float64{.5, -1.001}, "x in [-1, 1]"},
		{.1, []float64{.5, math.NaN()}, "x in [-1, 1]"},
	} {
		if _, err := b.Reference([]float64{c.nu}, [][]float64{{0, 0}, c.at}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ν=%g at %v: error %v, want one with %q", c.nu, c.at, err, c.want)
		}
	}
}
