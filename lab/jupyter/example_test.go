// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter_test

import (
	"fmt"
	"path/filepath"

	"pinn.example/repro/lab/jupyter"
)

// The project's own kernelspec; Run starts its kernel.
func ExampleFindSpec() {
	spec, err := jupyter.FindSpec("gonb", "../../tools/lab/share/jupyter")
	if err != nil {
		panic(err)
	}
	fmt.Println(spec.DisplayName, filepath.Base(spec.Dir), spec.Env["GOFLAGS"])
	// Output: Go (gonb) gonb -ldflags=-s
}
