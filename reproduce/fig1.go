// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"strings"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// figure1 is Figure 1: the architecture, drawn from the model.
func figure1() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig1",
		Title:  "Architecture of Hyper-LR-PINN",
		render: renderFigure1,
	}
}

func renderFigure1(_ context.Context, _ *Session, p Preset) (Output, error) {
	phase1, phase2, err := exampleTasks()
	if err != nil {
		return Output{}, err
	}
	// A box says which weights it stands for, by their symbols in the paper, and
	// takes shapes and counts from the model.
	describe := func(t train.Task, symbols ...string) []string {
		var shapes []string
		count, tensors := 0, map[string]int{}
		for _, w := range t.Weights {
			_, symbol := lrpinn.Symbol(w.Name)
			for _, want := range symbols {
				if symbol != want {
					continue
				}
				count += w.Value.Size()
				dims := make([]string, 0, 2)
				for _, d := range w.Value.Dims[1:] {
					if d != 1 {
						dims = append(dims, fmt.Sprint(d))
					}
				}
				shape := strings.Join(dims, "×")
				if shape == "" {
					shape = "1"
				}
				if tensors[shape]++; tensors[shape] == 1 {
					shapes = append(shapes, shape)
				}
			}
		}
		for i, shape := range shapes {
			if n := tensors[shape]; n > 1 {
				shapes[i] = fmt.Sprintf("%d of %s", n, shape)
			}
		}
		return []string{strings.Join(shapes, ", "), fmt.Sprintf("%d numbers", count)}
	}
	box := func(name string, column, row float64, kind figure.Kind, lines ...string) figure.Box {
		return figure.Box{Name: name, Col: column, Row: row, Kind: kind, Lines: lines}
	}
	layer := func(l int) string { return fmt.Sprintf("layer%d", l) }
	d := figure.Diagram{
		Title: fmt.Sprintf("Phase 1 trains %d numbers, Phase 2 %d: first layer, s and output (full rank)", phase1.Count(), phase2.Count()),
		Boxes: []figure.Box{
			box("mu", 0, 0, figure.Plain, "μ = (β, ν, ρ)", "not normalised"),
			box("embedding", 1, 0, figure.Trained, append([]string{"Embedding, tanh"}, describe(phase1, "W^{emb,m}", "b^{emb,m}")...)...),
			box("heads", 2, 0, figure.Trained, append([]string{"3 heads, ReLU"}, describe(phase1, "W^{hyper,l}", "b^{hyper,l}")...)...),
			box("x", 0, 2, figure.Plain, "(x, t)"),
			box("start", 1, 2, figure.Trained, append([]string{"First layer, tanh"}, describe(phase1, "W^0", "b^0")...)...),
			box("end", 5, 2, figure.Trained, append([]string{"Output, linear"}, describe(phase1, "W^{L+1}", "b^{L+1}")...)...),
			box("u", 5, 0, figure.Plain, "u(x, t; μ)"),
		},
		Arrows: []figure.Arrow{
			{From: "mu", To: "embedding"},
			{From: "embedding", To: "heads"},
			{From: "x", To: "start"},
			{From: "start", To: layer(1)},
			{From: layer(lrpinn.Layers), To: "end"},
			{From: "end", To: "u"},
		},
	}
	perLayer := describe(phase1, "U^l", "V^l")
	for l := 1; l <= lrpinn.Layers; l++ {
		lines := []string{fmt.Sprintf("U%s diag(s%s) V%s, tanh", superscript(l), superscript(l), superscript(l)), "bases frozen in Phase 2"}
		if l == 1 {
			lines = append(lines, "all layers: "+strings.Join(perLayer, ", "))
		}
		d.Boxes = append(d.Boxes, box(layer(l), 1+float64(l), 2, figure.Frozen, lines...))
		d.Boxes = append(d.Boxes, box("s"+layer(l), 1+float64(l), 1, figure.Derived, "s"+superscript(l)+" ≥ 0", "50 of them"))
		d.Arrows = append(d.Arrows, figure.Arrow{From: "heads", To: "s" + layer(l)}, figure.Arrow{From: "s" + layer(l), To: layer(l)})
		if l > 1 {
			d.Arrows = append(d.Arrows, figure.Arrow{From: layer(l - 1), To: layer(l)})
		}
	}
	f, err := drawn(figure1(), p, "Drawn from the model that is trained: shapes and counts are its own.", d, nil, nil)
	return Output{Figures: []report.Figure{f}}, err
}

func superscript(n int) string { return string([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[n]) }
