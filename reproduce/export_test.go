// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/backend"
	"pinn.example/repro/reproduce/store"
)

func workflow(t *testing.T, preset string, on WorkflowFor) *Workflow {
	t.Helper()
	p, err := FindPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWorkflow(Experiments(), p, on)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Each run is in one job; what it starts from is in the same job or in one that the
// job comes after; and a job takes the time that it is to take, unless that is the
// time of all of them.
func TestWorkflowJobs(t *testing.T) {
	for _, preset := range []string{"smoke", "quick", "laptop"} {
		p, err := FindPreset(preset)
		if err != nil {
			t.Fatal(err)
		}
		runs, err := Runs(Experiments(), p)
		if err != nil {
			t.Fatal(err)
		}
		all := withParents(runs)
		for _, minutes := range []float64{0, 1, 5} {
			w := workflow(t, preset, WorkflowFor{AtLeast: time.Duration(minutes * float64(time.Minute))})
			in := map[string]*Job{}
			known := map[string]bool{}
			for i := range w.Jobs {
				j := &w.Jobs[i]
				if known[j.ID] {
					t.Errorf("%s: two jobs are called %s", preset, j.ID)
				}
				for _, before := range j.After {
					if !known[before] {
						t.Errorf("%s: job %s stands before %s, which it comes after", preset, j.ID, before)
					}
				}
				known[j.ID] = true
				for _, r := range j.Runs {
					if in[r.Name] != nil {
						t.Errorf("%s: %s is in two jobs", preset, r.Name)
					}
					in[r.Name] = j
				}
				if j.ExpectedMinutes < minutes && len(w.Jobs) > 1 {
					t.Errorf("%s: job %s takes %g of at least %g minutes", preset, j.ID, j.ExpectedMinutes, minutes)
				}
				if float64(j.Minutes) < 3*j.ExpectedMinutes {
					t.Errorf("%s: job %s is given %d minutes and takes %g", preset, j.ID, j.Minutes, j.ExpectedMinutes)
				}
			}
			if len(in) != len(all) {
				t.Errorf("%s: %d runs are in jobs, of %d", preset, len(in), len(all))
			}
			for _, r := range all {
				j := in[r.Name()]
				if j == nil {
					t.Fatalf("%s: %s is in no job", preset, r.Label)
				}
				want := 1
				if j.wide {
					want = 2
				}
				if r.wide() && !j.wide || j.Threads != want || j.GPUs != 0 {
					t.Errorf("%s: job %s has %d threads and %d GPUs", preset, j.ID, j.Threads, j.GPUs)
				}
				if r.Parent == nil {
					continue
				}
				if before := in[r.Parent.Name()]; before != j && !slices.Contains(j.After, before.ID) {
					t.Errorf("%s: job %s does not come after %s", preset, j.ID, before.ID)
				}
			}
			if minutes == 0 && len(w.Jobs) != len(all) {
				t.Errorf("%s: %d jobs for %d runs", preset, len(w.Jobs), len(all))
			}
		}
	}
}

// A GPU for each job on CUDA, and as much time on the pure-Go backend as it is slower.
func TestWorkflowBackends(t *testing.T) {
	for _, j := range workflow(t, "smoke", WorkflowFor{Backend: backend.CUDA, AtLeast: time.Minute}).Jobs {
		if j.GPUs != 1 || j.Threads != 2 {
			t.Errorf("on CUDA job %s has %d GPUs and %d threads", j.ID, j.GPUs, j.Threads)
		}
	}
	fast, slow := workflow(t, "quick", WorkflowFor{}).Jobs, workflow(t, "quick", WorkflowFor{Backend: backend.Go}).Jobs
	// The longest run is nearly all steps, which the table says take 15 times as long.
	longest := func(a, b Job) int { return int(1000 * (a.ExpectedMinutes - b.ExpectedMinutes)) }
	if a, b := slices.MaxFunc(fast, longest).ExpectedMinutes, slices.MaxFunc(slow, longest).ExpectedMinutes; b < 14*a || b > 15*a {
		t.Errorf("the longest job takes %g minutes, and %g on the pure-Go backend", a, b)
	}
}

// Memory is that of records, with a quarter more, and 768 MiB for what is beside them.
func TestWorkflowMemory(t *testing.T) {
	p, err := FindPreset("smoke")
	if err != nil {
		t.Fatal(err)
	}
	runs, err := Runs(Experiments(), p)
	if err != nil {
		t.Fatal(err)
	}
	r := runs[0] // a Phase 1
	config, err := r.Config.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	var measured []store.Head
	for _, mb := range []float64{512, 1024} {
		measured = append(measured, store.Head{Config: config, Manifest: store.Manifest{PeakMemoryMB: mb}})
	}
	for _, j := range workflow(t, "smoke", WorkflowFor{Measured: measured}).Jobs {
		want := 768 + 2048 // unknown
		if j.Runs[0].Name == r.Name() {
			want = 768 + 1280
		}
		if memoryKey(j.runs[0].Config) == memoryKey(r.Config) {
			want = 768 + 1280
		}
		if j.MemoryMB != want {
			t.Errorf("%s is given %d MiB, want %d", j.Runs[0].Label, j.MemoryMB, want)
		}
	}
}

// The same workflow is the same bytes, also over an earlier one; what Snakemake has
// put beside it stays, and another folder is left alone.
func TestWriteSnakemake(t *testing.T) {
	at := Snakemake{Program: "/opt/reproduce", Store: "/data/runs", Reuse: []string{"/data/quick"}, Out: "/data/out", Backend: "go"}
	write := func(dir string) map[string]string {
		t.Helper()
		if err := workflow(t, "smoke", WorkflowFor{AtLeast: time.Minute}).WriteSnakemake(dir, at); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, name := range []string{"Snakefile", "config.yaml", "jobs.json", "job.sh", "README.md", "profiles/default/config.yaml", "profiles/slurm/config.yaml"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(data)
		}
		return files
	}
	dir := t.TempDir()
	first := write(dir)
	mark := filepath.Join(dir, "mark")
	if err := os.WriteFile(mark, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if again := write(dir); !reflect.DeepEqual(first, again) {
		t.Error("the workflow has changed")
	}
	if _, err := os.Stat(mark); err != nil {
		t.Error(err)
	}
	if other := write(t.TempDir()); !reflect.DeepEqual(first, other) {
		t.Error("the workflow depends on its folder")
	}
	if c := first["config.yaml"]; !strings.Contains(c, `"/data/quick"`) || !strings.Contains(c, `"--backend",`) {
		t.Errorf("config.yaml is\n%s", c)
	}
	if n := strings.Count(first["README.md"], "\n"); n > 12 {
		t.Errorf("the README has %d lines", n)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (&Workflow{}).WriteSnakemake(foreign, at); err == nil || !strings.Contains(err.Error(), "choose a new one") {
		t.Errorf("the error is %v", err)
	}
	if there, err := filepath.Glob(filepath.Join(foreign, "*")); err != nil || len(there) != 1 {
		t.Errorf("the folder holds %v, %v", there, err)
	}
	if bytes.Contains([]byte(first["Snakefile"]), []byte("/data")) {
		t.Error("the Snakefile names a folder")
	}
}

func ExampleNewWorkflow() {
	preset, err := FindPreset("smoke")
	if err != nil {
		panic(err)
	}
	// Figure 5 is a Phase 1 and a Phase 2 at each of 5 β.
	experiments, err := FindExperiments([]string{"fig5"})
	if err != nil {
		panic(err)
	}
	workflow, err := NewWorkflow(experiments, preset, WorkflowFor{})
	if err != nil {
		panic(err)
	}
	for _, job := range workflow.Jobs[:2] {
		fmt.Println(job.Runs[0].Label, job.Threads, len(job.After))
	}
	// Output:
	// Phase 1 on beta=30…40 (11), seed 0 2 0
	// Phase 2 at beta=30, adaptive rank, 20 steps, seed 0 1 1
}
