// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
)

// line is a trajectory of n states (a·i, b).
func line(n int, a, b float64) [][]float64 {
	states := make([][]float64, n)
	for i := range states {
		states[i] = []float64{a * float64(i), b}
	}
	return states
}

// TestHorizonErrors: where the trajectories part by .5 a state in one component and
// are 2 apart in the other, the mean of (i/2)² over i = 0…n is n(2n+1)/24.
func TestHorizonErrors(t *testing.T) {
	const step = .1 // 3·.1 is not .3
	got, err := pinn.HorizonErrors(line(11, 1.5, 3), line(11, 1, 1), step, []float64{0, .3, 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range []float64{0, 3, 10} {
		want := []float64{n * (2*n + 1) / 24, 4}
		h := got[i]
		if math.Abs(h.Squared[0]-want[0]) > 1e-13 || math.Abs(h.Squared[1]-want[1]) > 1e-13 || math.Abs(h.Total()-want[0]-want[1]) > 1e-13 {
			t.Errorf("up to %g s: %v, in all %g; want %v", h.Seconds, h.Squared, h.Total(), want)
		}
	}
	if s := []float64{got[0].Seconds, got[1].Seconds, got[2].Seconds}; !slices.Equal(s, []float64{0, .3, 1}) {
		t.Errorf("horizons %v, want those asked for", s)
	}
	if got, err := pinn.HorizonErrors(line(11, 1, 1), line(11, 1, 1), step, nil); err != nil || len(got) != 0 {
		t.Errorf("no horizons: %v and error %v", got, err)
	}
}

func TestHorizonErrorsAreChecked(t *testing.T) {
	ragged := line(11, 1, 1)
	ragged[4] = ragged[4][:1]
	for _, c := range []struct {
		what, says    string
		truth, learnt [][]float64
		step, horizon float64
	}{
		{"no states", "of one length", nil, nil, .1, 1},
		{"one is shorter", "of one length", line(11, 1, 1), line(10, 1, 1), .1, 1},
		{"a horizon after the end", "shorter horizon", line(11, 1, 1), line(11, 1, 1), .1, 1.1},
		{"a negative horizon", "shorter horizon", line(11, 1, 1), line(11, 1, 1), .1, -1},
		{"a component is missing", "time 4", line(11, 1, 1), ragged, .1, 1},
	} {
		if _, err := pinn.HorizonErrors(c.truth, c.learnt, c.step, []float64{c.horizon}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v does not say %q", c.what, err, c.says)
		}
	}
}
