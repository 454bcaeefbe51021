// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"slices"
)

// nextStage ends the stage of all queries and starts the next from what the
// tasks make of it.
func (r *run) nextStage() error {
	states, err := r.download()
	if err != nil {
		return err
	}
	for i := range states {
		r.ended[i] = append(slices.Clip(r.ended[i]), states[i].Weights)
		if err := r.advance(i, r.ended[i]); err != nil {
			return err
		}
		states[i] = Initial(r.tasks[i])
	}
	if err := r.uploadData(); err != nil {
		return err
	}
	return r.uploadState(states)
}

// advance gives query i the task of the stage that follows those that ended.
func (r *run) advance(i int, ended []map[string]Array) error {
	first := r.tasks[i]
	if len(ended) >= max(1, first.Stages) || first.Stage == nil {
		return fmt.Errorf("train: %s: %d stages have ended, of %d", first.Label, len(ended), max(1, first.Stages))
	}
	task, err := first.Stage(len(ended), ended)
	if err != nil {
		return fmt.Errorf("train: %s: stage %d: %w", first.Label, len(ended), err)
	}
	task.Label, task.Stages, task.Stage = first.Label, first.Stages, first.Stage
	task.Probe, task.ProbeData = first.Probe, first.ProbeData // of the whole run
	r.tasks = slices.Clone(r.tasks)
	r.tasks[i] = task
	return nil
}

// StartFrom returns a task's weights with their values at the end of another, for
// Task.Stage.
func StartFrom(weights []Weight, ended map[string]Array) ([]Weight, error) {
	weights = slices.Clone(weights)
	for i, w := range weights {
		value, ok := ended[w.Name]
		if !ok {
			return nil, fmt.Errorf("train: the stage before has no weight %q", w.Name)
		}
		weights[i].Value = value
	}
	return weights, nil
}
