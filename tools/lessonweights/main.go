// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command lessonweights makes notebooks/weights, the run store of trained weights that
// ship with the course: it trains what of [lab.Shipped] is not in the run store yet (some
// 40 minutes on 2 cores from nothing), and copies it with its weights.
//
//	make lessons-weights
package main

import (
	"os"
	"path/filepath"

	"pinn.example/repro/lab"
	"pinn.example/repro/reproduce/store"
)

func main() {
	runs := lab.Shipped()
	lab.TrainAll(runs...)
	dir := lab.WeightsDir()
	from := lab.Must(store.Open(lab.Param("store", filepath.Join(lab.Root(), "runs"))))
	to := lab.Must(store.Open(dir))
	shipped := map[string]bool{}
	for _, run := range runs {
		shipped[run.Name()] = true
		// What ships already is as good, and may be all there is of it here.
		if record := lab.Must(to.Get(run.Name())); record == nil {
			lab.Check(from.Publish(to, run.Name(), true))
		}
	}
	// A run that ships no longer, since its settings changed, only takes up room.
	for _, name := range lab.Must(to.Names()) {
		if !shipped[name] {
			lab.Check(os.RemoveAll(filepath.Join(dir, "runs", name)))
		}
	}
}
