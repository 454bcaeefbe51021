// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/data"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// choices shows where it matters what the second paper leaves open on Burgers'
// equation: each of the three networks with one choice changed, judged at the
// validation ν.
func choices() Experiment {
	return Experiment{
		ID:     "hyperpinn/choices",
		Title:  "Burgers: what the paper leaves open",
		runs:   choiceRuns,
		render: renderChoices,
	}
}

// burgersChoices are what is compared; the first is what everything else is trained
// with. The last is equation 6 read as sums with α = 1.
func burgersChoices(p Preset) []burgersChoice {
	collocation := float64(p.Burgers.Settings * p.Burgers.Points)
	return []burgersChoice{
		{},
		{name: "ν scaled logarithmically", scaling: pinn.ScaleLog},
		{name: "ν not scaled", scaling: "raw"},
		{name: "hypernetwork of ReLU", activation: hyperpinn.ReLU},
		{name: "learning rate 3e-3", rate: 3e-3},
		{name: "constant learning rate", constantRate: true},
		{name: "a quarter of the collocation points", points: .25},
		{name: "four times the collocation points", points: 4},
		{name: "α = .1", residualWeight: .1},
		{name: fmt.Sprintf("α = .1, %d steps", p.Burgers.Steps), residualWeight: .1, all: true},
		{name: "α = .01", residualWeight: .01},
		{name: "α = N_c/100", residualWeight: collocation / 100},
	}
}

// choiceRuns are a network trained with a choice, a run a seed; none where it has no
// such choice to make.
func (n burgersNet) choiceRuns(p Preset, c burgersChoice) ([]*Run, error) {
	if n.width > 0 && c.activation != "" || c.all && !narrowWidth(n.width) {
		return nil, nil // it has no hypernetwork, or takes long
	}
	var runs []*Run
	for _, seed := range p.Burgers.ChoiceSeeds {
		r, err := n.choiceRun(p, c, seed)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func (n burgersNet) choiceRun(p Preset, c burgersChoice, seed int64) (*Run, error) {
	steps := p.Burgers.ChoiceSteps
	if c.all {
		steps = p.Burgers.Steps
	}
	r, err := n.run(p, steps, seed, c)
	if err != nil {
		return nil, err
	}
	// It is judged by its probes, at the validation ν. None of these is a run of Table
	// 1, which have errors at the test's: either the steps are others or the choice.
	r.evaluateAt, r.measure = nil, nil
	if c.all {
		return r, nil // its name has the steps
	}
	return r.withNote(fmt.Sprintf("%d steps", steps)), nil
}

func choiceRuns(p Preset) ([]*Run, error) {
	var runs []*Run
	for _, n := range burgersNets[:p.Burgers.ChoiceNets] {
		for _, c := range burgersChoices(p) {
			more, err := n.choiceRuns(p, c)
			if err != nil {
				return nil, err
			}
			runs = append(runs, more...)
		}
	}
	return runs, nil
}

func renderChoices(_ context.Context, s *Session, p Preset) (Output, error) {
	t := report.Table{
		ID:    choices().ID,
		Title: choices().Title,
		Note: fmt.Sprintf("Mean over %d validation ν of the relative L2 error on 1,000 points after %d steps. "+
			"The first row is what all else is trained with: ν scaled linearly to [−1, 1], a hypernetwork of tanh, Adam at %g after a warm-up of %d steps and down to 0 by a cosine, "+
			"%d collocation points a step, and means of squares with α = 1. Each other row changes one of these.",
			p.Burgers.Settings, p.Burgers.ChoiceSteps, burgersRate, burgersWarmup, p.Burgers.Settings*p.Burgers.Points),
	}
	for _, c := range burgersChoices(p) {
		for _, n := range burgersNets[:p.Burgers.ChoiceNets] {
			runs, err := n.choiceRuns(p, c)
			if err != nil {
				return Output{}, err
			}
			if len(runs) == 0 {
				continue
			}
			row := c.name
			if row == "" {
				row = "as everywhere else"
			}
			m := measurement{evidence: Evidence{Role: n.role, Smoke: p.Smoke}}
			for _, r := range runs {
				record, err := s.Find(r)
				if err != nil {
					return Output{}, err
				}
				if record == nil {
					continue
				}
				last, ok := probeAt(record, r.Config.Train.Steps, pinn.RelProbe)
				if !ok {
					return Output{}, fmt.Errorf("reproduce: record %s lacks the last value of %s", record.Name, pinn.RelProbe)
				}
				m.evidence.Values = append(m.evidence.Values, last)
				m.seeds, m.runs = append(m.seeds, r.Config.Seed), append(m.runs, r)
			}
			cell, err := m.cell(report.Cell{
				ID:  data.CellID("hyperpinn", "choices", row, n.name, "rel_err"),
				Row: row, Column: n.name, Metric: "rel_err", Command: choices().Command(p),
			})
			if err != nil {
				return Output{}, err
			}
			t.Cells = append(t.Cells, cell)
		}
	}
	return Output{Tables: []report.Table{t}}, nil
}
