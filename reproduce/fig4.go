// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// figure4 is Figure 4: the adaptive rank over β on both training ranges, and the
// diagonal of the second low-rank layer over [1, 20].
func figure4() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig4",
		Title:  "Adaptive rank over β, and the diagonal of the second layer",
		runs:   figure4Runs,
		render: renderFigure4,
	}
}

// widePhase1 is Phase 1 on β in [1, 20].
func widePhase1(setup pinn.Setup, p Preset, seed int64) *Run {
	return Phase1Run(setup, mus(p.WideBetas), p.WideSteps, seed)
}

func figure4Runs(p Preset) ([]*Run, error) {
	setup, err := convection()
	if err != nil {
		return nil, err
	}
	runs := []*Run{failureModePhase1(setup, p, p.Seeds[0])}
	for _, seed := range p.WideSeeds {
		runs = append(runs, widePhase1(setup, p, seed))
	}
	return runs, nil
}

func renderFigure4(_ context.Context, s *Session, p Preset) (Output, error) {
	setup, err := convection()
	if err != nil {
		return Output{}, err
	}
	seed := p.Seeds[0]
	var panels []figure.Panel
	var rows [][]float64
	for _, c := range []struct {
		run   *Run
		betas []float64
		title string
	}{
		{failureModePhase1(setup, p, seed), trainingBetas, "(a) rank, trained on [30, 40]"},
		{widePhase1(setup, p, seed), integers(1, 20), "(b) rank, trained on [1, 20]"},
	} {
		record, err := s.Find(c.run)
		if err != nil {
			return Output{}, err
		}
		if record == nil {
			continue
		}
		b, err := s.smallBackend()
		if err != nil {
			return Output{}, err
		}
		diagonals, err := lrpinn.Diagonals(b.Compute, record.Weights, mus(c.betas)...)
		if err != nil {
			return Output{}, err
		}
		lines := figure.Lines{Title: c.title, XLabel: "β", YLabel: "rank: positive entries of s", YRange: [2]float64{0, 50}}
		for l := range lrpinn.Layers {
			series := figure.Series{Name: fmt.Sprintf("low-rank layer %d", l+1), X: c.betas, Points: true}
			for i := range c.betas {
				series.Y = append(series.Y, float64(lrpinn.Ranks(diagonals[i])[l]))
			}
			lines.Series = append(lines.Series, series)
		}
		panels = append(panels, lines)
		for i, beta := range c.betas {
			row := []float64{beta}
			for l := range lrpinn.Layers {
				row = append(row, lines.Series[l].Y[i])
			}
			rows = append(rows, append(row, sortedDiagonal(diagonals[i])...))
		}
		if c.betas[0] == 1 {
			panels = append(panels, diagonalHeat(c.betas, diagonals))
		}
	}
	if len(panels) == 0 {
		return Output{}, nil
	}
	head := []string{"beta", "rank1", "rank2", "rank3"}
	for i := 1; i <= len(rows[0])-4; i++ {
		head = append(head, fmt.Sprintf("s2_%d", i))
	}
	caption := fmt.Sprintf("A rank is the number of positive diagonal entries that the hypernetwork proposes. Seed %d.", seed)
	if len(p.WideBetas) < 20 || p.WideSteps < paperPhase1Steps {
		caption += fmt.Sprintf(" Reduced on [1, 20]: %d of 20 training β, %d of %d steps.", len(p.WideBetas), p.WideSteps, paperPhase1Steps)
	}
	f, err := drawn(figure4(), p, caption, figure.Row{Panels: panels}, head, rows)
	return Output{Figures: []report.Figure{f}}, err
}

// secondLayer is the layer of Figure 4 (c): "the second hidden layer" of the
// text, alpha_1 of the authors' code.
const secondLayer = 1

// sortedDiagonal is s² of the second layer, largest first.
func sortedDiagonal(s [lrpinn.Layers]train.Array) []float64 { return sortedSquares(s[secondLayer]) }

func diagonalHeat(betas []float64, diagonals [][lrpinn.Layers]train.Array) figure.Heat {
	h := figure.Heat{Title: "(c) s² of the second layer, sorted", XLabel: "index, largest first", YLabel: "β", Label: "s²", Y: betas}
	for i := range diagonals {
		h.Z = append(h.Z, sortedDiagonal(diagonals[i]))
	}
	for i := range h.Z[0] {
		h.X = append(h.X, float64(i+1))
	}
	return h
}
