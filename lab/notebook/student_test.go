// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"strings"
	"testing"
)

func cell(kind Kind, source string) *Cell { return &Cell{Kind: kind, ID: "a", Source: source} }

func TestStudent(t *testing.T) {
	for _, tc := range []struct{ name, source, want string }{
		{"no mark", "a\n\n", "a\n\n"},
		{"cut", "a\n// BEGIN SOLUTION\nsecret\n// END SOLUTION\nb", "a\nb"},
		{"at the end", "a\n// BEGIN SOLUTION\nsecret\n// END SOLUTION", "a"},
		{"two blocks", "a\n// BEGIN SOLUTION\n1\n// END SOLUTION\nb\n// BEGIN SOLUTION\n2\n// END SOLUTION\nc", "a\nb\nc"},
		{"student's line", "func f() int {\n\t// BEGIN SOLUTION\n\t// STUDENT return 0 // your turn\n\treturn 42\n\t// END SOLUTION\n}", "func f() int {\n\treturn 0 // your turn\n}"},
		{"the block's indentation", "\t// BEGIN SOLUTION\n\t\t\t// STUDENT if true {\n// STUDENT \tx()\n// STUDENT\n// STUDENT }\n\t// END SOLUTION", "\tif true {\n\t\tx()\n\n\t}"},
		{"marks loosely placed", "  // BEGIN SOLUTION \nsecret\n// END SOLUTION\nb", "b"},
		{"nothing left but an instruction", "// BEGIN SOLUTION\n// STUDENT // write it here\nsecret\n// END SOLUTION", "// write it here"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			nb := &Notebook{Cells: []*Cell{cell(Code, tc.source)}}
			student, err := nb.Student()
			if err != nil {
				t.Fatal(err)
			}
			if len(student.Cells) != 1 || student.Cells[0].Source != tc.want {
				t.Errorf("%q, expected %q", student.Cells[0].Source, tc.want)
			}
			if nb.Cells[0].Source != tc.source {
				t.Errorf("the solution was changed: %q", nb.Cells[0].Source)
			}
		})
	}
}

func TestStudentMarkdown(t *testing.T) {
	nb := &Notebook{Cells: []*Cell{
		cell(Markdown, "Question?\n\n<!-- BEGIN SOLUTION -->\n42, and // STUDENT means nothing here\n<!-- END SOLUTION -->"),
		cell(Markdown, "<!-- BEGIN SOLUTION -->\n42\n<!-- END SOLUTION -->\n"),
		cell(Code, "// BEGIN SOLUTION\nsecret()\n// END SOLUTION"),
		cell(Markdown, ""),
	}}
	student, err := nb.Student()
	if err != nil {
		t.Fatal(err)
	}
	// What the cut leaves empty is dropped; what was empty before is not its business.
	if len(student.Cells) != 2 || student.Cells[0].Source != "Question?" || student.Cells[1].Source != "" {
		t.Errorf("%d cells, expected the question and the empty cell", len(student.Cells))
	}
}

func TestStudentKeepsIDsAndTagsAndNoOutput(t *testing.T) {
	nb, err := Read("testdata/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	student, err := nb.Student()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range student.Cells {
		if c.ID != nb.Cells[i].ID || len(c.Tags()) != len(nb.Cells[i].Tags()) || len(c.Outputs) > 0 {
			t.Errorf("cell %d: %+v of %+v", i+1, c, nb.Cells[i])
		}
	}
	if len(nb.Cells[2].Outputs) == 0 {
		t.Error("the solution lost its outputs")
	}
}

func TestStudentMarksMustPair(t *testing.T) {
	for _, tc := range []struct {
		kind         Kind
		source, want string
	}{
		{Code, "a\n// BEGIN SOLUTION\nb", "line 2: // BEGIN SOLUTION without // END SOLUTION"},
		{Code, "// END SOLUTION", "line 1: // END SOLUTION without"},
		{Code, "// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION", "line 2: // BEGIN SOLUTION within the block of line 1"},
		{Code, "// STUDENT x", "line 1: // STUDENT outside of a block"},
		{Code, "x := 1 // BEGIN SOLUTION", "stands alone on its line"},
		{Code, "<!-- BEGIN SOLUTION -->", "stands alone on its line"},
		{Markdown, "// BEGIN SOLUTION", "stands alone on its line"},
		{Markdown, "<!-- END SOLUTION -->", "without"},
	} {
		nb := &Notebook{Cells: []*Cell{cell(Markdown, ""), cell(tc.kind, tc.source)}}
		_, err := nb.Student()
		if err == nil || !strings.HasPrefix(err.Error(), "cell 2 (a): ") || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: error %v, expected cell 2 and %q", tc.source, err, tc.want)
		}
	}
}
