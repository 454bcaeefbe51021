// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// shell is a worker process that does what a script says for each run that is
// asked of it, whose name is $name.
func shell(logs, script string) *ProcessWorker {
	return &ProcessWorker{Command: []string{"sh", "-c", "while read name; do " + script + "; done"}, Logs: logs}
}

// Errors keep their type and their words from one process to another.
func TestFailureGoesBetweenProcesses(t *testing.T) {
	var noBackend *BackendError
	var full *store.FullError
	for _, c := range []struct {
		err               error
		interrupted, stop bool
		as                any
	}{
		{err: errors.New("diverged")},
		{err: store.ErrBusy},
		{err: fmt.Errorf("Phase 1: %w", train.ErrInterrupted), interrupted: true, stop: true},
		{err: fmt.Errorf("Phase 1: %w", &BackendError{errors.New("no plugin")}), stop: true, as: &noBackend},
		{err: fmt.Errorf("Phase 1: %w", &store.FullError{Dir: "runs", Err: syscall.ENOSPC}), stop: true, as: &full},
		// An interrupt whose checkpoint finds no room is no interrupt that can be gone on from.
		{err: errors.Join(train.ErrInterrupted, &store.FullError{Dir: "runs", Err: syscall.EDQUOT}), stop: true, as: &full},
	} {
		line, err := json.Marshal(failure(c.err))
		if err != nil {
			t.Fatal(err)
		}
		var e workerEvent
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		got := e.err()
		if !c.interrupted && got.Error() != c.err.Error() {
			t.Errorf("%q arrives as %q", c.err, got)
		}
		if Interrupted(got) != c.interrupted || stopsAll(got) != c.stop || c.as != nil && !errors.As(got, c.as) {
			t.Errorf("%v arrives as %T %v", c.err, got, got)
		}
	}
}

// So does progress, also of a run that has diverged.
func TestProgressGoesBetweenProcesses(t *testing.T) {
	want := train.Progress{
		Label: "PINN", Step: 20, Steps: 40, Loss: math.Inf(1), StepsPerSecond: 1. / 3, Left: time.Minute,
		Probe: map[string]float64{"abs_err": 1. / 7, "rel_err": math.Inf(-1)},
	}
	send := func(p train.Progress) train.Progress {
		line, err := json.Marshal(workerEvent{Kind: "progress", Progress: newEventProgress(p)})
		if err != nil {
			t.Fatal(err)
		}
		var e workerEvent
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		return e.Progress.progress()
	}
	if got := send(want); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v arrives as %+v", want, got)
	}
	if got := send(train.Progress{Loss: math.NaN()}); !math.IsNaN(got.Loss) {
		t.Errorf("a loss that is no number arrives as %g", got.Loss)
	}
}

// A worker process whose disk is full ends everything, with its one line.
func TestFullDiskStopsThePool(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "logs")
	const words = "Phase 1: no room in runs: no space left on device; free some space"
	full := shell(logs, `echo '{"kind":"failed","text":"`+words+`","full":true}'; exit`)
	pool := &Pool{Wide: full, Narrow: []Worker{full}}
	failed, err := pool.Run(t.Context(), poolRuns(t))
	var want *store.FullError
	if !errors.As(err, &want) || err.Error() != words || len(failed) != 0 {
		t.Errorf("error %v, failed %v", err, failed)
	}
	if _, err := os.Stat(logs); err == nil {
		t.Error("a full disk has a log")
	}
}

// A run that fails leaves a log of what was said of it, and of no other run; the
// process goes on with the next.
func TestFailedRunHasALog(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "store", "logs")
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31), tinyPINN(t, 32)}
	w := shell(logs, `
		echo "{\"kind\":\"log\",\"text\":\"$name starts\"}"
		echo "chatter of $name" >&2
		sleep .05 # what is said on another pipe arrives meanwhile
		if test $name = `+runs[1].Name()+`
		then echo '{"kind":"failed","text":"diverged"}'
		else echo '{"kind":"done"}'
		fi`)
	defer w.Close()
	failed, err := (&Pool{Wide: w}).Run(t.Context(), runs)
	path := filepath.Join(logs, runs[1].Name()+".log")
	if err != nil || len(failed) != 1 || failed[0].Error() != "diverged; its log is "+path {
		t.Fatalf("failed %v, %v", failed, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{runs[1].Label, "diverged", runs[1].Name() + " starts\n", "chatter of " + runs[1].Name() + "\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the log lacks %q:\n%s", want, data)
		}
	}
	if strings.Contains(string(data), runs[0].Name()) {
		t.Errorf("the log tells of another run:\n%s", data)
	}
	if entries, _ := os.ReadDir(logs); len(entries) != 1 {
		t.Errorf("logs are %v", entries)
	}

	// Trained at last, it has no log any more.
	again := shell(logs, `echo '{"kind":"done"}'`)
	defer again.Close()
	if err := again.Train(t.Context(), runs[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(logs); err == nil {
		t.Error("the log of a run that is trained is left")
	}
}

// A process that dies is told in one line that says why, and the next run has
// another process.
func TestWorkerDies(t *testing.T) {
	logs := t.TempDir()
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31)}
	for how, c := range map[string]struct{ script, want string }{
		"a panic": {
			`echo "I0000 starting" >&2; echo "panic: index out of range [3]" >&2; echo >&2; echo "goroutine 1 [running]:" >&2; exit 2`,
			"the worker process died (exit status 2: panic: index out of range [3])",
		},
		"a signal": {`echo "SIGABRT: abort" >&2; echo "PC=0x8ddc93" >&2; exit 2`, "(exit status 2: SIGABRT: abort)"},
		"killed":   {`kill -9 $$`, "the worker process died (signal: killed, as the system does when memory runs out)"},
		"silently": {`exit 0`, "the worker process died (it ended)"},
		"long":     {`printf '%0300d' 0 >&2; exit 3`, "(exit status 3: " + strings.Repeat("0", 200) + "…)"},
	} {
		w := shell(logs, `if test $name = `+runs[1].Name()+`; then echo '{"kind":"done"}'; else `+c.script+`; fi`)
		err := w.Train(t.Context(), runs[0])
		path := filepath.Join(logs, runs[0].Name()+".log")
		if err == nil || !strings.HasPrefix(err.Error(), runs[0].Label+": ") || !strings.Contains(err.Error(), c.want) ||
			!strings.HasSuffix(err.Error(), "; its log is "+path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", how, err)
		}
		if data, err := os.ReadFile(path); err != nil || how == "a panic" && !strings.Contains(string(data), "goroutine 1 [running]:") {
			t.Errorf("%s: its log says %v\n%s", how, err, data)
		}
		if err := w.Train(t.Context(), runs[1]); err != nil {
			t.Errorf("%s: the next run: %v", how, err)
		}
		if err := w.Close(); err != nil {
			t.Errorf("%s: %v", how, err)
		}
	}
	// Without a folder for logs, and where it can't be one.
	for where, want := range map[string]string{"": "it ended)", "/dev/null/logs": "; its log can't be written: mkdir /dev/null: not a directory"} {
		if err := shell(where, `exit`).Train(t.Context(), runs[0]); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("logs in %q: %v", where, err)
		}
	}
}

// Of what is said the end is kept.
func TestTail(t *testing.T) {
	var l tail
	var all []byte
	for i := range 300_000 {
		line := fmt.Appendf(nil, "line %d\n", i)
		all = append(all, line...)
		if _, err := l.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.String(); !slices.Equal([]byte(got), all[len(all)-tailBytes:]) || cap(l.data) > 8*tailBytes {
		t.Errorf("%d bytes are kept in %d, which end with %q", len(got), cap(l.data), got[len(got)-20:])
	}
}
