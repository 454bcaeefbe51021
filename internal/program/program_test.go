// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package program_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"pinn.example/repro/internal/program"
)

type commandLine struct {
	End endCommand `cmd:"" help:"End in one of the ways."`
}

type endCommand struct {
	How string `arg:""`
}

var errOurs = errors.New("ours")

func (c *endCommand) Run(ctx context.Context) error {
	switch c.How {
	case "well":
		return ctx.Err()
	case "told":
		return fmt.Errorf("run: %w", program.ErrTold)
	case "badly":
		return fmt.Errorf("run: %w", program.BadInputf("%d is too many", 3))
	case "stopped":
		return fmt.Errorf("run: %w", context.Canceled)
	case "ours":
		return errOurs
	}
	return errors.New("no such way")
}

// TestRun: each way of ending has its exit code, and at most one line.
func TestRun(t *testing.T) {
	p := program.Program{Name: "demo"}
	for _, c := range []struct {
		args []string
		code int
		line string
	}{
		{[]string{"end", "well"}, 0, ""},
		{[]string{"end", "told"}, program.ExitFailed, ""},
		{[]string{"end", "badly"}, program.ExitBadInput, "demo: run: 3 is too many\n"},
		{[]string{"end", "stopped"}, program.ExitInterrupted, "demo: interrupted\n"},
		{[]string{"end", "otherwise"}, program.ExitFailed, "demo: no such way\n"},
		{[]string{"begin"}, program.ExitBadInput, "demo: unexpected argument begin\n"},
		{[]string{"end", "ours"}, program.ExitFailed, "demo: ours\n"},
	} {
		if code, line := invoke(t, p, c.args...); code != c.code || line != c.line {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.args, code, line, c.code, c.line)
		}
	}
	p.IsBadInput = func(err error) bool { return errors.Is(err, errOurs) }
	if code, _ := invoke(t, p, "end", "ours"); code != program.ExitBadInput {
		t.Errorf("an error of IsBadInput: exit code %d", code)
	}
	p.IsInterrupted, p.Interrupted = p.IsBadInput, "stopped; go on with resume"
	if code, line := invoke(t, p, "end", "ours"); code != program.ExitInterrupted || line != "demo: stopped; go on with resume\n" {
		t.Errorf("an error of IsInterrupted: exit code %d and %q", code, line)
	}
}

// invoke runs the program and returns what it wrote on standard error.
func invoke(t *testing.T, p program.Program, args ...string) (code int, line string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stderr
	os.Stderr = w
	code = p.Run(context.Background(), &commandLine{}, args)
	os.Stderr = before
	w.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return code, string(text)
}
