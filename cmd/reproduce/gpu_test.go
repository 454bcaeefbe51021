// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"testing"

	"pinn.example/repro/reproduce"
)

// A GPU has one process, which is given as many runs at once as it may decide on; with
// several, the first trains what uses all of the machine, too.
func TestPoolOfGPUs(t *testing.T) {
	for _, c := range []struct {
		visible       string
		gpus, workers int
		batch         int
		want          []string // a process each
		narrow        int
		pool          int
	}{
		{"", 1, -1, 0, []string{"0"}, 0, reproduce.MaxBatch},
		{"", 1, 3, 7, []string{"0"}, 0, 7},
		{"", 3, -1, 0, []string{"0", "1", "2"}, 3, reproduce.MaxBatch},
		{"", 3, 2, 1, []string{"0", "1"}, 2, 1},
		{"", 3, 0, 0, []string{"0"}, 0, reproduce.MaxBatch},
		{"5, 7", 2, -1, 0, []string{"5", "7"}, 2, reproduce.MaxBatch},
	} {
		t.Setenv("CUDA_VISIBLE_DEVICES", c.visible)
		command := runCommand{Batch: c.batch}
		command.Workers = c.workers
		pool := &reproduce.Pool{Batch: c.batch}
		var devices []string
		command.poolOfGPUs(pool, c.gpus, func(on []int, env ...string) *reproduce.ProcessWorker {
			if on != nil || len(env) != 1 {
				t.Errorf("%+v: a worker on the processors %v with %v", c, on, env)
			}
			devices = append(devices, env[0][len("CUDA_VISIBLE_DEVICES="):])
			return &reproduce.ProcessWorker{Env: env}
		})
		if !slices.Equal(devices, c.want) || len(pool.Narrow) != c.narrow || pool.Batch != c.pool || pool.Wide == nil {
			t.Errorf("%+v: processes on %v, %d of them narrow, groups of %d", c, devices, len(pool.Narrow), pool.Batch)
		}
		if c.narrow > 0 && pool.Wide != pool.Narrow[0] {
			t.Errorf("%+v: the wide worker shares a GPU with another", c)
		}
	}
}
