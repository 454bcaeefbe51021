// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/train"
)

// display shows the progress of all runs that train at the moment: a line each,
// written over, on a terminal; a plain line a run every half minute elsewhere.
type display struct {
	terminal bool

	mu     sync.Mutex
	runs   []string // that are shown, in the order in which they began
	lines  map[string]string
	drawn  int // lines that are on the screen and will be written over
	said   map[string]time.Time
	logged map[string]bool
}

const (
	plainEvery = 30 * time.Second
	barWidth   = 20
)

func newDisplay(plain bool) *display {
	return &display{
		terminal: !plain && term.IsTerminal(int(os.Stderr.Fd())),
		lines:    map[string]string{}, said: map[string]time.Time{}, logged: map[string]bool{},
	}
}

func (d *display) progress(r *reproduce.Run, p train.Progress) {
	line := fmt.Sprintf("%s: step %d of %d, loss %.3g", r.Label, p.Step, p.Steps, p.Loss)
	for _, name := range slices.Sorted(maps.Keys(p.Probe)) {
		line += fmt.Sprintf(", %s %.3g", name, p.Probe[name])
	}
	if p.StepsPerSecond > 0 {
		line += fmt.Sprintf(", %.0f steps/s, %s left", p.StepsPerSecond, p.Left.Round(time.Second))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.terminal {
		if !slices.Contains(d.runs, r.Label) {
			d.runs = append(d.runs, r.Label)
		}
		done := barWidth * p.Step / max(1, p.Steps)
		d.lines[r.Label] = strings.Repeat("█", done) + strings.Repeat("░", barWidth-done) + " " + line
		d.draw()
		if p.Step == p.Steps {
			d.settle(r.Label)
		}
		return
	}
	last, ok := d.said[r.Label]
	if !ok {
		last = time.Now()
		d.said[r.Label] = last
	}
	if p.Step < p.Steps && time.Since(last) < plainEvery {
		return
	}
	d.said[r.Label] = time.Now()
	fmt.Fprintln(os.Stderr, line)
}

// draw writes the lines of all runs over those that are on the screen.
func (d *display) draw() {
	if d.drawn > 0 {
		fmt.Fprintf(os.Stderr, "\033[%dA", d.drawn)
	}
	for _, label := range d.runs {
		fmt.Fprintf(os.Stderr, "\r\033[K%s\n", d.lines[label])
	}
	d.drawn = len(d.runs)
}

// settle leaves a finished run's line above the others.
func (d *display) settle(label string) {
	i := slices.Index(d.runs, label)
	d.runs = slices.Insert(slices.Delete(d.runs, i, i+1), 0, label)
	d.draw()
	d.runs = d.runs[1:]
	d.drawn--
	delete(d.lines, label)
}

func (d *display) log(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	line := fmt.Sprintf(format, args...)
	if strings.HasPrefix(line, "backend: ") || strings.HasPrefix(line, "  ") {
		// Each worker has its backend: say only what differs.
		if d.logged[line] {
			return
		}
		d.logged[line] = true
	}
	if d.drawn > 0 {
		fmt.Fprintf(os.Stderr, "\033[%dA\033[J", d.drawn)
		d.drawn = 0
	}
	fmt.Fprintln(os.Stderr, line)
	if d.terminal && len(d.runs) > 0 {
		d.draw()
	}
}

// end leaves the lines as they are.
func (d *display) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.runs, d.drawn = nil, 0
}
