// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/report"
)

// beyondSize asks how few parameters and points do: the error against the rank that is
// kept of what Phase 1 proposes, and against the number of points of each iteration.
func beyondSize() Experiment {
	return Experiment{
		ID:     "beyond/size",
		Title:  "Beyond the paper: how few parameters, how few points",
		runs:   beyondSizeRuns,
		render: renderBeyondSize,
	}
}

// beyondSizeBeta is where it is asked: the hardest β of Table 2.
const beyondSizeBeta = 40

// sizeAxis is one of the two quantities.
type sizeAxis struct {
	name, label string
	values      []int
	// rank and points of Phase 2 at a value of it; 0 points are the published number.
	rank   func(value int) lrpinn.Rank
	points func(value int) int
}

func sizeAxes(p Preset) []sizeAxis {
	return []sizeAxis{
		{"rank", "rank kept of each layer", p.Beyond.Ranks, lrpinn.LargestRank, func(int) int { return 0 }},
		{"points", "collocation points an iteration", p.Beyond.Points, func(int) lrpinn.Rank { return lrpinn.FullRank }, func(points int) int { return points }},
	}
}

// runs are Phase 2 with a value of it from the robust Phase 1, a run a seed.
func (a sizeAxis) runs(st study, p Preset, value int) ([]*Run, error) {
	return eachSeed(p.Seeds, func(seed int64) (*Run, error) {
		start, err := robust.run(st, seed)
		if err != nil {
			return nil, err
		}
		points := a.points(value)
		setup, err := setupOf(st.setup.Problem, pde.Sample{Set: "drawn", Seed: seed, Redraw: 1, Collocation: points})
		if err != nil {
			return nil, err
		}
		mu := []float64{beyondSizeBeta, 0, 0}
		r := phase2On(setup, start, mu, phase2Model{Rank: a.rank(value)}, lmFresh.settings(start.Config.Train, p.Beyond.Iterations))
		if points == 0 {
			return lmFresh.noted(r), nil
		}
		return solver{lm: true}.noted(r).withNote(fmt.Sprintf("%d points anew every step", points)), nil
	})
}

func beyondSizeRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var all []*Run
	for _, axis := range sizeAxes(p) {
		for _, value := range axis.values {
			runs, err := axis.runs(st, p, value)
			if err != nil {
				return nil, err
			}
			all = append(all, runs...)
		}
	}
	return all, nil
}

func renderBeyondSize(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	table := report.Table{
		ID:    beyondSize().ID,
		Title: beyondSize().Title,
		Note: fmt.Sprintf("Relative L2 error on the 1,000 test points at β = %d after %d iterations of Levenberg–Marquardt from the robust Phase 1 on β = 30 … 40. "+
			"By rank: the largest entries of each of the three diagonals are kept and trained, 1,000 fresh points an iteration. By points: all entries, so many fresh points an iteration, beside the 256 of the initial and the 100 pairs of the boundary condition.",
			beyondSizeBeta, p.Beyond.Iterations),
	}
	row := figure.Row{}
	values := newSheet("rank or points")
	for _, axis := range sizeAxes(p) {
		var over spread
		for _, value := range axis.values {
			runs, err := axis.runs(st, p, value)
			if err != nil {
				return Output{}, err
			}
			m, err := s.measure(runs, nil, "rel_err")
			if err != nil {
				return Output{}, err
			}
			m.evidence.Role, m.evidence.Smoke = RoleMethod, p.Smoke
			c, err := beyondCell("size", fmt.Sprintf("%s=%d", axis.name, value), "LM, fresh points", "rel_err", "-", m, beyondReduced(p), beyondSize().Command(p))
			if err != nil {
				return Output{}, err
			}
			table.Cells = append(table.Cells, c)
			if errors := m.evidence.Values; len(errors) > 0 {
				over.runs = max(over.runs, len(errors))
				over.x = append(over.x, float64(value))
				over.median = append(over.median, quantile(errors, .5))
				over.lower, over.upper = append(over.lower, quantile(errors, .25)), append(over.upper, quantile(errors, .75))
			}
		}
		if len(over.x) > 0 {
			line := over.series("LM, fresh points")
			line.Points = true
			row.Panels = append(row.Panels, figure.Lines{Title: "error against " + axis.name, XLabel: axis.label, YLabel: "rel L2", LogX: axis.name == "points", LogY: true, Series: []figure.Series{line}})
			values.addSpread(axis.name, over)
		}
	}
	out := Output{Tables: []report.Table{table}}
	if len(row.Panels) == 0 {
		return out, nil
	}
	caption := fmt.Sprintf("Medians over seeds with quartiles at β = %d, %d iterations.%s", beyondSizeBeta, p.Beyond.Iterations, reducedNote(beyondReduced(p)))
	f, err := drawn(beyondSize(), p, caption, row, values.head, values.rows())
	out.Figures = []report.Figure{f}
	return out, err
}
