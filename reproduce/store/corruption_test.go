// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/reproduce/store"
)

// family is a store of three sound records, the third of which started from the
// first, and of a checkpoint.
type family struct {
	dir     string
	configs []store.Config
	sound   map[string]store.Record
	files   []string // below dir
}

func newFamily(t *testing.T) *family {
	t.Helper()
	f := &family{dir: t.TempDir(), configs: []store.Config{config(1), config(2), config(3)}, sound: map[string]store.Record{}}
	f.configs[0].Parent, f.configs[1].Parent = "", ""
	f.configs[2].Parent = f.configs[0].Name()
	s := open(t, f.dir)
	for i, c := range f.configs {
		r := record(uint64(i+1), "float32")
		r.Manifest.ParentWeights = ""
		if i == 2 {
			r.Manifest.ParentWeights = f.sound[c.Parent].Manifest.Files["weights.npz"]
		}
		f.sound[c.Name()] = *put(t, s, c, r, "float32")
	}
	p := begin(t, s, config(4))
	if err := p.Checkpoint(state(7), "float32", 12.3); err != nil {
		t.Fatal(err)
	}
	p.Close()
	for _, pattern := range []string{"runs/*/*", "partial/*/checkpoint"} {
		files, err := filepath.Glob(filepath.Join(f.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			rel, err := filepath.Rel(f.dir, file)
			if err != nil {
				t.Fatal(err)
			}
			f.files = append(f.files, rel)
		}
	}
	if len(f.files) != 3*len(recordFiles)+1 {
		t.Fatalf("the store consists of %v", f.files)
	}
	return f
}

// damage does something to a copy of the store, and says what.
func (f *family) damage(t *testing.T, r *rand.Rand, dir string) string {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	file := f.files[r.IntN(len(f.files))]
	path := filepath.Join(dir, file)
	data, err := os.ReadFile(path)
	check(err)
	switch what := r.IntN(8); what {
	case 0:
		check(os.Remove(path))
		return "deleted " + file
	case 1: // the same file of two records
		i, j, name := r.IntN(3), r.IntN(3), recordFiles[r.IntN(len(recordFiles))]
		a := filepath.Join(dir, "runs", f.configs[i].Name(), name)
		b := filepath.Join(dir, "runs", f.configs[j].Name(), name)
		x, err := os.ReadFile(a)
		check(err)
		y, err := os.ReadFile(b)
		check(err)
		check(os.WriteFile(a, y, 0o644))
		check(os.WriteFile(b, x, 0o644))
		return fmt.Sprintf("swapped %s of %d and %d", name, i, j)
	case 2: // two records
		i, j := r.IntN(3), r.IntN(3)
		a, b := filepath.Join(dir, "runs", f.configs[i].Name()), filepath.Join(dir, "runs", f.configs[j].Name())
		if i != j {
			check(os.Rename(a, a+".x"))
			check(os.Rename(b, a))
			check(os.Rename(a+".x", b))
		}
		return fmt.Sprintf("swapped the records %d and %d", i, j)
	case 3: // a file becomes another
		from := f.files[r.IntN(len(f.files))]
		other, err := os.ReadFile(filepath.Join(dir, from))
		check(err)
		check(os.WriteFile(path, other, 0o644))
		return from + " written over " + file
	default:
		check(os.WriteFile(path, corrupt(r, data), 0o644))
		return "corrupted " + file
	}
}

// A thousand corruptions of any kind anywhere in a store: Get serves nothing
// false, and Verify finds each unless all is still there and true.
func TestRandomCorruption(t *testing.T) {
	f := newFamily(t)
	r := rand.New(rand.NewPCG(2, 0))
	const n = 1000
	found, harmless, s := 0, 0, open(t, f.dir)
	sound := map[string][]byte{}
	for _, file := range f.files {
		data, err := os.ReadFile(filepath.Join(f.dir, file))
		if err != nil {
			t.Fatal(err)
		}
		sound[file] = data
	}
	if findings, err := store.Verify(os.DirFS(f.dir), f.dir); err != nil || len(findings.Sound) != 3 {
		t.Fatalf("the sound store: %v, %v", findings, err)
	}
	for i := range n {
		what := f.damage(t, r, f.dir)
		findings, err := store.Verify(os.DirFS(f.dir), f.dir)
		detected := err != nil || len(findings.Damaged)+len(findings.Checkpoints) > 0
		if intact := f.served(t, s, what); !intact && !detected {
			t.Fatalf("corruption %d (%s) was not noticed", i, what)
		}
		if detected {
			found++
		} else {
			harmless++
		}
		for file, data := range sound {
			path := filepath.Join(f.dir, file)
			if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, data) {
				continue
			}
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Harmless are those that leave all bytes as they are, such as a record swapped
	// with itself (a third of two of the eight kinds), and few others.
	if found < n*4/5 {
		t.Errorf("%d of %d corruptions were noticed, %d harmless", found, n, harmless)
	}
}

// served asks a damaged store for all that it holds: nothing that it gives may be
// false. Intact means that all is there.
func (f *family) served(t *testing.T, s *store.Store, what string) (intact bool) {
	t.Helper()
	intact = true
	for _, c := range f.configs {
		got, err := s.Read(c.Name())
		var damaged *store.DamagedError
		if errors.As(err, &damaged) {
			intact = false
			continue
		}
		if err != nil || got == nil {
			t.Fatalf("%s: the store gives %v, %v", what, got, err)
		}
		sound := f.sound[c.Name()]
		if got.Manifest.Self == "" { // its name was hit: see TestEveryByteOfTheManifest
			sound.Manifest.Self = ""
			intact = false
		}
		if !reflect.DeepEqual(*got, sound) {
			t.Fatalf("%s: a false record is served", what)
		}
	}
	p := begin(t, s, config(4))
	defer p.Close()
	if p.State == nil {
		// None at all is no damage: a run that has just begun has none.
		_, err := os.Stat(filepath.Join(f.dir, "partial", config(4).Name(), "checkpoint"))
		return intact && err != nil
	}
	if !reflect.DeepEqual(*p.State, state(7)) || p.WallSeconds != 12.3 {
		t.Fatalf("%s: a false checkpoint is served", what)
	}
	return intact
}

// What Verify says of each fault, and what it leaves alone.
func TestVerify(t *testing.T) {
	f := newFamily(t)
	names := []string{f.configs[0].Name(), f.configs[1].Name(), f.configs[2].Name()}
	for name, c := range map[string]struct {
		damage func(dir string) error
		// which record, -1 for the checkpoint, and a part of why
		damaged   map[int]string
		unchecked string
	}{
		"nothing": {damage: func(string) error { return nil }},
		"a bit of the weights": {
			damage: func(dir string) error { return flip(filepath.Join(dir, "runs", names[1], "weights.npz"), 100) },
			damaged: map[int]string{
				1: "weights.npz does not match its checksum",
			},
		},
		"a file too many": {
			damage: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "runs", names[1], "notes.txt"), nil, 0o644)
			},
			damaged: map[int]string{1: "notes.txt"},
		},
		"a file of the system": {
			damage: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "runs", names[1], ".DS_Store"), nil, 0o644)
			},
		},
		"a record that was made for another name": {
			damage: func(dir string) error {
				s, err := store.Open(dir)
				if err != nil {
					return err
				}
				if err := os.RemoveAll(filepath.Join(dir, "runs", names[1])); err != nil {
					return err
				}
				return forge(s, names[1], f.configs[0])
			},
			damaged: map[int]string{1: "config.json is not what the name was made from"},
		},
		"a parent with other weights": {
			damage: func(dir string) error {
				if err := os.RemoveAll(filepath.Join(dir, "runs", names[0])); err != nil {
					return err
				}
				s, err := store.Open(dir)
				if err != nil {
					return err
				}
				r := record(9, "float32")
				r.Manifest.ParentWeights = ""
				_, err = s.Put(f.configs[0], r, "float32")
				return err
			},
			damaged: map[int]string{2: "other weights of " + names[0]},
		},
		"a parent that is gone": {
			damage:    func(dir string) error { return os.RemoveAll(filepath.Join(dir, "runs", names[0])) },
			unchecked: names[2] + ": the run that it starts from, " + names[0],
		},
		"a damaged parent": {
			damage:    func(dir string) error { return flip(filepath.Join(dir, "runs", names[0], "history.csv"), 5) },
			damaged:   map[int]string{0: "history.csv"},
			unchecked: names[2],
		},
		"the checkpoint": {
			damage: func(dir string) error {
				return flip(filepath.Join(dir, "partial", config(4).Name(), "checkpoint"), 200)
			},
			damaged: map[int]string{-1: "does not match its checksum"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			if err := os.CopyFS(dir, os.DirFS(f.dir)); err != nil {
				t.Fatal(err)
			}
			if err := c.damage(dir); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, dir)
			got, err := store.Verify(os.DirFS(dir), dir)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(snapshot(t, dir), before) {
				t.Error("Verify has changed something")
			}
			all := slices.Concat(got.Damaged, got.Checkpoints)
			if len(all) != len(c.damaged) {
				t.Errorf("found are %v", all)
			}
			for i, why := range c.damaged {
				want := config(4).Name()
				if i >= 0 {
					want = names[i]
				}
				if !slices.ContainsFunc(all, func(d *store.DamagedError) bool { return d.Name == want && strings.Contains(d.Reason, why) }) {
					t.Errorf("found are %v, want %s: %s", all, want, why)
				}
			}
			if text := strings.Join(got.Unchecked, "\n"); !strings.Contains(text, c.unchecked) || (c.unchecked == "") != (text == "") {
				t.Errorf("unchecked is %q, want %q", text, c.unchecked)
			}

			// Set aside, the store is sound, and the damage is kept with its reason.
			s := open(t, dir)
			if err := s.SetAside(got); err != nil {
				t.Fatal(err)
			}
			again, err := store.Verify(os.DirFS(dir), dir)
			if err != nil || len(again.Damaged)+len(again.Checkpoints) > 0 {
				t.Errorf("after setting aside: %v, %v", again, err)
			}
			if !slices.Equal(again.Sound, got.Sound) {
				t.Errorf("sound are %v, and were %v", again.Sound, got.Sound)
			}
			for _, d := range all {
				reasons, _ := filepath.Glob(filepath.Join(dir, "damaged", d.Name+"*.1.reason"))
				if len(reasons) == 0 {
					reasons, _ = filepath.Glob(filepath.Join(dir, "damaged", d.Name+".1.reason"))
				}
				if len(reasons) != 1 {
					t.Fatalf("reasons of %s are %v", d.Name, reasons)
				}
				if text, err := os.ReadFile(reasons[0]); err != nil || strings.TrimSpace(string(text)) != d.Reason {
					t.Errorf("the reason that is kept is %q, %v, want %q", text, err, d.Reason)
				}
			}
		})
	}
}

func TestVerifyOfWhatIsNoStore(t *testing.T) {
	for name, make := range map[string]func(dir string) error{
		"no run store": func(string) error { return nil },
		"newer version": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "store.json"), []byte(`{"version": 2}`), 0o644)
		},
		"not readable": func(dir string) error { return os.WriteFile(filepath.Join(dir, "store.json"), []byte(`{`), 0o644) },
	} {
		dir := t.TempDir()
		if err := make(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Verify(os.DirFS(dir), dir); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), dir) {
			t.Errorf("want an error that says %q of %s, got %v", name, dir, err)
		}
	}
}

func flip(path string, at int) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[at] ^= 1
	return os.WriteFile(path, data, 0o644)
}

// forge puts the record of a configuration under a name that is not its own,
// with every checksum right.
func forge(s *store.Store, name string, c store.Config) error {
	if err := os.CopyFS(filepath.Join(s.Dir(), "runs", name), os.DirFS(filepath.Join(s.Dir(), "runs", c.Name()))); err != nil {
		return err
	}
	path := filepath.Join(s.Dir(), "runs", name, "manifest.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data = bytes.ReplaceAll(data, []byte(c.Name()), []byte(name))
	return os.WriteFile(path, resign(data), 0o644)
}

// resign gives a manifest the checksum of what it says now.
func resign(manifest []byte) []byte {
	const head = `"self": "`
	at := bytes.Index(manifest, []byte(head)) + len(head)
	out := bytes.Clone(manifest)
	copy(out[at:], strings.Repeat("0", 64))
	sum := sha256.Sum256(out)
	hex.Encode(out[at:at+64], sum[:])
	return out
}

// corrupt returns bytes with a bit flipped, a stretch overwritten with noise or
// zeros, cut out or doubled, or the end cut off.
func corrupt(r *rand.Rand, sound []byte) []byte {
	data := bytes.Clone(sound)
	from := r.IntN(len(data))
	to := min(len(data), from+1+r.IntN(64))
	switch r.IntN(6) {
	case 0:
		data[from] ^= 1 << r.IntN(8)
	case 1:
		for i := from; i < to; i++ {
			data[i] = byte(r.UintN(256))
		}
	case 2:
		clear(data[from:to])
	case 3:
		data = append(data[:from], sound[to:]...)
	case 4:
		data = append(data[:to], sound[from:]...)
	case 5:
		data = data[:from]
	}
	return data
}
