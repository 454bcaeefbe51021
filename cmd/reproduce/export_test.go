// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

// The 6 runs of Figure 5, a job each, through Snakemake on 2 processors. One job is
// killed with SIGKILL, and later Snakemake with all that it has started. The same
// command then goes on, and the records are those of a plain run, bit by bit.
func TestSnakemake(t *testing.T) {
	needsXLA(t)
	snakemake, err := filepath.Abs(filepath.Join("..", "..", ".tools", "snakemake", "bin", "snakemake"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(snakemake); err != nil {
		t.Skip("there is no Snakemake: see make snakemake")
	}
	// Most of the time goes into compiling; its result need not be fast.
	t.Setenv("XLA_FLAGS", "--xla_backend_optimization_level=0")
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // Snakemake's
	dir := t.TempDir()
	ok(t, dir, "run", "--preset", "smoke", "--store", "plain", "fig5")
	ok(t, dir, "export", "snakemake", "workflow", "--preset", "smoke", "--minutes", "0", "--store", "shared",
		"--cores", strconv.Itoa(len(reproduce.CPUs())), "fig5")
	work := func() (*exec.Cmd, *bytes.Buffer) {
		cmd := exec.CommandContext(t.Context(), snakemake, "--cores", strconv.Itoa(max(2, len(reproduce.CPUs()))))
		cmd.Dir, cmd.SysProcAttr = filepath.Join(dir, "workflow"), &syscall.SysProcAttr{Setpgid: true}
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		return cmd, &said
	}

	cmd, said := work()
	shared := filepath.Join(dir, "shared")
	until(t, "job", said, func() bool { return len(jobs(shared)) > 0 })
	if err := syscall.Kill(jobs(shared)[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, "record", said, func() bool { return len(records(t, shared)) > 0 })
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if !strings.Contains(said.String(), "Trying to restart job") {
		t.Errorf("no job was begun again:\n%s", said)
	}

	cmd, said = work()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("begun again, it ends with %v:\n%s", err, said)
	}
	want, got := records(t, filepath.Join(dir, "plain")), records(t, shared)
	if len(want) != 6*4 { // files of a record, but for its manifest
		t.Errorf("the plain run has %d files", len(want))
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("the records differ: %d files, want %d", len(got), len(want))
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "smoke", "report.html")); err != nil {
		t.Error(err)
	}

	// All is done; where a record is lost, it is trained again, and the report made.
	cmd, said = work()
	if err := cmd.Wait(); err != nil || !strings.Contains(said.String(), "Nothing to be done") {
		t.Errorf("the third time: %v\n%s", err, said)
	}
	lost := filepath.Dir(filepath.Join(shared, "runs", firstKey(got)))
	if err := os.RemoveAll(lost); err != nil {
		t.Fatal(err)
	}
	cmd, said = work()
	if err := cmd.Wait(); err != nil || !strings.Contains(said.String(), "2 of 2 steps") {
		t.Errorf("after a record was lost: %v\n%s", err, said)
	}
	if got := records(t, shared); !reflect.DeepEqual(want, got) {
		t.Error("after a record was lost the records differ")
	}
}

// until waits for something; said is read only where it never comes.
func until(t *testing.T, what string, said fmt.Stringer, is func() bool) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("there is no %s:\n%s", what, said)
		}
	}
}

// jobs are the processes that train for a store on behalf of a workflow.
func jobs(store string) (pids []int) {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, line := range lines {
		data, err := os.ReadFile(line)
		args := strings.Split(string(data), "\x00")
		if err != nil || args[0] != binary || len(args) < 2 || args[1] != "run" || !strings.Contains(string(data), "\x00"+store+"\x00") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(line))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// records are the files of a store's records, but for the manifests: these have
// times.
func records(t *testing.T, store string) map[string]string {
	t.Helper()
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(store, "runs", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if filepath.Base(path) == "manifest.json" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))] = string(data)
	}
	return files
}

// firstKey is a file of a Phase 2, from which nothing starts.
func firstKey(files map[string]string) string {
	for name := range files {
		if strings.Contains(name, "phase2") {
			return name
		}
	}
	return ""
}

// Wrong flags, and folders that hold something else, are bad input.
func TestExportInput(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "full", "thesis.tex"), "")
	for want, args := range map[string][]string{
		"--minutes is -1":           {"out", "--minutes=-1"},
		"--cores is 0":              {"out", "--cores=0"},
		"--time-factor is 0.5":      {"out", "--time-factor=0.5"},
		"holds other things than a": {"full"},
		"fig99":                     {"out", "fig99"},
		"<dir>":                     {},
	} {
		r := invoke(t, dir, append([]string{"export", "snakemake"}, args...)...)
		if r.code != program.ExitBadInput || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("export snakemake %v: exit code %d, %q", args, r.code, r.stderr)
		}
	}
	if there, _ := filepath.Glob(filepath.Join(dir, "*")); fmt.Sprint(there) != fmt.Sprint([]string{filepath.Join(dir, "full")}) {
		t.Errorf("the folder holds %v", there)
	}
}
