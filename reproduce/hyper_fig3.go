// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"strings"

	"pinn.example/repro/figure"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/reproduce/report"
)

// hyperFigure3 is the second paper's Figure 3: the architecture, drawn from the
// model.
func hyperFigure3() Experiment {
	return Experiment{
		ID:     "hyperpinn/fig3",
		Title:  "Architecture of the HyperPINN",
		render: renderHyperFigure3,
	}
}

func renderHyperFigure3(_ context.Context, _ *Session, p Preset) (Output, error) {
	setup, err := burgersSetup(p, 0, burgersChoice{})
	if err != nil {
		return Output{}, err
	}
	model := hyperpinn.PINN{Setup: setup, Mus: nus(1)}.WithDefaults()
	trained, written := model.Task().Count(), model.MainWeights()
	widths := func(in int, hidden []int, out int) string {
		parts := []string{fmt.Sprint(in)}
		for _, n := range append(hidden, out) {
			parts = append(parts, fmt.Sprint(n))
		}
		return strings.Join(parts, "–")
	}
	main := make([]int, model.Hidden)
	for l := range main {
		main[l] = model.Width
	}
	box := func(name string, column, row float64, kind figure.Kind, lines ...string) figure.Box {
		return figure.Box{Name: name, Col: column, Row: row, Kind: kind, Lines: lines}
	}
	d := figure.Diagram{
		Title: fmt.Sprintf("The hypernetwork's %d weights are trained; it writes the main network's %d for each ν", trained, written),
		Boxes: []figure.Box{
			box("nu", 0, 0, figure.Plain, "ν", "scaled: "+burgersScaling),
			box("hyper", 1, 0, figure.Trained, "Hypernetwork, "+model.Activation, widths(1, model.Hyper, written), fmt.Sprintf("%d numbers", trained)),
			box("weights", 2.5, 0, figure.Derived, "weights and biases", fmt.Sprintf("%d numbers", written)),
			box("x", 0, 1, figure.Plain, "(t, x)"),
			box("main", 2.5, 1, figure.Derived, "Main network, tanh", widths(2, main, 1)),
			box("u", 3.5, 1, figure.Plain, "u(t, x; ν)"),
		},
		Arrows: []figure.Arrow{
			{From: "nu", To: "hyper"},
			{From: "hyper", To: "weights", Label: "once for each ν"},
			{From: "weights", To: "main", Dashed: true},
			{From: "x", To: "main"},
			{From: "main", To: "u"},
		},
	}
	f, err := drawn(hyperFigure3(), p, "Shapes and counts are read from the model that is trained on Burgers' equation.", d, []string{"trained", "written"}, [][]float64{{float64(trained), float64(written)}})
	return Output{Figures: []report.Figure{f}}, err
}
