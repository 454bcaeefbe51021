// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

type publishCommand struct {
	Preset string   `default:"quick" help:"Which preset: ${presets}."`
	Store  string   `default:"runs" type:"path" help:"Folder of the run store."`
	To     string   `type:"path" help:"Folder to publish in. Default: results/PRESET."`
	IDs    []string `arg:"" optional:"" name:"experiment" help:"Experiments, such as table2; all where none is given."`
}

// publishedCSV is the size in bytes up to which the numbers behind a figure are
// published; fields and figures of many long curves have more.
const publishedCSV = 40_000

// Run copies the finished records of a preset, and its report without PNGs and large
// CSVs, to where they are kept under version control.
func (c *publishCommand) Run(ctx context.Context) error {
	preset, experiments, err := wanted(c.Preset, c.IDs)
	if err != nil {
		return err
	}
	to := c.To
	if to == "" {
		to = filepath.Join("results", preset.Name)
	}
	if err := reproduce.CheckWritable(to); err != nil {
		return program.BadInput(err)
	}
	from, err := store.Open(c.Store)
	if err != nil {
		return program.BadInput(err)
	}
	target, err := store.Open(to)
	if err != nil {
		return program.BadInput(err)
	}
	session := &reproduce.Session{Store: from}
	defer session.Close()
	published, missing, err := session.Publish(target, experiments, preset)
	if err != nil {
		return err
	}
	if published > 0 { // the report shows what was published before, too, as from another machine
		both, err := store.Open(c.Store, to)
		if err != nil {
			return err
		}
		session = &reproduce.Session{Store: both}
		defer session.Close()
	}
	r, err := session.Report(ctx, reproduce.Experiments(), preset, reproduce.Provenance{Command: "reproduce run --preset " + preset.Name})
	if err != nil {
		return err
	}
	// A repository keeps what is published for ever, and shows an SVG as well as a PNG,
	// which is twice its size. What is left out here, report writes from the records.
	for i := range r.Figures {
		f := &r.Figures[i]
		f.PNG, f.DrawPNG = nil, nil
		if len(f.CSV) > publishedCSV {
			f.CSV = nil
		}
	}
	if err := report.Write(to, r); err != nil {
		return err
	}
	fmt.Printf("%d records published in %s, %d not trained yet\n", published, to, missing)
	return nil
}
