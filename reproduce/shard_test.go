// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
)

// The shards of every preset are all of its runs, each once, parents before what starts
// from them and beside it, and as balanced as their longest chain allows: going through
// chains in any order, the one that has least never ends after total/n + (1 − 1/n) of
// the longest (Graham, Bounds on multiprocessing timing anomalies, 1969).
func TestShards(t *testing.T) {
	for _, p := range Presets() {
		runs, err := Runs(Experiments(), p)
		if err != nil {
			t.Fatal(err)
		}
		seconds := func(r *Run) float64 { // on 2 cores
			took, err := Estimate(r)
			if err != nil {
				t.Fatal(err)
			}
			if !r.wide() {
				took /= 2
			}
			return took.Seconds()
		}
		total, chains := 0., map[string]float64{}
		for _, r := range runs {
			total += seconds(r)
			chains[rootOf(r)] += seconds(r)
		}
		longest := 0.
		for _, c := range chains {
			longest = max(longest, c)
		}
		for _, n := range []int{1, 2, 3, 8, 20} {
			in := map[string]int{}
			for part := range n {
				shard, err := Shard{part + 1, n}.Runs(runs)
				if err != nil {
					t.Fatal(err)
				}
				load := 0.
				for _, r := range shard {
					load += seconds(r)
					if in[r.Name()] != 0 {
						t.Fatalf("%s: %s is in the shards %d and %d of %d", p.Name, r.Label, in[r.Name()], part+1, n)
					}
					if r.Parent != nil && in[r.Parent.Name()] != part+1 {
						t.Fatalf("%s: %s comes before its parent, or in another shard of %d", p.Name, r.Label, n)
					}
					in[r.Name()] = part + 1
				}
				// A microsecond for times that are whole nanoseconds.
				if limit := total/float64(n) + (1-1/float64(n))*longest + 1e-6; load > limit {
					t.Errorf("%s: shard %d of %d takes %.0f s, of %.0f in all with a chain of %.0f", p.Name, part+1, n, load, total, longest)
				}
			}
			if len(in) != len(runs) {
				t.Errorf("%s: %d shards have %d of %d runs", p.Name, n, len(in), len(runs))
			}
		}
	}
}

// A shard is the same however often and in which order it is asked for.
func TestShardsAreDeterministic(t *testing.T) {
	p, err := FindPreset("smoke")
	if err != nil {
		t.Fatal(err)
	}
	names := func(experiments []Experiment) (names []string) {
		runs, err := Runs(experiments, p)
		if err != nil {
			t.Fatal(err)
		}
		shard, err := Shard{2, 3}.Runs(runs)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range shard {
			names = append(names, r.Name())
		}
		slices.Sort(names)
		return names
	}
	all := Experiments()
	want := names(all)
	slices.Reverse(all)
	for range 3 {
		if got := names(all); len(got) == 0 || !reflect.DeepEqual(got, want) {
			t.Fatalf("a shard is %v, and of the experiments in another order %v", want, got)
		}
	}
}

func TestShardText(t *testing.T) {
	for _, good := range []string{"1/1", "1/4", "4/4", "17/200"} {
		var s Shard
		if err := s.UnmarshalText([]byte(good)); err != nil || s.String() != good {
			t.Errorf("%s: %v, %v", good, s, err)
		}
	}
	for _, bad := range []string{"", "1", "0/4", "5/4", "-1/4", "1/0", "a/b", "1/4/2", "1.5/4", "1/", "/4", "1 /4"} {
		var s Shard
		if err := s.UnmarshalText([]byte(bad)); err == nil || s != (Shard{}) {
			t.Errorf("%q is the shard %v", bad, s)
		}
	}
}

// A run is found by its name, by the start of it or of its hash, if these are of one
// run; it comes once and after what it starts from.
func TestFindRuns(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30, 35)
	experiments, p := just(phase2...), Preset{Name: "smoke"}
	hash := func(r *Run) string { return r.Name()[strings.LastIndex(r.Name(), "-")+1:] }
	for _, ids := range [][]string{
		{phase2[1].Name(), phase1.Name()},
		{hash(phase2[1]), hash(phase1)},
		{hash(phase2[1])[:8], hash(phase1)[:8], phase1.Name()},
		{phase2[1].Name()[:len(phase2[1].Name())-2], "hyper-lr-pinn-phase1"},
	} {
		runs, err := FindRuns(experiments, p, ids)
		if err != nil || len(runs) != 2 || runs[0].Name() != phase1.Name() || runs[1].Name() != phase2[1].Name() {
			t.Errorf("%v: %v, %v", ids, runs, err)
		}
	}
	for id, want := range map[string]string{
		"hyper-lr-pinn-phase2": "fits 2 runs",
		hash(phase1)[:7]:       "too short",
		"":                     "too short",
		"0123456789abcdef":     "list --ids --preset smoke",
		hash(phase1) + "0":     "no run has the id",
	} {
		if runs, err := FindRuns(experiments, p, []string{phase1.Name(), id}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", id, runs, err, want)
		}
	}
}

// What is lacking of chosen runs is what they start from too, but not of those that are
// there.
func TestLacking(t *testing.T) {
	s := newSession(t, t.TempDir())
	phase1, phase2 := tinyPhases(t, 30, 35)
	lacking := func(runs ...*Run) string {
		t.Helper()
		lacking, err := s.Lacking(runs)
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, r := range lacking {
			labels = append(labels, r.Label)
		}
		return fmt.Sprint(labels)
	}
	if got, want := lacking(phase2[0], phase2[0]), fmt.Sprint([]string{phase1.Label, phase2[0].Label}); got != want {
		t.Errorf("of an empty store %s, want %s", got, want)
	}
	put(t, s, phase1, &store.Record{})
	put(t, s, phase2[0], &store.Record{})
	if got, want := lacking(phase2...), fmt.Sprint([]string{phase2[1].Label}); got != want {
		t.Errorf("with one of both %s, want %s", got, want)
	}
	// A finished run does not need its parent any more.
	other := newSession(t, t.TempDir())
	if err := s.Store.Publish(other.Store, phase2[0].Name(), false); err != nil {
		t.Fatal(err)
	}
	s = other
	if got := lacking(phase2[0]); got != "[]" {
		t.Errorf("of a finished run whose parent is gone %s", got)
	}
}

// The estimate is that of data/budget.csv: steps × ms, and what comes beside.
func TestEstimate(t *testing.T) {
	r := tinyPINN(t, 30) // 8 steps of .6 ms, as for width 10 and less; 1 s, and .1 for an evaluation
	took, err := Estimate(r)
	if want := toDuration(8*.6e-3 + 1.1); err != nil || (took-want).Abs() > time.Microsecond {
		t.Errorf("%s, %v; want %s", took, err, want)
	}
}
