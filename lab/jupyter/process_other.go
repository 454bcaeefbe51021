// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build unix && !linux

package jupyter

import "syscall"

// ownSession starts the kernel in a session of its own, which is a process group too.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// killSession kills what is left of a kernel's process group. (Without /proc, what
// has a group of its own, gopls, is left to end with the kernel's socket.)
func killSession(leader int) { syscall.Kill(-leader, syscall.SIGKILL) }
