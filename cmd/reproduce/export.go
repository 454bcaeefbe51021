// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

type exportCommand struct {
	Snakemake snakemakeCommand `cmd:"" help:"Write a Snakemake workflow with a job for every few runs, for one machine or for Slurm."`
}

type snakemakeCommand struct {
	Preset     string   `default:"quick" help:"How much to run: ${presets}."`
	Store      string   `default:"runs" type:"path" help:"Folder of the run store, which all jobs share. Its records' memory is what jobs ask for."`
	Reuse      []string `type:"path" help:"Further stores to take finished runs from, such as results/quick."`
	Out        string   `type:"path" help:"Folder of the report. Default: out/PRESET."`
	Backend    string   `help:"Compute backend: xla:cuda, xla:cpu or go. Default: the best that a job's machine has. With xla:cuda each job asks for a GPU."`
	Cores      int      `default:"2" help:"Processors of a job that trains a run on many queries; the last bits of its results depend on their number. Default: ${default}."`
	Minutes    float64  `default:"5" help:"How long a job is to take at least: shorter runs are packed together; 0 makes a job of every run. Default: ${default}."`
	TimeFactor float64  `default:"3" help:"How many times as long as expected a job may take; another attempt is given as much again. Default: ${default}."`
	Program    string   `type:"path" help:"Path of this program on the machines of the jobs. Default: where it is here."`
	Dir        string   `arg:"" type:"path" help:"Folder to write the workflow into."`
	IDs        []string `arg:"" optional:"" name:"experiment" help:"Experiments, such as table2; all where none is given. The report shows all that is in the store."`
}

// Run writes the workflow and nothing else: the store is only read.
func (c *snakemakeCommand) Run() error {
	if c.Cores < 1 {
		return program.BadInputf("--cores is %d; expected 1 or more", c.Cores)
	}
	if !(c.Minutes >= 0 && c.Minutes <= 1e6) {
		return program.BadInputf("--minutes is %v; expected a time such as 5, or 0 for a job for every run", c.Minutes)
	}
	if !(c.TimeFactor >= 1 && c.TimeFactor <= 1000) {
		return program.BadInputf("--time-factor is %v; expected 1 or more", c.TimeFactor)
	}
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
	at := reproduce.Snakemake{Program: c.Program, Store: c.Store, Reuse: c.Reuse, Out: c.Out, Backend: c.Backend}
	if at.Program == "" {
		if at.Program, err = os.Executable(); err != nil {
			return fmt.Errorf("finding this program: %w", err)
		}
	}
	if at.Out == "" {
		if at.Out, err = filepath.Abs(filepath.Join("out", preset.Name)); err != nil {
			return fmt.Errorf("finding the folder of the report: %w", err)
		}
	}
	heads, err := records.Heads()
	if err != nil {
		return err
	}
	workflow, err := reproduce.NewWorkflow(experiments, preset, reproduce.WorkflowFor{
		Backend: c.Backend, Threads: c.Cores, AtLeast: time.Duration(c.Minutes * float64(time.Minute)), TimeFactor: c.TimeFactor, Measured: heads,
	})
	if err != nil {
		return err
	}
	if err := workflow.WriteSnakemake(c.Dir, at); err != nil {
		return program.BadInput(err)
	}
	fmt.Printf("%s: %d jobs, then the report\n", c.Dir, len(workflow.Jobs))
	return nil
}
