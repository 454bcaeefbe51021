// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// appendixQ is appendix Q: Phase 2 on fixed bases against Phase 2 that trains them
// too (claim H10), beside the two variants of what is trained in which the paper's
// text is not its authors' code (D7, D11). Its numbers are not in the main text.
func appendixQ() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appQ",
		Title:  "Fixed against trained bases in Phase 2",
		runs:   func(p Preset) ([]*Run, error) { return variantRuns(p, basisVariants) },
		render: renderAppendixQ,
	}
}

// trainedBases is Phase 2 that trains U and V too.
var trainedBases = variant{name: "trained bases", phase2: phase2Model{Rank: lrpinn.FullRank, TrainBases: true}, moreSeeds: true}

// basisVariants are the columns: what Phase 2 trains.
var basisVariants = []variant{
	{name: "fixed bases", phase2: asCode.phase2, moreSeeds: true},
	trainedBases,
	{name: "fixed bases, diagonals only", phase2: phase2Model{Rank: lrpinn.FullRank, DiagonalsOnly: true}, moreSeeds: true},
	{name: "fixed bases and hidden biases", phase1: phase1Model{HiddenBias: true}, phase2: asCode.phase2},
}

func renderAppendixQ(_ context.Context, s *Session, p Preset) (Output, error) {
	cells, err := s.variantCells(p, "appQ", basisVariants, appendixQ().Command(p))
	if err != nil {
		return Output{}, err
	}
	out := Output{Tables: []report.Table{{
		ID:    appendixQ().ID,
		Title: appendixQ().Title,
		Note: "Errors on the authors' 1,000 test points after Phase 2 at full rank. Fixed bases are the method: 351 trained values. With trained bases there are 15,351. " +
			"Diagonals only is what the text says of Phase 2, against Table 1 and the authors' code (D11): 150. " +
			"Hidden biases are those of equation (1), which the authors' code has not (D7): Phase 1 trains them and Phase 2 keeps them." + reducedNote(ablationReduced(p)),
		Cells: cells,
	}}}
	panels, numbers, err := s.queryCourses(p, basisVariants, 'a')
	if err != nil || len(panels) == 0 {
		return out, err
	}
	seeds := seedsNote(p.Ablation.QuerySeeds)
	if len(p.Ablation.Seeds) < len(p.Ablation.QuerySeeds) {
		seeds += " With hidden biases: " + seedsNote(p.Ablation.Seeds)
	}
	caption := fmt.Sprintf("Relative error on the test points during Phase 2 at full rank, every 100 updates; step 0 is what Phase 1 predicts. %s%s",
		seeds, reducedNote(ablationReduced(p)))
	f, err := drawn(appendixQ(), p, caption, figure.Row{Panels: panels}, numbers.head, numbers.rows())
	out.Figures = []report.Figure{f}
	return out, err
}

// seedsNote says what a line and its band are.
func seedsNote(seeds []int64) string {
	if len(seeds) == 1 {
		return fmt.Sprintf("Seed %d.", seeds[0])
	}
	return fmt.Sprintf("Median and quartiles over %d seeds.", len(seeds))
}

// queryCourses are the errors of variants over the steps of Phase 2, a panel a β,
// lettered from first on; a variant without records is left out, and a panel
// without one.
func (s *Session) queryCourses(p Preset, variants []variant, first rune) ([]figure.Panel, *sheet, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, nil, err
	}
	numbers := newSheet("step")
	var panels []figure.Panel
	for i, mu := range mus(table2Betas) {
		lines := figure.Lines{Title: fmt.Sprintf("(%c) Phase 2 at β = %g", first+rune(i), mu[0]), XLabel: "step of Phase 2", YLabel: "relative L2 error", LogY: true}
		for _, v := range variants {
			c, err := s.spreadOf(v.queries(st, p, mu), pinn.RelProbe)
			if err != nil {
				return nil, nil, err
			}
			if len(c.x) == 0 {
				continue
			}
			lines.Series = append(lines.Series, c.series(v.name))
			numbers.addSpread(fmt.Sprintf("%s, %s", betaRow(mu), v.name), c)
		}
		if len(lines.Series) > 0 {
			panels = append(panels, lines)
		}
	}
	return panels, numbers, nil
}
