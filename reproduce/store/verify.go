// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Findings is what [Verify] found in a store.
type Findings struct {
	// Sound are the names of the records without fault, in order.
	Sound []string
	// Replicas are the replicas without fault, in order.
	Replicas []Place
	// Damaged are the records and replicas with one, in order.
	Damaged []*DamagedError
	// Checkpoints are those that can't be read: the run would start over.
	Checkpoints []*DamagedError
	// Unchecked says what could not be looked at.
	Unchecked []string
}

// Verify looks for faults in every record and replica of the store in a folder or an
// archive, and changes nothing. Beyond what Get checks of a record, its name must
// be the hash of its configuration, it must hold nothing that its manifest does
// not list, and it must have started from weights that its parent, or a replica of
// it, has in this store. dir is what errors call the store; they say that it is none.
func Verify(store fs.FS, dir string) (Findings, error) {
	var f Findings
	if _, err := layoutOf(store, dir); err != nil {
		return f, err
	}
	if _, err := fs.ReadDir(store, "runs"); err != nil {
		return f, fmt.Errorf("store: %s is no run store (it has no folder runs)", dir)
	}
	all, err := places(store)
	if err != nil {
		return f, err
	}
	records := map[Place]*Record{}
	copies := map[string][]*Record{} // of a name
	for _, at := range all {
		record, err := verify(store, at)
		var damaged *DamagedError
		switch {
		case errors.As(err, &damaged):
			f.Damaged = append(f.Damaged, damaged)
		case err != nil:
			return f, err
		case record != nil: // nil: set aside by another process just now
			record.Weights = nil // large, and done with
			records[at] = record
			copies[at.Name] = append(copies[at.Name], record)
		}
	}
	for _, at := range all {
		record := records[at]
		if record == nil {
			continue
		}
		why, unchecked := verifyParent(record, copies)
		switch {
		case why != "":
			f.Damaged = append(f.Damaged, &DamagedError{at.String(), why})
			continue
		case unchecked != "":
			f.Unchecked = append(f.Unchecked, at.String()+": "+unchecked)
		}
		if at.Replica != "" {
			f.Replicas = append(f.Replicas, at)
		} else {
			f.Sound = append(f.Sound, at.Name)
		}
	}
	return f, f.verifyCheckpoints(store)
}

// verify reads a record and checks what needs nothing but itself.
func verify(store fs.FS, at Place) (*Record, error) {
	record, err := readAt(store, at)
	if err != nil || record == nil {
		return nil, err
	}
	name := at.Name
	damaged := func(format string, args ...any) (*Record, error) {
		return nil, &DamagedError{at.String(), fmt.Sprintf(format, args...)}
	}
	var c Config
	if err := json.Unmarshal(record.Config, &c); err != nil {
		return damaged("config.json: %v", err)
	}
	if nameOf(c.Method, bytes.TrimSuffix(record.Config, []byte("\n"))) != name {
		return damaged("config.json is not what the name was made from")
	}
	if record.Manifest.Self == "" {
		// Old records have no checksum of the manifest; in a new one its name may
		// have been hit, and then it is a field that nobody knows.
		data, err := fs.ReadFile(store, path.Join(at.path(), "manifest.json"))
		if err != nil {
			return nil, fmt.Errorf("store: record %s: %w", at, err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(new(Manifest)); err != nil {
			return damaged("manifest.json: %v", err)
		}
	}
	files, err := fs.ReadDir(store, at.path())
	if err != nil {
		return nil, fmt.Errorf("store: record %s: %w", at, err)
	}
	for _, file := range files {
		// Files of the system's own begin with a point.
		if n := file.Name(); n != "manifest.json" && record.Manifest.Files[n] == "" && !strings.HasPrefix(n, ".") {
			return damaged("it holds %s, which its manifest doesn't list", n)
		}
	}
	return record, nil
}

// verifyParent compares the weights that a record started from with those that
// are there, of its parent and of its parent's replicas.
func verifyParent(record *Record, copies map[string][]*Record) (why, unchecked string) {
	var c Config
	if err := json.Unmarshal(record.Config, &c); err != nil {
		return "config.json: " + err.Error(), ""
	}
	sum := record.Manifest.ParentWeights
	switch {
	case c.Parent == "" && sum == "":
		return "", ""
	case c.Parent == "":
		return "its manifest names weights that it started from, and its configuration does not", ""
	case sum == "":
		return "its manifest doesn't say which weights of " + c.Parent + " it started from", ""
	case len(copies[c.Parent]) == 0:
		return "", "the run that it starts from, " + c.Parent + ", has no sound record here"
	}
	without := false
	for _, parent := range copies[c.Parent] {
		if parent.WeightsSHA256() == sum {
			return "", ""
		}
		without = without || parent.WeightsSHA256() == ""
	}
	if without {
		return "", "the weights of the run that it starts from, " + c.Parent + ", are not here"
	}
	return "it started from other weights of " + c.Parent + " than those that are here", ""
}

func (f *Findings) verifyCheckpoints(store fs.FS) error {
	entries, err := fs.ReadDir(store, "partial")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	for _, e := range entries {
		data, err := fs.ReadFile(store, path.Join("partial", e.Name(), "checkpoint"))
		if errors.Is(err, fs.ErrNotExist) {
			continue // begun, or just finished
		}
		if err != nil {
			return fmt.Errorf("store: the checkpoint of %s: %w", e.Name(), err)
		}
		if _, _, err := readCheckpoint(data); err != nil {
			f.Checkpoints = append(f.Checkpoints, &DamagedError{e.Name(), "its checkpoint: " + err.Error()})
		}
	}
	return nil
}

// SetAside moves what was found damaged to damaged/, with the reason beside it,
// so that it is trained again when it is next asked for.
func (s *Store) SetAside(f Findings) error {
	for _, d := range f.Damaged {
		name, replica, _ := strings.Cut(d.Name, "/")
		if err := s.setAside(Place{name, replica}, d.Reason); err != nil {
			return err
		}
	}
	for _, d := range f.Checkpoints {
		p, err := s.begin(d.Name)
		if errors.Is(err, ErrBusy) {
			continue // its process will write another over it
		}
		if err != nil {
			return err
		}
		err = s.moveAside(filepath.Join(p.dir, "checkpoint"), d.Name+".checkpoint", d.Reason)
		if cerr := p.Done(); err == nil {
			err = cerr
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
