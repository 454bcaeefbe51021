// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

type mergeCommand struct {
	DryRun bool     `help:"Say what would be copied, and compare; write nothing."`
	Into   string   `arg:"" type:"path" help:"Folder of the run store that the others are copied into; made where there is none."`
	From   []string `arg:"" optional:"" type:"path" help:"Folders of run stores to copy from; they are only read. Without any, the replicas that INTO has are compared."`
}

// Help is printed below the summary.
func (c *mergeCommand) Help() string {
	return `Finished records are copied byte by byte, after their checksums were checked. Where INTO has a record of the same name, and from the same platform (one fingerprint: backend, plugin, processor, threads, versions, and the weights that it started from), both must have the same bits: else nothing at all is merged, each such record is named, and the exit code is 1. One from another platform is kept beside it, as a replica in INTO/replicas, and compared: the rel L2 of both, and whether they are within the tolerance over seeds. Unfinished runs, logs and caches are not merged.`
}

// Run joins stores.
func (c *mergeCommand) Run(ctx context.Context) error {
	seen := map[string]bool{}
	for i, dir := range append([]string{c.Into}, c.From...) {
		real := dir
		if r, err := filepath.EvalSymlinks(dir); err == nil {
			real = r
		}
		if seen[real] {
			return program.BadInputf("%s is named twice; name each store once", dir)
		}
		seen[real] = true
		if _, err := store.View(dir); err != nil {
			return program.BadInput(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "store.json")); err != nil && (i > 0 || len(c.From) == 0) {
			return program.BadInputf("%s is no run store (it has no file store.json)", dir)
		}
	}
	if len(c.From) > 0 && !c.DryRun {
		if err := reproduce.CheckWritable(c.Into); err != nil {
			return program.BadInputf("the store %s can't be written; choose another folder", c.Into)
		}
	}
	merged, err := reproduce.Merge(ctx, c.Into, c.From, c.DryRun || len(c.From) == 0)
	if err != nil {
		return err
	}
	return printMerged(os.Stdout, c.Into, merged, c.DryRun)
}

// printMerged writes what a merge did for a person.
func printMerged(out io.Writer, into string, m *reproduce.Merged, dry bool) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	number := func(x float64) string {
		if math.IsNaN(x) {
			return "-"
		}
		return fmt.Sprintf("%.4g", x)
	}
	outside := 0
	for i, r := range m.Replicas {
		if i == 0 {
			fmt.Fprintln(w, "run\tfingerprint\treplica\trel L2\treplica's\ttolerance\tfound")
		}
		found := "within tolerance"
		switch {
		case !r.OK:
			found = "outside tolerance"
			outside++
			if math.IsNaN(r.Tolerance) {
				found = r.Finding
			}
		case math.IsNaN(r.Tolerance):
			found = "the same bits"
		}
		changes := strings.Join(r.Platforms[0].Changes(r.Platforms[1]), ", ")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s; %s\n",
			r.Record.Name, r.Platforms[0], r.Platforms[1], number(r.RelL2[0]), number(r.RelL2[1]), number(r.Tolerance), found, changes)
	}
	would := ""
	if dry {
		would = "to be "
	}
	fmt.Fprintf(w, "%s: %d records %scopied, %d there already, %d %skept as replicas\n", into, len(m.Copied), would, m.There, len(m.Kept), would)
	if n := len(m.Replicas); n > 0 {
		fmt.Fprintf(w, "%d replicas compared, %d of them outside tolerance\n", n, outside)
	}
	if m.Unfinished > 0 {
		fmt.Fprintf(w, "not merged: %d unfinished runs; they go on in the stores that they are in\n", m.Unfinished)
	}
	return w.Flush()
}
