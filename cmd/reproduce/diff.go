// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/reproduce/report"
)

type diffCommand struct {
	Before    string  `arg:"" type:"path" help:"Folder of a report, or its results.json."`
	After     string  `arg:"" type:"path" help:"The report to compare with it."`
	Tolerance float64 `default:"0.1" help:"Relative difference that is noise where a side has fewer than two seeds. Default: ${default}, the least that a verdict allows."`
	JSON      bool    `name:"json" help:"Print JSON instead of text."`
}

// Run prints what differs between two reports. A regression is a failure.
func (c *diffCommand) Run() error {
	if !(c.Tolerance >= 0 && c.Tolerance < 1) {
		return program.BadInputf("--tolerance is %v; expected a part of the number, from 0 to below 1", c.Tolerance)
	}
	before, err := report.ReadResults(c.Before)
	if err != nil {
		return program.BadInput(err)
	}
	after, err := report.ReadResults(c.After)
	if err != nil {
		return program.BadInput(err)
	}
	d := report.Compare(before, after, c.Tolerance)
	if c.JSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		err = enc.Encode(d)
	} else {
		_, err = fmt.Print(d)
	}
	if err != nil {
		return err
	}
	if d.Regressions > 0 {
		return fmt.Errorf("regressions from %s to %s: %d", c.Before, c.After, d.Regressions)
	}
	return nil
}
