// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// names lists the benchmarks, without the word Benchmark.
func (b binary) names(ctx context.Context) ([]string, error) {
	out, err := exec.CommandContext(ctx, string(b), "-test.list", "^Benchmark").Output()
	if err != nil {
		return nil, fmt.Errorf("listing the benchmarks of %s: %w", b, err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "Benchmark"); ok {
			names = append(names, name)
		}
	}
	return names, nil
}

// run runs one benchmark in a process of its own, and returns its lines of Go's
// benchmark text. An error says in one line why there is none.
func (b binary) run(ctx context.Context, name, benchtime string, flags ...string) (string, error) {
	args := append([]string{"-test.run", "^$", "-test.bench", "^Benchmark" + name + "$", "-test.benchtime", benchtime, "-test.timeout", "0"}, flags...)
	c := exec.CommandContext(ctx, string(b), args...)
	// A run in the middle of a dispatch ends by itself, unless that takes long.
	c.Cancel, c.WaitDelay = func() error { return c.Process.Signal(os.Interrupt) }, 5*time.Second
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	err := c.Run()
	var results strings.Builder
	for line := range strings.Lines(out.String()) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "Benchmark") && len(fields) > 3 {
			results.WriteString(line)
		}
	}
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", fmt.Errorf("%s: %s", err, reason(out.String(), complaint.String()))
	case results.Len() == 0:
		return "", fmt.Errorf("it has no result")
	}
	return results.String(), nil
}

// reason is what a failed benchmark says: the line below its FAIL, or else the last of
// what it complained of.
func reason(out, complaint string) string {
	if _, after, ok := strings.Cut(out, "--- FAIL:"); ok {
		for line := range strings.Lines(after) {
			if strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "" && strings.Contains(line, ".go:") {
				_, text, _ := strings.Cut(line, ".go:")
				_, text, _ = strings.Cut(text, ": ")
				return strings.TrimSpace(text)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(complaint), "\n")
	for _, line := range lines { // of a panic, what it is, and not where
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return line
		}
	}
	return lines[len(lines)-1]
}
