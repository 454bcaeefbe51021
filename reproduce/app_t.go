// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/report"
)

// appendixT compares the methods on the Helmholtz equation. The numbers of the
// paper's appendix T are not available; those of PINN and PINN-R are in P2INN's
// table 11, by the same authors on the same problem.
func appendixT() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appT",
		Title:  "Helmholtz equation: errors over a",
		runs:   appendixTRuns,
		render: renderAppendixT,
	}
}

// wavesColumn is a method at some number of its epochs.
type wavesColumn struct {
	name string
	role Role
	// published is the column of P2INN's table 11, empty where it has none.
	published string
	run       func(st study, p Preset, a float64, seed int64) *Run
	// at is the epoch at which the run's errors are read; nil is its end.
	at func(p Preset) int
}

// wavesColumns lists the columns of a preset. What Phase 1 predicts is what Phase 2
// starts from, and a PINN of 2,000 epochs is the start of a longer one, so that both
// are read from histories.
func wavesColumns(p Preset) []wavesColumn {
	vanilla := func(st study, _ Preset, a float64, seed int64) *Run { return st.pinn(waves(a), seed) }
	full := func(st study, _ Preset, a float64, seed int64) *Run { return wavesHyper(st, a, seed) }
	columns := []wavesColumn{
		{name: "PINN", role: RoleBaseline, published: "PINN", run: vanilla},
		{
			name: "PINN-R", role: RoleBaseline, published: "PINN-R",
			run: func(st study, _ Preset, a float64, seed int64) *Run { return st.pinnR(waves(a), seed) },
		},
		{
			name: "PINN, 2,000 epochs", role: RoleBaseline, run: vanilla,
			at: func(Preset) int { return figure7PINN },
		},
		{
			name: "Hyper-LR-PINN, Phase 1 alone", role: RoleMethod, run: full,
			at: func(Preset) int { return 0 },
		},
		{
			name: "Hyper-LR-PINN, 10 epochs", role: RoleMethod,
			run: func(st study, _ Preset, a float64, seed int64) *Run {
				return wavesHyper(st, a, seed).lasting(figure7Phase2)
			},
		},
		{name: "Hyper-LR-PINN", role: RoleMethod, run: full},
	}
	if p.Waves.Steps < figure7PINN { // it was not trained so far
		columns = slices.DeleteFunc(columns, func(c wavesColumn) bool { return c.name == "PINN, 2,000 epochs" })
	}
	return columns
}

// runs are the column's at one a, a run a seed.
func (c wavesColumn) runs(st study, p Preset, a float64) []*Run {
	var runs []*Run
	for _, seed := range p.Waves.Seeds {
		runs = append(runs, c.run(st, p, a, seed))
	}
	return runs
}

func appendixTRuns(p Preset) ([]*Run, error) {
	st, err := wavesStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, a := range p.Waves.Report {
		for _, c := range wavesColumns(p) {
			if c.at == nil { // else the run is another column's
				runs = append(runs, c.runs(st, p, a)...)
			}
		}
	}
	return runs, nil
}

// measureWaves is a column's number at one a over the seeds.
func (s *Session) measureWaves(st study, p Preset, c wavesColumn, a float64, metricName string) (measurement, error) {
	runs := c.runs(st, p, a)
	m, err := s.measure(runs, waves(a), metricName)
	if err != nil {
		return m, err
	}
	if c.at != nil {
		return s.atEpoch(m, c.at(p), metricName)
	}
	if c.role == RoleBaseline {
		m.evidence.Compute, err = s.compute(st, runs)
	}
	return m, err
}

// atEpoch replaces the values of a measurement by those at an earlier epoch, of
// which the history holds the errors on the test points; they have the names of the
// tables' metrics.
func (s *Session) atEpoch(m measurement, epoch int, metricName string) (measurement, error) {
	early := measurement{evidence: m.evidence}
	early.evidence.Values, early.evidence.Spurious = nil, 0 // between the points an early net is not known
	for i, r := range m.runs {
		record, err := s.Find(r)
		if err != nil {
			return m, err
		}
		v, ok := probeAt(record, epoch, metricName)
		if !ok {
			continue // not kept in a published record
		}
		early.evidence.Values = append(early.evidence.Values, v)
		early.seeds, early.runs = append(early.seeds, m.seeds[i]), append(early.runs, r)
	}
	return early, nil
}

func renderAppendixT(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := wavesStudy(p)
	if err != nil {
		return Output{}, err
	}
	t := report.Table{
		ID:    appendixT().ID,
		Title: appendixT().Title,
		Note: fmt.Sprintf("a1 = a2 = a; means over the seeds on the 100 test points; the grid has 101×101 points. Phase 1 is trained on a = 2, 2.1, …, 3, then Phase 2 at each a at adaptive rank. "+
			"Networks for one a have %d epochs, the PINNs at learning rate %g. The published numbers are P2INN's (table 11); its PINN has the same ones at a = 2.65 and 2.85. "+
			"At integer a the boundary values are 0.", p.Waves.Steps, pinnRate),
	}
	if less := joinReasons(
		prefixed("Phase 1: ", reduced(p.Waves.Phase1Steps, paperPhase1Steps)),
		prefixed("Phase 2: ", reduced(p.Waves.Steps, paperPhase2Steps)),
		prefixed("PINNs: ", reduced(p.Waves.Steps, paperPINNSteps))); less != "" {
		t.Note += " Reduced: " + less + "."
	}
	command := appendixT().Command(p)
	all, err := wavesReported(p)
	if err != nil {
		return Output{}, err
	}
	for _, a := range all {
		row := fmt.Sprintf("Helmholtz a=%.2f", a) // as P2INN's table
		absent := !slices.Contains(p.Waves.Report, a)
		for _, c := range wavesColumns(p) {
			if absent && c.published == "" {
				continue
			}
			for _, name := range []string{"abs_err", "rel_err"} {
				var m measurement
				if !absent {
					if m, err = s.measureWaves(st, p, c, a, name); err != nil {
						return Output{}, err
					}
				}
				made, err := wavesCell(p, c, row, name, command, m)
				if err != nil {
					return Output{}, err
				}
				t.Cells = append(t.Cells, made)
			}
		}
		if absent {
			continue
		}
		constant := systems{study: st, row: func([]float64) string { return row }}
		cells, err := s.trivialCells(constant, "appT", waves(a), []string{"abs_err", "rel_err"}, command)
		if err != nil {
			return Output{}, err
		}
		t.Cells = append(t.Cells, cells...)
	}
	return Output{Tables: []report.Table{t}}, nil
}

// wavesReported are the a of a preset and those of P2INN's table 11, in order.
func wavesReported(p Preset) ([]float64, error) {
	_, printed, err := p2innSweep("table11", "", "Helmholtz a=%g")
	if err != nil {
		return nil, err
	}
	all := slices.Concat(p.Waves.Report, printed)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// wavesCell is a cell of the table: a published one of P2INN's, or one of ours.
func wavesCell(p Preset, c wavesColumn, row, metricName, command string, m measurement) (report.Cell, error) {
	m.evidence.Role, m.evidence.Smoke = c.role, p.Smoke
	if c.published == "" {
		return cellOf("appT", row, c.name, metricName, m, command)
	}
	published, err := data.Find(data.CellID("p2inn", "table11", row, c.published, metricName))
	if err != nil {
		return report.Cell{}, err
	}
	m.evidence.Reduced = reduced(p.Waves.Steps, paperPINNSteps)
	return cell(published, m, command)
}
