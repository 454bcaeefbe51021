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
	// Damaged are the records with one, in order.
	Damaged []*DamagedError
	// Checkpoints are those that can't be read: the run would start over.
	Checkpoints []*DamagedError
	// Unchecked says what could not be looked at.
	Unchecked []string
}

// Verify looks for faults in every record of the store in a folder or an
// archive, and changes nothing. Beyond what Get checks of a record, its name must
// be the hash of its configuration, it must hold nothing that its manifest does
// not list, and it must have started from the weights that its parent has in this
// store. dir is what errors call the store; they say that it is none.
func Verify(store fs.FS, dir string) (Findings, error) {
	var f Findings
	if _, err := layoutOf(store, dir); err != nil {
		return f, err
	}
	entries, err := fs.ReadDir(store, "runs")
	if err != nil {
		return f, fmt.Errorf("store: %s is no run store (it has no folder runs)", dir)
	}
	records := map[string]*Record{}
	for _, e := range entries {
		if !e.IsDir() {
			continue // a store has no files here and never reads one
		}
		record, err := verify(store, e.Name())
		var damaged *DamagedError
		switch {
		case errors.As(err, &damaged):
			f.Damaged = append(f.Damaged, damaged)
		case err != nil:
			return f, err
		case record != nil: // nil: set aside by another process just now
			record.Weights = nil // large, and done with
			records[e.Name()] = record
		}
	}
	for _, e := range entries {
		record := records[e.Name()]
		if record == nil {
			continue
		}
		why, unchecked := verifyParent(record, records)
		switch {
		case why != "":
			f.Damaged = append(f.Damaged, &DamagedError{e.Name(), why})
			continue
		case unchecked != "":
			f.Unchecked = append(f.Unchecked, e.Name()+": "+unchecked)
		}
		f.Sound = append(f.Sound, e.Name())
	}
	return f, f.verifyCheckpoints(store)
}

// verify reads a record and checks what needs nothing but itself.
func verify(store fs.FS, name string) (*Record, error) {
	record, err := read(store, name)
	if err != nil || record == nil {
		return nil, err
	}
	damaged := func(format string, args ...any) (*Record, error) {
		return nil, &DamagedError{name, fmt.Sprintf(format, args...)}
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
		data, err := fs.ReadFile(store, path.Join("runs", name, "manifest.json"))
		if err != nil {
			return nil, fmt.Errorf("store: record %s: %w", name, err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(new(Manifest)); err != nil {
			return damaged("manifest.json: %v", err)
		}
	}
	files, err := fs.ReadDir(store, path.Join("runs", name))
	if err != nil {
		return nil, fmt.Errorf("store: record %s: %w", name, err)
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
// are there.
func verifyParent(record *Record, records map[string]*Record) (why, unchecked string) {
	var c Config
	if err := json.Unmarshal(record.Config, &c); err != nil {
		return "config.json: " + err.Error(), ""
	}
	sum := record.Manifest.ParentWeights
	switch parent := records[c.Parent]; {
	case c.Parent == "" && sum == "":
		return "", ""
	case c.Parent == "":
		return "its manifest names weights that it started from, and its configuration does not", ""
	case sum == "":
		return "its manifest doesn't say which weights of " + c.Parent + " it started from", ""
	case parent == nil:
		return "", "the run that it starts from, " + c.Parent + ", has no sound record here"
	case parent.WeightsSHA256() == "":
		return "", "the weights of the run that it starts from, " + c.Parent + ", are not here"
	case parent.WeightsSHA256() != sum:
		return "it started from other weights of " + c.Parent + " than those that are here", ""
	}
	return "", ""
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
		if err := s.setAside(d.Name, d.Reason); err != nil {
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
