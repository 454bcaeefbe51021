// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
)

func TestNaiveLRParameterCounts(t *testing.T) {
	for rank := 10; rank <= 50; rank += 10 {
		p := baselines.NaiveLR{Setup: convection(), Mu: []float64{30, 0, 0}, Rank: rank}
		// Table 3: 381, 411, 441, 471, 501.
		if got, want := p.Task().Count(), 351+3*rank; got != want {
			t.Errorf("rank %d on fixed bases: %d parameters, want %d", rank, got, want)
		}
		p.TrainBases = true
		// U and V add 100 numbers a rank and layer (D5).
		if got, want := p.Task().Count(), 351+303*rank; got != want {
			t.Errorf("rank %d on trained bases: %d parameters, want %d", rank, got, want)
		}
	}
}

func TestNaiveLRBasesAreOrthonormal(t *testing.T) {
	p := baselines.NaiveLR{Setup: convection(), Mu: []float64{30, 0, 0}, Rank: 7}
	checked := 0
	for _, d := range p.Task().Data {
		if !strings.HasPrefix(d.Name, "lowrank") {
			continue
		}
		checked++
		rows, columns := d.Value.Dims[1], d.Value.Dims[2]
		at := func(i, k int) float64 { return d.Value.Data[i*columns+k] } // k-th vector of U, or i-th of V
		vectors, length := columns, rows
		entry := func(vector, i int) float64 { return at(i, vector) }
		if strings.HasSuffix(d.Name, "/v") {
			vectors, length = rows, columns
			entry = func(vector, i int) float64 { return at(vector, i) }
		}
		if vectors != 7 || length != 50 {
			t.Fatalf("%s: %d vectors of length %d, want 7 of 50", d.Name, vectors, length)
		}
		for a := range vectors {
			for b := range vectors {
				dot, want := 0., 0.
				for i := range length {
					dot += entry(a, i) * entry(b, i)
				}
				if a == b {
					want = 1
				}
				if math.Abs(dot-want) > 1e-12 {
					t.Errorf("%s: vectors %d and %d have product %g, want %g", d.Name, a, b, dot, want)
				}
			}
		}
	}
	if checked != 6 {
		t.Errorf("checked %d bases, want 6", checked)
	}
}

func TestNaiveLRRefusesRanks(t *testing.T) {
	for _, rank := range []int{0, -1, 51} {
		err := baselines.NaiveLR{Setup: convection(), Mu: []float64{30, 0, 0}, Rank: rank}.Check()
		if err == nil || !strings.Contains(err.Error(), "from 1 to the width 50") {
			t.Errorf("rank %d: error %v does not say which ranks there are", rank, err)
		}
	}
	if err := (baselines.NaiveLR{Setup: convection(), Mu: []float64{math.NaN(), 0, 0}, Rank: 10}).Check(); err == nil {
		t.Error("β = NaN passed the check")
	}
}
