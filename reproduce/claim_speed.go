// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// printedSpeedUp is the paper's speed-up of training over the vanilla PINN.
const printedSpeedUp = 4

// fasterTraining is H09.
func fasterTraining() ClaimTest {
	return ClaimTest{
		ID: "H09",
		Rule: "a step of the PINN takes at least 4 times as long as one of Phase 2 at full rank, of the same seed, on the same machine and with the same formulation of a step, at β = 30, 35, 40 together, for three seeds of four or more; " +
			"and so does the way to a relative error of .1 at each of these β, Phase 1 left out. If only the first holds, which the text says, it is the same conclusion",
		find: func(s *Session, p Preset) (finding, error) {
			st, err := convectionStudy(p)
			if err != nil {
				return finding{}, err
			}
			methods := speedMethods(st)
			on, _, _, _, err := s.speedTimes(p, methods)
			if err != nil {
				return finding{}, err
			}
			t := trial{
				seeds: len(p.Seeds), found: len(p.Seeds),
				reduced: joinReasons(prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps)), prefixed("Phase 2: ", reduced(p.Phase2Steps, paperPhase2Steps)),
					prefixed("PINN: ", reduced(p.Failure.Steps, paperPINNSteps))),
				remark: "why the ratio is what it is stands in the table's note (D14)",
			}
			step := measure{name: "PINN / Phase 2, time of a step", limit: printedSpeedUp, least: true, comparison: true}
			way := make([]measure, len(table2Betas))
			for k, beta := range table2Betas {
				way[k] = measure{name: fmt.Sprintf("PINN / Phase 2, time to .1 at β = %g", beta), limit: printedSpeedUp, least: true, comparison: true}
			}
			apart := 0 // seeds whose runs were not all timed there
			for _, seed := range p.Seeds {
				var evs []pinn.Evaluation
				var pairs []timedPair
				for _, beta := range table2Betas {
					found, err := s.finished(slices.Concat(
						ofSeed(methods[timedPhase2].at(p, beta), seed),
						ofSeed(methods[timedPINN].at(p, beta), seed)), []float64{beta, 0, 0})
					if err != nil {
						return finding{}, err
					}
					if len(found) < 2 {
						break
					}
					evs = append(evs, found[0].ev, found[1].ev)
					pair, ok, err := s.timedOn(on, found[0].Run, found[1].Run)
					if err != nil {
						return finding{}, err
					}
					if ok {
						pairs = append(pairs, pair)
					}
				}
				switch {
				case len(evs) < 2*len(table2Betas):
					continue
				case len(pairs) < len(table2Betas):
					apart++
					continue
				}
				for _, ev := range evs {
					t.count(ev)
				}
				var own, other []float64
				for k, pair := range pairs {
					a, b := 1/pair.phase2.Manifest.StepsPerSecond, 1/pair.vanilla.Manifest.StepsPerSecond
					own, other = append(own, a), append(other, b)
					level := equalLevels[0]
					ratio := b * stepsTo(probedCourse(pair.vanilla, pinn.RelProbe), level) / (a * math.Max(1, stepsTo(probedCourse(pair.phase2, pinn.RelProbe), level)))
					way[k].add(ratio, false) // NaN, where neither comes there, is the worst
				}
				step.add(quantile(other, .5)/quantile(own, .5), false)
			}
			const differently = "timed on different machines or with different formulations of a step"
			if apart > 0 && len(step.values) == 0 {
				return finding{verdict: NotRun, reason: fmt.Sprintf("the runs of %d seeds are there, but Phase 2 and the PINN were %s", apart, differently)}, nil
			}
			if apart > 0 {
				t.remark = joinReasons(t.remark, fmt.Sprintf("%d more seeds were %s", apart, differently))
			}
			t.found = len(step.values)
			t.main, t.others = []measure{step}, way
			return t.finding(
				data.CellID("hyper-lr-pinn", "speed", methods[timedPhase2].name, "beside the PINN", "step_time"),
				data.CellID("hyper-lr-pinn", "speed", methods[timedPhase2].name, "beside the PINN", "multiplications")), nil
		},
	}
}

// timedPair are records of two runs, or replicas of them, that were timed alike.
type timedPair struct{ phase2, vanilla *store.Record }

// timedOn are two runs' records, or replicas of them, of a machine; false where either
// has none.
func (s *Session) timedOn(on machine, phase2, vanilla *Run) (timedPair, bool, error) {
	var found [2]*store.Record
	for i, r := range []*Run{phase2, vanilla} {
		records, err := s.timed(r)
		if err != nil {
			return timedPair{}, false, err
		}
		if at := slices.IndexFunc(records, func(r *store.Record) bool { return machineOf(r) == on }); at >= 0 {
			found[i] = records[at]
		}
	}
	return timedPair{found[0], found[1]}, found[0] != nil && found[1] != nil, nil
}

// ofSeed is the first of runs that has a seed, none where no run has.
func ofSeed(runs []*Run, seed int64) []*Run {
	for i, r := range runs {
		if r.Config.Seed == seed {
			return runs[i : i+1]
		}
	}
	return nil
}
