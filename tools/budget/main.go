// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command budget writes what every experiment and preset costs to a file; run
// by go generate.
package main

import (
	"bytes"
	"os"

	"github.com/janpfeifer/must"

	"pinn.example/repro/reproduce"
)

func main() {
	var b bytes.Buffer
	must.M(reproduce.WriteBudget(&b, must.M1(reproduce.Budget())))
	must.M(os.WriteFile(os.Args[1], b.Bytes(), 0o644))
}
