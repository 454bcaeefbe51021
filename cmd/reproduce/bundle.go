// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/bundle"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

type bundleCommand struct {
	Preset  string   `default:"quick" help:"Which preset: ${presets}."`
	Store   string   `default:"runs" type:"path" help:"Folder of the run store."`
	Reuse   []string `type:"path" help:"Further stores to take finished runs from, such as results/quick."`
	Weights float64  `default:"1" placeholder:"MB" help:"Include the weights of records whose weights take at most this much. Default: 1."`
	Archive string   `arg:"" type:"path" name:"out.zip" help:"The archive to write."`
}

// Run packs the finished records of a preset and its report into one archive.
func (c *bundleCommand) Run(ctx context.Context) error {
	preset, err := reproduce.FindPreset(c.Preset)
	if err != nil {
		return program.BadInput(err)
	}
	if !(c.Weights >= 0) {
		return program.BadInputf("--weights is %g; expected a number of MB, 0 for none", c.Weights)
	}
	if filepath.Ext(c.Archive) != ".zip" {
		return program.BadInputf("the archive %s is a zip file; give it a name that ends in .zip", c.Archive)
	}
	if err := reproduce.CheckWritable(filepath.Dir(c.Archive)); err != nil {
		return program.BadInput(err)
	}
	if info, err := os.Stat(c.Archive); err == nil && info.IsDir() {
		return program.BadInputf("%s is a folder; choose another name", c.Archive)
	}
	records, err := store.View(c.Store, c.Reuse...)
	if err != nil {
		return program.BadInput(err)
	}
	folder, err := os.MkdirTemp("", "reproduce-bundle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	d := bundle.Description{
		Name:    fmt.Sprintf("Hyper-LR-PINN and HyperPINN, reproduced: preset %s", preset.Name),
		Text:    "Records of the training runs, and the report that puts each published number of the two papers beside the one measured here.",
		Command: "reproduce run --preset " + preset.Name,
		Titles:  map[string]string{},
	}
	count, err := c.collect(ctx, records, folder, preset, &d)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.Archive), 0o755); err != nil {
		return err
	}
	if err := writeArchive(c.Archive, folder, d); err != nil {
		return err
	}
	b, err := bundle.Open(c.Archive)
	if err != nil {
		return err
	}
	defer b.Close()
	fmt.Printf("%s: %d records and the report\nsha256 %s\n", c.Archive, count, b.SHA256)
	return nil
}

// collect puts records and report into a folder, and what they are into d.
func (c *bundleCommand) collect(ctx context.Context, from *store.Store, folder string, preset reproduce.Preset, d *bundle.Description) (count int, err error) {
	to, err := store.Open(folder)
	if err != nil {
		return 0, err
	}
	session := &reproduce.Session{Store: from}
	defer session.Close()
	runs, err := reproduce.Runs(reproduce.Experiments(), preset)
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		record, err := session.Find(r)
		if err != nil {
			return 0, err
		}
		if record == nil {
			continue
		}
		numbers := 0
		for _, w := range record.Weights {
			numbers += w.Size()
		}
		bytes := 4 * numbers
		if r.Config.Train.WithDefaults().DType == "float64" {
			bytes *= 2
		}
		if err := from.Publish(to, record.Name, float64(bytes) <= c.Weights*1e6); err != nil {
			return 0, err
		}
		count++
		if t := record.Manifest.Finished; t.After(d.Finished) {
			d.Finished = t
		}
		for file, what := range map[string]string{
			"config.json": "configuration", "history.csv": "loss over the steps", "metrics.json": "errors",
			"weights.npz": "trained weights", "manifest.json": "checksums, machine and times",
		} {
			d.Titles["runs/"+record.Name+"/"+file] = r.Label + ": " + what
		}
	}
	if count == 0 {
		return 0, program.BadInputf("%s has no finished run of preset %s; train them first (reproduce run --preset %s)", c.Store, preset.Name, preset.Name)
	}
	r, err := session.Report(ctx, reproduce.Experiments(), preset, reproduce.Provenance{Command: d.Command})
	if err != nil {
		return 0, err
	}
	// What this command itself took says nothing of the results, and would make
	// another archive each time.
	r.Manifest = slices.DeleteFunc(r.Manifest, func(f report.Fact) bool { return f.Name == "peak memory of this command" })
	d.Version = "unknown"
	for _, f := range r.Manifest {
		if f.Name == "git commit" {
			d.Version = f.Value
		}
	}
	d.Titles["report.html"] = "The report"
	d.Titles["results.json"] = "The report, for programs"
	d.Titles["store.json"] = "The version of the records' layout"
	if err := report.Write(folder, r); err != nil {
		return 0, err
	}
	return count, nil
}

// writeArchive replaces the archive whole or leaves it as it is.
func writeArchive(path, folder string, d bundle.Description) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".bundle-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = bundle.Write(f, os.DirFS(folder), d)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
