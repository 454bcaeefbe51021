// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command reproduce trains what the papers' tables and figures need and shows
// the numbers beside the published ones.
//
// Exit codes: 0 all done, 1 something failed, 2 bad input; 130 interrupted, with
// checkpoints written: the same command goes on from there.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"pinn.example/repro/reproduce"
)

const (
	exitFailed      = 1
	exitBadInput    = 2
	exitInterrupted = 130
)

type commandLine struct {
	List    listCommand    `cmd:"" help:"List the experiments and presets."`
	Plan    planCommand    `cmd:"" help:"Say what run would train, why, and how long it takes; change nothing."`
	Run     runCommand     `cmd:"" help:"Train what experiments need, then write the report."`
	Report  reportCommand  `cmd:"" help:"Write the report of what is in the run store; train nothing."`
	Solve   solveCommand   `cmd:"" help:"Train one network on convection at any β and print its errors."`
	Diff    diffCommand    `cmd:"" help:"Say what differs between two reports; fail on a regression."`
	Verify  verifyCommand  `cmd:"" help:"Look for damage in a run store or a bundle; train records again and compare."`
	Bundle  bundleCommand  `cmd:"" help:"Pack finished records and the report into one zip archive that describes and checks itself."`
	Publish publishCommand `cmd:"" help:"Copy finished records and the report to results/PRESET, where they are kept under version control."`
	Import  importCommand  `cmd:"" help:"Read a checkpoint of the paper's authors (PyTorch .pt) and print its errors."`
	Worker  workerCommand  `cmd:"" hidden:"" help:"Train the runs whose names come on standard input; started by run."`
	Doctor  doctorCommand  `cmd:"" help:"Say which backend, plugin and device are found, and what to do about what is missing."`
}

// badInput marks an error as the user's: one line, exit code 2.
type badInput struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	exit := -1
	var cli commandLine
	parser, err := kong.New(&cli,
		kong.Name("reproduce"),
		kong.Description("Hyper-LR-PINN and HyperPINN, reproduced: paper | ours | verdict."),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Exit(func(code int) { exit = code }),
		kong.Vars{"presets": strings.Join(reproduce.PresetNames(), ", ")})
	if err != nil {
		panic(err) // the command line itself is wrong
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help
		return exit
	}
	if err == nil {
		err = parsed.Run()
	} else {
		err = badInput{err}
	}
	var bad badInput
	var noBackend *reproduce.BackendError
	switch {
	case err == nil:
		return 0
	case reproduce.Interrupted(err):
		fmt.Fprintln(os.Stderr, "reproduce: interrupted; the checkpoint is written, the same command goes on from it")
		return exitInterrupted
	case errors.As(err, &bad), errors.As(err, &noBackend):
		fmt.Fprintf(os.Stderr, "reproduce: %v\n", err)
		return exitBadInput
	}
	fmt.Fprintf(os.Stderr, "reproduce: %v\n", err)
	return exitFailed
}
