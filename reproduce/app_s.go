// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/baselines"
	"pinn.example/repro/figure"
	"pinn.example/repro/metric"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// appendixS is appendix S: dense PINNs with about as many weights as Phase 2 trains
// (claim H30), and larger ones beside them. Its numbers are not in the main text.
func appendixS() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appS",
		Title:  "Small dense PINNs beside LR-PINN",
		runs:   appendixSRuns,
		render: renderAppendixS,
	}
}

// denseNet is a dense PINN of appendix S.
type denseNet struct{ width, hidden int }

// smallNets have LR-PINN's four tanh layers (its first layer and three of low rank)
// and about its 351 values: 307 and 371. largeNets are one of the same depth at
// LR-PINN's width, 7,851, and the vanilla PINN, which is a layer deeper (D6).
var (
	smallNets = []denseNet{{9, 4}, {10, 4}}
	largeNets = []denseNet{{50, 4}, {50, 5}}
)

func denseNets() []denseNet { return append(smallNets[:len(smallNets):len(smallNets)], largeNets...) }

func (n denseNet) pinn(st study, mu []float64, seed int64) baselines.PINN {
	return baselines.PINN{Setup: st.setup, Mu: mu, Width: n.width, Hidden: n.hidden, Seed: seed}
}

// parameters counts what it trains.
func (n denseNet) parameters(st study) int {
	t := n.pinn(st, mus(table2Betas)[0], 0).Task()
	return t.Count()
}

// column names it in a cell's id.
func (n denseNet) column(st study) string {
	return fmt.Sprintf("PINN, %d layers of %d (%d)", n.hidden, n.width, n.parameters(st))
}

// runs are a run a seed at mu. They have the rate of the other PINNs.
func (n denseNet) runs(st study, p Preset, mu []float64) []*Run {
	var runs []*Run
	for _, seed := range p.BaselineSeeds {
		r := PINNRun(n.pinn(st, mu, seed), train.Settings{Steps: p.PINNSteps, LearningRate: pinnRate}).lasting(p.Ablation.DenseSteps)
		if vanilla := (baselines.PINN{}).WithDefaults(); n != (denseNet{vanilla.Width, vanilla.Hidden}) {
			r.Label = noted(r.Label, fmt.Sprintf("%d layers of %d", n.hidden, n.width))
		}
		runs = append(runs, r)
	}
	return runs
}

// besideDense are the runs of LR-PINN that the dense nets stand beside: Phase 2 at
// full rank, of which Table 2 has all seeds where the ablations have its steps.
func besideDense(st study, p Preset, mu []float64) []*Run {
	var runs []*Run
	for _, seed := range p.Seeds {
		runs = append(runs, asCode.query(st, p, mu, seed))
	}
	return runs
}

// besideDenseColumn is the column of LR-PINN; 351 is counted in Table 3.
const besideDenseColumn = "Hyper-LR-PINN, full rank (351)"

func appendixSRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, mu := range mus(table2Betas) {
		runs = append(runs, besideDense(st, p, mu)...)
	}
	for _, n := range denseNets() {
		for _, mu := range mus(table2Betas) {
			runs = append(runs, n.runs(st, p, mu)...)
		}
	}
	return runs, nil
}

func renderAppendixS(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	lessDense, command := reduced(p.Ablation.DenseSteps, paperPINNSteps), appendixS().Command(p)
	t := report.Table{
		ID:    appendixS().ID,
		Title: appendixS().Title,
		Note: fmt.Sprintf("Errors on the authors' 1,000 test points; in parentheses the number of trained values. The dense nets are trained from scratch at each β, %d steps at learning rate %g. "+
			"LR-PINN has four tanh layers; the vanilla PINN of 10,401 has five (D6).", p.Ablation.DenseSteps, pinnRate) +
			reducedNote(joinReasons(prefixed("LR-PINN: ", ablationReduced(p)), prefixed("dense: ", lessDense))),
	}
	metrics := []string{"abs_err", "rel_err"}
	for _, mu := range mus(table2Betas) {
		for _, name := range metrics {
			add := func(column string, role Role, less string, runs []*Run) error {
				m, err := s.measure(runs, mu, name)
				if err != nil {
					return err
				}
				m.evidence.Role, m.evidence.Smoke = role, p.Smoke
				c, err := ours("appS", betaRow(mu), column, name, m, less, command)
				t.Cells = append(t.Cells, c)
				return err
			}
			for _, n := range denseNets() {
				if err := add(n.column(st), RoleBaseline, lessDense, n.runs(st, p, mu)); err != nil {
					return Output{}, err
				}
			}
			if err := add(besideDenseColumn, RoleMethod, ablationReduced(p), besideDense(st, p, mu)); err != nil {
				return Output{}, err
			}
		}
		trivial, err := s.trivialCells(systems{study: st, row: betaRow}, "appS", mu, metrics, command)
		if err != nil {
			return Output{}, err
		}
		t.Cells = append(t.Cells, trivial...)
	}
	out := Output{Tables: []report.Table{t}}
	f, err := s.denseFigure(st, p)
	out.Figures = f
	return out, err
}

// denseFigure draws errors over the number of trained values, a panel a β.
func (s *Session) denseFigure(st study, p Preset) ([]report.Figure, error) {
	var panels []figure.Panel
	numbers := newSheet("trained values")
	for i, mu := range mus(table2Betas) {
		var dense spread
		for _, n := range denseNets() {
			if err := s.addSizes(&dense, n.runs(st, p, mu), mu); err != nil {
				return nil, err
			}
		}
		var method spread
		if err := s.addSizes(&method, besideDense(st, p, mu), mu); err != nil {
			return nil, err
		}
		lines := figure.Lines{Title: fmt.Sprintf("(%c) β = %g", 'a'+i, mu[0]), XLabel: "trained values", YLabel: "relative L2 error", LogX: true, LogY: true, XRange: [2]float64{200, 20_000}}
		for _, c := range []struct {
			name string
			spread
		}{{"dense PINN", dense}, {"Hyper-LR-PINN, full rank", method}} {
			if len(c.x) == 0 {
				continue
			}
			series := c.series(c.name)
			series.Points = true
			lines.Series = append(lines.Series, series)
			numbers.addSpread(fmt.Sprintf("%s, %s", betaRow(mu), c.name), c.spread)
		}
		if len(lines.Series) == 0 {
			continue
		}
		trivial, err := trivialRelL2(st, mu)
		if err != nil {
			return nil, err
		}
		lines.Series = append(lines.Series, figure.Series{Name: "best constant", X: lines.XRange[:], Y: []float64{trivial, trivial}, Dashed: true})
		panels = append(panels, lines)
	}
	if len(panels) == 0 {
		return nil, nil
	}
	caption := fmt.Sprintf("Relative error on the test points over the number of trained values. The dense nets have 4 layers of 9, 10 and 50, and 5 of 50. The method has %s; the nets, of %s, have %d steps each at learning rate %g.%s",
		seedWords(p.Seeds), seedWords(p.BaselineSeeds), p.Ablation.DenseSteps, pinnRate,
		reducedNote(joinReasons(prefixed("LR-PINN: ", ablationReduced(p)), prefixed("dense: ", reduced(p.Ablation.DenseSteps, paperPINNSteps)))))
	f, err := drawn(appendixS(), p, caption, figure.Row{Panels: panels}, numbers.head, numbers.rows())
	return []report.Figure{f}, err
}

func seedWords(seeds []int64) string {
	if len(seeds) == 1 {
		return "one seed"
	}
	return fmt.Sprintf("median and quartiles over %d seeds", len(seeds))
}

// addSizes appends the errors of runs that differ in their seed, at their number of
// trained values; nothing where there is no record.
func (s *Session) addSizes(to *spread, runs []*Run, mu []float64) error {
	found, err := s.finished(runs, mu)
	if err != nil || len(found) == 0 {
		return err
	}
	var values []float64
	for _, f := range found {
		values = append(values, f.ev.Test.RelL2)
	}
	size := found[len(found)-1].record.Metrics.Parameters
	to.runs = max(to.runs, len(values))
	to.x = append(to.x, float64(size))
	to.median = append(to.median, quantile(values, .5))
	to.lower = append(to.lower, quantile(values, .25))
	to.upper = append(to.upper, quantile(values, .75))
	return nil
}

// trivialRelL2 is the relative error of the best constant on the test points.
func trivialRelL2(st study, mu []float64) (float64, error) {
	truth, err := st.setup.Problem.Reference(mu, st.setup.Points.Test)
	if err != nil {
		return 0, err
	}
	e, err := metric.Trivial(truth)
	return e.RelL2, err
}
