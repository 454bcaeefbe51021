// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// processor names the CPU and the widest vector unit it has, since XLA compiles
// for that: two machines that differ here may differ in the last bits.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	model, vector := runtime.GOARCH, ""
	for s := bufio.NewScanner(f); s.Scan(); {
		key, value, ok := strings.Cut(s.Text(), ":")
		if !ok {
			if model != runtime.GOARCH {
				break
			}
			continue
		}
		switch strings.TrimSpace(key) {
		case "model name":
			model = strings.TrimSpace(value)
		case "flags", "Features":
			for _, unit := range []string{"avx512f", "avx2", "avx", "sve", "asimd"} {
				if strings.Contains(" "+value+" ", " "+unit+" ") {
					vector = ", " + unit
					break
				}
			}
		}
	}
	return model + vector
}

// moduleVersion returns the version of a module in this build.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return "unknown"
}
