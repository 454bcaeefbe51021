// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/train"
)

// display shows progress: one line that is written over on a terminal, a plain
// line every half minute elsewhere.
type display struct {
	terminal bool
	open     bool // a line is being written over
	said     time.Time
}

const plainEvery = 30 * time.Second

func newDisplay(plain bool) *display {
	return &display{terminal: !plain && term.IsTerminal(int(os.Stderr.Fd())), said: time.Now()}
}

func (d *display) progress(_ *reproduce.Run, p train.Progress) {
	line := fmt.Sprintf("%s: step %d of %d, loss %.3g", p.Label, p.Step, p.Steps, p.Loss)
	for _, name := range slices.Sorted(maps.Keys(p.Probe)) {
		line += fmt.Sprintf(", %s %.3g", name, p.Probe[name])
	}
	if p.StepsPerSecond > 0 {
		line += fmt.Sprintf(", %.0f steps/s, %s left", p.StepsPerSecond, p.Left.Round(time.Second))
	}
	if d.terminal {
		const width = 30
		done := width * p.Step / max(1, p.Steps)
		fmt.Fprintf(os.Stderr, "\r\033[K%s%s %s", strings.Repeat("█", done), strings.Repeat("░", width-done), line)
		d.open = true
		return
	}
	if time.Since(d.said) < plainEvery && p.Step < p.Steps {
		return
	}
	d.said = time.Now()
	fmt.Fprintln(os.Stderr, line)
}

func (d *display) log(format string, args ...any) {
	d.end()
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// end leaves the line that was being written over.
func (d *display) end() {
	if d.open {
		fmt.Fprintln(os.Stderr)
	}
	d.open = false
}
