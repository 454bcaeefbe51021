// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// files are the contents of all files below a folder, by path; those of the records
// alone, without the manifests, where results is true: these hold times.
func files(t *testing.T, dir string, results bool) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if results && (!strings.HasPrefix(name, "runs") || d.Name() == "manifest.json") {
			return nil
		}
		data, err := os.ReadFile(path)
		out[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// goSession trains on the pure-Go backend, which compiles nothing.
func goSession(t *testing.T, dir string) *Session {
	s := newSession(t, dir)
	s.BackendName = backend.Go
	return s
}

func merge(t *testing.T, into string, from ...string) *Merged {
	t.Helper()
	m, err := Merge(t.Context(), into, from, false)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sound looks for faults in a store.
func sound(t *testing.T, dir string, records, replicas int) {
	t.Helper()
	f, err := store.Verify(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Damaged) > 0 || len(f.Unchecked) > 0 || len(f.Sound) != records || len(f.Replicas) != replicas {
		t.Errorf("%s: %+v, want %d sound records and %d replicas", dir, f, records, replicas)
	}
}

// Two stores that were filled by the two shards of some runs, joined, hold what one
// store does that was filled by all of them, bit by bit; the order does not matter,
// nor that it was merged before.
func TestMergeOfTwoHalvesEqualsTheWhole(t *testing.T) {
	_, phase2 := tinyPhases(t, 30, 35)
	runs := append(phase2, tinyPINN(t, 30), tinyPINN(t, 35))
	train := func(runs []*Run) string {
		dir := t.TempDir()
		s := goSession(t, dir)
		if failed, err := s.All(t.Context(), nil, Chosen(runs), Preset{}); err != nil || len(failed) > 0 {
			t.Fatal(failed, err)
		}
		return dir
	}
	whole := train(runs)
	var halves []string
	for part := range 2 {
		half, err := Shard{part + 1, 2}.Runs(runs)
		if err != nil {
			t.Fatal(err)
		}
		if len(half) == 0 || len(half) == 5 {
			t.Fatalf("shard %d has %d of 5 runs", part+1, len(half))
		}
		halves = append(halves, train(half))
	}
	want := files(t, whole, true)
	if len(want) != 5*4 {
		t.Fatalf("the whole has %d files, want config, history, metrics and weights of 5 runs", len(want))
	}
	joined := t.TempDir()
	if m := merge(t, joined, halves...); len(m.Copied) != 5 || m.There != 0 || len(m.Kept) != 0 {
		t.Errorf("merged: %+v", m)
	}
	if got := files(t, joined, true); !reflect.DeepEqual(got, want) {
		t.Error("the joined store has other bits than the whole")
	}
	sound(t, joined, 5, 0)
	before := files(t, joined, false)
	if m := merge(t, joined, halves[1], whole); len(m.Copied) != 0 || m.There != 5+countRuns(t, halves[1]) {
		t.Errorf("merged again: %+v", m)
	}
	if after := files(t, joined, false); !reflect.DeepEqual(after, before) {
		t.Error("merging what is there has changed the store")
	}
	// The other way round, into one of both.
	merge(t, halves[1], halves[0])
	if got := files(t, halves[1], true); !reflect.DeepEqual(got, want) {
		t.Error("merged into a half, the other half gives other bits than the whole")
	}
}

func countRuns(t *testing.T, dir string) int {
	t.Helper()
	s, err := store.View(dir)
	if err != nil {
		t.Fatal(err)
	}
	names, err := s.Names()
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// A result that was changed, with every checksum right, is refused with the names of
// the record and of both fingerprints, and nothing is merged, not what is sound either.
func TestMergeRefusesAConflict(t *testing.T) {
	a, b := goSession(t, t.TempDir()), goSession(t, t.TempDir())
	r, other := tinyPINN(t, 30), tinyPINN(t, 35)
	record := *do(t, a, r)
	do(t, b, other)
	print := record.Manifest.Fingerprint().String()
	for what, change := range map[string]func(*store.Record){
		"metrics": func(r *store.Record) { r.Metrics.Parameters++ },
		"the histories at step": func(r *store.Record) {
			rows := r.History.Rows
			r.History.Rows = append(rows[:0:0], rows...)
			last := &r.History.Rows[len(rows)-1]
			last.Terms = append([]float64(nil), last.Terms...)
			last.Terms[0] *= 1.5
		},
		"weights": func(r *store.Record) {
			of := r.Weights
			r.Weights = nil
			for name, w := range of {
				if r.Weights == nil {
					r.Weights = map[string]train.Array{}
					w.Data = append([]float64(nil), w.Data...)
					w.Data[0] += .5
				}
				r.Weights[name] = w
			}
		},
	} {
		planted := newSession(t, t.TempDir())
		changed := record
		change(&changed)
		put(t, planted, r, &changed)
		if err := b.Store.Publish(planted.Store, other.Name(), true); err != nil {
			t.Fatal(err)
		}
		into := a.Store.Dir()
		before := files(t, into, false)
		_, err := Merge(t.Context(), into, []string{planted.Store.Dir()}, false)
		var conflict *MergeConflict
		if !errors.As(err, &conflict) || strings.Contains(err.Error(), "\n") {
			t.Fatalf("%s: the error is %v, want one line", what, err)
		}
		for _, part := range []string{r.Name(), print, into, planted.Store.Dir(), what, "nothing was merged"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", what, err, part)
			}
		}
		if after := files(t, into, false); !reflect.DeepEqual(after, before) {
			t.Errorf("%s: the store has changed", what)
		}
		// Between two stores that are merged into a third, which is not made then.
		third := filepath.Join(t.TempDir(), "new")
		if _, err := Merge(t.Context(), third, []string{into, planted.Store.Dir()}, false); !errors.As(err, &conflict) {
			t.Errorf("%s: into a third: %v", what, err)
		}
		if _, err := os.Stat(third); err == nil {
			t.Errorf("%s: the third store was made", what)
		}
	}
}

// From another platform, the pure-Go backend, a result is kept beside the record and
// compared; what starts from it is sound there.
func TestMergeKeepsAReplica(t *testing.T) {
	a := newSession(t, t.TempDir())
	if b, err := a.Backend(); err != nil || b.Info.Name == backend.Go {
		t.Skip("there is one backend")
	}
	b := goSession(t, t.TempDir())
	phase1, phase2 := tinyPhases(t, 30, 35)
	record, replica := do(t, a, phase1), do(t, b, phase1)
	do(t, a, phase2[0])
	do(t, b, phase2[0])
	do(t, b, phase2[1]) // from the replica's weights
	into, from := a.Store.Dir(), b.Store.Dir()
	before := files(t, into, false)

	dry, err := Merge(t.Context(), into, []string{from}, true)
	if err != nil {
		t.Fatal(err)
	}
	if after := files(t, into, false); !reflect.DeepEqual(after, before) {
		t.Error("a dry merge writes")
	}
	m := merge(t, into, from)
	if !reflect.DeepEqual(withoutNumbers(dry), withoutNumbers(m)) {
		t.Errorf("dry, %+v; then %+v", dry, m)
	}
	if len(m.Copied) != 1 || m.Copied[0].Name != phase2[1].Name() || len(m.Kept) != 2 || m.There != 0 {
		t.Errorf("merged: %+v", m)
	}
	sound(t, into, 3, 2)
	at := store.Place{Name: phase1.Name(), Replica: replica.Manifest.Fingerprint().String()}
	kept, err := a.Store.Check(at)
	if err != nil || kept == nil || kept.WeightsSHA256() != replica.WeightsSHA256() {
		t.Fatalf("the replica at %s: %v", at, err)
	}
	if still, err := a.Store.Read(phase1.Name()); err != nil || still.WeightsSHA256() != record.WeightsSHA256() {
		t.Errorf("the record is not the one that was there: %v", err)
	}
	if len(m.Replicas) != 2 {
		t.Fatalf("compared: %+v", m.Replicas)
	}
	for _, c := range m.Replicas {
		// 6 steps of float32: both backends are at the same errors but for rounding.
		if !c.OK || c.RelL2[0] == 0 || !(c.RelL2[0]-c.RelL2[1] < 1e-3*c.RelL2[0]) || c.Platforms[0].String() == c.Platforms[1].String() {
			t.Errorf("compared: %+v", c)
		}
	}
	// Merged again it is there already, and compared again; also with no other store.
	for _, from := range [][]string{{from}, nil} {
		again, err := Merge(t.Context(), into, from, false)
		if err != nil || len(again.Copied)+len(again.Kept) != 0 || len(again.Replicas) != 2 || again.There != 3*len(from) {
			t.Errorf("merged again: %+v, %v", again, err)
		}
	}
	// Into a third store, with its replicas, and from there a replica that was changed.
	third := t.TempDir()
	if m := merge(t, third, into); len(m.Copied) != 3 || len(m.Kept) != 2 {
		t.Errorf("merged with replicas: %+v", m)
	}
	sound(t, third, 3, 2)
	forged := newSession(t, t.TempDir())
	lie := *replica
	lie.Metrics.Parameters++
	put(t, forged, phase1, &lie)
	if _, err := Merge(t.Context(), third, []string{forged.Store.Dir()}, false); err == nil || !strings.Contains(err.Error(), at.Replica) {
		t.Errorf("against a replica: %v", err)
	}
}

// withoutNumbers leaves out what is NaN, and so not equal to itself.
func withoutNumbers(m *Merged) Merged {
	c := *m
	c.Replicas = nil
	for _, r := range m.Replicas {
		r.RelL2, r.Tolerance = [2]float64{}, 0
		c.Replicas = append(c.Replicas, r)
	}
	return c
}

// A record that was damaged on its way is refused, and unfinished runs are left.
func TestMergeTakesNothingHalf(t *testing.T) {
	a, b := goSession(t, t.TempDir()), goSession(t, t.TempDir())
	r, other := tinyPINN(t, 30), tinyPINN(t, 35)
	do(t, b, r)
	if err := os.MkdirAll(filepath.Join(b.Store.Dir(), "partial", other.Name()), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.Store.Dir(), "partial", other.Name(), "checkpoint"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if m := merge(t, t.TempDir(), b.Store.Dir()); len(m.Copied) != 1 || m.Unfinished != 1 {
		t.Errorf("merged: %+v", m)
	}
	weights := filepath.Join(b.Store.Dir(), "runs", r.Name(), "weights.npz")
	if err := os.Truncate(weights, 100); err != nil {
		t.Fatal(err)
	}
	before := files(t, a.Store.Dir(), false)
	_, err := Merge(t.Context(), a.Store.Dir(), []string{b.Store.Dir()}, false)
	if err == nil || !strings.Contains(err.Error(), r.Name()+" is damaged: weights.npz") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a damaged record: %v", err)
	}
	if after := files(t, a.Store.Dir(), false); !reflect.DeepEqual(after, before) {
		t.Error("something was merged")
	}
}

// A published record, without weights and with fewer rows, is no conflict; of two that
// are new, the one with weights is kept.
func TestMergeOfAPublishedRecord(t *testing.T) {
	s := goSession(t, t.TempDir())
	r := tinyPINN(t, 30)
	do(t, s, r)
	public := newSession(t, t.TempDir())
	if err := s.Store.Publish(public.Store, r.Name(), false); err != nil {
		t.Fatal(err)
	}
	joined := newSession(t, t.TempDir())
	if m := merge(t, joined.Store.Dir(), public.Store.Dir(), s.Store.Dir()); len(m.Copied) != 1 {
		t.Errorf("merged: %+v", m)
	}
	if record, err := joined.Find(r); err != nil || record == nil || record.Weights == nil {
		t.Errorf("the weights are lost: %v", err)
	}
	if m := merge(t, joined.Store.Dir(), public.Store.Dir()); m.There != 1 || len(m.Copied)+len(m.Kept) != 0 {
		t.Errorf("merged again: %+v", m)
	}
}
