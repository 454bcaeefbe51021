// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

type importCommand struct {
	File    string    `arg:"" type:"path" help:"Checkpoint of the authors' Phase 1 or Phase 2 (.pt)."`
	Beta    []float64 `help:"Convection coefficients to evaluate at. Default: 30, 35, 40 for Phase 1; a Phase 2 needs the one it was trained for, which the file does not hold."`
	Backend string    `help:"Compute backend: xla:cuda, xla:cpu or go. Default: the best there is."`
}

// Run reads the checkpoint and prints its errors against the exact solution.
func (c importCommand) Run() error {
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	checkpoint, err := lrpinn.ReadCheckpoint(c.File)
	if err != nil {
		return program.BadInput(err)
	}
	betas := c.Beta
	switch {
	case len(betas) == 0 && checkpoint.Phase == 2:
		return program.BadInput(errors.New("this is a Phase 2 checkpoint, which does not say for which β: add --beta, such as --beta 40"))
	case len(betas) == 0:
		betas = []float64{30, 35, 40}
	}
	problem, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		return err
	}
	var mus [][]float64
	for _, beta := range betas {
		mu := []float64{beta, 0, 0}
		if err := problem.Check(mu); err != nil {
			return program.BadInput(err)
		}
		mus = append(mus, mu)
	}
	setup, err := pinn.NewSetup(problem, pde.Sample{Set: "published"})
	if err != nil {
		return err
	}
	b, err := backend.Open(c.Backend)
	if err != nil {
		return program.BadInput(err)
	}
	defer b.Finalize()
	evaluations, err := checkpoint.Evaluate(b.Compute, setup, mus...)
	if err != nil {
		return err
	}
	fmt.Printf("Phase %d, width %d\n", checkpoint.Phase, checkpoint.Width)
	fmt.Printf("%6s  %-9s  %-11s %9s %9s %9s %9s\n", "β", "ranks", "points", "abs", "rel L2", "max", "expl. var")
	for i, ev := range evaluations {
		ranks := checkpoint.Ranks
		if checkpoint.Phase == 1 {
			s, err := lrpinn.Diagonals(b.Compute, checkpoint.Weights, mus[i])
			if err != nil {
				return err
			}
			ranks = lrpinn.Ranks(s[0])
		}
		label := fmt.Sprintf("%d/%d/%d", ranks[0], ranks[1], ranks[2])
		line := func(beta, ranks, points string, e metric.Errors) {
			fmt.Printf("%6s  %-9s  %-11s %9.6f %9.6f %9.6f %9.6f\n", beta, ranks, points, e.Abs, e.RelL2, e.Max, e.ExplainedVariance)
		}
		line(fmt.Sprintf("%g", betas[i]), label, "full grid", ev.Grid)
		line("", "", "test points", ev.Test)
	}
	return nil
}
