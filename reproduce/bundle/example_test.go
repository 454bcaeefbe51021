// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bundle_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/janpfeifer/must"

	"pinn.example/repro/reproduce/bundle"
)

// Results are packed here, and opened elsewhere.
func Example() {
	dir := must.M1(os.MkdirTemp("", "bundle"))
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "results.zip")

	results := fstest.MapFS{"results.json": {Data: []byte(`{"cells": 12}`)}}
	file := must.M1(os.Create(name))
	must.M(bundle.Write(file, results, bundle.Description{Name: "Results", Command: "reproduce run"}))
	must.M(file.Close())

	b := must.M1(bundle.Open(name))
	defer b.Close()
	fmt.Printf("%s\n", must.M1(fs.ReadFile(b, "results.json")))
	fmt.Printf("%s", must.M1(fs.ReadFile(b, "SHA256SUMS"))[64+2:64+2+13])
	// Output:
	// {"cells": 12}
	// results.json
}
