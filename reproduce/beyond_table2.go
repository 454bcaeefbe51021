// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
)

// beyondTable2 is Table 2's method columns with another optimizer, other points and
// another Phase 1, each change alone and all together, beside the same optimizer on
// networks from scratch: what does the hypernetwork's start buy once the optimizer is
// good?
func beyondTable2() Experiment {
	return Experiment{
		ID:     "beyond/table2",
		Title:  "Beyond the paper: Phase 2 by Levenberg–Marquardt",
		runs:   beyondTable2Runs,
		render: renderBeyondTable2,
	}
}

// beyondMethod is a column.
type beyondMethod struct {
	name string
	role Role
	// printed is the column of Table 2, among table2Columns, that it stands beside.
	printed int
	run     func(st study, p Preset, mu []float64, seed int64) (*Run, error)
}

// phase2Column is Phase 2 by a solver from a Phase 1.
func phase2Column(name string, v solver, first firstPhase, rank lrpinn.Rank) beyondMethod {
	i := slices.IndexFunc(table2Columns, func(c table2Column) bool { return c.rank == rank })
	return beyondMethod{name, RoleMethod, i, func(st study, p Preset, mu []float64, seed int64) (*Run, error) {
		return v.query(st, p, first, mu, rank, seed)
	}}
}

// notPrinted is no column of Table 2.
const notPrinted = -1

// naiveBeyondRank is the rank of the Naive-LR-PINN, that of Phase 2 at full rank.
const naiveBeyondRank = 50

// beyondMethods are the columns: the published method, the two changes of Phase 2 alone
// and together, these from the robust Phase 1, and networks from scratch.
var beyondMethods = []beyondMethod{
	phase2Column("paper's method", adamFixed, firstPhases[0], lrpinn.FullRank),
	phase2Column(adamFresh.name, adamFresh, firstPhases[0], lrpinn.FullRank),
	phase2Column(lmFixed.name, lmFixed, firstPhases[0], lrpinn.FullRank),
	phase2Column(lmFresh.name, lmFresh, firstPhases[0], lrpinn.FullRank),
	phase2Column("robust Phase 1, "+adamFresh.name, adamFresh, robust, lrpinn.FullRank),
	bestMethod,
	phase2Column("robust Phase 1, "+lmFresh.name+", adaptive rank", lmFresh, robust, lrpinn.AdaptiveRank),
	{"PINN from scratch, " + lmFresh.name, RoleBaseline, notPrinted, func(st study, p Preset, mu []float64, seed int64) (*Run, error) {
		return lmFresh.pinn(st, p.Beyond.DenseIterations, mu, seed)
	}},
	{fmt.Sprintf("Naive-LR-PINN of rank %d from scratch, %s", naiveBeyondRank, lmFresh.name), RoleBaseline, notPrinted, func(st study, p Preset, mu []float64, seed int64) (*Run, error) {
		return lmFresh.naive(st, p.Beyond.Iterations, mu, naiveBeyondRank, seed)
	}},
}

// bestMethod is all that is ours together.
var bestMethod = phase2Column("robust Phase 1, "+lmFresh.name, lmFresh, robust, lrpinn.FullRank)

// runs are a run a seed.
func (c beyondMethod) runs(st study, p Preset, mu []float64) ([]*Run, error) {
	return eachSeed(p.Seeds, func(seed int64) (*Run, error) { return c.run(st, p, mu, seed) })
}

func beyondTable2Runs(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var all []*Run
	for _, c := range beyondMethods {
		for _, mu := range mus(table2Betas) {
			runs, err := c.runs(st, p, mu)
			if err != nil {
				return nil, err
			}
			all = append(all, runs...)
		}
	}
	return all, nil
}

// beyondTarget is the error below which a query counts as solved: a twentieth of the
// published .0655 at β = 40, fixed before the runs that it is said of.
const beyondTarget = .003

func renderBeyondTable2(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	table := report.Table{
		ID:    beyondTable2().ID,
		Title: beyondTable2().Title,
		Note: fmt.Sprintf("Relative L2 error on the 1,000 test points, and the seconds that one query trains without compilation, of runs of one thread, two at once. "+
			"Phase 2 at full rank where nothing else is said, from Phase 1 on β = 30 … 40. LM is Levenberg–Marquardt, %d iterations, %d of the PINN; Adam %d steps. Fresh points: 1,000 uniform ones anew at every step. "+
			"The robust Phase 1 has fresh points too, and a rate that falls from %g to %g by a cosine, in the published number of steps. Flags count runs above %g.",
			p.Beyond.Iterations, p.Beyond.DenseIterations, p.Phase2Steps, cosineRate, cosineFinalRate, beyondTarget),
	}
	for _, mu := range mus(table2Betas) {
		for _, c := range beyondMethods {
			cells, err := s.beyondCells(c, st, p, mu)
			if err != nil {
				return Output{}, err
			}
			table.Cells = append(table.Cells, cells...)
		}
	}
	out := Output{Tables: []report.Table{table}}
	f, err := s.beyondCourses(st, p)
	if err == nil && f.SVG != nil {
		out.Figures = []report.Figure{f}
	}
	return out, err
}

// beyondCells are a method's error and time at mu.
func (s *Session) beyondCells(c beyondMethod, st study, p Preset, mu []float64) ([]report.Cell, error) {
	runs, err := c.runs(st, p, mu)
	if err != nil {
		return nil, err
	}
	cells, err := s.solvedCells("table2", betaRow(mu), c.name, c.role, runs, mu, p, beyondTable2())
	if err != nil {
		return nil, err
	}
	errors := &cells[0]
	if above := count(errors.Values, func(v *float64) bool { return v == nil || !(*v <= beyondTarget) }); above > 0 {
		errors.Flags = append(errors.Flags, fmt.Sprintf("%d of %d above %g", above, len(errors.Values), beyondTarget))
	}
	if c.printed != notPrinted {
		printed := table2Columns[c.printed]
		published, err := data.Find(data.CellID("hyper-lr-pinn", "table2", fmt.Sprintf("%s;rank=%s", betaRow(mu), printed.row), printed.name, "rel_err"))
		if err != nil {
			return nil, err
		}
		errors.Published, errors.PublishedText, errors.Source = &published.Value, published.Text, published.Source
	}
	return cells, nil
}

// beyondCourses shows how the error falls with time at the hardest β.
func (s *Session) beyondCourses(st study, p Preset) (report.Figure, error) {
	mu := []float64{table2Betas[len(table2Betas)-1], 0, 0}
	lines := figure.Lines{Title: fmt.Sprintf("rel L2 at β = %g against the time of training", mu[0]), XLabel: "seconds", YLabel: "rel L2", LogX: true, LogY: true}
	values := newSheet("seconds")
	for _, c := range beyondMethods {
		runs, err := c.runs(st, p, mu)
		if err != nil {
			return report.Figure{}, err
		}
		over, err := s.spreadOf(runs, pinn.RelProbe)
		if err != nil {
			return report.Figure{}, err
		}
		if len(over.x) == 0 {
			continue
		}
		found, err := s.finished(runs, mu)
		if err != nil {
			return report.Figure{}, err
		}
		var pace []float64
		for _, f := range found {
			pace = append(pace, f.seconds(1))
		}
		for i := range over.x {
			over.x[i] = max(1, over.x[i]) * quantile(pace, .5)
		}
		lines.Series = append(lines.Series, over.series(c.name))
		values.addSpread(c.name, over)
	}
	if len(lines.Series) == 0 {
		return report.Figure{}, nil
	}
	target := figure.Series{Name: fmt.Sprintf("%g", beyondTarget)}
	lo, hi := values.ends()
	target.X, target.Y = []float64{lo, hi}, []float64{beyondTarget, beyondTarget}
	lines.Series = append(lines.Series, target)
	caption := fmt.Sprintf("Medians over seeds with quartiles, probed every %d iterations of Levenberg–Marquardt and every 100 steps of Adam; each method at the median pace of its runs. "+
		"Compilation, about a second, is not counted.%s", lmProbeEvery, reducedNote(beyondReduced(p)))
	return drawn(beyondTable2(), p, caption, lines, values.head, values.rows())
}
