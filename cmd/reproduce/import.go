// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

type importCommand struct {
	File string `arg:"" help:"Checkpoint of the authors' Phase 1 or Phase 2."`
}

// Run is filled in below.
func (c importCommand) Run() error { return nil }
