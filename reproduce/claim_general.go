// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
)

// contest is Hyper-LR-PINN against the baselines of full rank in one row: of Table 4,
// or of appendix M, which is convection at one β.
type contest struct {
	row    generalRow
	own    generalSystem
	others []generalSystem
	// seeds are those of a baseline.
	seeds func(c generalSystem) []int64
	cell  string // the id of the method's cell
	// less and lessOf say how the method's settings and steps, and a baseline's, are
	// below the paper's.
	less   string
	lessOf func(c generalSystem) string
}

// generalContests are the rows of Table 4 against its five baselines.
func generalContests(p Preset) ([]contest, error) {
	rows, err := table4Rows(p)
	if err != nil {
		return nil, err
	}
	var contests []contest
	for _, row := range rows[:tableRows] {
		c := contest{
			row: row, own: generalHyper, less: joinReasons(generalHyper.less(row), row.less()),
			seeds:  func(c generalSystem) []int64 { return c.seeds(p.General) },
			cell:   data.CellID("hyper-lr-pinn", "table4", row.row, methodColumn, generalMetric),
			lessOf: func(c generalSystem) string { return c.less(row) },
		}
		for _, other := range generalSystems() {
			if _, err := data.Find(data.CellID("hyper-lr-pinn", "table4", row.row, other.column, generalMetric)); err == nil && other.column != methodColumn {
				c.others = append(c.others, other)
			}
		}
		contests = append(contests, c)
	}
	return contests, nil
}

// failureContests are the β of Table 2 against the baselines of appendix M.
func failureContests(p Preset) ([]contest, error) {
	all, err := failureRow(p)
	if err != nil {
		return nil, err
	}
	full := generalSystem{column: methodColumn, run: func(r generalRow, mu []float64, seed int64) *Run {
		return r.study.hyper(mu, lrpinn.FullRank, seed)
	}}
	var contests []contest
	for _, mu := range all.at {
		row := all
		row.at = [][]float64{mu}
		contests = append(contests, contest{
			row: row, own: full, others: failureSystems(),
			seeds: func(generalSystem) []int64 { return p.General.MetaSeeds },
			cell:  table2Cell(mu[0], lrpinn.FullRank),
			less: joinReasons(
				prefixed("Phase 1: ", reduced(row.study.steps.phase1, paperPhase1Steps)),
				prefixed("Phase 2: ", reduced(row.study.steps.phase2, paperPhase2Steps))),
			lessOf: func(c generalSystem) string { return lessFailure(row.study.steps, c) },
		})
	}
	return contests, nil
}

// isFullRankBaseline is whether H07 names a baseline.
func isFullRankBaseline(c generalSystem) bool {
	return slices.Contains([]string{"MAML", "Reptile", "PINN-S2S", "PINN-P"}, c.column)
}

// fullRankBaselines is H07.
func fullRankBaselines() ClaimTest {
	return ClaimTest{
		ID: "H07",
		Rule: "the method's error is below the baseline's median over seeds in more than half of 24 cases: MAML, Reptile, PINN-S2S and PINN-P, all of full rank, " +
			"in the three rows of Table 4 (in the paper itself in 11 of these 12) and on convection at β = 30, 35, 40. Where the method failed or is spurious at a setting it has not won",
		find: func(s *Session, p Preset) (finding, error) {
			general, err := generalContests(p)
			if err != nil {
				return finding{}, err
			}
			failure, err := failureContests(p)
			if err != nil {
				return finding{}, err
			}
			return s.majority(p, append(general, failure...))
		},
	}
}

// majority decides H07.
func (s *Session) majority(p Preset, contests []contest) (finding, error) {
	return s.contested(p, contests, isFullRankBaseline, "cases won", 13, func(won, _ int) int { return won })
}

// bestOfRows is H17.
func bestOfRows() ClaimTest {
	return ClaimTest{
		ID: "H17",
		Rule: "the method's error is below the median over seeds of each of the five baselines in at least two of Table 4's three rows, as in the paper itself. " +
			"Where the method failed or is spurious at a setting of a row it is not best",
		find: func(s *Session, p Preset) (finding, error) {
			general, err := generalContests(p)
			if err != nil {
				return finding{}, err
			}
			return s.best(p, general)
		},
	}
}

// best decides H17.
func (s *Session) best(p Preset, contests []contest) (finding, error) {
	all := func(generalSystem) bool { return true }
	return s.contested(p, contests, all, "rows in which it is best", 2, func(won, of int) int {
		if won < of {
			return 0
		}
		return 1
	})
}

// contested counts the contests that the method wins against the baselines that
// count, seed by seed. points turns the baselines beaten in one, of how many, into
// what is counted.
func (s *Session) contested(p Preset, contests []contest, counts func(generalSystem) bool, name string, least float64, points func(won, of int) int) (finding, error) {
	wins := measure{name: name, limit: least, least: true, comparison: true}
	t := trial{seeds: len(p.General.MetaSeeds)}
	var cells, less []string
	missing, all := 0, 0
	for _, seed := range p.General.MetaSeeds {
		total, complete := 0, true
		var seen trial
		for _, c := range contests {
			own, bad, err := s.contestant(c, c.own, seed, &seen)
			if err != nil {
				return finding{}, err
			}
			complete = complete && own != nil
			if own == nil {
				continue
			}
			won, of := 0, 0
			for _, other := range c.others {
				if !counts(other) {
					continue
				}
				of++
				var errors []float64
				for _, seed := range c.seeds(other) {
					e, _, err := s.contestant(c, other, seed, &trial{})
					if err != nil {
						return finding{}, err
					}
					if e != nil {
						errors = append(errors, *e)
					}
				}
				all++
				if len(errors) == 0 {
					missing++
				} else if !bad && *own < quantile(errors, .5) {
					won++
				}
				if l := c.lessOf(other); l != "" && !slices.Contains(less, other.column+": "+l) {
					less = append(less, other.column+": "+l)
				}
			}
			total += points(won, of)
		}
		if !complete {
			continue
		}
		t.found++
		t.networks, t.failed, t.spurious = t.networks+seen.networks, t.failed+seen.failed, t.spurious+seen.spurious
		wins.add(float64(total), false)
	}
	for _, c := range contests {
		cells = append(cells, c.cell)
		if c.less != "" && !slices.Contains(less, c.less) {
			less = append(less, c.less)
		}
	}
	if missing > 0 {
		less = append(less, fmt.Sprintf("%d of %d comparisons lack a baseline", missing, all))
	}
	t.main, t.reduced = []measure{wins}, joinReasons(less...)
	return t.finding(cells...), nil
}

// contestant is a system's mean error over a row's settings, nil where it has not been
// run at all of them, and whether it is of no use at one of them.
func (s *Session) contestant(c contest, system generalSystem, seed int64, t *trial) (mean *float64, bad bool, err error) {
	evs, _, err := s.across(c.row, system, seed)
	if err != nil || evs == nil {
		return nil, false, err
	}
	sum := 0.
	for _, ev := range evs {
		sum += asPublished(ev).Test.RelL2 / float64(len(evs))
		if t.count(ev) {
			bad = true
		}
	}
	return &sum, bad, nil
}
