// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/internal/program"
	"pinn.example/repro/lab/notebook"
)

// command runs the command line and returns its exit code and what it wrote.
func command(t *testing.T, ctx context.Context, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var files [2]*os.File
	for i, std := range []**os.File{&os.Stdout, &os.Stderr} {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		old := *std
		defer func() { *std = old }()
		*std, files[i] = f, f
	}
	code = thisProgram.Run(ctx, &commandLine{}, args)
	var texts [2]string
	for i, f := range files {
		f.Seek(0, io.SeekStart)
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(raw)
	}
	return code, texts[0], texts[1]
}

// write writes a notebook with a header, the imports and these code cells. One that
// begins with "#tag " carries that tag.
func write(t *testing.T, path string, sources ...string) string {
	t.Helper()
	nb := &notebook.Notebook{Cells: []*notebook.Cell{
		{Kind: notebook.Markdown, ID: "02-00", Source: "# A\n\nBy the end you can …\n\nPrerequisites: none. <!-- time -->?<!-- /time -->"},
		{Kind: notebook.Code, ID: "02-01", Source: "%noautoget\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"syscall\"\n\t\"time\"\n)"},
	}}
	for i, source := range sources {
		c := &notebook.Cell{Kind: notebook.Code, ID: fmt.Sprintf("02-%02d", i+2), Source: source}
		if rest, tagged := strings.CutPrefix(source, "#"); tagged {
			tag, code, _ := strings.Cut(rest, " ")
			c.Metadata, c.Source = map[string]any{"tags": []any{tag}}, code
		}
		nb.Cells = append(nb.Cells, c)
	}
	nb.Clean()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// emptyProject is a project without a notebook and without a kernel, and the working
// folder.
func emptyProject(t *testing.T) string {
	dir := t.TempDir()
	for _, sub := range []string{"tools/lab/share/jupyter/kernels/gonb", "notebooks/solutions"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "tools/lab/share/jupyter/kernels/gonb/kernel.json"), []byte(`{"argv":["false"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

func withKernel(t *testing.T) {
	if _, err := os.Stat("../../.tools/bin/gonb"); err != nil {
		t.Skip("the notebooks' kernel is not installed: run make kernel")
	}
}

// One notebook passes, and each of the others fails in its own way: each failure is
// told with notebook, cell, line and message.
func TestRunTellsWhatFailed(t *testing.T) {
	withKernel(t)
	dir, out := t.TempDir(), t.TempDir()
	nb := func(name string, sources ...string) string {
		return write(t, filepath.Join(dir, name+".ipynb"), sources...)
	}
	paths := []string{
		nb("passes", "%%\nfmt.Println(os.Getenv(\"NB_PRESET\"), os.Getenv(\"NB_STRICT\"), time.Now().Year() > 2000)", "#raises %%\nos.Exit(3)"),
		nb("compile", "%%\nfmt.Println(undefined)"),
		nb("panics", "%%\nfmt.Println()\npanic(\"boom\")"),
		nb("check", "%%\nfmt.Fprintln(os.Stderr, \"FAIL: expected 2, got 3\")\nos.Exit(1)"),
		nb("figure", "#figure %%\nfmt.Println()"),
		nb("dies", "%%\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)"),
	}
	code, stdout, stderr := command(t, t.Context(), append([]string{"run", "--preset", "smoke", "--timeout", "2m", "--out", out}, paths...)...)
	if code != program.ExitFailed || stderr != "" {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
	for _, want := range []string{
		"ok    passes     3 cells",
		"FAIL  compile    2 cells", "compile: cell 3 (02-02), line 2: undefined: undefined\n        > fmt.Println(undefined)\n",
		"panics: cell 3 (02-02), line 3: panic: boom (exit status 2)\n        > panic(\"boom\")\n        | panic: boom\n",
		"check: cell 3 (02-02): FAIL: expected 2, got 3 (exit status 1)\n",
		"figure: cell 3 (02-02): is tagged figure, and shows no image\n",
		"dies: cell 3 (02-02): the kernel died (signal: killed)",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if !strings.HasSuffix(stdout, "notebooks: 1 passed, 5 failed\n") || t.Failed() {
		t.Errorf("output:\n%s", stdout)
	}

	for _, path := range paths {
		if _, err := notebook.Read(filepath.Join(out, filepath.Base(path))); err != nil {
			t.Errorf("the executed notebook: %v", err)
		}
	}
	s, err := readSummary(filepath.Join(out, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Notebooks[0].Cells[1]; c.Text != "[stdout]\nsmoke 1 true\n" || c.Status != cellOK || c.Number != 3 || !(c.Seconds > 0) {
		t.Errorf("%+v", c)
	}
	if c := s.Notebooks[0].Cells[2]; c.Status != cellError || s.Notebooks[0].Status != passed {
		t.Errorf("the cell that fails on purpose: %+v in a notebook that %s", c, s.Notebooks[0].Status)
	}
}

func TestRunTimesOutAndIsInterrupted(t *testing.T) {
	withKernel(t)
	path := write(t, filepath.Join(t.TempDir(), "slow.ipynb"), "%%\nfmt.Println()\ntime.Sleep(time.Hour)")
	code, stdout, _ := command(t, t.Context(), "run", "--timeout", "2s", "--out", t.TempDir(), path)
	if code != program.ExitFailed || !regexp.MustCompile(`slow: (cell \d \(02-0\d\): )?timed out: the notebook took more than 2s`).MatchString(stdout) {
		t.Errorf("exit %d, output %s", code, stdout)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	code, stdout, stderr := command(t, ctx, "run", "--out", t.TempDir(), path)
	if code != program.ExitInterrupted || stdout != "" || stderr != "notebooks: interrupted\n" {
		t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

func TestBadInput(t *testing.T) {
	dir := emptyProject(t)
	good := write(t, filepath.Join(dir, "notebooks/solutions/02-a.ipynb"))
	other := write(t, filepath.Join(dir, "02-a.ipynb"))
	broken := filepath.Join(dir, "broken.ipynb")
	if err := os.WriteFile(broken, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"run", "03"}, `no notebook "03": give a file, or the name or number of one in `},
		{[]string{"run", "notebooks"}, "is a folder"},
		{[]string{"run", good, other}, "have one name"},
		{[]string{"run", "02"}, "the notebooks' kernel is not installed (no .tools/bin/gonb): run make kernel"},
		{[]string{"run", "--students"}, "no notebooks in "},
		{[]string{"run", "--preset", "paper"}, "--preset must be one of"},
		{[]string{"run", "--timeout", "0s"}, "--timeout is 0s"},
		{[]string{"run", "--jobs=-1"}, "--jobs is -1"},
		{[]string{"run", "--times", "--jobs=2"}, "leave out --jobs"},
		{[]string{"run", "--times", "--preset=smoke"}, "leave out --preset"},
		{[]string{"run", "--times", "--students"}, "leave out --students"},
		{[]string{"compare", "none.json", "none.json"}, "none.json: no such file"},
		{[]string{"compare", broken, broken}, "broken.ipynb is no summary of notebooks"},
		{[]string{"summary", "none"}, "no notebooks in none"},
		{[]string{"summary", "."}, "broken.ipynb: not JSON"},
		{[]string{"walk"}, "unexpected argument walk"},
	} {
		code, stdout, stderr := command(t, t.Context(), tc.args...)
		if code != program.ExitBadInput || stdout != "" || !strings.Contains(stderr, tc.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q: exit %d, stdout %q, stderr %q, expected 2 and one line with %q", tc.args, code, stdout, stderr, tc.want)
		}
	}
	t.Chdir(t.TempDir())
	if code, _, stderr := command(t, t.Context(), "check"); code != program.ExitBadInput || !strings.Contains(stderr, "is not in the project") {
		t.Errorf("elsewhere: exit %d, %q", code, stderr)
	}
}

func TestGenerate(t *testing.T) {
	dir := emptyProject(t)
	solution := write(t, filepath.Join(dir, "notebooks/solutions/02-a.ipynb"), "// BEGIN SOLUTION\n// STUDENT // your turn\nfmt.Println(42)\n// END SOLUTION")
	times, _ := json.Marshal(Times{"02-a": {Seconds: 100, Cores: 2, Preset: "quick", Date: "2026-01-31"}})
	if err := os.WriteFile("notebooks/times.json", times, 0o644); err != nil {
		t.Fatal(err)
	}
	check := func(want int, lines ...string) {
		t.Helper()
		code, stdout, _ := command(t, t.Context(), "generate", "--check")
		if code != want {
			t.Errorf("check: exit %d, expected %d: %s", code, want, stdout)
		}
		for _, line := range lines {
			if !strings.Contains(stdout, line+"\n") {
				t.Errorf("check: %q lacks %q", stdout, line)
			}
		}
	}
	generate := func() {
		t.Helper()
		if code, _, stderr := command(t, t.Context(), "generate"); code != 0 {
			t.Fatalf("generate: exit %d: %s", code, stderr)
		}
	}
	check(program.ExitFailed, "notebooks/solutions/02-a.ipynb is out of date: run notebooks generate", "notebooks/02-a.ipynb is out of date: run notebooks generate", "notebooks: 2 out of date")
	generate()
	check(0, "notebooks: 2 up to date")
	if code, stdout, _ := command(t, t.Context(), "check"); code != 0 || stdout != "notebooks: 2 checked, 0 problems\n" {
		t.Errorf("check: exit %d, %s", code, stdout)
	}
	for path, want := range map[string]string{solution: "BEGIN SOLUTION", "notebooks/02-a.ipynb": "your turn"} {
		nb, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(nb.Cells[0].Source, "<!-- time -->about 2 min<!-- /time -->") || !strings.Contains(nb.Cells[2].Source, want) {
			t.Errorf("%s: %q and %q", path, nb.Cells[0].Source, nb.Cells[2].Source)
		}
	}

	// What a student's notebook gets by hand is overwritten; outputs don't stay in a solution.
	for _, path := range []string{solution, "notebooks/02-a.ipynb"} {
		nb, _ := notebook.Read(path)
		nb.Cells[2].Outputs = []*notebook.Output{{Type: notebook.Stream, Name: "stdout", Text: "42"}}
		if err := nb.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	if code, stdout, _ := command(t, t.Context(), "check"); code != program.ExitFailed || !strings.Contains(stdout, "notebooks/02-a.ipynb: cell 3 (02-02): has outputs") || !strings.HasSuffix(stdout, "notebooks: 2 checked, 2 problems\n") {
		t.Errorf("check: exit %d, %s", code, stdout)
	}
	check(program.ExitFailed)
	generate()
	check(0)

	write(t, "notebooks/01-b.ipynb")
	check(program.ExitFailed, "notebooks/01-b.ipynb has no solution in notebooks/solutions: delete it")

	write(t, "notebooks/solutions/01-b.ipynb", "// END SOLUTION")
	if code, _, stderr := command(t, t.Context(), "generate"); code != program.ExitBadInput || !strings.Contains(stderr, "notebooks/solutions/01-b.ipynb: cell 3 (02-02): line 1: // END SOLUTION without") {
		t.Errorf("marks that don't pair: exit %d, %q", code, stderr)
	}
}

func TestTime(t *testing.T) {
	for seconds, want := range map[float64]string{.5: "about 10 s", 10: "about 10 s", 11: "about 20 s", 50: "about 50 s", 51: "about 1 min", 90: "about 1 min", 91: "about 2 min", 149: "about 2 min", 151: "about 3 min"} {
		if got := (Time{Seconds: seconds}).String(); got != want {
			t.Errorf("%g s: %q, expected %q", seconds, got, want)
		}
	}
}
