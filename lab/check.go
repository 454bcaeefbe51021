// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"
)

// Check ends the cell with err's message where err is not nil: the notebook stops
// there.
func Check(err error) {
	if err == nil {
		return
	}
	fail(err.Error())
}

// Must returns value where err is nil, and ends the cell with err's message else.
//
//	setup := lab.Must(pinn.NewSetup(problem, sample))
func Must[T any](value T, err error) T {
	Check(err)
	return value
}

// place is the line of the notebook that called this package, in the file that the
// kernel made of the cells; whoever tests notebooks finds the cell's line by it. It is
// empty outside of a notebook.
func place() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "main.") {
			if strings.Contains(frame.File, "/gonb_") {
				return fmt.Sprintf("\t%s:%d\n", frame.File, frame.Line)
			}
			return ""
		}
		if !more {
			return ""
		}
	}
}

// fail prints a message and ends the cell with status 1. What was displayed before is
// delivered first: the kernel drops what is in its pipe at a process's end.
func fail(message string) {
	gonbui.Sync()
	fmt.Fprintln(os.Stderr, strings.TrimSpace(message))
	if strict, _ := strconv.ParseBool(os.Getenv("NB_STRICT")); strict { // Param would come back here
		fmt.Fprint(os.Stderr, place())
	}
	os.Exit(1)
}
