// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/report"
)

// appendixM is appendix M: the baselines of full rank. Its numbers are not published
// with the main text; those for general cases are in the tables of the same authors'
// P2INN (Cho et al., ICML 2024), which has other members of the family too.
func appendixM() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appM",
		Title:  "Baselines of full rank: general cases, and convection at the failure mode",
		runs:   appendixMRuns,
		render: renderAppendixM,
	}
}

// p2innCell is a published number of P2INN with what it is a number of.
type p2innCell struct {
	row    generalRow
	system generalSystem
	value  data.Value
	absent bool // this preset has no such runs
}

var p2innMetrics = []string{"abs_err", "rel_err"}

// p2innCells are the numbers of P2INN's tables 2 and 15, 8 and 3 that are not of its
// own method: a network for each setting, meta-learners, and PINN-P. The rows that
// the preset has are those of table4Rows.
func p2innCells(p Preset) ([]p2innCell, error) {
	rows, err := table4Rows(p)
	if err != nil {
		return nil, err
	}
	var cells []p2innCell
	add := func(c p2innCell, table, row, column, metricName string) error {
		var err error
		c.value, err = data.Find(data.CellID("p2inn", table, row, column, metricName))
		cells = append(cells, c)
		return err
	}
	for i, kind := range generalKinds {
		row, absent := generalRow{generalKind: kind}, i >= len(rows)
		if !absent {
			row = rows[i]
		}
		for _, c := range generalSystems() {
			for _, name := range p2innMetrics {
				if c.p2inn != "" {
					if err := add(p2innCell{row: row, system: c, absent: absent}, "table2+15", row.row+" range 1-5, IC N(pi,(pi/2)^2)", c.p2inn, name); err != nil {
						return nil, err
					}
				}
				if (c.column == "MAML" || c.column == "Reptile") && (row.kind == "convection" || row.kind == "reaction") {
					if err := add(p2innCell{row: row, system: c, absent: absent}, "table8", row.row+" range 1-5", c.column, name); err != nil {
						return nil, err
					}
				}
			}
		}
		if row.kind == "reaction" {
			c := p2innCell{row: row, system: generalPINNP("PINN-P", p2innPINNPWidth), absent: true}
			for _, width := range p.General.PINNPWidths {
				c.absent = c.absent && width != p2innPINNPWidth
			}
			for _, name := range p2innMetrics {
				if err := add(c, "table3", row.row+" range 1-5", "PINN-P", name); err != nil {
					return nil, err
				}
			}
		}
	}
	return cells, nil
}

// p2innPINNPWidth is the width of P2INN's PINN-P: 91,651 parameters.
const p2innPINNPWidth = 150

// widerPINNP are PINN-P at the preset's widths beside Table 4's.
func widerPINNP(p Preset) []generalSystem {
	var systems []generalSystem
	for _, width := range p.General.PINNPWidths {
		if width != pinnPWidth {
			systems = append(systems, generalPINNP(fmt.Sprintf("PINN-P (width %d)", width), width))
		}
	}
	return systems
}

// failureSystems are the baselines of full rank on convection at the failure mode,
// as columns of one row for each β.
func failureSystems() []generalSystem {
	var systems []generalSystem
	for _, c := range generalSystems() {
		if c.column != generalPINN.column && c.column != methodColumn {
			systems = append(systems, c)
		}
	}
	return systems
}

// failureRow is convection at the β of Table 2. All columns take the seeds of the
// meta-learners.
func failureRow(p Preset) (generalRow, error) {
	st, err := convectionStudy(p)
	return generalRow{study: st, at: mus(table2Betas)}, err
}

func appendixMRuns(p Preset) ([]*Run, error) {
	cells, err := p2innCells(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, c := range cells {
		if !c.absent {
			runs = append(runs, c.system.runs(p, c.row)...)
		}
	}
	rows, err := table4Rows(p)
	if err != nil {
		return nil, err
	}
	for _, row := range rows[:tableRows] {
		for _, c := range widerPINNP(p) {
			runs = append(runs, c.runs(p, row)...)
		}
	}
	row, err := failureRow(p)
	if err != nil {
		return nil, err
	}
	for _, c := range failureSystems() {
		for _, mu := range row.at {
			runs = append(runs, failureRuns(p, row, c, mu)...)
		}
	}
	return runs, nil
}

func failureRuns(p Preset, row generalRow, c generalSystem, mu []float64) []*Run {
	var runs []*Run
	for _, seed := range p.General.MetaSeeds {
		runs = append(runs, c.run(row, mu, seed))
	}
	return runs
}

func renderAppendixM(_ context.Context, s *Session, p Preset) (Output, error) {
	general, err := s.appendixMGeneral(p)
	if err != nil {
		return Output{}, err
	}
	failure, err := s.appendixMFailure(p)
	if err != nil {
		return Output{}, err
	}
	return Output{Tables: []report.Table{
		{
			ID:    appendixM().ID,
			Title: "General cases: baselines of full rank, beside the numbers of P2INN",
			Note: "The runs of Table 4, with its protocol, beside the numbers of the same authors' P2INN (ICML 2024), which has other members of the family too: " +
				"tables 2 and 15 (a network for each setting, with standard deviations), 8 (meta-learners) and 3 (PINN-P of width 150). " +
				"Where reaction stands beside another term, “corrected” is the error of the same networks against the accurate solution, the number beside it that against the authors' own (D1). " +
				"The boundary is as published for both: u_x is not matched (D2).",
			Cells: general,
		},
		{
			ID:    appendixM().ID + "/convection",
			Title: "Convection at the failure mode: baselines of full rank",
			Note: "From u(x, 0) = 1 + sin x, where the paper has them in appendix M. PINN-P and the meta-learners are trained on β = 30 … 40. " +
				"Hyper-LR-PINN is that of Table 2 at full rank.",
			Cells: failure,
		},
	}}, nil
}

// appendixMGeneral are P2INN's cells, then PINN-P at further widths.
func (s *Session) appendixMGeneral(p Preset) ([]report.Cell, error) {
	command := appendixM().Command(p)
	published, err := p2innCells(p)
	if err != nil {
		return nil, err
	}
	var cells []report.Cell
	for _, c := range published {
		m, err := s.p2innMeasure(p, c)
		if err != nil {
			return nil, err
		}
		shown, err := cell(c.value, m.measurement, command)
		if err != nil {
			return nil, err
		}
		shown.Corrected = m.corrected()
		cells = append(cells, shown)
	}
	rows, err := table4Rows(p)
	if err != nil {
		return nil, err
	}
	for _, row := range rows[:tableRows] {
		for _, c := range widerPINNP(p) {
			for _, name := range p2innMetrics {
				m, err := s.over(p, row, c, name)
				if err != nil {
					return nil, err
				}
				m.evidence.Role, m.evidence.Smoke = c.role, p.Smoke
				shown, err := ours("appM", row.row, c.column, name, m.measurement, joinReasons(c.less(row), row.less()), command)
				if err != nil {
					return nil, err
				}
				shown.Corrected = m.corrected()
				cells = append(cells, shown)
			}
		}
	}
	return cells, nil
}

// p2innMeasure is our number for P2INN's, empty where the preset has no such runs.
func (s *Session) p2innMeasure(p Preset, c p2innCell) (generalMeasure, error) {
	if c.absent {
		return generalMeasure{measurement: measurement{evidence: Evidence{Role: c.system.role, Smoke: p.Smoke}}}, nil
	}
	m, err := s.over(p, c.row, c.system, c.value.Metric)
	if err != nil {
		return m, err
	}
	if err := s.judged(p, c.row, c.system, &m); err != nil {
		return m, err
	}
	if c.system.column == generalPINN.column {
		m.evidence.Because, err = s.undetermined(p, c.row)
	}
	return m, err
}

// appendixMFailure are the cells on convection, none of which is published.
func (s *Session) appendixMFailure(p Preset) ([]report.Cell, error) {
	row, err := failureRow(p)
	if err != nil {
		return nil, err
	}
	command := appendixM().Command(p)
	var cells []report.Cell
	for _, mu := range row.at {
		for _, name := range p2innMetrics {
			add := func(column string, role Role, runs []*Run, less string) error {
				m, err := s.measure(runs, mu, name)
				if err != nil {
					return err
				}
				m.evidence.Role, m.evidence.Smoke = role, p.Smoke
				c, err := ours("appM", betaRow(mu), column, name, m, less, command)
				cells = append(cells, c)
				return err
			}
			for _, c := range failureSystems() {
				if err := add(c.column, c.role, failureRuns(p, row, c, mu), lessFailure(row.study.steps, c)); err != nil {
					return nil, err
				}
			}
			less := joinReasons(
				prefixed("Phase 1: ", reduced(row.study.steps.phase1, paperPhase1Steps)),
				prefixed("Phase 2: ", reduced(row.study.steps.phase2, paperPhase2Steps)))
			var runs []*Run
			for _, seed := range p.Seeds {
				runs = append(runs, row.study.hyper(mu, lrpinn.FullRank, seed))
			}
			if err := add("Hyper-LR-PINN (Full rank)", RoleMethod, runs, less); err != nil {
				return nil, err
			}
		}
		trivial, err := s.trivialCells(systems{study: row.study, row: betaRow}, "appM", mu, p2innMetrics, command)
		if err != nil {
			return nil, err
		}
		cells = append(cells, trivial...)
	}
	return cells, nil
}

// lessFailure says how a column's steps are below the paper's: those of Table 2's
// baselines and, of PINN-P, which it does not have, those of Table 4's.
func lessFailure(steps studySteps, c generalSystem) string {
	switch c.column {
	case "PINN-P":
		return reduced(steps.pinnP, paperGeneralSteps)
	case "MAML":
		return lessMeta(func(s studySteps) int { return s.maml })(steps)
	case "Reptile":
		return lessMeta(func(s studySteps) int { return s.reptile })(steps)
	}
	return lessScratch(steps)
}
