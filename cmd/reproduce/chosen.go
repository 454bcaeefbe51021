// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"

	"pinn.example/repro/reproduce"
)

// chosen are the flags that take some of the runs of a command, for a job of several.
type chosen struct {
	ID    []string         `name:"id" placeholder:"NAME" help:"Train just these runs, and what they start from: names, or at least 8 characters of them, as list --ids prints them. No report is written unless --out names its folder; the command report writes one."`
	Shard *reproduce.Shard `placeholder:"I/N" help:"Train just the I-th of N parts of the runs, 1/N to N/N, which take about the same time and share nothing; the same parts on every machine. No report is written unless --out names its folder."`
}

// Validate is called by the command line's parser.
func (c *chosen) Validate() error {
	if len(c.ID) > 0 && c.Shard != nil {
		return errors.New("--id and --shard are two ways to choose runs; give one of them")
	}
	return nil
}

// some says that not all runs are asked for.
func (c *chosen) some() bool { return len(c.ID) > 0 || c.Shard != nil }

// choose returns the runs that are asked for, all where nothing is chosen.
func (c *chosen) choose(experiments []reproduce.Experiment, preset reproduce.Preset) ([]*reproduce.Run, error) {
	if len(c.ID) > 0 {
		return reproduce.FindRuns(experiments, preset, c.ID)
	}
	runs, err := reproduce.Runs(experiments, preset)
	if err != nil || c.Shard == nil {
		return runs, err
	}
	return c.Shard.Runs(runs)
}
