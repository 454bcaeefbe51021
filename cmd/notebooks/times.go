// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"time"
)

// Times are the measured times of the notebooks, by name: what the headers say.
type Times map[string]Time

// Time is one notebook's.
type Time struct {
	Seconds float64 `json:"seconds"` // from the kernel's start to its last cell's end
	Cores   int     `json:"cores"`
	Preset  string  `json:"preset"`
	Date    string  `json:"date"` // 2026-01-31
}

// String is what the header says: a time that is neither too short nor pretends to be
// exact.
func (t Time) String() string {
	switch s := t.Seconds; {
	case s <= 50:
		return fmt.Sprintf("about %d s", 10*int(math.Max(1, math.Ceil(s/10))))
	case s <= 90:
		return "about 1 min"
	default:
		return fmt.Sprintf("about %d min", int(math.Round(s/60)))
	}
}

// readTimes reads notebooks/times.json; before the first measurement it is empty.
func (p project) readTimes() (Times, error) {
	times := Times{}
	raw, err := os.ReadFile(p.times())
	if errors.Is(err, fs.ErrNotExist) {
		return times, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &times); err != nil {
		return nil, fmt.Errorf("%s: %w", p.relative(p.times()), err)
	}
	return times, nil
}

// writeTimes records the times of the notebooks that passed; others keep theirs.
func (r *running) writeTimes(s Summary) error {
	times, err := r.readTimes()
	if err != nil {
		return err
	}
	for _, nb := range s.Notebooks {
		if nb.Status == passed {
			times[nb.Name] = Time{
				Seconds: math.Round(nb.Seconds*10) / 10, Cores: runtime.NumCPU(), Preset: r.Preset,
				Date: time.Now().UTC().Format(time.DateOnly),
			}
		}
	}
	if err := writeJSON(r.times(), times); err != nil {
		return err
	}
	fmt.Fprintf(r.output, "notebooks: wrote %s: now run notebooks generate\n", r.relative(r.times()))
	return nil
}
