// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

// budgeted are the flags that say how long training may take, and how it is done.
type budgeted struct {
	Budget  *time.Duration `placeholder:"TIME" help:"Train only what fits into this time, such as 90m or 2h: the cells and figures that cost least. The rest stays not run."`
	Workers int            `default:"-1" help:"Processes of one thread for runs on one query; 0 trains everything one after another on all processors. Default: one for each processor."`
}

type planCommand struct {
	budgeted
	Preset  string   `default:"quick" help:"How much to run: ${presets}."`
	Store   string   `default:"runs" type:"path" help:"Folder of the run store; it is only read."`
	Reuse   []string `type:"path" help:"Further stores to take finished runs from, such as results/quick."`
	Backend string   `help:"Compute backend: xla:cuda, xla:cpu or go. Default: the best there is."`
	JSON    bool     `name:"json" help:"Print the plan as JSON."`
	IDs     []string `arg:"" optional:"" name:"experiment" help:"Experiments, such as table2; all where none is given."`
}

// Run prints what the command run would do; it writes nothing.
func (c *planCommand) Run() error {
	preset, experiments, err := wanted(c.Preset, c.IDs)
	if err != nil {
		return err
	}
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	records, err := store.View(c.Store, c.Reuse...)
	if err != nil {
		return program.BadInput(err)
	}
	session := &reproduce.Session{Store: records, BackendName: c.Backend}
	defer session.Close()
	plan, err := c.plan(session, experiments, preset)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", " ")
		return encoder.Encode(plan)
	}
	return printPlan(os.Stdout, plan)
}

// Validate refuses a budget that is no time; the command line's parser calls it.
func (b *budgeted) Validate() error {
	if b.Budget != nil && *b.Budget <= 0 {
		return fmt.Errorf("a budget must be more than no time, such as 90m or 2h, got %s", *b.Budget)
	}
	return nil
}

// plan plans experiments on the session's backend, within the budget if there is
// one.
func (b *budgeted) plan(session *reproduce.Session, experiments []reproduce.Experiment, preset reproduce.Preset) (*reproduce.Plan, error) {
	compute, err := session.Backend()
	if err != nil {
		return nil, err
	}
	atOnce := len(reproduce.CPUs())
	if b.Workers >= 0 {
		atOnce = min(b.Workers, atOnce) // more than processors get no more done
	}
	if choice, cerr := backend.Choose(session.BackendName); cerr == nil && choice.Name == backend.CUDA {
		atOnce = len(choice.GPUs)
	}
	plan, err := reproduce.NewPlan(session.Store, experiments, preset, reproduce.PlanFor{Backend: compute.Info, AtOnce: atOnce})
	if err == nil && b.Budget != nil {
		plan.Fit(*b.Budget)
	}
	return plan, err
}

// outlook plans what is about to be trained, so that its progress can be shown.
// The backend is opened for its name alone and freed again: the workers need the
// device.
func (c *runCommand) outlook(records *store.Store, experiments []reproduce.Experiment, preset reproduce.Preset) (*reproduce.Plan, error) {
	session := &reproduce.Session{Store: records, BackendName: c.Backend}
	defer session.Close()
	budgeted := budgeted{Workers: c.Workers} // the experiments are what a budget has left
	return budgeted.plan(session, experiments, preset)
}

// within keeps what is trained to the budget, and says what that leaves out.
func (b *budgeted) within(session *reproduce.Session, experiments []reproduce.Experiment, preset reproduce.Preset, log func(format string, args ...any)) ([]reproduce.Experiment, error) {
	if b.Budget == nil {
		return experiments, nil
	}
	plan, err := b.plan(session, experiments, preset)
	if err != nil {
		return nil, err
	}
	train, left := 0, 0
	for _, r := range plan.Runs {
		switch {
		case r.NotRun:
			left++
			log("not run: %s (%s)", r.Label, about(r.Seconds))
		case r.State != reproduce.Stored:
			train++
		}
	}
	log("budget %s: %d runs to train, about %s; %d not run", about(*plan.BudgetSeconds), train, about(plan.Seconds), left)
	return plan.ToTrain(), nil
}

// printPlan writes a plan for a person.
func printPlan(out io.Writer, plan *reproduce.Plan) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) }
	sources := map[reproduce.TimeSource]int{}
	line := func(i int, r reproduce.PlannedRun) {
		seconds := "-"
		if r.State != reproduce.Stored {
			seconds = about(r.Seconds)
			if r.Source == reproduce.FromTable {
				seconds += "*"
			}
		}
		row(fmt.Sprintf("%4d", i), r.Label, seconds, r.Reason)
	}
	train, left := 0, 0
	for i, r := range plan.Runs {
		if r.NotRun {
			left++
			continue
		}
		if r.State != reproduce.Stored {
			train++
		}
		sources[r.Source]++
		line(i+1, r)
	}
	if left > 0 {
		w.Flush()
		fmt.Fprintf(w, "not run, for want of time:\n")
		for i, r := range plan.Runs {
			if r.NotRun {
				sources[r.Source]++
				line(i+1, r)
			}
		}
	}
	w.Flush()
	fmt.Fprintln(w, "experiments (what several need counts with the first):")
	for _, e := range plan.Experiments {
		row("    ", e.ID, fmt.Sprintf("%d runs", e.Runs), fmt.Sprintf("%d to train", e.ToTrain), about(e.Seconds))
	}
	w.Flush()
	if left > 0 {
		fmt.Fprintln(w, "cells and figures that stay incomplete:")
		for _, g := range plan.Goals {
			if !g.Complete {
				row("    ", g.String(), fmt.Sprintf("%d of %d runs not run", g.NotRun, g.Runs))
			}
		}
		w.Flush()
	}
	fmt.Fprintf(w, "preset %s: %d runs, %d in the store, %d to train in about %s", plan.Preset, len(plan.Runs), len(plan.Runs)-train-left, train, about(plan.Seconds))
	if plan.BudgetSeconds != nil {
		fmt.Fprintf(w, " of %s; %d not run", about(*plan.BudgetSeconds), left)
	}
	fmt.Fprintf(w, "\non %s, %s; of runs on one query, %d at once\n", plan.Backend, plan.CPU, plan.AtOnce)
	if sources[reproduce.FromRecords] > 0 {
		fmt.Fprintln(w, "times are those of this machine's records")
	}
	if n := sources[reproduce.FromTable]; n > 0 {
		fmt.Fprintf(w, "* %d times are from data/budget.csv, measured on 2 cores with XLA\n", n)
	}
	return w.Flush()
}

// about writes seconds for a person, to two units.
func about(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}
