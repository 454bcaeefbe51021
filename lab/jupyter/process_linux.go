// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// ownSession starts the kernel in a session of its own: all that it starts is in it,
// process groups of their own included (gopls has one). If this process is killed, the
// kernel is told to end.
func ownSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
}

// killSession kills what is left of a kernel's session.
func killSession(leader int) {
	// Twice: one of them may have started another meanwhile.
	for range 2 {
		stats, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, path := range stats {
			stat, err := os.ReadFile(path)
			if err != nil {
				continue // it has ended
			}
			// pid (name) state parent group session …; a name may hold anything.
			fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
			if len(fields) < 4 || string(fields[3]) != strconv.Itoa(leader) {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}
