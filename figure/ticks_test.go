// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot"
)

func labels(ticks []plot.Tick) []string {
	var ls []string
	for _, t := range ticks {
		if t.Label != "" {
			ls = append(ls, t.Label)
		}
	}
	return ls
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		ticker plot.Ticker
		lo, hi float64
		want   []string
	}{
		{linearTicks{}, 0, 1, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{linearTicks{}, -1, 1, []string{"-1.0", "-0.5", "0", "0.5", "1.0"}},
		{linearTicks{}, 30, 40, []string{"30", "32", "34", "36", "38", "40"}},
		{linearTicks{}, 0, 20000, []string{"0", "5000", "10000", "15000", "20000"}},
		{logTicks{}, 1, 20000, []string{"1", "10", "100", "1000", "10000"}},
		{logTicks{}, .03, .7, []string{"0.05", "0.1", "0.2", "0.5"}},
		{logTicks{}, 1e-6, 1e-3, []string{"1e-6", "1e-5", "1e-4", "1e-3"}},
		{logTicks{}, 1e-12, 1e2, []string{"1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "0.01", "1", "100"}},
		{logTicks{}, .031, .045, []string{"0.032", "0.034", "0.036", "0.038", "0.040", "0.042", "0.044"}},
	} {
		if got := labels(c.ticker.Ticks(c.lo, c.hi)); !slices.Equal(got, c.want) {
			t.Errorf("%T from %v to %v: labels %v, want %v", c.ticker, c.lo, c.hi, got, c.want)
		}
	}
}

// Over twelve decades of ranges, each axis has two to ten labels, all
// different and within the range.
func TestTicksAreSensibleEverywhere(t *testing.T) {
	for _, ticker := range []plot.Ticker{linearTicks{}, logTicks{}} {
		for lo := 1.3e-7; lo < 1e5; lo *= 3.7 {
			for f := 1.05; f < 1e13; f *= 2.3 {
				hi := lo * f
				ticks := ticker.Ticks(lo, hi)
				ls := labels(ticks)
				if n := len(ls); n < 2 || n > 10 {
					t.Errorf("%T from %g to %g: %d labels %v", ticker, lo, hi, n, ls)
				}
				if slices.Sort(ls); len(slices.Compact(ls)) != len(labels(ticks)) {
					t.Errorf("%T from %g to %g: repeated labels %v", ticker, lo, hi, labels(ticks))
				}
				for _, tick := range ticks {
					var got float64
					if tick.Label == "" {
						continue
					}
					// A label may be short by less than a hundredth of the axis.
					_, err := fmt.Sscan(tick.Label, &got)
					slack := (hi - lo) / 100
					if err != nil || got < lo-slack || got > hi+slack || math.Abs(got-tick.Value) > min(slack, math.Abs(tick.Value)/1000) {
						t.Errorf("%T from %g to %g: label %q stands at %g", ticker, lo, hi, tick.Label, tick.Value)
					}
				}
			}
		}
	}
}
