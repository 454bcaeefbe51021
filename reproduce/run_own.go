// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/gomlx/compute"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Own is a run of a problem or a network from outside this module, such as one that a
// notebook defines.
type Own struct {
	// Name is the kind of run, such as "poisson"; in the store it is own/NAME.
	Name string
	// Setup is the problem with its points. Mus are the parameter settings that the
	// task is trained on and at which errors are measured.
	Setup pinn.Setup
	Mus   [][]float64
	// Task is what is trained, and Network builds the trained network from the task's
	// weights, the data that NetworkData names, and the datum mu.
	Task        train.Task
	Network     func(in train.Inputs) jet.Network
	NetworkData []string
	Train       train.Settings
	Seed        int64
}

// OwnRun makes a run of it. Since its code may change under one name, the run's name
// holds a hash of the loss's graph as b builds it, and of the values that the graph is
// given: initial weights, points, conditions, the reference at the test points. An
// edited equation, network or point set is another run. Of a task with stages only the
// first is hashed: what the later ones do must be in Name.
func OwnRun(b compute.Backend, o Own) (*Run, error) {
	if o.Name == "" || o.Setup.Problem == nil || o.Network == nil || o.Task.Loss == nil && o.Task.Update == nil || len(o.Mus) == 0 {
		return nil, fmt.Errorf("reproduce: an own run needs a name, a setup, parameter settings, a task with a loss or an update, and a network")
	}
	for _, mu := range o.Mus {
		if err := o.Setup.Problem.Check(mu); err != nil {
			return nil, err
		}
	}
	settings := probed(o.Train)
	if err := settings.WithDefaults().Check(); err != nil {
		return nil, err
	}
	task, err := o.Setup.Probe(o.Task, o.Mus, o.Network)
	if err != nil {
		return nil, err
	}
	graph, err := train.GraphHash(b, task, settings.WithDefaults().DType)
	if err != nil {
		return nil, err
	}
	values := sha256.New()
	encode := json.NewEncoder(values)
	for _, part := range []any{task.Weights, task.Data, task.ProbeData, o.Setup.Points.Test, o.Setup.Points.Grid} {
		if err := encode.Encode(part); err != nil {
			return nil, fmt.Errorf("reproduce: hashing the data of %s: %w", o.Name, err)
		}
	}
	return &Run{
		Config: store.Config{
			Method: "own/" + o.Name, Version: 1,
			Problem: o.Setup.Problem.ID(), Mus: o.Mus, Points: o.Setup.Sample, Setup: beyondPoints(o.Setup),
			Train: settings, Seed: o.Seed,
			Graph: graph + "-" + hex.EncodeToString(values.Sum(nil)[:8]),
		},
		Label:       fmt.Sprintf("%s at %s, seed %d", o.Name, span(o.Setup, o.Mus), o.Seed),
		setup:       o.Setup,
		task:        func(compute.Backend, *store.Record) (train.Task, error) { return task, nil },
		network:     o.Network,
		networkData: o.NetworkData,
		evaluateAt:  o.Mus,
	}, nil
}
