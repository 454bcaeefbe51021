// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"

	"pinn.example/repro/data"
	"pinn.example/repro/reproduce/report"
)

// p2innFailures are the rows of P2INN's table 9, at failureBeta and failureRho.
var p2innFailures = []struct {
	name  string // of a failureProblem
	value float64
	row   string
}{
	{"convection", failureBeta, fmt.Sprintf("beta=%d, IC 1+sin", failureBeta)},
	{"reaction", failureRho, fmt.Sprintf("rho=%d, IC N(pi,(pi/4)^2)", failureRho)},
}

// p2innFailureTable is what P2INN (Cho et al., ICML 2024) prints of the vanilla PINN where
// H02 and H03 say that it fails, beside ours of the protocol that is nearest: its table 9
// at the two failure modes, and its table 18 on reaction at ρ = 1 … 10.
func (s *Session) p2innFailureTable(p Preset, problems []failureProblem) (report.Table, error) {
	note, err := p2innFailureNote(p)
	if err != nil {
		return report.Table{}, err
	}
	modes, err := s.p2innModes(p, problems)
	if err != nil {
		return report.Table{}, err
	}
	reaction, err := s.p2innReaction(p)
	return report.Table{
		ID:    failureModes().ID + "/p2inn",
		Title: "The vanilla PINN at its failure modes, beside the numbers of P2INN",
		Note:  note,
		Cells: append(modes, reaction...),
	}, err
}

// p2innFailureNote says how P2INN's numbers were made, and what of that is not known.
func p2innFailureNote(p Preset) (string, error) {
	// The mean of table 18 over ρ = 1 … 5 is this number, to the last digit.
	same, err := data.Find(data.CellID("p2inn", "table2+15", "Reaction range 1-5, IC N(pi,(pi/2)^2)", generalPINN.column, "abs_err"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("P2INN (ICML 2024) is the same authors' next paper, with the same network of 10,401 parameters, points, and Adam at learning rate %g. Its code trains for %d steps by default and its scripts for 10,000; which of these its numbers had is not known, and they have no standard deviations. "+
		"Table 9 is at the failure modes, from the initial conditions of the tables above: beside it is our error after %d steps (H02, H03). "+
		"Table 18 is reaction at one ρ each, and as recorded in data/ names neither the error nor the initial condition. Its mean over ρ = 1 … 5 is %s, the mean absolute error of P2INN's tables 2 and 15 from N(π, (π/2)²), and so it is taken for that. "+
		"This is another initial condition than that of the tables above: beside it are networks of appendix M, trained for %d steps, which have no ρ above %g. "+
		"From ρ = 4 on its numbers are nearly the mean of u, which is the error of a network that is almost 0.",
		pinnRate, paperPINNSteps, min(p.Failure.Steps, paperPINNSteps), same.Text, p.General.Steps, slices.Max(paperOnes)), nil
}

// p2innModes are the cells of table 9.
func (s *Session) p2innModes(p Preset, problems []failureProblem) ([]report.Cell, error) {
	var cells []report.Cell
	for _, mode := range p2innFailures {
		i := slices.IndexFunc(problems, func(f failureProblem) bool { return f.name == mode.name })
		if i < 0 {
			return nil, fmt.Errorf("reproduce: P2INN's row %q is of %s, which is no failure mode", mode.row, mode.name)
		}
		for _, name := range p2innMetrics {
			m, err := s.failureAt(p, problems[i], mode.value, name)
			if err != nil {
				return nil, err
			}
			published, err := data.Find(data.CellID("p2inn", "table9", mode.row, generalPINN.column, name))
			if err != nil {
				return nil, err
			}
			c, err := cell(published, m, failureModes().Command(p))
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// failureAt measures the PINN at a value of the hard parameter after as many steps as
// [paperPINNSteps], or the preset's where they are fewer; it is empty where the preset
// does not have the value.
func (s *Session) failureAt(p Preset, f failureProblem, value float64, metricName string) (measurement, error) {
	step := min(p.Failure.Steps, paperPINNSteps)
	var m measurement
	if slices.Contains(f.values, value) {
		runs, mu := f.runs(p, value), f.mu(value)
		var err error
		if step == p.Failure.Steps {
			m, err = s.measure(runs, mu, metricName)
		} else {
			m, err = s.errorsAt(p, runs, mu, step, metricName)
		}
		if err != nil {
			return m, err
		}
		if m.evidence.Compute, err = s.compute(f.study, runs); err != nil {
			return m, err
		}
		if c := m.evidence.Compute; c != nil { // that of all steps
			c.Spent *= float64(step) / float64(p.Failure.Steps)
		}
	}
	m.evidence.Role, m.evidence.Smoke, m.evidence.Reduced = RoleBaseline, p.Smoke, reduced(step, paperPINNSteps)
	return m, nil
}

// p2innReaction are the cells of table 18, beside the PINNs of appendix M's row of
// reaction, each at its ρ alone.
func (s *Session) p2innReaction(p Preset) ([]report.Cell, error) {
	rows, err := table4Rows(p)
	if err != nil {
		return nil, err
	}
	row := rows[slices.IndexFunc(rows, func(r generalRow) bool { return r.kind == "reaction" })]
	values, rhos, err := p2innSweep("table18", generalPINN.column, "reaction rho=%g")
	if err != nil {
		return nil, err
	}
	var cells []report.Cell
	for k, v := range values {
		rho := rhos[k]
		var m measurement
		if i := slices.IndexFunc(row.at, func(mu []float64) bool { return mu[2] == rho }); i >= 0 {
			one := row
			one.at = row.at[i : i+1]
			runs := generalPINN.runs(p, one)
			if m, err = s.measure(runs, one.at[0], p2innReactionMetric); err != nil {
				return nil, err
			}
			if m.evidence.Compute, err = s.compute(row.study, runs); err != nil {
				return nil, err
			}
		}
		m.evidence.Role, m.evidence.Smoke, m.evidence.Reduced = RoleBaseline, p.Smoke, generalPINN.less(row)
		m.evidence.Because = m.why(p2innReactionMetric, v.Value) // the cell's own metric is that of no history
		c, err := cell(v, m, appendixM().Command(p))
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// p2innSweep are the numbers of one of P2INN's tables, of a column or, where that is
// empty, of all, with the parameter that format reads of their rows.
func p2innSweep(table, column, format string) (values []data.Value, at []float64, err error) {
	published, err := data.Published()
	if err != nil {
		return nil, nil, err
	}
	for _, v := range published {
		if v.Paper != "p2inn" || v.Table != table || column != "" && v.Column != column {
			continue
		}
		var x float64
		if _, err := fmt.Sscanf(v.Row, format, &x); err != nil {
			return nil, nil, fmt.Errorf("reproduce: read the parameter of %s: %w", v.ID, err)
		}
		values, at = append(values, v), append(at, x)
	}
	return values, at, nil
}

// p2innReactionMetric is what the error of table 18 is taken for: see its table's note.
const p2innReactionMetric = "abs_err"
