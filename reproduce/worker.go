// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// workerEvent is a line that a worker process writes to its standard output.
type workerEvent struct {
	// Kind is "log", "progress", "done" or "failed".
	Kind string `json:"kind"`
	// Run is the name of the run that the event is of; "" is the first of those that
	// were asked for.
	Run      string         `json:"run,omitempty"`
	Text     string         `json:"text,omitempty"`
	Progress *eventProgress `json:"progress,omitempty"`
	// Busy tells of a run that another process trains; Interrupted, Backend and Full
	// tell the failures apart that end everything.
	Busy        bool `json:"busy,omitempty"`
	Interrupted bool `json:"interrupted,omitempty"`
	Backend     bool `json:"backend,omitempty"`
	Full        bool `json:"full,omitempty"`
}

// eventProgress is a train.Progress whose loss and probes may be NaN or infinite,
// which JSON has no numbers for.
type eventProgress struct {
	train.Progress
	Loss  string
	Probe map[string]string
}

func newEventProgress(p train.Progress) *eventProgress {
	e := &eventProgress{Progress: p, Loss: fmt.Sprint(p.Loss), Probe: map[string]string{}}
	for name, x := range p.Probe {
		e.Probe[name] = fmt.Sprint(x)
	}
	return e
}

func (e *eventProgress) progress() train.Progress {
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return math.NaN()
		}
		return x
	}
	p := e.Progress
	p.Loss, p.Probe = number(e.Loss), map[string]float64{}
	for name, x := range e.Probe {
		p.Probe[name] = number(x)
	}
	return p
}

// failure is the event that tells of an error, and err the error again on the
// other side.
func failure(err error) workerEvent {
	var noBackend *BackendError
	var full *store.FullError
	return workerEvent{
		Kind: "failed", Text: err.Error(),
		Busy: errors.Is(err, store.ErrBusy), Interrupted: Interrupted(err), Backend: errors.As(err, &noBackend), Full: errors.As(err, &full),
	}
}

func (e workerEvent) err() error {
	switch {
	case e.Full: // first: an interrupt whose checkpoint found no room
		return &reported{e.Text, &store.FullError{}}
	case e.Interrupted:
		return train.ErrInterrupted
	case e.Backend:
		return &BackendError{errors.New(e.Text)}
	case e.Busy:
		return &reported{e.Text, store.ErrBusy}
	}
	return errors.New(e.Text)
}

// reported is an error of another process: in its words, and of the same type.
type reported struct {
	text string
	is   error
}

func (e *reported) Error() string { return e.text }
func (e *reported) Unwrap() error { return e.is }

// ProcessWorker trains runs in a process of its own, bound to some processors.
// The process serves one run after another, so that compiled graphs are used
// again, and ends with its standard input: a killed parent leaves none behind.
type ProcessWorker struct {
	// Command starts the process, which must call [ServeWorker].
	Command []string
	// CPUs are the processors that it may use; nil is all of them.
	CPUs []int
	// Env are variables for the process beside those of this one, such as
	// CUDA_VISIBLE_DEVICES=1.
	Env []string
	// Logs is the folder where NAME.log says what the process said of a run that
	// failed; the error ends with its path. If "", there is none.
	Logs string
	// Progress and Log are told what the process reports; nil is silence.
	Progress func(r *Run, p train.Progress)
	Log      func(format string, args ...any)

	process *exec.Cmd
	input   io.WriteCloser
	events  *bufio.Scanner
	said    tail // of the run under way: what it logs, and standard error
}

// Train implements Worker.
func (w *ProcessWorker) Train(ctx context.Context, r *Run) error {
	return w.TrainAll(ctx, []*Run{r})[0]
}

// TrainAll implements [GroupWorker].
func (w *ProcessWorker) TrainAll(ctx context.Context, runs []*Run) []error {
	errs := make([]error, len(runs))
	if ctx.Err() != nil {
		for i := range errs {
			errs[i] = train.ErrInterrupted
		}
		return errs
	}
	w.said.reset()
	answers, err := w.serve(ctx, runs)
	for i, r := range runs {
		var answered bool
		if errs[i], answered = answers[r.Name()]; !answered {
			errs[i] = err
			if err != nil && !Interrupted(err) {
				errs[i] = fmt.Errorf("%s: %w", r.Label, err)
			}
		}
		switch {
		case errs[i] == nil:
			w.forget(r)
		case !stopsAll(errs[i]) && !errors.Is(errs[i], store.ErrBusy):
			errs[i] = w.keep(r, errs[i])
		}
	}
	return errs
}

// serve has the process train runs, and returns its answers by name; err is why some
// may be missing.
func (w *ProcessWorker) serve(ctx context.Context, runs []*Run) (answers map[string]error, err error) {
	answers = map[string]error{}
	if err := w.start(); err != nil {
		return answers, err
	}
	// The process writes a checkpoint when it is asked to end.
	stop := context.AfterFunc(ctx, func() { _ = w.process.Process.Signal(syscall.SIGTERM) })
	defer stop()
	names, byName := make([]string, len(runs)), map[string]*Run{"": runs[0]}
	for i, r := range runs {
		names[i] = r.Name()
		byName[names[i]] = r
	}
	if _, err := fmt.Fprintln(w.input, strings.Join(names, " ")); err != nil {
		return answers, w.died()
	}
	interrupted := false
	for len(answers) < len(runs) && w.events.Scan() {
		var e workerEvent
		if err := json.Unmarshal(w.events.Bytes(), &e); err != nil {
			continue // not ours: a library's chatter
		}
		r, ok := byName[e.Run]
		if !ok {
			continue
		}
		switch e.Kind {
		case "log":
			fmt.Fprintln(&w.said, e.Text)
			if w.Log != nil {
				w.Log("%s", e.Text)
			}
		case "progress":
			if w.Progress != nil && e.Progress != nil {
				w.Progress(r, e.Progress.progress())
			}
		case "done":
			answers[r.Name()] = nil
		case "failed":
			answers[r.Name()] = e.err()
			interrupted = interrupted || e.Interrupted
		}
	}
	switch {
	case len(answers) == len(runs) && !interrupted:
		return answers, nil
	case interrupted || ctx.Err() != nil:
		_ = w.Close()
		return answers, train.ErrInterrupted
	}
	return answers, w.died()
}

func (w *ProcessWorker) start() error {
	if w.process != nil {
		return nil
	}
	c := exec.Command(w.Command[0], w.Command[1:]...)
	c.Stderr = &w.said
	c.Env = append(os.Environ(), w.Env...)
	if len(w.CPUs) > 0 {
		c.Env = append(c.Env, fmt.Sprintf("GOMAXPROCS=%d", len(w.CPUs)))
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
func (w *ProcessWorker) died() error {
	how := "it ended"
	if err := w.Close(); err != nil {
		how = err.Error()
	}
	if strings.Contains(how, "killed") {
		how += ", as the system does when memory runs out"
	}
	if words := w.said.lastWords(); words != "" {
		how += ": " + words
	}
	return fmt.Errorf("the worker process died (%s)", how)
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

// ServeWorker is the other side of a ProcessWorker: it reads names of runs from
// in, a line of them to be trained together, trains them and reports on out, until in
// ends or ctx does.
func ServeWorker(ctx context.Context, s *Session, runs []*Run, in io.Reader, out io.Writer) error {
	byName := map[string]*Run{}
	for _, r := range runs {
		byName[r.Name()] = r
	}
	encoder := json.NewEncoder(out)
	say := func(e workerEvent) { _ = encoder.Encode(e) } // a parent that is gone hears nothing
	s.Log = func(format string, args ...any) { say(workerEvent{Kind: "log", Text: fmt.Sprintf(format, args...)}) }
	s.Progress = func(r *Run, p train.Progress) {
		say(workerEvent{Kind: "progress", Run: r.Name(), Progress: newEventProgress(p)})
	}
	// As each ends: what is trained is known even if the process dies with the rest.
	s.ended = func(r *Run, err error) {
		e := workerEvent{Kind: "done"}
		if err != nil {
			e = failure(err)
		}
		e.Run = r.Name()
		say(e)
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked := make(chan string)
	go func() {
		defer cancel() // the parent is gone, or done with us
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 1<<20) // a batch of thousands
		for lines.Scan() {
			select {
			case asked <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case names := <-asked:
			var group []*Run
			for _, name := range strings.Fields(names) {
				if r, ok := byName[name]; ok {
					group = append(group, r)
				} else {
					say(workerEvent{Kind: "failed", Run: name, Text: fmt.Sprintf("unknown run %q", name)})
				}
			}
			s.TrainAll(ctx, group)
		}
	}
}
