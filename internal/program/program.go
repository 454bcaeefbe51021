// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package program is what the project's commands have in common: the command line is
// parsed, the chosen command runs until it ends or the user stops it, an error is one
// line on standard error, and the exit code says which kind it was.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes beside 0.
const (
	ExitFailed      = 1
	ExitBadInput    = 2
	ExitInterrupted = 130
)

// ErrTold says that what failed has been told already: there is no line.
var ErrTold = errors.New("failed")

// Program is a command line.
type Program struct {
	Name, Description string
	// Vars are put in place of ${name} in the help.
	Vars kong.Vars
	// Interrupted is said where the user has stopped the program; the default is
	// "interrupted".
	Interrupted string
	// IsBadInput and IsInterrupted find errors beside those of [BadInput] and
	// context.Canceled; nil finds none.
	IsBadInput, IsInterrupted func(error) bool
}

type badInput struct{ error }

func (e badInput) Unwrap() error { return e.error }

// BadInput marks an error as the user's: exit code 2.
func BadInput(err error) error { return badInput{err} }

// BadInputf is BadInput of a formatted error.
func BadInputf(format string, args ...any) error { return BadInput(fmt.Errorf(format, args...)) }

// Main runs the program on the arguments of the process, and exits. SIGINT and SIGTERM
// cancel the context that a command's Run may ask for.
func (p Program) Main(cli any) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(p.Run(ctx, cli, os.Args[1:]))
}

// Run parses args into cli, a pointer to a struct for kong, runs the command that they
// choose, and returns the exit code.
func (p Program) Run(ctx context.Context, cli any, args []string) int {
	exit := -1
	parser, err := kong.New(cli, kong.Name(p.Name), kong.Description(p.Description), p.Vars,
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
		err = BadInput(err)
	}
	var bad badInput
	say := func(what any) { fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, what) }
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrTold):
		return ExitFailed
	case errors.Is(err, context.Canceled), p.IsInterrupted != nil && p.IsInterrupted(err):
		if p.Interrupted == "" {
			p.Interrupted = "interrupted"
		}
		say(p.Interrupted)
		return ExitInterrupted
	case errors.As(err, &bad), p.IsBadInput != nil && p.IsBadInput(err):
		say(err)
		return ExitBadInput
	}
	say(err)
	return ExitFailed
}
