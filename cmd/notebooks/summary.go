// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/lab/notebook"
)

// Summary is what one run says of another: everything but pictures and times.
type Summary struct {
	Preset    string            `json:"preset,omitempty"`
	Students  bool              `json:"students,omitempty"`
	Cores     int               `json:"cores,omitempty"`
	Notebooks []NotebookSummary `json:"notebooks"`
}

// NotebookSummary is a notebook in a Summary.
type NotebookSummary struct {
	Name     string        `json:"name"`
	Status   string        `json:"status"`
	Seconds  float64       `json:"seconds"`
	Failures []string      `json:"failures,omitempty"`
	Cells    []CellSummary `json:"cells"` // the code cells
}

// CellSummary is a code cell in a Summary.
type CellSummary struct {
	Number  int     `json:"number"` // among all cells, from 1
	ID      string  `json:"id"`
	Status  string  `json:"status"`
	Seconds float64 `json:"seconds"`
	Text    string  `json:"text"` // masked
}

// What became of a notebook, and of a cell.
const (
	passed = "passed"
	failed = "failed"

	cellOK     = "ok"
	cellError  = "error"
	cellNotRun = "not run"
)

type summaryCommand struct {
	Dir string `arg:"" help:"Folder of executed notebooks."`
}

// Run summarizes what another runner has executed.
func (c *summaryCommand) Run() error {
	paths, err := notebooksIn(c.Dir)
	if err != nil {
		return program.BadInput(err)
	}
	if len(paths) == 0 {
		return program.BadInputf("no notebooks in %s", c.Dir)
	}
	var s Summary
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return program.BadInput(err)
		}
		s.Notebooks = append(s.Notebooks, summarize(nameOf(path), nb))
	}
	fmt.Printf("notebooks: %d summarized\n", len(paths))
	return s.write(filepath.Join(c.Dir, "summary.json"))
}

// summarize reads a summary out of an executed notebook. It has passed if every cell ran
// and ended as it should.
func summarize(name string, nb *notebook.Notebook) NotebookSummary {
	s := NotebookSummary{Name: name, Status: passed, Cells: []CellSummary{}}
	for i, c := range nb.Cells {
		if c.Kind != notebook.Code || strings.TrimSpace(c.Source) == "" {
			continue
		}
		cell := CellSummary{Number: i + 1, ID: c.ID, Status: cellOK, Seconds: seconds(c), Text: mask(textOf(c))}
		switch {
		case c.Failure() != nil:
			cell.Status = cellError
		case c.ExecutionCount == 0:
			cell.Status = cellNotRun
		}
		if (cell.Status == cellOK) == c.HasTag(notebook.TagRaises) || cell.Status == cellNotRun || c.HasTag(notebook.TagFigure) && !c.HasImage() {
			s.Status = failed
			s.Failures = append(s.Failures, fmt.Sprintf("cell %d (%s): %s", i+1, c.ID, cell.Status))
		}
		s.Cells = append(s.Cells, cell)
		s.Seconds = round(s.Seconds + cell.Seconds)
	}
	return s
}

// seconds is how long a cell took by the times that its runner noted.
func seconds(c *notebook.Cell) float64 {
	notes, _ := c.Metadata["execution"].(map[string]any)
	at := func(what string) time.Time {
		s, _ := notes[what].(string)
		t, _ := time.Parse(time.RFC3339Nano, s)
		return t
	}
	from, to := at("iopub.execute_input"), at("shell.execute_reply")
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return round(to.Sub(from).Seconds())
}

func round(seconds float64) float64 { return math.Round(seconds*1000) / 1000 }

// textOf is what a cell shows, as text. In which order the two streams and the displays
// came is left to chance, so each stream stands by itself and the displays follow.
func textOf(c *notebook.Cell) string {
	var stdout, stderr, rest strings.Builder
	for _, o := range c.Outputs {
		switch o.Type {
		case notebook.Stream:
			if o.Name == "stderr" {
				stderr.WriteString(o.Text)
			} else {
				stdout.WriteString(o.Text)
			}
		case notebook.Failure:
			fmt.Fprintf(&rest, "[error] %s\n", o.ErrorValue)
		default:
			if empty(o) {
				continue
			}
			types := slices.Sorted(maps.Keys(o.Data))
			fmt.Fprintf(&rest, "[%s]\n", strings.Join(types, ", "))
			for _, mime := range []string{"text/markdown", "text/html", "text/latex", "text/plain"} {
				if s, ok := o.Data[mime].(string); ok {
					fmt.Fprintf(&rest, "%s\n", strings.TrimSpace(s))
					break
				}
			}
		}
	}
	var b strings.Builder
	for _, part := range []struct{ title, text string }{{"[stdout]\n", stdout.String()}, {"[stderr]\n", stderr.String()}, {"", rest.String()}} {
		if text := strings.TrimRight(part.text, "\n"); text != "" {
			fmt.Fprintf(&b, "%s%s\n", part.title, text)
		}
	}
	return b.String()
}

// empty is whether a display shows nothing: what a progress bar leaves. Whether there
// was one hangs on what had to be trained.
func empty(o *notebook.Output) bool {
	for _, data := range o.Data {
		if data != "" {
			return false
		}
	}
	return true
}

func (s *Summary) failed() (n int) {
	for _, nb := range s.Notebooks {
		if nb.Status == failed {
			n++
		}
	}
	return n
}

func (s *Summary) write(path string) error { return writeJSON(path, s) }

func writeJSON(path string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a cell's HTML stays readable
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
