// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// Lorenz's own parameters: the trajectory visits both wings.
func ExampleLorenz_Trajectory() {
	times := LorenzData{}.Times()
	states, err := Lorenz{}.Trajectory([]float64{10, 28, 8. / 3}, []float64{1, 1, 1}, times, LorenzTight)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i := 0; i <= 1000; i += 250 {
		fmt.Printf("t=%-4g %8.4f\n", times[i], states[i])
	}
	attractor, err := ClassifyLorenz(states, 0.01)
	fmt.Println(attractor, err)
	// Output:
	// t=0    [  1.0000   1.0000   1.0000]
	// t=2.5  [ -6.9596  -7.2725  24.7031]
	// t=5    [ -6.5121  -6.9740  23.9241]
	// t=7.5  [ -5.7641  -6.0106  23.3737]
	// t=10   [ -4.9027  -3.7439  24.6909]
	// chaos <nil>
}

// lorenzGolden are trajectories of others: testdata/lorenz_trajectories.py.
type lorenzGolden struct {
	Mu, Start []float64
	RK45      [][]float64 // solve_ivp of SciPy 1.17.1 at its default tolerances, every 0.1 s
	Exact     [][]float64 // every second
}

func loadLorenzGolden(t *testing.T) []lorenzGolden {
	t.Helper()
	var golden []lorenzGolden
	readJSON(t, "testdata/lorenz_trajectories.json", &golden)
	if len(golden) != 3 {
		t.Fatalf("%d golden trajectories, want 3", len(golden))
	}
	return golden
}

// every returns 0, step, 2·step, … as NumPy's arange(n)/per does.
func every(n int, per float64) []float64 {
	times := make([]float64, n)
	for i := range times {
		times[i] = float64(i) / per
	}
	return times
}

func largestDifference(a, b [][]float64) float64 {
	worst := 0.
	for i := range a {
		for k := range a[i] {
			worst = math.Max(worst, math.Abs(a[i][k]-b[i][k]))
		}
	}
	return worst
}

// The same steps as SciPy's, so that only rounding differs; over 5 s it is multiplied
// by e^{4.5} in the mean, and by a few hundred at turns. Another step control, or
// another interpolant, differs by the tolerance: 1e-3 and more.
func TestLorenzAgainstSciPy(t *testing.T) {
	for _, g := range loadLorenzGolden(t) {
		states, err := Lorenz{}.Trajectory(g.Mu, g.Start, every(51, 10), SciPyDefault)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.RK45) != len(states) {
			t.Fatalf("%d golden states", len(g.RK45))
		}
		if d := largestDifference(states, g.RK45); !(d < 1e-9) {
			t.Errorf("μ=%v: differs from SciPy by %.2g", g.Mu, d)
		}
	}
}

// An error of 1e-12 a step is multiplied by up to e^{0.9·25} = 6e9 in 25 s of chaos;
// on the way to rest it stays.
func TestLorenzAgainstTaylorSeries(t *testing.T) {
	for i, g := range loadLorenzGolden(t) {
		states, err := Lorenz{}.Trajectory(g.Mu, g.Start, every(26, 1), LorenzTight)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Exact) != len(states) {
			t.Fatalf("%d golden states", len(g.Exact))
		}
		early, late := largestDifference(states[:11], g.Exact), largestDifference(states, g.Exact)
		// Measured: 6e-4, 5e-4 and 5e-11.
		largest := []float64{1e-2, 1e-2, 1e-9}[i]
		if !(early < 1e-6) || !(late < largest) {
			t.Errorf("μ=%v: error %.2g up to 10 s, %.2g up to 25 s, want less than %g", g.Mu, early, late, largest)
		}
	}
}

// The field vanishes at the fixed points, and nowhere near them.
func TestLorenzFixedPoints(t *testing.T) {
	for _, mu := range [][]float64{{10, 28, 8. / 3}, {10, 12, 2}, {7, 1.5, 0.7}} {
		r := math.Sqrt(mu[2] * (mu[1] - 1))
		for _, sign := range []float64{-1, 0, 1} {
			point := []float64{sign * r, sign * r, math.Abs(sign) * (mu[1] - 1)}
			derivative := []float64{1, 1, 1}
			Lorenz{}.Field(mu, point, derivative)
			// Rounding of products of some hundreds.
			if !(norm3(derivative) < 1e-12) {
				t.Errorf("μ=%v: at the fixed point %v the field is %v", mu, point, derivative)
			}
			for i := range point {
				point[i] += 0.1
				Lorenz{}.Field(mu, point, derivative)
				if norm3(derivative) < 0.01 {
					t.Errorf("μ=%v: at %v, no fixed point, the field is %v", mu, point, derivative)
				}
				point[i] -= 0.1
			}
		}
	}
}

// Volumes shrink at the rate σ + 1 + β everywhere (Lorenz 1963, eq. 30), and turning
// x and y around turns the field's around.
func TestLorenzDivergenceAndSymmetry(t *testing.T) {
	mu, state := []float64{10, 21.7, 5. / 3}, []float64{3.1, -4.7, 12.9}
	const h = 1e-3
	divergence := 0.
	for i := range state {
		var ahead, behind, d [3]float64
		copy(ahead[:], state)
		copy(behind[:], state)
		ahead[i] += h
		behind[i] -= h
		Lorenz{}.Field(mu, ahead[:], d[:])
		divergence += d[i] / (2 * h)
		Lorenz{}.Field(mu, behind[:], d[:])
		divergence -= d[i] / (2 * h)
	}
	if want := -(10 + 1 + 5./3); math.Abs(divergence-want) > 1e-9 { // rounding of 40/h
		t.Errorf("divergence %.12g, want %.12g", divergence, want)
	}
	var here, there [3]float64
	Lorenz{}.Field(mu, state, here[:])
	Lorenz{}.Field(mu, []float64{-state[0], -state[1], state[2]}, there[:])
	if there != [3]float64{-here[0], -here[1], here[2]} {
		t.Errorf("field %v, mirrored %v", here, there)
	}
}

// On the z axis the system is ż = −βz. The axis repels for ρ > 1, but x = y = 0
// stays exactly.
func TestLorenzOnTheAxis(t *testing.T) {
	times := every(26, 5)
	states, err := Lorenz{}.Trajectory([]float64{10, 28, 2}, []float64{0, 0, 9}, times, LorenzTight)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range states {
		if want := 9 * math.Exp(-2*times[i]); s[0] != 0 || s[1] != 0 || math.Abs(s[2]-want) > 1e-10 {
			t.Errorf("at t=%g the state is %v, want z=%g", times[i], s, want)
		}
	}
}

func TestLorenzRefuses(t *testing.T) {
	for _, c := range []struct {
		mu, start, times []float64
		want             string
	}{
		{[]float64{10, 28}, []float64{1, 1, 1}, []float64{0, 1}, "give sigma, rho and beta"},
		{[]float64{10, math.NaN(), 2}, []float64{1, 1, 1}, []float64{0, 1}, "rho is NaN; give"},
		{[]float64{10, 28, math.Inf(1)}, []float64{1, 1, 1}, []float64{0, 1}, "beta is +Inf; give"},
		{[]float64{10, 28, 2}, []float64{1, 1}, []float64{0, 1}, "give x, y and z"},
		{[]float64{10, 28, 2}, []float64{1, 1, math.NaN()}, []float64{0, 1}, "all finite"},
		{[]float64{10, 28, 2}, []float64{1, 1, 1}, nil, "no times"},
		// y grows as e^{√(σρ) t}: it overflows at once.
		{[]float64{10, 1e300, 2}, []float64{1, 1, 1}, []float64{0, 1}, "rho=1e+300"},
	} {
		if _, err := (Lorenz{}).Trajectory(c.mu, c.start, c.times, SciPyDefault); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("μ=%v from %v: error %v does not say %q", c.mu, c.start, err, c.want)
		}
	}
	if names := (Lorenz{}).Parameters(); strings.Join(names, " ") != "sigma rho beta" {
		t.Errorf("parameters %v", names)
	}
}
