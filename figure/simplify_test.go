// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestSimplifiedLineIsWhereAllPointsAre(t *testing.T) {
	curve := func(n int, at func(s float64) (x, y float64)) []vg.Point {
		line := make([]vg.Point, n)
		for i := range line {
			x, y := at(float64(i) / float64(n-1))
			line[i] = vg.Point{X: vg.Length(x), Y: vg.Length(y)}
		}
		return line
	}
	for _, c := range []struct {
		name string
		line []vg.Point
		most int
	}{
		{"a straight line", curve(1000, func(s float64) (float64, float64) { return 300 * s, 100 * s }), 2},
		{"a wave", curve(5000, func(s float64) (float64, float64) { return 300 * s, 80 * math.Sin(40*s) }), 400},
		{"a loop", curve(5000, func(s float64) (float64, float64) { return 90 * math.Cos(2*math.Pi*s), 90 * math.Sin(2*math.Pi*s) }), 200},
		{"back and forth", []vg.Point{{X: 0}, {X: 9}, {X: 3}, {X: 5}}, 4},
		{"one point", []vg.Point{{X: 1, Y: 2}}, 1},
		{"twice the same point", []vg.Point{{X: 1, Y: 2}, {X: 1, Y: 2}}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := slices.Clone(c.line)
			got := simplify(c.line)
			if !slices.Equal(c.line, all) {
				t.Error("the line itself was changed")
			}
			if got[0] != all[0] || got[len(got)-1] != all[len(all)-1] {
				t.Errorf("from %v to %v, expected from %v to %v", got[0], got[len(got)-1], all[0], all[len(all)-1])
			}
			if len(got) > c.most {
				t.Errorf("%d of %d points are kept, expected at most %d", len(got), len(all), c.most)
			}
			k := 0 // the kept segment that all[i] belongs to: kept points come in order
			for _, p := range all {
				for k+2 < len(got) && p == got[k+1] {
					k++
				}
				if near := distance(p, got[k], got[min(k+1, len(got)-1)]); near > simplifyWithin {
					t.Fatalf("%v is %g from the line, expected at most %g", p, near, simplifyWithin)
				}
			}
		})
	}
}
