// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package allencahn shows how an equation is added: this file is all of it. It
// lies outside package pde on purpose, where an equation of your own would lie.
//
// The Allen–Cahn equation
//
//	u_t − ν u_xx + ρ (u³ − u) = 0,   x ∈ [−1, 1] periodic, t ∈ [0, 1],
//	u(x, 0) = x² cos(πx),
//
// separates into plateaus near u = ±1. With ν = 1e-4 and ρ = 5 it is the
// benchmark of Raissi, Perdikaris and Karniadakis, J. Comput. Phys. 378 (2019),
// sec. 3.2.
//
// To add another, write these down for it, in the order in which they stand here:
//
//  1. what it is called, its coordinates and its parameters μ: ID, Coordinates,
//     Parameters, Check;
//  2. the equation: which derivatives enter linearly and with what coefficients,
//     and the rest. The derivatives, of whatever order, follow from their names;
//  3. where it is to hold: collocation points, initial and boundary conditions,
//     and the points at which errors are measured;
//  4. a reference solution, by whatever method you trust.
//
// Everything else takes it from there, for any network and any method:
//
//	s, err := pinn.NewSetup(allencahn.Problem{}, pde.Sample{Set: "drawn"})
//	task := train.Task{
//		Weights: weights,
//		Data:    s.Data(allencahn.Benchmark()),
//		Loss:    func(in train.Inputs) []train.Term { return s.Losses(in, network(in)) },
//	}
package allencahn

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths
	"gonum.org/v1/gonum/dsp/fourier"

	"pinn.example/repro/pde"
	"pinn.example/repro/stream"
)

// Problem is the Allen–Cahn problem; μ is (nu, rho).
type Problem struct{}

var _ pde.Problem = Problem{}

// Benchmark returns the benchmark's μ: ν = 1e-4, ρ = 5.
func Benchmark() []float64 { return []float64{1e-4, 5} }

// ID implements pde.Problem.
func (Problem) ID() string { return "allen-cahn" }

// Coordinates implements pde.Problem.
func (Problem) Coordinates() []pde.Coordinate {
	return []pde.Coordinate{
		{Name: "x", Low: -1, High: 1, Periodic: true},
		{Name: "t", Low: 0, High: 1},
	}
}

// Parameters implements pde.Problem.
func (Problem) Parameters() []string { return []string{"nu", "rho"} }

// Check implements pde.Problem: ν and ρ are finite and not negative.
func (Problem) Check(mu []float64) error {
	if len(mu) != 2 {
		return fmt.Errorf("allen-cahn: mu has %d entries; give 2: nu, rho", len(mu))
	}
	for i, name := range []string{"nu", "rho"} {
		if !(mu[i] >= 0) || math.IsInf(mu[i], 0) {
			return fmt.Errorf("allen-cahn: %s is %g; give a finite number that is not negative", name, mu[i])
		}
	}
	return nil
}

// Equation implements pde.Problem.
func (Problem) Equation(mu []*Node) pde.Equation {
	nu, rho := mu[0], mu[1]
	// u_t − ν u_xx + ρ (u³ − u)
	return pde.Equation{
		Linear: map[string]any{"t": 1.0, "xx": Neg(nu)},
		Rest: func(at pde.At) *Node {
			u := at.U
			return Mul(rho, Sub(Mul(u, Square(u)), u))
		},
	}
}

func initial(x float64) float64 { return x * x * math.Cos(math.Pi*x) }

// Points implements pde.Problem. There is one set, "drawn": collocation points
// uniform in the domain, 2,000 unless the sample says otherwise; 128 initial
// points; 50 pairs at the boundary, for u and u_x; 500 test points that are the
// same for every seed; and a grid of 51 × 128 points (t, x).
func (Problem) Points(sample pde.Sample) (pde.Points, error) {
	if sample.Set != "drawn" {
		return pde.Points{}, fmt.Errorf("allen-cahn: unknown set of points %q; use drawn", sample.Set)
	}
	if sample.Collocation < 0 {
		return pde.Points{}, fmt.Errorf("allen-cahn: %d collocation points; give a positive number, or 0 for 2000", sample.Collocation)
	}
	if sample.Collocation == 0 {
		sample.Collocation = 2000
	}

	const nx, nt, pairs = 128, 51, 50
	xAt := func(i int) float64 { return -1 + 2*float64(i)/nx }
	start := pde.Condition{Name: "initial", Value: func(_, at []float64) float64 { return initial(at[0]) }}
	for i := range nx {
		start.At = append(start.At, []float64{xAt(i), 0})
	}
	value := pde.Condition{Name: "boundary"}
	for j := range pairs {
		t := float64(j) / (pairs - 1)
		value.At = append(value.At, []float64{-1, t})
		value.To = append(value.To, []float64{1, t})
	}
	slope := pde.Condition{Name: "boundary_slope", At: value.At, To: value.To, Derivative: "x"}

	grid := pde.Grid{Shape: []int{nt, nx}, Axes: []string{"t", "x"}}
	for j := range nt {
		for i := range nx {
			grid.Points = append(grid.Points, []float64{xAt(i), float64(j) / (nt - 1)})
		}
	}
	return pde.Points{
		Collocation: uniform(sample.Seed, "collocation", sample.Collocation),
		Conditions:  []pde.Condition{start, value, slope},
		Test:        uniform(0, "test", 500),
		Grid:        grid,
	}, nil
}

// uniform draws points in [−1, 1) × [0, 1).
func uniform(seed int64, role string, n int) [][]float64 {
	r := stream.New(seed, role, 0, 0)
	points := make([][]float64, n)
	for i := range points {
		points[i] = []float64{2*r.Float64() - 1, r.Float64()}
	}
	return points
}

// modes of the reference solution. The initial condition has a kink at x = ±1
// (its slope jumps by 4), so its coefficients fall like 1/k², and sampling folds
// those beyond 512 back. At ν = 1e-4 the error is 1e-5 at the kink for t = 0.2,
// less later, and below 1e-6 elsewhere (see the test).
const modes = 512

// Reference implements pde.Problem. Points may be anywhere with t ≥ 0, in any
// order; x is taken up to whole periods.
//
// It is Fourier's method in space and, in time, the Runge–Kutta method of fourth
// order with an integrating factor, under which diffusion is exact (Kassam and
// Trefethen, SIAM J. Sci. Comput. 26 (2005), sec. 2).
func (p Problem) Reference(mu []float64, at [][]float64) ([]float64, error) {
	if err := p.Check(mu); err != nil {
		return nil, err
	}
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
		if t := at[i][1]; !(t >= 0) || math.IsInf(t, 0) {
			return nil, fmt.Errorf("allen-cahn: t is %g; give a finite t ≥ 0", t)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case at[i][1] < at[j][1]:
			return -1
		case at[i][1] > at[j][1]:
			return 1
		}
		return 0
	})

	s := newSpectral(mu[0], mu[1])
	u := make([]float64, len(at))
	for _, i := range order {
		s.advance(at[i][1])
		u[i] = s.at(at[i][0])
	}
	return u, nil
}

// spectral is the solution at some t.
type spectral struct {
	nu, rho, t float64
	fft        *fourier.FFT
	v          []complex128 // u = Σ v_k exp(iπk(x+1)), real part, k = 0 to modes
	grid       []float64
}

func newSpectral(nu, rho float64) *spectral {
	s := &spectral{nu: nu, rho: rho, fft: fourier.NewFFT(2 * modes), grid: make([]float64, 2*modes)}
	for j := range s.grid {
		s.grid[j] = initial(-1 + float64(j)/modes)
	}
	s.v = s.fft.Coefficients(nil, s.grid)
	return s
}

// advance goes on to t, in steps of at most 1/400 and 1/(50 ρ), with which the
// error in time is below 1e-8 (see the test).
func (s *spectral) advance(t float64) {
	if t <= s.t {
		return
	}
	n := math.Ceil((t - s.t) / min(1./400, .02/s.rho))
	h := (t - s.t) / n
	half := make([]float64, len(s.v)) // exp(L h/2)
	for k := range half {
		half[k] = math.Exp(-s.nu * square(math.Pi*float64(k)) * h / 2)
	}
	stage := make([]complex128, len(s.v))
	for range int(n) {
		combine := func(f func(k int, e complex128) complex128) []complex128 {
			for k, e := range half {
				stage[k] = f(k, complex(e, 0))
			}
			return stage
		}
		step := complex(h, 0)
		a := s.reaction(s.v)
		b := s.reaction(combine(func(k int, e complex128) complex128 { return e * (s.v[k] + step/2*a[k]) }))
		c := s.reaction(combine(func(k int, e complex128) complex128 { return e*s.v[k] + step/2*b[k] }))
		d := s.reaction(combine(func(k int, e complex128) complex128 { return e * (e*s.v[k] + step*c[k]) }))
		copy(s.v, combine(func(k int, e complex128) complex128 {
			return e*e*s.v[k] + step/6*(e*e*a[k]+2*e*(b[k]+c[k])+d[k])
		}))
	}
	s.t = t
}

// reaction is ρ (u − u³), coefficient by coefficient.
func (s *spectral) reaction(v []complex128) []complex128 {
	s.fft.Sequence(s.grid, v)
	for j, u := range s.grid {
		u /= float64(len(s.grid)) // gonum's transforms are not normalised
		s.grid[j] = s.rho * (u - u*u*u)
	}
	return s.fft.Coefficients(nil, s.grid)
}

// at is the value at x, by Horner's rule. At t = 0 it is the initial condition
// itself, kink and all.
func (s *spectral) at(x float64) float64 {
	if s.t == 0 {
		return initial(math.Remainder(x, 2))
	}
	e := cmplx.Exp(complex(0, math.Pi*(x+1)))
	// The last mode counts once, the others twice, for k and −k.
	sum := s.v[modes] / 2
	for k := modes - 1; k > 0; k-- {
		sum = sum*e + s.v[k]
	}
	return (2*real(sum*e) + real(s.v[0])) / (2 * modes)
}

func square(x float64) float64 { return x * x }
