// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package data holds the published numbers and claims that everything else
// is compared with, as CSV files embedded in the program, and reads them.
//
// The files are the papers' side of every comparison and never change to
// fit a result; SHA256SUMS pins them and a test checks it. README.md lists
// the files and their sources. [Files] gives the raw files (settings,
// figures, parameter counts); the functions below give the parsed ones.
//
//	v, err := data.Find("hyper-lr-pinn/table2/beta=40;rank=adaptive/Hyper-LR-PINN (Adaptive rank)/rel_err")
//	if err != nil {
//		return err
//	}
//	fmt.Println(v.Value, v.Source)
package data

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed hyper-lr-pinn/*.csv hyperpinn/*.csv related/*.csv discrepancies.csv SHA256SUMS
var files embed.FS

// Files returns the embedded files, under the names in README.md, for
// callers that need a file that no function here parses, such as
// hyper-lr-pinn/settings.csv.
func Files() fs.FS { return files }

// readCSV returns the records of the named file below its header, after
// checking that the header is the expected one: a column that moved would
// otherwise be read as another.
func readCSV(name string, header ...string) ([][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("data: open %s: %w", name, err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("data: read %s: %w", name, err)
	}
	if len(records) == 0 || !slices.Equal(records[0], header) {
		return nil, fmt.Errorf("data: %s: expected the header %s", name, strings.Join(header, ","))
	}
	return records[1:], nil
}
