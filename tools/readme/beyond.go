// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pinn.example/repro/metric"
	"pinn.example/repro/reproduce/report"
)

// The columns of beyond/table2 that the README shows.
const (
	paperColumn = "paper's method"
	lmColumn    = "robust Phase 1, LM, fresh points"
)

// beyond is what the README shows of beyond/table2: errors and times over seeds of the
// published method and of ours, beside the published error.
func beyond(r *report.Report) (string, error) {
	i := slices.IndexFunc(r.Tables, func(t report.Table) bool { return t.ID == "beyond/table2" })
	if i < 0 {
		return "", errors.New("the published results hold no beyond/table2")
	}
	cells := map[string]report.Cell{}
	var rows []string
	n := 0
	for _, c := range r.Tables[i].Cells {
		cells[c.Row+c.Column+c.Metric] = c
		if !slices.Contains(rows, c.Row) {
			rows = append(rows, c.Row)
		}
		if c.Column == lmColumn {
			n = max(n, len(c.Values))
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nRelative L2 error over %d seeds, median (worst), and the median time of a query on one thread, compilation not counted (preset %s):\n\n", n, r.Preset)
	fmt.Fprintln(&b, "| β | paper | ours, as published (Adam) | | ours, beyond (Levenberg–Marquardt) | |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|")
	for _, row := range rows {
		of := func(column string) (errors, seconds string) {
			e, t := cells[row+column+"rel_err"], cells[row+column+"time"]
			return spread(e.Values), middle(t.Values) + " s"
		}
		adam, adamTime := of(paperColumn)
		lm, lmTime := of(lmColumn)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", strings.TrimPrefix(row, "beta="), cells[row+paperColumn+"rel_err"].PublishedText, adam, adamTime, lm, lmTime)
	}
	fmt.Fprintln(&b)
	return b.String(), nil
}

// finiteOf are the values that there are, in order.
func finiteOf(values []*float64) []float64 {
	var all []float64
	for _, v := range values {
		if v != nil {
			all = append(all, *v)
		}
	}
	slices.Sort(all)
	return all
}

// spread is the median of the seeds that have a value, and the worst.
func spread(values []*float64) string {
	all := finiteOf(values)
	if len(all) == 0 {
		return "–"
	}
	worst := fmt.Sprintf("%.2g", all[len(all)-1])
	if n := len(values) - len(all); n > 0 {
		worst = fmt.Sprintf("%d diverged", n)
	}
	return fmt.Sprintf("%.2g (%s)", metric.Median(all), worst)
}

func middle(values []*float64) string {
	all := finiteOf(values)
	if len(all) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2g", metric.Median(all))
}
