// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce/store"
)

// needsXLA skips a test that trains more than the pure-Go backend does in
// passable time.
func needsXLA(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it trains")
	}
	if !strings.Contains(ok(t, t.TempDir(), "doctor").stdout, "backend  xla") {
		t.Skip("there is no XLA plugin: see make setup")
	}
}

// running is a program under way, with what it said so far.
type running struct {
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	stderr bytes.Buffer
}

func start(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	r := &running{cmd: command(t, dir, args...)}
	pipe, err := r.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cmd.Process.Kill() })
	r.lines = bufio.NewScanner(pipe)
	return r
}

// until reads stderr up to a line that contains some text.
func (r *running) until(t *testing.T, text string) {
	t.Helper()
	for r.lines.Scan() {
		r.stderr.WriteString(r.lines.Text() + "\n")
		if strings.Contains(r.lines.Text(), text) {
			return
		}
	}
	t.Fatalf("%q was never said:\n%s", text, r.stderr.String())
}

// end signals the program and returns its exit code and how long it took.
func (r *running) end(t *testing.T, s os.Signal) (code int, took time.Duration) {
	t.Helper()
	at := time.Now()
	if err := r.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	for r.lines.Scan() {
		r.stderr.WriteString(r.lines.Text() + "\n")
	}
	r.cmd.Wait() // its error is the exit code
	return r.cmd.ProcessState.ExitCode(), time.Since(at)
}

// weightSums maps each run in a store to the checksum of its weights.
func weightSums(t *testing.T, dir string) map[string]string {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	names, err := s.Names()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for _, name := range names {
		record, err := s.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		sums[name] = record.WeightsSHA256()
	}
	return sums
}

// Figure 5 is 6 runs in smoke: a Phase 1, and a Phase 2 at 5 β.
func TestSmoke(t *testing.T) {
	needsXLA(t)
	dir := t.TempDir()
	first := ok(t, dir, "run", "--preset", "smoke", "fig5")
	if !strings.Contains(first.stdout, "0 runs found, 6 trained, 0 failed") {
		t.Errorf("the first run says\n%s", first.stdout)
	}
	for _, file := range []string{"report.html", "results.json", "tables/hyper-lr-pinn-table2.csv"} {
		if info, err := os.Stat(filepath.Join(dir, "out", "smoke", file)); err != nil || info.Size() == 0 {
			t.Errorf("the report lacks %s: %v", file, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "out", "smoke", "results.json")); err != nil || !json.Valid(data) {
		t.Errorf("results.json is no JSON: %v", err)
	}
	sums := weightSums(t, filepath.Join(dir, "runs"))
	if len(sums) != 6 {
		t.Fatalf("the store holds %v", sums)
	}

	t.Run("the second time", func(t *testing.T) {
		before, at := snapshot(t, filepath.Join(dir, "runs")), time.Now()
		r := ok(t, dir, "run", "--preset", "smoke", "fig5")
		if took := time.Since(at); took > 3*time.Second {
			t.Errorf("it took %s", took)
		}
		if !strings.Contains(r.stdout, "6 runs found, 0 trained, 0 failed") {
			t.Errorf("it says\n%s%s", r.stdout, r.stderr)
		}
		if after := snapshot(t, filepath.Join(dir, "runs")); !reflect.DeepEqual(before, after) {
			t.Error("the store has changed")
		}
	})

	t.Run("trained again", func(t *testing.T) {
		before := snapshot(t, filepath.Join(dir, "runs"))
		r := ok(t, dir, "verify", "--retrain", "1")
		if !strings.Contains(r.stdout, "6 records sound, 0 damaged\n") || !strings.Contains(r.stdout, ": the same bits (metrics, history, weights)\n1 records trained again, 0 of them differ\n") {
			t.Errorf("verify says\n%s%s", r.stdout, r.stderr)
		}
		if after := snapshot(t, filepath.Join(dir, "runs")); !reflect.DeepEqual(before, after) {
			t.Error("the store has changed")
		}
	})

	t.Run("the report alone", func(t *testing.T) {
		r := ok(t, dir, "report", "--preset", "smoke", "--out", "elsewhere")
		if !strings.Contains(r.stdout, "6 runs found, 0 trained, 0 failed") || !strings.Contains(r.stdout, filepath.Join(dir, "elsewhere", "report.html")) {
			t.Errorf("it says\n%s%s", r.stdout, r.stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "elsewhere", "report.html")); err != nil {
			t.Error(err)
		}
		// The report shows all experiments, and says of what was not asked for that
		// it is not there.
		if !strings.Contains(r.stdout, "6 of ") || strings.Contains(r.stdout, "6 of 6 ") {
			t.Errorf("it says\n%s", r.stdout)
		}
	})

	t.Run("reused elsewhere", func(t *testing.T) {
		before := snapshot(t, filepath.Join(dir, "runs"))
		r := ok(t, t.TempDir(), "run", "--preset", "smoke", "--reuse", filepath.Join(dir, "runs"), "fig5")
		if !strings.Contains(r.stdout, "6 runs found, 0 trained, 0 failed") {
			t.Errorf("it says\n%s%s", r.stdout, r.stderr)
		}
		if after := snapshot(t, filepath.Join(dir, "runs")); !reflect.DeepEqual(before, after) {
			t.Error("the reused store has changed")
		}
	})

	// Stopped as soon as it trains, it goes on to the same weights.
	t.Run("interrupted", func(t *testing.T) {
		dir := t.TempDir()
		r := start(t, dir, "run", "--preset", "smoke", "fig5")
		r.until(t, "28151 parameters, 40 steps") // Phase 1; it compiles now
		if code, _ := r.end(t, os.Interrupt); code != program.ExitInterrupted {
			t.Fatalf("exit code %d, want %d\n%s", code, program.ExitInterrupted, r.stderr.String())
		}
		if !strings.HasSuffix(r.stderr.String(), "interrupted; the checkpoint is written, the same command goes on from it\n") {
			t.Errorf("it says\n%s", r.stderr.String())
		}
		if got := weightSums(t, filepath.Join(dir, "runs")); len(got) != 0 {
			t.Errorf("an interrupted run is finished: %v", got)
		}
		again := ok(t, dir, "run", "--preset", "smoke", "fig5")
		if !strings.Contains(again.stderr, "goes on from step") || !strings.Contains(again.stdout, "0 runs found, 6 trained, 0 failed") {
			t.Errorf("the same command says\n%s%s", again.stdout, again.stderr)
		}
		if got := weightSums(t, filepath.Join(dir, "runs")); !reflect.DeepEqual(got, sums) {
			t.Errorf("the weights are %v, and those of one sitting %v", got, sums)
		}
	})
}
