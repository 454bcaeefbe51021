// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce/report"
)

// writeReport makes a report of one cell of the paper's method.
func writeReport(t *testing.T, dir string, ours float64, verdict string) {
	t.Helper()
	err := report.Write(dir, &report.Report{Preset: "quick", Tables: []report.Table{{ID: "t", Title: "T", Cells: []report.Cell{{
		ID: "p/t/r/c/rel_err", Metric: "rel_err", Role: "method", Ours: &ours, Verdict: verdict,
	}}}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDiff(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	writeReport(t, a, .07, "reproduced")
	writeReport(t, b, .14, "differs")
	ok(t, dir, "diff", "a", "a/results.json")

	r := invoke(t, dir, "diff", "a", "b")
	if r.code != program.ExitFailed || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "regressions") ||
		!strings.Contains(r.stdout, "ours 0.07 → 0.14") || !strings.Contains(r.stdout, "verdict reproduced → differs") {
		t.Errorf("a regression: exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r = ok(t, dir, "diff", "b", "a"); !strings.Contains(r.stdout, "moved, verdict: cell p/t/r/c/rel_err") {
		t.Errorf("an improvement says\n%s", r.stdout)
	}
	r = invoke(t, dir, "diff", "--json", "a", "b")
	var d report.Diff
	if err := json.Unmarshal([]byte(r.stdout), &d); err != nil || r.code != program.ExitFailed || d.Regressions != 1 || *d.Changes[0].After.Ours != .14 {
		t.Errorf("--json: %v, exit code %d\n%s", err, r.code, r.stdout)
	}
	// Twice the number is within a tolerance of 60 %; the verdict is told alone.
	if r = invoke(t, dir, "diff", "--tolerance", "0.6", "a", "b"); r.code != program.ExitFailed || strings.Contains(r.stdout, "moved:") || !strings.Contains(r.stdout, "0 moved, 1 within noise") {
		t.Errorf("--tolerance: exit code %d\n%s", r.code, r.stdout)
	}
}

// Two reports of the same store, made at other times, don't differ: what a
// report cost is no difference.
func TestDiffOfTheSameStore(t *testing.T) {
	dir := t.TempDir()
	for _, out := range []string{"a", "b"} {
		ok(t, dir, "report", "--preset", "smoke", "--out", out)
	}
	r := ok(t, dir, "diff", "--tolerance", "0", "a", "b")
	if strings.Contains(r.stdout, "made differently") || !strings.Contains(r.stdout, "0 moved, 0 within noise, 0 verdicts changed; 0 appeared, 0 vanished; 0 regressions") {
		t.Errorf("it says\n%s", r.stdout)
	}
}

func TestDiffBadInput(t *testing.T) {
	dir := t.TempDir()
	writeReport(t, filepath.Join(dir, "good"), .07, "reproduced")
	for name, content := range map[string]string{
		"empty": "", "list": "[]", "words": `{"schema_version": "one"}`, "newer": `{"schema_version": 99}`,
		"verdict": `{"schema_version": 1, "tables": [{"id": "t", "cells": [{"id": "a", "role": "count", "verdict": "great"}]}]}`,
		"twice":   `{"schema_version": 1, "tables": [{"id": "t", "cells": [{"id": "a", "role": "count"}, {"id": "a", "role": "count"}]}]}`,
	} {
		write(t, filepath.Join(dir, name, "results.json"), content)
	}
	for args, want := range map[string]string{
		"diff good":                      "<after>",
		"diff good missing":              "missing: no such file",
		"diff missing good":              "missing: no such file",
		"diff good empty":                "empty/results.json: unexpected end",
		"diff list good":                 "list/results.json",
		"diff good words":                "words/results.json",
		"diff good newer":                "schema version 99, this program reads 1",
		"diff good verdict":              `unknown verdict "great"`,
		"diff twice good":                `cell "a" is given twice`,
		"diff good good --tolerance 10":  "--tolerance is 10",
		"diff good good --tolerance NaN": "--tolerance is NaN",
		"diff good good --tolerance=-1":  "--tolerance is -1",
	} {
		r := invoke(t, dir, strings.Fields(args)...)
		if r.code != program.ExitBadInput || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, want) {
			t.Errorf("%s: exit code %d, want a line with %q:\n%s%s", args, r.code, want, r.stdout, r.stderr)
		}
	}
}
