// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/gomlx/compute"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/program"
)

// machine is where and when something was measured.
type machine struct {
	Backend backend.Info `json:"backend"`
	Go      string       `json:"go"`
	OS      string       `json:"os"`
	Arch    string       `json:"arch"`
	Date    time.Time    `json:"date"`
}

// thisMachine asks the backend that the benchmarks will open, too.
func thisMachine() (machine, error) {
	b, err := backend.Open("")
	if err != nil {
		if os.Getenv(compute.ConfigEnvVar) != "" {
			err = program.BadInput(err)
		}
		return machine{}, err
	}
	b.Finalize()
	return machine{b.Info, runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().UTC().Truncate(time.Second)}, nil
}

func (m machine) String() string { return fmt.Sprintf("%s; %s", m.Backend, m.Backend.CPU) }

// higherIsBetter are the units that benchstat would take the other way.
var higherIsBetter = []string{"steps/s", "GFLOP/s", "%peak"}

// header begins a file of Go's benchmark text. What benchstat would hold apart is among
// its keys, the date is not.
func (m machine) header() string {
	var s strings.Builder
	for _, line := range [][2]string{
		{"goos", m.OS},
		{"goarch", m.Arch},
		{"pkg", "pinn.example/repro/bench"},
		{"cpu", m.Backend.CPU},
		{"backend", m.Backend.Name},
		{"threads", fmt.Sprint(m.Backend.Threads)},
	} {
		fmt.Fprintf(&s, "%s: %s\n", line[0], line[1])
	}
	for _, unit := range higherIsBetter {
		fmt.Fprintf(&s, "Unit %s better=higher\n", unit)
	}
	return s.String()
}

// availableMB is the memory that a new process could have, in MiB; 0 where the system
// does not say.
func availableMB() float64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %f kB", &kB); n == 1 {
			return kB / 1024
		}
	}
	return 0
}
