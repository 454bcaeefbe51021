// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build !linux

package reproduce

import (
	"os/exec"
	"runtime"
)

// CPUs lists the processors that this process may use.
func CPUs() []int {
	cpus := make([]int, runtime.NumCPU())
	for i := range cpus {
		cpus[i] = i
	}
	return cpus
}

// startOn starts a command; binding it to processors is known on Linux only.
func startOn(c *exec.Cmd, _ []int) error { return c.Start() }
