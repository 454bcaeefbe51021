// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pinn.example/repro/data"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

const (
	// frequently is the part of the test trajectories from which on a mistake is
	// called frequent.
	frequently = .1
	// fewMistakes is how many of a baseline's mistakes the HyperPINN may make at most
	// for the baseline to be the one that mistakes.
	fewMistakes = .5
)

// lorenzOf are the three networks of a seed, by their places in lorenzNets; nil where
// one is not in the store.
func (s *Session) lorenzOf(p Preset, seed int64) ([]recorded, error) {
	var runs []*Run
	for _, n := range lorenzNets {
		runs = append(runs, n.run(p, seed))
	}
	return s.allOf(runs)
}

// lorenzRecorded are the networks of all seeds that have all three.
func (s *Session) lorenzRecorded(p Preset) ([]recorded, error) {
	var all []recorded
	for _, seed := range p.Lorenz.Seeds {
		of, err := s.lorenzOf(p, seed)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

// countField takes note of a network that learnt a right-hand side. It has failed
// where its error on states of the data is at least .95 of that of no field at all.
func (t *trial) countField(f recorded) (bad bool) {
	t.networks++
	rel, ok := probeAt(f.record, f.Config.Train.Steps, pinn.FieldProbe)
	if bad = !ok || !(rel < failedFraction); bad {
		t.failed++
	}
	return bad
}

// ofRollouts is a number made of a record's test trajectories; NaN where it has none.
func ofRollouts(r *store.Record, of func([]pinn.Rollout) float64) float64 {
	if len(r.Metrics.Rollouts) == 0 {
		return math.NaN()
	}
	return of(r.Metrics.Rollouts)
}

// aggregateErrors is P13.
func aggregateErrors() ClaimTest {
	return ClaimTest{
		ID: "P13",
		Rule: "of the squared error, mean over test trajectories and times and summed over components, for three seeds of four or more: the HyperPINN's is below the large network's and the small one's, and the large one's below the small one's; " +
			"and each published number is within the margin of a cell of the mean over our seeds. If only the HyperPINN's is below both it is the same conclusion. " +
			"A network has failed where its error of the right-hand side on the data is at least .95 of that of none; it is below no other, and others may be below it. None is called spurious",
		find: func(s *Session, p Preset) (finding, error) {
			t := trial{seeds: len(p.Lorenz.Seeds), reduced: lorenzReduced(p)}
			toLarge := measure{name: "HyperPINN / large", limit: below(1), comparison: true}
			toSmall := measure{name: "HyperPINN / small", limit: below(1), comparison: true}
			between := measure{name: "large / small", limit: below(1), comparison: true}
			var means, medians [3][]float64
			for _, seed := range p.Lorenz.Seeds {
				all, err := s.lorenzOf(p, seed)
				if err != nil {
					return finding{}, err
				}
				if all == nil {
					continue
				}
				t.found++
				var far [3]float64
				var bad [3]bool
				for i, f := range all {
					bad[i] = t.countField(f)
					far[i] = ofRollouts(f.record, lorenzReadings[judgedReading].of)
					means[i] = append(means[i], far[i])
					medians[i] = append(medians[i], ofRollouts(f.record, lorenzReadings[medianReading].of))
				}
				toLarge.add(far[hyperNet]/far[largeNet], bad[hyperNet])
				toSmall.add(far[hyperNet]/far[smallNet], bad[hyperNet])
				between.add(far[largeNet]/far[smallNet], bad[largeNet])
			}
			t.main, t.others = []measure{toLarge, toSmall}, []measure{between}
			var cells []string
			for i, n := range lorenzNets {
				cells = append(cells, data.CellID("hyperpinn", "lorenz_text", n.name, aggregate, "agg_sq_err"))
				published, err := data.Find(cells[i])
				if err != nil {
					return finding{}, err
				}
				t.others = append(t.others, fromPublished(n.name, published.Value, means[i]))
			}
			if t.found > 0 {
				floor, err := s.noiseFloor(p)
				if err != nil {
					return finding{}, err
				}
				t.remark = aggregateRemark(means, medians, floor)
			}
			return t.finding(cells...), nil
		},
	}
}

// The places in lorenzReadings of what is judged, and of the median over
// trajectories.
const (
	judgedReading = 0
	medianReading = 2
)

// fromPublished is how far a published number is from the mean of ours, as a part of
// the margin of a cell.
func fromPublished(name string, published float64, ours []float64) measure {
	m := measure{name: fmt.Sprintf("%s, distance from the published %s in margins", name, number(published)), limit: rounding}
	if len(ours) > 0 {
		at := Evidence{}.sample(ours, published)
		m.add(math.Abs(published-at.mean)/at.margin(), false)
	}
	return m
}

// aggregateRemark tells the errors themselves beside those of the true equations.
func aggregateRemark(means, medians [3][]float64, floor []pinn.Rollout) string {
	var parts []string
	for i, n := range lorenzNets {
		parts = append(parts, fmt.Sprintf("%s %s (%s)", n.name, number(middle(means[i])), number(middle(medians[i]))))
	}
	return fmt.Sprintf("the errors themselves, medians over seeds, with those of the median over trajectories in brackets: %s; the noise floor, which the true equations have at SciPy's default tolerance: %s (%s), so that less says little (P4)",
		strings.Join(parts, ", "), number(lorenzReadings[judgedReading].of(floor)), number(lorenzReadings[medianReading].of(floor)))
}

// middle is a median; NaN where a value is no number.
func middle(values []float64) float64 {
	if slices.ContainsFunc(values, math.IsNaN) {
		return math.NaN()
	}
	return quantile(values, .5)
}

// mistakenBehaviour is P14.
func mistakenBehaviour() ClaimTest {
	return ClaimTest{
		ID: "P14",
		Rule: "of the test trajectories, told apart by where they end: each baseline ends elsewhere than the truth in at least .1 of them, which is frequent, " +
			"and the HyperPINN for three seeds of four or more in at most half as many as either baseline. " +
			"A HyperPINN that failed counts against it, a baseline that did does not: to mistake is what the claim expects of it. A network has failed where its error of the right-hand side on the data is at least .95 of that of none. None is called spurious",
		find: func(s *Session, p Preset) (finding, error) {
			t := trial{seeds: len(p.Lorenz.Seeds), reduced: lorenzReduced(p)}
			share := func(r *store.Record) float64 {
				return ofRollouts(r, func(all []pinn.Rollout) float64 { return mistaken(all) / float64(len(all)) })
			}
			var often, ratio [3]measure
			var cells []string
			for i, n := range lorenzNets {
				often[i] = measure{name: n.name + ", mistaken", limit: frequently, least: true}
				ratio[i] = measure{name: fmt.Sprintf("mistaken, HyperPINN / %s", n.name), limit: fewMistakes, comparison: true}
				cells = append(cells, data.CellID("hyperpinn", "lorenz-ends", n.name, "mistaken", "count"))
			}
			var own []float64
			for _, seed := range p.Lorenz.Seeds {
				all, err := s.lorenzOf(p, seed)
				if err != nil {
					return finding{}, err
				}
				if all == nil {
					continue
				}
				t.found++
				var bad bool
				for i, f := range all {
					unfit := t.countField(f)
					if i == hyperNet {
						bad = unfit
						own = append(own, share(f.record))
						continue
					}
					often[i].add(share(f.record), false)
					ratio[i].add(own[len(own)-1]/share(f.record), bad)
				}
			}
			t.others = []measure{often[smallNet], often[largeNet], ratio[smallNet], ratio[largeNet]}
			if len(own) > 0 {
				t.remark = fmt.Sprintf("the HyperPINN mistakes %s in the median", number(middle(own)))
			}
			return t.finding(cells...), nil
		},
	}
}
