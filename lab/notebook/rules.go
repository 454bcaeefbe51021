// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// tags are those that the course and its book know: a misspelt one would go unnoticed.
var tags = []string{
	TagFigure, TagRaises, "raises-exception",
	"hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input", "remove-output", "scroll-output",
}

var lesson = regexp.MustCompile(`^[0-9]{2}-`)

// Check says which of the course's rules the notebook breaks, beyond nbformat's own.
// name is its file's name without folder and extension (02-a-pinn-from-scratch).
//
// The rules: the first cell is the header (title, "By the end you can", the time
// marker, prerequisites); the first code cell begins with %noautoget; ids begin with
// the lesson's number; tags are known ones; there is no output; the kernel is gonb;
// marks of solutions pair up.
func (nb *Notebook) Check(name string) []Problem {
	var problems []Problem
	report := func(i int, format string, args ...any) {
		p := Problem{Text: fmt.Sprintf(format, args...)}
		if i >= 0 {
			p.Cell, p.ID = i+1, nb.Cells[i].ID
		}
		problems = append(problems, p)
	}

	if spec := object(nb.Metadata["kernelspec"]); text(spec["name"]) != "gonb" {
		report(-1, "metadata.kernelspec.name is %s, expected \"gonb\"", literal(spec["name"]))
	}
	if len(nb.Cells) < 2 {
		report(-1, "%d cells: expected the header and the imports at least", len(nb.Cells))
		return problems
	}

	header := nb.Cells[0]
	if header.Kind != Markdown {
		report(0, "expected the header, a markdown cell")
	}
	if !strings.HasPrefix(header.Source, "# ") {
		report(0, "the header's first line is no title (# …)")
	}
	for _, part := range []string{"By the end you can", "Prerequisites"} {
		if !strings.Contains(strings.ToLower(header.Source), strings.ToLower(part)) {
			report(0, "the header lacks %q", part)
		}
	}
	if len(timeMark.FindAllString(header.Source, -1)) != 1 {
		report(0, "the header lacks its time marker (or has several): <!-- time -->about 2 min<!-- /time -->")
	}
	if i := 1 + slices.IndexFunc(nb.Cells[1:], func(c *Cell) bool { return c.Kind == Code }); i == 0 {
		report(-1, "expected the imports, a code cell; there is none")
	} else if first, _, _ := strings.Cut(nb.Cells[i].Source, "\n"); strings.TrimSpace(first) != "%noautoget" {
		report(i, "expected the imports, a code cell whose first line is %%noautoget")
	}

	number := lesson.FindString(name)
	for i, c := range nb.Cells {
		if !strings.HasPrefix(c.ID, number) {
			report(i, "its id does not begin with the lesson's %q", number)
		}
		if len(c.Outputs) > 0 || c.ExecutionCount > 0 {
			report(i, "has outputs or an execution count: run notebooks generate")
		}
		for _, tag := range c.Tags() {
			if !slices.Contains(tags, tag) {
				report(i, "unknown tag %q: known are %s", tag, strings.Join(tags, ", "))
			}
			if c.Kind != Code && (tag == TagFigure || tag == TagRaises) {
				report(i, "the tag %q is for code cells", tag)
			}
		}
		if _, err := cut(c); err != nil {
			report(i, "%v", err)
		}
	}
	return problems
}
