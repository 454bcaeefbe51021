// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"

	"pinn.example/repro/metric"
)

// report is what was measured.
type report struct {
	Machine machine `json:"machine"`
	Preset  string  `json:"preset"`
	// MatmulGFLOPs is the machine's speed on two matrices of 1,024², in GFLOP/s.
	MatmulGFLOPs float64  `json:"matmul_gflop_s"`
	Benchmarks   []*entry `json:"benchmarks"`
}

// entry is a benchmark.
type entry struct {
	Name string `json:"name"`
	// Metrics are by Go's units; see package bench.
	Metrics map[string]*sample `json:"metrics,omitempty"`
	// Failed says why a process measured nothing; empty where all did.
	Failed string `json:"failed,omitempty"`
}

// sample is a metric, a value a process.
type sample struct {
	Median float64   `json:"median"`
	Values []float64 `json:"values"`
}

// median of a metric; ok is false where it was not measured.
func (e *entry) median(unit string) (value float64, ok bool) {
	s, ok := e.Metrics[unit]
	if !ok {
		return 0, false
	}
	return s.Median, true
}

// parse reads Go's benchmark text; repeated benchmarks are one entry.
func parse(text string) ([]*entry, error) {
	var entries []*entry
	reader := benchfmt.NewReader(strings.NewReader(text), "the benchmarks")
	for reader.Scan() {
		switch r := reader.Result().(type) {
		case *benchfmt.Result:
			base, gomaxprocs := r.Name.Parts()
			name := string(base)
			for _, part := range gomaxprocs {
				if part[0] != '-' { // the number of threads
					name += string(part)
				}
			}
			entries = add(entries, name, r.Values)
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("reading the benchmarks' text: %w", r)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, fmt.Errorf("reading the benchmarks' text: %w", err)
	}
	return entries, nil
}

func add(entries []*entry, name string, values []benchfmt.Value) []*entry {
	i := slices.IndexFunc(entries, func(e *entry) bool { return e.Name == name })
	if i < 0 {
		i = len(entries)
		entries = append(entries, &entry{Name: name, Metrics: map[string]*sample{}})
	}
	for _, v := range values {
		unit, value := v.Unit, v.Value
		if v.OrigUnit != "" { // benchfmt has made bytes and seconds of it
			unit, value = v.OrigUnit, v.OrigValue
		}
		s := entries[i].Metrics[unit]
		if s == nil {
			s = &sample{}
			entries[i].Metrics[unit] = s
		}
		s.Values = append(s.Values, value)
		s.Median = metric.Median(s.Values)
	}
	return entries
}

// save writes a value as JSON.
func save(path string, value any) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
