// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Place is where a record lies in a store: runs/NAME or, where Replica is set,
// replicas/NAME/REPLICA.
type Place struct {
	Name string
	// Replica is the hash of the fingerprint under which a second result of the run
	// was kept; see [Manifest.Fingerprint].
	Replica string
}

// String is the record's name, for a replica with its fingerprint: NAME/REPLICA.
func (p Place) String() string { return path.Join(p.Name, p.Replica) }

// path is the place's folder below the store's.
func (p Place) path() string {
	if p.Replica == "" {
		return path.Join("runs", p.Name)
	}
	return path.Join("replicas", p.Name, p.Replica)
}

// check refuses a place whose name or replica is no folder of its own: "" or ".."
// must not be read, let alone set aside.
func (p Place) check() error {
	for _, part := range []string{p.Name, p.Replica} {
		if part == "" && p.Name != "" {
			continue
		}
		if part == "" || part == "." || part == ".." || part != filepath.Base(part) {
			return fmt.Errorf("store: %q is no run's name", part)
		}
	}
	return nil
}

// Replicas lists where the replicas of a run lie, in order.
func (s *Store) Replicas(name string) ([]Place, error) {
	return replicasOf(os.DirFS(s.dir), name)
}

func replicasOf(store fs.FS, name string) ([]Place, error) {
	names, err := folders(store, path.Join("replicas", name))
	if err != nil {
		return nil, fmt.Errorf("store: the replicas of %s: %w", name, err)
	}
	var all []Place
	for _, replica := range names {
		all = append(all, Place{name, replica})
	}
	return all, nil
}

// Repeated are the sound replicas of a run, in the store and in those that it reuses;
// [Verify] tells of what is damaged.
func (s *Store) Repeated(name string) ([]*Record, error) {
	var all []*Record
	seen := map[string]bool{}
	for _, from := range s.sources() {
		if !from.lends(name) {
			continue
		}
		places, err := replicasOf(os.DirFS(from.dir), name)
		if err != nil {
			return nil, err
		}
		for _, at := range places {
			if seen[at.Replica] {
				continue
			}
			record, err := verify(os.DirFS(from.dir), at)
			var damaged *DamagedError
			if err != nil && !errors.As(err, &damaged) {
				return nil, err
			}
			if err == nil && record != nil {
				seen[at.Replica] = true
				all = append(all, record)
			}
		}
	}
	return all, nil
}

// folders are the names of the folders in one, none where it is not there.
func folders(store fs.FS, dir string) (names []string, err error) {
	entries, err := fs.ReadDir(store, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if e.IsDir() { // a store has no files here and never reads one
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Places lists where records and replicas lie, the records first, each in order.
func (s *Store) Places() ([]Place, error) { return places(os.DirFS(s.dir)) }

func places(store fs.FS) ([]Place, error) {
	names, err := folders(store, "runs")
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	var all []Place
	for _, name := range names {
		all = append(all, Place{Name: name})
	}
	if names, err = folders(store, "replicas"); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	for _, name := range names {
		replicas, err := replicasOf(store, name)
		if err != nil {
			return nil, err
		}
		all = append(all, replicas...)
	}
	return all, nil
}

// Check reads what lies at a place, and looks for all faults that show without its
// parent; see [Verify]. It returns a *DamagedError, and nil where there is nothing.
func (s *Store) Check(at Place) (*Record, error) { return verify(os.DirFS(s.dir), at) }

// Copy copies what lies at a place of another store, byte by byte, to a place of this
// one. Bytes that do not match their checksums are not copied. Where a sound record
// is there already, it stays, and the one in the way is the caller's to compare.
func (s *Store) Copy(from *Store, at, to Place) error {
	dir := filepath.Join(from.dir, filepath.FromSlash(at.path()))
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return fmt.Errorf("store: record %s: %w", at, err)
	}
	record, err := from.Check(at)
	if err != nil {
		return err
	}
	if record == nil {
		return fmt.Errorf("store: record %s is not in %s any more", at, from.dir)
	}
	files := map[string][]byte{"manifest.json": manifest}
	for name, sum := range record.Manifest.Files {
		data, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
		if err != nil {
			return fmt.Errorf("store: record %s: %w", at, err)
		}
		if hash(data) != sum {
			return &DamagedError{at.String(), name + " does not match its checksum"}
		}
		files[filepath.Base(name)] = data
	}
	if again, err := os.ReadFile(filepath.Join(dir, "manifest.json")); err != nil || !bytes.Equal(again, manifest) {
		return fmt.Errorf("store: record %s of %s changed while it was copied; try again", at, from.dir)
	}
	return s.place(to, files)
}
