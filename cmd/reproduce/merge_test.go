// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce/store"
)

// The line that refuses bad input to merge, --id and --shard, before anything is
// written: not the store, the report or the folder of a merge.
func TestBadShardIDAndMerge(t *testing.T) {
	const id = "hyper-lr-pinn-phase1-767c46f87130c2af"
	for name, c := range map[string]struct{ args, want string }{
		"part 0":                   {"run --shard 0/4", `"0/4"`},
		"part beyond":              {"run --shard 5/4", `"5/4"`},
		"no numbers":               {"run --shard a/b", `"a/b"`},
		"no parts":                 {"run --shard 3", `"3"`},
		"unknown id":               {"run --id 0123456789abcdef", `"0123456789abcdef"; reproduce list --ids --preset quick`},
		"one of two ids":           {"run --preset smoke --id " + id + " --id nonsense", `"nonsense"`},
		"short id":                 {"run --id pinn", `"pinn" is too short`},
		"ambiguous id":             {"run --id hyper-lr-pinn-phase2", "give more of it"},
		"id of another experiment": {"run --preset smoke --id " + id + " hyperpinn/table1", "no run has the id"},
		"both":                     {"run --id 01234567 --shard 1/2", "give one of them"},
		"list of a bad part":       {"list --ids --shard 2/1", `"2/1"`},
		"list of parts":            {"list --shard 1/2", "--ids"},
		"merge of nothing":         {"merge", "<into>"},
		"merge of no store":        {"merge new missing", "DIR/missing is no run store"},
		"merge of another folder":  {"merge new pictures", "DIR/pictures is no run store"},
		"merge into a file":        {"merge file good", "DIR/file is no run store"},
		"merge with itself":        {"merge good good/", "named twice"},
		"merge of one twice":       {"merge new good good", "named twice"},
		"merge of a newer version": {"merge new newer", "newer version"},
		"replicas of no store":     {"merge missing", "DIR/missing is no run store"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "pictures", "cat.png"), "")
			write(t, filepath.Join(dir, "file"), "")
			write(t, filepath.Join(dir, "newer", "store.json"), `{"version": 99}`)
			write(t, filepath.Join(dir, "good", "store.json"), `{"version": 1}`)
			before := snapshot(t, dir)
			r := invoke(t, dir, strings.Fields(c.args)...)
			want := strings.ReplaceAll(c.want, "DIR", dir)
			if r.code != program.ExitBadInput || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, want) || r.stdout != "" {
				t.Errorf("exit code %d, want %d and one line with %q\n%s%s", r.code, program.ExitBadInput, want, r.stdout, r.stderr)
			}
			if after := snapshot(t, dir); !reflect.DeepEqual(before, after) {
				t.Errorf("something was written:\n%v\n%v", before, after)
			}
		})
	}
}

// list --ids names each run, its minutes and its parent; the shards are all of them.
func TestListIDs(t *testing.T) {
	lines := func(args ...string) []string {
		out := strings.Split(strings.TrimSpace(ok(t, t.TempDir(), append([]string{"list", "--ids", "--preset", "smoke"}, args...)...).stdout), "\n")
		if got := strings.Fields(out[0]); !reflect.DeepEqual(got, []string{"id", "minutes", "parent", "label"}) {
			t.Errorf("the columns are %v", got)
		}
		return out[1:]
	}
	all := lines("fig5")
	if len(all) != 6 { // a Phase 1, and a Phase 2 at 5 β
		t.Fatalf("the runs are %v", all)
	}
	first := strings.Fields(all[0])
	if first[2] != "-" {
		t.Errorf("the first run has the parent %s", first[2])
	}
	for _, line := range all[1:] {
		if fields := strings.Fields(line); fields[2] != first[0] {
			t.Errorf("%s has the parent %s, want %s", fields[0], fields[2], first[0])
		}
	}
	if one, two := lines("--shard", "1/2"), lines("--shard", "2/2"); len(one) == 0 || len(two) == 0 || len(one)+len(two) != len(lines()) {
		t.Errorf("the halves have %d and %d runs of %d", len(one), len(two), len(lines()))
	}
}

// Figures 2 and 5 of smoke as two jobs with a store each: every run is trained once,
// no report is written, and joined the stores are the one of a single job. A result that
// is planted is refused, one of another platform is kept and compared.
func TestShardsAndMerge(t *testing.T) {
	needsXLA(t)
	// Most of the time goes into compiling; its result need not be fast.
	t.Setenv("XLA_FLAGS", "--xla_backend_optimization_level=0")
	dir := t.TempDir()
	run := func(args ...string) result {
		t.Helper()
		return ok(t, dir, append([]string{"run", "--preset", "smoke", "fig2", "fig5"}, args...)...)
	}
	run("--store", "whole")
	want := weightSums(t, filepath.Join(dir, "whole"))
	for _, shard := range []string{"1", "2"} {
		if r := run("--store", "part"+shard, "--shard", shard+"/2"); !strings.Contains(r.stdout, "0 runs found") || strings.Contains(r.stdout, "report:") {
			t.Errorf("shard %s says\n%s%s", shard, r.stdout, r.stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err != nil {
		t.Error("a run of all writes no report")
	}
	merged := ok(t, dir, "merge", "joined", "part1", "part2")
	if !strings.Contains(merged.stdout, "0 there already, 0 kept as replicas") {
		t.Errorf("merge says\n%s", merged.stdout)
	}
	if got := weightSums(t, filepath.Join(dir, "joined")); !reflect.DeepEqual(got, want) {
		t.Errorf("the joined weights are %v, and those of one job %v", got, want)
	}
	if r := run("--store", "joined"); !strings.Contains(r.stdout, " 0 trained, 0 failed") {
		t.Errorf("something is trained after the merge:\n%s", r.stdout)
	}

	// By its id a run, and what it starts from, is trained in an empty store.
	var child, parent string
	for _, line := range strings.Split(ok(t, dir, "list", "--ids", "--preset", "smoke", "fig5").stdout, "\n") {
		if f := strings.Fields(line); len(f) > 2 && strings.Contains(line, "Phase 2") {
			child, parent = f[0], f[2]
		}
	}
	hash := child[strings.LastIndex(child, "-")+1:]
	for i, wantSays := range []string{"0 runs found, 2 trained", "1 runs found, 0 trained"} {
		if r := ok(t, dir, "run", "--preset", "smoke", "--store", "one", "--id", hash[:8]); !strings.Contains(r.stdout, wantSays) {
			t.Errorf("time %d: it says\n%s%s", i+1, r.stdout, r.stderr)
		}
	}
	if got := weightSums(t, filepath.Join(dir, "one")); len(got) != 2 || got[child] != want[child] || got[parent] != want[parent] {
		t.Errorf("by its id: %v", got)
	}

	t.Run("a planted conflict", func(t *testing.T) {
		planted, err := store.Open(filepath.Join(dir, "planted"))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := store.View(filepath.Join(dir, "whole"))
		if err != nil {
			t.Fatal(err)
		}
		record, err := whole.Read(child)
		if err != nil {
			t.Fatal(err)
		}
		record.Metrics.Parameters++
		var c store.Config
		if err := json.Unmarshal(record.Config, &c); err != nil {
			t.Fatal(err)
		}
		if _, err := planted.Put(c, *record, "float32"); err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, filepath.Join(dir, "joined"))
		r := invoke(t, dir, "merge", "joined", "planted")
		print := record.Manifest.Fingerprint().String()
		if r.code != program.ExitFailed || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, child) || strings.Count(r.stderr, print) != 2 {
			t.Errorf("exit code %d, want %d and one line with %s and twice %s\n%s%s", r.code, program.ExitFailed, child, print, r.stdout, r.stderr)
		}
		if after := snapshot(t, filepath.Join(dir, "joined")); !reflect.DeepEqual(before, after) {
			t.Error("the store has changed")
		}
	})

	t.Run("a replica of the pure-Go backend", func(t *testing.T) {
		var pinn string
		for _, line := range strings.Split(ok(t, dir, "list", "--ids", "--preset", "smoke", "fig2").stdout, "\n") {
			if f := strings.Fields(line); len(f) > 2 && strings.HasPrefix(f[0], "pinn-") {
				pinn = f[0]
			}
		}
		ok(t, dir, "run", "--preset", "smoke", "--backend", "go", "--store", "other", "--id", pinn)
		before := snapshot(t, filepath.Join(dir, "joined"))
		if r := ok(t, dir, "merge", "--dry-run", "joined", "other"); !strings.Contains(r.stdout, "1 to be kept as replicas") {
			t.Errorf("a dry merge says\n%s", r.stdout)
		}
		if after := snapshot(t, filepath.Join(dir, "joined")); !reflect.DeepEqual(before, after) {
			t.Error("a dry merge has changed the store")
		}
		for _, args := range [][]string{{"merge", "joined", "other"}, {"merge", "joined"}} {
			r := ok(t, dir, args...)
			for _, want := range []string{pinn, "within tolerance; backend xla:cpu → go", "1 replicas compared, 0 of them outside tolerance"} {
				if !strings.Contains(r.stdout, want) {
					t.Errorf("%v does not say %q:\n%s", args, want, r.stdout)
				}
			}
		}
		if r := ok(t, dir, "verify", "joined"); !strings.Contains(r.stdout, "0 damaged, 1 replicas sound") {
			t.Errorf("verify says\n%s", r.stdout)
		}
		// In an archive the replica travels with its record.
		ok(t, dir, "bundle", "--preset", "smoke", "--store", "joined", "joined.zip")
		if r := ok(t, dir, "verify", "joined.zip"); !strings.Contains(r.stdout, "1 replicas sound") {
			t.Errorf("of the archive verify says\n%s", r.stdout)
		}
	})
}
