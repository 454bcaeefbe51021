// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
)

// beyondMany is Figure 5 with the robust Phase 1 and Levenberg–Marquardt: 150 unseen β,
// and how far from the training range the method reaches.
func beyondMany() Experiment {
	return Experiment{
		ID:     "beyond/many",
		Title:  "Beyond the paper: many unseen β, near and far",
		runs:   beyondManyRuns,
		render: renderBeyondMany,
	}
}

func beyondManyRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, mu := range mus(slices.Concat(table2Betas, p.Many.Betas, p.Beyond.Far)) {
		r, err := lmFresh.query(st, p, robust, mu, lrpinn.FullRank, p.Seeds[0])
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// nearest and farthest are the ends of Figure 5.
const nearest, farthest = 25, 45

var beyondGroups = []queryGroup{
	{"unseen β in [30, 40]", func(q manyQuery) bool { return !q.trained && q.beta >= 30 && q.beta <= 40 }},
	{"unseen β in [25, 30) and (40, 45]", func(q manyQuery) bool {
		return q.beta >= nearest && q.beta < 30 || q.beta > 40 && q.beta <= farthest
	}},
	{"all unseen β in [25, 45]", func(q manyQuery) bool { return !q.trained && q.beta >= nearest && q.beta <= farthest }},
}

// within is the error that counts as an answer far from the training range.
const within = .01

func renderBeyondMany(_ context.Context, s *Session, p Preset) (Output, error) {
	runs, err := beyondManyRuns(p)
	if err != nil {
		return Output{}, err
	}
	queries, err := s.queriesOf(runs)
	if err != nil {
		return Output{}, err
	}
	table := report.Table{
		ID:    beyondMany().ID,
		Title: beyondMany().Title,
		Note: fmt.Sprintf("Relative L2 error on the 1,000 test points after %d iterations of Levenberg–Marquardt on fresh points, full rank, from one robust Phase 1 on β = 30 … 40, seed %d. "+
			"The time is the sum over the group's queries, as one thread trains them, without compilation: two threads take half. The reach is the widest range of β around the training range in which every query that was run is within %g.",
			p.Beyond.Iterations, p.Seeds[0], within),
	}
	for _, g := range beyondGroups {
		cells, err := s.groupCells(g, queries, p)
		if err != nil {
			return Output{}, err
		}
		table.Cells = append(table.Cells, cells...)
	}
	low, high := reach(queries)
	for _, end := range []struct {
		column string
		beta   float64
	}{{"from", low}, {"to", high}} {
		m := measurement{evidence: Evidence{Role: RoleMethod, Smoke: p.Smoke}}
		if !math.IsNaN(end.beta) {
			m.evidence.Values = []float64{end.beta}
		}
		c, err := beyondCell("many", fmt.Sprintf("reach within %g", within), end.column, "beta", "-", m, beyondReduced(p), beyondMany().Command(p))
		if err != nil {
			return Output{}, err
		}
		table.Cells = append(table.Cells, c)
	}
	out := Output{Tables: []report.Table{table}}
	if len(queries) == 0 {
		return out, nil
	}
	panel := queryErrors(queries, nil, "rel L2 after Levenberg–Marquardt", "rel L2", "rel_err")
	var rows [][]float64
	for _, q := range queries {
		rows = append(rows, []float64{q.beta, yes(q.trained), q.ev.Test.RelL2, q.ev.Grid.RelL2, q.ev.TrivialTest.RelL2})
	}
	caption := fmt.Sprintf("One query a β, %d iterations each, from one robust Phase 1 on β = 30 … 40 (shaded), seed %d.%s",
		p.Beyond.Iterations, p.Seeds[0], reducedNote(beyondReduced(p)))
	f, err := drawn(beyondMany(), p, caption, figure.Row{Panels: []figure.Panel{panel}}, []string{"beta", "training", "rel_err", "grid_rel_err", "trivial_rel_err"}, rows)
	out.Figures = []report.Figure{f}
	return out, err
}

// groupCells sum a group up.
func (s *Session) groupCells(g queryGroup, queries []manyQuery, p Preset) ([]report.Cell, error) {
	group := g.of(queries)
	var errors, seconds []float64
	var runs []*Run
	for _, q := range group {
		f, ok, err := s.finishedRun(q.run, nil)
		if err != nil {
			return nil, err
		}
		if ok {
			errors, seconds, runs = append(errors, q.ev.Test.RelL2), append(seconds, f.took()), append(runs, q.run)
		}
	}
	sum := 0.
	for _, t := range seconds {
		sum += t
	}
	var cells []report.Cell
	for _, c := range []struct {
		column, metric, unit string
		of                   func() float64
	}{
		{"number", "queries", "-", func() float64 { return float64(len(errors)) }},
		{"median", "rel_err", "-", func() float64 { return quantile(errors, .5) }},
		{"worst", "rel_err", "-", func() float64 { return slices.Max(errors) }},
		{"sum", "time", "s", func() float64 { return sum }},
	} {
		m := measurement{evidence: Evidence{Role: RoleMethod, Smoke: p.Smoke}, runs: runs}
		if len(errors) > 0 {
			m.evidence.Values = []float64{c.of()}
		}
		cell, err := beyondCell("many", g.name, c.column, c.metric, c.unit, m, beyondReduced(p), beyondMany().Command(p))
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// reach is the range of β around the training range in which all queries are within the
// limit; NaN where none is.
func reach(queries []manyQuery) (low, high float64) {
	middle := (trainingBetas[0] + trainingBetas[len(trainingBetas)-1]) / 2
	low, high = math.NaN(), math.NaN()
	inside := func(q manyQuery) bool { return q.ev.Test.RelL2 <= within }
	for _, q := range slices.Backward(queries) { // in the order of β
		if q.beta > middle {
			continue
		}
		if !inside(q) {
			break
		}
		low = q.beta
	}
	for _, q := range queries {
		if q.beta < middle {
			continue
		}
		if !inside(q) {
			break
		}
		high = q.beta
	}
	return low, high
}
