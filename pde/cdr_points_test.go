// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func mustCDR(t testing.TB, kind string, initial Initial, settings *CDRSettings) *CDR {
	t.Helper()
	c, err := NewCDR(kind, initial, settings)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// interiorIndex inverts cdrInterior, independently of it.
func interiorIndex(p []float64) int {
	column := int(math.Round(p[0] * 256 / (2 * math.Pi)))
	row := int(math.Round(p[1] * 99))
	return (row-1)*255 + column - 1
}

// The authors' points, index by index, against NumPy's own draw.
func TestPublishedPoints(t *testing.T) {
	c := mustCDR(t, "convection", OnePlusSin, nil)
	for _, golden := range loadNumpyGolden(t).Points {
		p, err := c.Points(Sample{Set: "published", Collocation: golden.Collocation})
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%d collocation points", golden.Collocation)
		golden.Index.check(t, name, indices(p.Collocation))
		golden.Test.check(t, name+": test", indices(p.Test))
	}
}

func indices(points [][]float64) []int {
	index := make([]int, len(points))
	for i, p := range points {
		index[i] = interiorIndex(p)
	}
	return index
}

// Sizes as the authors' code and P²INN App. A.1 state them: 1000 collocation,
// 256 initial, 100 boundary, 1000 test points, the two thousand disjoint and on
// the grid's interior.
func TestPublishedSets(t *testing.T) {
	p, err := mustCDR(t, "cdr", GaussWide, nil).Points(Sample{Set: "published"})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Collocation) != 1000 || len(p.Test) != 1000 {
		t.Errorf("%d collocation and %d test points, want 1000 and 1000", len(p.Collocation), len(p.Test))
	}
	seen := map[[2]float64]bool{}
	for _, point := range slices.Concat(p.Collocation, p.Test) {
		key := [2]float64{point[0], point[1]}
		if seen[key] {
			t.Fatalf("point %v appears twice", point)
		}
		seen[key] = true
	}
	onGrid := 0
	for _, point := range p.Grid.Points {
		if seen[[2]float64{point[0], point[1]}] {
			onGrid++
			if point[0] == 0 || point[1] == 0 {
				t.Errorf("point %v is not in the interior", point)
			}
		}
	}
	if onGrid != 2000 {
		t.Errorf("%d of 2000 points are on the grid", onGrid)
	}

	if !slices.Equal(p.Grid.Shape, []int{100, 256}) || len(p.Grid.Points) != 25600 {
		t.Errorf("grid of shape %v with %d points, want [100 256] with 25600", p.Grid.Shape, len(p.Grid.Points))
	}
	if first, last := p.Grid.Points[1], p.Grid.Points[25599]; first[0] != 2*math.Pi/256 || first[1] != 0 ||
		last[0] != 2*math.Pi*255/256 || last[1] != 1 {
		t.Errorf("the grid's second and last points are %v and %v", first, last)
	}
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		kind, boundary string
		want           []string
	}{
		{"cdr", BoundaryValue, []string{"initial", "boundary"}},
		{"cdr", BoundaryValueAndSlope, []string{"initial", "boundary", "boundary_slope"}},
		{"diffusion", BoundaryValueAndSlope, []string{"initial", "boundary", "boundary_slope"}},
		{"convection-reaction", BoundaryValueAndSlope, []string{"initial", "boundary"}},
	} {
		p, err := mustCDR(t, c.kind, OnePlusSin, &CDRSettings{Boundary: c.boundary}).Points(Sample{Set: "published"})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, condition := range p.Conditions {
			names = append(names, condition.Name)
			switch condition.Name {
			case "initial":
				if len(condition.At) != 256 || condition.To != nil || condition.Derivative != "" {
					t.Errorf("%s: initial condition at %d points, want values at 256", c.kind, len(condition.At))
				}
				// 1 + sin(2π·64/256) = 2.
				if got := condition.Value(nil, condition.At[64]); math.Abs(got-2) > 1e-15 {
					t.Errorf("%s: u(π/2, 0) is %g, want 2", c.kind, got)
				}
			default:
				if len(condition.At) != 100 || len(condition.To) != 100 || condition.Value != nil {
					t.Errorf("%s: %s has %d and %d points, want 100 pairs", c.kind, condition.Name, len(condition.At), len(condition.To))
				}
				for j := range condition.At {
					at, to := condition.At[j], condition.To[j]
					if at[0] != 0 || to[0] != 2*math.Pi || at[1] != to[1] || math.Abs(at[1]-float64(j)/99) > 1e-15 {
						t.Fatalf("%s: %s pairs %v with %v", c.kind, condition.Name, at, to)
					}
				}
				if slope := condition.Derivative == "x"; slope != (condition.Name == "boundary_slope") {
					t.Errorf("%s: %s compares derivative %q", c.kind, condition.Name, condition.Derivative)
				}
			}
		}
		if !slices.Equal(names, c.want) {
			t.Errorf("%s with boundary %s has conditions %v, want %v", c.kind, c.boundary, names, c.want)
		}
	}
}

func TestDrawnPoints(t *testing.T) {
	c := mustCDR(t, "convection", OnePlusSin, nil)
	long, err := c.Points(Sample{Set: "drawn", Seed: 3, Collocation: 4000})
	if err != nil {
		t.Fatal(err)
	}
	short, err := c.Points(Sample{Set: "drawn", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	other, err := c.Points(Sample{Set: "drawn", Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	published, err := c.Points(Sample{Set: "published"})
	if err != nil {
		t.Fatal(err)
	}
	if len(short.Collocation) != 1000 {
		t.Errorf("%d points by default, want 1000", len(short.Collocation))
	}
	for i, p := range short.Collocation {
		if !slices.Equal(p, long.Collocation[i]) {
			t.Fatalf("point %d depends on how many are drawn", i)
		}
	}
	if slices.Equal(short.Collocation[0], other.Collocation[0]) {
		t.Error("seeds 3 and 4 draw the same points")
	}
	for i, p := range published.Test {
		if !slices.Equal(p, short.Test[i]) {
			t.Fatal("the test points of a drawn sample are not the published ones")
		}
	}

	// The mean of n uniform numbers on (0, 1) has standard deviation 1/√(12n);
	// five of them are passed by chance once in two million.
	n := float64(len(long.Collocation))
	var x, time float64
	for _, p := range long.Collocation {
		if p[0] <= 0 || p[0] >= 2*math.Pi || p[1] <= 0 || p[1] >= 1 {
			t.Errorf("point %v is outside the open domain", p)
		}
		x += p[0] / (2 * math.Pi) / n
		time += p[1] / n
	}
	if limit := 5 / math.Sqrt(12*n); math.Abs(x-0.5) > limit || math.Abs(time-0.5) > limit {
		t.Errorf("means %.4f and %.4f of x/2π and t, want 0.5 ± %.4f", x, time, limit)
	}
}

func TestPointsRefuses(t *testing.T) {
	c := mustCDR(t, "convection", OnePlusSin, nil)
	for _, refused := range []struct {
		sample Sample
		want   string
	}{
		{Sample{}, "published, drawn"},
		{Sample{Set: "grid"}, "published, drawn"},
		{Sample{Set: "drawn", Collocation: -1}, "positive"},
		{Sample{Set: "published", Collocation: 6311}, "at most 6310"},
	} {
		if _, err := c.Points(refused.sample); err == nil || !strings.Contains(err.Error(), refused.want) {
			t.Errorf("%+v: error %v, want one with %q", refused.sample, err, refused.want)
		}
	}
}
