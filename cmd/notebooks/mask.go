// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"

	"pinn.example/repro/lab/jupyter"
)

// What differs from run to run, and what it becomes.
var (
	space  = "[ \u00a0\u2009\u202f]?"
	number = `\d+(?:\.\d+)?(?:e[-+]?\d+)?`
	// 12 ms, 3.4 s, 1m20s, 1h2m3s, 2 min; 1 min 20 s is two of them.
	duration = regexp.MustCompile(`\b(?:\d+h)?(?:\d+m)?` + number + space + `(?:ns|µs|μs|us|ms|s|sec|seconds|min|minutes|h)\b`)
	// 410 steps/s, 1.2k it/s.
	rate = regexp.MustCompile(`\b` + number + space + `[kM]?` + space + `[A-Za-z]+/s\b`)
	// 2×, 1.5 ×, but not the first of 3×3.
	factor = regexp.MustCompile(`\b` + number + space + `×(?:` + space + `\d)?`)

	temporary = regexp.MustCompile(`(?:/[^\s:]*)?/gonb_[0-9a-f]{8}\b|\bgonb_[a-z_]*[0-9a-f]{8}\b`) // the kernel's folder and module
	address   = regexp.MustCompile(`\b0x[0-9a-f]+|\bgoroutine \d+`)                                // in a panic's trace
	blanks    = regexp.MustCompile(` {2,}|-{4,}`)                                                  // a column's width goes with what stands in it
)

// mask replaces what differs between two runs that did the same: durations, rates and
// speed-ups above all, then the kernel's own names.
func mask(s string) string {
	s = jupyter.PlainText(s)
	s = temporary.ReplaceAllString(s, "gonb")
	s = address.ReplaceAllString(s, "‹address›")
	s = rate.ReplaceAllString(s, "‹rate›")
	s = factor.ReplaceAllStringFunc(s, func(m string) string {
		if !strings.HasSuffix(m, "×") {
			return m
		}
		return "‹factor›"
	})
	s = duration.ReplaceAllString(s, "‹time›")
	return blanks.ReplaceAllStringFunc(s, func(m string) string { return m[:1] })
}
