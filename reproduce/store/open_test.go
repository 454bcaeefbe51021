// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pinn.example/repro/reproduce/store"
)

func TestOpenMakesAndFinds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir)
	if s.Dir() != dir {
		t.Errorf("folder is %s, want %s", s.Dir(), dir)
	}
	before := snapshot(t, dir)
	if before[filepath.Join(dir, "store.json")] != "{\"version\":1}\n" {
		t.Errorf("store.json is %q", before[filepath.Join(dir, "store.json")])
	}
	open(t, dir)
	if after := snapshot(t, dir); !reflect.DeepEqual(before, after) {
		t.Errorf("opening a second time changed the store:\n%v\n%v", before, after)
	}
	if r := get(t, s, config(1).Name()); r != nil {
		t.Errorf("an empty store holds %v", r)
	}
}

// What can't be opened is left exactly as it was, and said in one line that
// names the folder. A file stands where a folder should be: permissions don't
// stop a test that runs as root.
func TestOpenRefuses(t *testing.T) {
	write := func(t *testing.T, path, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		set  func(t *testing.T, dir string)
		want string // part of the message, DIR for the folder
	}{
		"a newer version": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "store.json"), `{"version": 2}`) },
			"DIR was made by a newer version (layout 2, this program knows up to 1); use that version, or another folder",
		},
		"a newer version with more to say": {
			func(t *testing.T, dir string) {
				write(t, filepath.Join(dir, "store.json"), `{"version": 17, "kind": {"of": ["a", "b"]}}`)
				write(t, filepath.Join(dir, "runs", "x", "manifest.json"), `{}`)
			},
			"newer version (layout 17",
		},
		"a head that is no JSON": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "store.json"), "version 1") },
			"DIR/store.json is not readable",
		},
		"a head without a version": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "store.json"), "{}") },
			"DIR/store.json is not readable",
		},
		"a file in its place": {
			func(t *testing.T, dir string) { write(t, dir, "") },
			"DIR/store.json can't be read: not a directory",
		},
		"a file in place of its parent": {
			func(t *testing.T, dir string) { write(t, filepath.Dir(dir), "") },
			"not a directory",
		},
		"a file in place of runs": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "runs"), "") },
			"the folder DIR can't be written: not a directory",
		},
		"a file in place of partial": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "partial"), "") },
			"the folder DIR can't be written: not a directory",
		},
		"a file in place of tmp": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "tmp"), "") },
			"the folder DIR can't be written: not a directory",
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			dir := filepath.Join(root, "parent", "runs")
			c.set(t, dir)
			before := snapshot(t, root)
			s, err := store.Open(dir)
			if err == nil {
				t.Fatalf("opened %s", s.Dir())
			}
			if want := strings.ReplaceAll(c.want, "DIR", dir); !strings.Contains(err.Error(), want) {
				t.Errorf("error is %q, want it to say %q", err, want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has more than a line: %q", err)
			}
			if after := snapshot(t, root); !reflect.DeepEqual(before, after) {
				t.Errorf("something has changed:\n%v\n%v", before, after)
			}
		})
	}
}

// A store to reuse must be one, and of a layout that is known; our own is not
// made before that is clear.
func TestOpenRefusesReuse(t *testing.T) {
	for name, set := range map[string]func(dir string) error{
		"nothing there": func(string) error { return nil },
		"a file":        func(dir string) error { return os.WriteFile(dir, nil, 0o644) },
		"no store":      func(dir string) error { return os.MkdirAll(filepath.Join(dir, "pictures"), 0o755) },
		"a newer version": func(dir string) error {
			if err := os.MkdirAll(filepath.Join(dir, "runs"), 0o755); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "store.json"), []byte(`{"version": 2}`), 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			other := filepath.Join(root, "other")
			if err := set(other); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, root)
			_, err := store.Open(filepath.Join(root, "own"), other)
			if err == nil || !strings.Contains(err.Error(), other) {
				t.Errorf("error is %v, want one that names %s", err, other)
			}
			if after := snapshot(t, root); !reflect.DeepEqual(before, after) {
				t.Errorf("something has changed:\n%v\n%v", before, after)
			}
		})
	}
}
