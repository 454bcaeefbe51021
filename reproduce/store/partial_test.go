// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// As a second process the test binary does what this variable says, in the
// store of the other.
const (
	childJob   = "STORE_TEST_JOB"
	childStore = "STORE_TEST_STORE"
)

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		if err := child(job, os.Getenv(childStore)); err != nil {
			fmt.Println(err)
		}
		os.Exit(1) // a child is killed, it never ends by itself
	}
	os.Exit(m.Run())
}

// childJobs are further jobs, of tests that not every system has.
var childJobs = map[string]func(s *store.Store) error{}

func child(job, dir string) error {
	s, err := store.Open(dir)
	if err != nil {
		return err
	}
	if do := childJobs[job]; do != nil {
		return do(s)
	}
	switch job {
	case "lock":
		if _, err = s.Begin(config(1)); err != nil {
			return err
		}
		fmt.Println("ready")
		time.Sleep(time.Hour)
	case "checkpoints":
		p, err := s.Begin(config(1))
		if err != nil {
			return err
		}
		for i := 1; ; i++ {
			if err := p.Checkpoint(state(i), "float32", float64(i)); err != nil {
				return err
			}
			if i == 1 {
				fmt.Println("ready")
			}
		}
	case "records":
		for i := int64(1); ; i++ {
			if _, err := s.Put(config(i), record(1, "float32"), "float32"); err != nil {
				return err
			}
			if i == 1 {
				fmt.Println("ready")
			}
		}
	}
	return nil
}

// start runs a child until it is ready.
func start(t *testing.T, job, dir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childJob+"="+job, childStore+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the second process says %q, %v", line, err)
	}
	return cmd
}

// kill ends a child with SIGKILL: it gets to do nothing more.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its error says that it was killed
}

func begin(t testing.TB, s *store.Store, c store.Config) *store.Partial {
	t.Helper()
	p, err := s.Begin(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// state is a training state at a step, its numbers made from the step.
func state(steps int) train.State {
	of := func(x float64) map[string]train.Array {
		a := train.NewArray(1, 20, 20)
		for i := range a.Data {
			a.Data[i] = float64(float32(x * float64(i)))
		}
		return map[string]train.Array{"start/w": a}
	}
	x := 1 / float64(steps)
	return train.State{
		Steps: steps, Weights: of(x), Moment1: of(x / 2), Moment2: of(x * x),
		History: train.History{Terms: []string{"residual"}, Rows: []train.Row{{Step: steps, Terms: []float64{x}}}},
	}
}

func TestCheckpoint(t *testing.T) {
	for _, dtype := range []string{"float32", "float64"} {
		s := open(t, t.TempDir())
		p := begin(t, s, config(1))
		if p.State != nil || p.WallSeconds != 0 || p.Sittings != 0 {
			t.Errorf("%s: a new run starts from %+v", dtype, p)
		}
		// Two sittings of 10.5 s and 20.25 s; of each the last checkpoint counts.
		for _, seconds := range []float64{5, 10.5} {
			if err := p.Checkpoint(state(int(seconds)), dtype, seconds); err != nil {
				t.Fatal(err)
			}
		}
		p.Close()
		p = begin(t, s, config(1))
		if p.Sittings != 1 || p.WallSeconds != 10.5 {
			t.Errorf("%s: %d sittings of %g s, want 1 of 10.5", dtype, p.Sittings, p.WallSeconds)
		}
		if p.State == nil || !reflect.DeepEqual(*p.State, state(10)) {
			t.Errorf("%s: goes on from %+v", dtype, p.State)
		}
		if err := p.Checkpoint(state(30), dtype, 20.25); err != nil {
			t.Fatal(err)
		}
		p.Close()
		p = begin(t, s, config(1))
		if p.Sittings != 2 || p.WallSeconds != 10.5+20.25 || p.State == nil || p.State.Steps != 30 {
			t.Errorf("%s: third sitting starts from %+v", dtype, p)
		}
		if err := p.Done(); err != nil {
			t.Fatal(err)
		}
		if left, _ := os.ReadDir(filepath.Join(s.Dir(), "partial")); len(left) != 0 {
			t.Errorf("%s: %v is left of a finished run", dtype, left)
		}
		p = begin(t, s, config(1))
		if p.State != nil {
			t.Errorf("%s: a finished run's checkpoint is still served", dtype)
		}
		p.Close()
	}
}

// A checkpoint that is corrupt anywhere counts as none, and the run can go on
// from there: start over, and write the next.
func TestCorruptCheckpoint(t *testing.T) {
	s, c := open(t, t.TempDir()), config(1)
	p := begin(t, s, c)
	if err := p.Checkpoint(state(7), "float32", 12.3); err != nil {
		t.Fatal(err)
	}
	p.Close()
	path := filepath.Join(s.Dir(), "partial", c.Name(), "checkpoint")
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 0))
	corruptions := [][]byte{nil, []byte("\n"), sound[:len(sound)/2], sound[:len(sound)-1], append(sound[:len(sound):len(sound)], 0)}
	for range 300 {
		corruptions = append(corruptions, corrupt(r, sound))
	}
	for at := range 120 { // the head: times and checksum
		data := append([]byte(nil), sound...)
		data[at] ^= 1 << r.IntN(8)
		corruptions = append(corruptions, data)
	}
	refused := 0
	for i, data := range corruptions {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		p := begin(t, s, c)
		switch {
		case p.State == nil && p.WallSeconds == 0 && p.Sittings == 0:
			refused++
		// A flipped bit may leave the meaning as it was: "Sittings" is "sittings".
		case p.State == nil || p.WallSeconds != 12.3 || p.Sittings != 1 || !reflect.DeepEqual(*p.State, state(7)):
			t.Errorf("corruption %d gives %+v", i, p)
		}
		p.Close()
	}
	if refused < len(corruptions)*9/10 {
		t.Errorf("only %d of %d corruptions were noticed", refused, len(corruptions))
	}
	p = begin(t, s, c)
	if err := p.Checkpoint(state(8), "float32", 1); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if p = begin(t, s, c); p.State == nil || p.State.Steps != 8 || p.Sittings != 1 {
		t.Errorf("after starting over it goes on from %+v", p)
	}
	p.Close()
}

func TestLock(t *testing.T) {
	s := open(t, t.TempDir())
	p := begin(t, s, config(1))
	if _, err := s.Begin(config(1)); !errors.Is(err, store.ErrBusy) {
		t.Errorf("a second Begin gives %v, want ErrBusy", err)
	}
	begin(t, s, config(2)).Close() // another run is free
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	begin(t, s, config(1)).Close()
}

func TestLockOfAnotherProcess(t *testing.T) {
	s := open(t, t.TempDir())
	cmd := start(t, "lock", s.Dir())
	if _, err := s.Begin(config(1)); !errors.Is(err, store.ErrBusy) {
		t.Errorf("Begin beside another process gives %v, want ErrBusy", err)
	}
	kill(t, cmd)
	begin(t, s, config(1)).Close()
}

// Whenever a process is killed, what is left is a checkpoint of it, whole.
func TestKilledWhileWritingCheckpoints(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	for range 8 {
		s := open(t, t.TempDir())
		cmd := start(t, "checkpoints", s.Dir())
		time.Sleep(time.Duration(r.IntN(20_000)) * time.Microsecond)
		kill(t, cmd)
		p := begin(t, s, config(1))
		if p.State == nil {
			t.Fatal("no checkpoint is left")
		}
		if !reflect.DeepEqual(*p.State, state(p.State.Steps)) || p.WallSeconds != float64(p.State.Steps) {
			t.Fatalf("the checkpoint of step %d is not what was written", p.State.Steps)
		}
		p.Close()
	}
}

// Whenever a process is killed, each record is there whole or not at all.
func TestKilledWhileWritingRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	for range 8 {
		s := open(t, t.TempDir())
		cmd := start(t, "records", s.Dir())
		time.Sleep(time.Duration(r.IntN(30_000)) * time.Microsecond)
		kill(t, cmd)
		names, err := s.Names()
		if err != nil || len(names) == 0 {
			t.Fatalf("names are %v, %v", names, err)
		}
		for _, name := range names {
			if _, err := s.Read(name); err != nil {
				t.Error(err)
			}
		}
		if damaged, _ := os.ReadDir(filepath.Join(s.Dir(), "damaged")); len(damaged) > 0 {
			t.Errorf("set aside: %v", damaged)
		}
	}
}
