// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
)

// figure7 is Figure 7: the Helmholtz solution at a1 = a2 = 2.5, exact, by a PINN
// after 2,000 epochs and by Hyper-LR-PINN after 10 of Phase 2.
func figure7() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig7",
		Title:  "Helmholtz at a = 2.5: exact, PINN, Hyper-LR-PINN",
		runs:   figure7Runs,
		render: renderFigure7,
	}
}

// Settings of the figure (section 4.2.3).
const (
	figure7A      = 2.5
	figure7Phase2 = 10
	figure7PINN   = 2_000
)

// wavesHyper is Phase 2 on the Helmholtz equation, at adaptive rank as elsewhere:
// the text does not name one.
func wavesHyper(st study, a float64, seed int64) *Run {
	return st.hyper(waves(a), lrpinn.AdaptiveRank, seed)
}

// figure7Run is one of the figure's two networks, of the first seed.
type figure7Run struct {
	name string
	run  *Run
}

func figure7Networks(p Preset) (study, []figure7Run, error) {
	st, err := wavesStudy(p)
	if err != nil {
		return st, nil, err
	}
	seed := p.Waves.Seeds[0]
	return st, []figure7Run{
		{"PINN", st.pinn(waves(figure7A), seed).lasting(min(figure7PINN, p.Waves.Steps))},
		{"Hyper-LR-PINN", wavesHyper(st, figure7A, seed).lasting(figure7Phase2)},
	}, nil
}

func figure7Runs(p Preset) ([]*Run, error) {
	_, networks, err := figure7Networks(p)
	var runs []*Run
	for _, n := range networks {
		runs = append(runs, n.run)
	}
	return runs, err
}

func renderFigure7(ctx context.Context, s *Session, p Preset) (Output, error) {
	st, networks, err := figure7Networks(p)
	if err != nil {
		return Output{}, err
	}
	mu, grid := waves(figure7A), st.setup.Points.Grid
	exact, err := st.setup.Problem.Reference(mu, grid.Points)
	if err != nil {
		return Output{}, err
	}
	panels := []figure.Panel{Heat(grid, exact, "(a) exact", [2]float64{-1, 1})}
	head, fields := []string{"x", "y", "exact"}, [][]float64{exact}
	caption := fmt.Sprintf("u(x, y) on a grid of 101×101 points, with the relative L2 error there. a = %g is one of the 11 values that Phase 1 is trained on, not an unseen one. "+
		"Phase 2 is at adaptive rank; the PINN has learning rate %g. Seed %d.", figure7A, pinnRate, p.Waves.Seeds[0])
	for _, n := range networks {
		f, ok, err := s.finishedRun(n.run, mu)
		if err != nil {
			return Output{}, err
		}
		if !ok {
			continue
		}
		what := fmt.Sprintf("%s, %d epochs, rel L2 %.3g", n.name, n.run.Config.Train.Steps, f.ev.Grid.RelL2)
		drawable, err := s.hasWeights(n.run)
		if err != nil {
			return Output{}, err
		}
		if !drawable {
			caption += fmt.Sprintf(" Not drawn, since its record holds no weights: %s.", what)
			continue
		}
		u, err := s.Field(ctx, n.run, mu, grid.Points)
		if err != nil {
			return Output{}, err
		}
		if f.ev.Spurious {
			what += ", spurious"
		}
		panels = append(panels, Heat(grid, u, fmt.Sprintf("(%c) %s", 'a'+len(fields), what), [2]float64{-1, 1}))
		head, fields = append(head, n.name), append(fields, u)
	}
	rows := make([][]float64, len(grid.Points))
	for i, at := range grid.Points {
		rows[i] = append(rows[i], at...)
		for _, u := range fields {
			rows[i] = append(rows[i], u[i])
		}
	}
	if less := joinReasons(
		prefixed("Phase 1: ", reduced(p.Waves.Phase1Steps, paperPhase1Steps)),
		prefixed("PINN: ", reduced(networks[0].run.Config.Train.Steps, figure7PINN))); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := drawn(figure7(), p, caption, figure.Row{Panels: panels}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}

// hasWeights is whether a run's network can be evaluated from the store: its own
// weights are there, and those of what it starts from. A record that is under
// version control may have none.
func (s *Session) hasWeights(r *Run) (bool, error) {
	for ; r != nil; r = r.Parent {
		record, err := s.Find(r)
		if err != nil || record == nil || record.Weights == nil {
			return false, err
		}
	}
	return true, nil
}
