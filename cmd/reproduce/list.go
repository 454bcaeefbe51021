// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce"
)

type listCommand struct{}

// Run prints experiments, presets and backends.
func (listCommand) Run() error {
	fmt.Println("experiments:")
	for _, e := range reproduce.Experiments() {
		fmt.Printf("  %-17s %s\n", e.Name(), e.Title)
	}
	fmt.Println("presets:")
	for _, p := range reproduce.Presets() {
		fmt.Printf("  %-8s %s\n", p.Name, p.Purpose)
	}
	fmt.Println("backends:")
	for _, name := range backend.Names() {
		fmt.Printf("  %s\n", name)
	}
	return nil
}
