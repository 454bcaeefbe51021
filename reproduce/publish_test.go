// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pinn.example/repro/reproduce/store"
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
		p, m, err := s.Publish(to, just(phase2...), Preset{})
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
