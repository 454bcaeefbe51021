// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"pinn.example/repro/train"
)

// Where a count of singular values stops (D10).
const (
	// NumericalTolerance is the part of the largest singular value from which one
	// counts.
	NumericalTolerance = 1e-2
	// EnergyShare is the part of the sum of squares that the energy rank holds.
	EnergyShare = .99
)

// Structure says what the rank of a low-rank layer U diag(s) V is, and how far its
// bases are from orthonormal. The number of positive entries is a rank only where
// they are near: in the authors' checkpoint the bases of the used entries are not
// (D10).
type Structure struct {
	// Positive is the number of positive entries of s: the rank in the paper.
	Positive int
	// Singular are the singular values of U diag(s) V, largest first.
	Singular []float64
	// Numerical is how many of them are at least NumericalTolerance of the largest,
	// and Energy how many hold EnergyShare of their sum of squares.
	Numerical, Energy int
	// U and V are the departures of the bases from orthonormality: ‖CᵀC − I‖ for the
	// columns C of U, ‖RRᵀ − I‖ for the rows R of V.
	U, V Departure
}

// Departure is a Frobenius norm, √n if the vectors are 0: of those vectors whose
// entry of s is positive, and of all.
type Departure struct{ Active, All float64 }

// Structures measures the layers of a Phase 1, or of a Phase 2 with its bases, at
// diagonals s (see [Diagonals]). Weights that are missing, of another shape or not
// finite are an error.
func Structures(weights map[string]train.Array, s [Layers]train.Array) ([Layers]Structure, error) {
	var out [Layers]Structure
	for l := range Layers {
		u, err := matrix(weights, basisU(l))
		if err != nil {
			return out, err
		}
		v, err := matrix(weights, basisV(l))
		if err != nil {
			return out, err
		}
		d := s[l].Data
		if _, columns := u.Dims(); columns != len(d) {
			return out, fmt.Errorf("lrpinn: expected a diagonal of %d entries in layer %d, got %d", columns, l, len(d))
		}
		if rows, _ := v.Dims(); rows != len(d) || slices.ContainsFunc(d, notFinite) {
			return out, fmt.Errorf("lrpinn: expected finite diagonals and a V of %d rows in layer %d, got V of %d", len(d), l, rows)
		}
		out[l], err = structure(u, v, d)
		if err != nil {
			return out, fmt.Errorf("lrpinn: layer %d: %w", l, err)
		}
	}
	return out, nil
}

// matrix reads a basis, [1, rows, columns].
func matrix(weights map[string]train.Array, name string) (*mat.Dense, error) {
	a, ok := weights[name]
	if !ok || len(a.Dims) != 3 || a.Dims[0] != 1 || a.Size() == 0 {
		return nil, fmt.Errorf("lrpinn: expected a weight %s of shape [1, rows, columns], got shape %v", name, a.Dims)
	}
	if slices.ContainsFunc(a.Data, notFinite) {
		return nil, fmt.Errorf("lrpinn: weight %s holds a number that is not finite", name)
	}
	return mat.NewDense(a.Dims[1], a.Dims[2], slices.Clone(a.Data)), nil
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

func structure(u, v *mat.Dense, s []float64) (Structure, error) {
	var out Structure
	var active []int
	for i, x := range s {
		if x > 0 {
			active = append(active, i)
		}
	}
	out.Positive = len(active)

	var us, product mat.Dense
	us.Mul(u, mat.NewDiagDense(len(s), s))
	product.Mul(&us, v)
	var svd mat.SVD
	if !svd.Factorize(&product, mat.SVDNone) {
		return out, fmt.Errorf("the singular value decomposition failed")
	}
	out.Singular = svd.Values(nil)
	out.Numerical, out.Energy = singularRanks(out.Singular)

	rows := mat.DenseCopyOf(v.T())
	out.U = Departure{Active: departure(u, active), All: departure(u, indices(len(s)))}
	out.V = Departure{Active: departure(rows, active), All: departure(rows, indices(len(s)))}
	return out, nil
}

// singularRanks counts singular values, largest first. They are 0 for the zero
// matrix.
func singularRanks(values []float64) (numerical, energy int) {
	total := 0.
	for _, x := range values {
		total += x * x
	}
	if total == 0 {
		return 0, 0
	}
	held := 0.
	for _, x := range values {
		if x >= NumericalTolerance*values[0] {
			numerical++
		}
		if held < EnergyShare*total {
			energy++
		}
		held += x * x
	}
	return numerical, energy
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// departure is ‖CᵀC − I‖ of some columns of a matrix, 0 for none.
func departure(m *mat.Dense, columns []int) float64 {
	sum := 0.
	for _, i := range columns {
		for _, j := range columns {
			g := mat.Dot(m.ColView(i), m.ColView(j))
			if i == j {
				g--
			}
			sum += g * g
		}
	}
	return math.Sqrt(sum)
}
