// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"os"
	"path/filepath"
)

// Root returns the folder of the project's module: what the kernel says
// (PINN_ROOT), or else the nearest folder above the current one with a go.mod.
func Root() string {
	if root := os.Getenv("PINN_ROOT"); root != "" {
		return root
	}
	dir, err := os.Getwd()
	Check(err)
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			Check(fmt.Errorf("no go.mod in %s or above it: start the notebook with make lab, or set PINN_ROOT to the project's folder", dir))
		}
	}
}
