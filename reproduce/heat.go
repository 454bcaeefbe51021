// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/pde"
)

// Heat is the heat map of a field u, one value a point of a grid of two axes, with
// time to the right where the grid has it, and else x. scale is the range of the
// colours; zeros take that of the data. It panics where the sizes don't fit.
func Heat(grid pde.Grid, u []float64, title string, scale [2]float64) figure.Heat {
	if len(grid.Shape) != 2 || len(u) != len(grid.Points) {
		panic(fmt.Errorf("reproduce: expected a grid of two axes and a value for each of its %d points, got %d axes and %d values", len(grid.Points), len(grid.Shape), len(u)))
	}
	slow, fast := grid.Shape[0], grid.Shape[1]
	// along is an axis's values: those of the coordinate that changes along it.
	along := func(n, stride int) []float64 {
		c := 0
		for c+1 < len(grid.Points[0]) && grid.Points[0][c] == grid.Points[(n-1)*stride][c] {
			c++
		}
		values := make([]float64, n)
		for i := range values {
			values[i] = grid.Points[i*stride][c]
		}
		return values
	}
	h := figure.Heat{Title: title, Label: "u", Min: scale[0], Max: scale[1]}
	if grid.Axes[0] != "t" { // the fast axis to the right
		h.XLabel, h.YLabel, h.X, h.Y = grid.Axes[1], grid.Axes[0], along(fast, 1), along(slow, fast)
		for j := range slow {
			h.Z = append(h.Z, u[j*fast:(j+1)*fast])
		}
		return h
	}
	h.XLabel, h.YLabel, h.X, h.Y = grid.Axes[0], grid.Axes[1], along(slow, fast), along(fast, 1)
	for i := range fast {
		row := make([]float64, slow)
		for j := range slow {
			row[j] = u[j*fast+i]
		}
		h.Z = append(h.Z, row)
	}
	return h
}
