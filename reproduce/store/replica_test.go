// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/reproduce/store"
)

// orphan is a run that starts from no other.
func orphan(seed int64) store.Config {
	c := config(seed)
	c.Parent = ""
	return c
}

func orphanRecord(seed uint64) store.Record {
	r := record(seed, "float32")
	r.Manifest.ParentWeights = ""
	return r
}

func verified(t *testing.T, dir string) store.Findings {
	t.Helper()
	f, err := store.Verify(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A replica is copied byte by byte, listed after the records, checked as they are, and
// set aside where it is damaged, under a name of its own.
func TestReplica(t *testing.T) {
	c := orphan(1)
	name := c.Name()
	from, dir := open(t, t.TempDir()), t.TempDir()
	put(t, from, c, orphanRecord(2), "float32")
	s := open(t, dir)
	put(t, s, c, orphanRecord(1), "float32")
	at := store.Place{Name: name, Replica: "0123456789ab"}
	for range 2 { // a second time, it is there
		if err := s.Copy(from, store.Place{Name: name}, at); err != nil {
			t.Fatal(err)
		}
	}
	contents := func(dir string) []string { return slices.Sorted(maps.Values(snapshot(t, dir))) }
	copied := filepath.Join(dir, "replicas", name, at.Replica)
	if !slices.Equal(contents(copied), contents(filepath.Join(from.Dir(), "runs", name))) {
		t.Error("the copy has other bytes")
	}
	places, err := s.Places()
	if want := []store.Place{{Name: name}, at}; err != nil || !reflect.DeepEqual(places, want) {
		t.Errorf("places are %v, %v; want %v", places, err, want)
	}
	sameBits(t, get(t, s, name).Weights, weights(1, "float32")) // the record stays the record
	if f := verified(t, dir); !slices.Equal(f.Sound, []string{name}) || !slices.Equal(f.Replicas, []store.Place{at}) || len(f.Damaged) > 0 {
		t.Errorf("findings are %+v", f)
	}
	if err := flip(filepath.Join(copied, "weights.npz"), 50); err != nil {
		t.Fatal(err)
	}
	f := verified(t, dir)
	if len(f.Damaged) != 1 || f.Damaged[0].Name != name+"/"+at.Replica || len(f.Sound) != 1 {
		t.Fatalf("of a damaged replica: %+v", f)
	}
	if err := open(t, t.TempDir()).Copy(s, at, at); err == nil || !strings.Contains(err.Error(), "weights.npz does not match") {
		t.Errorf("a damaged replica is copied: %v", err)
	}
	if err := s.SetAside(f); err != nil {
		t.Fatal(err)
	}
	if left := entries(t, filepath.Join(dir, "damaged")); !slices.Equal(left, []string{name + "." + at.Replica + ".1", name + "." + at.Replica + ".1.reason"}) {
		t.Errorf("set aside is %v", left)
	}
	if f := verified(t, dir); len(f.Damaged) > 0 || len(f.Replicas) > 0 || len(f.Sound) != 1 {
		t.Errorf("after that: %+v", f)
	}
	for _, bad := range []store.Place{{}, {Name: ".."}, {Name: name, Replica: ".."}, {Name: name, Replica: "a/b"}, {Replica: "x"}} {
		if err := s.Copy(from, store.Place{Name: name}, bad); err == nil {
			t.Errorf("there is a place %+v", bad)
		}
	}
}

// A run may have started from the weights of a replica of its parent: sound where that
// is here, and not where other weights alone are.
func TestParentIsAReplica(t *testing.T) {
	parent := orphan(1)
	child := config(2)
	child.Parent = parent.Name()
	from, dir := open(t, t.TempDir()), t.TempDir()
	other := put(t, from, parent, orphanRecord(2), "float32")
	s := open(t, dir)
	put(t, s, parent, orphanRecord(1), "float32")
	r := record(3, "float32")
	r.Manifest.ParentWeights = other.WeightsSHA256()
	put(t, s, child, r, "float32")
	if f := verified(t, dir); len(f.Damaged) != 1 || f.Damaged[0].Name != child.Name() {
		t.Errorf("it started from weights that are not here: %+v", f)
	}
	if err := s.Copy(from, store.Place{Name: parent.Name()}, store.Place{Name: parent.Name(), Replica: "abc"}); err != nil {
		t.Fatal(err)
	}
	if f := verified(t, dir); len(f.Damaged) > 0 || len(f.Sound) != 2 || len(f.Unchecked) > 0 {
		t.Errorf("it started from a replica that is here: %+v", f)
	}
}

// Published, a record takes its replicas with it.
func TestPublishReplicas(t *testing.T) {
	c := orphan(1)
	from := open(t, t.TempDir())
	put(t, from, c, orphanRecord(1), "float32")
	at := store.Place{Name: c.Name(), Replica: "abc"}
	if err := from.Copy(from, store.Place{Name: c.Name()}, at); err != nil {
		t.Fatal(err)
	}
	to := open(t, t.TempDir())
	if err := from.Publish(to, c.Name(), false); err != nil {
		t.Fatal(err)
	}
	f := verified(t, to.Dir())
	if !slices.Equal(f.Sound, []string{c.Name()}) || !slices.Equal(f.Replicas, []store.Place{at}) {
		t.Errorf("published are %+v", f)
	}
	if r, err := to.Check(at); err != nil || r.Weights != nil {
		t.Errorf("the published replica: %v", err)
	}
}

// Each fact makes another fingerprint, and times, folders or notes make none.
func TestFingerprint(t *testing.T) {
	m := orphanRecord(1).Manifest
	m.Backend.CPU, m.Backend.PluginSHA256 = "EPYC", "0a"
	m.ParentWeights = strings.Repeat("ab", 32)
	was := m.Fingerprint()
	if len(was.String()) != 12 || was.Facts["threads"] != "2" || was.Facts["start"] != "abababababab" || was.Facts["go"] != "go1.26" {
		t.Errorf("the fingerprint %s of %v", was, was.Facts)
	}
	for name, change := range map[string]func(*store.Manifest){
		"threads":   func(m *store.Manifest) { m.Backend.Threads = 1 },
		"backend":   func(m *store.Manifest) { m.Backend.Name = "xla:cpu" },
		"processor": func(m *store.Manifest) { m.Backend.CPU = "Xeon" },
		"plugin":    func(m *store.Manifest) { m.Backend.PluginSHA256 = "0b" },
		"version":   func(m *store.Manifest) { m.Backend.Version = "2" },
		"device":    func(m *store.Manifest) { m.Backend.Device = "GPU" },
		"start":     func(m *store.Manifest) { m.ParentWeights = strings.Repeat("cd", 32) },
		"go":        func(m *store.Manifest) { m.Versions = map[string]string{"go": "go1.27"} },
		"gomlx":     func(m *store.Manifest) { m.Versions = map[string]string{"go": "go1.26", "gomlx": "v1"} },
	} {
		other := m
		change(&other)
		changes := was.Changes(other.Fingerprint())
		if other.Fingerprint().String() == was.String() || len(changes) != 1 || !strings.HasPrefix(changes[0], name+" ") {
			t.Errorf("another %s: %v", name, changes)
		}
	}
	other := m
	other.WallSeconds, other.Sittings, other.PeakMemoryMB, other.Backend.Notes, other.Backend.Plugin = 1, 9, 1, nil, "elsewhere.so"
	if got := other.Fingerprint(); got.String() != was.String() || len(was.Changes(got)) > 0 {
		t.Errorf("what decides nothing makes another fingerprint: %v", was.Changes(got))
	}
}
