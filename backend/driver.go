// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// GPU is a device that the NVIDIA driver offers to this process.
type GPU struct {
	Name string
	// Memory is all there is of it, in bytes.
	Memory int64
}

func (g GPU) String() string { return fmt.Sprintf("%s, %.0f GiB", g.Name, float64(g.Memory)/(1<<30)) }

// driver is what the NVIDIA driver says of itself.
type driver struct {
	// cuda is the newest CUDA that it supports, 1000 times major plus 10 times
	// minor; 0 where it does not say.
	cuda int
	gpus []GPU
}

func (d driver) String() string { return fmt.Sprintf("CUDA %d.%d", d.cuda/1000, d.cuda%1000/10) }

// Where the driver is looked for; variables for the tests.
var (
	deviceRoot    = "/"
	driverLibrary = "libcuda.so.1"
)

// oldestDrivers are the first drivers for a CUDA of each major version (NVIDIA's
// CUDA Toolkit release notes, table of minor version compatibility).
var oldestDrivers = map[int]int{12: 525, 13: 580}

// findDriver asks the NVIDIA driver for its devices. It loads the driver's library
// only where there is a device, and makes no context on it. The error is one line
// that says what to install. $CUDA_VISIBLE_DEVICES is obeyed by the driver.
func findDriver() (driver, error) {
	if !gpuPresent() {
		return driver{}, errors.New("no NVIDIA GPU found: there is no /dev/nvidia0 (where there is a GPU, install its driver, or give the container access to it)")
	}
	if !xlaBuilt {
		return driver{}, errNoCompiler
	}
	return askDriver(driverLibrary)
}

// gpuPresent looks for the driver's devices: the last is that of Windows' Linux.
func gpuPresent() bool {
	for _, device := range []string{"dev/nvidia0", "dev/nvidiactl", "dev/dxg"} {
		if _, err := os.Stat(filepath.Join(deviceRoot, device)); err == nil {
			return true
		}
	}
	return false
}

// serves returns an error where the driver is too old for a plugin's CUDA.
func (d driver) serves(major int) error {
	if major == 0 || d.cuda == 0 || d.cuda/1000 >= major {
		return nil
	}
	advice := fmt.Sprintf("install driver %d or newer", oldestDrivers[major])
	if d.cuda/1000 == 12 {
		advice = "run `make cuda CUDA=12`, or " + advice
	}
	return fmt.Errorf("the NVIDIA driver is for %s and the plugin needs CUDA %d: %s", d, major, advice)
}
