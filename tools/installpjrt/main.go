// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command installpjrt downloads the CPU plugin that go-xla's authors built for the pinned go-xla
// version into a folder. It is the second choice of tools/setup.sh: unlike the wheel that is the
// first, the download has no checksum.
//
//	go run ./tools/installpjrt FOLDER
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gomlx/go-xla/installer"
)

// limit is how long the download may take before the set-up goes on without it: the installer
// itself has no time limit, and a stalled one must not hold up a CI job.
const limit = 10 * time.Minute

func main() {
	if len(os.Args) != 2 {
		fail("expected one argument, the folder to install into")
	}
	time.AfterFunc(limit, func() { fail("the download took more than %v", limit) })
	// No cache: it would be a folder in the home directory, outside of .tools.
	if err := installer.CPUAutoInstall(os.Args[1], false, installer.Quiet); err != nil {
		// Only the root: the whole chain repeats a long address three times.
		for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
			err = cause
		}
		fail("go-xla's installer: %v", err)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "installpjrt: "+format+"\n", args...)
	os.Exit(1)
}
