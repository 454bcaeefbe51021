// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
)

// status is what has come out so far: how many published numbers and claims have which
// verdict.
func status(r *report.Report) string {
	claims := map[string]int{}
	for _, c := range r.Claims {
		claims[c.Verdict]++
	}
	return fmt.Sprintf("\nTrained and published so far: [the report of the preset `%s`](results/%s/report.html). Of the papers' numbers %s; of their claims %s.\n\n",
		r.Preset, r.Preset, tally(r.Counts), tally(claims))
}

// tally lists the verdicts that there are, with how many have them.
func tally(counts map[string]int) string {
	var parts []string
	for _, v := range reproduce.Verdicts {
		if n := counts[string(v)]; n > 0 {
			parts = append(parts, fmt.Sprintf("*%s* %d", v, n))
		}
	}
	return strings.Join(parts, ", ")
}
