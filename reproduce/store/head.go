// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Head is what a record says of itself: what was run, and where. It is read
// without the results.
type Head struct {
	Name string
	// Config is the record's config.json.
	Config   json.RawMessage
	Manifest Manifest
	// Store is the folder of the store that the record lies in: this one, or one
	// that it reuses.
	Store string
}

// View opens the store in a folder to look at it. Unlike [Open] it writes
// nothing; where there is no folder, the store is empty.
func View(dir string, reuse ...string) (*Store, error) {
	s := &Store{dir: dir}
	info, err := os.Stat(filepath.Join(dir, "runs"))
	switch {
	case err == nil && info.IsDir(), errors.Is(err, fs.ErrNotExist):
	default:
		return nil, fmt.Errorf("store: %s is no run store (its runs is no folder); choose another folder", dir)
	}
	if _, err := layout(dir); err != nil {
		return nil, err
	}
	for _, other := range reuse {
		if err := s.borrow(source{dir: other}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Heads lists the records of the store and of those that it reuses, in the order
// of their names. Histories, metrics and weights are not read, so that this is
// quick: a record whose head does not match its checksums, or that lacks a file,
// is left out, as [Store.Get] would; damage inside the other files shows only
// there.
func (s *Store) Heads() ([]Head, error) {
	var heads []Head
	found := map[string]bool{}
	for _, from := range s.sources() {
		entries, err := os.ReadDir(filepath.Join(from.dir, "runs"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		for _, e := range entries {
			if !e.IsDir() || found[e.Name()] || !from.lends(e.Name()) {
				continue
			}
			if h, ok := readHead(from.dir, e.Name()); ok {
				found[h.Name] = true
				heads = append(heads, h)
			}
		}
	}
	slices.SortFunc(heads, func(a, b Head) int { return strings.Compare(a.Name, b.Name) })
	return heads, nil
}

func readHead(store, name string) (Head, bool) {
	h := Head{Name: name, Store: store}
	dir := recordDir(store, name)
	data, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil || json.Unmarshal(data, &h.Manifest) != nil || h.Manifest.Name != name {
		return h, false
	}
	if self := h.Manifest.Self; self != "" && self != hash(bytes.Replace(data, []byte(self), []byte(unsigned), 1)) {
		return h, false
	}
	for _, required := range []string{"config.json", "history.csv", "metrics.json"} {
		if h.Manifest.Files[required] == "" {
			return h, false
		}
	}
	for file := range h.Manifest.Files {
		if info, err := os.Stat(filepath.Join(dir, filepath.Base(file))); err != nil || !info.Mode().IsRegular() {
			return h, false
		}
	}
	h.Config, err = os.ReadFile(filepath.Join(dir, "config.json"))
	return h, err == nil && hash(h.Config) == h.Manifest.Files["config.json"]
}

// CheckpointStep returns the step from which the run of a name would go on, 0
// where it would start over. It takes no lock: the run may be under way.
func (s *Store) CheckpointStep(name string) (int, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, "partial", name, "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	_, state, err := readCheckpoint(data)
	if err != nil {
		return 0, nil // as Begin: it counts as none
	}
	return state.Steps, nil
}
