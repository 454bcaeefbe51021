// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"math"
	"strings"
)

// Table shows a table. A cell is text, or a number, which is shown with three
// significant digits; NaN is shown as a dash.
func Table(head []string, rows [][]any) {
	lines := []string{line(head), line(repeated("---", len(head)))}
	for _, row := range rows {
		if len(row) != len(head) {
			Check(fmt.Errorf("lab.Table: the head has %d columns, and a row %d: %v", len(head), len(row), row))
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = text(v)
		}
		lines = append(lines, line(cells))
	}
	Markdown("%s", strings.Join(lines, "\n"))
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

func repeated(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

func text(v any) string {
	if f, ok := v.(float64); ok {
		if math.IsNaN(f) {
			return "–"
		}
		return fmt.Sprintf("%.3g", f)
	}
	return strings.ReplaceAll(fmt.Sprint(v), "|", "\\|")
}
