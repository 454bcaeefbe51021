// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"fmt"
	"math"

	"pinn.example/repro/reproduce/store"
)

// The memory of processes in MiB. The most that a record of results/ has is 1,229,
// for a process that had trained other runs before; the two interpreters that
// Snakemake has in a Slurm job and the program itself take 300 together.
const (
	unknownMB = 2048
	besideMB  = 768
	// roomFactor is for another machine's allocator and page size.
	roomFactor = 1.25
)

// peakMemory knows what kinds of runs have taken.
type peakMemory map[string]float64

// memoryKey names what decides how much a run takes: its method, its problem, how many
// points it has, and whether its optimizer makes a Jacobian.
func memoryKey(c store.Config) string {
	return fmt.Sprintf("%s %s %d %d %t", c.Method, c.Problem, len(c.Mus), c.Points.Collocation, c.Train.LM != nil)
}

func newPeakMemory(measured []store.Head) (peakMemory, error) {
	m := peakMemory{}
	for _, h := range measured {
		var c store.Config
		if err := json.Unmarshal(h.Config, &c); err != nil {
			return nil, fmt.Errorf("reproduce: record %s: config.json: %w", h.Name, err)
		}
		key := memoryKey(c)
		m[key] = max(m[key], h.Manifest.PeakMemoryMB)
	}
	return m, nil
}

// of is what a job of runs is to be given. A job has a process for the runs on many
// queries and atOnce of them for those on one, all of which stay to its end.
func (m peakMemory) of(runs []*Run, atOnce int) int {
	var wide, narrow float64
	for _, r := range runs {
		took := m[memoryKey(r.Config)]
		if took == 0 {
			took = unknownMB / roomFactor
		}
		if r.wide() {
			wide = max(wide, took)
		} else {
			narrow = max(narrow, took)
		}
	}
	all := besideMB + roomFactor*(wide+float64(atOnce)*narrow)
	return 256 * int(math.Ceil(all/256))
}
