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
//	failed, err := s.All(ctx, experiments, preset)
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
)

// All trains what experiments lack. A run that fails is reported and the rest
// goes on; err is for what stops everything: an interrupt, or no backend.
func (s *Session) All(ctx context.Context, experiments []Experiment, p Preset) (failed []error, err error) {
	runs, err := Runs(experiments, p)
	if err != nil {
		return nil, err
	}
	bad := map[string]bool{}
	for i, r := range runs {
		if r.Parent != nil && bad[r.Parent.Name()] {
			bad[r.Name()] = true
			failed = append(failed, fmt.Errorf("%s: not run, since what it starts from failed", r.Label))
			continue
		}
		s.Position, s.Total = i+1, len(runs)
		if _, err := s.Do(ctx, r); err != nil {
			var backend *BackendError
			if Interrupted(err) || errors.As(err, &backend) {
				return failed, err
			}
			bad[r.Name()] = true
			failed = append(failed, err)
			s.log("failed: %v", err)
		}
	}
	return failed, nil
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
