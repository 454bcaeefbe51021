// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"pinn.example/repro/backend"
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
	Batch           int
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
	session := &reproduce.Session{Store: records, BackendName: c.Backend, CheckpointEvery: c.CheckpointEvery, Batch: c.Batch}
	defer session.Close()
	return reproduce.ServeWorker(ctx, session, runs, os.Stdin, os.Stdout)
}

// pool makes the workers of a run: one process on all processors for what uses
// them, and a narrow one for each processor; on GPUs one process for each. Logs of runs that fail are kept in
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
	if c.Batch != 0 {
		command = append(command, "--batch", fmt.Sprint(c.Batch))
	}
	choice, err := backend.Choose(c.Backend)
	if err != nil {
		return nil, nil, &reproduce.BackendError{Err: err}
	}
	var workers []*reproduce.ProcessWorker
	worker := func(on []int, env ...string) *reproduce.ProcessWorker {
		w := &reproduce.ProcessWorker{Command: command, CPUs: on, Env: env, Logs: logs, Progress: show.progress, Log: show.log}
		workers = append(workers, w)
		return w
	}
	pool = &reproduce.Pool{Batch: c.Batch, Started: show.started, Ended: show.ended}
	if choice.Name == backend.CUDA {
		c.poolOfGPUs(pool, len(choice.GPUs), worker)
	} else {
		c.poolOfCPUs(pool, worker)
	}
	return pool, func() {
		for _, w := range workers {
			_ = w.Close()
		}
	}, nil
}

// newWorker makes a worker on some processors, nil for all, with variables.
type newWorker func(on []int, env ...string) *reproduce.ProcessWorker

func (c *runCommand) poolOfCPUs(pool *reproduce.Pool, worker newWorker) {
	pool.Wide = worker(nil)
	cpus := reproduce.CPUs()
	n := c.Workers
	if n < 0 {
		n = len(cpus)
	}
	for i := range n {
		pool.Narrow = append(pool.Narrow, worker([]int{cpus[i%len(cpus)]}))
	}
}

// poolOfGPUs has a process for each GPU: two on one would halve its memory and wait
// for each other.
func (c *runCommand) poolOfGPUs(pool *reproduce.Pool, gpus int, worker newWorker) {
	if pool.Batch == 0 {
		pool.Batch = reproduce.MaxBatch // the workers know how many fit
	}
	if c.Workers > 0 {
		gpus = min(gpus, c.Workers)
	}
	first := worker(nil, visibleGPU(0))
	pool.Wide = first
	if gpus == 1 || c.Workers == 0 {
		return
	}
	pool.Narrow = append(pool.Narrow, first)
	for i := 1; i < gpus; i++ {
		pool.Narrow = append(pool.Narrow, worker(nil, visibleGPU(i)))
	}
}

// visibleGPU shows a process one GPU, the i-th of those that this one sees.
func visibleGPU(i int) string {
	const variable = "CUDA_VISIBLE_DEVICES"
	device := fmt.Sprint(i)
	if seen := strings.Split(os.Getenv(variable), ","); i < len(seen) && seen[i] != "" {
		device = strings.TrimSpace(seen[i])
	}
	return variable + "=" + device
}
