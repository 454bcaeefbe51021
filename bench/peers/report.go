// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// report is what was timed. Its first row is ours.
type report struct {
	Backend string `json:"backend"` // that ours runs on
	CPU     string `json:"cpu"`
	Threads int    `json:"threads"`
	Rows    []*row `json:"rows"`
}

// row is one way to take the step.
type row struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Deviation from our answer in float64, by the type in which it was computed.
	Deviation map[string]float64 `json:"deviation"`
	// Refused is why it was not timed; empty if it was.
	Refused string `json:"refused,omitempty"`
	// Millis a step, one a round, and their median.
	Millis []float64 `json:"millis"`
	Median float64   `json:"median"`
	// Ratio is the median over rounds of the time over ours.
	Ratio float64 `json:"ratio"`

	run   func(steps int) error
	close func()
	turn  int // steps
}

// turnUnit divides the number of steps of every turn: what one dispatch of ours, and
// of JAX's scan, takes.
const turnUnit = 64

// time lets all rows take turns.
func (r *report) time(ctx context.Context, rounds int, seconds float64) error {
	for _, row := range r.Rows {
		if row.Refused != "" {
			continue
		}
		if _, err := row.timed(turnUnit); err != nil { // compiles
			return err
		}
		warm, err := row.timed(turnUnit)
		if err != nil {
			return err
		}
		row.plan(seconds, warm/turnUnit)
	}
	for i := range rounds {
		fmt.Fprintf(os.Stderr, "peers: round %d of %d\n", i+1, rounds)
		for _, row := range r.Rows {
			if row.Refused != "" {
				continue
			}
			took, err := row.timed(row.turn)
			if err != nil {
				return err
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			row.Millis = append(row.Millis, 1000*took/float64(row.turn))
			row.plan(seconds, took/float64(row.turn))
		}
	}
	return nil
}

// plan sets the length of the next turn from the time of a step.
func (r *row) plan(seconds, step float64) {
	r.turn = turnUnit * max(1, int(math.Round(seconds/step/turnUnit)))
}

// summarise fills in medians and ratios.
func (r *report) summarise() {
	for _, row := range r.Rows {
		var ratios []float64
		for i, ms := range row.Millis {
			ratios = append(ratios, ms/r.Rows[0].Millis[i])
		}
		row.Median, row.Ratio = median(row.Millis), median(ratios)
	}
}

// timed takes steps, and returns the seconds that they took.
func (r *row) timed(steps int) (float64, error) {
	start := time.Now()
	if err := r.run(steps); err != nil {
		return 0, fmt.Errorf("%s: %w", r.Name, err)
	}
	return time.Since(start).Seconds(), nil
}

// median of numbers; 0 if there are none.
func median(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	xs = slices.Sorted(slices.Values(xs))
	n := len(xs)
	return (xs[(n-1)/2] + xs[n/2]) / 2
}

// String is the table for a person.
func (r report) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "HyperPINN on Burgers' equation, a step of 32 ν × (64 + 100) points, threads: %d, ours on %s\n", r.Threads, r.Backend)
	fmt.Fprintf(&s, "%-30s %-19s %8s %7s  %-12s %s\n", "", "version", "ms/step", "× ours", "range", "deviation in float64, float32")
	for _, row := range r.Rows {
		if row.Refused != "" {
			fmt.Fprintf(&s, "%-30s %-19s refused: %s\n", row.Name, row.Version, row.Refused)
			continue
		}
		fmt.Fprintf(&s, "%-30s %-19s %8.2f %7.2f  %-12s %.0e, %.0e\n", row.Name, row.Version, row.Median, row.Ratio,
			fmt.Sprintf("%.2f–%.2f", slices.Min(row.Millis), slices.Max(row.Millis)), row.Deviation["float64"], row.Deviation["float32"])
	}
	return s.String()
}

// save writes the report as JSON.
func (r report) save(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
