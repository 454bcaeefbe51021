// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"

	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
)

// startingPoint is where a network's training at one β may begin.
type startingPoint struct {
	name string
	run  func(s study, mu []float64, rank int, seed int64) *Run
}

// metaStarts are the meta-learned ones; the network is that of scratch, whose start
// is random.
var (
	metaStarts = []startingPoint{{"MAML", study.maml}, {"Reptile", study.reptile}}
	scratch    = startingPoint{"from scratch", study.naive}
)

// startColumns are their columns in Table 2.
var startColumns = []string{"Naive-LR-PINN", "MAML", "Reptile"}

// poorStarts is H29.
func poorStarts() ClaimTest {
	return ClaimTest{
		ID: "H29",
		Rule: "after as many steps, for three seeds of four or more and at each of β = 30, 35, 40: fine-tuned from MAML, and from Reptile, the error is larger than Phase 2's at full rank by more than the margin of a cell, 10 %, " +
			"and not smaller by more than that than the same network's from scratch; each at its best rank. If only the first holds it is the same conclusion. " +
			"To fail is what the claim expects of fine-tuning, and no help over scratch if that fails too",
		find: func(s *Session, p Preset) (finding, error) {
			of, err := table2Systems(p)
			if err != nil {
				return finding{}, err
			}
			t := trial{seeds: len(of.baselineSeeds), reduced: of.less(startColumns...)}
			steps := min(of.study.steps.scratch, of.study.steps.phase2)
			worse, useless := make([]measure, len(metaStarts)), make([]measure, len(metaStarts))
			for i, start := range metaStarts {
				worse[i] = measure{name: "from " + start.name + " / Phase 2, least over β", limit: clearlyMore, least: true, comparison: true}
				useless[i] = measure{name: "from " + start.name + " / from scratch, least over β", limit: clearlyFewer, least: true, comparison: true}
			}
			for _, seed := range of.baselineSeeds {
				complete, bad := true, false
				toPhase2, toScratch := []float64{math.Inf(1), math.Inf(1)}, []float64{math.Inf(1), math.Inf(1)}
				var seen trial
				for _, mu := range of.mus {
					phase2, unfit, ok, err := s.after(steps, mu, &seen, of.study.hyper(mu, lrpinn.FullRank, seed))
					if err != nil {
						return finding{}, err
					}
					complete, bad = complete && ok, bad || unfit
					least := make([]float64, 1+len(metaStarts))
					for i, start := range append(metaStarts[:len(metaStarts):len(metaStarts)], scratch) {
						var runs []*Run
						for _, rank := range of.ranks {
							runs = append(runs, start.run(of.study, mu, rank, seed))
						}
						if least[i], _, ok, err = s.after(steps, mu, &seen, runs...); err != nil {
							return finding{}, err
						}
						complete = complete && ok
					}
					for i := range metaStarts {
						toPhase2[i] = math.Min(toPhase2[i], least[i]/phase2)
						toScratch[i] = math.Min(toScratch[i], least[i]/least[len(metaStarts)])
					}
				}
				if !complete {
					continue
				}
				t.found++
				t.networks, t.failed, t.spurious = t.networks+seen.networks, t.failed+seen.failed, t.spurious+seen.spurious
				for i := range metaStarts {
					worse[i].add(toPhase2[i], bad)
					useless[i].add(toScratch[i], false)
				}
			}
			t.main, t.others = worse, useless
			var cells []string
			for _, mu := range of.mus {
				cells = append(cells, table2Cell(mu[0], lrpinn.FullRank))
				for _, rank := range of.ranks {
					for _, name := range startColumns {
						cells = append(cells, data.CellID("hyper-lr-pinn", "table2", fmt.Sprintf("%s;rank=%d", of.row(mu), rank), name, "rel_err"))
					}
				}
			}
			return t.finding(cells...), nil
		},
	}
}

// after is the smallest relative error of runs after some steps, and whether one of
// them is of no use in the end; ok is whether all have it.
func (s *Session) after(steps int, mu []float64, t *trial, runs ...*Run) (least float64, bad, ok bool, err error) {
	least = math.Inf(1)
	for _, r := range runs {
		q, found, err := s.finishedRun(r, mu)
		if err != nil || !found {
			return math.NaN(), false, false, err
		}
		rel := q.ev.Test.RelL2
		if r.Config.Train.Steps > steps {
			if rel, found = probeNear(q.record, steps, pinn.RelProbe); !found {
				return math.NaN(), false, false, nil
			}
		}
		bad = t.count(q.ev) || bad
		least = math.Min(least, rel) // NaN stays NaN
	}
	return least, bad, len(runs) > 0, nil
}

// metaTraining is H32.
func metaTraining() ClaimTest {
	return ClaimTest{
		ID: "H32",
		Rule: "at the end of meta-training, for three seeds of four or more, Phase 1's loss without orthogonality and its relative test error, mean over β = 30 … 40, are below MAML's and Reptile's by more than the margin of a cell, 10 %; " +
			"the test error is against the better of theirs before and after their inner steps; and the loss is at most half, the least that a reader would call well below. If only the last fails it is the same conclusion. " +
			"A Phase 1 that failed or is spurious at most β counts against it in the test error, and not in the loss, which knows the training points alone. The losses are those of each method's own last step: over all 11 β for Phase 1, over the tasks that the step drew for MAML and for Reptile",
		find: func(s *Session, p Preset) (finding, error) {
			t := trial{seeds: len(p.BaselineSeeds), reduced: joinReasons(
				prefixed("MAML: ", reduced(p.MAMLSteps, paperMetaSteps)), prefixed("Reptile: ", reduced(p.ReptileSteps, paperMetaSteps)),
				prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps)))}
			var loss, well, test [2]measure
			for i, start := range metaStarts {
				loss[i] = measure{name: "loss, Phase 1 / " + start.name, limit: clearlyFewer, comparison: true}
				well[i] = measure{name: loss[i].name, limit: muchLess}
				test[i] = measure{name: "test error, Phase 1 / " + start.name, limit: clearlyFewer, comparison: true}
			}
			for _, seed := range p.BaselineSeeds {
				learners, err := figure3Learners(withSeed(p, seed))
				if err != nil {
					return finding{}, err
				}
				ends := make([]metaEnd, len(learners))
				complete := true
				for i, l := range learners {
					var ok bool
					if ends[i], ok, err = s.metaEnd(l); err != nil {
						return finding{}, err
					}
					complete = complete && ok
				}
				if !complete {
					continue
				}
				record, err := s.Find(learners[2].run)
				if err != nil {
					return finding{}, err
				}
				t.found++
				bad, own := t.countEvaluations(record), ends[2]
				for i, other := range ends[:2] {
					loss[i].add(own.loss/other.loss, false)
					well[i].add(own.loss/other.loss, false)
					test[i].add(own.test/other.test, bad)
				}
			}
			t.main, t.others = append(loss[:], test[:]...), well[:]
			return t.finding(), nil
		},
	}
}

// metaEnd are a meta-learner's loss and test error at the end of its training.
type metaEnd struct{ loss, test float64 }

// metaEnd is false where there is no record of them.
func (s *Session) metaEnd(l metaLearner) (metaEnd, bool, error) {
	record, err := s.Find(l.run)
	if err != nil || record == nil {
		return metaEnd{}, false, err
	}
	loss := physicsLoss(record)
	end := metaEnd{test: math.Inf(1)}
	for _, probe := range l.probes {
		if c := probedCourse(record, probe); len(c.values) > 0 {
			end.test = math.Min(end.test, c.values[len(c.values)-1])
		}
	}
	if len(loss.values) == 0 || math.IsInf(end.test, 1) {
		return metaEnd{}, false, nil
	}
	end.loss = loss.values[len(loss.values)-1]
	return end, true, nil
}
