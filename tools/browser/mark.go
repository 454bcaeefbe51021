// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// A mark is an environment variable that every process of this run inherits: JupyterLab starts its
// kernels in sessions of their own, and a kernel the programs of its cells, so no process group holds
// them all.
type mark string

func newMark() mark { return mark("PINN_BROWSER_RUN=" + rand.Text()) }

// pids are the processes that carry the mark. It looks into /proc: elsewhere than on Linux there are none.
func (m mark) pids() []int {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	var pids []int
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(env, []byte(m)) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}

// killAll ends the processes that carry the mark and have not ended by themselves after a few seconds,
// and returns their names. What is on its way out needs no mention.
func (m mark) killAll() (names []string) {
	const patience, step = 5 * time.Second, 100 * time.Millisecond
	for waited := time.Duration(0); waited < patience && len(m.pids()) > 0; waited += step {
		time.Sleep(step)
	}
	// A process may start another one while it is being ended.
	for range 10 {
		pids := m.pids()
		if len(pids) == 0 {
			break
		}
		for _, pid := range pids {
			name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
			names = append(names, fmt.Sprintf("%s (%d)", bytes.TrimSpace(name), pid))
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(step)
	}
	return names
}
