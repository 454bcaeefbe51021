// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os"
	"path/filepath"
	"slices"

	"pinn.example/repro/reproduce/store"
)

// publishWeightsBelow is how many numbers the weights may have that are published: those
// of what another run starts from, so that later sittings go on from it, and of what the
// report evaluates once more. A Phase 1 has 28,151. A repository keeps them for ever.
const publishWeightsBelow = 30_000

// drawnRuns names the runs of a preset whose networks the report evaluates: figures
// draw them, and those of boundary are held against other solutions than the exact one.
func drawnRuns(p Preset) (map[string]bool, error) {
	runs, err := Runs([]Experiment{figure2(), figure7(), boundary(), hyperFigure1(), hyperFigure2(), beyondFig2()}, p)
	names := map[string]bool{}
	for _, r := range runs {
		names[r.Name()] = true
	}
	return names, err
}

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
	// Whatever is published now: a record that is there keeps the weights it has.
	drawn, err := drawnRuns(p)
	if err != nil {
		return 0, 0, err
	}
	all, err := Runs(Experiments(), p)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range slices.Concat(all, runs) {
		if r.Parent != nil {
			drawn[r.Parent.Name()] = true
		}
	}
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
		if err := s.Store.Publish(to, r.Name(), drawn[r.Name()] && numbers < publishWeightsBelow); err != nil {
			return published, missing, err
		}
		published++
	}
	return published, missing, nil
}
