// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"

	. "github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/stream"
)

// Helmholtz is the two-dimensional Helmholtz equation (Hyper-LR-PINN sec. 4.1)
//
//	u_xx + u_yy + k² u = q(x, y; a1, a2),   (x, y) ∈ [−1, 1]²,
//
// with k = 1 and q such that u = sin(a1 π x) sin(a2 π y). The boundary values
// are the exact ones, which for an a that is no integer are not 0.
//
// k, the numbers of points and the exact solution are those of P2INN (appendix
// A.2, by the same authors); the domain is that of the paper's reference 17.
// Neither is in the paper's main text.
type Helmholtz struct{}

const (
	helmholtzK = 1.

	helmholtzCollocation = 1000
	helmholtzBoundary    = 400
	helmholtzTest        = 100
	helmholtzGrid        = 101
)

var _ Problem = Helmholtz{}

// ID implements Problem.
func (Helmholtz) ID() string { return "helmholtz;k=1;boundary=exact" }

// Coordinates implements Problem.
func (Helmholtz) Coordinates() []Coordinate {
	return []Coordinate{{Name: "x", Low: -1, High: 1}, {Name: "y", Low: -1, High: 1}}
}

// Parameters implements Problem.
func (Helmholtz) Parameters() []string { return []string{"a1", "a2"} }

// Check implements Problem: both wave numbers must be finite.
func (h Helmholtz) Check(mu []float64) error {
	if len(mu) != 2 {
		return fmt.Errorf("helmholtz: %d parameters; give a1 and a2", len(mu))
	}
	for i, name := range h.Parameters() {
		if math.IsNaN(mu[i]) || math.IsInf(mu[i], 0) {
			return fmt.Errorf("helmholtz: %s is %g; give a finite number", name, mu[i])
		}
	}
	return nil
}

// Equation implements Problem.
func (Helmholtz) Equation(mu []*Node) Equation {
	a1, a2 := MulScalar(mu[0], math.Pi), MulScalar(mu[1], math.Pi)
	return Equation{
		Linear: map[string]any{"xx": 1., "yy": 1.},
		Rest: func(at At) *Node {
			exact := Mul(Sin(Mul(a1, at.X[0])), Sin(Mul(a2, at.X[1])))
			// q = (k² − (a1 π)² − (a2 π)²) u
			q := Mul(Sub(Sub(ConstAs(a1, helmholtzK*helmholtzK), Square(a1)), Square(a2)), exact)
			return Sub(MulScalar(at.U, helmholtzK*helmholtzK), q)
		},
	}
}

// Points implements Problem. No point set is published, so Sample.Set must be
// "drawn": 1,000 collocation points, 100 on each side of the boundary, and 100
// test points, all uniform, the same for every μ. The grid has 101×101 points.
func (h Helmholtz) Points(sample Sample) (Points, error) {
	if sample.Set != "drawn" {
		return Points{}, fmt.Errorf("helmholtz: unknown set of points %q; use drawn, since none is published", sample.Set)
	}
	count := sample.Collocation
	if count == 0 {
		count = helmholtzCollocation
	}
	if count < 0 {
		return Points{}, fmt.Errorf("helmholtz: %d collocation points; give a positive number, or 0 for %d", count, helmholtzCollocation)
	}
	draw := func(role string) func() float64 {
		r := stream.New(sample.Seed, role, 0, 0)
		return func() float64 { return 2*r.Float64() - 1 }
	}
	var p Points
	inside := draw("collocation")
	for range count {
		p.Collocation = append(p.Collocation, []float64{inside(), inside()})
	}
	boundary := Condition{Name: "boundary", Value: helmholtzExact}
	along := draw("boundary")
	for i := range helmholtzBoundary {
		side := 1 - 2*float64(i/2%2) // +1, +1, −1, −1
		at := []float64{side, along()}
		if i%2 == 1 {
			at[0], at[1] = at[1], at[0]
		}
		boundary.At = append(boundary.At, at)
	}
	p.Conditions = []Condition{boundary}
	test := draw("test")
	for range helmholtzTest {
		p.Test = append(p.Test, []float64{test(), test()})
	}
	p.Grid = Grid{Shape: []int{helmholtzGrid, helmholtzGrid}, Axes: []string{"y", "x"}}
	for j := range helmholtzGrid {
		for i := range helmholtzGrid {
			step := 2. / (helmholtzGrid - 1)
			p.Grid.Points = append(p.Grid.Points, []float64{-1 + step*float64(i), -1 + step*float64(j)})
		}
	}
	return p, nil
}

// helmholtzExact is u = sin(a1 π x) sin(a2 π y).
func helmholtzExact(mu, at []float64) float64 {
	return math.Sin(mu[0]*math.Pi*at[0]) * math.Sin(mu[1]*math.Pi*at[1])
}

// Reference implements Problem; it is the closed form.
func (h Helmholtz) Reference(mu []float64, at [][]float64) ([]float64, error) {
	if err := h.Check(mu); err != nil {
		return nil, err
	}
	u := make([]float64, len(at))
	for i, p := range at {
		if len(p) != 2 {
			return nil, fmt.Errorf("helmholtz: point %d has %d coordinates; give x and y", i, len(p))
		}
		u[i] = helmholtzExact(mu, p)
	}
	return u, nil
}
