// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pinn.example/repro/metric"
)

// report is what was timed.
type report struct {
	Backend string        `json:"backend"` // that ours runs on
	CPU     string        `json:"cpu"`
	Threads int           `json:"threads"`
	Date    string        `json:"date"` // yyyy-mm-dd
	Steps   []*stepReport `json:"steps"`
}

// stepReport is one training step, taken by every row. The first is ours.
type stepReport struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Rows  []*row `json:"rows"`
}

// row is one way to take the step.
type row struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Published marks the formulation of the method's published code.
	Published bool `json:"published,omitempty"`
	// Deviation from our answer in float64, by the type in which it was computed.
	Deviation map[string]float64 `json:"deviation"`
	// Refused is why it was not timed; empty if it was.
	Refused string `json:"refused,omitempty"`
	// Millis a step, one a round, and their median.
	Millis []float64 `json:"millis"`
	Median float64   `json:"median"`
	// Ratio is the median over rounds of the time over ours.
	Ratio float64 `json:"ratio"`
	// PeakMB is the most memory that the row's process had, its framework included.
	PeakMB float64 `json:"peak_mb"`

	process *process
	take    func(steps int) error // in tests, in place of process
	unit    int                   // divides the steps of every turn
	turn    int                   // steps
}

// time lets all rows take turns.
func (r *stepReport) time(ctx context.Context, rounds int, seconds float64) error {
	for _, row := range r.Rows {
		if row.Refused != "" {
			continue
		}
		if _, err := row.timed(row.unit); err != nil { // compiles
			return err
		}
		warm, err := row.timed(row.unit)
		if err != nil {
			return err
		}
		row.plan(seconds, warm/float64(row.unit))
	}
	for i := range rounds {
		fmt.Fprintf(os.Stderr, "peers: %s: round %d of %d\n", r.Name, i+1, rounds)
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
	unit := float64(r.unit)
	r.turn = r.unit * max(1, int(math.Round(seconds/step/unit)))
}

// summarise fills in medians and ratios.
func (r *stepReport) summarise() {
	for _, row := range r.Rows {
		var ratios []float64
		for i, ms := range row.Millis {
			ratios = append(ratios, ms/r.Rows[0].Millis[i])
		}
		row.Median, row.Ratio = metric.Median(row.Millis), metric.Median(ratios)
		if row.process != nil {
			row.PeakMB = row.process.peakMB()
		}
	}
}

// timed takes steps, and returns the seconds that they took.
func (r *row) timed(steps int) (float64, error) {
	start := time.Now()
	take := r.take
	if take == nil {
		take = r.process.steps
	}
	if err := take(steps); err != nil {
		return 0, fmt.Errorf("%s: %w", r.Name, err)
	}
	return time.Since(start).Seconds(), nil
}

// best returns the fastest row beside ours that is not the published formulation, and
// that formulation; nil where there is none.
func (r *stepReport) best() (best, published *row) {
	for _, row := range r.Rows[1:] {
		switch {
		case row.Refused != "":
		case row.Published:
			published = row
		case best == nil || row.Ratio < best.Ratio:
			best = row
		}
	}
	return best, published
}

// String is the table for a person.
func (r *stepReport) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n", r.Title)
	fmt.Fprintf(&s, "  %-30s %-21s %9s %8s  %-15s %8s  %s\n", "", "version", "ms/step", "× ours", "range", "peak MB", "deviation in float64, float32")
	for _, row := range r.Rows {
		if row.Refused != "" {
			fmt.Fprintf(&s, "  %-30s %-21s refused: %s\n", row.Name, row.Version, row.Refused)
			continue
		}
		fmt.Fprintf(&s, "  %-30s %-21s %9.2f %8.2f  %-15s %8.0f  %.0e, %.0e\n", row.Name, row.Version, row.Median, row.Ratio,
			fmt.Sprintf("%.2f–%.2f", slices.Min(row.Millis), slices.Max(row.Millis)), row.PeakMB, row.Deviation["float64"], row.Deviation["float32"])
	}
	best, published := r.best()
	if published != nil {
		fmt.Fprintf(&s, "  ours is %.3g times as fast as the published formulation\n", published.Ratio)
	}
	if best != nil {
		fmt.Fprintf(&s, "  ours is %.3g times as fast as the best of the others, %s\n", best.Ratio, best.Name)
	}
	return s.String()
}

// refused says which rows were refused, and why; nil if none was.
func (r *report) refused() error {
	var refused error
	for _, s := range r.Steps {
		for _, row := range s.Rows {
			if row.Refused != "" {
				refused = errors.Join(refused, fmt.Errorf("%s: %s was refused: %s", s.Name, row.Name, row.Refused))
			}
		}
	}
	return refused
}

// save writes the report as JSON.
func (r *report) save(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// readReport reads what save has written.
func readReport(path string) (*report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s holds no timings: %w", path, err)
	}
	return r, nil
}

// slowerBy is by how much of its speed beside the others a step of ours may fall
// before that is a regression.
const slowerBy = .15

// against holds our speed beside the other rows against an earlier report's. Of a
// step it is the median over the rows that both have, so that no single one of them,
// which may have become faster itself, decides.
func (r *report) against(before *report) (table string, slower int) {
	var b strings.Builder
	for _, s := range r.Steps {
		var ratios []float64
		for _, now := range s.Rows[1:] {
			if then := before.row(s.Name, now.Name); then != nil && now.Ratio > 0 && then.Ratio > 0 {
				ratios = append(ratios, now.Ratio/then.Ratio)
			}
		}
		switch speed := metric.Median(ratios); {
		case len(ratios) == 0:
			fmt.Fprintf(&b, "%s: nothing to hold it against\n", s.Name)
		case speed < 1-slowerBy:
			slower++
			fmt.Fprintf(&b, "%s: REGRESSION: %.2f of its speed on %s beside %d other rows\n", s.Name, speed, before.Date, len(ratios))
		default:
			fmt.Fprintf(&b, "%s: %.2f of its speed on %s beside %d other rows\n", s.Name, speed, before.Date, len(ratios))
		}
	}
	return b.String(), slower
}

// row returns a row by its name, nil where there is none.
func (r *report) row(step, name string) *row {
	for _, s := range r.Steps {
		for _, row := range s.Rows {
			if s.Name == step && row.Name == name {
				return row
			}
		}
	}
	return nil
}
