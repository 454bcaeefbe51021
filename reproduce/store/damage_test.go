// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pinn.example/repro/reproduce/store"
)

var recordFiles = []string{"config.json", "history.csv", "metrics.json", "weights.npz", "manifest.json"}

// damaged is a store with two sound records, of which the test damages a.
type damaged struct {
	s     *store.Store
	a, b  store.Config
	sound store.Record // what a was
}

func newDamaged(t *testing.T) *damaged {
	t.Helper()
	d := &damaged{s: open(t, t.TempDir()), a: config(1), b: config(2)}
	d.sound = *put(t, d.s, d.a, record(1, "float32"), "float32")
	put(t, d.s, d.b, record(2, "float32"), "float32")
	return d
}

func (d *damaged) path(c store.Config, file string) string {
	return filepath.Join(d.s.Dir(), "runs", c.Name(), file)
}

// check asks for the damaged record: it must be gone, set aside whole with a
// reason, its neighbour untouched, and its place free.
func (d *damaged) check(t *testing.T) {
	t.Helper()
	before := snapshot(t, d.path(d.a, ""))
	if r := get(t, d.s, d.a.Name()); r != nil {
		t.Fatal("a damaged record is served")
	}
	if _, err := os.Stat(d.path(d.a, "")); err == nil {
		t.Error("the damaged record is still there")
	}
	aside := filepath.Join(d.s.Dir(), "damaged", d.a.Name()+".1")
	if after := snapshot(t, aside); len(after) != len(before) {
		t.Errorf("set aside are %d files of %d", len(after), len(before))
	}
	if reason, err := os.ReadFile(aside + ".reason"); err != nil || len(bytes.TrimSpace(reason)) == 0 {
		t.Errorf("no reason is kept: %q, %v", reason, err)
	}
	if get(t, d.s, d.b.Name()) == nil {
		t.Error("the sound neighbour is gone")
	}
	put(t, d.s, d.a, record(3, "float32"), "float32")
	sameBits(t, get(t, d.s, d.a.Name()).Weights, weights(3, "float32"))
}

func TestDamagedRecords(t *testing.T) {
	for _, file := range recordFiles {
		for name, damage := range map[string]func(d *damaged, path string) error{
			"truncated": func(_ *damaged, path string) error {
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				return os.WriteFile(path, data[:len(data)/2], 0o644)
			},
			"emptied": func(_ *damaged, path string) error { return os.Truncate(path, 0) },
			"flipped": func(_ *damaged, path string) error {
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				data[len(data)/2] ^= 1
				return os.WriteFile(path, data, 0o644)
			},
			"deleted": func(_ *damaged, path string) error { return os.Remove(path) },
			"swapped": func(d *damaged, path string) error {
				data, err := os.ReadFile(d.path(d.b, file))
				if err != nil {
					return err
				}
				return os.WriteFile(path, data, 0o644)
			},
		} {
			t.Run(file+" "+name, func(t *testing.T) {
				d := newDamaged(t)
				if err := damage(d, d.path(d.a, file)); err != nil {
					t.Fatal(err)
				}
				d.check(t)
			})
		}
	}
}

// A whole record under another's name is sound in itself, and yet another run.
func TestRecordUnderAnotherName(t *testing.T) {
	d := newDamaged(t)
	if err := os.RemoveAll(d.path(d.a, "")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(d.path(d.a, ""), os.DirFS(d.path(d.b, ""))); err != nil {
		t.Fatal(err)
	}
	d.check(t)
}

// Damage after damage: each is kept beside the other.
func TestDamagedTwice(t *testing.T) {
	d := newDamaged(t)
	for i := 1; i <= 3; i++ {
		if err := os.Remove(d.path(d.a, "config.json")); err != nil {
			t.Fatal(err)
		}
		if get(t, d.s, d.a.Name()) != nil {
			t.Fatal("a damaged record is served")
		}
		for _, end := range []string{"", ".reason"} {
			if _, err := os.Stat(filepath.Join(d.s.Dir(), "damaged", fmt.Sprintf("%s.%d%s", d.a.Name(), i, end))); err != nil {
				t.Error(err)
			}
		}
		put(t, d.s, d.a, record(1, "float32"), "float32")
	}
}

// Single bits of the manifest: those of the times and the machine's description
// have no other checksum than the manifest's own.
func TestEveryByteOfTheManifest(t *testing.T) {
	d := newDamaged(t)
	path := d.path(d.a, "manifest.json")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 0))
	for at := range sound {
		data := bytes.Clone(sound)
		data[at] ^= 1 << r.IntN(8)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := d.s.Read(d.a.Name())
		if err == nil && !d.isSound(*got) {
			t.Fatalf("byte %d of the manifest is damaged, and it is served: %s", at, data)
		}
	}
}

// isSound reports whether a record that is served says nothing false. The one
// thing that a flipped bit may cost is the name of the checksum's own field.
func (d *damaged) isSound(r store.Record) bool {
	sound := d.sound
	if r.Manifest.Self == "" {
		sound.Manifest.Self = ""
	}
	return reflect.DeepEqual(r, sound)
}
