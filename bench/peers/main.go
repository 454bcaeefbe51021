// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command peers times training steps beside the same steps written in PyTorch, JAX and
// DeepXDE, from the same weights and points: Phase 1 and Phase 2 of Hyper-LR-PINN and
// the vanilla PINN on convection, and the HyperPINN on Burgers' equation, at the papers'
// sizes. Each framework has a row as a first version would be, with nested reverse mode,
// and one or more with the fastest of its own ways that we found; on convection PyTorch
// has one more as the method's published code formulates it. A row is refused before it
// is timed where its answer is not ours from the same weights and points: in float64 its
// loss, gradient or three steps of Adam, by more than 1e-10 of an array's largest entry;
// in float32, which is timed, a term of its loss or its gradient as a whole, by more
// than 1e-5. Then the rows of a
// step take turns, each a process of its own, so that what else the machine does meets
// all of them alike; quote the ratios. `make bench-peers` makes the Python environment in
// .tools/peers (Linux on x86-64, Python 3.11 to 3.13; a download of 2.5 GB, since PyPI's
// PyTorch loads CUDA's libraries even where there is no GPU), binds all to the same two
// processors (PEERS_CPUS=0 for one), and runs
//
//	peers -rounds 10 [phase1] [phase2] [pinn] [burgers]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"

	"pinn.example/repro/backend"
)

// settings are what the command line says.
type settings struct {
	python, scripts, out string
	rounds               int
	seconds              float64
}

func main() {
	var c settings
	flag.StringVar(&c.python, "python", ".tools/peers/bin/python", "interpreter that has bench/peers/requirements.txt")
	flag.StringVar(&c.scripts, "scripts", filepath.Join("bench", "peers"), "folder of the peers' scripts")
	flag.IntVar(&c.rounds, "rounds", 10, "turns that each row takes")
	flag.Float64Var(&c.seconds, "seconds", 2, "length of a turn, about")
	flag.StringVar(&c.out, "o", filepath.Join("out", "peers.json"), "file for the timings")
	serve := flag.String("serve", "", "be our row of this step, as the program starts itself")
	found := flag.String("found", "", "file for our row's answer")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *serve != "" {
		var s []step
		if s, err = stepsNamed([]string{*serve}); err == nil {
			err = serveOurs(ctx, s[0], *found, os.Stdin, os.Stdout)
		}
	} else {
		err = run(ctx, c, flag.Args())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "peers: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c settings, names []string) error {
	if c.rounds < 1 || !(c.seconds > 0) {
		return fmt.Errorf("%d rounds of %g s; give at least one of a positive length", c.rounds, c.seconds)
	}
	chosen, err := stepsNamed(names)
	if err != nil {
		return err
	}
	b, err := backend.Open("")
	if err != nil {
		return err
	}
	defer b.Finalize()
	r := report{Backend: b.Info.String(), CPU: b.Info.CPU, Threads: runtime.NumCPU(), Date: time.Now().UTC().Format(time.DateOnly)}
	var refused error
	for _, s := range chosen {
		timed, err := timeStep(ctx, c, s, b)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Print(timed)
		r.Steps = append(r.Steps, timed)
		for _, row := range timed.Rows {
			if row.Refused != "" {
				refused = errors.Join(refused, fmt.Errorf("%s: %s was refused: %s", s.name, row.Name, row.Refused))
			}
		}
	}
	if err := r.save(c.out); err != nil {
		return err
	}
	return refused
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
	check := checker{step: s.name, inputs: t.inputs(), scratch: scratch, scripts: c.scripts, python: c.python, self: self}
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
	if err := r.time(ctx, c.rounds, c.seconds); err != nil {
		return nil, err
	}
	r.summarise()
	return r, nil
}
