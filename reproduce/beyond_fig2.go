// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/reproduce/report"
)

// beyondFig2 is Figure 2 once more: the solution at β = 40, exact, by the paper's
// method, and by Levenberg–Marquardt from the robust Phase 1.
func beyondFig2() Experiment {
	return Experiment{
		ID:     "beyond/fig2",
		Title:  "Beyond the paper: Figure 2 by Levenberg–Marquardt",
		runs:   beyondFig2Runs,
		render: renderBeyondFig2,
	}
}

// beyondFig2Methods are columns of beyond/table2, of its first seed.
func beyondFig2Methods() []beyondMethod { return []beyondMethod{beyondMethods[0], bestMethod} }

var beyondFig2Mu = []float64{figure2Beta, 0, 0}

func beyondFig2Runs(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, c := range beyondFig2Methods() {
		r, err := c.run(st, p, beyondFig2Mu, p.Seeds[0])
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func renderBeyondFig2(ctx context.Context, s *Session, p Preset) (Output, error) {
	runs, err := beyondFig2Runs(p)
	if err != nil {
		return Output{}, err
	}
	row, err := newHeatRow(runs[0].setup, beyondFig2Mu, [2]float64{0, 2}, "x", "t")
	if err != nil {
		return Output{}, err
	}
	var u []float64
	for i, c := range beyondFig2Methods() {
		if u, err = row.network(ctx, s, runs[i], c.name, ""); err != nil {
			return Output{}, err
		}
	}
	off := ""
	if u != nil {
		row.misfit(u)
		off = ", and what the last is off by, on a scale of its own"
	}
	caption := fmt.Sprintf("u(x, t) at β = %g on the full 256×100 grid, with the relative L2 error there%s. Full rank, seed %d.%s",
		figure2Beta, off, p.Seeds[0], reducedNote(beyondReduced(p)))
	f, err := row.figure(beyondFig2(), p, caption)
	return Output{Figures: []report.Figure{f}}, err
}
