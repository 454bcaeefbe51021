// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
)

type runCommand struct {
	Only      string `name:"run" default:"." placeholder:"REGEX" help:"Benchmarks to run, by name, without the word Benchmark; 'none' is none."`
	Count     int    `default:"1" help:"Processes of each, which take turns."`
	Benchtime string `default:"2s" help:"Time of the steps of each, or their number, such as 100x."`
	Preset    string `default:"quick" help:"The preset whose runs are timed."`
	Out       string `short:"o" default:"out/bench.json" help:"File for the metrics; Go's text goes beside it, as .txt."`
	Quick     bool   `help:"Time reproduce run --preset PRESET into an empty store as well: half an hour for quick."`
	Binary    binary `default:".tools/bin/bench.test" help:"The compiled benchmarks."`
	Reproduce string `default:".tools/bin/reproduce" help:"The program that --quick runs."`
}

// The benchmarks that are no step: the machine's speed, and one that scale asks for.
const (
	matmulName = "Matmul"
	scaleName  = "Scale"
)

func (c *runCommand) check() error {
	if c.Count < 1 {
		return program.BadInputf("--count is %d; give at least 1", c.Count)
	}
	if err := checkBenchtime(c.Benchtime); err != nil {
		return err
	}
	if _, err := reproduce.FindPreset(c.Preset); err != nil {
		return program.BadInput(err)
	}
	if filepath.Ext(c.Out) == ".txt" {
		return program.BadInputf("-o is %s, which is the name for Go's text; give one that ends in .json", c.Out)
	}
	return c.Binary.check()
}

// chosen are the benchmarks that --run names, the machine's speed first in any case.
func (c *runCommand) chosen(ctx context.Context) ([]string, error) {
	pattern, err := regexp.Compile(c.Only)
	if err != nil {
		return nil, program.BadInputf("--run: %w", err)
	}
	all, err := c.Binary.names(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == matmulName || name == scaleName })
	names := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !pattern.MatchString(name) })
	if len(names) == 0 && c.Only != "none" {
		return nil, program.BadInputf("--run %s names no benchmark; known are %s", c.Only, strings.Join(all, ", "))
	}
	return append([]string{matmulName}, names...), nil
}

// Run runs the benchmarks, and leaves what they measured.
func (c *runCommand) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	names, err := c.chosen(ctx)
	if err != nil {
		return err
	}
	m, err := thisMachine()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o755); err != nil {
		return program.BadInput(err)
	}
	f, err := os.Create(strings.TrimSuffix(c.Out, filepath.Ext(c.Out)) + ".txt")
	if err != nil {
		return program.BadInput(err)
	}
	defer f.Close()
	var text strings.Builder
	stream := io.MultiWriter(f, &text)
	if _, err := io.WriteString(stream, m.header()); err != nil {
		return err
	}
	failed, err := c.measure(ctx, names, stream)
	if err != nil {
		return err
	}
	r := &report{Machine: m, Preset: c.Preset}
	if r.Benchmarks, err = parse(text.String()); err != nil {
		return err
	}
	r.note(names, failed)
	if err := save(c.Out, r); err != nil {
		return err
	}
	fmt.Print(r)
	fmt.Println(f.Name(), "and", c.Out)
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d benchmarks failed", len(failed), len(names))
	}
	return f.Close()
}

// measure writes Go's text of each benchmark to stream, and returns by name why those
// that failed did.
func (c *runCommand) measure(ctx context.Context, names []string, stream io.Writer) (map[string]string, error) {
	failed := map[string]string{}
	for round := range c.Count {
		for i, name := range names {
			fmt.Fprintf(os.Stderr, "bench: %s, %d of %d", name, i+1, len(names))
			if c.Count > 1 {
				fmt.Fprintf(os.Stderr, ", turn %d of %d", round+1, c.Count)
			}
			fmt.Fprintln(os.Stderr)
			lines, err := c.Binary.run(ctx, name, c.Benchtime, "-preset", c.Preset)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				failed[name] = err.Error()
				continue
			}
			if _, err := io.WriteString(stream, lines); err != nil {
				return nil, err
			}
		}
	}
	if !c.Quick {
		return failed, nil
	}
	line, err := timeReproduce(ctx, c.Reproduce, c.Preset)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(stream, line)
	return failed, err
}

// note takes the machine's speed out of the benchmarks, and puts in why some failed.
func (r *report) note(names []string, failed map[string]string) {
	for _, name := range names {
		if why, ok := failed[name]; ok {
			i := slices.IndexFunc(r.Benchmarks, func(e *entry) bool { return e.Name == name })
			if i < 0 {
				i = len(r.Benchmarks)
				r.Benchmarks = append(r.Benchmarks, &entry{Name: name})
			}
			r.Benchmarks[i].Failed = why
		}
	}
	r.Benchmarks = slices.DeleteFunc(r.Benchmarks, func(e *entry) bool {
		if e.Name == matmulName && e.Failed == "" {
			r.MatmulGFLOPs, _ = e.median("GFLOP/s")
			return true
		}
		return false
	})
}
