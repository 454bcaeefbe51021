// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// The solution's second derivatives by sixth-order differences must satisfy the
// equation as it is stated on graphs. With step .01 the differences leave
// h⁶/560·(aπ)⁸ < 1e-7 at a = 2.5, and a wrong sign or factor leaves 1 or more.
func TestHelmholtzReferenceSatisfiesEquation(t *testing.T) {
	b, err := compute.NewWithConfig("go")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	h := Helmholtz{}
	mu := []float64{2.5, 1.8}
	points := [][]float64{{.31, -.42}, {-.77, .15}, {.05, .93}}
	second := []float64{2. / 180, -27. / 180, 270. / 180, -490. / 180, 270. / 180, -27. / 180, 2. / 180}
	const step = .01
	n := len(points)
	x, y, u, laplacian := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, p := range points {
		x[i], y[i] = p[0], p[1]
		for k := -3; k <= 3; k++ {
			around, err := h.Reference(mu, [][]float64{{p[0] + float64(k)*step, p[1]}, {p[0], p[1] + float64(k)*step}})
			if err != nil {
				t.Fatal(err)
			}
			laplacian[i] += second[k+3] * (around[0] + around[1]) / (step * step)
			if k == 0 {
				u[i] = around[0]
			}
		}
	}
	residual := graph.MustExecOnce(b, func(in []*graph.Node) *graph.Node {
		eq := h.Equation(in[:2])
		if len(eq.Linear) != 2 || eq.Linear["xx"] != 1. || eq.Linear["yy"] != 1. {
			t.Errorf("linear in %v, want xx and yy with coefficient 1", eq.Linear)
		}
		return graph.Add(in[5], eq.Rest(At{X: in[2:4], U: in[4]}))
	}, column(mu[:1]), column(mu[1:]), column(x), column(y), column(u), column(laplacian))
	for i, r := range tensors.MustCopyFlatData[float64](residual) {
		if !(math.Abs(r) < 1e-6) {
			t.Errorf("at %v the residual of the reference solution is %.3g", points[i], r)
		}
	}
}

// The boundary values are the exact ones: for a = 2.5 they reach ±1, so that
// zeros there would be another problem.
func TestHelmholtzPoints(t *testing.T) {
	p, err := Helmholtz{}.Points(Sample{Set: "drawn", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Collocation) != 1000 || len(p.Test) != 100 || len(p.Grid.Points) != 101*101 || len(p.Conditions) != 1 || len(p.Conditions[0].At) != 400 {
		t.Fatalf("%d collocation, %d test, %d grid points, %d conditions", len(p.Collocation), len(p.Test), len(p.Grid.Points), len(p.Conditions))
	}
	sides := map[string]int{}
	largest := 0.
	for _, at := range p.Conditions[0].At {
		switch {
		case at[0] == 1:
			sides["right"]++
		case at[0] == -1:
			sides["left"]++
		case at[1] == 1:
			sides["top"]++
		case at[1] == -1:
			sides["bottom"]++
		}
		largest = math.Max(largest, math.Abs(p.Conditions[0].Value([]float64{2.5, 2.5}, at)))
	}
	for _, side := range []string{"right", "left", "top", "bottom"} {
		if sides[side] != 100 {
			t.Errorf("%d points on the %s side, want 100", sides[side], side)
		}
	}
	if largest < .9 {
		t.Errorf("the boundary values reach %g, want almost 1", largest)
	}
	for _, at := range p.Collocation {
		if math.Abs(at[0]) >= 1 || math.Abs(at[1]) >= 1 {
			t.Fatalf("collocation point %v is outside", at)
		}
	}
	first, last := p.Grid.Points[0], p.Grid.Points[len(p.Grid.Points)-1]
	if first[0] != -1 || first[1] != -1 || math.Abs(last[0]-1) > 1e-12 || math.Abs(last[1]-1) > 1e-12 {
		t.Errorf("the grid goes from %v to %v", first, last)
	}
}

func TestHelmholtzRefuses(t *testing.T) {
	h := Helmholtz{}
	for _, mu := range [][]float64{{1}, {math.NaN(), 2}, {2, math.Inf(1)}} {
		if err := h.Check(mu); err == nil {
			t.Errorf("%v passed the check", mu)
		}
	}
	for sample, want := range map[Sample]string{
		{Set: "published"}:              "drawn",
		{Set: "drawn", Collocation: -1}: "positive",
	} {
		if _, err := h.Points(sample); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v does not say %q", sample, err, want)
		}
	}
}
