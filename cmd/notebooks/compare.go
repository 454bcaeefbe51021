// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"pinn.example/repro/internal/program"
)

type compareCommand struct {
	A string `arg:"" help:"summary.json of a run."`
	B string `arg:"" help:"summary.json of another."`
}

// Run prints each difference, and fails if there is one.
func (c *compareCommand) Run() error {
	a, err := readSummary(c.A)
	if err != nil {
		return err
	}
	b, err := readSummary(c.B)
	if err != nil {
		return err
	}
	differences, cells := compare(a, b)
	for _, d := range differences {
		fmt.Println(d)
	}
	fmt.Printf("compare: %d notebooks, %d cells, %d differences\n", len(a.Notebooks), cells, len(differences))
	if len(differences) > 0 {
		return program.ErrTold
	}
	return nil
}

func readSummary(path string) (*Summary, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, program.BadInput(err)
	}
	var s Summary
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, program.BadInputf("%s is no summary of notebooks: %w", path, err)
	}
	if len(s.Notebooks) == 0 {
		return nil, program.BadInputf("%s: no notebooks in it", path)
	}
	return &s, nil
}

// compare lists what differs, and counts the cells that both have.
func compare(a, b *Summary) (differences []string, cells int) {
	if a.Preset != "" && b.Preset != "" && a.Preset != b.Preset {
		differences = append(differences, fmt.Sprintf("the presets differ: %s and %s", a.Preset, b.Preset))
	}
	other := map[string]NotebookSummary{}
	for _, nb := range b.Notebooks {
		other[nb.Name] = nb
	}
	for _, x := range a.Notebooks {
		y, both := other[x.Name]
		if !both {
			differences = append(differences, fmt.Sprintf("%s: only in the first run", x.Name))
			continue
		}
		delete(other, x.Name)
		more, n := compareCells(x, y)
		differences, cells = append(differences, more...), cells+n
		if len(more) == 0 && x.Status != y.Status {
			differences = append(differences, fmt.Sprintf("%s: %s and %s", x.Name, x.Status, y.Status))
		}
	}
	for _, nb := range b.Notebooks {
		if _, left := other[nb.Name]; left {
			differences = append(differences, fmt.Sprintf("%s: only in the second run", nb.Name))
		}
	}
	return differences, cells
}

func compareCells(a, b NotebookSummary) (differences []string, cells int) {
	other := map[string]CellSummary{}
	for _, c := range b.Cells {
		other[c.ID] = c
	}
	for _, x := range a.Cells {
		where := fmt.Sprintf("%s: cell %d (%s)", a.Name, x.Number, x.ID)
		y, both := other[x.ID]
		if !both {
			differences = append(differences, where+": only in the first run")
			continue
		}
		delete(other, x.ID)
		cells++
		switch {
		case x.Status != y.Status:
			differences = append(differences, fmt.Sprintf("%s: %s and %s", where, x.Status, y.Status))
		case x.Text != y.Text:
			p, q := firstDifference(x.Text, y.Text)
			differences = append(differences, fmt.Sprintf("%s: the text differs\n  - %s\n  + %s", where, p, q))
		}
	}
	for _, c := range b.Cells {
		if _, left := other[c.ID]; left {
			differences = append(differences, fmt.Sprintf("%s: cell %d (%s): only in the second run", b.Name, c.Number, c.ID))
		}
	}
	return differences, cells
}

// firstDifference is the first line in which two texts differ.
func firstDifference(a, b string) (string, string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(x), len(y)) {
		switch {
		case i >= len(x):
			return "(no more)", y[i]
		case i >= len(y):
			return x[i], "(no more)"
		case x[i] != y[i]:
			return x[i], y[i]
		}
	}
	return "", ""
}
