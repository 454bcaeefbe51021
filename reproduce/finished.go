// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// finishedRun is a run that has a record, and what was measured of it at one
// parameter setting.
type finishedRun struct {
	*Run
	record *store.Record
	ev     pinn.Evaluation
	// begun is the loss, without the orthogonality term, that the training of the run, or
	// of what it starts from, began with; NaN where that is not known.
	begun float64
}

// finished are those of runs that have a record, as they are at mu; nil is the
// setting that each of them is trained on, the first of several.
func (s *Session) finished(runs []*Run, mu []float64) ([]finishedRun, error) {
	var all []finishedRun
	for _, r := range runs {
		f, ok, err := s.finishedRun(r, mu)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, f)
		}
	}
	return all, nil
}

// finishedRun is the same of one run, false where it has no record.
func (s *Session) finishedRun(r *Run, mu []float64) (finishedRun, bool, error) {
	record, err := s.Find(r)
	if err != nil || record == nil {
		return finishedRun{}, false, err
	}
	if mu == nil {
		mu = r.Config.Mus[0]
	}
	ev, err := evaluationAt(record, mu)
	if err != nil {
		return finishedRun{}, false, err
	}
	begun, err := s.begun(r)
	return finishedRun{r, record, ev, begun}, err == nil, err
}

// begun is the first loss of what a run goes back to.
func (s *Session) begun(r *Run) (float64, error) {
	for r.Parent != nil {
		r = r.Parent
	}
	first, err := s.Find(r)
	if err != nil || first == nil {
		return math.NaN(), err
	}
	for _, row := range first.History.Rows {
		if row.Terms != nil {
			return physicsOf(first.History.Terms, row), nil
		}
	}
	return math.NaN(), nil
}

// evaluations are those of all of runs at mu, nil where one has no record.
func (s *Session) evaluations(mu []float64, runs ...*Run) ([]pinn.Evaluation, error) {
	all, err := s.finished(runs, mu)
	if err != nil || len(all) < len(runs) {
		return nil, err
	}
	evs := make([]pinn.Evaluation, len(all))
	for i, f := range all {
		evs[i] = f.ev
	}
	return evs, nil
}

func evaluationAt(record *store.Record, mu []float64) (pinn.Evaluation, error) {
	for _, ev := range record.Metrics.Evaluations {
		if slices.Equal(ev.Mu, mu) {
			return ev, nil
		}
	}
	return pinn.Evaluation{}, fmt.Errorf("reproduce: record %s was not evaluated at %v", record.Name, mu)
}

// count is how many of all are so.
func count[T any](all []T, is func(T) bool) int {
	n := 0
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}
