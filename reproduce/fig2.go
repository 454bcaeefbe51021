// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// figure2 is Figure 2: the solution at β = 40, exact, by a PINN and by
// Hyper-LR-PINN.
func figure2() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig2",
		Title:  "Convection at β = 40: exact, PINN, Hyper-LR-PINN",
		runs:   figure2Runs,
		render: renderFigure2,
	}
}

const figure2Beta = 40.

// pinnRate is the learning rate of the PINN baselines (P2INN, appendix C.2, by
// the same authors; hyper-lr-pinn/settings.csv, baseline.pinn).
const pinnRate = 1e-3

func figure2PINN(setup pinn.Setup, p Preset) *Run {
	return PINNRun(
		baselines.PINN{Setup: setup, Mu: []float64{figure2Beta, 0, 0}, Seed: p.Seeds[0]},
		train.Settings{Steps: p.PINNSteps, LearningRate: pinnRate})
}

func figure2Runs(p Preset) ([]*Run, error) {
	setup, err := convection()
	if err != nil {
		return nil, err
	}
	return []*Run{
		table2Run(setup, p, figure2Beta, lrpinn.AdaptiveRank)[0],
		figure2PINN(setup, p),
	}, nil
}

func renderFigure2(ctx context.Context, s *Session, p Preset) (Output, error) {
	setup, err := convection()
	if err != nil {
		return Output{}, err
	}
	row, err := newHeatRow(setup, []float64{figure2Beta, 0, 0}, [2]float64{0, 2}, "x", "t")
	if err != nil {
		return Output{}, err
	}
	if _, err := row.network(ctx, s, figure2PINN(setup, p), "PINN", ""); err != nil {
		return Output{}, err
	}
	if _, err := row.network(ctx, s, table2Run(setup, p, figure2Beta, lrpinn.AdaptiveRank)[0], "Hyper-LR-PINN", ""); err != nil {
		return Output{}, err
	}
	caption := fmt.Sprintf("u(x, t) on the full 256×100 grid. The PINN has %d steps at learning rate %g; Hyper-LR-PINN has adaptive rank. Seed %d.", p.PINNSteps, pinnRate, p.Seeds[0])
	if short := joinReasons(prefixed("Phase 1 ", reduced(p.Phase1Steps, paperPhase1Steps)), prefixed("Phase 2 ", reduced(p.Phase2Steps, paperPhase2Steps))); short != "" {
		caption += " Reduced: " + short + "."
	}
	f, err := row.figure(figure2(), p, caption)
	return Output{Figures: []report.Figure{f}}, err
}
