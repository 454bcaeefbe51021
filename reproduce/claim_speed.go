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
			apart := 0 // seeds whose runs were not timed together
			for _, seed := range p.Seeds {
				var evs []pinn.Evaluation
				pairs := make([]map[machine]timedPair, len(table2Betas))
				for k, beta := range table2Betas {
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
					if pairs[k], err = s.timedBeside(found[0].Run, found[1].Run); err != nil {
						return finding{}, err
					}
				}
				if len(evs) < 2*len(table2Betas) {
					continue
				}
				on, ok := machineOfAll(pairs)
				if !ok {
					apart++
					continue
				}
				for _, ev := range evs {
					t.count(ev)
				}
				var own, other []float64
				for k := range table2Betas {
					pair := pairs[k][on]
					a, b := 1/pair.phase2.Manifest.StepsPerSecond, 1/pair.vanilla.Manifest.StepsPerSecond
					own, other = append(own, a), append(other, b)
					level := equalLevels[0]
					ratio := b * stepsTo(probedCourse(pair.vanilla, pinn.RelProbe), level) / (a * math.Max(1, stepsTo(probedCourse(pair.phase2, pinn.RelProbe), level)))
					way[k].add(ratio, false) // NaN, where neither comes there, is the worst
				}
				step.add(quantile(other, .5)/quantile(own, .5), false)
			}
			if apart > 0 && len(step.values) == 0 {
				return finding{verdict: NotRun, reason: fmt.Sprintf("the runs of %d seeds are there, but Phase 2 and the PINN were timed on different machines or with different formulations of a step", apart)}, nil
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

// timedBeside are the pairs of two runs' records, by the machine of both.
func (s *Session) timedBeside(phase2, vanilla *Run) (map[machine]timedPair, error) {
	as, err := s.timed(phase2)
	if err != nil {
		return nil, err
	}
	bs, err := s.timed(vanilla)
	if err != nil {
		return nil, err
	}
	pairs := map[machine]timedPair{}
	for _, a := range as {
		for _, b := range bs {
			if m := machineOf(a); m == machineOf(b) {
				pairs[m] = timedPair{a, b}
			}
		}
	}
	return pairs, nil
}

// machineOfAll is a machine that all pairs were timed on, of several the last in the
// order of their names, whose formulation is the latest; false where there is none.
func machineOfAll(pairs []map[machine]timedPair) (on machine, ok bool) {
	for m := range pairs[0] {
		all := !slices.ContainsFunc(pairs, func(p map[machine]timedPair) bool { _, has := p[m]; return !has })
		if all && (!ok || m.String() > on.String()) {
			on, ok = m, true
		}
	}
	return on, ok
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
