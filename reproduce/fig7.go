// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

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
	row, err := newHeatRow(st.setup, waves(figure7A), [2]float64{-1, 1}, "x", "y")
	if err != nil {
		return Output{}, err
	}
	for _, n := range networks {
		if _, err := row.network(ctx, s, n.run, n.name, fmt.Sprintf(", %d epochs", n.run.Config.Train.Steps)); err != nil {
			return Output{}, err
		}
	}
	caption := fmt.Sprintf("u(x, y) on a grid of 101×101 points, with the relative L2 error there. a = %g is one of the 11 values that Phase 1 is trained on, not an unseen one. "+
		"Phase 2 is at adaptive rank; the PINN has learning rate %g. Seed %d.", figure7A, pinnRate, p.Waves.Seeds[0])
	if less := joinReasons(
		prefixed("Phase 1: ", reduced(p.Waves.Phase1Steps, paperPhase1Steps)),
		prefixed("PINN: ", reduced(networks[0].run.Config.Train.Steps, figure7PINN))); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := row.figure(figure7(), p, caption)
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
