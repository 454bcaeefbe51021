// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"slices"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// robustness asks what keeps seeds from being lost: points that are drawn anew and a
// falling rate in Phase 1, each alone and both, and how many queries of each seed are
// solved from there.
func robustness() Experiment {
	return Experiment{
		ID:     "beyond/robust",
		Title:  "Beyond the paper: no lost seeds",
		runs:   robustnessRuns,
		render: renderRobustness,
	}
}

func robustnessRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var all []*Run
	for _, first := range firstPhases[:p.Beyond.FirstPhases] {
		for _, seed := range p.Seeds {
			start, queries, err := first.queries(st, p, seed)
			if err != nil {
				return nil, err
			}
			all = append(append(all, start), queries...)
		}
	}
	return all, nil
}

// queries are a seed's Phase 1, and from it Phase 2 at the β of Table 2.
func (f firstPhase) queries(st study, p Preset, seed int64) (start *Run, queries []*Run, err error) {
	if start, err = f.run(st, seed); err != nil {
		return nil, nil, err
	}
	for _, mu := range mus(table2Betas) {
		r, err := lmFresh.query(st, p, f, mu, lrpinn.FullRank, seed)
		if err != nil {
			return nil, nil, err
		}
		queries = append(queries, r)
	}
	return start, queries, nil
}

// robustMetrics are what is told of a seed.
var robustMetrics = []struct {
	name, unit string
	of         func(start *store.Record, queries []finishedRun) (float64, bool)
}{
	{"phase1_rel_err", "-", func(start *store.Record, _ []finishedRun) (float64, bool) {
		return meanOver(start, func(ev pinn.Evaluation) float64 { return ev.Test.RelL2 }), true
	}},
	{"phase1_residual_grid", "-", func(start *store.Record, _ []finishedRun) (float64, bool) {
		return meanOver(start, func(ev pinn.Evaluation) float64 { return ev.ResidualGrid }), true
	}},
	{"worst_rel_err", "-", func(_ *store.Record, queries []finishedRun) (float64, bool) {
		if len(queries) < len(table2Betas) {
			return 0, false
		}
		worst := slices.MaxFunc(queries, func(a, b finishedRun) int {
			if a.ev.Test.RelL2 < b.ev.Test.RelL2 {
				return -1
			}
			return 1
		})
		return worst.ev.Test.RelL2, true
	}},
	{"solved", "β", func(_ *store.Record, queries []finishedRun) (float64, bool) {
		return float64(count(queries, finishedRun.solved)), len(queries) == len(table2Betas)
	}},
}

func renderRobustness(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	table := report.Table{
		ID:    robustness().ID,
		Title: robustness().Title,
		Note: fmt.Sprintf("Phase 1 of %d steps on β = 30 … 40, trained in four ways, and from each %d iterations of Levenberg–Marquardt on fresh points at β = 30, 35 and 40. "+
			"phase1_rel_err and phase1_residual_grid are means over the 11 β after Phase 1; worst_rel_err is the largest of the three errors after Phase 2, and solved how many of the three are at most %g.",
			p.Phase1Steps, p.Beyond.Iterations, beyondTarget),
	}
	for _, first := range firstPhases[:p.Beyond.FirstPhases] {
		for _, seed := range p.Seeds {
			start, queries, err := first.queries(st, p, seed)
			if err != nil {
				return Output{}, err
			}
			record, err := s.Find(start)
			if err != nil {
				return Output{}, err
			}
			found, err := s.finished(queries, nil)
			if err != nil {
				return Output{}, err
			}
			for _, metric := range robustMetrics {
				m := measurement{evidence: Evidence{Role: RoleMethod, Smoke: p.Smoke}}
				if record != nil {
					if v, ok := metric.of(record, found); ok {
						m.evidence.Values, m.seeds = []float64{v}, []int64{seed}
						m.runs = append([]*Run{start}, queries...)
					}
				}
				cell, err := beyondCell("robust", fmt.Sprintf("%s;seed=%d", first.name, seed), "LM, fresh points", metric.name, metric.unit, m, beyondReduced(p), robustness().Command(p))
				if err != nil {
					return Output{}, err
				}
				table.Cells = append(table.Cells, cell)
			}
		}
	}
	return Output{Tables: []report.Table{table}}, nil
}
