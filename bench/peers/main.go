// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command peers times training steps beside the same steps written in PyTorch, JAX and
// DeepXDE, from the same weights and points: Phase 1 and Phase 2 of Hyper-LR-PINN and
// the vanilla PINN on convection, and the HyperPINN on Burgers' equation, at the papers'
// sizes. Each framework has a row as a first version would be, with nested reverse mode,
// and one or more with the fastest of its own ways that we found; on convection PyTorch
// has one more as the method's published code formulates it. A row is refused before it
// is timed where its answer is not ours from the same weights and points: in float64 its
// loss, gradient or three steps of Adam, by more than 1e-10 of an array's largest entry;
// in float32, which is timed, its loss or its gradient as a whole, by more than 1e-5.
// Then the rows of a step take turns, each a process of its own, so that what else the
// machine does meets all of them alike; quote the ratios. `make bench-peers` makes the
// Python environment in .tools/peers (Linux on x86-64, Python 3.11 to 3.13; a download of
// 2.5 GB, since PyPI's PyTorch loads CUDA's libraries even where there is no GPU), binds
// all to the same two processors (PEERS_CPUS=0 for one), and runs
//
//	peers run --rounds 10 [phase1] [phase2] [pinn] [burgers]
//
// which leaves the timings as JSON: those of results/bench/peers.json stand in the README.
// peers check, `make bench-check`, times the same steps again and fails where ours has
// become slower beside the others, whatever the machine, by more than 15 %.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
)

type commandLine struct {
	Run   runCommand   `cmd:"" help:"Time the rows of the steps, in turns."`
	Check checkCommand `cmd:"" help:"Time them again, and fail where ours has become slower beside the others."`
	Serve serveCommand `cmd:"" hidden:"" help:"Be our row of a step; started by run."`
}

// settings are what run and check have in common.
type settings struct {
	Python  string  `default:".tools/peers/bin/python" help:"Interpreter that has bench/peers/requirements.txt."`
	Scripts string  `default:"bench/peers" help:"Folder of the peers' scripts."`
	Rounds  int     `default:"10" help:"Turns that each row takes."`
	Seconds float64 `default:"2" help:"Length of a turn, about."`
}

type runCommand struct {
	settings
	Out   string   `short:"o" default:"out/peers.json" help:"File for the timings."`
	Steps []string `arg:"" optional:"" help:"Steps to time: phase1, phase2, pinn, burgers (default all)."`
}

func (c *runCommand) Run(ctx context.Context) error {
	r, err := c.time(ctx, c.Steps)
	if err != nil {
		return err
	}
	if err := r.save(c.Out); err != nil {
		return err
	}
	return r.refused()
}

type checkCommand struct {
	settings
	Against string   `default:"results/bench/peers.json" help:"Timings to hold ours against."`
	Out     string   `short:"o" default:"out/peers-check.json" help:"File for the timings."`
	Steps   []string `arg:"" optional:"" help:"Steps to time (default those of the file)."`
}

func (c *checkCommand) Run(ctx context.Context) error {
	before, err := readReport(c.Against)
	if err != nil {
		return program.BadInput(err)
	}
	if len(c.Steps) == 0 {
		for _, s := range before.Steps {
			c.Steps = append(c.Steps, s.Name)
		}
	}
	now, err := c.time(ctx, c.Steps)
	if err != nil {
		return err
	}
	if err := now.save(c.Out); err != nil {
		return err
	}
	changes, slower := now.against(before)
	fmt.Print(changes)
	if slower > 0 {
		return fmt.Errorf("%d steps are slower beside their peers than in %s by more than %.0f %%", slower, c.Against, 100*slowerBy)
	}
	return now.refused()
}

type serveCommand struct {
	Step  string `arg:"" help:"The step."`
	Found string `arg:"" help:"File for our answer."`
}

func (c *serveCommand) Run(ctx context.Context) error {
	s, err := stepsNamed([]string{c.Step})
	if err != nil {
		return program.BadInput(err)
	}
	return serveOurs(ctx, s[0], c.Found, os.Stdin, os.Stdout)
}

func main() {
	program.Program{Name: "peers", Description: "Training steps beside the same in PyTorch, JAX and DeepXDE."}.Main(&commandLine{})
}

// time takes the steps named, in all rows.
func (c settings) time(ctx context.Context, names []string) (*report, error) {
	if c.Rounds < 1 || !(c.Seconds > 0) {
		return nil, program.BadInputf("%d rounds of %g s; give at least one of a positive length", c.Rounds, c.Seconds)
	}
	chosen, err := stepsNamed(names)
	if err != nil {
		return nil, program.BadInput(err)
	}
	b, err := backend.Open("")
	if err != nil {
		return nil, err
	}
	defer b.Finalize()
	r := &report{Backend: b.Info.String(), CPU: b.Info.CPU, Threads: runtime.NumCPU(), Date: time.Now().UTC().Format(time.DateOnly)}
	for _, s := range chosen {
		timed, err := timeStep(ctx, c, s, b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Print(timed)
		r.Steps = append(r.Steps, timed)
	}
	return r, nil
}

// timeStep checks the rows of a step, and lets them take turns.
func timeStep(ctx context.Context, c settings, s step, b *backend.Backend) (*stepReport, error) {
	scratch, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t, err := newTwin(s, b.Compute)
	if err != nil {
		return nil, err
	}
	check := checker{step: s.name, inputs: t.inputs(), scratch: scratch, scripts: c.Scripts, python: c.Python, self: self}
	if check.want, err = t.answer(b.Compute, "float64"); err != nil {
		return nil, err
	}
	r := &stepReport{Name: s.name, Title: s.title}
	defer func() {
		for _, row := range r.Rows {
			if row.process != nil {
				row.process.close()
			}
		}
	}()
	fmt.Fprintf(os.Stderr, "peers: %s: checking ours\n", s.name)
	ours, err := check.ours(ctx)
	if err != nil {
		return nil, fmt.Errorf("ours: %w", err)
	}
	r.Rows = append(r.Rows, ours)
	for _, p := range s.peers {
		fmt.Fprintf(os.Stderr, "peers: %s: checking %s\n", s.name, p.name)
		row, err := check.peer(ctx, p)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			row.Refused, row.process = err.Error(), nil
		}
		r.Rows = append(r.Rows, row)
	}
	if err := r.time(ctx, c.Rounds, c.Seconds); err != nil {
		return nil, err
	}
	r.summarise()
	return r, nil
}
