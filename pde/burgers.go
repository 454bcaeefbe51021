// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"sync"

	. "github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/stream"
)

// Burgers is the viscous Burgers equation with its viscosity as parameter
// (HyperPINN eq. 3, eq. 10 and appendix A.5)
//
//	u_t + u u_x − ν u_xx = 0,   t ∈ [0, 1], x ∈ [−1, 1],
//	u(0, x) = −sin(πx),   u(t, ±1) = 0,
//
// with points in the paper's order, t before x. The solution is odd in x. A
// front forms at x = 0 near t = 1/π and is about 4ν wide there.
type Burgers struct{}

// The viscosities of the paper: ν is uniform in this range (sec. 3.1, A.5).
const (
	BurgersNuLow  = .001
	BurgersNuHigh = .1
)

const (
	burgersInitial  = 50 // appendix A.5
	burgersBoundary = 50 // appendix A.5, both sides together

	// The paper states none of these.
	burgersCollocation = 10_000
	burgersTest        = 1000
	burgersNT          = 101 // grid points in t, j/100
	burgersNX          = 256 // grid points in x, both ends included
)

var _ Problem = Burgers{}

// ID implements Problem.
func (Burgers) ID() string { return "burgers;u0=-sin(pi x);boundary=0" }

// Coordinates implements Problem.
func (Burgers) Coordinates() []Coordinate {
	return []Coordinate{{Name: "t", Low: 0, High: 1}, {Name: "x", Low: -1, High: 1}}
}

// Parameters implements Problem.
func (Burgers) Parameters() []string { return []string{"nu"} }

// Check implements Problem: ν must be finite and above 0, and may be outside
// the paper's range.
func (Burgers) Check(mu []float64) error {
	if len(mu) != 1 {
		return fmt.Errorf("burgers: %d parameters; give nu alone", len(mu))
	}
	if nu := mu[0]; !(nu > 0) || math.IsInf(nu, 0) {
		return fmt.Errorf("burgers: nu is %g; give a finite number above 0 (the paper's are %g to %g)", nu, BurgersNuLow, BurgersNuHigh)
	}
	return nil
}

// Equation implements Problem.
func (Burgers) Equation(mu []*Node) Equation {
	nu := mu[0]
	return Equation{
		Linear: map[string]any{"t": 1., "xx": Neg(nu)},
		Needs:  []string{"x"},
		Rest:   func(at At) *Node { return Mul(at.U, at.D("x")) },
	}
}

// Points implements Problem. No point set is published, so Sample.Set must be
// "drawn": 10,000 collocation points, 50 initial and 50 boundary points (A.5)
// and 1,000 test points, all uniform, the same for every ν. The boundary points
// fall on either side by chance. The grid has 101×256 points.
//
// Initial and boundary points are one condition, "data", since eq. 6 has one sum
// over all data.
func (Burgers) Points(sample Sample) (Points, error) {
	if sample.Set != "drawn" {
		return Points{}, fmt.Errorf("burgers: unknown set of points %q; use drawn, since none is published", sample.Set)
	}
	count := sample.Collocation
	if count == 0 {
		count = burgersCollocation
	}
	if count < 0 {
		return Points{}, fmt.Errorf("burgers: %d collocation points; give a positive number, or 0 for %d", count, burgersCollocation)
	}
	return Points{
		Collocation: burgersInside(sample.Seed, "collocation", count),
		Conditions:  []Condition{burgersData(sample.Seed)},
		Test:        burgersInside(sample.Seed, "test", burgersTest),
		Grid:        burgersGrid(),
	}, nil
}

// burgersGrid is the grid of the problem, made once: nothing changes it.
var burgersGrid = sync.OnceValue(func() Grid {
	g := Grid{Shape: []int{burgersNT, burgersNX}, Axes: []string{"t", "x"}}
	for j := range burgersNT {
		for i := range burgersNX {
			// One division each, so that x is −1 and 1 at the ends and odd in between.
			x := float64(2*i-(burgersNX-1)) / (burgersNX - 1)
			g.Points = append(g.Points, []float64{float64(j) / (burgersNT - 1), x})
		}
	}
	return g
})

// burgersInside draws points that are uniform in the open domain. A longer draw
// begins with the shorter one.
func burgersInside(seed int64, role string, count int) [][]float64 {
	r := stream.New(seed, role, 0, 0)
	points := make([][]float64, count)
	for i := range points {
		t := openUniform(r)
		points[i] = []float64{t, 2*openUniform(r) - 1}
	}
	return points
}

// burgersData draws the initial and the boundary points.
func burgersData(seed int64) Condition {
	data := Condition{
		Name: "data",
		Value: func(_, at []float64) float64 {
			if t, x := at[0], at[1]; t == 0 {
				return burgersStart(x)
			}
			return 0
		},
	}
	r := stream.New(seed, "initial", 0, 0)
	for range burgersInitial {
		data.At = append(data.At, []float64{0, 2*r.Float64() - 1})
	}
	r = stream.New(seed, "boundary", 0, 0)
	for range burgersBoundary {
		// A boundary point at t = 0 would be an initial point.
		t, side := openUniform(r), float64(2*r.IntN(2)-1)
		data.At = append(data.At, []float64{t, side})
	}
	return data
}

// burgersStart is u(0, x) = −sin(πx) for x in [−1, 1].
func burgersStart(x float64) float64 { return -sinPi(x) }

// sinPi is sin(πx) for x in [−1, 1], exactly 0 at both ends, which math.Sin(π)
// is not.
func sinPi(x float64) float64 {
	if math.Abs(x) > .5 {
		x = math.Copysign(1, x) - x
	}
	return math.Sin(math.Pi * x)
}
