// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// figure5 is Figure 5: Phase 2 at many unseen β from one Phase 1 on β = 30 … 40.
// Its rank is the adaptive one: panel (c) shows the number of trained values over
// β, which at full rank is 351 throughout.
func figure5() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig5",
		Title:  "Many unseen β: errors and trained values",
		runs:   figure5Runs,
		render: renderFigure5,
	}
}

// paperQueries is the number of unseen β (section 4.2.1).
const paperQueries = 150

// manyRun is Phase 2 at one β of Figure 5.
func manyRun(st study, p Preset, beta float64) *Run {
	return st.hyper([]float64{beta, 0, 0}, lrpinn.AdaptiveRank, p.Seeds[0]).lasting(p.Many.Steps)
}

// figure5Runs are Phase 2 at the unseen β, and at the training β of Table 2, which
// they are held against (claim H14).
func figure5Runs(p Preset) ([]*Run, error) {
	var runs []*Run
	for _, seed := range p.Many.Seeds {
		own, err := manyRuns(withSeed(p, seed))
		if err != nil {
			return nil, err
		}
		runs = append(runs, own...)
	}
	return runs, nil
}

// manyRuns are those of the first seed.
func manyRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, beta := range slices.Concat(table2Betas, p.Many.of(p.Seeds[0])) {
		runs = append(runs, manyRun(st, p, beta))
	}
	return runs, nil
}

// manyQuery is what is known of Phase 2 at one β.
type manyQuery struct {
	beta float64
	// trained says that β is one of Phase 1's, so that it is not unseen.
	trained bool
	ev      pinn.Evaluation
	// parameters are the values that Phase 2 trains.
	parameters int
	run        *Run
}

// manyQueries are the queries of Figure 5 that have been run of the first seed, in the
// order of β.
func (s *Session) manyQueries(p Preset) ([]manyQuery, error) {
	runs, err := manyRuns(p)
	if err != nil {
		return nil, err
	}
	return s.queriesOf(runs)
}

// queriesOf are those of runs, Phase 2 at different β, that have been run, in the order
// of β.
func (s *Session) queriesOf(runs []*Run) ([]manyQuery, error) {
	found, err := s.finished(runs, nil)
	if err != nil {
		return nil, err
	}
	var queries []manyQuery
	for _, f := range found {
		beta := f.ev.Mu[0]
		queries = append(queries, manyQuery{
			beta: beta, trained: slices.Contains(trainingBetas, beta),
			ev: f.ev, parameters: f.record.Metrics.Parameters, run: f.Run,
		})
	}
	slices.SortFunc(queries, func(a, b manyQuery) int { return cmp.Compare(a.beta, b.beta) })
	return queries, nil
}

// queryGroup is a part of Figure 5's queries.
type queryGroup struct {
	name string
	has  func(q manyQuery) bool
}

// queryGroups are the unseen β on either side of the training range and in it,
// which the text tells apart (claims H14 and H15), and the training β beside them.
var queryGroups = []queryGroup{
	{"unseen β < 30", func(q manyQuery) bool { return !q.trained && q.beta < 30 }},
	{"unseen β in [30, 40]", func(q manyQuery) bool { return !q.trained && q.beta >= 30 && q.beta <= 40 }},
	{"unseen β > 40", func(q manyQuery) bool { return !q.trained && q.beta > 40 }},
	{"training β", func(q manyQuery) bool { return q.trained }},
}

// of are the queries of the group.
func (g queryGroup) of(queries []manyQuery) []manyQuery {
	var in []manyQuery
	for _, q := range queries {
		if g.has(q) {
			in = append(in, q)
		}
	}
	return in
}

// errors are a metric of the group's queries on the test points.
func (g queryGroup) errors(queries []manyQuery, metricName string) ([]float64, error) {
	var values []float64
	for _, q := range g.of(queries) {
		v, err := score(metricName, q.ev.Test)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

func renderFigure5(_ context.Context, s *Session, p Preset) (Output, error) {
	bySeed := make([][]manyQuery, len(p.Many.Seeds))
	for i, seed := range p.Many.Seeds {
		var err error
		if bySeed[i], err = s.manyQueries(withSeed(p, seed)); err != nil {
			return Output{}, err
		}
	}
	queries, others := bySeed[0], slices.Concat(bySeed[1:]...)
	table, err := queryTable(p, bySeed)
	if err != nil {
		return Output{}, err
	}
	out := Output{Tables: []report.Table{table}}
	if len(queries) == 0 {
		return out, nil
	}
	panels := []figure.Panel{
		queryErrors(queries, others, "(a) mean absolute error", "mean |u − û|", "abs_err"),
		queryErrors(queries, others, "(b) relative error", "rel L2", "rel_err"),
		queryCounts(queries),
	}
	head := []string{"seed", "beta", "training", "abs_err", "rel_err", "trivial_abs_err", "trivial_rel_err", "grid_rel_err", "trained_values", "failed", "spurious"}
	var rows [][]float64
	for _, q := range slices.Concat(queries, others) {
		rows = append(rows, []float64{
			float64(q.run.Config.Seed), q.beta, yes(q.trained), q.ev.Test.Abs, q.ev.Test.RelL2, q.ev.TrivialTest.Abs, q.ev.TrivialTest.RelL2, q.ev.Grid.RelL2,
			float64(q.parameters), yes(failed(q.ev)), yes(q.ev.Spurious),
		})
	}
	caption := fmt.Sprintf("Phase 2 of %d steps at each β, adaptive rank, from one Phase 1 on β = 30 … 40 (shaded), seed %d; errors on the 1,000 test points. "+
		"The paper does not list its %d unseen β.", p.Many.Steps, p.Seeds[0], paperQueries)
	unseen := len(queries) - len(queryGroups[atTraining].of(queries))
	if n := len(p.Many.Betas); unseen < n {
		caption += fmt.Sprintf(" %d of the preset's %d unseen β have been run.", unseen, n)
	}
	if n := len(p.Many.OtherBetas); len(others) > 0 {
		caption += fmt.Sprintf(" Marks: the same at %d of them from the Phase 1 of each further seed, up to %d.", n, slices.Max(p.Many.Seeds))
	}
	if less := manyReduced(p); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := drawn(figure5(), p, caption, figure.Row{Panels: panels}, head, rows)
	out.Figures = []report.Figure{f}
	return out, err
}

// yes is 1 where something holds, for a figure's numbers.
func yes(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// queryTable sums the figure up: the median and the worst error of each group for the
// first seed, and the median for each further one.
func queryTable(p Preset, bySeed [][]manyQuery) (report.Table, error) {
	t := report.Table{
		ID:    figure5().ID + "-summary",
		Title: "Errors at unseen β (Figure 5)",
		Note: fmt.Sprintf("Over the β of each group, on the 1,000 test points; median and worst are of seed %d. A run has failed where its relative error is at least .95 of the best constant's; ", p.Many.Seeds[0]) +
			"failed and spurious runs are counted in the median and the worst.",
	}
	median := func(errors []float64) float64 { return quantile(errors, .5) }
	for _, g := range queryGroups {
		for i, queries := range bySeed {
			sums := []querySum{{fmt.Sprintf("median, seed %d", p.Many.Seeds[i]), median}}
			if i == 0 {
				sums = []querySum{{"median", median}, {"worst", slices.Max[[]float64]}}
			}
			for _, sum := range sums {
				for _, metricName := range []string{"abs_err", "rel_err"} {
					c, err := g.cell(p, queries, sum, metricName)
					if err != nil {
						return t, err
					}
					t.Cells = append(t.Cells, c)
				}
			}
		}
	}
	return t, nil
}

// querySum makes one number of the errors of a group.
type querySum struct {
	column string
	of     func(errors []float64) float64
}

// cell sums a metric of the group's queries up.
func (g queryGroup) cell(p Preset, queries []manyQuery, sum querySum, metricName string) (report.Cell, error) {
	errors, err := g.errors(queries, metricName)
	if err != nil {
		return report.Cell{}, err
	}
	m := measurement{evidence: Evidence{Role: RoleMethod, Smoke: p.Smoke, Reduced: manyReduced(p)}}
	failures, spurious := 0, 0
	for _, q := range g.of(queries) {
		m.runs = append(m.runs, q.run)
		if failed(q.ev) {
			failures++
		}
		if q.ev.Spurious {
			spurious++
		}
		if m.evidence.Trivial == nil {
			trivial, err := score(metricName, q.ev.TrivialTest)
			if err != nil {
				return report.Cell{}, err
			}
			m.evidence.Values, m.evidence.Trivial = []float64{sum.of(errors)}, &trivial
		}
	}
	m.flags = counted(len(errors), failures, spurious)
	c, err := m.cell(report.Cell{
		ID:  data.CellID("hyper-lr-pinn", "fig5", g.name, sum.column, metricName),
		Row: g.name, Column: sum.column, Metric: metricName, Unit: "-", Command: figure5().Command(p),
	})
	c.Reason += fmt.Sprintf("; over %d β", len(errors))
	return c, err
}

// counted are flags that say how many of n runs failed and are spurious, where any
// did.
func counted(n, failures, spurious int) []string {
	var flags []string
	if failures > 0 {
		flags = append(flags, fmt.Sprintf("%d of %d failed", failures, n))
	}
	if spurious > 0 {
		flags = append(flags, fmt.Sprintf("%d of %d spurious", spurious, n))
	}
	return flags
}

// manyReduced says in which way the preset's queries are below the paper's.
func manyReduced(p Preset) string {
	less := joinReasons(
		prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps)),
		prefixed("Phase 2: ", reduced(p.Many.Steps, paperPhase2Steps)))
	if n := len(p.Many.Betas); n < paperQueries {
		less = joinReasons(less, fmt.Sprintf("%d of %d unseen β", n, paperQueries))
	}
	return less
}

// queryErrors is a panel of errors over β, with the best constant's, and of other seeds'
// errors.
func queryErrors(queries, others []manyQuery, title, label, metricName string) figure.Lines {
	test := func(q manyQuery) float64 { v, _ := score(metricName, q.ev.Test); return v }
	lines := figure.Lines{Title: title, XLabel: "β", YLabel: label, LogY: true, Series: querySeries(queries, others, test)}
	constant := figure.Series{Name: "best constant"}
	for _, q := range queries {
		v, _ := score(metricName, q.ev.TrivialTest)
		constant.X, constant.Y = append(constant.X, q.beta), append(constant.Y, v)
	}
	lines.Series = append(lines.Series, constant)
	return shaded(lines)
}

// queryCounts is the panel of trained values over β.
func queryCounts(queries []manyQuery) figure.Lines {
	lines := figure.Lines{
		Title: "(c) values that Phase 2 trains", XLabel: "β", YLabel: "trained values",
		Series: querySeries(queries, nil, func(q manyQuery) float64 { return float64(q.parameters) }),
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, q := range queries {
		low, high = min(low, q.beta), max(high, q.beta)
	}
	const full = 351 // 201 + 3·50
	lines.Series = append(lines.Series, figure.Series{Name: "full rank", X: []float64{low, high}, Y: []float64{full, full}})
	return shaded(lines)
}

// mostMarkers is how many queries are drawn with a marker each: more hide the marks
// on what is spurious.
const mostMarkers = 50

// querySeries are a number over unseen β and over training β, marks on what is spurious,
// and other seeds' numbers; series without a point are left out.
func querySeries(queries, others []manyQuery, of func(manyQuery) float64) []figure.Series {
	series := []figure.Series{
		{Name: "unseen β", Points: len(queries) <= mostMarkers},
		{Name: "training β", NoLine: true},
		{Name: "spurious", NoLine: true},
		{Name: "other seeds", NoLine: true},
	}
	add := func(i int, q manyQuery) {
		series[i].X, series[i].Y = append(series[i].X, q.beta), append(series[i].Y, of(q))
	}
	for i, q := range slices.Concat(queries, others) {
		switch {
		case i >= len(queries):
			add(3, q)
		case q.trained:
			add(1, q)
		default:
			add(0, q)
		}
		if q.ev.Spurious {
			add(2, q)
		}
	}
	var some []figure.Series
	for _, s := range series {
		if len(s.X) > 0 {
			some = append(some, s)
		}
	}
	return some
}

// shaded fixes the ranges of a plot to those of its series and shades the training
// range in it.
func shaded(lines figure.Lines) figure.Lines {
	x, y := [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
	widen := func(r *[2]float64, v float64) { r[0], r[1] = min(r[0], v), max(r[1], v) }
	for _, s := range lines.Series {
		for i := range s.X {
			if finite(s.Y[i]) && (!lines.LogY || s.Y[i] > 0) {
				widen(&x, s.X[i])
				widen(&y, s.Y[i])
			}
		}
	}
	if !finite(y[0]) {
		return lines // nothing to draw
	}
	if lines.LogY {
		y[0], y[1] = y[0]/1.2, y[1]*1.2
	} else {
		pad := .05*(y[1]-y[0]) + 1
		y[0], y[1] = y[0]-pad, y[1]+pad
	}
	low, high := trainingBetas[0], trainingBetas[len(trainingBetas)-1]
	widen(&x, low)
	widen(&x, high)
	lines.XRange, lines.YRange = x, y
	none := math.NaN()
	lines.Series = append(lines.Series, figure.Series{
		Name: "training range", X: []float64{low, high}, Y: []float64{none, none},
		Lo: []float64{y[0], y[0]}, Hi: []float64{y[1], y[1]},
	})
	return lines
}
