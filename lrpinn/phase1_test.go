// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func TestPhase1ParameterCount(t *testing.T) {
	setup := tiny(t) // two coordinates and three parameters, like all of the family
	for _, c := range []struct{ width, want int }{
		// The authors' checkpoint has 28,151 values.
		{0, 28_151},
		{50, 28_151},
		// End layers 3n + n + 1; six bases n²; hypernetwork 3n + n, twice n² + n,
		// heads thrice n² + n: 11n² + 13n + 1.
		{1, 25},
		{4, 229},
		{20, 4_661},
	} {
		task := lrpinn.Phase1{Setup: setup, Mus: goldenMus, Width: c.width}.Task()
		if got := task.Count(); got != c.want {
			t.Errorf("width %d: %d parameters, want %d", c.width, got, c.want)
		}
	}
	// The hypernetwork alone: 200 + 2·2,550 + 3·2,550.
	hyper := 0
	for _, w := range (lrpinn.Phase1{Setup: setup, Mus: goldenMus}).Task().Weights {
		if strings.HasPrefix(w.Name, "h") {
			hyper += w.Value.Size()
		}
	}
	if hyper != 12_950 {
		t.Errorf("the hypernetwork has %d parameters, want 12,950", hyper)
	}
}

func TestInitialWeightsAreUniform(t *testing.T) {
	task := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus}.Task()
	for _, w := range task.Weights {
		// PyTorch's Linear draws weight and bias from ±1/√(fan-in); the authors'
		// bases are torch.rand over the width.
		low, high := 0., 1/50.
		if !strings.HasPrefix(w.Name, "basis") {
			fanIn := 50
			switch {
			case strings.HasPrefix(w.Name, "start"):
				fanIn = 2 // x, t
			case strings.HasPrefix(w.Name, "hyper0"):
				fanIn = 3 // beta, nu, rho
			}
			high = 1 / math.Sqrt(float64(fanIn))
			low = -high
		}
		sorted := slices.Sorted(slices.Values(w.Value.Data))
		n := float64(len(sorted))
		if sorted[0] < low || sorted[len(sorted)-1] >= high {
			t.Errorf("%s: %g to %g, want within [%g, %g)", w.Name, sorted[0], sorted[len(sorted)-1], low, high)
		}
		// Kolmogorov and Smirnov: the largest distance of the distributions
		// exceeds 2.2/√n once in 8,000 samples.
		distance := 0.
		for i, x := range sorted {
			share := (x - low) / (high - low)
			distance = max(distance, share-float64(i)/n, float64(i+1)/n-share)
		}
		if distance > 2.2/math.Sqrt(n) {
			t.Errorf("%s: distance %.3f from uniform on [%g, %g) with %g values", w.Name, distance, low, high, n)
		}
	}
}

func TestInitialWeightsAreFunctionsOfSeedAndName(t *testing.T) {
	p := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Seed: 3}
	first := traintest.Values(p.Task())
	other := p
	other.Mus, other.Orthogonality = goldenMus[:1], lrpinn.PenaltyNone
	second := traintest.Values(other.Task())
	other = p
	other.Seed = 4
	reseeded := traintest.Values(other.Task())
	seen := map[float64]string{}
	for name, a := range first {
		if !a.Equal(second[name]) {
			t.Errorf("%s depends on what else is in the run", name)
		}
		if a.Data[0] == reseeded[name].Data[0] {
			t.Errorf("%s is the same under seeds 3 and 4", name)
		}
		// Drawn alone, before or after anything, it is the same.
		if strings.HasPrefix(name, "head") && strings.HasSuffix(name, "/w") && !pinn.Linear(3, name, 50, 1, 50, 50).Value.Equal(a) {
			t.Errorf("%s differs when drawn alone", name)
		}
		// No two weights share a stream. Weights of equal bounds would then begin
		// alike.
		if twin, ok := seen[a.Data[0]]; ok {
			t.Errorf("%s and %s are drawn from one stream", name, twin)
		}
		seen[a.Data[0]] = name
	}
}

// orthogonality returns the penalty of bases, and the same from the formula: of
// the entries of UUᵀ − I (code) or UᵀU − I (equation 2), 4/n² times the sum over
// bases of the norm or its square.
func orthogonality(t *testing.T, penalty lrpinn.Penalty, width int, change func(w train.Weight) train.Array) (got, want float64) {
	t.Helper()
	task := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: width, Orthogonality: penalty}.Task()
	for i, w := range task.Weights {
		if !strings.HasPrefix(w.Name, "basis") {
			continue
		}
		b := change(w)
		task.Weights[i].Value = b
		at := func(i, j int) float64 { return b.Data[i*width+j] }
		squares := 0.
		for i := range width {
			for j := range width {
				g := 0.
				for k := range width {
					if penalty == lrpinn.PenaltyPaper {
						g += at(k, i) * at(k, j)
					} else {
						g += at(i, k) * at(j, k)
					}
				}
				if i == j {
					g--
				}
				squares += g * g
			}
		}
		if penalty == lrpinn.PenaltyPaper {
			want += squares
		} else {
			want += math.Sqrt(squares)
		}
	}
	got, _ = term(t, task, lrpinn.OrthogonalityTerm)
	return got, want * 4 / float64(width*width)
}

func TestPenaltyIsTheFormula(t *testing.T) {
	identity := func(w train.Weight) train.Array {
		a := train.NewArray(w.Value.Dims...)
		for i := range a.Dims[1] {
			a.Data[i*(a.Dims[1]+1)] = 1
		}
		return a
	}
	// An orthonormal row after another, but the third: UUᵀ and UᵀU differ from I
	// in one entry, −1, so that norm and square are 1 in both.
	missing := func(w train.Weight) train.Array {
		a := identity(w)
		a.Data[2*a.Dims[1]+2] = 0
		return a
	}
	for _, penalty := range []lrpinn.Penalty{lrpinn.PenaltyCode, lrpinn.PenaltyPaper} {
		if got, _ := orthogonality(t, penalty, 8, identity); got != 0 {
			t.Errorf("penalty %q of the identity is %g, want 0", penalty, got)
		}
		// Six bases, each 4/8².
		if got, _ := orthogonality(t, penalty, 8, missing); !near(got, 6*4/64., 1e-12) {
			t.Errorf("penalty %q of a missing direction is %g, want %g", penalty, got, 6*4/64.)
		}
		got, want := orthogonality(t, penalty, 8, func(w train.Weight) train.Array { return traintest.Formula(w.Name, 1, w.Value.Dims...) })
		if !near(got, want, 1e-12) {
			t.Errorf("penalty %q is %.15g, the formula %.15g", penalty, got, want)
		}

		// At the start, with U[0, 1)/50: UUᵀ has 50/(4·50²) = .005 off its
		// diagonal and 50/(3·50²) = .00667 on it, so ‖UUᵀ − I‖² is about
		// 50·.99333² + 2450·.005² = 49.40 (7.03²), with fluctuations well below 1 %.
		got, want = orthogonality(t, penalty, 50, func(w train.Weight) train.Array { return w.Value })
		if !near(got, want, 1e-12) {
			t.Errorf("penalty %q at the start is %.15g, the formula %.15g", penalty, got, want)
		}
		theory := 4 * 6 * 49.40 / 2500
		if penalty == lrpinn.PenaltyCode {
			theory = 4 * 6 * math.Sqrt(49.40) / 2500
		}
		if !near(got, theory, .01) {
			t.Errorf("penalty %q at the start is %g, in theory %g", penalty, got, theory)
		}
	}
}

func TestNoPenaltyNoTerm(t *testing.T) {
	p := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: 4}
	if _, ok := term(t, p.Task(), lrpinn.OrthogonalityTerm); !ok {
		t.Errorf("no term %q by default", lrpinn.OrthogonalityTerm)
	}
	p.Orthogonality = lrpinn.PenaltyNone
	if _, ok := term(t, p.Task(), lrpinn.OrthogonalityTerm); ok {
		t.Errorf("there is a term %q without a penalty", lrpinn.OrthogonalityTerm)
	}
}
