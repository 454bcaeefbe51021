// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Untrained builds what a run trains, as it is before the first step, without a store:
// what it starts from is untrained too. It is what a benchmark times.
func (r *Run) Untrained(b compute.Backend) (train.Task, error) {
	var parent *store.Record
	if r.Parent != nil {
		start, err := r.Parent.Untrained(b)
		if err != nil {
			return train.Task{}, err
		}
		parent = &store.Record{Weights: r.Parent.trained(train.Initial(start))}
	}
	task, err := r.task(b, parent)
	if err != nil {
		return task, fmt.Errorf("reproduce: building %s: %w", r.Label, err)
	}
	return task, nil
}
