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
	reproduced, errors := string(reproduce.Reproduced), 0
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			if c.Verdict == reproduced && (c.Role == string(reproduce.RoleMethod) || c.Role == string(reproduce.RoleBaseline)) {
				errors++
			}
		}
	}
	return fmt.Sprintf("\nTrained and published so far: [the report of the preset `%s`](results/%s/report.html). Of the papers' numbers %s; of their claims %s. Of the %d numbers that are reproduced, %d are errors of trained networks; the others are counts, settings and times.\n\n",
		r.Preset, r.Preset, tally(r.Counts), tally(claims), r.Counts[reproduced], errors)
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
