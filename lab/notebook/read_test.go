// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseSaysWhatIsWrong(t *testing.T) {
	in := func(cells string) string {
		return `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[` + cells + `]}`
	}
	const good = `{"cell_type":"markdown","id":"a","metadata":{},"source":""}`
	for _, tc := range []struct{ name, doc, want string }{
		{"empty", " \n", "empty"},
		{"syntax", "{\n \"cells\": [,]\n}", "line 2, column 12"},
		{"cut off", `{"cells": [`, "unexpected EOF"},
		{"two", in("") + "{}", "something follows"},
		{"no object", "[]", "expected an object"},
		{"old", `{"nbformat":4,"nbformat_minor":2,"metadata":{},"cells":[]}`, "its version is 4.2: open it in JupyterLab and save it"},
		{"no metadata", `{"nbformat":4,"nbformat_minor":5,"cells":[]}`, "missing property 'metadata'"},
		{"unknown key", `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[],"x":1}`, "additional properties 'x' not allowed"},
		{"no id", in(good + `,{"cell_type":"markdown","metadata":{},"source":""}`), "cell 2: missing property 'id'"},
		{"bad id", in(`{"cell_type":"markdown","id":"a b","metadata":{},"source":""}`), "cell 1 (a b): id: 'a b' does not match pattern"},
		{"same id", in(good + "," + good), "cell 2 (a): has the id of cell 1"},
		{"kind", in(`{"cell_type":"go","id":"a","metadata":{},"source":""}`), `cell 1 (a): its cell_type is "go", none of code, markdown, raw`},
		{"no outputs", in(`{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":null}`), "cell 1 (a): missing property 'outputs'"},
		{"outputs of markdown", in(`{"cell_type":"markdown","id":"a","metadata":{},"source":"","outputs":[]}`), "additional properties 'outputs'"},
		{"tags", in(`{"cell_type":"markdown","id":"a","metadata":{"tags":["a","a"]},"source":""}`), "metadata/tags: items at 0 and 1 are equal"},
		{"source", in(`{"cell_type":"markdown","id":"a","metadata":{},"source":7}`), "cell 1 (a): source: got number, want string"},
		{"output", in(`{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":null,"outputs":[{"output_type":"stream","name":"stdout"}]}`), "cell 1 (a): output 1: missing property 'text'"},
		{"output type", in(`{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":null,"outputs":[{}]}`), "cell 1 (a): output 1: its output_type is missing"},
		{"count", in(`{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":-1,"outputs":[]}`), "execution_count: minimum: got -1, want 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse([]byte(tc.doc))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, expected it to contain %q", err, tc.want)
			}
		})
	}
	if _, err := Parse([]byte(in(good))); err != nil {
		t.Errorf("a right one: %v", err)
	}
}

// Every cell that is wrong is named, not the first alone.
func TestParseNamesEachWrongCell(t *testing.T) {
	_, err := Parse([]byte(`{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[7,{"cell_type":"raw","id":"b","metadata":{},"source":""},{"id":"c"}]}`))
	if err == nil || !strings.Contains(err.Error(), "cell 1: is no object") || !strings.Contains(err.Error(), "cell 3 (c)") || strings.Contains(err.Error(), "cell 2") {
		t.Errorf("error %v, expected it to name the cells 1 and 3", err)
	}
}

// The schema is embedded: where the program runs has no say. (It had: under a relative
// name, a folder with a space was an error.)
func TestCompileAnywhere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	compile()
}

func TestReadNamesTheFile(t *testing.T) {
	if _, err := Read("testdata/none.ipynb"); err == nil || !strings.Contains(err.Error(), "none.ipynb") {
		t.Errorf("error %v, expected it to name the file", err)
	}
}
