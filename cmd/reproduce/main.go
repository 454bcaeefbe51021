// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command reproduce trains what the papers' tables and figures need and shows
// the numbers beside the published ones.
//
// Exit codes: 0 all done, 1 something failed, 2 bad input; 130 interrupted, with
// checkpoints written: the same command goes on from there.
package main

import (
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

type commandLine struct {
	List    listCommand    `cmd:"" help:"List the experiments and presets."`
	Plan    planCommand    `cmd:"" help:"Say what run would train, why, and how long it takes; change nothing."`
	Run     runCommand     `cmd:"" help:"Train what experiments need, then write the report."`
	Report  reportCommand  `cmd:"" help:"Write the report of what is in the run store; train nothing."`
	Solve   solveCommand   `cmd:"" help:"Train one network on convection at any β and print its errors."`
	Diff    diffCommand    `cmd:"" help:"Say what differs between two reports; fail on a regression."`
	Verify  verifyCommand  `cmd:"" help:"Look for damage in a run store or a bundle; train records again and compare."`
	Merge   mergeCommand   `cmd:"" help:"Join run stores that were filled apart, such as those of several machines or CI jobs."`
	Bundle  bundleCommand  `cmd:"" help:"Pack finished records and the report into one zip archive that describes and checks itself."`
	Publish publishCommand `cmd:"" help:"Copy finished records and the report to results/PRESET, where they are kept under version control."`
	Import  importCommand  `cmd:"" help:"Read a checkpoint of the paper's authors (PyTorch .pt) and print its errors."`
	Worker  workerCommand  `cmd:"" hidden:"" help:"Train the runs whose names come on standard input; started by run."`
	Export  exportCommand  `cmd:"" help:"Write what run would train as a workflow for a scheduler."`
	Doctor  doctorCommand  `cmd:"" help:"Say which backend, plugin and device are found, and what to do about what is missing."`
}

var thisProgram = program.Program{
	Name:          "reproduce",
	Description:   "Hyper-LR-PINN and HyperPINN, reproduced: paper | ours | verdict.",
	Vars:          kong.Vars{"presets": strings.Join(reproduce.PresetNames(), ", ")},
	Interrupted:   "interrupted; the checkpoint is written, the same command goes on from it",
	IsInterrupted: reproduce.Interrupted,
	IsBadInput: func(err error) bool {
		var noBackend *reproduce.BackendError
		return errors.As(err, &noBackend)
	},
}

func main() { thisProgram.Main(&commandLine{}) }
