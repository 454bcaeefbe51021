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
	// The trained weights that ship with the course are only read.
	var reuse []string
	if _, err := os.Stat(WeightsDir()); err == nil {
		reuse = append(reuse, WeightsDir())
	} else if !errors.Is(err, fs.ErrNotExist) {
		Check(err)
	}
	runs, err := store.Open(Param("store", filepath.Join(Root(), "runs")), reuse...)
	Check(err)
	return &reproduce.Session{Store: runs, BackendName: Param("backend", "")}
})

// WeightsDir is the run store of trained weights that ship with the course.
func WeightsDir() string { return filepath.Join(Root(), "notebooks", "weights") }

// Backend opens the compute backend on which graphs are built: the best there is, or
// what NB_BACKEND names (xla:cuda, xla:cpu, go).
func Backend() compute.Backend {
	return Must(session().Backend()).Compute
}
