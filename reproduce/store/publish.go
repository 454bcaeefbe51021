// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/train"
)

// PublishedRows is the most rows that the history of a published record has.
const PublishedRows = 100

// Publish copies a record from s, and its replicas, into another store that is kept
// under version control: all metrics and at most PublishedRows rows of the history,
// spaced logarithmically, and the weights if so asked. A record that is there already
// stays as it is.
func (s *Store) Publish(to *Store, name string, weights bool) error {
	r, err := s.Get(name)
	if err != nil {
		return err
	}
	if r == nil {
		return fmt.Errorf("store: there is no record %s to publish", name)
	}
	if err := to.publish(Place{Name: name}, r, weights); err != nil {
		return err
	}
	replicas, err := s.Replicas(name)
	if err != nil {
		return err
	}
	for _, at := range replicas {
		r, err := s.Check(at)
		if err != nil {
			return err
		}
		if err := to.publish(at, r, weights); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) publish(at Place, r *Record, weights bool) error {
	var c struct {
		Train train.Settings `json:"train"`
	}
	if err := json.Unmarshal(r.Config, &c); err != nil {
		return fmt.Errorf("store: record %s: %w", at, err)
	}
	r.History.Rows = Thinned(r.History.Rows)
	if !weights {
		r.Weights = nil
	}
	_, err := s.put(at, r.Config, *r, c.Train.WithDefaults().DType)
	return err
}

// Thinned are the rows of a history that are published: the first, the last, and rows
// whose steps are spaced logarithmically between, at most PublishedRows; of a published
// history all. Where rows have probes, they are such rows and, of those before the first
// of them, a few.
func Thinned(rows []train.Row) []train.Row {
	const n = PublishedRows
	if len(rows) <= n {
		return rows
	}
	var early, probed []train.Row
	for _, r := range rows {
		switch {
		case r.Probes != nil:
			probed = append(probed, r)
		case len(probed) == 0 || len(probed) == 1 && probed[0].Step == 0:
			early = append(early, r)
		}
	}
	if len(probed) < 2 {
		return spaced(rows, n)
	}
	early = spaced(early, n/10)
	kept := append(early, spaced(probed, n-len(early))...)
	slices.SortFunc(kept, func(a, b train.Row) int { return a.Step - b.Step })
	return kept
}

// spaced keeps the first row, the last, and rows that are spaced logarithmically
// between, at most n; of these the nearest gives way to a row at a round step, where
// tables read a course.
func spaced(rows []train.Row, n int) []train.Row {
	if len(rows) <= n {
		return rows
	}
	var kept []int
	at := 0
	for i := range n {
		kept = append(kept, at)
		// At least one on, so that the dense start does not repeat rows.
		at = max(at+1, int(math.Pow(float64(len(rows)), float64(i+1)/float64(n-1)))-1)
		if i == n-2 || at >= len(rows) {
			at = len(rows) - 1
		}
	}
	for i, r := range rows {
		if !round(r.Step) {
			continue
		}
		k, there := slices.BinarySearch(kept, i)
		if there || k == len(kept) {
			continue
		}
		if k > 0 && i-kept[k-1] < kept[k]-i {
			k--
		}
		if k > 0 && k < len(kept)-1 && !round(rows[kept[k]].Step) {
			kept[k] = i
		}
	}
	thin := make([]train.Row, len(kept))
	for k, i := range kept {
		thin[k] = rows[i]
	}
	return thin
}

// round reports whether a step is 1, 2 or 5 times a power of ten.
func round(step int) bool {
	for step > 0 && step%10 == 0 {
		step /= 10
	}
	return step == 1 || step == 2 || step == 5
}
