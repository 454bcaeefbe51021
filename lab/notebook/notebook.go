// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package notebook reads, checks and writes Jupyter notebooks of nbformat 4.5, and
// makes a student's notebook of one with solutions.
//
// A notebook is written as Jupyter itself writes it, byte for byte, so that a commit
// shows what was edited and nothing else.
//
//	nb, err := notebook.Read("notebooks/solutions/02-a-pinn-from-scratch.ipynb")
//	…
//	student, err := nb.Student()
//	…
//	err = student.Write("notebooks/02-a-pinn-from-scratch.ipynb")
package notebook

import "slices"

// Notebook is a document of nbformat 4.5.
type Notebook struct {
	Cells    []*Cell
	Metadata map[string]any // kernelspec, language_info; numbers are json.Number
}

// Kind is what a cell is.
type Kind string

// The kinds of cells.
const (
	Code     Kind = "code"
	Markdown Kind = "markdown"
	Raw      Kind = "raw"
)

// Cell is one cell. Outputs and ExecutionCount are a code cell's, Attachments another's.
type Cell struct {
	Kind           Kind
	ID             string
	Metadata       map[string]any
	Source         string
	Attachments    map[string]any // a mimebundle by name
	Outputs        []*Output
	ExecutionCount int // 0 where it was not run
}

// OutputType is what an output is.
type OutputType string

// The types of outputs.
const (
	Stream  OutputType = "stream"
	Display OutputType = "display_data"
	Result  OutputType = "execute_result"
	Failure OutputType = "error"
)

// Output is one output of a code cell.
type Output struct {
	Type OutputType

	Name, Text string // Stream: stdout or stderr, and what was written

	Data           map[string]any // Display and Result: a string by MIME type, or any JSON for a JSON type
	Metadata       map[string]any // Display and Result
	ExecutionCount int            // Result

	ErrorName, ErrorValue string // Failure
	Traceback             []string
}

// Tags are the cell's tags.
func (c *Cell) Tags() []string {
	list, _ := c.Metadata["tags"].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// HasTag says whether the cell carries a tag.
func (c *Cell) HasTag(tag string) bool { return slices.Contains(c.Tags(), tag) }

// The course's tags.
const (
	// TagFigure marks a code cell that must show an image.
	TagFigure = "figure"
	// TagRaises marks a code cell that fails on purpose.
	TagRaises = "raises"
)

// HasImage says whether the cell shows an image.
func (c *Cell) HasImage() bool {
	return slices.ContainsFunc(c.Outputs, func(o *Output) bool {
		return o.Data["image/png"] != nil || o.Data["image/svg+xml"] != nil
	})
}

// Failure is the error that the cell ended with, or nil.
func (c *Cell) Failure() *Output {
	for _, o := range c.Outputs {
		if o.Type == Failure {
			return o
		}
	}
	return nil
}

// editorMetadata is what front ends note in a cell for themselves.
var editorMetadata = []string{"ExecuteTime", "collapsed", "execution", "scrolled", "trusted"}

// Clean drops what running and viewing a notebook leaves in it: outputs, execution
// counts, the front end's notes, the versions of kernel and language.
func (nb *Notebook) Clean() {
	for _, c := range nb.Cells {
		c.Outputs, c.ExecutionCount = nil, 0
		for _, key := range editorMetadata {
			delete(c.Metadata, key)
		}
	}
	nb.Metadata = map[string]any{
		"kernelspec":    map[string]any{"display_name": "Go (gonb)", "language": "go", "name": "gonb"},
		"language_info": map[string]any{"file_extension": ".go", "mimetype": "text/x-go", "name": "go"},
	}
}
