// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// timings are what `make bench-peers` leaves.
type timings struct {
	Backend, CPU, Date string
	Steps              []struct {
		Title string
		Rows  []timing
	}
}

// timing is one way to take a step.
type timing struct {
	Name, Version, Refused string
	Published              bool
	Median, Ratio          float64 // ms a step, and over ours
	PeakMB                 float64 `json:"peak_mb"`
}

// speed is the table of a file of timings.
func speed(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var t timings
	if err := json.Unmarshal(data, &t); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "\nMilliseconds a step, how many times ours that is, and peak memory. All take turns in one run, from the same weights and points; %s; ours on %s; %s; %s.\n\n",
		t.CPU, t.Backend, strings.Join(versions(t), ", "), t.Date)
	columns := []struct {
		title string
		of    func(timing) bool
	}{
		{"ours", func(r timing) bool { return r.Name == "ours" }},
		{"as published", func(r timing) bool { return r.Published }},
		{"best PyTorch", func(r timing) bool { return !r.Published && strings.HasPrefix(r.Name, "PyTorch") }},
		{"best JAX", func(r timing) bool { return strings.HasPrefix(r.Name, "JAX") }},
		{"DeepXDE", func(r timing) bool { return strings.HasPrefix(r.Name, "DeepXDE") }},
	}
	head, rule := "| step |", "|---|"
	for _, c := range columns {
		head, rule = head+" "+c.title+" |", rule+"---|"
	}
	fmt.Fprintf(&b, "%s\n%s\n", head, rule)
	for _, s := range t.Steps {
		fmt.Fprintf(&b, "| %s |", s.Title)
		for _, c := range columns {
			var best *timing
			for i, r := range s.Rows {
				if r.Refused == "" && c.of(r) && (best == nil || r.Ratio < best.Ratio) {
					best = &s.Rows[i]
				}
			}
			switch {
			case best == nil:
				fmt.Fprint(&b, " – |")
			case best.Name == "ours":
				fmt.Fprintf(&b, " **%.3g ms**, %.0f MB |", best.Median, best.PeakMB)
			default:
				fmt.Fprintf(&b, " %s ms, **%s ×**, %.0f MB |", short(best.Median), short(best.Ratio), best.PeakMB)
			}
		}
		fmt.Fprintln(&b)
	}
	fmt.Fprintln(&b)
	return b.String(), nil
}

// short is a number with three digits, or all before its point.
func short(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// versions lists the versions of all rows, ours left out, in order.
func versions(t timings) []string {
	var all []string
	seen := map[string]bool{}
	for _, s := range t.Steps {
		for _, r := range s.Rows {
			if r.Name != "ours" && r.Version != "" && !seen[r.Version] {
				seen[r.Version] = true
				all = append(all, r.Version)
			}
		}
	}
	return all
}
