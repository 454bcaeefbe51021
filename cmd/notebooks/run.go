// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/lab/jupyter"
	"pinn.example/repro/lab/notebook"
)

type runCommand struct {
	Notebooks []string      `arg:"" optional:"" name:"notebook" help:"File, name or number of a notebook. Default: all in notebooks/solutions."`
	Preset    string        `default:"quick" enum:"smoke,quick" help:"How much the cells train: smoke or quick (default: ${default})."`
	Jobs      int           `default:"0" help:"Notebooks at once. Default: 2, or 1 with --times."`
	Timeout   time.Duration `default:"10m" help:"For each notebook (default: ${default})."`
	Out       string        `placeholder:"DIR" help:"Folder of the executed notebooks and summary.json. Default: out/notebooks, or out/notebooks-students."`
	Students  bool          `help:"Run the students' versions, where a failing self-check does not fail the cell."`
	Fresh     bool          `help:"Give each notebook an empty run store, as on a new machine."`
	Times     bool          `help:"Write notebooks/times.json: one notebook at a time, each with an empty run store."`
}

// running is one run.
type running struct {
	runCommand
	project
	spec *jupyter.Spec

	mu     sync.Mutex // of the output and the summary
	output io.Writer
	width  int // of the longest name
}

func (c *runCommand) Run(ctx context.Context) error {
	p, err := findProject()
	if err != nil {
		return err
	}
	r := &running{runCommand: *c, project: p, output: os.Stdout}
	if err := r.settle(); err != nil {
		return err
	}
	dir := p.solutions()
	if r.Students {
		dir = p.students()
	}
	paths, err := choose(r.Notebooks, dir)
	if err != nil {
		return err
	}
	if err := p.kernelInstalled(); err != nil {
		return err
	}
	if r.spec, err = jupyter.FindSpec("gonb", p.kernelspecs()); err != nil {
		return err
	}
	return r.all(ctx, paths)
}

// settle fills in the defaults that depend on other flags.
func (r *running) settle() error {
	switch {
	case r.Timeout <= 0:
		return program.BadInputf("--timeout is %v, expected more than 0", r.Timeout)
	case r.Jobs < 0:
		return program.BadInputf("--jobs is %d, expected 1 or more", r.Jobs)
	case r.Times && r.Jobs > 1:
		return program.BadInputf("--times measures one notebook at a time: leave out --jobs")
	case r.Times && r.Preset != "quick":
		return program.BadInputf("--times is for the preset that the headers speak of: leave out --preset")
	case r.Times && r.Students:
		return program.BadInputf("--times measures the notebooks with solutions: leave out --students")
	case r.Times:
		r.Jobs, r.Fresh = 1, true
	case r.Jobs == 0:
		r.Jobs = 2
	}
	if r.Out == "" {
		r.Out = filepath.Join(r.root, "out/notebooks")
		if r.Students {
			r.Out += "-students"
		}
	}
	return nil
}

// all runs the notebooks, some at once, and tells of each as it ends.
func (r *running) all(ctx context.Context, paths []string) error {
	documents := make([]*notebook.Notebook, len(paths))
	for i, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return program.BadInput(err)
		}
		documents[i] = nb
		r.width = max(r.width, len(nameOf(path)))
	}
	if err := os.MkdirAll(r.Out, 0o755); err != nil {
		return program.BadInput(err)
	}

	summary := Summary{Preset: r.Preset, Students: r.Students, Cores: runtime.NumCPU(), Notebooks: make([]NotebookSummary, len(paths))}
	errs := make([]error, len(paths))
	var running sync.WaitGroup
	slots := make(chan struct{}, r.Jobs)
	for i := range paths {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			summary.Notebooks[i], errs[i] = r.one(ctx, paths[i], documents[i])
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return context.Canceled
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if err := summary.write(filepath.Join(r.Out, "summary.json")); err != nil {
		return err
	}
	if r.Times {
		if err := r.writeTimes(summary); err != nil {
			return err
		}
	}
	failed := summary.failed()
	fmt.Fprintf(r.output, "notebooks: %d passed, %d failed\n", len(paths)-failed, failed)
	if failed > 0 {
		return program.ErrTold
	}
	return nil
}

// one runs a notebook, writes it executed, and tells how it went.
func (r *running) one(ctx context.Context, path string, nb *notebook.Notebook) (NotebookSummary, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, fmt.Errorf("timed out: the notebook took more than %v", r.Timeout))
	defer cancel()
	env := []string{"NB_PRESET=" + r.Preset, "NB_STRICT=1"}
	if r.Students {
		env[1] = "NB_STRICT="
	}
	if r.Fresh {
		store, err := os.MkdirTemp("", "notebook-runs-")
		if err != nil {
			return NotebookSummary{}, err
		}
		defer os.RemoveAll(store)
		env = append(env, "NB_STORE="+store)
	}
	nb.Clean()
	start := time.Now()
	failures, err := jupyter.Run(ctx, nb, r.spec, jupyter.Settings{Dir: filepath.Dir(path), Env: env})
	if err != nil {
		return NotebookSummary{}, err
	}
	seconds := time.Since(start).Seconds()
	if err := nb.Write(filepath.Join(r.Out, filepath.Base(path))); err != nil {
		return NotebookSummary{}, err
	}
	s := summarize(nameOf(path), nb)
	s.Seconds, s.Status, s.Failures = round(seconds), passed, nil
	for _, f := range failures {
		s.Status = failed
		s.Failures = append(s.Failures, f.String())
	}
	r.tell(s, failures)
	return s, nil
}

// tell prints a line for a notebook, and what failed in it.
func (r *running) tell(s NotebookSummary, failures []jupyter.Failure) {
	const most = 40 // lines of a cell's stderr: a panic's trace and what came before
	r.mu.Lock()
	defer r.mu.Unlock()
	status := "ok  "
	if s.Status == failed {
		status = "FAIL"
	}
	fmt.Fprintf(r.output, "%s  %-*s  %3d cells  %6.1f s\n", status, r.width, s.Name, len(s.Cells), s.Seconds)
	for _, f := range failures {
		fmt.Fprintf(r.output, "      %s: %s\n", s.Name, f)
		if f.Source != "" {
			fmt.Fprintf(r.output, "        > %s\n", f.Source)
		}
		lines := strings.Split(f.Message, "\n")[1:]
		if f.Stderr != "" {
			stderr := strings.Split(f.Stderr, "\n")
			if len(stderr) > most {
				stderr = append([]string{"…"}, stderr[len(stderr)-most:]...)
			}
			lines = append(lines, stderr...)
		}
		for _, line := range lines {
			fmt.Fprintf(r.output, "        | %s\n", line)
		}
	}
}
