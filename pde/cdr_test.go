// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // registers "go"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func ExampleNewCDR() {
	problem, err := NewCDR("convection", OnePlusSin, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(problem.ID())

	// u(x, t) = 1 + sin(x − βt), at x = 0 and t = 1 with β = 30.
	u, err := problem.Reference([]float64{30, 0, 0}, [][]float64{{0, 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f\n", u[0])

	_, err = problem.Reference([]float64{30, 1, 0}, nil)
	fmt.Println(err)
	// Output:
	// convection;u0=1+sin(x);boundary=value
	// 1.9880
	// convection: nu is 1, but the equation has no such term; set it to 0 or use another kind
}

func TestCDRID(t *testing.T) {
	for _, c := range []struct {
		kind     string
		initial  Initial
		settings *CDRSettings
		want     string
	}{
		{"cdr", GaussWide, nil, "cdr;u0=gauss_pi_2;boundary=value"},
		{"cdr", GaussWide, &CDRSettings{Boundary: BoundaryValueAndSlope}, "cdr;u0=gauss_pi_2;boundary=value+slope"},
		// The truth decides nothing that is trained.
		{"reaction-diffusion", GaussNarrow, &CDRSettings{Truth: TruthAsPublished}, "reaction-diffusion;u0=gauss_pi_4;boundary=value"},
		// Without diffusion the two boundary conditions are one problem.
		{"reaction", GaussNarrow, &CDRSettings{Boundary: BoundaryValueAndSlope}, "reaction;u0=gauss_pi_4;boundary=value"},
	} {
		if got := mustCDR(t, c.kind, c.initial, c.settings).ID(); got != c.want {
			t.Errorf("ID is %q, want %q", got, c.want)
		}
	}
}

func TestNewCDRRefuses(t *testing.T) {
	for _, c := range []struct {
		kind     string
		initial  Initial
		settings CDRSettings
		want     string
	}{
		{"advection", OnePlusSin, CDRSettings{}, "convection, diffusion, reaction, convection-diffusion, reaction-diffusion, convection-reaction, cdr"},
		{"", OnePlusSin, CDRSettings{}, "unknown kind"},
		{"cdr", Initial{}, CDRSettings{}, "initial condition"},
		{"cdr", OnePlusSin, CDRSettings{Boundary: "periodic"}, "value, value+slope"},
		{"cdr", OnePlusSin, CDRSettings{Truth: "exact"}, "accurate, as-published"},
	} {
		if _, err := NewCDR(c.kind, c.initial, &c.settings); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("kind %q, settings %+v: error %v, want one with %q", c.kind, c.settings, err, c.want)
		}
	}
	if _, err := InitialNamed("sin_1"); err == nil || !strings.Contains(err.Error(), "1+sin(x), gauss_pi_2, gauss_pi_4") {
		t.Errorf("unknown initial condition: error %v does not list the known ones", err)
	}
	if initial, err := InitialNamed("gauss_pi_4"); err != nil || initial.At(math.Pi/4*5) != math.Exp(-0.5) {
		t.Errorf("gauss_pi_4 one standard deviation from its centre is not e^-1/2 (%v)", err)
	}
}

func TestCDRCheck(t *testing.T) {
	for _, c := range []struct {
		kind string
		mu   []float64
		want string // "" where mu is right
	}{
		{"convection", []float64{30.5, 0, 0}, ""},
		{"convection", []float64{-2, 0, 0}, ""},
		{"convection", []float64{30, 0, 1}, "rho is 1"},
		{"reaction", []float64{0, 1, 5}, "nu is 1"},
		{"reaction-diffusion", []float64{1, 1, 5}, "beta is 1"},
		{"cdr", []float64{0, 0, 0}, ""},
		{"cdr", []float64{1, 2, 3}, ""},
		{"cdr", []float64{1, 2}, "2 entries"},
		{"cdr", []float64{1, -2, 3}, "backward diffusion"},
		{"cdr", []float64{math.NaN(), 2, 3}, "beta is NaN"},
		{"cdr", []float64{1, math.Inf(1), 3}, "nu is +Inf"},
	} {
		err := mustCDR(t, c.kind, OnePlusSin, nil).Check(c.mu)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s at %v: error %v, want %q", c.kind, c.mu, err, c.want)
		}
	}
}

// A member's equation has the terms of its name and no others.
func TestCDREquationTerms(t *testing.T) {
	backend, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Finalize()
	g := graph.NewGraph(backend, "terms")
	mu := make([]*graph.Node, 3)
	for i := range mu {
		mu[i] = graph.Const(g, [][][]float64{{{1}}})
	}
	for _, kind := range CDRKinds() {
		want := []string{"t"}
		all := kind == "cdr"
		if all || strings.Contains(kind, "convection") {
			want = append(want, "x")
		}
		if all || strings.Contains(kind, "diffusion") {
			want = append(want, "xx")
		}
		equation := mustCDR(t, kind, OnePlusSin, nil).Equation(mu)
		if got := slices.Sorted(maps.Keys(equation.Linear)); !slices.Equal(got, want) {
			t.Errorf("%s is linear in %v, want %v", kind, got, want)
		}
		if has := equation.Rest != nil; has != (all || strings.Contains(kind, "reaction")) {
			t.Errorf("%s: has a rest: %v", kind, has)
		}
		if len(equation.Needs) != 0 {
			t.Errorf("%s needs %v, want nothing", kind, equation.Needs)
		}
	}
}

// The equation and the reference solution are written independently of each
// other: the solution's derivatives, by finite differences, must satisfy the
// equation. Sixth-order differences with step h = 0.02 in x leave h⁶/140 = 5e-13
// of the seventh derivative (less in t, where h is an eighth of that), and rounding
// 1e-15/h² = 3e-12; a wrong sign or factor leaves 0.1 or more.
func TestReferenceSatisfiesEquation(t *testing.T) {
	backend, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Finalize()

	mus := map[string][]float64{
		"convection":           {2.5, 0, 0},
		"diffusion":            {0, 0.7, 0},
		"reaction":             {0, 0, 3.2},
		"convection-diffusion": {2.5, 0.7, 0},
		"reaction-diffusion":   {0, 0.7, 3.2},
		"convection-reaction":  {2.5, 0, 3.2},
		"cdr":                  {2.5, 0.7, 3.2},
	}
	for _, kind := range CDRKinds() {
		c := mustCDR(t, kind, GaussWide, nil)
		mu := mus[kind]
		const hx, ht = 0.02, 0.0025
		// Away from x = βt, to which a kink moves that nothing smooths.
		points := [][]float64{{3, 0.2}, {4.4, 0.2}, {2.2, 0.6}, {5.5, 0.6}}
		first := []float64{-1. / 60, 9. / 60, -45. / 60, 0, 45. / 60, -9. / 60, 1. / 60}
		second := []float64{2. / 180, -27. / 180, 270. / 180, -490. / 180, 270. / 180, -27. / 180, 2. / 180}

		var around [][]float64
		for _, p := range points {
			for k := -3; k <= 3; k++ {
				around = append(around, []float64{p[0] + float64(k)*hx, p[1]}, []float64{p[0], p[1] + float64(k)*ht})
			}
		}
		values, err := c.Reference(mu, around)
		if err != nil {
			t.Fatal(err)
		}
		n := len(points)
		u := make([]float64, n)
		d := map[string][]float64{"t": make([]float64, n), "x": make([]float64, n), "xx": make([]float64, n)}
		for i := range points {
			u[i] = values[14*i+6]
			for k := range 7 {
				inX, inT := values[14*i+2*k], values[14*i+2*k+1]
				d["x"][i] += first[k] * inX / hx
				d["xx"][i] += second[k] * inX / (hx * hx)
				d["t"][i] += first[k] * inT / ht
			}
		}

		residual := graph.MustExecOnce(backend, func(in []*graph.Node) *graph.Node {
			equation := c.Equation(in[:3])
			named := map[string]*graph.Node{"t": in[4], "x": in[5], "xx": in[6]}
			sum := graph.ZerosLike(in[3])
			for name, coefficient := range equation.Linear {
				switch v := coefficient.(type) {
				case float64:
					sum = graph.Add(sum, graph.MulScalar(named[name], v))
				case *graph.Node:
					sum = graph.Add(sum, graph.Mul(v, named[name]))
				default:
					panic(fmt.Sprintf("coefficient of %s is a %T", name, v))
				}
			}
			if equation.Rest != nil {
				sum = graph.Add(sum, equation.Rest(At{U: in[3]}))
			}
			return sum
		}, column(mu[:1]), column(mu[1:2]), column(mu[2:]), column(u), column(d["t"]), column(d["x"]), column(d["xx"]))
		for i, r := range tensors.MustCopyFlatData[float64](residual) {
			if !(math.Abs(r) < 1e-9) {
				t.Errorf("%s at %v: residual of the reference solution is %.3g", kind, points[i], r)
			}
		}
	}
}

// column is a [1, n, 1] tensor.
func column(x []float64) *tensors.Tensor { return tensors.FromFlatDataAndDimensions(x, 1, len(x), 1) }
