// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gomlx/compute"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

// session is the cell's one session on the run store. It is never closed: the process
// ends with its cell.
var session = sync.OnceValue(func() *reproduce.Session {
	runs, err := store.Open(Param("store", filepath.Join(Root(), "runs")))
	Check(err)
	// Where the published results have been left out, lessons train these runs too.
	if results := filepath.Join(Root(), "results", "laptop"); exists(results) {
		var names []string
		for _, run := range shipped() {
			names = append(names, run.Name())
		}
		Check(runs.Reuse(results, names...))
	}
	return &reproduce.Session{Store: runs, BackendName: Param("backend", "")}
})

func exists(dir string) bool {
	_, err := os.Stat(dir)
	return !errors.Is(err, fs.ErrNotExist)
}

// Backend opens the compute backend on which graphs are built: the best there is, or
// what NB_BACKEND names (xla:cuda, xla:cpu, go).
func Backend() compute.Backend {
	return Must(session().Backend()).Compute
}
