// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strings"
	"time"
)

// minID is the least number of characters of a shortened id.
const minID = 8

// FindRuns returns the runs that ids name among those of experiments, in the order of
// training, each once. An id is a run's name or, of at least 8 characters, the beginning
// of a name or of the hash that it ends with, if no other run's begins with it.
func FindRuns(experiments []Experiment, p Preset, ids []string) ([]*Run, error) {
	runs, err := Runs(experiments, p)
	if err != nil {
		return nil, err
	}
	chosen := map[*Run]bool{}
	for _, id := range ids {
		if len(id) < minID {
			return nil, fmt.Errorf("the id %q is too short; expected a run's name or at least %d characters of it (reproduce list --ids --preset %s)", id, minID, p.Name)
		}
		var found []*Run
		for _, r := range runs {
			name := r.Name()
			if name == id {
				found = []*Run{r}
				break
			}
			if strings.HasPrefix(name, id) || strings.HasPrefix(name[strings.LastIndex(name, "-")+1:], id) {
				found = append(found, r)
			}
		}
		switch len(found) {
		case 0:
			return nil, fmt.Errorf("no run has the id %q; reproduce list --ids --preset %s lists them", id, p.Name)
		case 1:
			chosen[found[0]] = true
		default:
			return nil, fmt.Errorf("the id %q fits %d runs, such as %s and %s; give more of it", id, len(found), found[0].Name(), found[1].Name())
		}
	}
	var found []*Run
	for _, r := range runs {
		if chosen[r] {
			found = append(found, r)
		}
	}
	return found, nil
}

// Chosen is an experiment of runs, to hand to [Session.All] or [NewPlan] so that they
// take no others but these and what these start from.
func Chosen(runs []*Run) []Experiment {
	return []Experiment{{ID: "chosen", runs: func(Preset) ([]*Run, error) { return runs, nil }}}
}

// Lacking returns those of runs that are not in the store, and those that they start
// from and that are not there either.
func (s *Session) Lacking(runs []*Run) ([]*Run, error) {
	var lacking []*Run
	seen := map[string]bool{}
	var add func(r *Run) error
	add = func(r *Run) error {
		if r == nil || seen[r.Name()] {
			return nil
		}
		seen[r.Name()] = true
		record, err := s.Find(r)
		if err != nil || record != nil {
			return err
		}
		if err := add(r.Parent); err != nil {
			return err
		}
		lacking = append(lacking, r)
		return nil
	}
	for _, r := range runs {
		if err := add(r); err != nil {
			return nil, err
		}
	}
	return lacking, nil
}

// Estimate is the time that a run is expected to take on 2 cores with XLA, by the
// numbers of data/budget.csv: the same on every machine.
func Estimate(r *Run) (time.Duration, error) {
	millis, err := stepMillis(r)
	if err != nil {
		return 0, err
	}
	return toDuration(float64(expectedSteps(r))*millis/1000 + overheadSeconds(r)), nil
}
