// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// What is published holds the records and no empty folders; more can be published
// into it, and an unfinished run that lies there stays.
func TestPublishLeavesNoEmptyFolders(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30)
	s, dir := newSession(t, t.TempDir()), t.TempDir()
	publish := func(published, missing int, want ...string) {
		t.Helper()
		to, err := store.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		p, m, err := s.Publish(to, just(phase2...), preset(t, "smoke"))
		if err != nil || p != published || m != missing {
			t.Errorf("%d published and %d missing, %v; want %d and %d", p, m, err, published, missing)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
		}
		if !slices.Equal(got, want) {
			t.Errorf("in the folder are %v, want %v", got, want)
		}
	}
	put(t, s, phase1, &store.Record{})
	publish(1, 1, "runs", "store.json")
	put(t, s, phase2[0], &store.Record{})
	publish(2, 0, "runs", "store.json")
	if err := os.MkdirAll(filepath.Join(dir, "partial", "other"), 0o755); err != nil {
		t.Fatal(err)
	}
	publish(2, 0, "partial", "runs", "store.json")
}

// Weights are published of a Phase 1, not of a query or a baseline that nothing starts
// from; and of what a figure draws, though only another experiment is published.
func TestPublishedWeights(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30)
	st, err := convectionStudy(preset(t, "smoke"))
	if err != nil {
		t.Fatal(err)
	}
	small, query := st.naive([]float64{30, 0, 0}, 10, 0), phase2[0]
	figures, err := figure2Runs(preset(t, "smoke"))
	if err != nil {
		t.Fatal(err)
	}
	vanilla := figures[1]
	s := newSession(t, t.TempDir())
	to, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for r, numbers := range map[*Run]int{phase1: 28_151, query: 351, small: 381, vanilla: 10_401} {
		put(t, s, r, &store.Record{Weights: map[string]train.Array{"w": train.NewArray(numbers)}})
	}
	if _, _, err := s.Publish(to, just(phase1, query, small, vanilla), preset(t, "smoke")); err != nil {
		t.Fatal(err)
	}
	for r, want := range map[*Run]bool{phase1: true, query: false, small: false, vanilla: true} {
		record, err := to.Get(r.Name())
		if err != nil || record == nil {
			t.Fatal(record, err)
		}
		if got := record.Weights != nil; got != want {
			t.Errorf("%s is published with weights: %t, want %t", r.Label, got, want)
		}
	}
}
