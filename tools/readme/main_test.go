// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
)

const someTimings = `{"backend": "xla:cpu", "cpu": "a processor", "date": "2026-01-02", "steps": [{
	"title": "A step", "rows": [
		{"name": "ours", "version": "GoMLX", "median": 1.5, "ratio": 1, "peak_mb": 250.4},
		{"name": "PyTorch, as published", "version": "torch 1", "published": true, "median": 3000, "ratio": 2000, "peak_mb": 900},
		{"name": "PyTorch, slow", "version": "torch 1", "median": 4, "ratio": 2.6667, "peak_mb": 800},
		{"name": "PyTorch, fast", "version": "torch 1", "median": 3, "ratio": 2, "peak_mb": 800},
		{"name": "JAX", "version": "jax 2", "refused": "data differs"}
	]}]}`

// TestSpeed: the fastest row of each framework, and none that was refused.
func TestSpeed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "peers.json")
	if err := os.WriteFile(file, []byte(someTimings), 0o644); err != nil {
		t.Fatal(err)
	}
	table, err := speed(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"a processor; ours on xla:cpu; torch 1, jax 2; 2026-01-02.\n",
		"| A step | **1.5 ms**, 250 MB | 3000 ms, **2000 ×**, 900 MB | 3 ms, **2 ×**, 800 MB | – | – |\n",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("the table is %q, want %q in it", table, want)
		}
	}
}

// TestBeyond: median and worst over the seeds that there are, of both methods, beside the
// published error.
func TestBeyond(t *testing.T) {
	r := &report.Report{Preset: "some", Tables: []report.Table{{ID: "beyond/table2", Cells: []report.Cell{
		{Row: "beta=30", Column: paperColumn, Metric: "rel_err", PublishedText: "0.0379", Values: numbers(.9, .3, .4)},
		{Row: "beta=30", Column: paperColumn, Metric: "time", Values: numbers(20, 22, 30)},
		{Row: "beta=30", Column: lmColumn, Metric: "rel_err", Values: append(numbers(.002, .001), nil)},
		{Row: "beta=30", Column: lmColumn, Metric: "time", Values: numbers(6, 7)},
		{Row: "beta=30", Column: "another", Metric: "rel_err", Values: numbers(8)},
	}}}}
	table, err := beyond(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "| 30 | 0.0379 | 0.4 (0.9) | 22 s | 0.0015 (1 diverged) | 6.5 s |\n"; !strings.Contains(table, want) {
		t.Errorf("the table is %q, want %q in it", table, want)
	}
	if _, err := beyond(&report.Report{}); err == nil {
		t.Error("a report without the table passed")
	}
}

// TestStatus: cells without a verdict are not counted, and verdicts that none has are not
// named.
func TestStatus(t *testing.T) {
	r := &report.Report{Preset: "some", Counts: map[string]int{"differs": 2, "reproduced": 3, "no verdict": 9}, Claims: []report.Claim{{Verdict: "not run"}}}
	r.Tables = []report.Table{{Cells: []report.Cell{{Verdict: "reproduced", Role: "method"}, {Verdict: "reproduced", Role: "count"}, {Verdict: "differs", Role: "method"}}}}
	if got, want := status(r), "Of the papers' numbers *reproduced* 3, *differs* 2; of their claims *not run* 1. Of the 3 numbers that are reproduced, 1 are errors of trained networks"; !strings.Contains(got, want) {
		t.Errorf("the status is %q, want %q in it", got, want)
	}
}

// TestResults: median, best and worst over the seeds; of Table 2 the method's alone.
func TestResults(t *testing.T) {
	published, constant := .0379, .5925
	cell := report.Cell{Row: "beta=30;rank=adaptive", Metric: "rel_err", Role: "method", Published: &published, PublishedText: "0.0379", Values: numbers(.9, .03, .3), Trivial: &constant, Verdict: "differs", Flags: []string{"spurious"}}
	baseline, other, own := cell, cell, cell
	baseline.Role, other.Metric, own.Published = "baseline", "abs_err", nil
	r := &report.Report{Preset: "some", Tables: []report.Table{
		{ID: "hyper-lr-pinn/table2", Cells: []report.Cell{baseline, cell, other, own}}, {ID: "hyperpinn/table1"}, {ID: "hyperpinn/lorenz"},
	}}
	table, err := results(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "| Table 2, relative L2 error: β = 30, rank adaptive | 0.0379 | 0.3 | 0.03 | 0.9 | 3 | 0.593 | differs, spurious runs |\n\n"; !strings.HasSuffix(table, "|---|\n"+want) {
		t.Errorf("the table is %q, want %q alone in it", table, want)
	}
	if _, err := results(&report.Report{}); err == nil {
		t.Error("a report without the tables passed")
	}
}

// TestPresets: each preset once, with its time.
func TestPresets(t *testing.T) {
	table, err := presets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range reproduce.PresetNames() {
		if strings.Count(table, "| `"+name+"` |") != 1 {
			t.Errorf("%s is not in %q", name, table)
		}
	}
	for hours, want := range map[float64]string{.47: "about 28 minutes", 14.7: "about 15 hours, in as many sittings as you like", 279: "about 11.5 days"} {
		if got := about(hours); got != want {
			t.Errorf("%g hours are %q, want %q", hours, got, want)
		}
	}
}

// TestPut: a table comes between its markers, again and again, and where these lack
// there is an error.
func TestPut(t *testing.T) {
	text := "a\n<!-- speed:begin -->\nold\n<!-- speed:end -->\nb\n"
	for range 2 {
		var err error
		if text, err = put(text, "speed", "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	if want := "a\n<!-- speed:begin -->\nnew\n<!-- speed:end -->\nb\n"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	if _, err := put(text, "results", "new\n"); err == nil {
		t.Error("a README without markers passed")
	}
}

// numbers are the values of a cell.
func numbers(xs ...float64) (all []*float64) {
	for _, x := range xs {
		all = append(all, &x)
	}
	return all
}
