// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"pinn.example/repro/reproduce/report"
)

// Results returns the report that is published in results/PRESET: every number of the
// papers beside ours, as the command reproduce made it.
func Results(preset string) *report.Report {
	return Must(report.Read(filepath.Join(Root(), "results", preset)))
}

// Cells returns the cells of a report whose id holds all of the words: an id is
// paper/table/row/column/metric. There is at least one.
func Cells(r *report.Report, words ...string) []report.Cell {
	var found []report.Cell
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			if matches(c.ID, words) {
				found = append(found, c)
			}
		}
	}
	if len(found) == 0 {
		Check(fmt.Errorf("the report of the preset %s has no cell whose id holds %q", r.Preset, words))
	}
	return found
}

func matches(id string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(id, w) {
			return false
		}
	}
	return true
}

// Compare shows cells as a table: the paper's number, ours and its spread over seeds,
// the best constant's, and the verdict.
func Compare(cells []report.Cell) {
	rows := make([][]any, len(cells))
	for i, c := range cells {
		ours := number(c.Ours, c.OursText)
		if c.Std != nil {
			ours += fmt.Sprintf(" ± %.2g", *c.Std)
		}
		verdict := c.Verdict
		if len(c.Flags) > 0 {
			verdict += " (" + strings.Join(c.Flags, ", ") + ")"
		}
		rows[i] = []any{c.Row, c.Column, c.Metric, number(c.Published, c.PublishedText), ours, number(c.Trivial, ""), verdict}
	}
	Table([]string{"row", "column", "metric", "paper", "ours", "best constant", "verdict"}, rows)
}

func number(v *float64, s string) string {
	switch {
	case s != "":
		return s
	case v == nil:
		return "–"
	}
	if *v == math.Trunc(*v) && math.Abs(*v) < 1e9 { // a count
		return fmt.Sprintf("%.0f", *v)
	}
	return fmt.Sprintf("%.4g", *v)
}
