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

// shown are the errors that the README lists, by table, with their name there.
var shown = []struct{ table, metric, title string }{
	{"hyper-lr-pinn/table2", "rel_err", "Table 2, relative L2 error"},
	{"hyperpinn/table1", "mse", "Burgers, mean squared error"},
	{"hyperpinn/lorenz", "agg_sq_err", "Lorenz, aggregate squared error"},
}

// results is what the README shows of a report: errors over the seeds, of Table 2 the
// method's own.
func results(r *report.Report) (string, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nErrors over the seeds of the preset `%s`:\n\n", r.Preset)
	fmt.Fprintln(&b, "| | paper | median | best | worst | seeds | best constant | verdict |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|---|---|")
	for _, of := range shown {
		i := slices.IndexFunc(r.Tables, func(t report.Table) bool { return t.ID == of.table })
		if i < 0 {
			return "", errors.New("the published results hold no " + of.table)
		}
		for _, c := range r.Tables[i].Cells {
			if c.Metric != of.metric || c.Published == nil || of.table == shown[0].table && c.Role != "method" {
				continue
			}
			row := of.title + ": " + strings.NewReplacer("beta=", "β = ", ";rank=", ", rank ").Replace(c.Row)
			all := finiteOf(c.Values)
			low, middle, high := "–", "–", "–"
			if len(all) > 0 {
				low, middle, high = brief(all[0]), brief(metric.Median(all)), brief(all[len(all)-1])
			}
			verdict := c.Verdict
			if slices.Contains(c.Flags, "spurious") {
				verdict += ", spurious runs"
			}
			constant := "–"
			if c.Trivial != nil {
				constant = brief(*c.Trivial)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %d | %s | %s |\n", row, c.PublishedText, middle, low, high, len(all), constant, verdict)
		}
	}
	fmt.Fprintln(&b)
	return b.String(), nil
}

// brief is a number in three digits.
func brief(x float64) string { return fmt.Sprintf("%.3g", x) }
