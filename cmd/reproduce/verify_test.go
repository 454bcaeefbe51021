// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce/store"
)

// published is a copy of the published records of the quick preset.
func published(t *testing.T) (dir string, names []string) {
	t.Helper()
	from := os.DirFS(filepath.Join("..", "..", "results", "quick"))
	dir = filepath.Join(t.TempDir(), "records")
	if err := os.CopyFS(dir, from); err != nil {
		t.Fatal(err)
	}
	f, err := store.Verify(from, "results/quick")
	if err != nil || len(f.Damaged) > 0 || len(f.Sound) == 0 {
		t.Fatalf("results/quick: %+v, %v", f, err)
	}
	return dir, f.Sound
}

func TestVerifyStore(t *testing.T) {
	dir, names := published(t)
	before := snapshot(t, dir)
	r := ok(t, t.TempDir(), "verify", dir)
	if strings.Count(r.stdout, "\n") != 1 || !strings.Contains(r.stdout, " records sound, 0 damaged") || r.stderr != "" {
		t.Errorf("of a sound store it says\n%s%s", r.stdout, r.stderr)
	}

	path := filepath.Join(dir, "runs", names[0], "metrics.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	write(t, path, string(data))
	damaged := snapshot(t, dir)
	r = invoke(t, t.TempDir(), "verify", dir)
	if r.code != program.ExitFailed || !strings.Contains(r.stdout, names[0]+": metrics.json does not match its checksum\n") ||
		strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "--set-aside") {
		t.Errorf("of a damaged store: exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if !reflect.DeepEqual(snapshot(t, dir), damaged) {
		t.Error("verify has changed the store")
	}

	if r = invoke(t, t.TempDir(), "verify", "--set-aside", dir); r.code != program.ExitFailed || !strings.Contains(r.stderr, filepath.Join(dir, "damaged")) {
		t.Errorf("set aside: exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	ok(t, t.TempDir(), "verify", dir)
	if _, err := os.Stat(filepath.Join(dir, "damaged", names[0]+".1", "metrics.json")); err != nil {
		t.Error(err)
	}
	after := snapshot(t, dir)
	for file, content := range before {
		if !strings.Contains(file, names[0]) && after[file] != content {
			t.Errorf("%s has changed", file)
		}
	}
}

func TestBundle(t *testing.T) {
	dir, names := published(t)
	records := filepath.Join(dir, "runs") // beside them it keeps what figures show
	before := snapshot(t, records)
	work := t.TempDir()
	r := ok(t, work, "bundle", "--store", dir, "new/quick.zip")
	archive := filepath.Join(work, "new", "quick.zip")
	if !strings.Contains(r.stdout, "records and the report\nsha256 ") {
		t.Errorf("bundle says\n%s", r.stdout)
	}
	if after := snapshot(t, records); !reflect.DeepEqual(after, before) {
		t.Error("bundle has changed the records")
	}
	if files := snapshot(t, filepath.Join(work, "new")); len(files) != 2 {
		t.Errorf("bundle leaves %d files", len(files)-1)
	}
	first, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	ok(t, work, "bundle", "--store", dir, "again.zip")
	if again, err := os.ReadFile(filepath.Join(work, "again.zip")); err != nil || string(again) != string(first) {
		t.Errorf("a second bundle of the same records differs, %v", err)
	}

	// Elsewhere, without a store.
	r = ok(t, t.TempDir(), "verify", archive)
	if !strings.Contains(r.stdout, "sha256 ") || !strings.Contains(r.stdout, " records sound, 0 damaged") || len(names) == 0 {
		t.Errorf("verify says\n%s", r.stdout)
	}
	// A byte of what ZIP says twice can change without harm (package bundle tests
	// that the files are then as they were); of nine places at most one is such.
	passed := 0
	for at := len(first) / 10; at < len(first); at += len(first) / 10 {
		data := append([]byte(nil), first...)
		data[at] ^= 16
		write(t, filepath.Join(work, "tampered.zip"), string(data))
		if r = invoke(t, work, "verify", "tampered.zip"); r.code == 0 {
			passed++
		}
	}
	if passed > 1 {
		t.Errorf("with another byte it passes at %d of 9 places", passed)
	}

	// Without weights it is smaller, and still sound.
	ok(t, work, "bundle", "--store", dir, "--weights", "0", "small.zip")
	if info, err := os.Stat(filepath.Join(work, "small.zip")); err != nil || info.Size() >= int64(len(first)) {
		t.Errorf("without weights: %v, %v", info, err)
	}
	ok(t, work, "verify", "small.zip")
}

func TestVerifyAndBundleBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args  string
		files map[string]string
		want  string
	}{
		"nothing there":             {args: "verify", want: "no store or bundle DIR/runs"},
		"no store":                  {args: "verify pictures", files: map[string]string{"pictures/cat.png": ""}, want: "no run store"},
		"no archive":                {args: "verify cat.png", files: map[string]string{"cat.png": "meow"}, want: "no zip archive"},
		"store of a newer version":  {args: "verify s", files: map[string]string{"s/store.json": `{"version": 2}`, "s/runs/x": ""}, want: "newer version"},
		"a negative number":         {args: "verify --retrain=-1 s", files: map[string]string{"s/runs/x": ""}, want: "--retrain is -1"},
		"unknown backend":           {args: "verify --backend abacus", want: `"abacus"`},
		"set aside from an archive": {args: "verify --set-aside a.zip", files: map[string]string{"a.zip": ""}, want: "--set-aside"},
		"an empty store":            {args: "bundle a.zip", want: "no finished run of preset quick"},
		"unknown preset":            {args: "bundle --preset fast a.zip", want: `"fast"`},
		"no zip":                    {args: "bundle a.tar", want: "ends in .zip"},
		"below a file":              {args: "bundle f/a.zip", files: map[string]string{"f": ""}, want: "DIR/f can't be written"},
		"a folder in its place":     {args: "bundle a.zip", files: map[string]string{"a.zip/x": ""}, want: "is a folder"},
		"negative weights":          {args: "bundle --weights=-1 a.zip", want: "--weights is -1"},
		"checkpoints all the time":  {args: "run --checkpoint-every 0s table2", want: "--checkpoint-every is 0s"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for path, content := range c.files {
				write(t, filepath.Join(dir, path), content)
			}
			before := snapshot(t, dir)
			r := invoke(t, dir, strings.Fields(c.args)...)
			line, rest, _ := strings.Cut(r.stderr, "\n")
			if r.code != program.ExitBadInput || rest != "" || !strings.Contains(line, strings.ReplaceAll(c.want, "DIR", dir)) {
				t.Errorf("exit code %d, stderr\n%s", r.code, r.stderr)
			}
			if after := snapshot(t, dir); !reflect.DeepEqual(before, after) {
				t.Errorf("something was written:\n%v\n%v", before, after)
			}
		})
	}
}
