// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/pinn"
)

// rival is a low-rank baseline of ours at one rank and setting: a network a seed.
type rival struct {
	name string
	rank int
	mu   []float64
	evs  []pinn.Evaluation
	// compute is what it had, as a part of that of Phases 1 and 2.
	compute float64
}

// errors are the relative errors, and part those of the best constant's.
func (r rival) errors() []float64 {
	return r.each(func(ev pinn.Evaluation) float64 { return ev.Test.RelL2 })
}

func (r rival) part() []float64 {
	return r.each(func(ev pinn.Evaluation) float64 { return ev.Test.RelL2 / ev.TrivialTest.RelL2 })
}

func (r rival) each(of func(pinn.Evaluation) float64) []float64 {
	values := make([]float64, len(r.evs))
	for i, ev := range r.evs {
		values[i] = of(ev)
	}
	return values
}

// cell is the id of its relative error in a table.
func (r rival) cell(of systems, table string) string {
	return data.CellID("hyper-lr-pinn", table, fmt.Sprintf("%s;rank=%d", of.row(r.mu), r.rank), r.name, "rel_err")
}

// rivals are the baselines at mu at the ranks that the preset runs, and how many of
// them have no record. trial takes note of their networks and of the fewest seeds.
func (s *Session) rivals(of systems, mu []float64, t *trial) (found []rival, missing int, err error) {
	for _, b := range of.baselines() {
		for _, rank := range of.ranksOf(b, of.ranks) {
			r := rival{name: b.name, rank: rank, mu: mu}
			runs := of.baseline(b, mu, rank)
			for _, run := range runs {
				ev, err := s.evaluations(mu, run)
				if err != nil {
					return nil, 0, err
				}
				if ev != nil {
					t.count(ev[0])
					r.evs = append(r.evs, ev[0])
				}
			}
			if len(r.evs) == 0 {
				missing++
				continue
			}
			spent, err := s.compute(of.study, runs)
			if err != nil {
				return nil, 0, err
			}
			r.compute = spent.Spent / spent.Needed
			t.found = min(t.found, len(r.evs))
			found = append(found, r)
		}
	}
	return found, missing, nil
}

// bestRival is that with the smallest median, of this name or of any if it is empty.
func bestRival(rivals []rival, name string, values func(rival) []float64) (best rival, ok bool) {
	least := math.Inf(1)
	for _, r := range rivals {
		if name != "" && r.name != name {
			continue
		}
		if median := quantile(values(r), .5); !ok || median < least {
			best, least, ok = r, median, true
		}
	}
	return best, ok
}

// against takes note of what the method is held against, without which nothing is
// known, and returns the least compute that a baseline had.
func (t *trial) against(rivals []rival, missing int) (compute float64) {
	if len(rivals) == 0 {
		t.found = 0
		return 0
	}
	if missing > 0 {
		t.reduced = joinReasons(t.reduced, fmt.Sprintf("%d of %d baselines, ranks and settings are not run", missing, missing+len(rivals)))
	}
	least := map[string]float64{}
	var names []string
	compute = math.Inf(1)
	for _, r := range rivals {
		if _, ok := least[r.name]; !ok {
			names, least[r.name] = append(names, r.name), r.compute
		}
		least[r.name] = min(least[r.name], r.compute)
		compute = min(compute, r.compute)
	}
	t.remark = "compute as a part of that of Phases 1 and 2:"
	for i, name := range names {
		t.remark += map[bool]string{true: " ", false: ", "}[i == 0] + fmt.Sprintf("%s %.2g", name, least[name])
	}
	return compute
}

// less says in which way the systems' steps and ranks are below the paper's, those of
// all baselines or of some.
func (t systems) less(names ...string) string {
	steps := t.study.steps
	all := []string{
		prefixed("Phase 1: ", reduced(steps.phase1, paperPhase1Steps)),
		prefixed("Phase 2: ", reduced(steps.phase2, paperPhase2Steps)),
	}
	for _, b := range t.baselines() {
		if len(names) == 0 || slices.Contains(names, b.name) {
			all = append(all, prefixed(b.name+": ", b.less(steps)))
		}
	}
	return joinReasons(append(all, partOf(len(t.ranks), len(t.all), "ranks"))...)
}

// orderOfMagnitudeOnReaction is H06.
func orderOfMagnitudeOnReaction() ClaimTest {
	return ClaimTest{
		ID: "H06",
		Rule: "on reaction and on reaction-diffusion the method's error is at most 1/10 of the best baseline's, the paper's order of magnitude: of each seed the larger one of full and adaptive rank, at the worst ρ reported, " +
			"against the smallest median over all low-rank baselines and ranks, whose compute is told and not judged. " +
			"If for three seeds of four or more the method's is smaller by more than the margin of a cell, 10 %, it is the same conclusion. Reaction-diffusion is as published, which leaves its solution undetermined (D2)",
		find: func(s *Session, p Preset) (finding, error) {
			t := trial{seeds: len(p.Reaction.Seeds), found: len(p.Reaction.Seeds)}
			var cells []string
			var rivals []rival
			missing := 0
			for _, table := range reactionTables {
				of, err := reactionSystems(p, table.kind)
				if err != nil {
					return finding{}, err
				}
				t.reduced = of.less() // the same for both
				worst := make([]float64, len(of.seeds))
				bad, found := make([]bool, len(of.seeds)), make([]int, len(of.seeds))
				for _, mu := range of.mus {
					at, lacking, err := s.rivals(of, mu, &t)
					if err != nil {
						return finding{}, err
					}
					rivals, missing = append(rivals, at...), missing+lacking
					best, ok := bestRival(at, "", rival.errors)
					if !ok {
						continue
					}
					cells = append(cells, best.cell(of, "appN"))
					for i, column := range table2Columns {
						cells = append(cells, data.CellID("hyper-lr-pinn", "appN", of.row(mu)+";rank="+column.row, column.name, "rel_err"))
						for k, r := range of.method(mu, i) {
							ev, err := s.evaluations(mu, r)
							if err != nil {
								return finding{}, err
							}
							if ev == nil {
								continue
							}
							found[k]++
							bad[k] = t.count(ev[0]) || bad[k]
							worst[k] = math.Max(worst[k], ev[0].Test.RelL2/quantile(best.errors(), .5))
						}
					}
				}
				less := measure{name: "ours / best baseline on " + table.kind + ", worst ρ", limit: clearlyFewer, comparison: true}
				order := measure{name: less.name, limit: 1. / orderOfMagnitude}
				for k := range of.seeds {
					if found[k] == len(of.mus)*len(table2Columns) {
						less.add(worst[k], bad[k])
						order.add(worst[k], bad[k])
					}
				}
				t.found = min(t.found, len(less.values))
				t.main, t.others = append(t.main, less), append(t.others, order)
			}
			t.against(rivals, missing)
			return t.finding(cells...), nil
		},
	}
}
