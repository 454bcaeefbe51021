// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

func open(t testing.TB, dir string, reuse ...string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, reuse...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// weights are numbers of all sizes, the smallest and largest of float32 (2⁻¹⁴⁹
// and its largest finite one) among them.
func weights(seed uint64, dtype string) map[string]train.Array {
	r := rand.New(rand.NewPCG(seed, 0))
	out := map[string]train.Array{"start/w": train.NewArray(1, 2, 5), "end/b": train.NewArray(1, 1, 1), "basis0/u": train.NewArray(1, 5, 5)}
	for _, name := range slices.Sorted(maps.Keys(out)) {
		a := out[name]
		for i := range a.Data {
			a.Data[i] = math.Ldexp(r.Float64()-.5, r.IntN(100)-50)
			if dtype == "float32" {
				a.Data[i] = float64(float32(a.Data[i]))
			}
		}
	}
	out["extremes"] = train.Array{Dims: []int{1, 4}, Data: []float64{math.SmallestNonzeroFloat32, -math.MaxFloat32, 0, math.Copysign(0, -1)}}
	return out
}

// record is a finished run with something in every field, all of which depends on
// the seed.
func record(seed uint64, dtype string) store.Record {
	return store.Record{
		History: train.History{Terms: []string{"residual", "initial"}, Rows: []train.Row{
			{Step: 1, Terms: []float64{.375, 1e-30}}, {Step: 10, Terms: []float64{.5, float64(seed)}},
		}},
		Weights: weights(seed, dtype),
		Metrics: store.Metrics{
			Parameters: 350 + int(seed), Ranks: [][]int{{50, 49, 0}}, Loss: map[string]float64{"residual": 1e-3},
			Evaluations: []pinn.Evaluation{{
				Mu: []float64{30, 0, 0}, Test: metric.Errors{Abs: .1, RelL2: 1. / 3}, Grid: metric.Errors{MSE: 1e-300},
				ResidualTrain: 1e-9, ResidualGrid: 1e-3, Spurious: true,
			}},
		},
		Manifest: store.Manifest{
			ParentWeights: "abc", Backend: backend.Info{Name: "go", Threads: 2, Notes: []string{"no GPU"}},
			Versions: map[string]string{"go": "go1.26"}, WallSeconds: 12.5, CompileSeconds: 1.5, StepsPerSecond: 100,
			PeakMemoryMB: 300, Sittings: 2, Finished: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		},
	}
}

func put(t testing.TB, s *store.Store, c store.Config, r store.Record, dtype string) *store.Record {
	t.Helper()
	written, err := s.Put(c, r, dtype)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func get(t testing.TB, s *store.Store, name string) *store.Record {
	t.Helper()
	r, err := s.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameBits compares weights bit by bit, so that -0 is not 0.
func sameBits(t testing.TB, got, want map[string]train.Array) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d weights, want %d", len(got), len(want))
	}
	for name, w := range want {
		g := got[name]
		if !reflect.DeepEqual(g.Dims, w.Dims) {
			t.Fatalf("%s has shape %v, want %v", name, g.Dims, w.Dims)
		}
		for i := range w.Data {
			if math.Float64bits(g.Data[i]) != math.Float64bits(w.Data[i]) {
				t.Fatalf("%s[%d] is %x, want %x", name, i, g.Data[i], w.Data[i])
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for _, dtype := range []string{"float32", "float64"} {
		t.Run(dtype, func(t *testing.T) {
			dir := t.TempDir()
			c, want := config(1), record(1, dtype)
			put(t, open(t, dir), c, want, dtype)

			got := get(t, open(t, dir), c.Name())
			if got == nil {
				t.Fatal("the record is not found")
			}
			sameBits(t, got.Weights, want.Weights)
			if !reflect.DeepEqual(got.History, want.History) {
				t.Errorf("history is %+v, want %+v", got.History, want.History)
			}
			if !reflect.DeepEqual(got.Metrics, want.Metrics) {
				t.Errorf("metrics are %+v, want %+v", got.Metrics, want.Metrics)
			}
			if string(got.Config) != string(canonical(t, c))+"\n" {
				t.Errorf("config is %s", got.Config)
			}
			if got.Name != c.Name() || got.WeightsSHA256() == "" {
				t.Errorf("name %q, checksum of the weights %q", got.Name, got.WeightsSHA256())
			}
			m := got.Manifest
			m.Self, m.Name, m.Files = "", "", nil // the store's own
			if !reflect.DeepEqual(m, want.Manifest) {
				t.Errorf("manifest is %+v, want %+v", m, want.Manifest)
			}
		})
	}
}

// The same run gives the same files, so that two machines can be compared by
// their checksums.
func TestSameBytes(t *testing.T) {
	a := put(t, open(t, t.TempDir()), config(1), record(1, "float32"), "float32")
	b := put(t, open(t, t.TempDir()), config(1), record(1, "float32"), "float32")
	if !reflect.DeepEqual(a.Manifest, b.Manifest) {
		t.Errorf("manifests differ:\n%+v\n%+v", a.Manifest, b.Manifest)
	}
}

// 9 digits give every float32 back (IEEE 754-2019, 5.12.2).
func TestHistoryIsExactInFloat32(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	var want train.History
	want.Terms = []string{"residual"}
	for step := range 1000 {
		x := math.Float32frombits(r.Uint32N(0x7f800000)) // any finite one ≥ 0
		want.Rows = append(want.Rows, train.Row{Step: step, Terms: []float64{float64(x)}})
	}
	s, c, rec := open(t, t.TempDir()), config(1), record(1, "float32")
	rec.History = want
	for i, row := range put(t, s, c, rec, "float32").History.Rows {
		if got, want := float32(row.Terms[0]), float32(want.Rows[i].Terms[0]); got != want {
			t.Fatalf("%x is read back as %x", want, got)
		}
	}
}

func TestHistories(t *testing.T) {
	nan := math.NaN()
	for name, h := range map[string]train.History{
		"empty":       {},
		"terms alone": {Terms: []string{"residual"}, Rows: []train.Row{{Step: 1, Terms: []float64{.25}}}},
		"probes, step 0 before the first update": {
			Terms: []string{"residual", "initial"}, Probes: []string{"rel_l2", "abs, mean"},
			Rows: []train.Row{
				{Step: 0, Probes: []float64{1, .5}},
				{Step: 1, Terms: []float64{.25, .125}},
				{Step: 10, Terms: []float64{.25, .125}, Probes: []float64{.75, .0625}},
			},
		},
		"probes alone": {Probes: []string{"rel_l2"}, Rows: []train.Row{{Step: 0, Probes: []float64{1}}}},
		// A diverged probe must not cost the whole run.
		"a probe that is no number": {
			Terms: []string{"residual"}, Probes: []string{"a", "b", "c"},
			Rows: []train.Row{{Step: 1, Terms: []float64{.5}, Probes: []float64{nan, 1, math.Inf(1)}}, {Step: 2, Terms: []float64{.5}, Probes: []float64{1, nan, 1}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, c, r := open(t, t.TempDir()), config(1), record(1, "float32")
			r.History = h
			got := put(t, s, c, r, "float32").History
			if len(got.Rows) != len(h.Rows) || !reflect.DeepEqual(got.Terms, h.Terms) || !reflect.DeepEqual(got.Probes, h.Probes) {
				t.Fatalf("history is %+v, want %+v", got, h)
			}
			for i, want := range h.Rows {
				row := got.Rows[i]
				if row.Step != want.Step || !same(row.Terms, want.Terms) || !same(row.Probes, want.Probes) {
					t.Errorf("row %d is %+v, want %+v", i, row, want)
				}
			}
			data, err := os.ReadFile(filepath.Join(s.Dir(), "runs", c.Name(), "history.csv"))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), "NaN") {
				t.Errorf("history.csv says NaN, which spreadsheets read as text:\n%s", data)
			}
		})
	}
}

// same compares numbers of which NaN is one; nil is not empty.
func same(a, b []float64) bool {
	if len(a) != len(b) || (a == nil) != (b == nil) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

func TestSecondPutKeepsTheFirst(t *testing.T) {
	s, c := open(t, t.TempDir()), config(1)
	first := put(t, s, c, record(1, "float32"), "float32")
	before := snapshot(t, s.Dir())
	second := put(t, s, c, record(2, "float32"), "float32")
	if !reflect.DeepEqual(first, second) {
		t.Error("the second Put returns another record than the first")
	}
	if after := snapshot(t, s.Dir()); !reflect.DeepEqual(before, after) {
		t.Errorf("the second Put changed the store:\n%v\n%v", before, after)
	}
	if names, err := s.Names(); err != nil || len(names) != 1 || names[0] != c.Name() {
		t.Errorf("names are %v, %v", names, err)
	}
}

// A record that was damaged while its run was under way is no reason to lose the
// run.
func TestPutReplacesADamagedRecord(t *testing.T) {
	s, c := open(t, t.TempDir()), config(1)
	put(t, s, c, record(1, "float32"), "float32")
	if err := os.Remove(filepath.Join(s.Dir(), "runs", c.Name(), "metrics.json")); err != nil {
		t.Fatal(err)
	}
	want := record(2, "float32")
	sameBits(t, put(t, s, c, want, "float32").Weights, want.Weights)
	sameBits(t, get(t, s, c.Name()).Weights, want.Weights)
}

// Published records may come without weights; they are then nil, not empty.
func TestWithoutWeights(t *testing.T) {
	s, c, r := open(t, t.TempDir()), config(1), record(1, "float32")
	r.Weights = nil
	put(t, s, c, r, "float32")
	if got := get(t, s, c.Name()); got.Weights != nil || got.WeightsSHA256() != "" {
		t.Errorf("weights are %v with checksum %q, want none", got.Weights, got.WeightsSHA256())
	}
}

func TestReuseIsReadAndNeverWritten(t *testing.T) {
	shared, own := t.TempDir(), t.TempDir()
	other := open(t, shared)
	good, bad := config(1), config(2)
	put(t, other, good, record(1, "float32"), "float32")
	put(t, other, bad, record(2, "float32"), "float32")
	if err := os.WriteFile(filepath.Join(shared, "runs", bad.Name(), "weights.npz"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, shared)

	s := open(t, own, shared)
	found := get(t, s, good.Name())
	if found == nil {
		t.Fatal("the record of the reused store is not found")
	}
	sameBits(t, found.Weights, weights(1, "float32"))
	if get(t, s, bad.Name()) != nil {
		t.Error("a damaged record of a reused store is served")
	}
	put(t, s, bad, record(3, "float32"), "float32")
	sameBits(t, get(t, s, bad.Name()).Weights, weights(3, "float32"))
	if p := begin(t, s, config(4)); p.Checkpoint(state(1), "float32", 1) != nil || p.Close() != nil {
		t.Error("an unfinished run can't be kept")
	}
	if after := snapshot(t, shared); !reflect.DeepEqual(before, after) {
		t.Errorf("the reused store has changed:\n%v\n%v", before, after)
	}
	if names, _ := s.Names(); len(names) != 1 {
		t.Errorf("our own store holds %v, want the one record that was put", names)
	}
}

// Our own record comes first, and a damaged one gives way to a reused one.
func TestReuseComesSecond(t *testing.T) {
	shared, own := t.TempDir(), t.TempDir()
	c := config(1)
	put(t, open(t, shared), c, record(1, "float32"), "float32")
	s := open(t, own, shared)
	put(t, s, c, record(2, "float32"), "float32")
	sameBits(t, get(t, s, c.Name()).Weights, weights(2, "float32"))
	if err := os.Remove(filepath.Join(own, "runs", c.Name(), "config.json")); err != nil {
		t.Fatal(err)
	}
	sameBits(t, get(t, s, c.Name()).Weights, weights(1, "float32"))
}

// A name that is no folder of its own must not lead out of runs/: a damaged
// record is moved.
func TestNamesStayInside(t *testing.T) {
	s := open(t, t.TempDir())
	put(t, s, config(1), record(1, "float32"), "float32")
	before := snapshot(t, s.Dir())
	for _, name := range []string{"", ".", "..", "../runs", "a/b"} {
		if r, err := s.Get(name); err == nil {
			t.Errorf("the name %q gives %v and no error", name, r)
		}
	}
	if after := snapshot(t, s.Dir()); !reflect.DeepEqual(before, after) {
		t.Errorf("the store has changed:\n%v\n%v", before, after)
	}
}

// snapshot is the content of each file below a folder, and "/" for each folder.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			out[path] = "/"
			return nil
		}
		data, err := os.ReadFile(path)
		out[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Of a store that is reused for some records the others are not seen.
func TestReuseOfNamedRecords(t *testing.T) {
	shared := t.TempDir()
	other := open(t, shared)
	lent, kept := config(1), config(2)
	put(t, other, lent, record(1, "float32"), "float32")
	put(t, other, kept, record(2, "float32"), "float32")

	s := open(t, t.TempDir())
	if err := s.Reuse(shared, lent.Name(), "no-such-run"); err != nil {
		t.Fatal(err)
	}
	if get(t, s, lent.Name()) == nil || get(t, s, kept.Name()) != nil {
		t.Error("want the named record, and not the other")
	}
	heads, err := s.Heads()
	if err != nil || len(heads) != 1 || heads[0].Name != lent.Name() {
		t.Errorf("heads are %v (%v), want that of the named record", heads, err)
	}
	if err := s.Reuse(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no run store") {
		t.Errorf("error is %v, want one that says that the folder is no run store", err)
	}
}
