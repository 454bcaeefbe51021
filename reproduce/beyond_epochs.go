// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// beyondEpochs is Figure 6 by Levenberg–Marquardt and by Adam, to the paper's error and
// to a tenth of it, from the same Phase 1 on [1, 20].
func beyondEpochs() Experiment {
	return Experiment{
		ID:     "beyond/epochs",
		Title:  "Beyond the paper: iterations and time to an error",
		runs:   beyondEpochRuns,
		render: renderBeyondEpochs,
	}
}

// epochTargets are mean absolute errors.
var epochTargets = []float64{targetError, targetError / 10}

// epochSolvers are what is compared.
var epochSolvers = []solver{adamFixed, lmFresh}

// toTarget is Phase 2 at β until an error is reached.
func (v solver) toTarget(st study, p Preset, beta, target float64) (*Run, error) {
	seed := p.Seeds[0]
	setup, err := v.setup(st, seed)
	if err != nil {
		return nil, err
	}
	most := p.Epochs.Cap
	if v.lm {
		most = p.Beyond.Iterations
	}
	r := phase2On(setup, widePhase1(st.setup, p, seed), []float64{beta, 0, 0}, phase2Model{Rank: lrpinn.AdaptiveRank}, v.settings(train.Settings{Steps: most}, most))
	return v.noted(r).until(pinn.AbsProbe, target, most), nil
}

func beyondEpochRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, v := range epochSolvers {
		for _, target := range epochTargets {
			for _, beta := range p.Epochs.Betas {
				r, err := v.toTarget(st, p, beta, target)
				if err != nil {
					return nil, err
				}
				runs = append(runs, r)
			}
		}
	}
	return runs, nil
}

func renderBeyondEpochs(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	table := report.Table{
		ID:    beyondEpochs().ID,
		Title: beyondEpochs().Title,
		Note: fmt.Sprintf("Phase 2 at adaptive rank from one published Phase 1 on [1, 20], seed %d, until mean |u − û| on the 1,000 test points is below the target, measured after every step. "+
			"Seconds are without compilation and with these measurements. A query that is not there after %d steps of Adam or %d of Levenberg–Marquardt counts as more than any number.",
			p.Seeds[0], p.Epochs.Cap, p.Beyond.Iterations),
	}
	panel := figure.Lines{Title: "time to an error", XLabel: "β", YLabel: "seconds", LogY: true}
	head := []string{"beta", "solver", "target", "steps", "seconds", "reached"}
	var rows [][]float64
	for i, v := range epochSolvers {
		for _, target := range epochTargets {
			series := figure.Series{Name: fmt.Sprintf("%s, %g", v.name, target), Points: true}
			var steps, seconds []float64
			var runs []*Run
			for _, beta := range p.Epochs.Betas {
				r, err := v.toTarget(st, p, beta, target)
				if err != nil {
					return Output{}, err
				}
				f, ok, err := s.finishedRun(r, nil)
				if err != nil {
					return Output{}, err
				}
				if !ok {
					continue
				}
				history := f.record.History.Rows
				last := history[len(history)-1].Step
				runs = append(runs, r)
				n, t := float64(last), f.seconds(last)
				abs, _ := probeAt(f.record, last, pinn.AbsProbe)
				reached := abs < target
				rows = append(rows, []float64{beta, float64(i), target, n, t, yes(reached)})
				if !reached {
					n, t = math.Inf(1), math.Inf(1)
				} else {
					series.X, series.Y = append(series.X, beta), append(series.Y, max(t, 1e-3))
				}
				steps, seconds = append(steps, n), append(seconds, t)
			}
			if len(series.X) > 0 {
				panel.Series = append(panel.Series, series)
			}
			for _, c := range []struct {
				column, metric, unit string
				of                   func() float64
			}{
				{"median", "steps", "-", func() float64 { return quantile(steps, .5) }},
				{"median", "time", "s", func() float64 { return quantile(seconds, .5) }},
				{"upper quartile", "time", "s", func() float64 { return quantile(seconds, .75) }},
				{"reached", "count", "β", func() float64 {
					n := 0.
					for _, v := range steps {
						n += yes(finite(v))
					}
					return n
				}},
			} {
				m := measurement{evidence: Evidence{Role: RoleMethod, Smoke: p.Smoke}, runs: runs}
				if len(steps) > 0 {
					m.evidence.Values = []float64{c.of()}
				}
				cell, err := beyondCell("epochs", fmt.Sprintf("%s to %g", v.name, target), c.column, c.metric, c.unit, m, joinReasons(beyondReduced(p), epochsReduced(p)), beyondEpochs().Command(p))
				if err != nil {
					return Output{}, err
				}
				if len(steps) > 0 && !finite(m.evidence.Values[0]) {
					cell.OursText, cell.Values = "not reached", nil
				}
				if len(steps) > 0 {
					cell.Reason = joinReasons(cell.Reason, fmt.Sprintf("over %d β", len(steps)))
				}
				table.Cells = append(table.Cells, cell)
			}
		}
	}
	out := Output{Tables: []report.Table{table}}
	if len(panel.Series) == 0 {
		return out, nil
	}
	caption := fmt.Sprintf("Time that a query trains until mean |u − û| is below the target, from one Phase 1 on [1, 20]; those that start below it are drawn at a millisecond, those that do not come there are left out. "+
		"In the numbers solver 0 is Adam and 1 Levenberg–Marquardt. Seed %d.%s", p.Seeds[0], reducedNote(joinReasons(beyondReduced(p), epochsReduced(p))))
	f, err := drawn(beyondEpochs(), p, caption, panel, head, rows)
	out.Figures = []report.Figure{f}
	return out, err
}
