// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// layered makes bases of every layer, u and v by entry, and diagonals s.
func layered(n int, u, v func(i, j int) float64, s ...float64) (map[string]train.Array, [lrpinn.Layers]train.Array) {
	weights := map[string]train.Array{}
	var diagonals [lrpinn.Layers]train.Array
	for l := range lrpinn.Layers {
		for name, entry := range map[string]func(i, j int) float64{"u": u, "v": v} {
			a := train.NewArray(1, n, n)
			for i := range n {
				for j := range n {
					a.Data[i*n+j] = entry(i, j)
				}
			}
			weights[fmt.Sprintf("basis%d/%s", l, name)] = a
		}
		diagonals[l] = train.FromRows([][]float64{s})
	}
	return weights, diagonals
}

// mirror is a Householder reflection, I − 2aaᵀ/‖a‖² with a = (1, 2, …, n): an
// orthogonal matrix without zeros.
func mirror(n int) func(i, j int) float64 {
	squares := float64(n*(n+1)*(2*n+1)) / 6
	return func(i, j int) float64 {
		x := -2 * float64((i+1)*(j+1)) / squares
		if i == j {
			x++
		}
		return x
	}
}

func structures(t *testing.T, weights map[string]train.Array, s [lrpinn.Layers]train.Array) [lrpinn.Layers]lrpinn.Structure {
	t.Helper()
	all, err := lrpinn.Structures(weights, s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// On orthonormal bases the entries of s are the singular values, and the bases
// depart by nothing.
func TestStructureOfOrthonormalBases(t *testing.T) {
	weights, s := layered(5, mirror(5), mirror(5), 1, 0, 10, .05, .2)
	for l, got := range structures(t, weights, s) {
		for i, want := range []float64{10, 1, .2, .05, 0} {
			if math.Abs(got.Singular[i]-want) > 1e-12 {
				t.Errorf("layer %d: singular value %d is %.15g, want %g", l, i, got.Singular[i], want)
			}
		}
		// .05 is below a hundredth of 10 and .2 above it; 100 of 101.0425 is .9897 of
		// the squares, and with 1 more .9996.
		if got.Positive != 4 || got.Numerical != 3 || got.Energy != 2 {
			t.Errorf("layer %d: %d positive, numerical rank %d, energy rank %d; want 4, 3, 2", l, got.Positive, got.Numerical, got.Energy)
		}
		for _, d := range []float64{got.U.Active, got.U.All, got.V.Active, got.V.All} {
			if d > 1e-12 {
				t.Errorf("layer %d: orthonormal bases depart by %g", l, d)
			}
		}
	}
}

// Many positive entries on one direction are one rank.
func TestPositiveEntriesAreNoRank(t *testing.T) {
	const n = 4
	weights, s := layered(n, func(int, int) float64 { return .5 }, mirror(n), 1, 2, 3, 0)
	got := structures(t, weights, s)[0]
	if got.Positive != 3 || got.Numerical != 1 || got.Energy != 1 {
		t.Errorf("%d positive, numerical rank %d, energy rank %d; want 3, 1, 1", got.Positive, got.Numerical, got.Energy)
	}
	// All of U's columns are the same unit vector: CᵀC − I is 1 off the diagonal.
	if want := math.Sqrt(3 * 2); !near(got.U.Active, want, 1e-12) {
		t.Errorf("three equal columns depart by %g, want √6 = %g", got.U.Active, want)
	}
	if want := math.Sqrt(4 * 3); !near(got.U.All, want, 1e-12) {
		t.Errorf("four equal columns depart by %g, want √12 = %g", got.U.All, want)
	}
}

// Columns of U and rows of V, and not the other way round: a first column of
// length 3 gives 9 − 1 alone on the diagonal.
func TestDepartureIsOfColumnsOfUAndRowsOfV(t *testing.T) {
	identity := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	}
	column := func(i, j int) float64 {
		if i == 1 && j == 0 {
			return 2 // then column 0 is (1, 2, 0): 4 more, and its product with column 1 is 2
		}
		return identity(i, j)
	}
	want := math.Sqrt(4*4 + 2*2*2)
	weights, s := layered(3, column, identity, 1, 1, 0)
	if got := structures(t, weights, s)[1]; !near(got.U.Active, want, 1e-12) || got.V.Active != 0 {
		t.Errorf("U departs by %g and V by %g, want %g and 0", got.U.Active, got.V.Active, want)
	}
	weights, s = layered(3, column, identity, 1, 0, 1)
	if got := structures(t, weights, s)[1]; !near(got.U.Active, 4, 1e-12) || !near(got.U.All, want, 1e-12) {
		t.Errorf("columns 0 and 2 depart by %g, all by %g; want 4 and %g", got.U.Active, got.U.All, want)
	}
	// As rows of V the vectors are (1, 0, 0) and (2, 1, 0).
	weights, s = layered(3, identity, column, 1, 1, 0)
	if got := structures(t, weights, s)[1]; !near(got.V.Active, want, 1e-12) || got.U.Active != 0 {
		t.Errorf("V departs by %g and U by %g, want %g and 0", got.V.Active, got.U.Active, want)
	}
}

func TestStructureOfNothing(t *testing.T) {
	weights, s := layered(3, mirror(3), mirror(3), 0, 0, 0)
	got := structures(t, weights, s)[0]
	if got.Positive != 0 || got.Numerical != 0 || got.Energy != 0 || got.U.Active != 0 {
		t.Errorf("a layer that is cut off has the structure %+v", got)
	}
}

func TestStructuresRejectsWhatItCannotMeasure(t *testing.T) {
	for name, spoil := range map[string]func(weights map[string]train.Array, s *[lrpinn.Layers]train.Array){
		"basis1/u": func(w map[string]train.Array, _ *[lrpinn.Layers]train.Array) { delete(w, "basis1/u") },
		"finite":   func(w map[string]train.Array, _ *[lrpinn.Layers]train.Array) { w["basis2/v"].Data[4] = math.NaN() },
		"finite diagonals": func(_ map[string]train.Array, s *[lrpinn.Layers]train.Array) {
			s[0].Data[1] = math.Inf(1)
		},
		"a diagonal of 3 entries": func(_ map[string]train.Array, s *[lrpinn.Layers]train.Array) { s[2] = train.NewArray(1, 2) },
	} {
		weights, s := layered(3, mirror(3), mirror(3), 1, 1, 1)
		spoil(weights, &s)
		if _, err := lrpinn.Structures(weights, s); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

// The authors' Phase 1 file at β = 40, measured once with NumPy (D9, D10): the
// columns in use are far from orthonormal while those out of use are not, the rows
// are near to it in the last layer alone, and the first layer has far fewer
// directions than positive entries.
func TestAuthorsStructure(t *testing.T) {
	c, err := lrpinn.ReadCheckpoint(filepath.Join(authorsFiles(t), "PINN_30_40.pt"))
	if err != nil {
		t.Fatal(err)
	}
	diagonals, err := lrpinn.Diagonals(traintest.Open(t), c.Weights, []float64{40, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	want := [lrpinn.Layers]struct {
		positive, numerical, energy int
		u, v                        float64
	}{{29, 8, 3, 4.97, 4.56}, {30, 30, 17, 4.43, 1.68}, {34, 33, 21, 4.28, .03}}
	for l, got := range structures(t, c.Weights, diagonals[0]) {
		w := want[l]
		if got.Positive != w.positive || got.Numerical != w.numerical || got.Energy != w.energy {
			t.Errorf("layer %d: %d positive, numerical rank %d, energy rank %d; want %d, %d, %d", l, got.Positive, got.Numerical, got.Energy, w.positive, w.numerical, w.energy)
		}
		// Half a unit of the last digit that is printed.
		if math.Abs(got.U.Active-w.u) > .005 || math.Abs(got.V.Active-w.v) > .005 {
			t.Errorf("layer %d: departures %.4f and %.4f, want %.2f and %.2f", l, got.U.Active, got.V.Active, w.u, w.v)
		}
		if rest := math.Sqrt(got.U.All*got.U.All - got.U.Active*got.U.Active); rest > .1 {
			t.Errorf("layer %d: the columns out of use add %.4f", l, rest)
		}
		t.Logf("layer %d: %+v %+v", l, got.U, got.V)
	}
}
