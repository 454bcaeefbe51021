// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/train"
)

// display shows the progress of all runs that train at the moment. On a terminal
// that is a line each, written over, with the progress of all runs below;
// elsewhere a plain line a run every half minute.
type display struct {
	out io.Writer
	// size is the terminal's, in cells, asked for at each drawing since a window is
	// resized; nil where there is no terminal.
	size func() (width, height int)
	// plan makes the plan that is followed, when its first run starts; nil follows
	// none.
	plan func() (*reproduce.Plan, error)

	mu      sync.Mutex
	live    []*liveRun         // in the order in which they began
	all     *reproduce.Tracker // nil where no plan is followed
	overall reproduce.Overall
	judged  time.Time // when overall was worked out
	drawn   []int     // cells of each line on the screen that will be written over
	said    map[string]time.Time
	logged  map[string]bool
}

// liveRun is a run under way.
type liveRun struct {
	name string
	line barLine
}

const plainEvery = 30 * time.Second

func newDisplay(plain bool) *display {
	d := &display{out: os.Stderr, said: map[string]time.Time{}, logged: map[string]bool{}}
	if fd := int(os.Stderr.Fd()); !plain && term.IsTerminal(fd) {
		d.size = func() (width, height int) {
			width, height, err := term.GetSize(fd)
			if err != nil || width <= 0 || height <= 0 { // a serial line does not know
				return 80, 24
			}
			return width, height
		}
	}
	return d
}

// started shows a run that does not train yet: it compiles.
func (d *display) started(r *reproduce.Run) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.plan != nil {
		// Without a plan runs train as well, and are shown.
		if plan, err := d.plan(); err == nil {
			d.all = reproduce.NewTracker(plan)
		}
		d.plan = nil
	}
	if d.all != nil {
		d.all.Started(r)
	}
	if d.size != nil {
		if run := d.run(r.Name()); run.line.label == "" { // its worker may have said more already
			run.line = barLine{label: r.Label, facts: []fact{{"starting", "starting"}}}
		}
		d.draw()
	}
}

func (d *display) progress(r *reproduce.Run, p train.Progress) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := r.Name()
	if d.all != nil {
		d.all.Progress(r, p)
	}
	line := runLine(r, p)
	if d.size != nil {
		d.run(name).line = line
		if p.Step == p.Steps {
			d.settle(name)
		} else {
			d.draw()
		}
		return
	}
	last, ok := d.said[name]
	if !ok {
		last = time.Now()
		d.said[name] = last
	}
	if p.Step == p.Steps || time.Since(last) >= plainEvery {
		d.said[name] = time.Now()
		fmt.Fprintln(d.out, line)
	}
}

// ended takes away a run that failed, and says how far all runs are.
func (d *display) ended(r *reproduce.Run, err error) {
	skipped := errors.Is(err, reproduce.ErrParentFailed)
	switch {
	case skipped:
		d.log("%v", err)
	case err != nil:
		d.log("failed: %v", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.live = slices.DeleteFunc(d.live, func(l *liveRun) bool { return l.name == r.Name() })
	if d.all != nil {
		d.all.Ended(r, err)
		d.judged = time.Time{}
	}
	switch {
	case d.size != nil:
		d.draw()
	case d.all != nil && !skipped:
		fmt.Fprintln(d.out, d.overallLine())
	}
}

// runLine is what is said of a run.
func runLine(r *reproduce.Run, p train.Progress) barLine {
	l := barLine{label: r.Label, share: float64(p.Step) / float64(max(1, p.Steps))}
	l.facts = append(l.facts,
		fact{fmt.Sprintf("step %d of %d", p.Step, p.Steps), fmt.Sprintf("step %d", p.Step)},
		fact{fmt.Sprintf("loss %.3g", p.Loss), fmt.Sprintf("loss %.2g", p.Loss)})
	if p.StepsPerSecond > 0 && p.Step < p.Steps {
		left := p.Left.Round(time.Second).String()
		l.facts = append(l.facts, fact{left + " left", left})
	}
	names := slices.Sorted(maps.Keys(p.Probe))
	slices.SortStableFunc(names, func(a, b string) int { return shownFirst(b) - shownFirst(a) })
	for _, name := range names {
		l.more = append(l.more, fmt.Sprintf("%s %.3g", probeWords(name), p.Probe[name]))
	}
	if p.StepsPerSecond > 0 {
		l.more = append(l.more, fmt.Sprintf("%.0f steps/s", p.StepsPerSecond))
	}
	return l
}

// shownFirst is 1 for the error that is shown where there is room for one.
func shownFirst(probe string) int {
	if probe == pinn.RelProbe {
		return 1
	}
	return 0
}

// probeWords names a probe as the report does.
func probeWords(probe string) string {
	switch probe {
	case pinn.RelProbe:
		return "rel L2"
	case pinn.AbsProbe:
		return "abs"
	}
	return strings.ReplaceAll(probe, "_", " ")
}

// overallLine is what is said of all runs. Working out the time left goes through
// what the pool will do, so that it is done twice a second.
func (d *display) overallLine() barLine {
	if time.Since(d.judged) > time.Second/2 {
		d.overall, d.judged = d.all.Overall(), time.Now()
	}
	o := d.overall
	runs, short := fmt.Sprintf("%d of %d runs", o.Ended, o.Runs), fmt.Sprintf("%d/%d runs", o.Ended, o.Runs)
	if o.Failed > 0 {
		runs, short = fmt.Sprintf("%s (%d failed)", runs, o.Failed), fmt.Sprintf("%s (%d failed)", short, o.Failed)
	}
	l := barLine{label: "all", share: o.Share, facts: []fact{
		{runs, short},
		{fmt.Sprintf("%.0f%% of the work", 100*o.Share), fmt.Sprintf("%.0f%%", 100*o.Share)},
	}}
	if o.Ended < o.Runs {
		left := o.Left.Round(time.Second).String()
		l.facts = append(l.facts, fact{"about " + left + " left", left + " left"})
	}
	return l
}

// run is a run's line, made where it has none yet.
func (d *display) run(name string) *liveRun {
	i := slices.IndexFunc(d.live, func(l *liveRun) bool { return l.name == name })
	if i < 0 {
		i = len(d.live)
		d.live = append(d.live, &liveRun{name: name})
	}
	return d.live[i]
}

// settle leaves a finished run's line above the others.
func (d *display) settle(name string) {
	line := d.run(name).line
	d.live = slices.DeleteFunc(d.live, func(l *liveRun) bool { return l.name == name })
	width, _ := d.size()
	d.draw(line.fit(width))
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
	if d.size == nil {
		fmt.Fprintln(d.out, line)
		return
	}
	d.draw(line) // as long as it is: nothing will be written over it
}

// draw writes the lines of all runs, and of the whole, over those that are on the
// screen, and what stays above them. It is one write, so that nothing flickers.
func (d *display) draw(stays ...string) {
	width, height := d.size()
	var b bytes.Buffer
	up := 0
	for _, cells := range d.drawn {
		up += max(1, (cells+width-1)/width) // a line that is longer than a shrunk window is broken
	}
	if up = min(up, height-1); up > 0 { // the cursor can't leave the screen
		fmt.Fprintf(&b, "\033[%dA", up)
	}
	b.WriteString("\r")
	write := func(line string) {
		// Emptied first: a row that a smaller window broke would else be joined with
		// the next when the window grows.
		b.WriteString("\033[K" + line)
		if n := cells(line); n > width && n%width > 0 {
			b.WriteString("\033[K")
		}
		b.WriteString("\n")
	}
	for _, text := range stays {
		for line := range strings.SplitSeq(text, "\n") {
			write(line)
		}
	}
	d.drawn = d.drawn[:0]
	for _, line := range d.view(width, height) {
		d.drawn = append(d.drawn, cells(line))
		write(line)
	}
	// What is left of longer drawings. Not before the lines are written: tmux takes
	// what is cleared from the top of the screen for something to keep.
	b.WriteString("\033[J")
	_, _ = d.out.Write(b.Bytes()) // a terminal that is gone sees nothing
}

// view is the lines of what goes on, fewer than the terminal's height.
func (d *display) view(width, height int) []string {
	var lines []string
	for _, l := range d.live {
		lines = append(lines, l.line.fit(width))
	}
	room := height - 1 // the cursor's line
	if d.all != nil {
		room--
	}
	if room = max(1, room); len(lines) > room {
		more := fmt.Sprintf("… and %d more", len(lines)-room+1)
		lines = append(lines[:room-1], cut(more, width-1))
	}
	if d.all != nil {
		lines = append(lines, d.overallLine().fit(width))
	}
	return lines
}

// end leaves the lines as they are.
func (d *display) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.live, d.drawn, d.plan, d.all = nil, nil, nil, nil
}
