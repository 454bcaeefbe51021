// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
)

// sharedRuns are those that several processes train at once.
const sharedRuns = 12

func init() {
	childJobs["share"] = func(s *store.Store) error { return share(s, nil) }
	childJobs["share without locks"] = func(s *store.Store) error { return share(s, syscall.ENOLCK) }
}

// share trains all runs that the store lacks, as a pool does: what another process
// trains is put off.
func share(s *store.Store, noLocks error) error {
	if noLocks != nil {
		defer store.WithoutLocks(noLocks)()
	}
	for left := sharedRuns; left > 0; {
		left = 0
		for seed := int64(1); seed <= sharedRuns; seed++ {
			p, err := s.Begin(config(seed))
			if errors.Is(err, store.ErrBusy) {
				left++
				continue
			}
			if err != nil {
				return err
			}
			if r, err := s.Get(config(seed).Name()); r != nil || err != nil {
				if err := errors.Join(err, p.Close()); err != nil {
					return err
				}
				continue
			}
			from := 0
			if p.State != nil {
				from = p.State.Steps
			}
			for step := from + 1; step <= 5; step++ {
				time.Sleep(time.Millisecond) // the work
				if err := p.Checkpoint(state(step), "float32", 1); err != nil {
					return err
				}
				if seed == 1 && step == 1 {
					fmt.Println("ready")
				}
			}
			if _, err := s.Put(config(seed), record(uint64(seed), "float32"), "float32"); err != nil {
				return err
			}
			if err := p.Done(); err != nil {
				return err
			}
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("done")
	return nil
}

// Four processes fill one store, and one of them is killed. The others wait for
// nobody, and each record is there once, whole.
func TestSeveralProcessesOnOneStore(t *testing.T) {
	for _, job := range []string{"share", "share without locks"} {
		t.Run(job, func(t *testing.T) {
			dir := t.TempDir()
			open(t, dir)
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			var processes []*exec.Cmd
			var says []*bufio.Reader
			for range 4 {
				cmd := exec.Command(exe)
				cmd.Env = append(os.Environ(), childJob+"="+job, childStore+"="+dir)
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = cmd.Process.Kill() })
				processes, says = append(processes, cmd), append(says, bufio.NewReader(out))
			}
			time.Sleep(30 * time.Millisecond) // somewhere in their 12 runs of 5 ms and more
			kill(t, processes[0])
			late := time.AfterFunc(time.Minute, func() {
				for _, p := range processes[1:] {
					_ = p.Process.Kill()
				}
			})
			defer late.Stop()
			for i, p := range processes[1:] {
				text, _ := io.ReadAll(says[i+1]) // up to the end of the process
				p.Wait()                         // it ends with 1, as every child
				if !strings.HasSuffix(string(text), "done\n") {
					t.Errorf("process %d says %q: it did not come to its end", i+1, text)
				}
			}
			var want []string
			for seed := int64(1); seed <= sharedRuns; seed++ {
				want = append(want, config(seed).Name())
			}
			slices.Sort(want)
			s := open(t, dir)
			names, err := s.Names()
			if err != nil || !slices.Equal(names, want) {
				t.Fatalf("records are %v, %v; want %v", names, err, want)
			}
			for seed := uint64(1); seed <= sharedRuns; seed++ {
				r, err := s.Read(config(int64(seed)).Name())
				if err != nil {
					t.Fatal(err)
				}
				sameBits(t, r.Weights, weights(seed, "float32"))
			}
			if damaged, _ := os.ReadDir(filepath.Join(dir, "damaged")); len(damaged) > 0 {
				t.Errorf("set aside: %v", damaged)
			}
			if left := entries(t, filepath.Join(dir, "partial")); len(left) > 0 {
				t.Errorf("left of unfinished runs is %v", left)
			}
		})
	}
}

// Where the file system has no locks, two train one run: both end well, the first has
// the record, and the second goes on after the first removed its folder.
func TestNoLocks(t *testing.T) {
	for _, none := range []error{syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENOLCK, &fs.PathError{Op: "flock", Err: syscall.ENOTSUP}} {
		restore := store.WithoutLocks(none)
		s := open(t, t.TempDir())
		a, b := begin(t, s, config(1)), begin(t, s, config(1))
		for _, p := range []*store.Partial{a, b} {
			if err := p.Checkpoint(state(3), "float32", 1); err != nil {
				t.Fatal(err)
			}
		}
		first := put(t, s, config(1), record(1, "float32"), "float32")
		if err := a.Done(); err != nil {
			t.Fatal(err)
		}
		if err := b.Checkpoint(state(4), "float32", 1); err != nil {
			t.Errorf("a checkpoint after the other's end: %v", err)
		}
		again := record(1, "float32")
		again.Manifest.WallSeconds = 99
		if second := put(t, s, config(1), again, "float32"); second.Manifest.WallSeconds != first.Manifest.WallSeconds {
			t.Error("the second writer has replaced the record")
		}
		if err := b.Done(); err != nil {
			t.Fatal(err)
		}
		if left := entries(t, filepath.Join(s.Dir(), "partial")); len(left) > 0 {
			t.Errorf("left is %v", left)
		}
		restore()
	}
	// What is wrong otherwise is told.
	defer store.WithoutLocks(syscall.EACCES)()
	if _, err := open(t, t.TempDir()).Begin(config(1)); !errors.Is(err, syscall.EACCES) {
		t.Errorf("an error of the file system is %v", err)
	}
}

// A process that is stopped, not killed, keeps its lock. Its sign of life stays the
// same, another goes on beside it from its checkpoint, and both come to one end.
func TestBesideAStoppedProcess(t *testing.T) {
	s := open(t, t.TempDir())
	cmd := start(t, "checkpoints", s.Dir())
	name := config(1).Name()
	first := s.Sign(name)
	for end := time.Now().Add(10 * time.Second); s.Sign(name) == first; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a process that writes checkpoints gives one sign of life")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // until it has stopped
	sign := s.Sign(name)
	time.Sleep(50 * time.Millisecond)
	if s.Sign(name) != sign || sign == "" {
		t.Errorf("a stopped process gives the signs %q and %q", sign, s.Sign(name))
	}
	if _, err := s.Begin(config(1)); !errors.Is(err, store.ErrBusy) {
		t.Fatalf("its lock: %v", err)
	}
	p, err := s.BeginBeside(config(1))
	if err != nil || p.State == nil || !reflect.DeepEqual(*p.State, state(p.State.Steps)) {
		t.Fatalf("beside it: %+v, %v", p, err)
	}
	put(t, s, config(1), record(1, "float32"), "float32")
	if err := p.Done(); err != nil {
		t.Fatal(err)
	}
	// It lives again, and its next checkpoint does not fail.
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	checkpoint := filepath.Join(s.Dir(), "partial", name, "checkpoint")
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(checkpoint); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the process that lives again writes no checkpoints")
		}
	}
	kill(t, cmd)
	if open(t, s.Dir()); len(entries(t, filepath.Join(s.Dir(), "partial"))) > 0 {
		t.Error("the checkpoint of a finished run stays")
	}
}

// A lock whose folder was removed by the one who had it is no lock: who finds none
// makes another.
func TestLockOfARemovedFolder(t *testing.T) {
	s := open(t, t.TempDir())
	old := begin(t, s, config(1))
	if err := os.RemoveAll(filepath.Join(s.Dir(), "partial", config(1).Name())); err != nil {
		t.Fatal(err)
	}
	p := begin(t, s, config(1))
	defer p.Close()
	old.Close()
	if _, err := s.Begin(config(1)); !errors.Is(err, store.ErrBusy) {
		t.Errorf("beside the new lock: %v", err)
	}
}

// The clocks of machines may be wrong by days: what one writes now, in a store whose
// file system has the right time, no other removes.
func TestCleaningGoesByTheFileSystemsClock(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	p := begin(t, s, config(1))
	defer p.Close()
	half := filepath.Join(dir, "partial", config(1).Name(), ".new-1")
	for _, file := range []string{filepath.Join(dir, "tmp", "young-1"), half} {
		if err := os.WriteFile(file, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// The file's time is ahead of the file system's by a day, as of a machine that
	// sets it by its own clock.
	age(t, filepath.Join(dir, "tmp", "young-1"), -24*time.Hour)
	open(t, dir)
	for _, file := range []string{filepath.Join(dir, "tmp", "young-1"), half} {
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
}
