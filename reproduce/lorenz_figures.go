// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/report"
)

// hyperFigure2 is the second paper's Figure 2: Lorenz trajectories at σ = 10,
// β = 5/3, ρ = 21.7 by each network.
func hyperFigure2() Experiment {
	return Experiment{
		ID:    "hyperpinn/fig2",
		Title: "Lorenz at σ = 10, β = 5/3, ρ = 21.7: truth and prediction",
		runs: func(p Preset) ([]*Run, error) {
			var runs []*Run
			for _, n := range lorenzNets {
				runs = append(runs, n.trained(p)[0])
			}
			return runs, nil
		},
		render: renderHyperFigure2,
	}
}

// hyperFigure2Mu are the caption's parameters. The start is ours: the paper names
// none.
var (
	hyperFigure2Mu    = []float64{10, 21.7, 5. / 3}
	hyperFigure2Start = []float64{1, 1, 1}
)

func renderHyperFigure2(_ context.Context, s *Session, p Preset) (Output, error) {
	data, scaling := lorenzData(p), lorenzScaling()
	times := data.Times()
	c := pde.LorenzCase{Mu: hyperFigure2Mu, Start: hyperFigure2Start}
	truth, err := pde.Lorenz{}.Trajectory(c.Mu, c.Start, times, pde.LorenzTight)
	if err != nil {
		return Output{}, err
	}
	trajectories, names := [][][]float64{truth}, []string{"exact"}
	var over, phase []figure.Panel
	missing := ""
	for _, n := range lorenzNets {
		run := n.trained(p)[0]
		record, err := s.Find(run)
		if err != nil {
			return Output{}, err
		}
		if record == nil || record.Weights == nil {
			missing += fmt.Sprintf(" Not drawn, since there is no record with weights: %s.", n.name)
			continue
		}
		b, err := s.smallBackend()
		if err != nil {
			return Output{}, err
		}
		mains, err := n.at(b.Compute, n.on(stateless(p, run.Config.Seed), scaling, run.Config.Seed), record.Weights, [][]float64{c.Mu})
		if err != nil {
			return Output{}, err
		}
		learnt, err := n.trajectory(mains[0], c, times)
		if err != nil && !errors.Is(err, pde.ErrUnfinished) {
			return Output{}, err
		}
		trajectories, names = append(trajectories, learnt), append(names, n.name)
		over = append(over, figure.Lines{Title: n.name, XLabel: "t (s)", YLabel: "x", Series: []figure.Series{
			{Name: "truth", X: times, Y: component(truth, 0)},
			{Name: "prediction", X: times[:len(learnt)], Y: component(learnt, 0), Dashed: true},
		}})
		phase = append(phase, figure.Lines{XLabel: "x", YLabel: "z", Series: []figure.Series{
			{Name: "truth", X: component(truth, 0), Y: component(truth, 2)},
			{Name: "prediction", X: component(learnt, 0), Y: component(learnt, 2), Dashed: true},
		}})
	}
	if len(over) == 0 {
		return Output{}, nil
	}
	head := []string{"t"}
	for _, name := range names {
		head = append(head, name+" x", name+" y", name+" z")
	}
	var rows [][]float64
	for i, t := range times {
		row := []float64{t}
		for _, states := range trajectories {
			row = append(row, states[min(i, len(states)-1)]...)
		}
		rows = append(rows, row)
	}
	caption := fmt.Sprintf("From (1, 1, 1), 25 s: x over time and the (x, z) plane; truth solid, integrated network dashed. Both integrated at a tolerance of %g. Seed %d.", pde.LorenzTight.Rel, p.Lorenz.Seeds[0])
	if less := lorenzReduced(p); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := drawn(hyperFigure2(), p, caption+missing, figure.Row{Panels: append(over, phase...), Wrap: len(over)}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}

// component is one component of a trajectory's states.
func component(states [][]float64, k int) []float64 {
	out := make([]float64, len(states))
	for i, state := range states {
		out[i] = state[k]
	}
	return out
}

// hyperFigure5 is its Figure 5: trajectories for several parameters and starts,
// which it does not list.
func hyperFigure5() Experiment {
	return Experiment{
		ID:     "hyperpinn/fig5",
		Title:  "Lorenz: trajectories over parameters and starts",
		render: renderHyperFigure5,
	}
}

var (
	hyperFigure5Rhos   = []float64{.5, 10, 21.7, 28}
	hyperFigure5Starts = [][]float64{{1, 1, 1}, {-8, 5, 2}, {6, -9, -4}}
)

const hyperFigure5Beta = 8. / 3

func renderHyperFigure5(_ context.Context, _ *Session, p Preset) (Output, error) {
	times := pde.LorenzData{}.Times()
	const every = 5 // states between two that the numbers behind the figure hold
	head := []string{"t"}
	var rows [][]float64
	for i := 0; i < len(times); i += every {
		rows = append(rows, []float64{times[i]})
	}
	var panels []figure.Panel
	for _, rho := range hyperFigure5Rhos {
		mu := []float64{10, rho, hyperFigure5Beta}
		var ends string
		lines := figure.Lines{XLabel: "x", YLabel: "z"}
		for k, start := range hyperFigure5Starts {
			states, err := pde.Lorenz{}.Trajectory(mu, start, times, pde.LorenzTight)
			if err != nil {
				return Output{}, err
			}
			end, err := pde.ClassifyLorenz(states, times[1])
			if err != nil {
				return Output{}, err
			}
			if k > 0 {
				ends += ", "
			}
			ends += string(end)
			series := figure.Series{X: component(states, 0), Y: component(states, 2)}
			series.Name = fmt.Sprintf("from (%g, %g, %g)", start[0], start[1], start[2])
			lines.Series = append(lines.Series, series)
			for _, axis := range []string{"x", "y", "z"} {
				head = append(head, fmt.Sprintf("rho=%g start %d %s", rho, k+1, axis))
			}
			for i := range rows {
				rows[i] = append(rows[i], states[i*every]...)
			}
		}
		lines.Title = fmt.Sprintf("ρ = %g: %s", rho, ends)
		panels = append(panels, lines)
	}
	f, err := drawn(hyperFigure5(), p, "True trajectories of 25 s at σ = 10, β = 8/3, with where each ends.", figure.Row{Panels: panels, Wrap: 2}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}
