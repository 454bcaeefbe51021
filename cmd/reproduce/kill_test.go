// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/train"
)

// Killed at 20 random moments, with SIGKILL, in turn the command alone (its
// worker lives on for a moment) and all of its processes at once. Given again
// until it is done, the command ends with the weights of an undisturbed run.
func TestKilled(t *testing.T) {
	needsXLA(t)
	// Most of the time goes into compiling; its result need not be fast.
	t.Setenv("XLA_FLAGS", "--xla_backend_optimization_level=0")
	args := []string{"run", "--preset", "smoke", "--workers", "0", "--checkpoint-every", "1ms", "fig5"}
	const kills, killsInAStore = 20, 5

	dir, at := t.TempDir(), time.Now()
	ok(t, dir, args...)
	undisturbed := time.Since(at)
	want := weightSums(t, filepath.Join(dir, "runs"))
	if len(want) != 6 {
		t.Fatalf("the store holds %v", want)
	}

	r := rand.New(rand.NewPCG(7, 0))
	resumed := 0
	for killed := 0; killed < kills; {
		dir := t.TempDir()
		for range killsInAStore {
			// A moment within what is left to do.
			finished, _ := filepath.Glob(filepath.Join(dir, "runs", "runs", "*"))
			left := undisturbed.Seconds() * (1 - float64(len(finished))/float64(len(want)))
			after := time.Duration(r.Float64() * left * float64(time.Second))
			stderr, done := runAndKill(t, dir, after, killed%2 == 1, args)
			resumed += strings.Count(stderr, "goes on from step")
			if done {
				break
			}
			killed++
		}
		resumed += strings.Count(ok(t, dir, args...).stderr, "goes on from step")
		if got := weightSums(t, filepath.Join(dir, "runs")); !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d kills the weights are %v, and those of an undisturbed run %v", killed, got, want)
		}
		if v := ok(t, dir, "verify"); !strings.Contains(v.stdout, "6 records sound, 0 damaged") {
			t.Errorf("verify says\n%s", v.stdout)
		}
		if left, _ := os.ReadDir(filepath.Join(dir, "runs", "partial")); len(left) > 0 {
			t.Errorf("left of unfinished runs is %v", left)
		}
	}
	if resumed == 0 {
		t.Error("no run went on from a checkpoint: the moments miss all training")
	}
}

// runAndKill starts the program and kills it after some time, alone or with its
// workers. Done reports that the program ended before.
func runAndKill(t *testing.T, dir string, after time.Duration, all bool, args []string) (stderr string, done bool) {
	t.Helper()
	cmd := command(t, dir, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() {
		pid := cmd.Process.Pid
		if all {
			pid = -pid // the group
		}
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended just now
	})
	defer timer.Stop()
	err := cmd.Wait()
	if err != nil && cmd.ProcessState.ExitCode() >= 0 { // it has a code where no signal ended it
		t.Fatalf("before it was killed: %v\n%s", err, said.String())
	}
	return said.String(), err == nil
}

// SIGTERM while it trains: a checkpoint within 1 s, and exit code 130 within 2 s.
func TestTerminated(t *testing.T) {
	needsXLA(t)
	// Compilation can't be interrupted: a signal that fell into it (the checkpoint
	// is then at step 1) says nothing about the time that training takes to end.
	for wait := 3 * time.Second; ; wait *= 2 {
		dir := t.TempDir()
		r := start(t, dir, "run", "--preset", "quick", "--plain", "table2")
		r.until(t, "28151 parameters, 20000 steps")
		time.Sleep(wait)
		at := time.Now()
		code, took := r.end(t, syscall.SIGTERM)
		if code != program.ExitInterrupted {
			t.Fatalf("exit code %d, want %d\n%s", code, program.ExitInterrupted, r.stderr.String())
		}
		steps, written := checkpoint(t, filepath.Join(dir, "runs"))
		if steps == 1 && wait < 30*time.Second {
			continue
		}
		if steps < 2 || steps >= 20_000 {
			t.Errorf("the checkpoint is at step %d", steps)
		}
		if late := written.Sub(at); late > time.Second {
			t.Errorf("the checkpoint was written %s after the signal", late)
		}
		if took > 2*time.Second {
			t.Errorf("it took %s to end", took)
		}
		if entries, _ := os.ReadDir(filepath.Join(dir, "out")); len(entries) > 0 {
			t.Errorf("an interrupted command leaves the report %v", entries)
		}
		return
	}
}

// checkpoint is the step of the one checkpoint in a store, and when it was
// written.
func checkpoint(t *testing.T, dir string) (steps int, written time.Time) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "partial", "*", "checkpoint"))
	if err != nil || len(files) != 1 {
		t.Fatalf("checkpoints are %v, %v; want one", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(data, []byte("\n")) // the line of its checksum
	state, err := train.DecodeState(body)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return state.Steps, info.ModTime()
}
