// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"encoding/json"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// fewLorenz are data of the paper's kind, in little.
var fewLorenz = LorenzData{Settings: 3, Starts: 4, Horizon: 2, Step: 0.25, Seed: 5, Tolerance: SciPyDefault}

func lorenzStates(t *testing.T, d LorenzData) ([]float64, []int) {
	t.Helper()
	states, dims, err := d.States()
	if err != nil {
		t.Fatal(err)
	}
	return states, dims
}

// Each state is where its setting, start and time say, by an integration of its own.
func TestLorenzStatesAreTrajectories(t *testing.T) {
	states, dims := lorenzStates(t, fewLorenz)
	if !slices.Equal(dims, []int{3, 4 * 9, 3}) || len(states) != 3*4*9*3 {
		t.Fatalf("%d numbers of shape %v", len(states), dims)
	}
	times, mus := fewLorenz.Times(), fewLorenz.Mus()
	if len(mus) != 3 || !slices.Equal(times, []float64{0, .25, .5, .75, 1, 1.25, 1.5, 1.75, 2}) {
		t.Fatalf("%d settings, times %v", len(mus), times)
	}
	seen := map[float64]bool{}
	for q, mu := range mus {
		for k := range 4 {
			flat := states[(q*dims[1]+k*9)*3:][:9*3]
			want, err := Lorenz{}.Trajectory(mu, flat[:3], times, SciPyDefault)
			if err != nil {
				t.Fatal(err)
			}
			if got := flat; !slices.Equal(got, slices.Concat(want...)) {
				t.Errorf("setting %d, start %d: %v, want %v", q, k, got, want)
			}
			for _, x := range flat[:3] {
				if !(math.Abs(x) <= 10) || seen[x] {
					t.Errorf("setting %d, start %d: %v is outside or was drawn before", q, k, flat[:3])
				}
				seen[x] = true
			}
		}
	}
}

// The same bits on any number of processors.
func TestLorenzStatesWhateverTheProcessors(t *testing.T) {
	d := fewLorenz
	d.Horizon, d.Step = 10, 0.01
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _ := lorenzStates(t, d)
	for _, n := range []int{2, 5, 100} {
		runtime.GOMAXPROCS(n)
		if many, _ := lorenzStates(t, d); !slices.Equal(one, many) {
			t.Errorf("the states on %d processors are others than on one", n)
		}
	}
}

// Fewer settings or starts are a part of more, and a seed, horizon or step changes
// only what it should.
func TestLorenzDrawsAreTheirOwn(t *testing.T) {
	states, dims := lorenzStates(t, fewLorenz)
	fewer := fewLorenz
	fewer.Settings, fewer.Starts = 2, 1
	part, partDims := lorenzStates(t, fewer)
	for q := range 2 {
		if !slices.Equal(part[q*partDims[1]*3:][:partDims[1]*3], states[q*dims[1]*3:][:partDims[1]*3]) {
			t.Errorf("setting %d differs where there are fewer", q)
		}
	}
	other := fewLorenz
	other.Seed++
	if slices.Equal(other.Mus()[0], fewLorenz.Mus()[0]) || slices.Equal(other.Test()[0].Start, fewLorenz.Test()[0].Start) {
		t.Error("another seed draws the same")
	}
}

// The paper's size and ranges; the means of 3,000 uniform draws have a standard
// deviation of width/√(12·3,000), of which five are passed once in two million.
func TestLorenzDraws(t *testing.T) {
	d := LorenzData{}
	if got := d.WithDefaults(); got != (LorenzData{Settings: 30, Starts: 100, Horizon: 25, Step: 0.01, Tolerance: LorenzTight}) {
		t.Errorf("defaults %+v", got)
	}
	if times := d.Times(); len(times) != 2501 || times[1] != 0.01 || times[2500] != 25 {
		t.Errorf("%d times, to %g", len(times), times[len(times)-1])
	}
	if mus := d.Mus(); len(mus) != 30 {
		t.Errorf("%d settings, want 30", len(mus))
	}
	cases := d.Test()
	if len(cases) != 100 {
		t.Fatalf("%d cases, want 100", len(cases))
	}
	const many = 3000
	d.Settings = many
	train := d.Mus()
	columns := map[string][]float64{}
	for i, mu := range train {
		if mu[0] != 10 {
			t.Fatalf("σ = %g, want 10", mu[0])
		}
		columns["rho"] = append(columns["rho"], mu[1])
		columns["beta"] = append(columns["beta"], mu[2])
		columns["start"] = append(columns["start"], d.start("lorenz/start", i, 0)[i%3])
	}
	for name, bounds := range map[string][2]float64{"rho": {0, 28}, "beta": {2. / 3, 8. / 3}, "start": {-10, 10}} {
		x, low, high := columns[name], bounds[0], bounds[1]
		mean := 0.
		for _, v := range x {
			mean += v / many
		}
		width := high - low
		if math.Abs(mean-(low+high)/2) > 5*width/math.Sqrt(12*many) {
			t.Errorf("the mean of %s is %g", name, mean)
		}
		// The chance that 3,000 draws leave 1/200 of the range free at an end is 3e-7.
		if a, b := slices.Min(x), slices.Max(x); a < low || b > high || a > low+width/200 || b < high-width/200 {
			t.Errorf("%s is from %g to %g, want [%g, %g]", name, a, b, low, high)
		}
	}
	// Unseen: no case has parameters or a start of the training data, and no two the same.
	seen := map[float64]bool{}
	for i, mu := range train {
		seen[mu[1]], seen[d.start("lorenz/start", i, 0)[0]] = true, true
	}
	for i, c := range cases {
		if len(c.Mu) != 3 || c.Mu[0] != 10 || !(c.Mu[1] >= 0 && c.Mu[1] <= 28 && c.Mu[2] >= 2./3 && c.Mu[2] <= 8./3) ||
			len(c.Start) != 3 || !(math.Abs(c.Start[0]) <= 10 && math.Abs(c.Start[1]) <= 10 && math.Abs(c.Start[2]) <= 10) {
			t.Errorf("case %d is out of range: %+v", i, c)
		}
		if seen[c.Mu[1]] || seen[c.Start[0]] {
			t.Errorf("case %d was seen before: %+v", i, c)
		}
		seen[c.Mu[1]], seen[c.Start[0]] = true, true
	}
}

func TestLorenzDataRefuses(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		data LorenzData
		want string
	}{
		{LorenzData{Settings: -1}, "-1 settings"},
		{LorenzData{Starts: -5}, "-5 starts"},
		{LorenzData{Horizon: -1}, "a horizon of -1"},
		{LorenzData{Horizon: nan}, "a horizon of NaN"},
		{LorenzData{Step: -0.1}, "a time step of -0.1"},
		{LorenzData{Step: math.Inf(1)}, "a time step of +Inf"},
		{LorenzData{Step: 0.3, Horizon: 1}, "does not divide"},
		{LorenzData{Step: 30}, "the set is empty"},
		{LorenzData{Settings: 1e6}, "2^31 numbers"},
		{LorenzData{Tolerance: Tolerance{Rel: 1e-3}}, "positive abs"},
	} {
		if err := c.data.Check(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "give") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: error %v does not say %q", c.data, err, c.want)
		}
		if _, _, err := c.data.States(); err == nil {
			t.Errorf("%+v: has states", c.data)
		}
	}
	// Steps that divide up to rounding, and one step alone.
	for _, d := range []LorenzData{{}, {Step: 0.1, Horizon: 0.7}, {Step: 1. / 3, Horizon: 1}, {Step: 2, Horizon: 2}} {
		if err := d.Check(); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

// A part of a run's name: written out, and read back the same.
func TestLorenzDataJSON(t *testing.T) {
	d := LorenzData{}.WithDefaults()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"settings":30,"starts":100,"horizon":25,"step":0.01,"seed":0,"tolerance":{"rel":1e-12,"abs":1e-12}}`; string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	var back LorenzData
	if err := json.Unmarshal(text, &back); err != nil || back != d {
		t.Errorf("read back as %+v, error %v", back, err)
	}
}

// 1,000 of the paper's 3,000 trajectories at a time.
func BenchmarkLorenzStates(b *testing.B) {
	for b.Loop() {
		if _, _, err := (LorenzData{Settings: 10}).States(); err != nil {
			b.Fatal(err)
		}
	}
}
