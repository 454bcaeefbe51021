// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// wallUnit is the wall time of the program as a whole, in seconds.
const wallUnit = "wall-s"

// timeReproduce trains a preset into an empty store and writes its report, and returns a
// line of Go's benchmark text. Memory is that of the largest of its processes.
func timeReproduce(ctx context.Context, command, preset string) (string, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(os.Stderr, "bench: reproduce run --preset %s\n", preset)
	c := exec.CommandContext(ctx, command, "run", "--plain", "--preset", preset, "--store", filepath.Join(dir, "runs"), "--out", filepath.Join(dir, "out"))
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	c.Cancel, c.WaitDelay = func() error { return c.Process.Signal(os.Interrupt) }, 30*time.Second
	start := time.Now()
	err = c.Run()
	wall := time.Since(start)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		return "", fmt.Errorf("%s run --preset %s: %w", command, preset, err)
	}
	line := fmt.Sprintf("BenchmarkReproduce/preset=%s 1 %d ns/op %.1f %s", preset, wall.Nanoseconds(), wall.Seconds(), wallUnit)
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok && usage.Maxrss > 0 {
		line += fmt.Sprintf(" %d peak-MB", usage.Maxrss/1024)
	}
	return line + "\n", nil
}
