// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/reproduce/store"
)

func heads(t *testing.T, s *store.Store) map[string]store.Head {
	t.Helper()
	all, err := s.Heads()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]store.Head{}
	last := ""
	for _, h := range all {
		if h.Name <= last {
			t.Errorf("%s comes after %s", h.Name, last)
		}
		last = h.Name
		byName[h.Name] = h
	}
	return byName
}

// A head is the record without its results, from the store itself where both
// have it.
func TestHeads(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	s, reused := open(t, dir), open(t, other)
	for _, seed := range []int64{1, 2} {
		put(t, s, config(seed), record(uint64(seed), "float32"), "float32")
	}
	for _, seed := range []int64{2, 3} {
		put(t, reused, config(seed), record(uint64(seed), "float32"), "float32")
	}
	got := heads(t, open(t, dir, other))
	if len(got) != 3 {
		t.Fatalf("%d heads, want 3", len(got))
	}
	for seed, in := range map[int64]string{1: dir, 2: dir, 3: other} {
		name := config(seed).Name()
		want := get(t, open(t, dir, other), name)
		h := got[name]
		if h.Store != in || !bytes.Equal(h.Config, want.Config) || !reflect.DeepEqual(h.Manifest, want.Manifest) {
			t.Errorf("seed %d: the head is %+v in %s, want %s's", seed, h.Manifest, h.Store, in)
		}
	}
}

// A record that Get sets aside is none, if that shows in its head or its list of
// files; a damaged one does not hide a sound one that is reused.
func TestHeadsOfDamaged(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		spoil func([]byte) []byte
	}{
		"no manifest":       {"manifest.json", nil},
		"manifest edited":   {"manifest.json", func(b []byte) []byte { return bytes.Replace(b, []byte(`"wall_s"`), []byte(`"wall_t"`), 1) }},
		"manifest cut":      {"manifest.json", func(b []byte) []byte { return b[:len(b)/2] }},
		"config edited":     {"config.json", func(b []byte) []byte { return bytes.Replace(b, []byte("train"), []byte("brain"), 1) }},
		"no configuration":  {"config.json", nil},
		"no weights":        {"weights.npz", nil},
		"no history":        {"history.csv", nil},
		"manifest is empty": {"manifest.json", func([]byte) []byte { return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			dir, other := t.TempDir(), t.TempDir()
			s := open(t, dir)
			put(t, s, config(1), record(1, "float32"), "float32")
			put(t, open(t, other), config(1), record(1, "float32"), "float32")
			run := config(1).Name()
			file := filepath.Join(dir, "runs", run, c.file)
			if c.spoil == nil {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			} else {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, c.spoil(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			before := snapshot(t, dir)
			if got := heads(t, s); len(got) != 0 {
				t.Errorf("the heads are %v", got)
			}
			if got := heads(t, open(t, dir, other)); got[run].Store != other {
				t.Errorf("the sound record in the reused store is not found: %v", got)
			}
			if !reflect.DeepEqual(before, snapshot(t, dir)) {
				t.Error("looking changed the store")
			}
			if r := get(t, s, run); r != nil { // Heads and Get agree
				t.Error("Get serves it")
			}
		})
	}
}

func TestView(t *testing.T) {
	dir := t.TempDir()
	s, err := store.View(filepath.Join(dir, "none", "yet"))
	if err != nil {
		t.Fatal(err)
	}
	if got := heads(t, s); len(got) != 0 {
		t.Errorf("a store that is not there has %v", got)
	}
	if step, err := s.CheckpointStep(config(1).Name()); step != 0 || err != nil {
		t.Errorf("it has a checkpoint at step %d, %v", step, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("looking made %v", entries)
	}

	full := filepath.Join(dir, "full")
	put(t, open(t, full), config(1), record(1, "float32"), "float32")
	before := snapshot(t, full)
	if s, err = store.View(full); err != nil || len(heads(t, s)) != 1 {
		t.Errorf("a store with one record: %v", err)
	}
	if !reflect.DeepEqual(before, snapshot(t, full)) {
		t.Error("looking changed the store")
	}

	file := filepath.Join(dir, "file")
	newer := filepath.Join(dir, "newer")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(newer, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(newer, "store.json"), []byte(`{"version": 2}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dirs []string
		want string
	}{{[]string{file}, "no run store"}, {[]string{newer}, "newer version"}, {[]string{full, filepath.Join(dir, "none")}, "no run store"}} {
		if _, err := store.View(c.dirs[0], c.dirs[1:]...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("View(%v): %v, want %q", c.dirs, err, c.want)
		}
	}
}

// The step is that from which Begin goes on, also while another process has the
// lock; a checkpoint that Begin would not take is none.
func TestCheckpointStep(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	p := begin(t, s, config(1))
	defer p.Close()
	for _, steps := range []int{7, 1234} {
		if err := p.Checkpoint(state(steps), "float32", 1); err != nil {
			t.Fatal(err)
		}
		if got, err := s.CheckpointStep(config(1).Name()); got != steps || err != nil {
			t.Errorf("step %d, %v; want %d", got, err, steps)
		}
	}
	file := filepath.Join(dir, "partial", config(1).Name(), "checkpoint")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := s.CheckpointStep(config(1).Name()); got != 0 || err != nil {
		t.Errorf("of a damaged checkpoint: step %d, %v; want 0", got, err)
	}
}
