// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package store keeps the records of training runs in a folder, so that what is
// trained once is never trained again and a killed run loses at most the steps
// since its last checkpoint.
//
// A run is a value: its name is the hash of everything that decides its outcome
// ([Config]). The store maps the name to a folder:
//
//	store.json                  the version of this layout
//	runs/NAME/config.json       what the name was made from
//	runs/NAME/history.csv       loss and probes over the steps
//	runs/NAME/metrics.json      errors, residuals, counts
//	runs/NAME/weights.npz       the trained weights (NumPy reads it)
//	runs/NAME/manifest.json     checksums of the files, machine, times
//	partial/NAME/checkpoint     an unfinished run
//	damaged/NAME…               a record whose files did not match, and why
//
// Folders appear under runs/ whole or not at all.
//
//	s, err := store.Open("runs")
//	record, err := s.Get(config.Name())   // nil where there is none
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Version of the layout. A store of a newer version is refused.
const Version = 1

// Store is a folder of records.
type Store struct {
	dir   string
	reuse []string // folders of further stores, only read
}

// Open opens the store in a folder, which it makes where there is none. It
// fails, without changing anything, where the folder can't be written or belongs
// to a newer version. Records that it lacks are looked for in the stores reuse,
// which are only read, such as the published results.
func Open(dir string, reuse ...string) (*Store, error) {
	for _, other := range reuse {
		if info, err := os.Stat(filepath.Join(other, "runs")); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("store: %s is no run store (it has no folder runs)", other)
		}
	}
	file := filepath.Join(dir, "store.json")
	var head struct {
		Version int `json:"version"`
	}
	switch data, err := os.ReadFile(file); {
	case err == nil:
		if err := json.Unmarshal(data, &head); err != nil || head.Version < 1 {
			return nil, fmt.Errorf("store: %s is not readable as a store's head; move the folder away or restore the file", file)
		}
		if head.Version > Version {
			return nil, fmt.Errorf("store: %s was made by a newer version (layout %d, this program knows up to %d); use that version, or another folder", dir, head.Version, Version)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("store: %w", err)
	}
	for _, sub := range []string{"runs", "partial", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, fmt.Errorf("store: the folder %s can't be written: %w", dir, reason(err))
		}
	}
	probe, err := os.CreateTemp(filepath.Join(dir, "tmp"), "write-*")
	if err != nil {
		return nil, fmt.Errorf("store: the folder %s can't be written: %w", dir, reason(err))
	}
	probe.Close()
	os.Remove(probe.Name())
	if head.Version == 0 {
		if err := writeAtomic(file, []byte(fmt.Sprintf("{\"version\": %d}\n", Version))); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return &Store{dir: dir, reuse: reuse}, nil
}

// Dir is the store's folder.
func (s *Store) Dir() string { return s.dir }

func (s *Store) runDir(name string) string { return recordDir(s.dir, name) }

func recordDir(dir, name string) string { return filepath.Join(dir, "runs", name) }

// Names lists the records that are there, in order.
func (s *Store) Names() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, "runs"))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// reason strips the path from a file error, which the message names already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// writeAtomic writes a file whole or not at all.
func writeAtomic(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
