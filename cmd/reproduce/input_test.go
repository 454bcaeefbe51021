// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

// Bad input is told in one line that names it and what would be good, before
// anything is written. A file stands where a folder should be: permissions
// don't stop a test that runs as root.
func TestBadInput(t *testing.T) {
	var experiments []string
	for _, e := range reproduce.Experiments() {
		experiments = append(experiments, e.Name())
	}
	for name, c := range map[string]struct {
		args  string
		files map[string]string
		want  []string // parts of the line
	}{
		"unknown experiment":          {args: "run table9", want: append([]string{`"table9"`}, experiments...)},
		"a good one and an unknown":   {args: "run table2 table9", want: append([]string{`"table9"`}, experiments...)},
		"an experiment to report":     {args: "report table2", want: []string{"unexpected argument table2"}},
		"unknown preset":              {args: "run --preset fast table2", want: append([]string{`"fast"`}, reproduce.PresetNames()...)},
		"unknown backend":             {args: "run --backend abacus table2", want: append([]string{`"abacus"`}, backend.Names()...)},
		"unknown backend to look at":  {args: "doctor --backend abacus", want: append([]string{`"abacus"`}, backend.Names()...)},
		"unknown flag":                {args: "run --fast table2", want: []string{"unknown flag --fast"}},
		"flag without its value":      {args: "run table2 --preset", want: []string{"--preset"}},
		"unknown command":             {args: "train", want: []string{"train"}},
		"no command":                  {want: []string{`"list"`, `"run"`}},
		"results folder is a file":    {args: "run table2 --out file", files: map[string]string{"file": ""}, want: []string{"DIR/file", "can't be written", "not a directory"}},
		"results folder below a file": {args: "run table2 --out file/a/b", files: map[string]string{"file": ""}, want: []string{"DIR/file/a/b", "can't be written"}},
		"out is a file":               {args: "run table2", files: map[string]string{"out": ""}, want: []string{"out/quick", "can't be written"}},
		"store is a file":             {args: "run table2 --store file", files: map[string]string{"file": ""}, want: []string{"DIR/file", "not a directory"}},
		"store below a file":          {args: "run table2 --store file/a --out new/results", files: map[string]string{"file": ""}, want: []string{"DIR/file/a", "not a directory"}},
		"runs is a file":              {args: "report", files: map[string]string{"runs": ""}, want: []string{"DIR/runs", "not a directory"}},
		"store of a newer version": {
			args: "run table2 --store newer", files: map[string]string{"newer/store.json": `{"version": 2}`, "newer/runs/x/manifest.json": "{}"},
			want: []string{"DIR/newer", "newer version", "use that version, or another folder"},
		},
		"store with a broken head": {
			args: "run table2 --store broken", files: map[string]string{"broken/store.json": "{"},
			want: []string{"DIR/broken/store.json", "not readable"},
		},
		"reuse of what is no store": {
			args: "run table2 --reuse pictures", files: map[string]string{"pictures/cat.png": ""},
			want: []string{"DIR/pictures", "no run store"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for path, content := range c.files {
				write(t, filepath.Join(dir, path), content)
			}
			before := snapshot(t, dir)
			r := invoke(t, dir, strings.Fields(c.args)...)
			if r.code != program.ExitBadInput {
				t.Errorf("exit code %d, want %d", r.code, program.ExitBadInput)
			}
			line, rest, _ := strings.Cut(r.stderr, "\n")
			if !strings.HasPrefix(line, "reproduce: ") || rest != "" {
				t.Errorf("stderr is not one line:\n%s", r.stderr)
			}
			for _, want := range c.want {
				if want := strings.ReplaceAll(want, "DIR", dir); !strings.Contains(line, want) {
					t.Errorf("the line %q does not say %q", line, want)
				}
			}
			if after := snapshot(t, dir); !reflect.DeepEqual(before, after) {
				t.Errorf("something was written:\n%v\n%v", before, after)
			}
		})
	}
}

// A backend that is known and does not open fails every run the same way: it is
// told once.
func TestBackendThatDoesNotOpen(t *testing.T) {
	cmd := command(t, t.TempDir(), "run", "--preset", "smoke", "table2")
	cmd.Env = append(cmd.Environ(), "GOMLX_BACKEND=abacus")
	r := finish(t, cmd)
	if r.code != program.ExitBadInput || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, `"abacus"`) {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	r := ok(t, dir, "list")
	var want []string
	for _, e := range reproduce.Experiments() {
		want = append(want, e.Name(), e.Title)
	}
	for _, p := range reproduce.Presets() {
		want = append(want, p.Name, p.Purpose)
	}
	for _, name := range append(want, backend.Names()...) {
		if !strings.Contains(r.stdout, name) {
			t.Errorf("the list lacks %q:\n%s", name, r.stdout)
		}
	}
	if r.stderr != "" || len(snapshot(t, dir)) != 1 {
		t.Errorf("list says %q on stderr and leaves %v", r.stderr, snapshot(t, dir))
	}
}

// The pure-Go backend is on every machine.
func TestDoctor(t *testing.T) {
	dir := t.TempDir()
	r := ok(t, dir, "doctor", "--backend", "go")
	for _, want := range []string{"go       go1.", "backend  go\n", "version  ", "device   ", "threads  "} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("doctor --backend go does not say %q:\n%s", want, r.stdout)
		}
	}
	// Without a name it finds one too, and names the plugin where that has one.
	r = ok(t, dir, "doctor")
	if !strings.Contains(r.stdout, "backend  ") || strings.Contains(r.stdout, "backend  xla") != strings.Contains(r.stdout, "plugin   ") {
		t.Errorf("doctor says\n%s", r.stdout)
	}
	if r.stderr != "" || len(snapshot(t, dir)) != 1 {
		t.Errorf("doctor says %q on stderr and leaves %v", r.stderr, snapshot(t, dir))
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"run", "--help"}} {
		r := ok(t, t.TempDir(), args...)
		if r.stderr != "" || !strings.Contains(r.stdout, "Usage: reproduce") {
			t.Errorf("%v: %s%s", args, r.stdout, r.stderr)
		}
	}
	help := ok(t, t.TempDir(), "run", "--help").stdout
	for _, name := range reproduce.PresetNames() {
		if !strings.Contains(help, name) {
			t.Errorf("the help of run does not name the preset %s:\n%s", name, help)
		}
	}
}
