// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
)

// columns of the table for a person: a unit of Go's text and how it is shown.
var columns = []struct{ unit, head, format string }{
	{"ms/step", "ms/step", "%.3g"},
	{"steps/s", "steps/s", "%.4g"},
	{"compile-s", "compile s", "%.1f"},
	{"peak-MB", "peak MB", "%.0f"},
	{"GFLOP/s", "GFLOP/s", "%.1f"},
	{"%peak", "% of peak", "%.0f"},
}

// String is the table: medians, and the range of the time where there are several.
func (r *report) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n%-22s", r.Machine, "")
	for _, c := range columns {
		fmt.Fprintf(&s, "%11s", c.head)
	}
	s.WriteString("  ms of all\n")
	for _, e := range r.Benchmarks {
		if e.Failed != "" {
			fmt.Fprintf(&s, "%-22s  failed: %s\n", e.Name, e.Failed)
			continue
		}
		fmt.Fprintf(&s, "%-22s", e.Name)
		for _, c := range columns {
			text := ""
			if v, ok := e.median(c.unit); ok {
				text = fmt.Sprintf(c.format, v)
			}
			fmt.Fprintf(&s, "%11s", text)
		}
		if ms := e.Metrics["ms/step"]; ms != nil && len(ms.Values) > 1 {
			fmt.Fprintf(&s, "  %.3g–%.3g", slices.Min(ms.Values), slices.Max(ms.Values))
		}
		if wall, ok := e.median(wallUnit); ok {
			fmt.Fprintf(&s, "  %.0f s of wall time", wall)
		}
		s.WriteString("\n")
	}
	if r.MatmulGFLOPs > 0 {
		fmt.Fprintf(&s, "%% of peak is of the speed of a step's largest matrix product alone; two matrices of 1,024² take %.0f GFLOP/s\n", r.MatmulGFLOPs)
	}
	return s.String()
}
