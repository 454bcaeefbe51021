// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build linux

package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"pinn.example/repro/reproduce/store"
)

// On a disk of 64 KB a second checkpoint, of a larger state, finds no room, nor
// does a record: both say so, and the first checkpoint stays.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a small disk can't be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := open(t, dir)
	p := begin(t, s, config(1))
	if err := p.Checkpoint(state(7), "float32", 1); err != nil {
		t.Fatal(err)
	}
	fill(t, filepath.Join(dir, "other data"))

	err := p.Checkpoint(state(8), "float32", 2)
	wantFull(t, err, filepath.Join(dir, "partial"))
	_, err = s.Put(config(1), record(1, "float32"), "float32")
	wantFull(t, err, dir)
	if r := get(t, s, config(1).Name()); r != nil {
		t.Error("half a record is served")
	}
	if left := entries(t, filepath.Join(dir, "tmp")); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
	p.Close()
	if p = begin(t, open(t, dir), config(1)); p.State == nil || !reflect.DeepEqual(*p.State, state(7)) {
		t.Fatalf("the last checkpoint is lost: %v", p.State)
	}
	defer p.Close()
	// With room again, it goes on.
	if err := os.Remove(filepath.Join(dir, "other data")); err != nil {
		t.Fatal(err)
	}
	if err := p.Checkpoint(state(8), "float32", 2); err != nil {
		t.Error(err)
	}
}

// fill writes to a file until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 512))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

func wantFull(t *testing.T, err error, where string) {
	t.Helper()
	var full *store.FullError
	if !errors.As(err, &full) || !strings.Contains(err.Error(), where) || !strings.Contains(err.Error(), "free some space") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want a line that says that %s is full and what to do, got %v", where, err)
	}
}

// The same under a limit of the size of files, for which no rights are needed. A
// process of its own takes it on.
func TestFileSizeLimit(t *testing.T) {
	s := open(t, t.TempDir())
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childJob+"=limited", childStore+"="+s.Dir())
	out, _ := cmd.Output() // a child always ends with code 1
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	for _, want := range []string{"file too large; free some space", "file too large; free some space"} {
		if !lines.Scan() || !strings.Contains(lines.Text(), want) {
			t.Errorf("the limited process says\n%s", out)
		}
	}
	p := begin(t, s, config(1))
	defer p.Close()
	if p.State == nil || !reflect.DeepEqual(*p.State, state(7)) {
		t.Errorf("the last checkpoint is lost: %v", p.State)
	}
	if names, err := s.Names(); err != nil || len(names) > 0 {
		t.Errorf("records are %v, %v", names, err)
	}
}

// limited writes a checkpoint, and then nothing of more than 100 bytes.
func limited(s *store.Store) error {
	p, err := s.Begin(config(1))
	if err != nil {
		return err
	}
	if err := p.Checkpoint(state(7), "float32", 1); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: 100}); err != nil {
		return err
	}
	fmt.Println(p.Checkpoint(state(8), "float32", 2))
	_, err = s.Put(config(1), record(1, "float32"), "float32")
	return err
}

func init() { childJobs["limited"] = limited }
