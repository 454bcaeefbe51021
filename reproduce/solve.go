// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strconv"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// Solve returns the run that trains one network on convection at any β. rank is
// "adaptive" (the default) or "full" for hyper-lr-pinn, a number for
// naive-lr-pinn, and empty for pinn; steps is 0 for those of the preset.
func Solve(p Preset, method string, beta float64, rank string, steps int, seed int64) (*Run, error) {
	setup, err := convection()
	if err != nil {
		return nil, err
	}
	mu := []float64{beta, 0, 0}
	if err := setup.Problem.Check(mu); err != nil {
		return nil, err
	}
	if steps < 0 {
		return nil, fmt.Errorf("steps must not be negative, got %d", steps)
	}
	or := func(preset int) int {
		if steps == 0 {
			return preset
		}
		return steps
	}
	switch method {
	case "hyper-lr-pinn":
		r := lrpinn.Rank(rank)
		if rank == "" {
			r = lrpinn.AdaptiveRank
		}
		if r != lrpinn.AdaptiveRank && r != lrpinn.FullRank {
			return nil, fmt.Errorf("the rank of hyper-lr-pinn is %s or %s, got %q", lrpinn.AdaptiveRank, lrpinn.FullRank, rank)
		}
		return Phase2Run(failureModePhase1(setup, p, seed), mu, r, or(p.Phase2Steps)), nil
	case "naive-lr-pinn":
		n, err := strconv.Atoi(rank)
		if err != nil {
			return nil, fmt.Errorf("the rank of naive-lr-pinn is a number from 1 to the width 50, got %q", rank)
		}
		naive := baselines.NaiveLR{Setup: setup, Mu: mu, Rank: n, Seed: seed}
		if err := naive.Check(); err != nil {
			return nil, err
		}
		return NaiveLRRun(naive, train.Settings{Steps: or(p.Phase2Steps)}), nil
	case "pinn":
		if rank != "" {
			return nil, fmt.Errorf("pinn has no rank, got %q", rank)
		}
		return PINNRun(baselines.PINN{Setup: setup, Mu: mu, Seed: seed}, train.Settings{Steps: or(p.PINNSteps), LearningRate: pinnRate}), nil
	}
	return nil, fmt.Errorf("unknown method %q; known are hyper-lr-pinn, naive-lr-pinn, pinn", method)
}
