// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// marks are the lines between which a solution stands, and what begins a line of what
// the student gets in its place.
type marks struct{ begin, end, student string }

// In a code cell the marks are comments of Go, in a markdown cell of HTML.
var (
	codeMarks     = marks{"// BEGIN SOLUTION", "// END SOLUTION", "// STUDENT"}
	markdownMarks = marks{"<!-- BEGIN SOLUTION -->", "<!-- END SOLUTION -->", ""}
)

// Student is the student's version: without outputs, and with what stands between the
// lines
//
//	// BEGIN SOLUTION
//	// END SOLUTION
//
// of a code cell (in a markdown cell <!-- BEGIN SOLUTION --> and <!-- END SOLUTION -->)
// cut out. A line "// STUDENT return 0 // your turn" between them stays, without its
// mark and indented as the block is. A cell of which nothing is left is dropped. Marks
// that don't pair up are an error that names the cell.
func (nb *Notebook) Student() (*Notebook, error) {
	student := &Notebook{Metadata: maps.Clone(nb.Metadata)}
	var wrong []error
	for i, c := range nb.Cells {
		source, err := cut(c)
		if err != nil {
			wrong = append(wrong, errors.New(Problem{i + 1, c.ID, err.Error()}.String()))
			continue
		}
		if source != c.Source && strings.TrimSpace(source) == "" {
			continue
		}
		student.Cells = append(student.Cells, &Cell{
			Kind: c.Kind, ID: c.ID, Metadata: maps.Clone(c.Metadata), Source: source, Attachments: c.Attachments,
		})
	}
	student.Clean()
	return student, errors.Join(wrong...)
}

// cut is a cell's source in the student's version.
func cut(c *Cell) (string, error) {
	var m marks
	switch c.Kind {
	case Code:
		m = codeMarks
	case Markdown:
		m = markdownMarks
	default:
		return c.Source, nil
	}
	var kept []string
	begun := 0 // the line at which the open block begins
	indent := ""
	for i, line := range strings.Split(c.Source, "\n") {
		word := strings.TrimSpace(line)
		switch {
		case word == m.begin && begun > 0:
			return "", fmt.Errorf("line %d: %s within the block of line %d", i+1, m.begin, begun)
		case word == m.begin:
			begun = i + 1
			indent = line[:strings.Index(line, m.begin)]
		case word == m.end && begun == 0:
			return "", fmt.Errorf("line %d: %s without %s", i+1, m.end, m.begin)
		case word == m.end:
			begun = 0
		case m.student != "" && (word == m.student || strings.HasPrefix(word, m.student+" ")):
			if begun == 0 {
				return "", fmt.Errorf("line %d: %s outside of a block", i+1, m.student)
			}
			rest := strings.TrimPrefix(strings.TrimPrefix(word, m.student), " ")
			kept = append(kept, strings.TrimRight(indent+rest, " \t"))
		case strings.Contains(line, "BEGIN SOLUTION") || strings.Contains(line, "END SOLUTION"):
			return "", fmt.Errorf("line %d: %q: a mark stands alone on its line, as %q", i+1, word, m.begin)
		case begun == 0:
			kept = append(kept, line)
		}
	}
	if begun > 0 {
		return "", fmt.Errorf("line %d: %s without %s", begun, m.begin, m.end)
	}
	source := strings.Join(kept, "\n")
	if source != c.Source { // a block at the end leaves the newline before it
		source = strings.TrimRight(source, "\n")
	}
	return source, nil
}
