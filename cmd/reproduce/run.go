// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// common are the flags of the commands that read or fill the run store.
type common struct {
	Preset  string   `default:"quick" help:"How much to run: ${presets}."`
	Store   string   `default:"runs" type:"path" help:"Folder of the run store."`
	Reuse   []string `type:"path" help:"Further stores to take finished runs from, such as results/quick; they are not copied."`
	Out     string   `type:"path" help:"Folder of the report. Default: out/PRESET."`
	Backend string   `help:"Compute backend: xla:cuda, xla:cpu or go. Default: the best there is."`
	Plain   bool     `help:"Plain progress lines even on a terminal."`
}

type runCommand struct {
	common
	budgeted
	chosen
	CheckpointEvery time.Duration `default:"30s" help:"Time between checkpoints of a run that trains."`
	Batch           int           `placeholder:"N" help:"Train up to N runs of one shape at once; no name depends on it. Default: 1, on a GPU as many as fit."`
	Deterministic   bool          `help:"Have a GPU sum in one order, so that runs repeat bit by bit; slower. The same as --backend NAME,deterministic."`
	IDs             []string      `arg:"" optional:"" name:"experiment" help:"Experiments to train for, such as table2; all where none is given. The report shows all that is in the store."`
}

type reportCommand struct {
	common
}

// Validate is called by the command line's parser.
func (c *runCommand) Validate() error {
	if err := c.budgeted.Validate(); err != nil {
		return err
	}
	return c.chosen.Validate()
}

// Run trains, then writes the report.
func (c *runCommand) Run(ctx context.Context) error {
	if c.CheckpointEvery <= 0 {
		return program.BadInputf("--checkpoint-every is %s; expected a time such as 30s", c.CheckpointEvery)
	}
	if c.Batch < 0 {
		return program.BadInputf("--batch is %d; expected how many runs to train at once", c.Batch)
	}
	if c.Deterministic {
		c.Backend = backend.With(c.Backend, backend.Deterministic)
	}
	return c.run(ctx, c, c.IDs)
}

// Run writes the report.
func (c *reportCommand) Run(ctx context.Context) error { return c.run(ctx, nil, nil) }

// wanted finds a preset and experiments by name, all of them where none is given.
func wanted(name string, ids []string) (preset reproduce.Preset, experiments []reproduce.Experiment, err error) {
	if preset, err = reproduce.FindPreset(name); err != nil {
		return preset, nil, program.BadInput(err)
	}
	if experiments, err = reproduce.FindExperiments(ids); err != nil {
		return preset, nil, program.BadInput(err)
	}
	return preset, experiments, nil
}

// run trains where train is not nil, then writes the report.
func (c *common) run(ctx context.Context, train *runCommand, ids []string) error {
	start := time.Now()
	preset, experiments, err := wanted(c.Preset, ids)
	if err != nil {
		return err
	}
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	var some []*reproduce.Run // of the experiments'
	if train != nil && train.some() {
		if some, err = train.choose(experiments, preset); err != nil {
			return program.BadInput(err)
		}
	}
	reports := c.Out != "" || train == nil || !train.some()
	out := c.Out
	if out == "" {
		out = filepath.Join("out", preset.Name)
	}
	if reports {
		if err := reproduce.CheckWritable(out); err != nil {
			return program.BadInput(err)
		}
	}
	runs, err := store.Open(c.Store, c.Reuse...)
	if err != nil {
		return program.BadInput(err)
	}
	show := newDisplay(c.Plain)
	session := &reproduce.Session{Store: runs, BackendName: c.Backend, Progress: show.progress, Log: show.log}
	defer session.Close()

	var failed []error
	if train != nil {
		if train.some() {
			if some, err = session.Lacking(some); err != nil {
				return err
			}
			experiments = reproduce.Chosen(some)
		}
		if experiments, err = train.within(session, experiments, preset, show.log); err != nil {
			return err
		}
		pool, end, perr := train.pool(show, preset, filepath.Join(c.Store, "logs"))
		if perr != nil {
			return perr
		}
		show.plan = func() (*reproduce.Plan, error) { return train.outlook(runs, experiments, preset) }
		failed, err = session.All(ctx, pool, experiments, preset)
		end()
		show.end()
		if err != nil {
			return err
		}
	}
	if !reports {
		fmt.Printf("%d runs found, %d trained, %d failed, in %s\n", session.Found, session.Trained, len(failed), time.Since(start).Round(time.Second))
		return errors.Join(failed...)
	}
	r, err := session.Report(ctx, reproduce.Experiments(), preset, reproduce.Provenance{
		Command: strings.Join(append([]string{"reproduce"}, os.Args[1:]...), " "), Started: start,
	})
	if err != nil {
		return err
	}
	if err := report.Write(out, r); err != nil {
		return err
	}
	fmt.Printf("%d runs found, %d trained, %d failed, in %s\n", session.Found, session.Trained, len(failed), time.Since(start).Round(time.Second))
	for _, line := range r.Summary {
		fmt.Println(line)
	}
	fmt.Println("report:", filepath.Join(out, "report.html"))
	return errors.Join(failed...)
}
