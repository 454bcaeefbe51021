// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
