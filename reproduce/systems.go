// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"sync"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/reproduce/report"
)

// systems are the low-rank systems that Table 2 compares, and the tables of
// appendix N: Hyper-LR-PINN at full and adaptive rank, and baselines at several
// ranks, at some parameter settings of one problem.
type systems struct {
	study study
	mus   [][]float64
	// ranks are the baselines' ranks that are run, of all that the paper has.
	ranks, all []int
	seeds      []int64 // of Hyper-LR-PINN
	// baselineSeeds are the seeds of what it is compared with.
	baselineSeeds []int64
	// trained adds the variant of Naive-LR-PINN whose bases are trained.
	trained bool
	// row names a parameter setting in a cell's id.
	row func(mu []float64) string
	// holds states the comparison that the method's cells serve, where it holds;
	// nil is never.
	holds func(mu []float64, metricName string, e Evidence) (string, error)
}

// lowRankBaseline is a column of Table 2: a Naive-LR-PINN of a rank, trained in one
// way or another.
type lowRankBaseline struct {
	name string
	run  func(s study, mu []float64, rank int, seed int64) *Run
	// only is the one rank of a column of ours; 0 is all.
	only int
	// less says how the steps are below the paper's.
	less func(s studySteps) string
}

// trainedBasesRank is the rank at which the variant with trained bases stands
// beside the one on fixed bases, which Table 3's counts speak for (D5).
const trainedBasesRank = 30

func lessScratch(s studySteps) string { return reduced(s.scratch, paperBaselineSteps) }

func lessMeta(outer func(studySteps) int) func(studySteps) string {
	return func(s studySteps) string {
		return joinReasons(prefixed("meta-training: ", reduced(outer(s), paperMetaSteps)), prefixed("fine-tuning: ", lessScratch(s)))
	}
}

// baselines are the columns beside Hyper-LR-PINN's.
func (t systems) baselines() []lowRankBaseline {
	all := []lowRankBaseline{
		{name: "Naive-LR-PINN", run: study.naive, less: lessScratch},
		{name: "Curriculum learning", run: study.curriculum, less: lessScratch},
		{name: "MAML", run: study.maml, less: lessMeta(func(s studySteps) int { return s.maml })},
		{name: "Reptile", run: study.reptile, less: lessMeta(func(s studySteps) int { return s.reptile })},
	}
	if t.trained {
		all = append(all, lowRankBaseline{name: "Naive-LR-PINN, trained bases", run: study.naiveTrained, only: trainedBasesRank, less: lessScratch})
	}
	return all
}

// ranksOf are the ranks of a column: those that are run, or all.
func (t systems) ranksOf(b lowRankBaseline, ranks []int) []int {
	if b.only != 0 {
		return []int{b.only}
	}
	return ranks
}

// method are Hyper-LR-PINN's runs at mu, a seed each.
func (t systems) method(mu []float64, column int) []*Run {
	var runs []*Run
	for _, seed := range t.seeds {
		runs = append(runs, t.study.hyper(mu, table2Columns[column].rank, seed))
	}
	return runs
}

// baseline are a baseline's runs at mu, a seed each.
func (t systems) baseline(b lowRankBaseline, mu []float64, rank int) []*Run {
	var runs []*Run
	for _, seed := range t.baselineSeeds {
		runs = append(runs, b.run(t.study, mu, rank, seed))
	}
	return runs
}

// runs are all of them: the method's first.
func (t systems) runs() []*Run {
	var runs []*Run
	for column := range table2Columns {
		for _, mu := range t.mus {
			runs = append(runs, t.method(mu, column)...)
		}
	}
	for _, b := range t.baselines() {
		for _, rank := range t.ranksOf(b, t.ranks) {
			for _, mu := range t.mus {
				runs = append(runs, t.baseline(b, mu, rank)...)
			}
		}
	}
	return runs
}

// systemCells are the cells of all systems: beside the published number where the
// table has one of this id, else without.
func (s *Session) systemCells(t systems, table string, metrics []string, smoke bool, command string) ([]report.Cell, error) {
	var cells []report.Cell
	add := func(row, column, name string, m measurement) error {
		m.evidence.Smoke = smoke
		m.evidence.HigherIsBetter = name == "explained_variance"
		c, err := cellOf(table, row, column, name, m, command)
		cells = append(cells, c)
		return err
	}
	steps := t.study.steps
	for _, mu := range t.mus {
		for _, name := range metrics {
			for i, column := range table2Columns {
				m, err := s.measure(t.method(mu, i), mu, name)
				if err != nil {
					return nil, err
				}
				m.evidence.Role = RoleMethod
				m.evidence.Reduced = joinReasons(
					prefixed("Phase 1: ", reduced(steps.phase1, paperPhase1Steps)),
					prefixed("Phase 2: ", reduced(steps.phase2, paperPhase2Steps)))
				if t.holds != nil {
					if m.evidence.Holds, err = t.holds(mu, name, m.evidence); err != nil {
						return nil, err
					}
				}
				if err := add(t.row(mu)+";rank="+column.row, column.name, name, m); err != nil {
					return nil, err
				}
			}
			for _, b := range t.baselines() {
				for _, rank := range t.ranksOf(b, t.all) { // those that are left out are not run
					var m measurement
					if slices.Contains(t.ranksOf(b, t.ranks), rank) {
						runs := t.baseline(b, mu, rank)
						var err error
						if m, err = s.measure(runs, mu, name); err != nil {
							return nil, err
						}
						if m.evidence.Compute, err = s.compute(t.study, runs); err != nil {
							return nil, err
						}
					}
					m.evidence.Role, m.evidence.Reduced = RoleBaseline, b.less(steps)
					if err := add(fmt.Sprintf("%s;rank=%d", t.row(mu), rank), b.name, name, m); err != nil {
						return nil, err
					}
				}
			}
		}
		trivial, err := s.trivialCells(t, table, mu, metrics, command)
		if err != nil {
			return nil, err
		}
		cells = append(cells, trivial...)
	}
	return cells, nil
}

// publishedByID are the papers' numbers, read once: a report has a thousand cells.
var publishedByID = sync.OnceValues(func() (map[string]data.Value, error) {
	values, err := data.Published()
	byID := map[string]data.Value{}
	for _, v := range values {
		byID[v.ID] = v
	}
	return byID, err
})

// cellOf is a cell of the first paper, with its published number if there is one.
func cellOf(table, row, column, metricName string, m measurement, command string) (report.Cell, error) {
	id := data.CellID("hyper-lr-pinn", table, row, column, metricName)
	published, err := publishedByID()
	if err != nil {
		return report.Cell{}, err
	}
	if value, ok := published[id]; ok {
		return cell(value, m, command)
	}
	return m.cell(report.Cell{ID: id, Row: row, Column: column, Metric: metricName, Unit: "-", Command: command})
}

// trivialCells are the errors of the best constant at mu.
func (s *Session) trivialCells(t systems, table string, mu []float64, metrics []string, command string) ([]report.Cell, error) {
	of := func(points [][]float64) (metric.Errors, error) {
		truth, err := s.reference(t.study.setup.Problem, mu, points)
		if err != nil {
			return metric.Errors{}, err
		}
		return metric.Trivial(truth)
	}
	test, err := of(t.study.setup.Points.Test)
	if err != nil {
		return nil, err
	}
	grid, err := of(t.study.setup.Points.Grid.Points)
	if err != nil {
		return nil, err
	}
	var cells []report.Cell
	for _, name := range metrics {
		value, err := score(name, test)
		if err != nil {
			return nil, err
		}
		onGrid, _ := score(name, grid)
		m := measurement{evidence: Evidence{Role: RoleTrivial, Values: []float64{value}}, grid: []float64{onGrid}}
		c, err := cellOf(table, t.row(mu), "Trivial predictor", name, m, command)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}
