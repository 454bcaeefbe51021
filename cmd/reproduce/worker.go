// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/store"
)

type workerCommand struct {
	Preset  string   `default:"quick"`
	Store   string   `default:"runs" type:"path"`
	Reuse   []string `type:"path"`
	Backend string

	CheckpointEvery time.Duration
}

// Run serves a pool; see reproduce.ProcessWorker.
func (c *workerCommand) Run(ctx context.Context) error {
	preset, err := reproduce.FindPreset(c.Preset)
	if err != nil {
		return program.BadInput(err)
	}
	runs, err := reproduce.Runs(reproduce.Experiments(), preset)
	if err != nil {
		return err
	}
	records, err := store.Open(c.Store, c.Reuse...)
	if err != nil {
		return program.BadInput(err)
	}
	session := &reproduce.Session{Store: records, BackendName: c.Backend, CheckpointEvery: c.CheckpointEvery}
	defer session.Close()
	return reproduce.ServeWorker(ctx, session, runs, os.Stdin, os.Stdout)
}

// pool makes the workers of a run: one process on all processors for what uses
// them, and a narrow one for each processor. Logs of runs that fail are kept in
// the folder logs, if that is not "". end ends the workers.
func (c *runCommand) pool(show *display, preset reproduce.Preset, logs string) (pool *reproduce.Pool, end func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("finding this program: %w", err)
	}
	command := []string{program, "worker", "--preset", preset.Name, "--store", c.Store, "--checkpoint-every", c.CheckpointEvery.String()}
	for _, dir := range c.Reuse {
		command = append(command, "--reuse", dir)
	}
	if c.Backend != "" {
		command = append(command, "--backend", c.Backend)
	}
	var workers []*reproduce.ProcessWorker
	worker := func(on []int) *reproduce.ProcessWorker {
		w := &reproduce.ProcessWorker{Command: command, CPUs: on, Logs: logs, Progress: show.progress, Log: show.log}
		workers = append(workers, w)
		return w
	}
	pool = &reproduce.Pool{Wide: worker(nil), Started: show.started, Ended: show.ended}
	cpus := reproduce.CPUs()
	n := c.Workers
	if n < 0 {
		n = len(cpus)
	}
	for i := range n {
		pool.Narrow = append(pool.Narrow, worker([]int{cpus[i%len(cpus)]}))
	}
	return pool, func() {
		for _, w := range workers {
			_ = w.Close()
		}
	}, nil
}
