// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Question asks for one network's solution at a parameter of one's own.
type Question struct {
	// Method is hyper-lr-pinn, naive-lr-pinn or pinn, on convection, or hyperpinn,
	// on Burgers' equation.
	Method string
	// Beta is the coefficient of convection and Nu that of Burgers' equation; the
	// other one is nil.
	Beta, Nu *float64
	// Rank is "adaptive" (the default) or "full" for hyper-lr-pinn, a number for
	// naive-lr-pinn, and empty for all else.
	Rank string
	// Steps, if 0, are those of the preset.
	Steps int
	Seed  int64
}

// Solve returns the run that answers a question, and the parameter setting at which
// it does. A HyperPINN is trained on a range of ν, and answers for any in it.
func Solve(p Preset, q Question) (*Run, []float64, error) {
	if q.Steps < 0 {
		return nil, nil, fmt.Errorf("steps must not be negative, got %d", q.Steps)
	}
	if methods := []string{"hyper-lr-pinn", "naive-lr-pinn", "pinn", "hyperpinn"}; !slices.Contains(methods, q.Method) {
		return nil, nil, fmt.Errorf("unknown method %q; known are %s", q.Method, strings.Join(methods, ", "))
	}
	if q.Method == "hyperpinn" {
		return solveBurgers(p, q)
	}
	if q.Nu != nil {
		return nil, nil, fmt.Errorf("--nu is for hyperpinn; %s has convection's --beta", q.Method)
	}
	r, err := solveConvection(p, q)
	if err != nil {
		return nil, nil, err
	}
	return r, r.evaluateAt[0], nil
}

// or is the question's number of steps or, where it has none, the preset's.
func (q Question) or(preset int) int {
	if q.Steps == 0 {
		return preset
	}
	return q.Steps
}

func solveBurgers(p Preset, q Question) (*Run, []float64, error) {
	switch {
	case q.Nu == nil || q.Beta != nil:
		return nil, nil, errors.New("hyperpinn solves Burgers' equation; give its --nu, and no --beta")
	case q.Rank != "":
		return nil, nil, fmt.Errorf("hyperpinn has no rank, got %q", q.Rank)
	}
	mu := []float64{*q.Nu}
	if err := (pde.Burgers{}).Check(mu); err != nil {
		return nil, nil, err
	}
	if *q.Nu < pde.BurgersNuLow || *q.Nu > pde.BurgersNuHigh {
		return nil, nil, fmt.Errorf("nu is %g; give one between %g and %g, on which the network is trained", *q.Nu, pde.BurgersNuLow, pde.BurgersNuHigh)
	}
	r, err := burgersNets[hyperNet].run(p, q.or(p.Burgers.Steps), q.Seed, burgersChoice{})
	return r, mu, err
}

func solveConvection(p Preset, q Question) (*Run, error) {
	setup, err := convection()
	if err != nil {
		return nil, err
	}
	if q.Beta == nil {
		return nil, fmt.Errorf("%s solves convection; give its --beta", q.Method)
	}
	mu := []float64{*q.Beta, 0, 0}
	if err := setup.Problem.Check(mu); err != nil {
		return nil, err
	}
	rank, seed, or := q.Rank, q.Seed, q.or
	switch q.Method {
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
	default: // pinn
		if rank != "" {
			return nil, fmt.Errorf("pinn has no rank, got %q", rank)
		}
		return PINNRun(baselines.PINN{Setup: setup, Mu: mu, Seed: seed}, train.Settings{Steps: or(p.PINNSteps), LearningRate: pinnRate}), nil
	}
}
