// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"

	"pinn.example/repro/baselines"
	"pinn.example/repro/figure"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// figure3 is Figure 3: training loss and test error of the three meta-learners
// while they learn, averaged over β = 30 … 40.
func figure3() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig3",
		Title:  "Meta-learning on β = 30 … 40: loss and test error per epoch",
		runs:   figure3Runs,
		render: renderFigure3,
	}
}

// figure3Rank is the rank of MAML's and Reptile's network in Figure 3, which the
// paper does not name: the one at which every preset has them.
const figure3Rank = 30

// metaLearner is one of the three.
type metaLearner struct {
	name string
	run  *Run
	// probes are its errors: as it is and, for some, after the inner steps.
	probes []string
}

func figure3Learners(p Preset) ([]metaLearner, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	seed := p.BaselineSeeds[0]
	both := []string{pinn.RelProbe, pinn.RelProbe + baselines.AdaptedSuffix}
	return []metaLearner{
		{name: "MAML", run: st.mamlStart(figure3Rank, seed), probes: both},
		{name: "Reptile", run: st.reptileStart(figure3Rank, seed), probes: both},
		{name: "Hyper-LR-PINN", run: st.phase1(p.Seeds[0]), probes: both[:1]},
	}, nil
}

func figure3Runs(p Preset) ([]*Run, error) {
	learners, err := figure3Learners(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, l := range learners {
		runs = append(runs, l.run)
	}
	return runs, nil
}

func renderFigure3(_ context.Context, s *Session, p Preset) (Output, error) {
	learners, err := figure3Learners(p)
	if err != nil {
		return Output{}, err
	}
	loss := figure.Lines{Title: "(a) training loss", XLabel: "epoch (outer step)", YLabel: "loss, mean over tasks", LogX: true, LogY: true}
	errors := figure.Lines{Title: "(b) test error", XLabel: "epoch (outer step)", YLabel: "rel L2, mean over β", LogX: true}
	head := []string{"learner", "adapted", "epoch", "loss", "rel_err"}
	var rows [][]float64
	var adapted []figure.Series // after the others, whose colours are those of (a)
	for i, l := range learners {
		record, err := s.Find(l.run)
		if err != nil {
			return Output{}, err
		}
		if record == nil {
			continue
		}
		c := physicsLoss(record)
		loss.Series = append(loss.Series, figure.Series{Name: l.name, X: c.steps, Y: c.values})
		for k, step := range c.steps {
			rows = append(rows, []float64{float64(i), 0, step, c.values[k], math.NaN()})
		}
		for k, probe := range l.probes {
			e := probedCourse(record, probe)
			if len(e.steps) == 0 {
				continue
			}
			if k == 0 {
				errors.Series = append(errors.Series, figure.Series{Name: l.name, X: e.steps, Y: e.values})
			} else {
				adapted = append(adapted, figure.Series{Name: l.name + ", adapted", X: e.steps, Y: e.values, Dashed: true})
			}
			for at, step := range e.steps {
				rows = append(rows, []float64{float64(i), float64(k), step, math.NaN(), e.values[at]})
			}
		}
	}
	if len(loss.Series) == 0 {
		return Output{}, nil
	}
	errors.Series = append(errors.Series, adapted...)
	caption := fmt.Sprintf("MAML and Reptile learn the initial weights of a Naive-LR-PINN of rank %d; \"adapted\" is after their inner steps at each β. "+
		"An outer step of MAML sees 3 of the 11 β, one of Reptile a single β for 10 inner steps, one of Phase 1 all 11. MAML's loss is that after the inner step. "+
		"The loss is without the orthogonality term, which the others lack.", figure3Rank)
	if short := joinReasons(prefixed("MAML ", reduced(p.MAMLSteps, paperMetaSteps)), prefixed("Reptile ", reduced(p.ReptileSteps, paperMetaSteps)),
		prefixed("Phase 1 ", reduced(p.Phase1Steps, paperPhase1Steps))); short != "" {
		caption += " Reduced: " + short + "."
	}
	f, err := drawn(figure3(), p, caption, figure.Row{Panels: []figure.Panel{loss, errors}}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}
