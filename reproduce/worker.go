// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"pinn.example/repro/train"
)

// workerEvent is a line that a worker process writes to its standard output.
type workerEvent struct {
	// Kind is "log", "progress", "done" or "failed".
	Kind     string          `json:"kind"`
	Text     string          `json:"text,omitempty"`
	Progress *train.Progress `json:"progress,omitempty"`
	// Interrupted and Backend tell the failures apart that end everything.
	Interrupted bool `json:"interrupted,omitempty"`
	Backend     bool `json:"backend,omitempty"`
}

// ProcessWorker trains runs in a process of its own, bound to some processors.
// The process serves one run after another, so that compiled graphs are used
// again, and ends with its standard input: a killed parent leaves none behind.
type ProcessWorker struct {
	// Command starts the process, which must call [ServeWorker].
	Command []string
	// CPUs are the processors that it may use; nil is all of them.
	CPUs []int
	// Progress and Log are told what the process reports; nil is silence.
	Progress func(r *Run, p train.Progress)
	Log      func(format string, args ...any)

	process *exec.Cmd
	input   io.WriteCloser
	events  *bufio.Scanner
	errors  *tail
}

// Train implements Worker.
func (w *ProcessWorker) Train(ctx context.Context, r *Run) error {
	if ctx.Err() != nil {
		return train.ErrInterrupted
	}
	if err := w.start(); err != nil {
		return err
	}
	// The process writes a checkpoint when it is asked to end.
	stop := context.AfterFunc(ctx, func() { _ = w.process.Process.Signal(syscall.SIGTERM) })
	defer stop()
	if _, err := fmt.Fprintln(w.input, r.Name()); err != nil {
		return w.died(r)
	}
	for w.events.Scan() {
		var e workerEvent
		if err := json.Unmarshal(w.events.Bytes(), &e); err != nil {
			continue // not ours: a library's chatter
		}
		switch e.Kind {
		case "log":
			if w.Log != nil {
				w.Log("%s", e.Text)
			}
		case "progress":
			if w.Progress != nil && e.Progress != nil {
				w.Progress(r, *e.Progress)
			}
		case "done":
			return nil
		case "failed":
			switch {
			case e.Interrupted:
				w.Close()
				return train.ErrInterrupted
			case e.Backend:
				return &BackendError{Err: errors.New(e.Text)}
			}
			return errors.New(e.Text)
		}
	}
	if ctx.Err() != nil {
		w.Close()
		return train.ErrInterrupted
	}
	return w.died(r)
}

func (w *ProcessWorker) start() error {
	if w.process != nil {
		return nil
	}
	c := exec.Command(w.Command[0], w.Command[1:]...)
	w.errors = &tail{}
	c.Stderr = w.errors
	if len(w.CPUs) > 0 {
		c.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", len(w.CPUs)))
	}
	input, err := c.StdinPipe()
	if err != nil {
		return fmt.Errorf("reproduce: starting a worker: %w", err)
	}
	output, err := c.StdoutPipe()
	if err != nil {
		return fmt.Errorf("reproduce: starting a worker: %w", err)
	}
	if err := startOn(c, w.CPUs); err != nil {
		return fmt.Errorf("reproduce: starting a worker: %w", err)
	}
	w.process, w.input, w.events = c, input, bufio.NewScanner(output)
	w.events.Buffer(nil, 1<<20)
	return nil
}

// died ends what is left of a process that ended by itself; the next run starts
// another.
func (w *ProcessWorker) died(r *Run) error {
	err := w.Close()
	how := "it ended"
	if err != nil {
		how = err.Error()
	}
	return fmt.Errorf("%s: the worker process died (%s); its last words: %s", r.Label, how, w.errors)
}

// Close ends the process, which writes a checkpoint if it is training.
func (w *ProcessWorker) Close() error {
	if w.process == nil {
		return nil
	}
	w.input.Close()
	p := w.process
	w.process = nil
	late := time.AfterFunc(20*time.Second, func() { _ = p.Process.Kill() })
	defer late.Stop()
	return p.Wait()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

const tailBytes = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if n := len(t.data); n > tailBytes {
		t.data = append([]byte(nil), t.data[n-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := strings.TrimSpace(string(bytes.ToValidUTF8(t.data, nil)))
	if s == "" {
		return "none"
	}
	return s
}

// ServeWorker is the other side of a ProcessWorker: it reads names of runs from
// in, trains them and reports on out, until in ends or ctx does.
func ServeWorker(ctx context.Context, s *Session, runs []*Run, in io.Reader, out io.Writer) error {
	byName := map[string]*Run{}
	for _, r := range runs {
		byName[r.Name()] = r
	}
	encoder := json.NewEncoder(out)
	say := func(e workerEvent) { _ = encoder.Encode(e) } // a parent that is gone hears nothing
	s.Log = func(format string, args ...any) { say(workerEvent{Kind: "log", Text: fmt.Sprintf(format, args...)}) }
	s.Progress = func(_ *Run, p train.Progress) { say(workerEvent{Kind: "progress", Progress: &p}) }

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	names := make(chan string)
	go func() {
		defer cancel() // the parent is gone, or done with us
		for lines := bufio.NewScanner(in); lines.Scan(); {
			select {
			case names <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case name := <-names:
			r, ok := byName[name]
			if !ok {
				say(workerEvent{Kind: "failed", Text: fmt.Sprintf("unknown run %q", name)})
				continue
			}
			_, err := s.Do(ctx, r)
			var backend *BackendError
			switch {
			case err == nil:
				say(workerEvent{Kind: "done"})
			default:
				say(workerEvent{Kind: "failed", Text: err.Error(), Interrupted: Interrupted(err), Backend: errors.As(err, &backend)})
			}
		}
	}
}
