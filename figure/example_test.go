// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure_test

import (
	"bytes"
	"fmt"
	"strings"

	"pinn.example/repro/figure"
)

func Example() {
	f := figure.Lines{
		Title: "Convection, β = 40", XLabel: "epoch", YLabel: "rel L2",
		LogX: true, LogY: true,
		Series: []figure.Series{
			{Name: "Phase 2", X: []float64{1, 10, 100}, Y: []float64{.5, .2, .07}},
			{Name: "best constant", X: []float64{1, 100}, Y: []float64{.5774, .5774}, Dashed: true},
		},
	}
	var svg bytes.Buffer
	if err := f.SVG(&svg); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(svg.String(), "best constant</text>"))
	// Output: true
}
