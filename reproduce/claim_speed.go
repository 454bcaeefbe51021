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
		Rule: "a step of the PINN takes at least 4 times as long as one of Phase 2 at full rank, of the same seed and on the same machine, at β = 30, 35, 40 together, for three seeds of four or more; " +
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
			for _, seed := range p.Seeds {
				var own, other []float64
				for k, beta := range table2Betas {
					found, err := s.finished(slices.Concat(
						ofSeed(methods[timedPhase2].at(p, beta), seed),
						ofSeed(methods[timedPINN].at(p, beta), seed)), []float64{beta, 0, 0})
					if err != nil {
						return finding{}, err
					}
					if len(found) < 2 {
						continue
					}
					phase2, vanilla, err := s.timedBeside(found[0].Run, found[1].Run)
					if err != nil {
						return finding{}, err
					}
					if phase2 == nil {
						continue
					}
					for _, f := range found {
						t.count(f.ev)
					}
					a, b := 1/phase2.Manifest.StepsPerSecond, 1/vanilla.Manifest.StepsPerSecond
					own, other = append(own, a), append(other, b)
					level := equalLevels[0]
					ratio := b * stepsTo(probedCourse(vanilla, pinn.RelProbe), level) / (a * math.Max(1, stepsTo(probedCourse(phase2, pinn.RelProbe), level)))
					way[k].add(ratio, false) // NaN, where neither comes there, is the worst
				}
				if len(own) == len(table2Betas) {
					step.add(quantile(other, .5)/quantile(own, .5), false)
				}
			}
			t.found = len(step.values)
			t.main, t.others = []measure{step}, way
			return t.finding(
				data.CellID("hyper-lr-pinn", "speed", methods[timedPhase2].name, "beside the PINN", "step_time"),
				data.CellID("hyper-lr-pinn", "speed", methods[timedPhase2].name, "beside the PINN", "multiplications")), nil
		},
	}
}

// timedBeside are records of two runs, or replicas of them, that were timed on the
// same machine; nil where none were.
func (s *Session) timedBeside(a, b *Run) (*store.Record, *store.Record, error) {
	as, err := s.timed(a)
	if err != nil {
		return nil, nil, err
	}
	bs, err := s.timed(b)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range as {
		for _, y := range bs {
			if machineOf(x) == machineOf(y) {
				return x, y, nil
			}
		}
	}
	return nil, nil, nil
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
