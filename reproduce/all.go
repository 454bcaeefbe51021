// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package reproduce regenerates the tables and figures of the papers and says of
// each published number whether it holds.
//
// It has three layers, and the later ones never train: a [Session] runs what is
// missing in the store, evaluation puts errors into each record, and rendering
// makes [report.Report] out of records. An [Experiment] is one table or figure,
// one file; a [Preset] scales all of them; [Judge] holds the rules of the
// verdicts.
//
//	s := &reproduce.Session{Store: runs}
//	failed, err := s.All(ctx, nil, experiments, preset)
//	r, err := s.Report(ctx, experiments, preset, reproduce.Provenance{})
//	err = report.Write("out/quick", r)
package reproduce

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// All trains what experiments lack, on a pool of workers; a nil pool trains in
// this process. A run that fails is reported and the rest goes on; err is for
// what stops everything: an interrupt, or no backend.
func (s *Session) All(ctx context.Context, pool *Pool, experiments []Experiment, p Preset) (failed []error, err error) {
	runs, err := Runs(experiments, p)
	if err != nil {
		return nil, err
	}
	if err := s.findAll(runs); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(runs, func(r *Run) bool { return s.records[r.Name()] != nil })
	if pool == nil {
		pool = &Pool{Wide: s}
	}
	found := s.Found
	failed, err = pool.Run(ctx, missing)
	// What other processes trained is in the store by now.
	for _, r := range missing {
		if record, ferr := s.Find(r); ferr != nil && err == nil {
			err = ferr
		} else if record != nil && s.Found > found {
			s.Found = found
			s.Trained++
		}
	}
	return failed, err
}

// CheckWritable returns an error where a folder can't be made or written, and
// leaves nothing behind that was not there.
func CheckWritable(dir string) error {
	var made []string // innermost first
	for d := filepath.Clean(dir); filepath.Dir(d) != d; d = filepath.Dir(d) {
		if _, err := os.Lstat(d); err == nil {
			break
		}
		made = append(made, d)
	}
	defer func() {
		for _, d := range made {
			os.Remove(d)
		}
	}()
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".write-*"); err == nil {
			f.Close()
			return os.Remove(f.Name())
		}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err // the message names the path
	}
	return fmt.Errorf("the results folder %s can't be written: %w; choose another", dir, err)
}
