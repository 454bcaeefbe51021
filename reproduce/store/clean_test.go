// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
)

// age sets back the times of all that lies at or below a path.
func age(t *testing.T, path string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	err := filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range found {
		names = append(names, e.Name())
	}
	return names
}

// What nobody has touched for a day is nobody's; anything younger may belong to a
// process on another machine.
func TestLeftoversOfKilledProcesses(t *testing.T) {
	dir := t.TempDir()
	tmp := filepath.Join(open(t, dir).Dir(), "tmp")
	for name, files := range map[string][]string{
		"old-1": {"weights.npz", "config.json"}, "young-1": {"weights.npz"}, "working-1": {"weights.npz", "new"}, "gone-1": {"it/weights.npz"}, "empty-1": nil,
	} {
		if err := os.MkdirAll(filepath.Join(tmp, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			path := filepath.Join(tmp, name, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("half"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(tmp, "write-1"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"old-1", "working-1", "gone-1", "empty-1", "write-1"} {
		age(t, filepath.Join(tmp, name), 25*time.Hour)
	}
	age(t, filepath.Join(tmp, "young-1"), 23*time.Hour)
	age(t, filepath.Join(tmp, "working-1", "new"), time.Minute)

	open(t, dir)
	if left, want := entries(t, tmp), []string{"working-1", "young-1"}; !slices.Equal(left, want) {
		t.Errorf("left is %v, want %v", left, want)
	}
}

// A process killed between writing a record and removing the checkpoint leaves
// both; while a process holds the lock, the checkpoint is its own.
func TestCheckpointOfAFinishedRun(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	finished, unfinished := begin(t, s, config(1)), begin(t, s, config(2))
	for _, p := range []*store.Partial{finished, unfinished} {
		if err := p.Checkpoint(state(3), "float32", 1); err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, config(1), record(1, "float32"), "float32")
	unfinished.Close()

	open(t, dir)
	if left := entries(t, filepath.Join(dir, "partial")); len(left) != 2 {
		t.Errorf("left is %v while the lock is held, want both", left)
	}
	finished.Close()
	open(t, dir)
	if left := entries(t, filepath.Join(dir, "partial")); !slices.Equal(left, []string{config(2).Name()}) {
		t.Errorf("left is %v, want the unfinished run", left)
	}
	// A damaged record is worth the checkpoint that is left of its run.
	p := begin(t, s, config(1))
	if err := p.Checkpoint(state(3), "float32", 1); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if err := flip(filepath.Join(dir, "runs", config(1).Name(), "weights.npz"), 50); err != nil {
		t.Fatal(err)
	}
	if p := begin(t, open(t, dir), config(1)); p.State == nil || p.State.Steps != 3 {
		t.Error("the checkpoint beside a damaged record is gone")
	}
}

// A checkpoint that was being written when its process was killed is no checkpoint;
// it goes when it is a day old, since another machine may be writing it.
func TestHalfACheckpoint(t *testing.T) {
	s := open(t, t.TempDir())
	p := begin(t, s, config(1))
	if err := p.Checkpoint(state(3), "float32", 1); err != nil {
		t.Fatal(err)
	}
	p.Close()
	folder := filepath.Join(s.Dir(), "partial", config(1).Name())
	if err := os.WriteFile(filepath.Join(folder, ".new-1"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	p = begin(t, open(t, s.Dir()), config(1))
	defer p.Close()
	if left := entries(t, folder); !slices.Equal(left, []string{".new-1", "checkpoint", "lock"}) || p.State == nil {
		t.Errorf("left is %v", left)
	}
	age(t, filepath.Join(folder, ".new-1"), 25*time.Hour)
	open(t, s.Dir())
	if left := entries(t, folder); !slices.Equal(left, []string{"checkpoint", "lock"}) {
		t.Errorf("left after a day is %v", left)
	}
}

// While one process writes records, others open the store and clean it.
func TestCleaningBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	cmd := start(t, "records", dir)
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
		open(t, dir)
	}
	if cmd.ProcessState != nil {
		t.Error("the writer has ended")
	}
	kill(t, cmd)
	f, err := store.Verify(os.DirFS(dir), dir)
	if err != nil || len(f.Sound) == 0 {
		t.Fatalf("sound are %v, %v", f.Sound, err)
	}
	for _, d := range f.Damaged {
		// The records of this writer name a parent that there is none of.
		if d.Reason != "its manifest doesn't say which weights of "+config(1).Parent+" it started from" {
			t.Error(d)
		}
	}
}
