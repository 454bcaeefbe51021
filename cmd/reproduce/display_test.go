// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// screen is a terminal: it knows the few controls that the display uses, keeps
// what has scrolled off its top, and breaks lines anew when it is resized, as most
// do. A line that is too long goes on in the next row, as on a real one.
type screen struct {
	t             *testing.T
	width, height int
	rows          []row // of which the last height are seen
	at, column    int   // the cursor, at among all rows
	broken        int   // lines that were too long
}

type row struct {
	text []rune
	more bool // the line goes on in the next row
}

func newScreen(t *testing.T, width, height int) *screen {
	return &screen{t: t, width: width, height: height, rows: []row{{}}}
}

func (s *screen) Write(p []byte) (int, error) {
	text := []rune(string(p))
	for len(text) > 0 {
		c := text[0]
		text = text[1:]
		switch c {
		case '\n':
			s.down()
			s.column = 0 // the terminal's driver adds the \r
		case '\r':
			s.column = 0
		case '\033':
			end := slices.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
			s.control(string(text[:end+1]))
			text = text[end+1:]
		default:
			if s.column == s.width {
				s.broken++
				s.rows[s.at].more = true
				s.down()
				s.column = 0
			}
			r := &s.rows[s.at]
			for len(r.text) <= s.column {
				r.text = append(r.text, ' ')
			}
			r.text[s.column] = c
			s.column += cells(string(c))
		}
	}
	return len(p), nil
}

func (s *screen) down() {
	if s.at++; s.at == len(s.rows) {
		s.rows = append(s.rows, row{})
	}
}

func (s *screen) control(c string) {
	n := 0
	switch {
	case c == "[J":
		if top := max(0, len(s.rows)-s.height); s.at == top && s.column == 0 && len(s.rows) > 1 {
			s.t.Error("the whole screen is cleared, of which tmux keeps a copy")
		}
		s.rows = s.rows[:s.at+1]
		s.control("[K")
	case c == "[K":
		if s.column == s.width {
			s.t.Error("a row is cleared from beyond its end, which on some terminals is its last cell")
		}
		s.rows[s.at].text = s.rows[s.at].text[:min(s.column, len(s.rows[s.at].text))]
		s.rows[s.at].more = s.rows[s.at].more && s.column > 0 // as in tmux
	case strings.HasSuffix(c, "A"):
		if _, err := fmt.Sscanf(c, "[%dA", &n); err != nil || n < 1 {
			s.t.Errorf("control %q: %v", c, err)
		}
		s.at = max(s.at-n, len(s.rows)-s.height, 0)
	default:
		s.t.Errorf("unknown control %q", c)
	}
}

// resize breaks all lines anew; the cursor stays in its line, which is empty.
func (s *screen) resize(width int) {
	var rows []row
	for i := 0; i < len(s.rows); i++ {
		line := s.rows[i].text
		for ; s.rows[i].more; i++ {
			line = append(line, s.rows[i+1].text...)
		}
		if i == s.at {
			s.at = len(rows)
		}
		for len(line) > width {
			rows = append(rows, row{line[:width:width], true})
			line = line[width:]
		}
		rows = append(rows, row{line, false})
	}
	s.rows, s.width = rows, width
}

// lines is all that there is, without the cursor's empty line.
func (s *screen) lines() []string {
	var out []string
	for _, r := range s.rows {
		out = append(out, strings.TrimRight(string(r.text), " "))
	}
	if n := len(out) - 1; n >= 0 && out[n] == "" {
		out = out[:n]
	}
	return out
}

func (s *screen) display() *display {
	return &display{
		out: s, size: func() (int, int) { return s.width, s.height },
		said: map[string]time.Time{}, logged: map[string]bool{},
	}
}

// table2 are a Phase 1 and the six runs that start from it, and a plan that trains
// these and others.
func table2(t *testing.T) ([]*reproduce.Run, *reproduce.Plan) {
	t.Helper()
	p, err := reproduce.FindPreset("quick")
	if err != nil {
		t.Fatal(err)
	}
	experiments, err := reproduce.FindExperiments([]string{"table2"})
	if err != nil {
		t.Fatal(err)
	}
	all, err := reproduce.Runs(experiments, p)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := reproduce.NewPlan(s, experiments, p, reproduce.PlanFor{AtOnce: 2})
	if err != nil {
		t.Fatal(err)
	}
	var runs []*reproduce.Run
	for _, r := range all {
		if strings.HasPrefix(r.Label, "Phase ") && strings.HasSuffix(r.Label, "seed 0") && len(runs) < 7 {
			runs = append(runs, r)
		}
	}
	if len(runs) != 7 || !strings.HasPrefix(runs[0].Label, "Phase 1") {
		t.Fatalf("Table 2 has %d runs: %v", len(runs), runs)
	}
	return runs, plan
}

func at(step, steps int) train.Progress {
	return train.Progress{
		Step: step, Steps: steps, Loss: 1.2345e-5, StepsPerSecond: 374, Left: time.Duration(steps-step) * time.Second / 374,
		Probe: map[string]float64{pinn.RelProbe: .5024, pinn.AbsProbe: .3},
	}
}

// Lines of two runs and of the whole, at widths of windows and of a phone: none
// is broken, and each has step, loss and time left.
func TestDisplayKeepsToTheWidth(t *testing.T) {
	runs, plan := table2(t)
	for width := 20; width <= 160; width++ {
		s := newScreen(t, width, 24)
		d := s.display()
		d.plan = func() (*reproduce.Plan, error) { return plan, nil }
		for _, r := range runs[1:3] {
			d.started(r)
		}
		for step := 0; step < 20_000; step += 3000 {
			for _, r := range runs[1:3] {
				d.progress(r, at(step, 20_000))
			}
		}
		lines := s.lines()
		if s.broken > 0 || len(lines) != 3 {
			t.Fatalf("at %d cells %d lines are broken:\n%s", width, s.broken, strings.Join(lines, "\n"))
		}
		for _, l := range lines {
			if n := cells(l); n >= width {
				t.Errorf("at %d cells a line has %d:\n%s", width, n, l)
			}
		}
		if width < 60 {
			continue
		}
		wants := [][]string{{"step 18000", "loss 1.2e-05", "5s"}, {"step 18000", "loss 1.2e-05", "5s"}, {fmt.Sprintf("all: 0/%d runs, ", len(plan.Runs)), "%, ", " left"}}
		for i, r := range runs[1:3] {
			switch {
			case width >= 128:
				wants[i] = []string{"░ " + r.Label + ": step 18000 of 20000, loss 1.23e-05, 5s left, rel L2 0.502"}
			case width >= 100:
				wants[i] = []string{"░ " + r.Label + ": step 18000, loss 1.2e-05, 5s, rel L2 0.502"}
			case width >= 80:
				wants[i] = []string{"░ " + r.Label + ": step 18000, loss 1.2e-05, 5s"}
			}
		}
		if width >= 128 {
			wants[2] = []string{fmt.Sprintf("all: 0 of %d runs, ", len(plan.Runs)), "% of the work, about ", " left"}
		}
		for i, want := range wants {
			for _, w := range want {
				if !strings.Contains(lines[i], w) {
					t.Errorf("at %d cells a line lacks %q:\n%s", width, w, lines[i])
				}
			}
		}
		// Where a line has room to spare it says more.
		if shows := strings.HasSuffix(lines[0], ", rel L2 0.502, abs 0.3, 374 steps/s"); !shows && cells(lines[0]) < width-1-len(", 374 steps/s") {
			t.Errorf("at %d cells there is room for more:\n%s", width, lines[0])
		}
	}
}

// What is finished, failed or logged stays above, each once; what goes on is
// below.
func TestDisplayKeepsWhatIsFinished(t *testing.T) {
	runs, plan := table2(t)
	s := newScreen(t, 100, 8) // less than what is written: it scrolls
	d := s.display()
	d.plan = func() (*reproduce.Plan, error) { return plan, nil }
	var want []string
	for i, r := range runs {
		d.started(r)
		d.log("%s: 650 parameters, 20000 steps", r.Label)
		want = append(want, r.Label+": 650 parameters, 20000 steps")
		for step := 0; step < 20_000; step += 5000 {
			d.progress(r, at(step, 20_000))
		}
		if i == 3 {
			// Longer than the window: it is broken, and stays.
			why := r.Label + ": the worker process died (exit status 2: panic: index out of range); its log is some/far/folder/of/runs/logs/x.log"
			d.ended(r, errors.New(why))
			want = append(want, strings.TrimRight(("failed: " + why)[:100], " "), ("failed: " + why)[100:])
			continue
		}
		d.progress(r, at(20_000, 20_000))
		d.ended(r, nil)
		want = append(want, "██████████ "+r.Label+": step 20000, loss 1.2e-05, rel L2 0.502")
	}
	got := s.lines()
	last := strings.TrimLeft(got[len(got)-1], "█░")
	got = got[:len(got)-1]
	if all := fmt.Sprintf(" all: 7/%d runs (1 failed), ", len(plan.Runs)); !strings.HasPrefix(last, all) {
		t.Errorf("the last line is\n%s\nnot\n%s", last, all)
	}
	if len(got) != len(want) {
		t.Fatalf("on the screen is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("line %d is\n%s\nnot\n%s", i, got[i], want[i])
		}
	}
}

// A window that is made narrower breaks the lines that are there; they are still
// written over, and nothing above them is.
func TestDisplayInAWindowThatIsResized(t *testing.T) {
	runs, _ := table2(t)
	s := newScreen(t, 120, 24)
	d := s.display()
	d.log("before")
	for i, width := range []int{120, 61, 30, 130, 100, 45, 130} {
		s.resize(width)
		for _, r := range runs[1:4] {
			d.progress(r, at(1000*i, 20_000))
		}
		lines := s.lines()
		if len(lines) != 4 || lines[0] != "before" || !strings.Contains(lines[3], fmt.Sprint(1000*i)) {
			t.Fatalf("after resizing to %d cells:\n%s", width, strings.Join(lines, "\n"))
		}
	}
}

// More runs than the window has rows.
func TestDisplayInALowWindow(t *testing.T) {
	runs, plan := table2(t)
	s := newScreen(t, 100, 5)
	d := s.display()
	d.plan = func() (*reproduce.Plan, error) { return plan, nil }
	d.log("before")
	for step := range 10 {
		for _, r := range runs {
			d.progress(r, at(step, 20_000))
		}
		d.started(runs[0])
	}
	lines := s.lines()
	if len(lines) != 5 || lines[0] != "before" || lines[3] != "… and 5 more" || !strings.Contains(lines[4], "all: 0/") {
		t.Errorf("on the screen is\n%s", strings.Join(lines, "\n"))
	}
	d.end() // the lines stay
	d.log("after")
	if again := s.lines(); len(again) != 6 || !slices.Equal(again[:5], lines) || again[5] != "after" {
		t.Errorf("at the end there is\n%s", strings.Join(again, "\n"))
	}
}

// Without a terminal there are plain lines: the last of each run at least, and
// how far all are.
func TestDisplayWithoutATerminal(t *testing.T) {
	runs, plan := table2(t)
	var out bytes.Buffer
	d := newDisplay(true)
	d.out, d.plan = &out, func() (*reproduce.Plan, error) { return plan, nil }
	for i, r := range runs[:2] {
		d.started(r)
		d.progress(r, at(20, 40)) // no half minute has gone by
		if i == 0 {
			d.progress(r, at(40, 40))
			d.ended(r, nil)
		} else {
			d.ended(r, errors.New("diverged"))
		}
	}
	n := len(plan.Runs)
	want := fmt.Sprintf("%s: step 40 of 40, loss 1.23e-05, rel L2 0.502, abs 0.3, 374 steps/s\nall: 1 of %d runs, ", runs[0].Label, n)
	then := fmt.Sprintf("\nfailed: diverged\nall: 2 of %d runs (1 failed), ", n)
	if got := out.String(); !strings.HasPrefix(got, want) || !strings.Contains(got, then) || strings.Count(got, "\n") != 4 {
		t.Errorf("it says\n%s", got)
	}
}

func TestCutLabel(t *testing.T) {
	const label = "Phase 2 at beta=40, adaptive rank, seed 0"
	for n, want := range map[int]string{
		60: label, 41: label,
		40: "Phase 2 at beta=40, adaptive ran… seed 0",
		26: "Phase 2 at beta=40… seed 0",
		14: "Phase… seed 0", // not "Phase …"
		8:  "Phase 2…",
		1:  "…",
	} {
		if got := cutLabel(label, n); got != want || cells(got) > n {
			t.Errorf("in %d cells it is %q, want %q", n, got, want)
		}
	}
	// β and … take a cell, a combining mark none, a wide character two, and what
	// moves the cursor is left out.
	for text, want := range map[string]int{"β = 30…40": 9, "e\u0301": 1, "損失": 4, "a\033[2Jb\n": 5} {
		if got := cells(text); got != want {
			t.Errorf("%q takes %d cells, want %d", text, got, want)
		}
	}
	if got := cut("a\033b\nc損失", 4); got != "abc" {
		t.Errorf("cut to %q", got)
	}
}
