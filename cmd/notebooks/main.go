// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command notebooks runs the course's notebooks without a browser, makes the students'
// versions of those with solutions, and checks them all.
//
// Exit codes: 0 all is well, 1 a notebook failed, broke a rule or differed, 2 bad
// input, 130 interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

//go:generate go run . generate

const (
	exitFailed      = 1
	exitBadInput    = 2
	exitInterrupted = 130
)

type commandLine struct {
	Run      runCommand      `cmd:"" help:"Run notebooks and keep the executed ones."`
	Generate generateCommand `cmd:"" help:"Make the students' notebooks of those with solutions, and write the measured times into the headers."`
	Check    checkCommand    `cmd:"" help:"Check the notebooks' format and the course's rules."`
	Summary  summaryCommand  `cmd:"" help:"Write summary.json of the executed notebooks in a folder."`
	Compare  compareCommand  `cmd:"" help:"Say where two runs differ, cell by cell; durations don't count."`
}

// badInput marks an error as the user's: one line, exit code 2.
type badInput struct{ error }

// errFailed says that what failed has been told already.
var errFailed = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	exit := -1
	var cli commandLine
	parser, err := kong.New(&cli,
		kong.Name("notebooks"),
		kong.Description("The course's notebooks: run, generate, check, compare."),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Exit(func(code int) { exit = code }))
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
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "notebooks: interrupted")
		return exitInterrupted
	case errors.As(err, &bad):
		fmt.Fprintf(os.Stderr, "notebooks: %v\n", err)
		return exitBadInput
	}
	fmt.Fprintf(os.Stderr, "notebooks: %v\n", err)
	return exitFailed
}
