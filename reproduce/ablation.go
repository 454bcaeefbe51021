// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
)

// variant is Hyper-LR-PINN on convection with something left out or put in
// (appendices D and Q).
type variant struct {
	name   string // a column
	phase1 phase1Model
	phase2 phase2Model
	// moreSeeds is set where it and what it is held against start from Table 2's own
	// Phase 1, so that only Phase 2 is trained.
	moreSeeds bool
}

// seeds are those it is trained with.
func (v variant) seeds(p Preset) []int64 {
	if v.moreSeeds {
		return p.Ablation.QuerySeeds
	}
	return p.Ablation.Seeds
}

// asCode is the method as the authors' code has it, at full rank: where a preset's
// ablations have the steps of Table 2, its runs are those of Table 2.
var asCode = variant{name: "as the code", phase2: phase2Model{Rank: lrpinn.FullRank}}

// start is the variant's Phase 1.
func (v variant) start(st study, p Preset, seed int64) *Run {
	return phase1Run(st.setup, st.train, v.phase1, st.steps.phase1, seed).lasting(p.Ablation.Phase1Steps)
}

// query is its Phase 2 at mu from there.
func (v variant) query(st study, p Preset, mu []float64, seed int64) *Run {
	r := phase2Run(v.start(st, p, seed), mu, v.phase2, st.steps.phase2).lasting(p.Ablation.Phase2Steps)
	if p.Ablation.Phase1Steps != st.steps.phase1 {
		r.Label = noted(r.Label, fmt.Sprintf("after %d", p.Ablation.Phase1Steps))
	}
	return r
}

// starts and queries are a run a seed.
func (v variant) starts(st study, p Preset) []*Run {
	var runs []*Run
	for _, seed := range v.seeds(p) {
		runs = append(runs, v.start(st, p, seed))
	}
	return runs
}

func (v variant) queries(st study, p Preset, mu []float64) []*Run {
	var runs []*Run
	for _, seed := range v.seeds(p) {
		runs = append(runs, v.query(st, p, mu, seed))
	}
	return runs
}

// variantRuns are the Phase 2 of variants at the β of Table 2.
func variantRuns(p Preset, variants []variant) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, v := range variants {
		for _, mu := range mus(table2Betas) {
			runs = append(runs, v.queries(st, p, mu)...)
		}
	}
	return runs, nil
}

// ablationReduced says in which way a preset's ablations are below the paper's.
func ablationReduced(p Preset) string {
	return joinReasons(
		prefixed("Phase 1: ", reduced(p.Ablation.Phase1Steps, paperPhase1Steps)),
		prefixed("Phase 2: ", reduced(p.Ablation.Phase2Steps, paperPhase2Steps)))
}

// reducedNote is a sentence for a caption, empty where nothing is reduced.
func reducedNote(less string) string {
	if less == "" {
		return ""
	}
	return " Reduced: " + less + "."
}

// betaRow is the row of a β in a cell's id.
func betaRow(mu []float64) string { return fmt.Sprintf("beta=%g", mu[0]) }

// variantCells are the errors of variants at the β of Table 2, with the best
// constant's.
func (s *Session) variantCells(p Preset, table string, variants []variant, command string) ([]report.Cell, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	metrics := []string{"abs_err", "rel_err"}
	var cells []report.Cell
	for _, mu := range mus(table2Betas) {
		for _, v := range variants {
			for _, name := range metrics {
				m, err := s.measure(v.queries(st, p, mu), mu, name)
				if err != nil {
					return nil, err
				}
				m.evidence.Role, m.evidence.Smoke = RoleMethod, p.Smoke
				c, err := ours(table, betaRow(mu), v.name, name, m, ablationReduced(p), command)
				if err != nil {
					return nil, err
				}
				cells = append(cells, c)
			}
		}
		trivial, err := s.trivialCells(systems{study: st, row: betaRow}, table, mu, metrics, command)
		if err != nil {
			return nil, err
		}
		cells = append(cells, trivial...)
	}
	return cells, nil
}

// ours is a cell for which the main text prints no number: in place of a verdict's
// reason it has the median and the quartiles over seeds.
func ours(table, row, column, metricName string, m measurement, less, command string) (report.Cell, error) {
	c, err := cellOf(table, row, column, metricName, m, command)
	if err != nil {
		return c, err
	}
	if len(m.evidence.Values) == 0 {
		c.Reason = "not run"
		return c, nil
	}
	if m.evidence.Smoke {
		return c, nil
	}
	c.Reason = joinReasons(quartiles(m.evidence.Values), prefixed("reduced: ", less))
	return c, nil
}

// quartiles sums seeds up, empty for one.
func quartiles(values []float64) string {
	if len(values) < 2 {
		return ""
	}
	return fmt.Sprintf("median %s, quartiles %s and %s", number(quantile(values, .5)), number(quantile(values, .25)), number(quantile(values, .75)))
}
