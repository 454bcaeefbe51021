// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed export
var exported embed.FS

// snakemakeFiles maps the files of a workflow's folder to those that they are
// copied from.
var snakemakeFiles = map[string]string{
	"Snakefile":                    "export/Snakefile",
	"job.sh":                       "export/job.sh",
	"profiles/default/config.yaml": "export/default.yaml",
	"profiles/slurm/config.yaml":   "export/slurm.yaml",
}

// Snakemake says where the jobs of a workflow find things. All are absolute paths,
// on a file system that all machines share.
type Snakemake struct {
	// Program is the command reproduce.
	Program string
	// Store is the folder of the run store, and Reuse are further ones to take
	// finished runs from.
	Store string
	Reuse []string
	// Out is the folder of the report.
	Out string
	// Backend is as for a [Session].
	Backend string
}

// snakemakeConfig is the content of config.yaml. JSON is YAML.
type snakemakeConfig struct {
	Program string   `json:"program"`
	Store   string   `json:"store"`
	Reuse   []string `json:"reuse"`
	Out     string   `json:"out"`
	Flags   []string `json:"flags"`
}

// WriteSnakemake writes a workflow for Snakemake 9 into a folder: a Snakefile, its
// configuration, the jobs, profiles for one machine and for Slurm, and a README. The
// same workflow is the same bytes. A folder that holds anything else is an error; in
// an earlier workflow the files are replaced, and what Snakemake has put beside them
// stays.
func (w *Workflow) WriteSnakemake(dir string, at Snakemake) error {
	files, err := w.snakemake(at)
	if err != nil {
		return err
	}
	there, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reproduce: the folder %s can't be read: %w", dir, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "jobs.json")); err != nil && len(there) > 0 {
		return fmt.Errorf("reproduce: the folder %s holds other things than a workflow; choose a new one", dir)
	}
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("reproduce: writing the workflow: %w", err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return fmt.Errorf("reproduce: writing the workflow: %w", err)
		}
	}
	return nil
}

// snakemake is the content of each file of the workflow's folder.
func (w *Workflow) snakemake(at Snakemake) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, source := range snakemakeFiles {
		data, err := exported.ReadFile(source)
		if err != nil {
			return nil, fmt.Errorf("reproduce: %w", err)
		}
		files[name] = data
	}
	config := snakemakeConfig{
		Program: at.Program, Store: at.Store, Reuse: append([]string{}, at.Reuse...), Out: at.Out,
		Flags: []string{"--preset", w.Preset, "--store", at.Store},
	}
	for _, other := range at.Reuse {
		config.Flags = append(config.Flags, "--reuse", other)
	}
	if at.Backend != "" {
		config.Flags = append(config.Flags, "--backend", at.Backend)
	}
	var err error
	if files["config.yaml"], err = indented(config); err != nil {
		return nil, err
	}
	if files["jobs.json"], err = indented(w.Jobs); err != nil {
		return nil, err
	}
	files["README.md"], err = w.readme()
	return files, err
}

// readme says what the workflow is and how it is run.
func (w *Workflow) readme() ([]byte, error) {
	text, err := template.ParseFS(exported, "export/README.md")
	if err != nil {
		return nil, fmt.Errorf("reproduce: %w", err)
	}
	about := struct {
		Preset         string
		Runs, Jobs     int
		Threads        int
		Hours, Longest float64
		GPU            bool
	}{Preset: w.Preset, Jobs: len(w.Jobs)}
	// In the longest chain jobs can't overlap: less time than that is not to be had.
	end := map[string]float64{}
	for _, j := range w.Jobs {
		start := 0.
		for _, before := range j.After {
			start = max(start, end[before])
		}
		end[j.ID] = start + j.ExpectedMinutes/60
		about.Runs += len(j.Runs)
		about.Threads = max(about.Threads, j.Threads)
		about.Hours += j.ExpectedMinutes / 60
		about.Longest = max(about.Longest, end[j.ID])
		about.GPU = about.GPU || j.GPUs > 0
	}
	var out bytes.Buffer
	if err := text.Execute(&out, about); err != nil {
		return nil, fmt.Errorf("reproduce: %w", err)
	}
	return out.Bytes(), nil
}

// indented is JSON for a person.
func indented(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("reproduce: %w", err)
	}
	return out.Bytes(), nil
}
