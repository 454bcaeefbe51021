// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/reproduce/report"
)

// measurement is a number of ours for a published one: a value a seed, and what
// the verdict rules need to know of the runs.
type measurement struct {
	evidence Evidence
	seeds    []int64
	grid     []float64 // the same metric on the full grid
	runs     []*Run
	found    []finishedRun // the networks behind the values
	flags    []string
}

// cell puts a published number, ours and the verdict together.
func cell(published data.Value, m measurement, command string) (report.Cell, error) {
	m.evidence.Published = &published.Value
	return m.cell(report.Cell{
		ID: published.ID, Row: published.Row, Column: published.Column, Metric: published.Metric, Unit: published.Unit,
		Published: &published.Value, PublishedText: published.Text, PublishedStd: published.Std, Source: published.Source,
		Command: command,
	})
}

// cell fills in what is measured and judges it.
func (m measurement) cell(c report.Cell) (report.Cell, error) {
	if c.Published != nil {
		m.evidence.Because = m.why(c.Metric, *c.Published)
	}
	verdict, why, err := Judge(m.evidence)
	if err != nil {
		return c, fmt.Errorf("cell %s: %w", c.ID, err)
	}
	c.Role, c.Verdict, c.Reason = string(m.evidence.Role), string(verdict), why
	c.Seeds, c.Flags = m.seeds, m.flags
	for _, v := range m.evidence.Values {
		c.Values = append(c.Values, report.Number(v))
	}
	for _, r := range m.runs {
		c.Runs = append(c.Runs, r.Name())
	}
	if len(m.evidence.Values) > 0 {
		mean, sd := meanAndSD(m.evidence.Values)
		c.Ours = report.Number(mean)
		if len(m.evidence.Values) > 1 {
			c.Std = report.Number(sd)
		}
	}
	if len(m.grid) > 0 {
		mean, _ := meanAndSD(m.grid)
		c.Grid = report.Number(mean)
	}
	if t := m.evidence.Trivial; t != nil {
		c.Trivial = t
	}
	if m.evidence.Spurious > 0 {
		c.Flags = append(c.Flags, "spurious")
	}
	if n := len(m.evidence.Values); n == 1 && m.evidence.Role != RoleCount && m.evidence.Role != RoleTrivial {
		c.Flags = append(c.Flags, "one seed")
	}
	return c, nil
}

// meanAndSD returns the mean and the sample standard deviation (n − 1).
func meanAndSD(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	if len(xs) < 2 {
		return mean, 0
	}
	return mean, math.Sqrt(sd / float64(len(xs)-1))
}

// score picks a metric of the papers' tables out of errors.
func score(name string, e metric.Errors) (float64, error) {
	switch name {
	case "abs_err":
		return e.Abs, nil
	case "rel_err":
		return e.RelL2, nil
	case "max_err":
		return e.Max, nil
	case "explained_variance":
		return e.ExplainedVariance, nil
	case "mse":
		return e.MSE, nil
	}
	return 0, fmt.Errorf("reproduce: unknown metric %q; known are abs_err, rel_err, max_err, explained_variance, mse", name)
}

// measure collects a metric at mu over the seeds of finished runs; what has no
// record is left out, and runs that have failed are flagged.
func (s *Session) measure(runs []*Run, mu []float64, metricName string) (measurement, error) {
	var m measurement
	lost := 0
	var train, onGrid []float64 // residuals of spurious runs
	found, err := s.finished(runs, mu)
	if err != nil {
		return m, err
	}
	for _, f := range found {
		ev := f.ev
		test, err := score(metricName, ev.Test)
		if err != nil {
			return m, err
		}
		grid, _ := score(metricName, ev.Grid)
		trivial, _ := score(metricName, ev.TrivialTest)
		m.evidence.Values = append(m.evidence.Values, test)
		m.evidence.Trivial = &trivial
		m.grid = append(m.grid, grid)
		m.seeds = append(m.seeds, f.Config.Seed)
		m.runs, m.found = append(m.runs, f.Run), append(m.found, f)
		if ev.Spurious {
			m.evidence.Spurious++
			train, onGrid = append(train, ev.ResidualTrain), append(onGrid, ev.ResidualGrid)
		}
		if failed(ev) {
			lost++
		}
	}
	m.evidence.Because = mostlySpurious(train, onGrid, len(m.runs))
	if lost > 0 {
		m.flags = append(m.flags, fmt.Sprintf("%d of %d failed", lost, len(m.runs)))
	}
	return m, nil
}

// mostlySpurious is the reason why a number is another where more than half of its
// networks are spurious, of mean square residuals train and onGrid; else it is empty.
func mostlySpurious(train, onGrid []float64, networks int) string {
	if 2*len(train) <= networks {
		return ""
	}
	return fmt.Sprintf("the measured reason: the equation holds at the training points (median of the mean square residual %.2g) and not between them (%.2g on the grid); see appSpurious",
		quantile(train, .5), quantile(onGrid, .5))
}
