// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"testing"

	"pinn.example/repro/pde"
)

// A map shows at each place the value of its own point: t to the right and x upwards,
// or without a time x to the right and y upwards.
func TestHeat(t *testing.T) {
	convection, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		problem   pde.Problem
		sample    pde.Sample
		right, up int // which coordinate of a point
	}{
		{pde.Burgers{}, pde.Sample{Set: "drawn"}, 0, 1},
		{convection, pde.Sample{Set: "published"}, 1, 0},
		{pde.Helmholtz{}, pde.Sample{Set: "drawn"}, 0, 1},
	} {
		points, err := c.problem.Points(c.sample)
		if err != nil {
			t.Fatal(err)
		}
		grid := points.Grid
		u := make([]float64, len(grid.Points))
		for i, at := range grid.Points {
			u[i] = at[c.right] + 10*at[c.up]
		}
		h := Heat(grid, u, "", [2]float64{})
		for j, up := range h.Y {
			for i, right := range h.X {
				if math.Abs(h.Z[j][i]-(right+10*up)) > 1e-12 {
					t.Fatalf("%s: at (%g, %g) it is %g", c.problem.ID(), right, up, h.Z[j][i])
				}
			}
		}
		if len(h.X)*len(h.Y) != len(grid.Points) {
			t.Errorf("%s: %d×%d cells for %d points", c.problem.ID(), len(h.X), len(h.Y), len(grid.Points))
		}
	}
}
