// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os"
	"path/filepath"
	"slices"

	"pinn.example/repro/reproduce/store"
)

// publishWeightsBelow is the most numbers that a published record's weights may
// have: those of a Phase 1 (28,151) are published, so that later sittings start
// from it.
const publishWeightsBelow = 30_000

// Publish copies the finished records of experiments into another store, and
// says how many there were and how many are not trained yet. It leaves no empty
// folders for unfinished runs there.
func (s *Session) Publish(to *store.Store, experiments []Experiment, p Preset) (published, missing int, err error) {
	runs, err := Runs(experiments, p)
	if err != nil {
		return 0, 0, err
	}
	// What is published is only read, and needs no place for what is being written;
	// a folder that is not empty stays.
	defer func() {
		for _, sub := range []string{"tmp", "partial"} {
			os.Remove(filepath.Join(to.Dir(), sub))
		}
	}()
	there, err := to.Names()
	if err != nil {
		return 0, 0, err
	}
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return published, missing, err
		}
		switch {
		case record == nil && !slices.Contains(there, r.Name()):
			missing++
			continue
		case record == nil:
			published++
			continue
		}
		numbers := 0
		for _, w := range record.Weights {
			numbers += w.Size()
		}
		if err := s.Store.Publish(to, r.Name(), numbers < publishWeightsBelow); err != nil {
			return published, missing, err
		}
		published++
	}
	return published, missing, nil
}
