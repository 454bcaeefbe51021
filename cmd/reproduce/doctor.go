// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"strings"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
)

type doctorCommand struct {
	Backend string `help:"Compute backend to look at: xla:cuda, xla:cpu or go. Default: the best there is."`
}

// Run opens the backend and prints what it found, and then of each thing that
// "xla:cuda" needs whether it is there or what to do.
func (c doctorCommand) Run() error {
	fmt.Printf("go       %s, %s/%s, %d of %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), runtime.NumCPU())
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	b, err := backend.Open(c.Backend)
	if err != nil {
		requirements()
		return program.BadInput(err)
	}
	defer b.Finalize()
	i := b.Info
	fmt.Printf("backend  %s\n", i.Name)
	if i.Plugin != "" {
		fmt.Printf("plugin   %s (sha256 %s)\n", i.PluginPath(), orUnknown(i.PluginSHA256))
	}
	fmt.Printf("version  %s\n", i.Version)
	fmt.Printf("device   %s on %s\n", i.Device, i.CPU)
	fmt.Printf("threads  %d\n", i.Threads)
	if len(i.Flags) > 0 {
		fmt.Printf("flags    %s\n", strings.Join(i.Flags, " "))
	}
	for _, note := range i.Notes {
		fmt.Printf("not used %s\n", note)
	}
	requirements()
	return nil
}

// requirements prints what "xla:cuda" needs.
func requirements() {
	for _, r := range backend.Requirements() {
		mark := "ok"
		if !r.Met {
			mark = "--"
		}
		fmt.Printf("cuda %s  %s: %s\n", mark, r.Name, r.Text)
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "not noted"
	}
	return s
}
