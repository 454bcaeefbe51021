// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

func Example() {
	truth := []float64{0, 1, 2, 1}
	predicted := []float64{0.5, 1, 2, 1}

	e, err := Compare(predicted, truth)
	if err != nil {
		fmt.Println(err)
		return
	}
	trivial, err := Trivial(truth)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("abs %.3f, rel L2 %.3f, max %.1f\n", e.Abs, e.RelL2, e.Max)
	fmt.Printf("the best constant: abs %.3f, rel L2 %.3f\n", trivial.Abs, trivial.RelL2)
	// Output:
	// abs 0.125, rel L2 0.204, max 0.5
	// the best constant: abs 0.500, rel L2 0.577
}

// By hand: u = (3, −0.5, 2, 7), v = (2.5, 0, 2, 8) is scikit-learn's own
// documentation example. u−v = (.5, −.5, 0, −1) gives mean|u−v| = 2/4,
// Σ(u−v)² = 1.5, Σu² = 62.25, and scikit-learn prints 0.375 for the mean
// squared error and 0.957… for the explained variance (Var(u−v) = .3125,
// Var(u) = 7.296875).
func TestCompareByHand(t *testing.T) {
	got, err := Compare([]float64{2.5, 0, 2, 8}, []float64{3, -0.5, 2, 7})
	if err != nil {
		t.Fatal(err)
	}
	want := Errors{
		Abs:               0.5,
		RelL2:             math.Sqrt(1.5 / 62.25),
		Max:               1,
		ExplainedVariance: 0.957173447537473, // scikit-learn's documentation
		MSE:               0.375,
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"abs", got.Abs, want.Abs},
		{"rel l2", got.RelL2, want.RelL2},
		{"max", got.Max, want.Max},
		{"explained variance", got.ExplainedVariance, want.ExplainedVariance},
		{"mse", got.MSE, want.MSE},
	} {
		if math.Abs(c.got-c.want) > 1e-15 {
			t.Errorf("%s is %.17g, want %.17g", c.name, c.got, c.want)
		}
	}
}

// u = 1 + sin(x − βt) is the Hyper-LR-PINN convection problem. Over a period
// its best constant is 1, mean|sin| = 2/π = .6366 and ‖sin‖/‖1+sin‖ = √(½/1½) =
// .5774: the trivial level beside which Table 2's baselines (rel .37 to .68)
// must be read.
func TestTrivialOfConvection(t *testing.T) {
	for _, beta := range []float64{1, 30, 40} {
		var u []float64
		for j := range 100 {
			for i := range 256 {
				x, time := 2*math.Pi*float64(i)/256, float64(j)/99
				u = append(u, 1+math.Sin(x-beta*time))
			}
		}
		got, err := Trivial(u)
		if err != nil {
			t.Fatal(err)
		}
		// On 256 points mean|sin| is within (2/π)·(π/256)²/3 = 3.2e-5 of 2/π;
		// the relative error is exact.
		if math.Abs(got.Abs-2/math.Pi) > 3.3e-5 {
			t.Errorf("beta %g: abs %.6f, want 2/pi = .6366", beta, got.Abs)
		}
		if math.Abs(got.RelL2-1/math.Sqrt(3)) > 1e-12 {
			t.Errorf("beta %g: rel L2 %.12f, want 1/sqrt(3) = .5774", beta, got.RelL2)
		}
		if math.Abs(got.ExplainedVariance) > 1e-12 {
			t.Errorf("beta %g: a constant explains %g of the variance, want 0", beta, got.ExplainedVariance)
		}
	}
}

// The mean is the best constant in L2: any other is worse by n·δ².
func TestTrivialIsTheBestConstant(t *testing.T) {
	u := []float64{0.3, -2, 5, 1.25, 0}
	best, err := Trivial(u)
	if err != nil {
		t.Fatal(err)
	}
	for _, delta := range []float64{-0.1, 0.01} {
		v := make([]float64, len(u))
		for i := range v {
			v[i] = mean(u) + delta
		}
		other, err := Compare(v, u)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(other.MSE-best.MSE-delta*delta) > 1e-14 {
			t.Errorf("shifting the constant by %g adds %g to the MSE, want %g", delta, other.MSE-best.MSE, delta*delta)
		}
	}
}

// A constant error is no unexplained variance, however large the mean: the
// one-pass variance formula fails here.
func TestExplainedVariance(t *testing.T) {
	u := []float64{1e9, 1e9 + 1, 1e9 + 2}
	v := []float64{5e8, 5e8 + 1, 5e8 + 2}
	e, err := Compare(v, u)
	if err != nil {
		t.Fatal(err)
	}
	if e.ExplainedVariance != 1 {
		t.Errorf("a constant offset explains %g of the variance, want 1", e.ExplainedVariance)
	}
	// A constant truth: scikit-learn's force_finite.
	for _, c := range []struct {
		pred []float64
		want float64
	}{{[]float64{1, 1}, 1}, {[]float64{1, 3}, 0}} {
		e, err := Compare(c.pred, []float64{2, 2})
		if err != nil {
			t.Fatal(err)
		}
		if e.ExplainedVariance != c.want {
			t.Errorf("prediction %v of a constant explains %g, want %g", c.pred, e.ExplainedVariance, c.want)
		}
	}
}

func TestCompareRefuses(t *testing.T) {
	for _, c := range []struct {
		name        string
		pred, truth []float64
		want        string
	}{
		{"nothing", nil, nil, "no points"},
		{"lengths", []float64{1}, []float64{1, 2}, "1 predictions for 2"},
		{"nan prediction", []float64{1, math.NaN()}, []float64{1, 2}, "prediction 1 is NaN"},
		{"infinite prediction", []float64{math.Inf(-1), 1}, []float64{1, 2}, "prediction 0 is -Inf"},
		{"nan truth", []float64{1, 1, 1}, []float64{1, 2, math.NaN()}, "true value 2 is NaN"},
		{"zero truth", []float64{1}, []float64{0}, "zero everywhere"},
	} {
		if _, err := Compare(c.pred, c.truth); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
	if _, err := Trivial(nil); err == nil {
		t.Error("trivial of nothing is no error")
	}
}

// The names are those of the committed records.
func TestJSONNames(t *testing.T) {
	text, err := json.Marshal(Errors{1, 2, 3, 4, 5})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"abs":1,"rel_l2":2,"max":3,"explained_variance":4,"mse":5}`
	if string(text) != want {
		t.Errorf("json is %s, want %s", text, want)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		xs   []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{4, 1, 2}, 2}, {[]float64{8, 1, 2, 4}, 3}} {
		if got := Median(c.xs); got != c.want {
			t.Errorf("the median of %v is %g, want %g", c.xs, got, c.want)
		}
	}
}
