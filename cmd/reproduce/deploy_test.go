// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"

	"pinn.example/repro/reproduce"
)

// template reads a file of deploy/.
func template(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// parsed parses the arguments of a command as the program does.
func parsed(t *testing.T, args []string) *commandLine {
	t.Helper()
	cli := new(commandLine)
	parser, err := kong.New(cli, thisProgram.Vars, kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("reproduce %s: %v", strings.Join(args, " "), err)
	}
	return cli
}

// calls finds the arguments of each call of the program in a script, its comments
// included.
func calls(script string) (all [][]string) {
	call := regexp.MustCompile(`(?m)(?:^|[\s'/])reproduce ((?:run|merge|report)\b[^\n']*)`)
	for _, m := range call.FindAllStringSubmatch(script, -1) {
		all = append(all, strings.Fields(strings.ReplaceAll(m[1], `"`, "")))
	}
	return all
}

// shards parses the calls of a template and returns the shards that its runs train.
func shards(t *testing.T, script string) (runs []reproduce.Shard, commands []string) {
	t.Helper()
	for _, args := range calls(script) {
		cli := parsed(t, args)
		commands = append(commands, args[0])
		if args[0] == "run" {
			if cli.Run.Shard == nil {
				t.Fatalf("reproduce %s trains no shard", strings.Join(args, " "))
			}
			runs = append(runs, *cli.Run.Shard)
		}
	}
	return runs, commands
}

// all are the shards 1/n to n/n.
func all(n int) (want []reproduce.Shard) {
	for i := range n {
		want = append(want, reproduce.Shard{Part: i + 1, Of: n})
	}
	return want
}

// The jobs of the matrix train every shard once, and the last merges and reports.
func TestMatrix(t *testing.T) {
	text := template(t, "ci-matrix.yml")
	var workflow struct {
		Jobs map[string]struct {
			Needs    string
			Strategy struct{ Matrix struct{ Shard []int } }
			Steps    []struct{ Run, Uses string }
		}
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	part, merge := workflow.Jobs["part"], workflow.Jobs["merge"]
	n := len(part.Strategy.Matrix.Shard)
	var got []reproduce.Shard
	for _, shard := range part.Strategy.Matrix.Shard {
		for _, step := range part.Steps {
			runs, _ := shards(t, strings.NewReplacer(
				"${{ matrix.shard }}", strconv.Itoa(shard), "${{ strategy.job-total }}", strconv.Itoa(n), "${{ inputs.preset }}", "laptop",
			).Replace(step.Run))
			got = append(got, runs...)
		}
	}
	if n < 2 || !slices.Equal(got, all(n)) {
		t.Errorf("the jobs train the shards %v, want %v", got, all(n))
	}
	var commands []string
	for _, step := range merge.Steps {
		_, c := shards(t, strings.ReplaceAll(step.Run, "${{ inputs.preset }}", "laptop"))
		commands = append(commands, c...)
	}
	if merge.Needs != "part" || !slices.Equal(commands, []string{"merge", "report"}) {
		t.Errorf("the last job comes after %q and does %v", merge.Needs, commands)
	}
}

// The script runs in a shell of its own, with a program in the place of srun that says
// what it was given.
func TestSlurmArray(t *testing.T) {
	text, dir := template(t, "slurm-array.sh"), t.TempDir()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	write(t, filepath.Join(dir, "srun"), "#!/bin/sh\necho \"$@\"\n")
	if err := os.Chmod(filepath.Join(dir, "srun"), 0o755); err != nil {
		t.Fatal(err)
	}
	var got []reproduce.Shard
	for i := range 3 {
		cmd := exec.CommandContext(t.Context(), "bash", "-s", "smoke")
		cmd.Stdin = strings.NewReader(text)
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "SLURM_SUBMIT_DIR="+dir,
			"SLURM_ARRAY_TASK_ID="+strconv.Itoa(i+1), "SLURM_ARRAY_TASK_COUNT=3", "STORE=shared")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		fields := strings.Fields(string(out))
		if len(fields) == 0 || fields[0] != ".tools/bin/reproduce" {
			t.Fatalf("it starts %q", out)
		}
		run := parsed(t, fields[1:]).Run
		if run.Preset != "smoke" || filepath.Base(run.Store) != "shared" || run.Shard == nil {
			t.Fatalf("it starts %q", out)
		}
		got = append(got, *run.Shard)
	}
	if !slices.Equal(got, all(3)) {
		t.Errorf("the tasks train the shards %v, want %v", got, all(3))
	}
	for _, args := range calls(text) { // those of the comments; shell variables are no shard
		if args[0] == "report" {
			parsed(t, args)
		}
	}
	if time := regexp.MustCompile(`(?m)^#SBATCH --\S+$`); len(time.FindAllString(text, -1)) < 5 {
		t.Error("it asks Slurm for nothing")
	}
}

// Each index is a shard; the shell of the pod computes which.
func TestKubernetesJob(t *testing.T) {
	text := template(t, "kubernetes-job.yaml")
	type object struct {
		Kind     string
		Metadata struct{ Name string }
		Spec     struct {
			AccessModes              []string `yaml:"accessModes"`
			CompletionMode           string   `yaml:"completionMode"`
			Completions, Parallelism int
			Template                 struct {
				Spec struct {
					Containers []struct {
						Command      []string
						Env          []struct{ Name, Value string }
						VolumeMounts []struct {
							Name      string
							MountPath string `yaml:"mountPath"`
						} `yaml:"volumeMounts"`
					}
					Volumes []struct {
						Name  string
						Claim struct {
							Name string `yaml:"claimName"`
						} `yaml:"persistentVolumeClaim"`
					}
				}
			}
		}
	}
	var claim, job object
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	for _, o := range []*object{&claim, &job} {
		if err := decoder.Decode(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := decoder.Decode(new(object)); !errors.Is(err, io.EOF) {
		t.Errorf("after two objects: %v", err)
	}
	spec := job.Spec.Template.Spec
	if claim.Kind != "PersistentVolumeClaim" || !slices.Contains(claim.Spec.AccessModes, "ReadWriteMany") || job.Kind != "Job" ||
		job.Spec.CompletionMode != "Indexed" || len(spec.Containers) != 1 || len(spec.Volumes) != 1 || spec.Volumes[0].Claim.Name != claim.Metadata.Name {
		t.Fatalf("the claim is %+v, the job %+v", claim, job)
	}
	container := spec.Containers[0]
	if mounts := container.VolumeMounts; len(mounts) != 1 || mounts[0].Name != spec.Volumes[0].Name || mounts[0].MountPath != "/store" {
		t.Errorf("mounts are %+v", mounts)
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	env := os.Environ()
	for _, e := range container.Env {
		env = append(env, e.Name+"="+e.Value)
	}
	var got []reproduce.Shard
	for i := range job.Spec.Completions {
		// The line that trains, said instead of done.
		script := regexp.MustCompile(`(?m)^go build.*$`).ReplaceAllString(container.Command[2], "")
		script = strings.ReplaceAll(script, "exec ", "echo ")
		cmd := exec.CommandContext(t.Context(), container.Command[0], container.Command[1], script)
		cmd.Env = append(env, "JOB_COMPLETION_INDEX="+strconv.Itoa(i))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		run := parsed(t, strings.Fields(string(out))[1:]).Run
		if run.Store != "/store" || run.Shard == nil {
			t.Fatalf("it starts %q", out)
		}
		got = append(got, *run.Shard)
	}
	if !slices.Equal(got, all(job.Spec.Completions)) || job.Spec.Parallelism != len(got) {
		t.Errorf("%d pods at once train the shards %v", job.Spec.Parallelism, got)
	}
	for _, args := range calls(text) {
		if args[0] == "report" {
			parsed(t, args)
		}
	}
}
