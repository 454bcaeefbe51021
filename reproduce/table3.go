// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/baselines"
	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
)

// table3 is Table 3: numbers of trainable parameters, counted on the models; the
// adaptive count needs a trained Phase 1.
func table3() Experiment {
	return Experiment{
		ID:    "hyper-lr-pinn/table3",
		Title: "Numbers of trainable parameters",
		runs: func(p Preset) ([]*Run, error) {
			setup, err := convection()
			if err != nil {
				return nil, err
			}
			var runs []*Run
			for _, seed := range p.Seeds {
				runs = append(runs, failureModePhase1(setup, p, seed))
			}
			return runs, nil
		},
		render: renderTable3,
	}
}

func renderTable3(_ context.Context, s *Session, p Preset) (Output, error) {
	setup, err := convection()
	if err != nil {
		return Output{}, err
	}
	command := table3().Command(p)
	t := report.Table{
		ID:    table3().ID,
		Title: table3().Title,
		Note:  "Counted on the models that are trained. The Naive-LR-PINN is the variant on fixed bases (D5).",
	}
	add := func(row string, m measurement) error {
		published, err := data.Find(data.CellID("hyper-lr-pinn", "table3", row, "# Parameters", "count"))
		if err != nil {
			return err
		}
		m.evidence.Role = RoleCount
		m.evidence.Smoke = p.Smoke
		c, err := cell(published, m, command)
		t.Cells = append(t.Cells, c)
		return err
	}
	for rank := 10; rank <= 50; rank += 10 {
		n := baselines.NaiveLR{Setup: setup, Mu: []float64{30, 0, 0}, Rank: rank}
		m := measurement{evidence: Evidence{Values: []float64{float64(n.Task().Count())}}}
		if err := add(fmt.Sprintf("Naive-LR-PINN rank %d", rank), m); err != nil {
			return Output{}, err
		}
	}
	adaptive, err := s.adaptiveCounts(p)
	if err != nil {
		return Output{}, err
	}
	if err := add("Ours (Hyper-LR-PINN) rank Adaptive", adaptive); err != nil {
		return Output{}, err
	}
	pinn := baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}
	if err := add("PINN", measurement{evidence: Evidence{Values: []float64{float64(pinn.Task().Count())}}}); err != nil {
		return Output{}, err
	}

	// The full-rank count is what the paper prints for the adaptive one.
	_, phase2, err := exampleTasks()
	if err != nil {
		return Output{}, err
	}
	row, column := "Hyper-LR-PINN full rank", "# Parameters"
	c, err := measurement{evidence: Evidence{Role: RoleCount, Smoke: p.Smoke, Values: []float64{float64(phase2.Count())}}}.cell(report.Cell{
		ID: data.CellID("hyper-lr-pinn", "table3", row, column, "count"), Row: row, Column: column, Metric: "count", Unit: "parameters", Command: command,
	})
	if err != nil {
		return Output{}, err
	}
	t.Cells = append(t.Cells, c)
	return Output{Tables: []report.Table{t}}, nil
}

// adaptiveCounts are 201 + Σ ranks at β = 30, 35, 40 for each seed.
func (s *Session) adaptiveCounts(p Preset) (measurement, error) {
	m := measurement{evidence: Evidence{
		Because: "the measured reason: the printed ~351 = 201 + 3·50 is the full-rank count; with adaptive rank it is 201 + Σ ranks, in the authors' own checkpoint 294 (D4)",
	}}
	setup, err := convection()
	if err != nil {
		return m, err
	}
	for _, seed := range p.Seeds {
		r := failureModePhase1(setup, p, seed)
		record, err := s.Find(r)
		if err != nil || record == nil {
			return m, err
		}
		m.runs = append(m.runs, r)
		for _, beta := range table2Betas {
			for i, ev := range record.Metrics.Evaluations {
				if ev.Mu[0] == beta {
					m.evidence.Values = append(m.evidence.Values, float64(adaptiveCount(record.Metrics.Ranks[i])))
				}
			}
		}
	}
	m.evidence.Reduced = prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps))
	return m, nil
}

// adaptiveCount is the number of trained values in Phase 2 at adaptive rank:
// 150 + 51 of the end layers and one a rank (width 50, two coordinates).
func adaptiveCount(ranks []int) int {
	n := 201
	for l := range lrpinn.Layers {
		n += ranks[l]
	}
	return n
}
