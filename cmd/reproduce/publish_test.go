// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// What is published verifies, has the records that its store has, and a report whose
// figures are SVG and small CSVs; published again, nothing changes.
func TestPublish(t *testing.T) {
	from, _ := published(t)
	to := filepath.Join(t.TempDir(), "quick")
	args := []string{"publish", "--preset", "quick", "--store", from, "--to", to}
	said := ok(t, t.TempDir(), args...).stdout
	if !strings.Contains(said, " records published in "+to) {
		t.Errorf("it says %s", said)
	}
	f, err := store.Verify(os.DirFS(to), to)
	if err != nil || len(f.Damaged) > 0 || len(f.Sound) == 0 {
		t.Errorf("what is published: %+v, %v", f, err)
	}
	r, err := report.Read(to)
	if err != nil {
		t.Fatal(err)
	}
	csvs := 0
	for _, g := range r.Figures {
		if len(g.SVG) == 0 || len(g.PNG) != 0 {
			t.Errorf("%s is published with %d bytes of SVG and %d of PNG", g.ID, len(g.SVG), len(g.PNG))
		}
		if len(g.CSV) > publishedCSV {
			t.Errorf("%s is published with %d bytes of CSV", g.ID, len(g.CSV))
		}
		if len(g.CSV) > 0 {
			csvs++
		}
	}
	if csvs == 0 {
		t.Error("no figure has its numbers")
	}
	if pngs, _ := filepath.Glob(filepath.Join(to, "figures", "*.png")); len(pngs) > 0 {
		t.Errorf("there are %d PNGs", len(pngs))
	}
	before := snapshot(t, to)
	// On another machine, too, where the runs that were published are not there.
	for _, again := range []string{from, t.TempDir()} {
		ok(t, t.TempDir(), "publish", "--preset", "quick", "--store", again, "--to", to)
		for file, content := range snapshot(t, to) {
			if before[file] != content && !strings.HasSuffix(file, "report.html") && !strings.HasSuffix(file, "results.json") && !strings.Contains(file, "cache/") {
				t.Errorf("%s has changed", file)
			}
		}
	}
}
