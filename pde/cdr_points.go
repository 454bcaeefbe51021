// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"pinn.example/repro/stream"
)

// The published sizes (authors' code; P²INN, the same authors' next paper,
// states them in App. A.1).
const (
	cdrNX          = 256  // grid points in x, 2πi/256
	cdrNT          = 100  // grid points in t, j/99
	cdrCollocation = 1000 // collocation points
	cdrTest        = 1000 // test points
)

// cdrX returns the grid's x_i; i = 256 is the other end of the domain.
func cdrX(i int) float64 { return float64(i) * (2 * math.Pi / cdrNX) }

// cdrT returns the grid's t_j (numpy.linspace(0, 1, 100), whose last entry is
// set to 1 exactly).
func cdrT(j int) float64 {
	if j == cdrNT-1 {
		return 1
	}
	return float64(j) * (1.0 / (cdrNT - 1))
}

// Points implements Problem. Sample.Set "published" is the authors' own set:
// 1,000 collocation and 1,000 test points of the grid's interior (t > 0, x > 0),
// disjoint, drawn by NumPy under seed 0 and so the same for every μ; 256 initial
// points; 100 pairs at the boundary. "drawn" replaces the collocation points by
// ones that are uniform in the open domain, in no relation to the grid.
//
// Sample.Collocation is at most 6,310 for "published". A number other than 1,000
// changes the test points too, since the authors draw these from what is left.
func (c *CDR) Points(sample Sample) (Points, error) {
	count := sample.Collocation
	if count == 0 {
		count = cdrCollocation
	}
	if count < 0 {
		return Points{}, fmt.Errorf("%s: %d collocation points; give a positive number, or 0 for the published %d",
			c.kind.name, count, cdrCollocation)
	}

	p := Points{Grid: cdrGrid(), Conditions: c.conditions()}
	switch sample.Set {
	case "published":
		if count > cdrMostPublished {
			return Points{}, fmt.Errorf("%s: %d collocation points of the published kind; give at most %d, or use the drawn set",
				c.kind.name, count, cdrMostPublished)
		}
		p.Collocation, p.Test = cdrPublished(count)
	case "drawn":
		_, p.Test = cdrPublished(cdrCollocation)
		p.Collocation = cdrDrawn(sample.Seed, count)
	default:
		return Points{}, fmt.Errorf("unknown set of points %q; use one of published, drawn", sample.Set)
	}
	return p, nil
}

// cdrMostPublished is the largest number of collocation points for which
// Python's list(set(all) - set(chosen)), from which the authors draw the test
// points, is in ascending order: while fewer than a quarter are chosen, CPython
// copies the set of all and removes; beyond, it builds a new set, whose order is
// that of a smaller hash table.
const cdrMostPublished = (cdrNT-1)*(cdrNX-1)/4 - 1

// cdrPublished draws the authors' collocation and test points (data_gen/utils.py,
// sample_random).
func cdrPublished(count int) (collocation, test [][]float64) {
	interior := (cdrNT - 1) * (cdrNX - 1)
	random := newNumpyRandom(0)
	chosen := random.choice(interior, count)
	taken := make([]bool, interior)
	for _, index := range chosen {
		taken[index] = true
	}
	rest := make([]int, 0, interior-count)
	for index := range interior {
		if !taken[index] {
			rest = append(rest, index)
		}
	}
	for _, index := range chosen {
		collocation = append(collocation, cdrInterior(index))
	}
	for _, k := range random.choice(len(rest), cdrTest) {
		test = append(test, cdrInterior(rest[k]))
	}
	return collocation, test
}

// cdrInterior returns the index-th grid point with t > 0 and x > 0, x fastest.
func cdrInterior(index int) []float64 {
	return []float64{cdrX(1 + index%(cdrNX-1)), cdrT(1 + index/(cdrNX-1))}
}

// cdrDrawn draws points that are uniform in (0, 2π) × (0, 1). A longer draw
// begins with the shorter one.
func cdrDrawn(seed int64, count int) [][]float64 {
	r := stream.New(seed, "collocation", 0, 0)
	points := make([][]float64, count)
	for i := range points {
		points[i] = []float64{2 * math.Pi * openUniform(r), openUniform(r)}
	}
	return points
}

// openUniform is uniform in (0, 1): Float64 may be 0, which is on the boundary.
func openUniform(r *rand.Rand) float64 {
	for {
		if v := r.Float64(); v > 0 {
			return v
		}
	}
}

func (c *CDR) conditions() []Condition {
	initial := Condition{
		Name:  "initial",
		Value: func(_, at []float64) float64 { return c.initial.At(at[0]) },
	}
	for i := range cdrNX {
		initial.At = append(initial.At, []float64{cdrX(i), 0})
	}
	boundary := Condition{Name: "boundary"}
	for j := range cdrNT {
		boundary.At = append(boundary.At, []float64{0, cdrT(j)})
		boundary.To = append(boundary.To, []float64{2 * math.Pi, cdrT(j)})
	}
	conditions := []Condition{initial, boundary}
	if c.boundary == BoundaryValueAndSlope {
		conditions = append(conditions, Condition{
			Name: "boundary_slope", At: boundary.At, To: boundary.To, Derivative: "x",
		})
	}
	return conditions
}

// cdrGrid is the grid of all problems on this domain, which share it: nothing
// changes it.
var cdrGrid = sync.OnceValue(func() Grid {
	g := Grid{Shape: []int{cdrNT, cdrNX}, Axes: []string{"t", "x"}}
	for j := range cdrNT {
		for i := range cdrNX {
			g.Points = append(g.Points, []float64{cdrX(i), cdrT(j)})
		}
	}
	return g
})
