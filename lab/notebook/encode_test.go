// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// testdata/jupyter.ipynb was written by Jupyter's own nbformat (testdata/jupyter.py).
func TestEncodeEqualsJupyter(t *testing.T) {
	want, err := os.ReadFile("testdata/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb, err := Parse(want)
	if err != nil {
		t.Fatal(err)
	}
	got := nb.Encode()
	if !bytes.Equal(got, want) {
		t.Errorf("differs from Jupyter's\n%s", firstDifference(got, want))
	}
}

func firstDifference(got, want []byte) string {
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			return "got  " + string(g[i]) + "\nwant " + string(w[i])
		}
	}
	return "one is longer"
}

// However a notebook was written, its canonical form is one, and reads as itself.
func TestEncodeIsIdempotent(t *testing.T) {
	loose := []byte(`{"nbformat_minor":5,"nbformat":4,"metadata":{},
		"cells":[{"source":"a\nb","outputs":[{"text":["x","y\n"],"output_type":"stream","name":"stdout"}],
		"metadata":{},"id":"z","execution_count":null,"cell_type":"code"}]}`)
	nb, err := Parse(loose)
	if err != nil {
		t.Fatal(err)
	}
	once := nb.Encode()
	again, err := Parse(once)
	if err != nil {
		t.Fatal(err)
	}
	if twice := again.Encode(); !bytes.Equal(once, twice) {
		t.Errorf("the second time it differs:\n%s", firstDifference(twice, once))
	}
	if got := again.Cells[0].Outputs[0].Text; got != "xy\n" {
		t.Errorf("stream text %q, expected %q", got, "xy\n")
	}
}

func TestCleanLeavesNothingOfARun(t *testing.T) {
	nb, err := Read("testdata/jupyter.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb.Cells[1].Metadata["scrolled"] = true
	nb.Clean()
	for _, c := range nb.Cells {
		if len(c.Outputs) > 0 || c.ExecutionCount != 0 || c.Metadata["scrolled"] != nil {
			t.Errorf("cell %s keeps %v, %d, %v", c.ID, c.Outputs, c.ExecutionCount, c.Metadata)
		}
	}
	if got := nb.Cells[1].Tags(); len(got) != 2 {
		t.Errorf("tags %q, expected them to stay", got)
	}
	if bytes.Contains(nb.Encode(), []byte("zebra")) {
		t.Error("a front end's metadata stayed")
	}
}

func TestWriteReplacesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.ipynb")
	nb := &Notebook{Cells: []*Cell{{Kind: Markdown, ID: "a", Source: "# A"}}}
	for range 2 {
		if err := nb.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Read(path); err != nil {
		t.Error(err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("%d files, expected the notebook alone", len(files))
	}
	if err := nb.Write(filepath.Join(path, "b.ipynb")); err == nil {
		t.Error("no error for a folder that is none")
	}
}
