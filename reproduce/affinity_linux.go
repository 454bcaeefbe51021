// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// CPUs lists the processors that this process may use.
func CPUs() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var cpus []int
	for i := 0; len(cpus) < set.Count(); i++ {
		if set.IsSet(i) {
			cpus = append(cpus, i)
		}
	}
	return cpus
}

// startOn starts a command bound to processors, nil for all of them: XLA takes
// as many threads as the processors it is bound to.
func startOn(c *exec.Cmd, cpus []int) error {
	if len(cpus) == 0 {
		return c.Start()
	}
	// A child inherits the affinity of the thread that starts it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var old, want unix.CPUSet
	if unix.SchedGetaffinity(0, &old) != nil {
		return c.Start()
	}
	for _, cpu := range cpus {
		want.Set(cpu)
	}
	if unix.SchedSetaffinity(0, &want) == nil {
		defer func() { _ = unix.SchedSetaffinity(0, &old) }()
	}
	return c.Start()
}
