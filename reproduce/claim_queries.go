// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/store"
)

// queryCell is the id of a group's relative error in the summary of Figure 5.
func queryCell(g queryGroup) string {
	return data.CellID("hyper-lr-pinn", "fig5", g.name, "median", "rel_err")
}

// Groups of queryGroups.
const (
	belowTraining = iota
	insideTraining
	beyondTraining
	atTraining
)

// unseenParameters is H13.
func unseenParameters() ClaimTest {
	return ClaimTest{
		ID: "H13",
		Rule: "Phase 2 was run at 150 different β or more that its Phase 1 was not trained on, below, in and above [30, 40], with the paper's steps: its β are not published. " +
			"A setting and no outcome, so one seed is enough",
		find: func(s *Session, p Preset) (finding, error) {
			queries, err := s.manyQueries(p)
			if err != nil {
				return finding{}, err
			}
			var unseen []float64
			for _, q := range queries {
				if !q.trained && !slices.Contains(unseen, q.beta) {
					unseen = append(unseen, q.beta)
				}
			}
			if len(unseen) == 0 {
				return finding{verdict: NotRun, reason: "no run at an unseen β is in the store"}, nil
			}
			parent, err := s.Find(queries[0].run.Parent)
			if err != nil {
				return finding{}, err
			}
			phase1 := setting([]*store.Record{parent}, trainingBetas, "")
			f := finding{verdict: Reproduced, reason: fmt.Sprintf("%d unseen β", len(unseen))}
			for i, g := range queryGroups[:atTraining] {
				f.reason += map[bool]string{true: ": ", false: ", "}[i == 0] + fmt.Sprintf("%d %s", len(g.of(queries)), g.name)
				f.cells = append(f.cells, queryCell(g))
				if len(g.of(queries)) == 0 {
					f.verdict = Differs
				}
			}
			if phase1.verdict == Differs {
				f.verdict, f.reason = Differs, f.reason+"; Phase 1: "+phase1.reason
			}
			less := manyReduced(p)
			if n := len(p.Many.Betas); len(unseen) < n {
				less = joinReasons(less, fmt.Sprintf("%d of the preset's %d β", len(unseen), n))
			}
			if phase1.verdict == NotRun {
				less = joinReasons(less, "Phase 1 is not in the store")
			}
			if less != "" {
				f.verdict, f.reason = Reduced, less+"; "+f.reason
			}
			return f, nil
		},
	}
}

// seedQueries calls back for each seed that has been queried in all groups, and
// fills in what the trial lacks.
func (s *Session) seedQueries(p Preset, t *trial, groups []int, each func(queries []manyQuery)) error {
	t.seeds, t.reduced = len(p.Seeds), manyReduced(p)
	if n := len(p.Many.OtherBetas); len(p.Many.Seeds) > 1 && n < len(p.Many.Betas) {
		t.reduced = joinReasons(t.reduced, fmt.Sprintf("%d unseen β for all seeds but the first", n))
	}
	for _, seed := range p.Seeds {
		queries, err := s.manyQueries(withSeed(p, seed))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(groups, func(g int) bool { return len(queryGroups[g].of(queries)) == 0 }) {
			continue
		}
		if asked := len(table2Betas) + len(p.Many.of(seed)); len(queries) < asked {
			t.reduced = joinReasons(t.reduced, fmt.Sprintf("seed %d at %d of the preset's %d β", seed, len(queries), asked))
		}
		t.found++
		each(queries)
	}
	return nil
}

// relErrors are the relative errors of a group's queries, beyond all numbers where
// one failed or is spurious, and how many are so.
func (t *trial) relErrors(g int, queries []manyQuery) (errors []float64, bad int) {
	for _, q := range queryGroups[g].of(queries) {
		e := q.ev.Test.RelL2
		if t.count(q.ev) {
			bad++
			e = math.Inf(1)
		}
		errors = append(errors, e)
	}
	return errors, bad
}

// accurateAtUnseen is H14.
func accurateAtUnseen() ClaimTest {
	return ClaimTest{
		ID: "H14",
		Rule: "the median relative error over the unseen β in [30, 40], and that over those below 30, are at most 1.1 times the one over the training β = 30, 35, 40, the margin of a cell; " +
			"if at most twice, beyond which nobody would call them as accurate, it is the same conclusion. Where a training β failed or is spurious there is no accuracy to come up to, and the seed counts against it",
		find: func(s *Session, p Preset) (finding, error) {
			var t trial
			var cells []string
			groups := []int{insideTraining, belowTraining}
			same, near := make([]measure, len(groups)), make([]measure, len(groups))
			for i, g := range groups {
				name := queryGroups[g].name + " / training β"
				same[i], near[i] = measure{name: name, limit: clearlyMore}, measure{name: name, limit: clearlyAbove}
				cells = append(cells, queryCell(queryGroups[g]))
			}
			err := s.seedQueries(p, &t, append(groups, atTraining), func(queries []manyQuery) {
				training, bad := t.relErrors(atTraining, queries)
				for i, g := range groups {
					errors, _ := t.relErrors(g, queries)
					ratio := quantile(errors, .5) / quantile(training, .5)
					same[i].add(ratio, bad > 0)
					near[i].add(ratio, bad > 0)
				}
			})
			t.main, t.others = near, same
			return t.finding(append(cells, queryCell(queryGroups[atTraining]))...), err
		},
	}
}

// aboveTraining is H15.
func aboveTraining() ClaimTest {
	return ClaimTest{
		ID: "H15",
		Rule: "at three of four unseen β above 40 or more the relative error is at most .2, twice the 10 % that it should be around and where H16 says that a PINN can't; " +
			"and their median is larger than that over the unseen β in [30, 40] by more than the margin of a cell, 10 %. If only the first holds it is the same conclusion. " +
			"That they go up to 45 is our choice: the paper doesn't say",
		find: func(s *Session, p Preset) (finding, error) {
			var t trial
			above, inside := queryGroups[beyondTraining], queryGroups[insideTraining]
			kept := measure{name: "upper quartile of the relative error over " + above.name, limit: clearlyAbove * keptError}
			more := measure{name: above.name + " / " + inside.name, limit: clearlyMore, least: true}
			err := s.seedQueries(p, &t, []int{insideTraining, beyondTraining}, func(queries []manyQuery) {
				errors, _ := t.relErrors(beyondTraining, queries)
				kept.add(quantile(errors, .75), false)
				// A query that failed has an error that is larger.
				values, _ := above.errors(queries, "rel_err")
				within, _ := t.relErrors(insideTraining, queries)
				more.add(quantile(values, .5)/quantile(within, .5), false)
			})
			t.main, t.others = []measure{kept}, []measure{more}
			return t.finding(queryCell(above), queryCell(inside)), err
		},
	}
}
