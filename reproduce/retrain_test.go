// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// retrain trains runs of a store again with a session of its own.
func retrain(t *testing.T, from *store.Store, runs ...*Run) (replicas []Replica, failed []error) {
	t.Helper()
	s := newSession(t, t.TempDir())
	replicas, failed, err := Retrain(t.Context(), &Pool{Wide: s}, from, s.Store, runs)
	if err != nil {
		t.Fatal(err)
	}
	return replicas, failed
}

// Trained again, a run has the bits of its record, also where that was published
// without weights; a record that says anything else is found out.
func TestRetrain(t *testing.T) {
	dir := t.TempDir()
	s := newSession(t, dir)
	_, phase2 := tinyPhases(t, 30)
	child, single := phase2[0], tinyPINN(t, 30)
	for _, r := range []*Run{child, single} {
		do(t, s, r)
	}
	replicas, failed := retrain(t, s.Store, child, single)
	if len(replicas) != 2 || len(failed) > 0 {
		t.Fatalf("replicas are %+v, failed %v", replicas, failed)
	}
	for _, r := range replicas {
		if !r.OK || r.Finding != "the same bits (metrics, history, weights)" {
			t.Errorf("%s: %v, %s", r.Run.Label, r.OK, r.Finding)
		}
	}

	// Published: Phase 1 with its weights, what starts from it without.
	public := newSession(t, t.TempDir()).Store
	for name, weights := range map[string]bool{child.Parent.Name(): true, child.Name(): false} {
		if err := s.Store.Publish(public, name, weights); err != nil {
			t.Fatal(err)
		}
	}
	if replicas, failed = retrain(t, public, child); len(failed) > 0 || !replicas[0].OK || replicas[0].Finding != "the same bits (metrics, history)" {
		t.Errorf("the published record: %+v, failed %v", replicas, failed)
	}

	// Without its parent's weights it can't be trained; another can.
	public = newSession(t, t.TempDir()).Store
	for _, name := range []string{child.Parent.Name(), child.Name(), single.Name()} {
		if err := s.Store.Publish(public, name, false); err != nil {
			t.Fatal(err)
		}
	}
	replicas, failed = retrain(t, public, child, single)
	if len(replicas) != 1 || !replicas[0].OK || len(failed) != 1 || !strings.Contains(failed[0].Error(), child.Label) {
		t.Errorf("without the parent's weights: %+v, failed %v", replicas, failed)
	}

	// A record that claims a smaller error, with every checksum right.
	forged := newSession(t, t.TempDir()).Store
	record, err := s.Find(single)
	if err != nil {
		t.Fatal(err)
	}
	better := *record
	better.Metrics.Evaluations = []pinn.Evaluation{record.Metrics.Evaluations[0]}
	better.Metrics.Evaluations[0].Test.RelL2 *= .99
	if _, err := forged.Put(single.Config, better, "float32"); err != nil {
		t.Fatal(err)
	}
	if replicas, _ = retrain(t, forged, single); replicas[0].OK || replicas[0].Finding != "other bits on the same platform: metrics differ" {
		t.Errorf("the forged record: %+v", replicas[0])
	}
}

// On another platform the errors may differ as far as Judge's margins go: 10 %,
// or 2 standard deviations over 3 seeds, a deviation counting as 15 % at most.
func TestReplicaOnAnotherPlatform(t *testing.T) {
	record := func(seed int64, threads int, relL2 float64) *store.Record {
		r := tinyPINN(t, 30)
		r.Config.Seed = seed
		config, err := r.Config.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		out := &store.Record{Name: r.Name(), Config: config, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{{}}}}
		out.Metrics.Evaluations[0].Test.RelL2 = relL2
		out.Manifest.Backend.Threads = threads
		return out
	}
	seeds := func(values ...float64) *store.Store {
		s := newSession(t, t.TempDir()).Store
		for i, v := range values {
			r := tinyPINN(t, 30)
			r.Config.Seed = int64(i)
			if _, err := s.Put(r.Config, *record(int64(i), 1, v), "float32"); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	for name, c := range map[string]struct {
		from        *store.Store
		kept, again float64
		threads     int
		ok          bool
		finding     string
	}{
		"the same number":              {seeds(.5), .5, .5, 2, true, "the same bits (metrics, history), on another platform: threads 1 → 2"},
		"9 % off":                      {seeds(.5), .5, .545, 2, true, "within tolerance"},
		"11 % off":                     {seeds(.5), .5, .555, 2, false, "outside tolerance"},
		"11 % off, two seeds far off":  {seeds(.5, .8), .5, .555, 2, false, "outside tolerance"},
		"25 % off, three seeds":        {seeds(.5, .4, .65), .5, .625, 2, true, "within tolerance"}, // s.d. .126, capped at .075
		"35 % off, three seeds":        {seeds(.5, .4, .65), .5, .675, 2, false, "outside tolerance"},
		"no number":                    {seeds(.5), .5, math.NaN(), 2, false, "outside tolerance"},
		"1 % off on the same platform": {seeds(.5), .5, .505, 1, false, "other bits on the same platform: metrics differ"},
	} {
		seeds, err := newSeedErrors(c.from)
		if err != nil {
			t.Fatal(err)
		}
		got, err := compareReplica(seeds, record(0, 1, c.kept), record(0, c.threads, c.again))
		if err != nil || got.ok != c.ok || !strings.Contains(got.finding, c.finding) {
			t.Errorf("%s: %v, %q, %v; want %v, %q", name, got.ok, got.finding, err, c.ok, c.finding)
		}
	}
}
