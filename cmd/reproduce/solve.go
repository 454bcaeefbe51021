// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

type solveCommand struct {
	Method  string   `arg:"" help:"hyper-lr-pinn, naive-lr-pinn or pinn, on convection; hyperpinn, on Burgers' equation."`
	Beta    *float64 `placeholder:"NUMBER" help:"Convection coefficient β."`
	Nu      *float64 `placeholder:"NUMBER" help:"Viscosity ν of Burgers' equation, from .001 to .1."`
	Rank    string   `help:"hyper-lr-pinn: adaptive (default) or full; naive-lr-pinn: a number from 1 to 50, which it needs."`
	Steps   int      `help:"Optimizer steps. Default: those of the preset."`
	Seed    int64    `help:"Seed of the initial weights."`
	Preset  string   `default:"quick" help:"Whose Phase 1 and steps to take: ${presets}."`
	Store   string   `default:"runs" type:"path" help:"Folder of the run store."`
	Reuse   []string `type:"path" help:"Further stores to take finished runs from, such as results/quick; they are not copied."`
	Backend string   `help:"Compute backend: xla:cuda, xla:cpu or go. Default: the best there is."`
	Plain   bool     `help:"Plain progress lines even on a terminal."`
}

// Run trains one network and prints its errors at β or ν.
func (c *solveCommand) Run(ctx context.Context) error {
	preset, err := reproduce.FindPreset(c.Preset)
	if err != nil {
		return program.BadInput(err)
	}
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	run, mu, err := reproduce.Solve(preset, reproduce.Question{Method: c.Method, Beta: c.Beta, Nu: c.Nu, Rank: c.Rank, Steps: c.Steps, Seed: c.Seed})
	if err != nil {
		return program.BadInput(err)
	}
	runs, err := store.Open(c.Store, c.Reuse...)
	if err != nil {
		return program.BadInput(err)
	}
	show := newDisplay(c.Plain)
	session := &reproduce.Session{Store: runs, BackendName: c.Backend, Progress: show.progress, Log: show.log}
	defer session.Close()
	record, err := session.Do(ctx, run)
	show.end()
	if err != nil {
		return err
	}
	ev, err := session.Evaluate(run, mu)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d parameters\n", run.Label, record.Metrics.Parameters)
	fmt.Printf("%-11s  rel L2 %.4g (trivial %.4g), abs %.4g, max %.4g\n", "test points", ev.Test.RelL2, ev.TrivialTest.RelL2, ev.Test.Abs, ev.Test.Max)
	fmt.Printf("%-11s  rel L2 %.4g (trivial %.4g), abs %.4g, max %.4g\n", "full grid", ev.Grid.RelL2, ev.TrivialGrid.RelL2, ev.Grid.Abs, ev.Grid.Max)
	fmt.Printf("%-11s  mean square %.3g on the training points, %.3g on the grid\n", "residual", ev.ResidualTrain, ev.ResidualGrid)
	if ev.Spurious {
		fmt.Println("spurious: the equation holds at the training points and not between them")
	}
	return nil
}

// knownBackend refuses a backend that no one knows, before anything else is looked
// at.
func knownBackend(name string) error {
	if err := backend.Check(name); err != nil {
		return program.BadInput(err)
	}
	return nil
}
