// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// modules are those whose version can change what is computed.
var modules = []string{"github.com/gomlx/gomlx", "github.com/gomlx/compute", "github.com/gomlx/go-xla", "gonum.org/v1/gonum"}

// versions returns the versions of Go, of the modules that compute, and of the
// formulation.
func versions() map[string]string {
	v := map[string]string{"go": runtime.Version(), "formulation": strconv.Itoa(formulation)}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, m := range info.Deps {
		for _, path := range modules {
			if m.Path == path {
				v[path] = m.Version
			}
		}
	}
	return v
}

// peakMemoryMB is the process's peak resident memory so far, the plugin's
// included.
func peakMemoryMB() float64 {
	if data, err := os.ReadFile("/proc/self/status"); err == nil {
		for _, line := range strings.Split(string(data), "\n") {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				if kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64); err == nil {
					return float64(int(kb / 1024))
				}
			}
		}
	}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		return float64(usage.Maxrss / 1024)
	}
	return 0
}
