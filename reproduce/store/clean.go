// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// abandonedAfter is the age at which something that is being written has no owner any
// more. Writing a record takes seconds; a lock or the owner's process number would say
// so sooner, but not to another machine on the same network file system. The age is by
// the clock of the file system, whatever those of the machines say.
const abandonedAfter = 24 * time.Hour

// clean removes what killed processes left in the store: half-written records and
// checkpoints, and checkpoints of runs that are finished. It is no failure where
// that can't be done: another process may be at the same.
func (s *Store) clean() {
	s.cleanTmp()
	s.cleanPartial()
	s.cleanHalf()
}

func (s *Store) cleanTmp() {
	tmp := filepath.Join(s.dir, "tmp")
	entries, err := os.ReadDir(tmp)
	if err != nil || len(entries) == 0 {
		return
	}
	now, ok := fileTime(tmp)
	if !ok {
		return
	}
	for _, e := range entries {
		path := filepath.Join(tmp, e.Name())
		if newest, ok := newest(path); !ok || now.Sub(newest) < abandonedAfter {
			continue
		}
		// First under a name of our own: should its owner have slept and now move it
		// to its place, then one of both moves fails, and no record loses files.
		grave, err := os.MkdirTemp(tmp, "gone-*")
		if err != nil {
			return
		}
		_ = os.Rename(path, filepath.Join(grave, "it"))
		os.RemoveAll(grave)
	}
}

// cleanHalf removes checkpoints that were being written when their process was
// killed. That a run's lock is free does not say so: not every file system has locks
// that other machines see.
func (s *Store) cleanHalf() {
	left, err := filepath.Glob(filepath.Join(s.dir, "partial", "*", ".new-*"))
	if err != nil || len(left) == 0 {
		return
	}
	now, ok := fileTime(filepath.Join(s.dir, "tmp"))
	if !ok {
		return
	}
	for _, file := range left {
		if written, ok := newest(file); ok && now.Sub(written) >= abandonedAfter {
			os.Remove(file)
		}
	}
}

// fileTime is the time by the clock of the file system, which on a network is
// not this machine's.
func fileTime(dir string) (time.Time, bool) {
	f, err := os.CreateTemp(dir, "now-*")
	if err != nil {
		return time.Time{}, false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return time.Time{}, false
	}
	return info.ModTime(), true
}

// newest is when anything at or below path was last changed.
func newest(path string) (t time.Time, ok bool) {
	err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.ModTime().After(t) {
			t = info.ModTime()
		}
		return err
	})
	return t, err == nil
}

// cleanPartial removes checkpoints whose run has its record: the process was
// killed between writing the one and removing the other.
func (s *Store) cleanPartial() {
	entries, err := os.ReadDir(filepath.Join(s.dir, "partial"))
	if err != nil {
		return
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(s.runDir(e.Name()), "manifest.json")); err != nil {
			continue
		}
		// A record that turns out damaged is worth its checkpoint.
		if record, err := s.Read(e.Name()); err != nil || record == nil {
			continue
		}
		if p, err := s.begin(e.Name()); err == nil {
			_ = p.Done()
		}
	}
}
