// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/bundle"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/stream"
)

type verifyCommand struct {
	SetAside bool   `help:"Move what is damaged to the store's folder damaged/; it is trained again when it is next needed."`
	Retrain  int    `placeholder:"N" help:"Then train N sound records again and compare: the same bits on the same platform, else within a tolerance. Those of fewest steps, or see --draw."`
	Draw     *int64 `placeholder:"SEED" help:"Draw the records to train again by this seed."`
	Backend  string `help:"Compute backend to train on: xla:cuda, xla:cpu or go. Default: the best there is."`
	Plain    bool   `help:"Plain progress lines even on a terminal."`
	What     string `arg:"" optional:"" type:"path" default:"runs" name:"store|bundle" help:"Folder of a run store, or archive made by bundle. Default: runs."`
}

// Run looks for faults in a store or a bundle and prints a line for each.
func (c *verifyCommand) Run(ctx context.Context) error {
	if c.Retrain < 0 {
		return program.BadInputf("--retrain is %d; expected how many records to train again", c.Retrain)
	}
	if err := knownBackend(c.Backend); err != nil {
		return err
	}
	info, err := os.Stat(c.What)
	if err != nil {
		return program.BadInputf("there is no store or bundle %s", c.What)
	}
	if info.IsDir() {
		return c.verify(ctx, os.DirFS(c.What), c.What)
	}
	if c.SetAside {
		return program.BadInput(errors.New("--set-aside is for stores; a damaged bundle is to be fetched again"))
	}
	b, err := bundle.Open(c.What)
	var tampered *bundle.TamperedError
	switch {
	case errors.As(err, &tampered):
		for _, why := range tampered.Reasons {
			fmt.Printf("%s: %s\n", filepath.Base(c.What), why)
		}
		return fmt.Errorf("%s is not as it was made; fetch it again", c.What)
	case err != nil:
		return program.BadInput(err)
	}
	defer b.Close()
	fmt.Printf("sha256 %s\n", b.SHA256)
	if c.Retrain == 0 {
		return c.verify(ctx, b, c.What)
	}
	folder, err := os.MkdirTemp("", "reproduce-verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := b.Unpack(folder); err != nil {
		return err
	}
	return c.verify(ctx, os.DirFS(folder), folder)
}

// verify looks at a store in a file system, which lies in a folder where
// something is to be moved or trained.
func (c *verifyCommand) verify(ctx context.Context, files fs.FS, folder string) error {
	f, err := store.Verify(files, c.What)
	if err != nil {
		return program.BadInput(err)
	}
	bad := slices.Concat(f.Damaged, f.Checkpoints)
	for _, d := range bad {
		fmt.Printf("%s: %s\n", d.Name, d.Reason)
	}
	for _, line := range f.Unchecked {
		fmt.Printf("not checked: %s\n", line)
	}
	fmt.Printf("%s: %d records sound, %d damaged", c.What, len(f.Sound), len(f.Damaged))
	if n := len(f.Replicas); n > 0 {
		fmt.Printf(", %d replicas sound", n)
	}
	if n := len(f.Checkpoints); n > 0 {
		fmt.Printf(", and %d damaged checkpoints", n)
	}
	fmt.Println()
	var failed []error
	if len(bad) > 0 {
		advice := "--set-aside moves what is damaged out of the way"
		if c.SetAside {
			s, err := store.Open(folder)
			if err != nil {
				return program.BadInput(err)
			}
			if err := s.SetAside(f); err != nil {
				return err
			}
			advice = "it lies in " + filepath.Join(folder, "damaged") + " now, and is trained again when it is next needed"
		}
		failed = append(failed, fmt.Errorf("%s is damaged; %s", c.What, advice))
	}
	if c.Retrain > 0 {
		if err := c.retrain(ctx, folder, f.Sound); err != nil {
			if reproduce.Interrupted(err) {
				return errors.New("interrupted; nothing of what was trained again is kept")
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// retrain trains some of the sound records again and compares.
func (c *verifyCommand) retrain(ctx context.Context, folder string, sound []string) error {
	from, err := store.View(folder)
	if err != nil {
		return err
	}
	known, err := c.known(sound)
	if err != nil {
		return err
	}
	if other := len(sound) - len(known); other > 0 {
		fmt.Printf("not trained again: %d records that are runs of no preset\n", other)
	}
	scratch, err := os.MkdirTemp("", "reproduce-retrain-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	to, err := store.Open(scratch)
	if err != nil {
		return err
	}
	show := newDisplay(c.Plain)
	var failed []error
	differ, done := 0, 0
	chosen := c.choose(known)
	for _, preset := range reproduce.Presets() {
		var runs []*reproduce.Run
		for _, k := range chosen {
			if k.preset.Name == preset.Name {
				runs = append(runs, k.run)
			}
		}
		if len(runs) == 0 {
			continue
		}
		train := runCommand{common: common{Store: scratch, Backend: c.Backend}}
		train.Workers = -1
		pool, end, err := train.pool(show, preset, "") // the scratch store is gone at the end
		if err != nil {
			return err
		}
		replicas, broken, err := reproduce.Retrain(ctx, pool, from, to, runs)
		end()
		show.end()
		if err != nil {
			return err
		}
		failed = append(failed, broken...)
		for _, r := range replicas {
			fmt.Printf("%s (%s): %s\n", r.Run.Name(), r.Run.Label, r.Finding)
			if done++; !r.OK {
				differ++
			}
		}
	}
	fmt.Printf("%d records trained again, %d of them differ\n", done, differ)
	if differ > 0 {
		failed = append(failed, fmt.Errorf("%d of %d records that were trained again came out differently", differ, done))
	}
	return errors.Join(failed...)
}

// known is a record's run and the first preset that has it.
type known struct {
	run    *reproduce.Run
	preset reproduce.Preset
}

// known finds the runs of records; those that no preset has are left out.
func (c *verifyCommand) known(names []string) ([]known, error) {
	var found []known
	seen := map[string]bool{}
	for _, preset := range reproduce.Presets() {
		runs, err := reproduce.Runs(reproduce.Experiments(), preset)
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			if name := r.Name(); !seen[name] && slices.Contains(names, name) {
				seen[name] = true
				found = append(found, known{r, preset})
			}
		}
	}
	return found, nil
}

// choose picks the records to train again: those of fewest steps on fewest
// queries, or drawn.
func (c *verifyCommand) choose(runs []known) []known {
	slices.SortFunc(runs, func(a, b known) int { return strings.Compare(a.run.Name(), b.run.Name()) })
	if c.Draw != nil {
		r := stream.New(*c.Draw, "verify/retrain", 0, 0)
		r.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	} else {
		cost := func(k known) int { return k.run.Config.Train.Steps * len(k.run.Config.Mus) }
		slices.SortStableFunc(runs, func(a, b known) int { return cmp.Compare(cost(a), cost(b)) })
	}
	return runs[:min(c.Retrain, len(runs))]
}
