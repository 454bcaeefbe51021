// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
)

// Cluster is a number of nodes with as many cores each.
type Cluster struct{ Nodes, Cores int }

// Replay is what it comes to to train a preset from nothing on a cluster, without
// queues, failures and waiting for the file system.
type Replay struct {
	Runs  int
	Steps int
	// Work is the time of all runs, in seconds of a core. A run on many parameter
	// settings takes two cores, any other one: so the times were measured, and
	// none is assumed to be faster on more.
	Work float64
	// Critical is the time, in seconds, of the longest chain of runs that start
	// from one another: no cluster is faster.
	Critical float64
	// Elapsed is the time to the end, in seconds, and Idle the part of the cores'
	// time until then in which they have nothing to do.
	Elapsed, Idle float64
}

// ReplayOn goes through the schedule of a preset's runs on a cluster: whenever cores
// are free, of the runs that may begin the one with the most time behind it, its own
// and that of what starts from it, does. The times of runs are those of
// data/budget.csv.
func ReplayOn(p Preset, c Cluster) (Replay, error) {
	asked, err := asked(Experiments(), p)
	if err != nil {
		return Replay{}, err
	}
	runs := withParents(slices.Concat(asked...))
	place := map[string]int{}
	jobs := make([]job, len(runs))
	steps := 0
	for i, r := range runs {
		place[r.Name()] = i
		takes, err := Estimate(r)
		if err != nil {
			return Replay{}, err
		}
		steps += expectedSteps(r)
		jobs[i] = job{seconds: takes.Seconds(), cores: 1, parent: -1}
		if r.wide() {
			jobs[i].cores = wideCores
		}
		if r.Parent != nil {
			jobs[i].parent = place[r.Parent.Name()] // parents stand before what starts from them
		}
	}
	replay, err := replayJobs(jobs, c)
	replay.Steps = steps
	return replay, err
}

// wideCores is how many cores the times of wide runs were measured on.
const wideCores = 2

// job is a run of a replay.
type job struct {
	seconds float64
	cores   int
	parent  int // place of what it starts from, before its own; -1 for none
}

// replayJobs schedules jobs on a cluster.
func replayJobs(jobs []job, c Cluster) (Replay, error) {
	out := Replay{Runs: len(jobs)}
	behind := make([]float64, len(jobs)) // the longest chain from a job on
	for i := len(jobs) - 1; i >= 0; i-- {
		j := jobs[i]
		if j.cores > c.Cores {
			return Replay{}, fmt.Errorf("reproduce: a run takes %d cores and a node has %d", j.cores, c.Cores)
		}
		behind[i] += j.seconds // to the longest of those that start from it
		out.Critical = max(out.Critical, behind[i])
		out.Work += j.seconds * float64(j.cores)
		if j.parent >= 0 {
			behind[j.parent] = max(behind[j.parent], behind[i])
		}
	}
	free := slices.Repeat([]int{c.Cores}, c.Nodes)
	type running struct {
		job, node int
		end       float64
	}
	var ready []int // by the time behind, longest first
	put := func(i int) {
		at, _ := slices.BinarySearchFunc(ready, i, func(a, b int) int {
			if behind[a] != behind[b] {
				if behind[a] > behind[b] {
					return -1
				}
				return 1
			}
			return a - b
		})
		ready = slices.Insert(ready, at, i)
	}
	children := make([][]int, len(jobs))
	for i, j := range jobs {
		if j.parent < 0 {
			put(i)
		} else {
			children[j.parent] = append(children[j.parent], i)
		}
	}
	var busy []running
	for now := 0.; ; {
		for k := 0; k < len(ready); {
			i := ready[k]
			node := slices.IndexFunc(free, func(n int) bool { return n >= jobs[i].cores })
			if node < 0 {
				if !slices.ContainsFunc(free, func(n int) bool { return n > 0 }) {
					break
				}
				k++ // a smaller one may fit
				continue
			}
			ready = slices.Delete(ready, k, k+1)
			free[node] -= jobs[i].cores
			busy = append(busy, running{i, node, now + jobs[i].seconds})
		}
		if len(busy) == 0 {
			break
		}
		next := 0
		for b := range busy {
			if busy[b].end < busy[next].end {
				next = b
			}
		}
		ended := busy[next]
		busy = slices.Delete(busy, next, next+1)
		now = ended.end
		out.Elapsed = now
		free[ended.node] += jobs[ended.job].cores
		for _, child := range children[ended.job] {
			put(child)
		}
	}
	if total := out.Elapsed * float64(c.Nodes*c.Cores); total > 0 {
		out.Idle = 1 - out.Work/total
	}
	return out, nil
}
