// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command cost writes docs/cost.md: what the larger presets take on a laptop, a server, a
// cluster and a GPU; run by go generate.
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/janpfeifer/must"

	"pinn.example/repro/reproduce"
)

//go:generate go run . ../../docs/cost.md

// What the GPU's rows assume: nothing of it was measured.
const (
	coreRate   = 40e9 // FLOP/s of a core in training steps, from `make bench`: 80 GFLOP/s on two
	deviceRate = 10e12
	launched   = .5e-3 // seconds a step that takes no time else: about 100 kernels of 5 µs
)

var clusters = []struct {
	name string
	reproduce.Cluster
}{
	{"2 cores", reproduce.Cluster{Nodes: 1, Cores: 2}},
	{"64 cores", reproduce.Cluster{Nodes: 1, Cores: 64}},
	{"10 nodes of 16 cores", reproduce.Cluster{Nodes: 10, Cores: 16}},
}

func main() { must.M(os.WriteFile(os.Args[1], must.M1(page()), 0o644)) }

func page() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`<!-- Written by tools/cost (go generate). -->

# What the presets cost

Hours from nothing to the last record. *Measured* are the times of a step and of what is beside it, on 2 cores with XLA, one row a kind of run in [data/budget.csv](../data/budget.csv). *Computed* is everything below: the schedule is gone through run by run, each beginning as soon as what it starts from has ended and cores are free, the longest chain first; a run on many parameter settings takes two cores, any other one, and none is taken to be faster on more. Queues, failures, the file system, and memory that many cores share are left out: a real cluster takes longer.

| preset | on | runs | core hours | longest chain, h | elapsed, h | idle |
|---|---|---|---|---|---|---|
`)
	var gpu bytes.Buffer
	for _, name := range []string{"quick", "laptop", "paper"} {
		preset, err := reproduce.FindPreset(name)
		if err != nil {
			return nil, err
		}
		for _, c := range clusters {
			r, err := reproduce.ReplayOn(preset, c.Cluster)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "| %s | %s | %d | %.3g | %.3g | %.3g | %.0f %% |\n",
				name, c.name, r.Runs, r.Work/3600, r.Critical/3600, r.Elapsed/3600, 100*r.Idle)
			if c.Nodes == 1 && c.Cores == 2 {
				fmt.Fprintf(&gpu, "| %s | %.3g million | %.3g | %.3g |\n",
					name, float64(r.Steps)/1e6, float64(r.Steps)*launched/3600, r.Work*coreRate/deviceRate/3600)
			}
		}
	}
	fmt.Fprintf(&b, `
More cores help while there are runs side by side: the idle share says when that ends, and the longest chain is the least that any number of machines takes.

## One GPU

None was to be had, so that nothing here is measured. Trained one after another, each step waits for its kernels to be launched, about 100 of 5 µs; trained many at once, as runs on one graph can be, the arithmetic counts, at %.0f TFLOP/s, a part of what a large GPU does on layers of width 50.

| preset | steps | launches alone, one run at a time, h | arithmetic alone, h |
|---|---|---|---|
%s
The truth lies between: runs that share no graph can't be batched, and a batch waits for its launches too.
`, deviceRate/1e12, gpu.String())
	return b.Bytes(), nil
}
