// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"pinn.example/repro/lab/notebook"
)

// Failure is why a notebook did not run.
type Failure struct {
	Cell    int    // that was running; 1 is the first, of all kinds; 0 is none
	ID      string // its id
	At      int    // the cell in which the fault lies, most often the same
	Line    int    // there, from 1; 0 where nothing tells
	Source  string // that line; where nothing tells, the first of Cell
	Message string // one line or several
	Stderr  string // what Cell wrote to stderr, without the kernel's colours
}

// String is the failure on one line: cell, line, and the message's first line.
func (f Failure) String() string {
	message, _, _ := strings.Cut(f.Message, "\n")
	where := ""
	if f.Cell > 0 {
		where = fmt.Sprintf("cell %d (%s)", f.Cell, f.ID)
		if f.Line > 0 {
			where += fmt.Sprintf(", line %d", f.Line)
			if f.At != f.Cell {
				where += fmt.Sprintf(" of cell %d", f.At)
			}
		}
		where += ": "
	}
	return where + message
}

func newFailure(nb *notebook.Notebook, i int, text string) Failure {
	if i < 0 {
		return Failure{Message: text}
	}
	c := nb.Cells[i]
	first, _, _ := strings.Cut(strings.TrimSpace(c.Source), "\n")
	f := Failure{Cell: i + 1, ID: c.ID, At: i + 1, Source: first, Message: text}
	for _, o := range c.Outputs {
		if o.Type == notebook.Stream && o.Name == "stderr" {
			f.Stderr += o.Text
		}
	}
	f.Stderr = strings.TrimSpace(PlainText(f.Stderr))
	return f
}

var (
	// In a compile error's traceback: "Cell[3]: Line 4", its number the execution count.
	compilePlace = regexp.MustCompile(`^Cell(?:\[(\d+)\]:)? Line (\d+)\n`)
	// In a panic's trace on stderr: the file that gonb has made of the cells.
	tracePlace = regexp.MustCompile(`(\S*/gonb_[0-9a-f]{8}/main(?:_test)?\.go):(\d+)`)
	ansi       = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
)

// PlainText is text without a terminal's colours.
func PlainText(s string) string { return ansi.ReplaceAllString(s, "") }

// diagnose says why a cell failed that ended with an error, and in which line.
func diagnose(nb *notebook.Notebook, i int) Failure {
	end := nb.Cells[i].Failure()
	f := newFailure(nb, i, strings.TrimSpace(PlainText(end.ErrorValue)))

	// The compiler's complaints: the place, an excerpt of the code, and last the text.
	var complaints []string
	for _, entry := range end.Traceback {
		entry = PlainText(entry)
		place := compilePlace.FindStringSubmatch(entry)
		if place == nil {
			continue
		}
		f.locate(nb, place)
		lines := strings.Split(strings.TrimSpace(entry), "\n")
		complaints = append(complaints, fmt.Sprintf("%s (line %s)", lines[len(lines)-1], place[2]))
	}
	if len(complaints) > 0 {
		complaints[0], _, _ = strings.Cut(complaints[0], " (line ")
		f.Message = strings.Join(complaints, "\n")
		return f
	}

	// gonb's error is "exit status 2"; why, the cell's process has said on stderr. (gonb
	// adds there which cell's line it is, but misses it where a line reaches it in pieces.)
	if place := tracePlace.FindStringSubmatch(f.Stderr); place != nil {
		f.locateText(nb, place[1], place[2])
	}
	if why := reason(f.Stderr); why != "" {
		f.Message = why + " (" + f.Message + ")"
	}
	return f
}

// locate sets the line, once: the first place is that of the fault.
func (f *Failure) locate(nb *notebook.Notebook, place []string) {
	if f.Line > 0 {
		return
	}
	at := f.Cell - 1
	if count, err := strconv.Atoi(place[1]); err == nil {
		for i, c := range nb.Cells {
			if c.ExecutionCount == count {
				at = i
			}
		}
	}
	line, _ := strconv.Atoi(place[2])
	f.set(nb, at, line)
}

func (f *Failure) set(nb *notebook.Notebook, at, line int) {
	lines := strings.Split(nb.Cells[at].Source, "\n")
	if line >= 1 && line <= len(lines) {
		f.At, f.Line, f.Source = at+1, line, strings.TrimSpace(lines[line-1])
	}
}

// locateText finds a line of gonb's file in the cells: the same line, with the most
// lines around it the same too; in doubt, of the cell that ran. The file is there as
// long as the kernel is.
func (f *Failure) locateText(nb *notebook.Notebook, file, number string) {
	raw, err := os.ReadFile(file)
	line, _ := strconv.Atoi(number)
	made := trimmedLines(string(raw))
	if err != nil || line < 1 || line > len(made) {
		return
	}
	best := 0
	for i, c := range nb.Cells {
		if c.Kind != notebook.Code {
			continue
		}
		source := trimmedLines(c.Source)
		for j := range source {
			same := 2 * common(made, source, line-1, j)
			if same > 0 && i == f.Cell-1 {
				same++
			}
			if same > best {
				best = same
				f.set(nb, i, j+1)
			}
		}
	}
}

// common counts the lines that are the same around line i of one text and line j of
// another; 0 if these two differ.
func common(a, b []string, i, j int) (n int) {
	for k := 0; i+k < len(a) && j+k < len(b) && a[i+k] == b[j+k]; k++ {
		n++
	}
	if n == 0 {
		return 0
	}
	for k := 1; i-k >= 0 && j-k >= 0 && a[i-k] == b[j-k]; k++ {
		n++
	}
	return n
}

func trimmedLines(s string) []string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return lines
}

// reason picks out of stderr what a process died of: its panic, or the last line that
// is not the kernel's "exit status 1".
func reason(stderr string) string {
	last := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return line
		}
		if line != "" && !strings.HasPrefix(line, "exit status ") && !strings.HasPrefix(line, "signal: ") {
			last = line
		}
	}
	return last
}
