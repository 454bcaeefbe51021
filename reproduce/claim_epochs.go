// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"

	"pinn.example/repro/data"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Limits of the claims on Figure 6.
const (
	// authorsLook is how many epochs pass between two evaluations of the authors'
	// code (D15), which tells no fewer apart.
	authorsLook = 10
	// rapidGrowth is how many times as many epochs the upper half of the β takes as
	// the lower one, where they are said to increase rapidly: twice is the least that
	// a reader would call so, and what is proportional to β comes to about 3.
	rapidGrowth = 2
	// clearlySlower is the part of one slope at which another is clearly the slower.
	clearlySlower = .5
	// sameError is how far the last probe and the evaluation may be apart, which are
	// the same number but for rounding.
	sameError = .01
)

// epochCell is the id of a number of Figure 6's summary.
func epochCell(method epochMethod, column, metricName string) string {
	return data.CellID("hyper-lr-pinn", "fig6", method.name, column, metricName)
}

// epochsToTargetDefined is H21.
func epochsToTargetDefined() ClaimTest {
	return ClaimTest{
		ID: "H21",
		Rule: "in the records of Figure 6 the mean absolute error on the test points, which the authors' code calls L2 absolute error (D18), is measured before the first update and at every one, " +
			"and each run ends at the first at which it is below .05, or at the cap. A definition and no outcome, so one run of each method is enough, and their number is told",
		find: func(s *Session, p Preset) (finding, error) {
			st, err := convectionStudy(p)
			if err != nil {
				return finding{}, err
			}
			f := finding{verdict: Reproduced}
			for _, method := range epochMethods {
				var runs []*Run
				for _, beta := range p.Epochs.Betas {
					runs = append(runs, method.run(st, p, beta))
				}
				all, err := s.finished(runs, nil)
				if err != nil {
					return finding{}, err
				}
				found, kept := len(all), 0
				for _, r := range all {
					if endsAtTarget(r.Config.Train, r.record, r.ev) {
						kept++
					}
				}
				f.reason = joinReasons(f.reason, fmt.Sprintf("%s: %d of %d runs", method.name, kept, found))
				f.cells = append(f.cells, epochCell(method, "median", "epochs"))
				switch {
				case found == 0:
					f.verdict = NotRun
				case kept < found && f.verdict != NotRun:
					f.verdict = Differs
				}
			}
			return f, nil
		},
	}
}

// endsAtTarget is whether a record was stopped as Figure 6 has it. Of what is
// measured, a published record has a part, the first and the last among it.
func endsAtTarget(settings train.Settings, record *store.Record, ev pinn.Evaluation) bool {
	c := probedCourse(record, pinn.AbsProbe)
	if settings.ProbeEvery != 1 || len(c.steps) == 0 || c.steps[0] != 0 {
		return false
	}
	last := len(c.steps) - 1
	for _, e := range c.values[:last] {
		if e < targetError {
			return false
		}
	}
	if c.values[last] >= targetError && int(c.steps[last]) < settings.Steps {
		return false
	}
	return math.Abs(c.values[last]-ev.Test.Abs) <= sameError*ev.Test.Abs
}

// seedEpochs calls back for each seed with the runs of some methods, where each
// method has one at least, and fills in what the trial lacks.
func (s *Session) seedEpochs(p Preset, t *trial, methods []epochMethod, each func(counts [][]epochCount) error) error {
	t.seeds, t.reduced = len(p.Seeds), epochsReduced(p)
	for _, seed := range p.Seeds {
		var counts [][]epochCount
		complete := true
		for _, method := range methods {
			all, err := s.epochsToTarget(withSeed(p, seed), method)
			if err != nil {
				return err
			}
			complete = complete && len(all) > 0
			counts = append(counts, all)
		}
		if !complete {
			continue
		}
		for i, all := range counts {
			if n := len(p.Epochs.Betas); len(all) < n {
				t.reduced = joinReasons(t.reduced, fmt.Sprintf("%s, seed %d: %d of the preset's %d β", methods[i].name, seed, len(all), n))
			}
		}
		t.found++
		if err := each(counts); err != nil {
			return err
		}
	}
	return nil
}

// countEpochs takes note of a run and returns whether it came to the target and is
// of use.
func (s *Session) countEpochs(t *trial, e epochCount) (bool, error) {
	evs, err := s.evaluations(e.run.Config.Mus[0], e.run)
	if err != nil {
		return false, err
	}
	bad := t.count(evs[0])
	return !bad && !e.censored, nil
}

// oneEpoch is H22.
func oneEpoch() ClaimTest {
	return ClaimTest{
		ID: "H22",
		Rule: "at more than half of the β Phase 2 is below the target after one update at most; if after ten at most it is the same conclusion, since the authors' code looks at every tenth alone (D15). " +
			"A run that is spurious counts as not there",
		find: func(s *Session, p Preset) (finding, error) {
			var t trial
			most := float64(len(p.Epochs.Betas)/2 + 1)
			one := measure{name: "β within 1 epoch", limit: most, least: true}
			ten := measure{name: fmt.Sprintf("β within %d epochs", authorsLook), limit: most, least: true}
			hyper := epochMethods[0]
			err := s.seedEpochs(p, &t, []epochMethod{hyper}, func(counts [][]epochCount) error {
				var inOne, inTen float64
				for _, e := range counts[0] {
					there, err := s.countEpochs(&t, e)
					if err != nil {
						return err
					}
					inOne += yes(there && e.steps <= 1)
					inTen += yes(there && e.steps <= authorsLook)
				}
				one.add(inOne, false)
				ten.add(inTen, false)
				return nil
			})
			t.main, t.others = []measure{ten}, []measure{one}
			return t.finding(epochCell(hyper, "at most 1 epoch", "count")), err
		},
	}
}

// epochsOverBeta is H23.
func epochsOverBeta() ClaimTest {
	return ClaimTest{
		ID: "H23",
		Rule: "the PINN's epochs have a rank correlation of at least .8 with β, as in H19, and their median over the upper half of the β is at least twice that over the lower; " +
			"the slope over β of Hyper-LR-PINN's is at most 1/10 of the PINN's in size, an order of magnitude; if at most half it is the same conclusion. " +
			"A run that didn't come to the target counts as the cap. Where more than half of Hyper-LR-PINN's runs didn't, or are spurious, the seed counts against it",
		find: func(s *Session, p Preset) (finding, error) {
			var t trial
			rises := measure{name: "correlation of β and the PINN's epochs", limit: strongCorrelation, least: true}
			rapid := measure{name: "the PINN's epochs, upper / lower half of β", limit: rapidGrowth, least: true}
			slower := measure{name: "slope, Hyper-LR-PINN's / PINN's", limit: clearlySlower}
			slow := measure{name: slower.name, limit: 1. / orderOfMagnitude}
			err := s.seedEpochs(p, &t, epochMethods, func(counts [][]epochCount) error {
				lost := 0
				var x, y [2][]float64
				for i, all := range counts {
					for _, e := range all {
						there, err := s.countEpochs(&t, e)
						if err != nil {
							return err
						}
						if i == 0 && !there {
							lost++
							e.steps = p.Epochs.Cap
						}
						x[i], y[i] = append(x[i], e.beta), append(y[i], float64(e.steps))
					}
				}
				n := len(y[1])
				rises.add(spearman(x[1], y[1]), false)
				growth := math.NaN()
				if n > 1 {
					growth = quantile(y[1][n-n/2:], .5) / quantile(y[1][:n/2], .5)
				}
				rapid.add(growth, false)
				own, other := slope(x[0], y[0]), slope(x[1], y[1])
				ratio, bad := math.Abs(own/other), 2*lost > len(counts[0])
				slower.add(ratio, bad)
				slow.add(ratio, bad)
				return nil
			})
			t.main, t.others = []measure{rises, rapid, slower}, []measure{slow}
			return t.finding(epochCell(epochMethods[0], "median", "epochs"), epochCell(epochMethods[1], "median", "epochs")), err
		},
	}
}

// slope is that of the least-squares line of y over x; NaN where all x are equal.
func slope(x, y []float64) float64 {
	mx, _ := meanAndSD(x)
	my, _ := meanAndSD(y)
	var xy, xx float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
	}
	return xy / xx
}
