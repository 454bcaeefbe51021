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
//	replicas/NAME/FINGERPRINT/  the same of the run on another platform (see Copy)
//	partial/NAME/checkpoint     an unfinished run, and the lock of its process
//	damaged/NAME…               a record whose files did not match, and why
//	logs/NAME.log               what was said of a run that failed
//	cache/KEY                   fields and reference solutions, to be computed once
//	tmp/                        what is being written
//
// Folders appear under runs/ and replicas/ whole or not at all.
//
// Several processes, on several machines with one network file system, may write to a
// store. That is safe by renaming alone: what is written has a name that nobody else
// has, and appears by one rename of the file system, which is atomic there too; of two
// processes that train one run the later finds the record and keeps it, and both have
// the same bits, or differ as two platforms do. What is left under tmp/ is removed when
// it is a day old by the clock of the file system; no two machines' clocks are
// compared.
//
// The lock of a run saves the work of training it twice, and no more. It is a lock of
// the operating system on an open file (flock): it ends with its process, however that
// ends, and no file that is left says that a run is taken. On NFS the server holds it
// for the client; that of a machine that died is let go when its lease ends, by NFSv4
// after 90 seconds unless set otherwise. By NFSv3 it may stay until the machine is back,
// and a process that was stopped keeps it anywhere: whoever sees no [Store.Sign] of
// life for long enough goes on beside it ([Store.BeginBeside]). A file system without
// such locks, or one whose locks other machines don't see, makes two machines train the
// same, not fail.
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
	"slices"
)

// Version of the layout. A store of a newer version is refused.
const Version = 1

// Store is a folder of records.
type Store struct {
	dir   string
	reuse []source
}

// source is a further store, which is only read.
type source struct {
	dir  string
	only map[string]bool // records that it lends; nil is all
}

func (o source) lends(name string) bool { return o.only == nil || o.only[name] }

// sources are the store itself and those that it reuses.
func (s *Store) sources() []source { return append([]source{{dir: s.dir}}, s.reuse...) }

// Open opens the store in a folder, which it makes where there is none. It
// fails, without changing anything, where the folder can't be written or belongs
// to a newer version of the program. Records that it lacks are looked for in the stores reuse,
// which are only read, such as the published results.
func Open(dir string, reuse ...string) (*Store, error) {
	s := &Store{dir: dir}
	for _, other := range reuse {
		if err := s.borrow(source{dir: other}); err != nil {
			return nil, err
		}
	}
	version, err := layout(dir)
	if err != nil {
		return nil, err
	}
	if err := prepare(dir, version == 0); err != nil {
		return nil, fmt.Errorf("store: the folder %s can't be written: %w; choose another", dir, reason(err))
	}
	s.clean()
	return s, nil
}

// Reuse lets the store look for records that it lacks in one more store too, which is
// only read, but for none except the named ones.
func (s *Store) Reuse(dir string, names ...string) error {
	only := map[string]bool{}
	for _, name := range names {
		only[name] = true
	}
	return s.borrow(source{dir, only})
}

func (s *Store) borrow(from source) error {
	if info, err := os.Stat(filepath.Join(from.dir, "runs")); err != nil || !info.IsDir() {
		return fmt.Errorf("store: %s is no run store (it has no folder runs)", from.dir)
	}
	if _, err := layout(from.dir); err != nil {
		return err
	}
	s.reuse = append(s.reuse, from)
	return nil
}

// head is the content of store.json.
type head struct {
	Version int `json:"version"`
}

// layout reads the version of a store's layout, 0 where there is no store.json.
func layout(dir string) (int, error) { return layoutOf(os.DirFS(dir), dir) }

// layoutOf is the same in any file system; its errors call the store dir.
func layoutOf(store fs.FS, dir string) (int, error) {
	file := filepath.Join(dir, "store.json")
	data, err := fs.ReadFile(store, "store.json")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("store: %s can't be read: %w; choose another folder", file, reason(err))
	}
	var h head
	if err := json.Unmarshal(data, &h); err != nil || h.Version < 1 {
		return 0, fmt.Errorf("store: %s is not readable as a store's head; move the folder away or restore the file", file)
	}
	if h.Version > Version {
		return 0, fmt.Errorf("store: %s was made by a newer version (layout %d, this program knows up to %d); use that version, or another folder", dir, h.Version, Version)
	}
	return h.Version, nil
}

// prepare makes a store's folders and tries to write to them; where that fails
// it takes away again what it made.
func prepare(dir string, fresh bool) (err error) {
	var made []string
	defer func() {
		if err != nil {
			for _, d := range slices.Backward(made) {
				os.Remove(d)
			}
		}
	}()
	for _, sub := range []string{"runs", "partial", "tmp"} {
		sub = filepath.Join(dir, sub)
		made = append(made, missing(sub)...)
		if err := os.MkdirAll(sub, 0o755); err != nil {
			return err
		}
	}
	probe, err := os.CreateTemp(filepath.Join(dir, "tmp"), "write-*")
	if err != nil {
		return err
	}
	probe.Close()
	os.Remove(probe.Name())
	if !fresh {
		return nil
	}
	data, err := json.Marshal(head{Version})
	if err != nil {
		return err
	}
	return writeAtomic(filepath.Join(dir, "store.json"), append(data, '\n'))
}

// missing lists the folders on the way to dir that are not there, outermost
// first.
func missing(dir string) []string {
	if _, err := os.Lstat(dir); err == nil || filepath.Dir(dir) == dir {
		return nil
	}
	return append(missing(filepath.Dir(dir)), dir)
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
func writeAtomic(path string, data []byte) error { return replace(path, data, true) }

// replace is the same as long as the machine goes on; with sync also if it stops.
func replace(path string, data []byte, sync bool) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil && sync {
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
	return noRoom(filepath.Dir(path), err)
}
