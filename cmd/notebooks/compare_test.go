// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/lab/notebook"
)

func TestMask(t *testing.T) {
	const nbsp, thin = "\u00a0", "\u202f"
	for text, want := range map[string]string{
		"took 12 ms":                                     "took ‹time›",
		"3.4 s, 1m20s, 1h2m3.5s, 250µs":                  "‹time›, ‹time›, ‹time›, ‹time›",
		"1 min 20 s":                                     "‹time› ‹time›",
		"12" + nbsp + "ms 3" + thin + "s":                "‹time› ‹time›",
		"2× faster, 1.5 × slower":                        "‹factor› faster, ‹factor› slower",
		"a 3×3 and a 3 × 4 matrix":                       "a 3×3 and a 3 × 4 matrix",
		"410 steps/s, 1.2k it/s":                         "‹rate›, ‹rate›",
		"loss 2.3e-2 after 2000 steps":                   "loss 2.3e-2 after 2000 steps",
		"rank 7 seeds, u_s 3":                            "rank 7 seeds, u_s 3",
		"β = 30":                                         "β = 30",
		"steps   |   12 s |":                             "steps | ‹time› |",
		"|-------|--|":                                   "|-|--|",
		"# gonb_0a1b2c3d\n./main.go:1:2: x":              "# gonb\n./main.go:1:2: x",
		"at /tmp/kernel-1/gonb_0a1b2c3d/main.go:7 +0x1d": "at gonb/main.go:7 +‹address›",
		"goroutine 17 [running]":                         "‹address› [running]",
		"\x1b[31mred\x1b[0m":                             "red",
	} {
		if got := mask(text); got != want {
			t.Errorf("mask(%q) is %q, expected %q", text, got, want)
		}
	}
}

// Streams and displays reach the client by two ways, so that their order may differ.
func TestTextOfDoesNotDependOnTheOrderOfStreams(t *testing.T) {
	out := &notebook.Output{Type: notebook.Stream, Name: "stdout", Text: "a\n"}
	err := &notebook.Output{Type: notebook.Stream, Name: "stderr", Text: "b\n"}
	shown := &notebook.Output{Type: notebook.Display, Data: map[string]any{"text/html": "<b>", "image/png": "AA=="}}
	want := "[stdout]\na\n[stderr]\nb\n[image/png, text/html]\n<b>\n"
	for _, order := range [][]*notebook.Output{{out, err, shown}, {shown, out, err}, {err, shown, out}} {
		if got := textOf(&notebook.Cell{Outputs: order}); got != want {
			t.Errorf("%q, expected %q", got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	two := func() *Summary {
		return &Summary{Preset: "quick", Notebooks: []NotebookSummary{
			{Name: "a", Status: passed, Seconds: 1, Cells: []CellSummary{{1, "a-0", cellOK, 1, "x\ny"}, {3, "a-1", cellOK, 1, ""}}},
			{Name: "b", Status: passed},
		}}
	}
	for _, tc := range []struct {
		name  string
		spoil func(s *Summary)
		want  []string
	}{
		{"same", func(s *Summary) { s.Notebooks[0].Seconds = 9; s.Notebooks[0].Cells[0].Seconds = 9 }, nil},
		{"text", func(s *Summary) { s.Notebooks[0].Cells[0].Text = "x\nz" }, []string{"a: cell 1 (a-0): the text differs\n  - y\n  + z"}},
		{"shorter text", func(s *Summary) { s.Notebooks[0].Cells[0].Text = "x" }, []string{"a: cell 1 (a-0): the text differs\n  - y\n  + (no more)"}},
		{"status", func(s *Summary) { s.Notebooks[0].Cells[1].Status = cellError; s.Notebooks[0].Status = failed }, []string{"a: cell 3 (a-1): ok and error"}},
		{"status of the whole", func(s *Summary) { s.Notebooks[1].Status = failed }, []string{"b: passed and failed"}},
		{"no cell", func(s *Summary) { s.Notebooks[0].Cells = s.Notebooks[0].Cells[:1] }, []string{"a: cell 3 (a-1): only in the first run"}},
		{"another cell", func(s *Summary) { s.Notebooks[1].Cells = []CellSummary{{ID: "b-0", Number: 2}} }, []string{"b: cell 2 (b-0): only in the second run"}},
		{"another notebook", func(s *Summary) { s.Notebooks[1].Name = "c" }, []string{"b: only in the first run", "c: only in the second run"}},
		{"preset", func(s *Summary) { s.Preset = "smoke" }, []string{"the presets differ: quick and smoke"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := two()
			tc.spoil(b)
			got, _ := compare(two(), b)
			if strings.Join(got, "|") != strings.Join(tc.want, "|") {
				t.Errorf("%q, expected %q", got, tc.want)
			}
		})
	}
}

// What another runner executed is summarized as what this one did.
func TestSummaryOfAFolder(t *testing.T) {
	dir := t.TempDir()
	cell := func(id string, count int, outputs ...*notebook.Output) *notebook.Cell {
		return &notebook.Cell{Kind: notebook.Code, ID: id, Source: "1", ExecutionCount: count, Outputs: outputs}
	}
	ran := cell("0", 1, &notebook.Output{Type: notebook.Stream, Name: "stdout", Text: "took 3 ms"})
	ran.Metadata = map[string]any{"execution": map[string]any{
		"iopub.execute_input": "2026-01-31T10:00:00.500000Z", "shell.execute_reply": "2026-01-31T10:00:02Z",
	}}
	raises := cell("1", 2, &notebook.Output{Type: notebook.Failure, ErrorValue: "exit status 1"})
	raises.Metadata = map[string]any{"tags": []any{notebook.TagRaises}}
	good := &notebook.Notebook{Cells: []*notebook.Cell{ran, raises}}
	for name, nb := range map[string]*notebook.Notebook{
		"good": good,
		"stop": {Cells: []*notebook.Cell{cell("0", 1, &notebook.Output{Type: notebook.Failure}), cell("1", 0)}},
	} {
		if err := nb.Write(filepath.Join(dir, name+".ipynb")); err != nil {
			t.Fatal(err)
		}
	}
	if code, stdout, stderr := command(t, t.Context(), "summary", dir); code != 0 || stdout != "notebooks: 2 summarized\n" {
		t.Fatalf("exit %d, %q, %q", code, stdout, stderr)
	}
	path := filepath.Join(dir, "summary.json")
	s, err := readSummary(path)
	if err != nil {
		t.Fatal(err)
	}
	if nb := s.Notebooks[0]; nb.Name != "good" || nb.Status != passed || nb.Seconds != 1.5 || nb.Cells[0].Text != "[stdout]\ntook ‹time›\n" {
		t.Errorf("%+v", nb)
	}
	if nb := s.Notebooks[1]; nb.Status != failed || nb.Cells[0].Status != cellError || nb.Cells[1].Status != cellNotRun {
		t.Errorf("%+v", nb)
	}
	if code, stdout, _ := command(t, t.Context(), "compare", path, path); code != 0 || stdout != "compare: 2 notebooks, 4 cells, 0 differences\n" {
		t.Errorf("compare: exit %d, %q", code, stdout)
	}
}
