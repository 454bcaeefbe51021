// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/report"
)

// hyperFigure1 is the second paper's Figure 1: Burgers' equation at ν = .003 at
// several times, by each network.
func hyperFigure1() Experiment {
	return Experiment{
		ID:    "hyperpinn/fig1",
		Title: "Burgers at ν = .003: truth and prediction",
		runs: func(p Preset) ([]*Run, error) {
			var runs []*Run
			for _, n := range burgersNets {
				trained, err := n.trained(p)
				if err != nil {
					return nil, err
				}
				runs = append(runs, trained[0])
			}
			return runs, nil
		},
		render: renderHyperFigure1,
	}
}

// The figure's ν (its caption), and its times, which the paper does not list.
const hyperFigure1Nu = .003

var hyperFigure1Times = []float64{0, .25, .5, .75, 1}

func renderHyperFigure1(ctx context.Context, s *Session, p Preset) (Output, error) {
	e := hyperFigure1()
	mu := []float64{hyperFigure1Nu}
	const n = 401 // an odd number: one point on the front
	var at [][]float64
	for _, t := range hyperFigure1Times {
		for _, x := range spaced(-1, 1, n) {
			at = append(at, []float64{t, x})
		}
	}
	truth, err := s.reference(pde.Burgers{}, mu, at)
	if err != nil {
		return Output{}, err
	}
	fields, names := [][]float64{truth}, []string{"exact"}
	var panels []figure.Panel
	missing := ""
	for _, net := range burgersNets {
		runs, err := net.trained(p)
		if err != nil {
			return Output{}, err
		}
		drawable, err := s.hasWeights(runs[0])
		if err != nil {
			return Output{}, err
		}
		if !drawable {
			missing += fmt.Sprintf(" Not drawn, since there is no record with weights: %s.", net.name)
			continue
		}
		u, err := s.Field(ctx, runs[0], mu, at)
		if err != nil {
			return Output{}, err
		}
		fields, names = append(fields, u), append(names, net.name)
		lines := figure.Lines{Title: net.name, XLabel: "x", YLabel: "u", YRange: [2]float64{-1.2, 1.2}}
		for k, t := range hyperFigure1Times {
			x := spaced(-1, 1, n)
			lines.Series = append(lines.Series,
				figure.Series{Name: fmt.Sprintf("t = %g", t), X: x, Y: truth[k*n : (k+1)*n]},
				figure.Series{X: x, Y: u[k*n : (k+1)*n], Dashed: true, Paired: true})
		}
		panels = append(panels, lines)
	}
	if len(panels) == 0 {
		return Output{}, nil
	}
	head := append([]string{"t", "x"}, names...)
	rows := make([][]float64, len(at))
	for i, point := range at {
		rows[i] = append(rows[i], point...)
		for _, u := range fields {
			rows[i] = append(rows[i], u[i])
		}
	}
	caption := fmt.Sprintf("u(t, x) at ν = %g and t = 0, .25, .5, .75, 1: truth solid, prediction dashed. Seed %d.", hyperFigure1Nu, p.Burgers.Seeds[0])
	if less := reduced(p.Burgers.Steps, hyperPINNSteps); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := drawn(e, p, caption+missing, figure.Row{Panels: panels}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}

// hyperFigure4 is its Figure 4: solutions for several ν, which it does not list.
func hyperFigure4() Experiment {
	return Experiment{
		ID:     "hyperpinn/fig4",
		Title:  "Burgers: solutions over ν",
		render: renderHyperFigure4,
	}
}

var hyperFigure4Nus = []float64{.001, .003, .01, .03, .1}

// Times and places at which the figure shows a solution.
var hyperFigure4T, hyperFigure4X = spaced(0, 1, 51), spaced(-1, 1, 129)

func renderHyperFigure4(_ context.Context, s *Session, p Preset) (Output, error) {
	var at, rows [][]float64
	for _, t := range hyperFigure4T {
		for _, x := range hyperFigure4X {
			at, rows = append(at, []float64{t, x}), append(rows, []float64{t, x})
		}
	}
	head := []string{"t", "x"}
	var panels []figure.Panel
	for _, nu := range hyperFigure4Nus {
		u, err := s.reference(pde.Burgers{}, []float64{nu}, at)
		if err != nil {
			return Output{}, err
		}
		head = append(head, fmt.Sprintf("nu=%g", nu))
		for i := range rows {
			rows[i] = append(rows[i], u[i])
		}
		panels = append(panels, burgersHeat(u, fmt.Sprintf("ν = %g", nu)))
	}
	caption := "The reference solution by Cole and Hopf's transformation: a front forms at x = 0 from t = 1/π on, the steeper the smaller ν is."
	f, err := drawn(hyperFigure4(), p, caption, figure.Row{Panels: panels, Wrap: 3}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}

// burgersHeat is a field at the figure's times (slow) and places (fast).
func burgersHeat(u []float64, title string) figure.Heat {
	h := figure.Heat{Title: title, XLabel: "t", YLabel: "x", Label: "u", Min: -1, Max: 1, X: hyperFigure4T, Y: hyperFigure4X}
	for j := range h.Y {
		row := make([]float64, len(h.X))
		for i := range row {
			row[i] = u[i*len(h.Y)+j]
		}
		h.Z = append(h.Z, row)
	}
	return h
}
