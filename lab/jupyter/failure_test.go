// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"fmt"
	"os"
	"testing"

	"pinn.example/repro/lab/notebook"
)

func TestReason(t *testing.T) {
	for _, tc := range []struct{ stderr, want string }{
		{"", ""},
		{"exit status 2", ""},
		{"first\nsecond\nexit status 1\n", "second"},
		{"before\npanic: boom\n\ngoroutine 1 [running]:\nmain.main()\nexit status 2", "panic: boom"},
		{"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1", "fatal error: all goroutines are asleep - deadlock!"},
		{"^C\nsignal: interrupt\n", "^C"},
	} {
		if got := reason(tc.stderr); got != tc.want {
			t.Errorf("reason of %q is %q, expected %q", tc.stderr, got, tc.want)
		}
	}
}

func TestFailureString(t *testing.T) {
	for _, tc := range []struct {
		f    Failure
		want string
	}{
		{Failure{Message: "a\nb"}, "a"},
		{Failure{Cell: 3, ID: "01-02", At: 3, Message: "a"}, "cell 3 (01-02): a"},
		{Failure{Cell: 3, ID: "01-02", At: 3, Line: 4, Message: "a"}, "cell 3 (01-02), line 4: a"},
		{Failure{Cell: 3, ID: "01-02", At: 2, Line: 4, Message: "a"}, "cell 3 (01-02), line 4 of cell 2: a"},
	} {
		if got := tc.f.String(); got != tc.want {
			t.Errorf("%q, expected %q", got, tc.want)
		}
	}
}

// A panic's line is looked up in the file that gonb has made of the cells.
func TestLocateText(t *testing.T) {
	dir := t.TempDir() + "/gonb_0123abcd"
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	made := "package main\n\nfunc f() {\n\tx()\n}\n\nfunc g() {\n\tx()\n}\n\nfunc main() {\n\tflag.Parse()\nx()\ny()\n}\n"
	if err := os.WriteFile(dir+"/main.go", []byte(made), 0o644); err != nil {
		t.Fatal(err)
	}
	code := func(id, source string) *notebook.Cell {
		return &notebook.Cell{Kind: notebook.Code, ID: id, Source: source}
	}
	for _, tc := range []struct{ line, at, wantLine int }{
		{4, 1, 2},  // in f, of the first cell: x() after func f() {
		{8, 2, 3},  // in g, of the second
		{13, 3, 2}, // in main, of the cell that ran
		{14, 3, 3},
		{12, 3, 0}, // flag.Parse() is gonb's own
		{99, 3, 0}, // no such line
	} {
		nb := &notebook.Notebook{Cells: []*notebook.Cell{code("a", "func f() {\n\tx()\n}"), code("b", "\nfunc g() {\n\tx()\n}"), code("c", "%%\nx()\ny()")}}
		nb.Cells[2].Outputs = []*notebook.Output{
			{Type: notebook.Stream, Name: "stderr", Text: fmt.Sprintf("panic: z\n\n\t\x1b[7m[[ Cell Line 9 ]]\x1b[0m %s/main.go:%d +0x1", dir, tc.line)},
			{Type: notebook.Failure, ErrorValue: "exit status 2"},
		}
		f := diagnose(nb, 2)
		if f.At != tc.at || f.Line != tc.wantLine {
			t.Errorf("line %d: line %d of cell %d, expected line %d of cell %d", tc.line, f.Line, f.At, tc.wantLine, tc.at)
		}
	}
}
