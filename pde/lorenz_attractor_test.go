// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func classify(t *testing.T, states [][]float64, dt float64) Attractor {
	t.Helper()
	a, err := ClassifyLorenz(states, dt)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// classifyFrom integrates over horizon, and classifies.
func classifyFrom(t *testing.T, mu, start []float64, horizon float64) Attractor {
	t.Helper()
	states, err := Lorenz{}.Trajectory(mu, start, every(int(horizon*100)+1, 100), Tolerance{Rel: 1e-9, Abs: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	return classify(t, states, 0.01)
}

func hopf(sigma, beta float64) float64 { return sigma * (sigma + beta + 3) / (sigma - beta - 1) }

// What theory knows of the system (Sparrow, The Lorenz Equations, 1982, ch. 1 to 4),
// for any start: below ρ = 1 all goes to the origin; between 1 and the homoclinic
// explosion (13.926 at σ = 10, β = 8/3) all but a null set goes to C±; beyond ρ_H no
// fixed point is stable. Times are the paper's 25 s, and 50 s next to ρ = 1, where all
// is slow.
func TestAttractorsAgreeWithTheory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rest := map[Attractor]int{}
	for range 40 {
		draw := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
		start := []float64{draw(-10, 10), draw(-10, 10), draw(-10, 10)}
		beta := draw(2./3, 8./3)
		if mu := []float64{10, draw(0, 0.9), beta}; classifyFrom(t, mu, start, 25) != AttractorOrigin {
			t.Errorf("μ=%v from %v: %s, want origin", mu, start, classifyFrom(t, mu, start, 25))
		}
		if mu := []float64{10, draw(0.9, 1), beta}; classifyFrom(t, mu, start, 50) != AttractorOrigin {
			t.Errorf("μ=%v from %v: %s, want origin", mu, start, classifyFrom(t, mu, start, 50))
		}
		mu := []float64{10, draw(1.3, 13.5), 8. / 3}
		states, err := Lorenz{}.Trajectory(mu, start, every(10001, 100), LorenzTight)
		if err != nil {
			t.Fatal(err)
		}
		want, c := AttractorPlus, math.Sqrt(mu[2]*(mu[1]-1))
		end := states[len(states)-1]
		if end[0] < 0 {
			want = AttractorMinus
		}
		if math.Abs(math.Abs(end[0])-c) > 1e-3 {
			t.Fatalf("μ=%v from %v: after 100 s at %v, not at C±", mu, start, end)
		}
		rest[want]++
		if got := classify(t, states[:2501], 0.01); got != want {
			t.Errorf("μ=%v from %v: %s, want %s", mu, start, got, want)
		}
		// Far enough beyond ρ_H that what starts near C± has left it. There are stable
		// cycles where β is small.
		if mu := []float64{10, draw(hopf(10, 2)+2, 28), draw(1.6, 2)}; classifyFrom(t, mu, start, 25) != AttractorChaos {
			t.Errorf("μ=%v from %v: %s, want chaos", mu, start, classifyFrom(t, mu, start, 25))
		}
	}
	if rest[AttractorPlus] < 10 || rest[AttractorMinus] < 10 {
		t.Errorf("%v: one side is hardly tested", rest)
	}
}

// The case of the paper's figure 2 is beyond ρ_H = 20, and Lorenz's own is too: at
// C±, turns grow and end in chaos, however late.
func TestAttractorOfFigure2(t *testing.T) {
	for _, start := range [][]float64{{1, 1, 1}, {-8, 7, 3.5}, {0, -10, 10}} {
		for _, mu := range [][]float64{{10, 21.7, 5. / 3}, {10, 28, 8. / 3}} {
			if got := classifyFrom(t, mu, start, 25); got != AttractorChaos {
				t.Errorf("μ=%v from %v: %s, want chaos", mu, start, got)
			}
		}
	}
}

// Near C± the sign of ρ − ρ_H decides, though at 25 s both are still turning with
// nearly the amplitude of the start: below it falls, beyond it grows.
func TestAttractorNextToHopf(t *testing.T) {
	for _, beta := range []float64{1, 5. / 3, 8. / 3} {
		for _, off := range []float64{-0.3, 0.3} {
			mu := []float64{10, hopf(10, beta) + off, beta}
			c := math.Sqrt(beta * (mu[1] - 1))
			for _, side := range []float64{-1, 1} {
				states, err := Lorenz{}.Trajectory(mu, []float64{side * (c + 0.5), side * c, mu[1] - 1}, every(2501, 100), LorenzTight)
				if err != nil {
					t.Fatal(err)
				}
				if _, amplitude := extent(states[2000:]); amplitude < restAmplitude {
					t.Fatalf("μ=%v has come to rest: the test tests nothing", mu)
				}
				want := AttractorChaos
				switch {
				case off < 0 && side > 0:
					want = AttractorPlus
				case off < 0:
					want = AttractorMinus
				}
				if got := classify(t, states, 0.01); got != want {
					t.Errorf("μ=%v, side %g: %s, want %s", mu, side, got, want)
				}
			}
		}
	}
}

// Windows of stable cycles and their doublings at σ = 10, β = 8/3 (Sparrow, ch. 4):
// 99.524 < ρ < 100.795, 145 < ρ < 166 and ρ > 214.364. Between them there is chaos.
func TestAttractorCycles(t *testing.T) {
	for rho, want := range map[float64]Attractor{100.6: AttractorCycle, 160: AttractorCycle, 350: AttractorCycle, 60: AttractorChaos, 126: AttractorChaos} {
		if got := classifyFrom(t, []float64{10, rho, 8. / 3}, []float64{1, 2, 3}, 100); got != want {
			t.Errorf("ρ=%g: %s, want %s", rho, got, want)
		}
	}
}

// Spirals of known growth around (x, 0, 20), and their likes, as a learnt field may
// make them.
func TestAttractorsOfMadeTrajectories(t *testing.T) {
	made := func(at func(t float64) (x, y, z float64)) [][]float64 {
		states := make([][]float64, 2501)
		for i := range states {
			x, y, z := at(float64(i) / 100)
			states[i] = []float64{x, y, z}
		}
		return states
	}
	spiral := func(centre, amplitude, growth float64) [][]float64 {
		return made(func(t float64) (x, y, z float64) {
			a := amplitude * math.Exp(growth*t)
			return centre + a*math.Sin(9*t), a * math.Cos(9*t), 20 + a*math.Cos(9*t)
		})
	}
	for _, c := range []struct {
		name   string
		states [][]float64
		want   Attractor
	}{
		{"decay", spiral(7, 3, -0.1), AttractorPlus},
		{"slow decay", spiral(-7, 3, -0.01), AttractorMinus},
		{"rest", spiral(7, 0, 0), AttractorPlus},
		{"almost at rest, growing", spiral(-7, 1e-6, 0.1), AttractorMinus},
		{"growth", spiral(7, 0.4, 0.1), AttractorChaos},
		{"slow growth", spiral(7, 3, 0.01), AttractorChaos},
		{"cycle", spiral(7, 3, 0), AttractorCycle},
		{"cycle across", spiral(0, 9, 0), AttractorCycle},
		{"cycle of two turns", made(func(t float64) (x, y, z float64) {
			return 7 + 3*math.Sin(9*t), 0, 20 + 3*math.Cos(9*t) + math.Cos(4.5*t)
		}), AttractorCycle},
		{"two periods without a common one", made(func(t float64) (x, y, z float64) {
			return 7 + 3*math.Sin(9*t), 0, 20 + 3*math.Cos(9*t) + math.Cos(9*t/math.Phi)
		}), AttractorChaos},
		{"creeping to the origin", made(func(t float64) (x, y, z float64) { return 2 * math.Exp(-t/20), 2 * math.Exp(-t/20), 0 }), AttractorOrigin},
		{"creeping to C-", made(func(t float64) (x, y, z float64) { return -1 - math.Exp(-t/20), -1 - math.Exp(-t/20), 0.5 }), AttractorMinus},
		{"turning into the origin", made(func(t float64) (x, y, z float64) {
			a := 9 * math.Exp(-t/4)
			return a * math.Sin(9*t), a * math.Cos(9*t), 0
		}), AttractorOrigin},
		{"settled after a late switch", made(func(t float64) (x, y, z float64) {
			if t < 17 {
				return 7 + 8*math.Sin(9*t), 0, 20 + 8*math.Cos(9*t)
			}
			a := 6 * math.Exp(-(t-17)/10)
			return -7 + a*math.Sin(9*t), 0, 20 + a*math.Cos(9*t)
		}), AttractorMinus},
		{"switched too late to tell", made(func(t float64) (x, y, z float64) {
			if t < 19 {
				return 7 + 8*math.Sin(9*t), 0, 20 + 8*math.Cos(9*t)
			}
			a := 6 * math.Exp(-(t-19)/10)
			return -7 + a*math.Sin(9*t), 0, 20 + a*math.Cos(9*t)
		}), AttractorChaos},
		{"away", made(func(t float64) (x, y, z float64) { return math.Exp(t / 3), 0, 0 }), AttractorDiverged},
		{"not a number at last", made(func(t float64) (x, y, z float64) {
			if t == 25 {
				return 7, 7, math.NaN()
			}
			return 7, 7, 20
		}), AttractorDiverged},
		{"infinite at last", made(func(t float64) (x, y, z float64) {
			if t == 25 {
				return math.Inf(-1), 7, 20
			}
			return 7, 7, 20
		}), AttractorDiverged},
	} {
		if got := classify(t, c.states, 0.01); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		// The symmetry (x, y, z) → (−x, −y, z) turns C+ and C− around, and nothing else.
		want := map[Attractor]Attractor{AttractorPlus: AttractorMinus, AttractorMinus: AttractorPlus}[c.want]
		if want == "" {
			want = c.want
		}
		for _, s := range c.states {
			s[0], s[1] = -s[0], -s[1]
		}
		if got := classify(t, c.states, 0.01); got != want {
			t.Errorf("%s, turned around: %s, want %s", c.name, got, want)
		}
	}
}

func TestClassifyLorenzRefuses(t *testing.T) {
	row := [][]float64{{1, 2, 3}}
	states := make([][]float64, 100)
	for i := range states {
		states[i] = row[0]
	}
	flat := append([][]float64{{1, 2}}, states...)
	for _, c := range []struct {
		states [][]float64
		dt     float64
		want   string
	}{
		{nil, 0.01, "0 states"},
		{row, 0.01, "give at least 50"},
		{states, 0, "positive time step"},
		{states, math.NaN(), "positive time step"},
		{flat, 0.01, "state 0 has 2 components"},
	} {
		if _, err := ClassifyLorenz(c.states, c.dt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d states, %g apart: error %v does not say %q", len(c.states), c.dt, err, c.want)
		}
	}
}
