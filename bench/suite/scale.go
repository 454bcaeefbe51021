// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pinn.example/repro/internal/program"
)

type scaleCommand struct {
	Axes      []string      `arg:"" optional:"" help:"Curves to measure: queries, points, width, rank (default all)."`
	Benchtime string        `default:"1s" help:"Time of the steps of each point, or their number, such as 10x."`
	Limit     time.Duration `default:"2m" help:"The longest that a point may take, compilation included; larger ones of its curve are left out then."`
	Out       string        `short:"o" default:"out/scale.json" help:"File for the curves; the figure goes beside it, as .svg and .png."`
	Binary    binary        `default:".tools/bin/bench.test" help:"The compiled benchmarks."`
}

// axis is a size with the networks that are timed against it.
type axis struct {
	name  string
	nets  []string
	sizes []int
}

var axes = []axis{
	{"queries", []string{"Phase2"}, []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}},
	{"points", []string{"Phase1", "PINN"}, []int{125, 250, 500, 1000, 2000, 4000, 8000, 16_000}},
	{"width", []string{"Phase1", "PINN"}, []int{12, 25, 50, 100, 150, 200}},
	// Masked, the layer forms its weight U diag(s) V at any rank; sliced, it multiplies by
	// one basis after the other below rank 25 (jet.LowRank).
	{"rank", []string{"Phase2Masked", "Phase2Sliced"}, []int{2, 5, 10, 20, 30, 40, 50}},
}

// scaling is what scale leaves.
type scaling struct {
	Machine machine  `json:"machine"`
	Curves  []*curve `json:"curves"`
}

// chosen are the curves that are asked for, before they are measured.
func (c *scaleCommand) chosen() ([]*curve, error) {
	var known []string
	for _, a := range axes {
		known = append(known, a.name)
	}
	for _, name := range c.Axes {
		if !slices.Contains(known, name) {
			return nil, program.BadInputf("unknown curve %q; known are %s", name, strings.Join(known, ", "))
		}
	}
	var curves []*curve
	for _, a := range axes {
		if len(c.Axes) > 0 && !slices.Contains(c.Axes, a.name) {
			continue
		}
		for _, net := range a.nets {
			k := &curve{Net: net, Axis: a.name}
			for _, size := range a.sizes {
				k.Points = append(k.Points, &curvePoint{Size: size})
			}
			curves = append(curves, k)
		}
	}
	return curves, nil
}

// Run measures the curves, and leaves them and their figure.
func (c *scaleCommand) Run(ctx context.Context) error {
	curves, err := c.chosen()
	if err != nil {
		return err
	}
	if err := checkBenchtime(c.Benchtime); err != nil {
		return err
	}
	if c.Limit <= 0 {
		return program.BadInputf("--limit is %s; give a time such as 2m", c.Limit)
	}
	if err := c.Binary.check(); err != nil {
		return err
	}
	s := &scaling{Curves: curves}
	if s.Machine, err = thisMachine(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o755); err != nil {
		return program.BadInput(err)
	}
	for _, k := range curves {
		for i, p := range k.Points {
			fmt.Fprintf(os.Stderr, "bench: %s at %d %s\n", titles[k.Net], p.Size, k.Axis)
			if err := c.measure(ctx, k, p, availableMB()); err != nil {
				return err
			}
			if p.Failed != "" { // larger ones would fail as well
				for _, rest := range k.Points[i+1:] {
					rest.Failed = fmt.Sprintf("not measured, as %d was not", p.Size)
				}
				break
			}
		}
		k.slopes()
	}
	if err := save(c.Out, s); err != nil {
		return err
	}
	fmt.Println(s.Machine)
	for _, k := range curves {
		fmt.Print(k)
	}
	return s.draw(strings.TrimSuffix(c.Out, filepath.Ext(c.Out)))
}

// measure fills in a point, or says why it can't be measured. free is the memory that there
// is, in MiB; 0 where that is not known.
func (c *scaleCommand) measure(ctx context.Context, k *curve, p *curvePoint, free float64) error {
	if need := k.predictedMB(p.Size); free > 0 && need > .9*free && len(k.measured()) > 1 {
		p.Failed = fmt.Sprintf("not measured: it would take about %.1f GB of memory, and %.1f are free", need/1024, free/1024)
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	lines, err := c.Binary.run(limited, scaleName, c.Benchtime, "-point", fmt.Sprintf("net=%s/%s=%d", k.Net, k.Axis, p.Size))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		p.Failed = fmt.Sprintf("not measured: it takes longer than %s", c.Limit)
		return nil
	case err != nil:
		p.Failed = "not measured: " + err.Error()
		return nil
	}
	entries, err := parse(lines)
	if err != nil {
		return err
	}
	for unit, to := range map[string]*float64{"ms/step": &p.Millis, "peak-MB": &p.PeakMB, "compile-s": &p.CompileS} {
		*to, _ = entries[0].median(unit)
	}
	if !(p.Millis > 0) {
		p.Failed = "not measured: the benchmark has no time"
	}
	return nil
}
