// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

type listCommand struct {
	Runs   bool             `name:"ids" help:"List the runs of a preset instead: id, expected minutes by data/budget.csv (2 cores, XLA), the id of the run that it starts from, label."`
	Preset string           `default:"quick" help:"With --ids, which preset: ${presets}."`
	Shard  *reproduce.Shard `placeholder:"I/N" help:"With --ids, only the I-th of N parts, as run takes them."`
	IDs    []string         `arg:"" optional:"" name:"experiment" help:"With --ids, experiments such as table2; all where none is given."`
}

// Run prints experiments, presets and backends, or runs.
func (c *listCommand) Run() error {
	if c.Runs {
		return c.ids()
	}
	if c.Shard != nil || len(c.IDs) > 0 {
		return program.BadInputf("experiments and --shard go with --ids")
	}
	fmt.Println("experiments:")
	for _, e := range reproduce.Experiments() {
		fmt.Printf("  %-17s %s\n", e.Name(), e.Title)
	}
	fmt.Println("presets:")
	for _, p := range reproduce.Presets() {
		fmt.Printf("  %-8s %s\n", p.Name, p.Purpose)
	}
	fmt.Println("backends:")
	for _, name := range backend.Names() {
		fmt.Printf("  %s\n", name)
	}
	return nil
}

// ids prints the runs of a preset.
func (c *listCommand) ids() error {
	preset, experiments, err := wanted(c.Preset, c.IDs)
	if err != nil {
		return err
	}
	runs, err := (&chosen{Shard: c.Shard}).choose(experiments, preset)
	if err != nil {
		return err
	}
	return printIDs(os.Stdout, runs)
}

func printIDs(out io.Writer, runs []*reproduce.Run) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\tminutes\tparent\tlabel")
	for _, r := range runs {
		took, err := reproduce.Estimate(r)
		if err != nil {
			return err
		}
		parent := "-"
		if r.Parent != nil {
			parent = r.Parent.Name()
		}
		fmt.Fprintf(w, "%s\t%.2f\t%s\t%s\n", r.Name(), took.Minutes(), parent, r.Label)
	}
	return w.Flush()
}
