// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sliderTime is how long a picture may take to follow its slider: each move compiles nothing, but the
// program behind it may just be starting.
const sliderTime = 20 * time.Second

// cell is a code cell as the page shows it.
type cell struct {
	Index    int
	ID       string
	Source   string
	Tags     []string
	Ran      bool // or runs now
	Error    string
	Stderr   string
	Slider   bool
	Pictures int
}

// state is the notebook's.
type state struct {
	Kernel   string
	Finished bool
	Cells    []cell
}

// where names a cell as the headless runner does.
func (c cell) where() string { return fmt.Sprintf("cell %d (%s)", c.Index+1, c.ID) }

// raises is whether the cell fails on purpose.
func (c cell) raises() bool {
	return slices.Contains(c.Tags, "raises") || slices.Contains(c.Tags, "raises-exception")
}

// empty is whether there is nothing to run: Lab doesn't send such a cell.
func (c cell) empty() bool { return strings.TrimSpace(c.Source) == "" }

// wantsSlider is whether the cell's code asks for one.
func (c cell) wantsSlider() bool {
	return strings.Contains(c.Source, "lab.Slider{") || strings.Contains(c.Source, "widgets.Slider(")
}

// checkNotebook runs one notebook and says in a few words what was seen.
func checkNotebook(browser context.Context, s *server, path, out string, timeout time.Duration) (summary string, err error) {
	name, err := s.put(path)
	if err != nil {
		return "", err
	}
	defer s.endKernels()
	t, end, err := openNotebook(browser, s, name, timeout)
	defer end()
	if err != nil {
		return "", err
	}
	summary, err = t.run()
	if errors.Is(err, context.DeadlineExceeded) {
		return "", fmt.Errorf("not done after %v", timeout)
	}
	// A failure's picture is the one that somebody will want to look at.
	if err := t.pictures(out, strings.TrimSuffix(filepath.Base(path), ".ipynb")); err != nil {
		fmt.Fprintf(os.Stderr, "browser: no picture of %s: %v\n", name, err)
	}
	return summary, err
}

// run runs all cells and moves the sliders that appear.
func (t *tab) run() (summary string, err error) {
	if err := t.do("check.start()"); err != nil {
		return "", err
	}
	moved := map[int]bool{}
	var now state
	// Lab counts an error as the end, also one on purpose, while the kernel goes on with the cells that
	// are queued: the end is when it is idle and all have run, or it has been idle for 2 s.
	idle := 0
	for {
		if now, err = ask[state](t, "check.state()"); err != nil {
			return "", err
		}
		if err := now.failure(); err != nil {
			return "", err
		}
		for _, c := range now.Cells {
			if now.Kernel == "busy" && c.Slider && c.Pictures > 0 && !moved[c.Index] {
				moved[c.Index] = true
				if err := t.slide(c); err != nil {
					return "", err
				}
			}
		}
		if now.Kernel != "idle" || !now.Finished {
			idle = 0
		} else if idle++; now.allRan() || idle > 10 {
			break
		}
		select {
		case <-t.ctx.Done():
			return "", t.ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return t.judge(now, moved)
}

func (s state) allRan() bool {
	return !slices.ContainsFunc(s.Cells, func(c cell) bool { return !c.Ran && !c.empty() })
}

// failure is the first error that a cell shows and should not, or a kernel that died.
func (s state) failure() error {
	for _, c := range s.Cells {
		if c.Error != "" && !c.raises() {
			message := strings.TrimSpace(c.Stderr)
			if message == "" {
				message = c.Error
			}
			return fmt.Errorf("%s: %s", c.where(), message)
		}
	}
	switch s.Kernel {
	case "dead", "terminating", "autorestarting":
		return fmt.Errorf("the kernel is %s", s.Kernel)
	}
	return nil
}

// slide moves the slider of a running cell, sees the picture follow, and presses Stop.
func (t *tab) slide(c cell) error {
	for attempt := 1; ; attempt++ {
		followed, err := ask[bool](t, fmt.Sprintf("check.move(%d, %d)", c.Index, sliderTime.Milliseconds()))
		if err != nil {
			return err
		}
		if followed {
			return t.do(fmt.Sprintf("check.release(%d)", c.Index))
		}
		_, thrown := t.heard()
		late := slices.ContainsFunc(thrown, func(s string) bool { return strings.Contains(s, "comm_open_ack not received in time") })
		if !late || attempt == 3 {
			return fmt.Errorf("%s: the picture did not change within %v of the slider's moves %s", c.where(), sliderTime, strings.Join(thrown, "; "))
		}
		// gonb's script gives the kernel half a second to answer, which a busy machine may miss: a
		// student runs the cell again.
		fmt.Fprintf(os.Stderr, "browser: %s: the kernel answered the page too late for the slider; once more\n", c.where())
		t.forget()
		if err := t.do(fmt.Sprintf("check.again(%d)", c.Index)); err != nil {
			return err
		}
	}
}

// judge looks at the notebook when all cells have run.
func (t *tab) judge(now state, moved map[int]bool) (summary string, err error) {
	pictures := 0
	for _, c := range now.Cells {
		pictures += c.Pictures
		switch {
		case !c.Ran && !c.empty():
			return "", fmt.Errorf("%s did not run", c.where())
		case c.raises() && c.Error == "":
			return "", fmt.Errorf("%s is tagged raises and shows no error", c.where())
		case slices.Contains(c.Tags, "figure") && c.Pictures == 0:
			return "", fmt.Errorf("%s is tagged figure and shows none", c.where())
		case c.wantsSlider() && !moved[c.Index]:
			return "", fmt.Errorf("%s asks for a slider and none came", c.where())
		}
	}
	problems, err := ask[[]string](t, "check.broken()")
	if err != nil {
		return "", err
	}
	outside, _ := t.heard()
	for _, address := range outside {
		problems = append(problems, "the page asks the network for "+address)
	}
	if len(problems) > 0 {
		return "", errors.New(strings.Join(problems, "; "))
	}
	return fmt.Sprintf("%d code cells, %d pictures, %d sliders moved", len(now.Cells), pictures, len(moved)), nil
}
