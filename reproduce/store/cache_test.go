// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestCacheServesWhatWasKept: the numbers come back, and after any of 200 random
// faults of its file they do not, nor under another key.
func TestCacheServesWhatWasKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	want := []float64{1, -2.5, 3e-300}
	s.Cache("a", want)
	if got := s.Cached("a"); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if got := s.Cached("b"); got != nil {
		t.Errorf("nothing was kept under b, got %v", got)
	}
	file := filepath.Join(dir, "cache", "a")
	sound, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "cache", "b"), sound, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := s.Cached("b"); got != nil {
		t.Errorf("a's file under b's name is served: %v", got)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		bad := slices.Clone(sound)
		if r.IntN(2) == 0 {
			bad = bad[:r.IntN(len(bad))]
		} else {
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
		}
		if err := os.WriteFile(file, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := s.Cached("a"); got != nil {
			t.Fatalf("a damaged file is served: %v", got)
		}
	}
}
