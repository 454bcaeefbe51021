// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
)

// Workflow is what experiments need, cut into jobs for a scheduler that starts
// each on a machine of its own. It depends on nothing but its inputs: the times are
// those of data/budget.csv, on whichever machine it is made.
type Workflow struct {
	Preset string
	Jobs   []Job // those that a job comes after stand before it
}

// Job is a part of a workflow: runs that one process trains.
type Job struct {
	// ID is the name of the first run and the number of runs.
	ID string `json:"job"`
	// After are the jobs that train what runs of this one start from.
	After []string `json:"after"`
	// Threads are the processors that it uses.
	Threads int `json:"threads"`
	// MemoryMB is the memory, in MiB, that it is to be given.
	MemoryMB int `json:"mem_mb"`
	// ExpectedMinutes is the time that its runs are expected to take; Minutes is
	// what it is to be given.
	ExpectedMinutes float64 `json:"expected_minutes"`
	Minutes         int     `json:"minutes"`
	// GPUs is 1 on CUDA, else 0.
	GPUs int      `json:"gpus"`
	Runs []JobRun `json:"runs"`

	runs []*Run
	wide bool
}

// JobRun is a run of a job.
type JobRun struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// WorkflowFor says what a workflow's jobs are for.
type WorkflowFor struct {
	// Backend is the name of the backend; if "", it is the best that a machine has,
	// and the times are those of XLA on the processor.
	Backend string
	// Threads are the processors of a job that trains a run on many queries; if 0,
	// they are 2, as in data/budget.csv. A run on one query has 1. The results of a
	// run depend on their number by rounding.
	Threads int
	// AtLeast is how long a job is to take; shorter runs are packed together.
	AtLeast time.Duration
	// TimeFactor is how much longer than expected a job may take; if 0, it is 3.
	TimeFactor float64
	// Measured are records whose peak memory is known; a run of a kind that is not
	// among them is given 2 GiB.
	Measured []store.Head
}

// NewWorkflow cuts what experiments need into jobs. A run that is longer than
// on.AtLeast is a job of its own. What starts from it follows in jobs of as much
// time or, where it is less than that together, in the same job.
func NewWorkflow(experiments []Experiment, p Preset, on WorkflowFor) (*Workflow, error) {
	runs, err := Runs(experiments, p)
	if err != nil {
		return nil, err
	}
	on.Threads = cmp.Or(on.Threads, 2)
	on.TimeFactor = cmp.Or(on.TimeFactor, 3)
	// No record is handed on: what this machine has measured says little of others.
	times, err := newTimes(nil, PlanFor{Backend: backend.Info{Name: on.Backend}})
	if err != nil {
		return nil, err
	}
	c := cutter{on: on, runs: withParents(runs), seconds: map[*Run]float64{}, children: map[*Run][]*Run{}}
	byName := map[string]*Run{}
	var roots []*Run
	for _, r := range c.runs {
		byName[r.Name()] = r
		took, _, err := times.of(r, 0)
		if err != nil {
			return nil, err
		}
		c.seconds[r] = took.Seconds()
		if r.Parent == nil {
			roots = append(roots, r)
			continue
		}
		parent := byName[r.Parent.Name()] // a run may be there as several values
		c.children[parent] = append(c.children[parent], r)
	}
	c.level(nil, roots)
	if err := c.size(); err != nil {
		return nil, err
	}
	return &Workflow{Preset: p.Name, Jobs: c.jobs}, nil
}

// cutter cuts a forest of runs into jobs.
type cutter struct {
	on       WorkflowFor
	runs     []*Run
	seconds  map[*Run]float64
	children map[*Run][]*Run
	jobs     []Job
}

// bin is a job that is being filled.
type bin struct{ units [][]*Run }

func (b bin) runs() []*Run { return slices.Concat(b.units...) }

// level makes the jobs of runs that come after the same jobs, then those of what
// starts from these runs.
func (c *cutter) level(after []string, runs []*Run) {
	var bins []bin
	var rest [2]bin // narrow and wide units of less than AtLeast together
	last := [2]int{-1, -1}
	for _, r := range runs {
		unit := c.unit(r)
		kind := 0
		if c.wide(unit) {
			kind = 1
		}
		rest[kind].units = append(rest[kind].units, unit)
		if c.long(rest[kind].runs()) {
			last[kind] = len(bins)
			bins = append(bins, rest[kind])
			rest[kind] = bin{}
		}
	}
	// What is left over joins the last job of its kind, or else of the other kind.
	for kind, left := range rest {
		to := last[kind]
		if to < 0 {
			to = last[1-kind]
		}
		if to < 0 { // all is left over
			to, last[kind] = 0, 0
			bins = append(bins, bin{})
		}
		bins[to].units = append(bins[to].units, left.units...)
	}
	for _, b := range bins {
		c.job(after, b.runs())
	}
}

// unit is a run and, where it takes less than a job's time, all that starts from
// it.
func (c *cutter) unit(r *Run) []*Run {
	below := c.below(r)
	if c.long(below) {
		return []*Run{r}
	}
	return append([]*Run{r}, below...)
}

// below is all that starts from a run, parents first.
func (c *cutter) below(r *Run) []*Run {
	var runs []*Run
	for _, child := range c.children[r] {
		runs = append(append(runs, child), c.below(child)...)
	}
	return runs
}

// job makes a job, and then those of what starts from its runs.
func (c *cutter) job(after []string, runs []*Run) {
	job := Job{
		ID: fmt.Sprintf("%s.%d", runs[0].Name(), len(runs)), After: append([]string{}, after...),
		runs: runs, wide: c.wide(runs),
	}
	c.jobs = append(c.jobs, job)
	within := map[*Run]bool{}
	for _, r := range runs {
		within[r] = true
	}
	var next []*Run
	for _, r := range runs {
		for _, child := range c.children[r] {
			if !within[child] {
				next = append(next, child)
			}
		}
	}
	if len(next) > 0 {
		c.level([]string{job.ID}, next)
	}
}

// wide reports whether runs together are given all threads of a job.
func (c *cutter) wide(runs []*Run) bool {
	return c.on.Backend == backend.CUDA || slices.ContainsFunc(runs, (*Run).wide)
}

// threads are those of a job of runs.
func (c *cutter) threads(runs []*Run) int {
	if c.wide(runs) {
		return c.on.Threads
	}
	return 1
}

func (c *cutter) long(runs []*Run) bool {
	return len(runs) > 0 && c.elapsed(runs) >= c.on.AtLeast.Seconds()
}

// elapsed is the time, in seconds, that runs take in one job.
func (c *cutter) elapsed(runs []*Run) float64 {
	planned := make([]*PlannedRun, len(runs))
	for i, r := range runs {
		planned[i] = &PlannedRun{Name: r.Name(), Seconds: c.seconds[r], run: r}
	}
	return elapsed(planned, c.atOnce(runs))
}

// atOnce is how many runs on one query a job trains at once; on a device runs are
// trained one after another.
func (c *cutter) atOnce(runs []*Run) int {
	if c.on.Backend == backend.CUDA {
		return 1
	}
	return c.threads(runs)
}

// aroundMinutes is what a job is given beside its runs: to start, and to wait for a
// file system.
const aroundMinutes = 10

// size fills in what the jobs are to be given.
func (c *cutter) size() error {
	memory, err := newPeakMemory(c.on.Measured)
	if err != nil {
		return err
	}
	for i := range c.jobs {
		j := &c.jobs[i]
		j.Threads = c.threads(j.runs)
		minutes := c.elapsed(j.runs) / 60
		j.ExpectedMinutes = math.Round(100*minutes) / 100
		j.Minutes = aroundMinutes + int(math.Ceil(c.on.TimeFactor*minutes))
		j.MemoryMB = memory.of(j.runs, c.atOnce(j.runs))
		if c.on.Backend == backend.CUDA {
			j.GPUs = 1
		}
		for _, r := range j.runs {
			j.Runs = append(j.Runs, JobRun{r.Name(), r.Label})
		}
	}
	return nil
}
