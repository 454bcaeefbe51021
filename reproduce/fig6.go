// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// figure6 is Figure 6: epochs until the mean absolute error is below .05, by Phase
// 2 from a Phase 1 on [1, 20] and by a PINN from scratch. With the full batch an
// epoch is a step.
func figure6() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/fig6",
		Title:  "Epochs until the mean absolute error is below .05",
		runs:   figure6Runs,
		render: renderFigure6,
	}
}

const (
	// targetError is the paper's "L2 absolute error" of .05 (section 4.2.2), which
	// in its authors' code is mean |u − û| (D18).
	targetError = .05
	// paperEpochBetas is the number of its β, 1, 1.5, …, 20.
	paperEpochBetas = 39
)

// epochMethod is one of the figure's two methods.
type epochMethod struct {
	name string
	role Role
	run  func(st study, p Preset, beta float64) *Run
}

var epochMethods = []epochMethod{
	{"Hyper-LR-PINN", RoleMethod, func(st study, p Preset, beta float64) *Run {
		wide := widePhase1(st.setup, p, p.Seeds[0])
		return untilTarget(Phase2Run(wide, []float64{beta, 0, 0}, lrpinn.AdaptiveRank, p.Epochs.Cap), p)
	}},
	{"PINN", RoleBaseline, func(st study, p Preset, beta float64) *Run {
		return untilTarget(st.pinn([]float64{beta, 0, 0}, p.Seeds[0]), p)
	}},
}

func untilTarget(r *Run, p Preset) *Run { return r.until(pinn.AbsProbe, targetError, p.Epochs.Cap) }

func figure6Runs(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, seed := range p.Epochs.Seeds {
		for _, method := range epochMethods {
			for _, beta := range p.Epochs.Betas {
				runs = append(runs, method.run(st, withSeed(p, seed), beta))
			}
		}
	}
	return runs, nil
}

// epochCount is how long one run took to the target.
type epochCount struct {
	beta float64
	// steps is the number of updates after which the error is below the target, 0
	// where it is so before the first one; of a censored run, those that it did.
	steps    int
	censored bool // not there after Epochs.Cap steps
	spurious bool
	run      *Run
}

// epochsToTarget are those of a method's runs that have been done, in the order of
// β.
func (s *Session) epochsToTarget(p Preset, method epochMethod) ([]epochCount, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var all []epochCount
	for _, beta := range p.Epochs.Betas {
		f, ok, err := s.finishedRun(method.run(st, p, beta), nil)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		record := f.record
		e := epochCount{beta: beta, spurious: f.ev.Spurious, run: f.Run}
		rows := record.History.Rows
		if len(rows) == 0 {
			return nil, fmt.Errorf("reproduce: record %s has no history", record.Name)
		}
		// The last row is kept in published records too.
		e.steps = rows[len(rows)-1].Step
		last, ok := probeAt(record, e.steps, pinn.AbsProbe)
		if !ok {
			return nil, fmt.Errorf("reproduce: record %s lacks the last value of %s", record.Name, pinn.AbsProbe)
		}
		e.censored = !(last < targetError)
		all = append(all, e)
	}
	return all, nil
}

// probeAt is a probe's value at a step of a record's history, false where it holds
// none: a published record has a part of the rows.
func probeAt(record *store.Record, step int, probe string) (float64, bool) {
	i := slices.Index(record.History.Probes, probe)
	if i < 0 {
		return 0, false
	}
	for _, row := range record.History.Rows {
		if row.Step == step && row.Probes != nil {
			return row.Probes[i], true
		}
	}
	return 0, false
}

// epochSteps are the numbers of steps, infinite where a run is censored.
func epochSteps(all []epochCount) []float64 {
	var steps []float64
	for _, e := range all {
		if e.censored {
			steps = append(steps, math.Inf(1))
		} else {
			steps = append(steps, float64(e.steps))
		}
	}
	return steps
}

func renderFigure6(_ context.Context, s *Session, p Preset) (Output, error) {
	table := report.Table{
		ID:    figure6().ID + "-summary",
		Title: "Epochs to a mean absolute error below .05 (Figure 6)",
		Note: fmt.Sprintf("Over the β of the figure, seed %d. Measured after every update, and before the first one: 0 says that the weights a run starts from are below the target. "+
			"A run that is not there after %d updates is censored and counts as more than any number.", p.Seeds[0], p.Epochs.Cap),
	}
	lines := figure.Lines{Title: fmt.Sprintf("Epochs until mean |u − û| < %g (0 drawn at ½)", targetError), XLabel: "β", YLabel: "epochs", LogY: true}
	censored := figure.Series{Name: "stopped above .05", NoLine: true}
	spurious := figure.Series{Name: "spurious", NoLine: true}
	head := []string{"beta", "method", "epochs", "censored", "spurious"}
	var rows [][]float64
	for i, method := range epochMethods {
		all, err := s.epochsToTarget(p, method)
		if err != nil {
			return Output{}, err
		}
		cells, err := epochCells(p, method, all)
		if err != nil {
			return Output{}, err
		}
		table.Cells = append(table.Cells, cells...)
		series := figure.Series{Name: method.name, Points: true}
		for _, e := range all {
			// On the log axis 0 has no place.
			at := max(.5, float64(e.steps))
			series.X, series.Y = append(series.X, e.beta), append(series.Y, at)
			if e.censored {
				censored.X, censored.Y = append(censored.X, e.beta), append(censored.Y, at)
			}
			if e.spurious {
				spurious.X, spurious.Y = append(spurious.X, e.beta), append(spurious.Y, at)
			}
			rows = append(rows, []float64{e.beta, float64(i), float64(e.steps), yes(e.censored), yes(e.spurious)})
		}
		if len(all) > 0 {
			lines.Series = append(lines.Series, series)
		}
	}
	out := Output{Tables: []report.Table{table}}
	if len(lines.Series) == 0 {
		return out, nil
	}
	for _, marks := range []figure.Series{censored, spurious} {
		if len(marks.X) > 0 {
			lines.Series = append(lines.Series, marks)
		}
	}
	caption := fmt.Sprintf("Epochs, of one update each, until mean |u − û| on the 1,000 test points is below %g; measured before the first update (0, drawn at ½) and after every one, and stopped at %d. "+
		"Hyper-LR-PINN is Phase 2 at adaptive rank from one Phase 1 on [1, 20]; the PINN starts from scratch at learning rate %g. Seed %d. "+
		"In the numbers method 0 is Hyper-LR-PINN and 1 the PINN.", targetError, p.Epochs.Cap, pinnRate, p.Seeds[0])
	if less := epochsReduced(p); less != "" {
		caption += " Reduced: " + less + "."
	}
	f, err := drawn(figure6(), p, caption, lines, head, rows)
	out.Figures = []report.Figure{f}
	return out, err
}

// epochsReduced says in which way the preset's runs are below the paper's. The
// cap is ours: the paper names none.
func epochsReduced(p Preset) string {
	less := reduced(p.WideSteps, paperPhase1Steps)
	if n := len(p.WideBetas); n < len(integers(1, 20)) {
		less = joinReasons(less, fmt.Sprintf("%d of 20 training β", n))
	}
	less = prefixed("Phase 1: ", less)
	if n := len(p.Epochs.Betas); n < paperEpochBetas {
		less = joinReasons(less, fmt.Sprintf("%d of %d β", n, paperEpochBetas))
	}
	return less
}

// epochCells sum a method up: quartiles of its epochs, and at how many β it needs
// none, or one at most (claim H22).
func epochCells(p Preset, method epochMethod, all []epochCount) ([]report.Cell, error) {
	steps := epochSteps(all)
	failures, spurious := 0, 0
	for _, e := range all {
		if e.censored {
			failures++
		}
		if e.spurious {
			spurious++
		}
	}
	atMost := func(limit float64) func() float64 {
		return func() float64 {
			n := 0.
			for _, v := range steps {
				if v <= limit {
					n++
				}
			}
			return n
		}
	}
	at := func(q float64) func() float64 { return func() float64 { return quantile(steps, q) } }
	var cells []report.Cell
	for _, column := range []struct {
		name, metric, unit string
		value              func() float64
	}{
		{"lower quartile", "epochs", "epochs", at(.25)},
		{"median", "epochs", "epochs", at(.5)},
		{"upper quartile", "epochs", "epochs", at(.75)},
		{"0 epochs", "count", "β", atMost(0)},
		{"at most 1 epoch", "count", "β", atMost(1)},
		{"censored", "count", "β", func() float64 { return float64(failures) }},
	} {
		m := measurement{evidence: Evidence{Role: method.role, Smoke: p.Smoke, Reduced: epochsReduced(p)}}
		if len(all) > 0 {
			m.evidence.Values = []float64{column.value()}
			m.flags = counted(len(all), 0, spurious)
		}
		for _, e := range all {
			m.runs = append(m.runs, e.run)
		}
		c, err := m.cell(report.Cell{
			ID:  data.CellID("hyper-lr-pinn", "fig6", method.name, column.name, column.metric),
			Row: method.name, Column: column.name, Metric: column.metric, Unit: column.unit, Command: figure6().Command(p),
		})
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && !finite(m.evidence.Values[0]) {
			c.OursText, c.Values = fmt.Sprintf("more than %d", p.Epochs.Cap), nil
		}
		c.Reason += fmt.Sprintf("; over %d β", len(all))
		cells = append(cells, c)
	}
	return cells, nil
}
