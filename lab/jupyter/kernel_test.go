// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jupyter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pinn.example/repro/lab/notebook"
)

// gonb is the project's kernelspec; without the kernel the test is skipped.
func gonb(t *testing.T) *Spec {
	t.Helper()
	if _, err := os.Stat("../../.tools/bin/gonb"); err != nil {
		t.Skip("the notebooks' kernel is not installed: run make kernel")
	}
	spec, err := FindSpec("gonb", "../../tools/lab/share/jupyter")
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// book makes a notebook of code cells; one that begins with "#tag " carries that tag.
func book(sources ...string) *notebook.Notebook {
	nb := &notebook.Notebook{}
	for i, source := range append([]string{"%noautoget"}, sources...) {
		c := &notebook.Cell{Kind: notebook.Code, ID: fmt.Sprintf("00-%02d", i), Source: source}
		if rest, tagged := strings.CutPrefix(source, "#"); tagged {
			tag, code, _ := strings.Cut(rest, " ")
			c.Metadata, c.Source = map[string]any{"tags": []any{tag}}, code
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb
}

// tested runs a notebook for at most five minutes: with an empty build cache, beside
// other packages' tests, the first cells take one.
func tested(t *testing.T, nb *notebook.Notebook) []Failure {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	failures, err := Run(ctx, nb, gonb(t), Settings{Dir: t.TempDir(), Env: []string{"NB_TEST=β"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := notebook.Parse(nb.Encode()); err != nil {
		t.Errorf("the executed notebook: %v", err)
	}
	return failures
}

func TestRunPasses(t *testing.T) {
	t.Parallel()
	nb := book(
		"import (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc twice(x int) int { return 2 * x }",
		"%%\nfor i := range 3 {\n\tfmt.Println(\"line\", i)\n}\nfmt.Fprintln(os.Stderr, \"aside\")",
		"%%\ndir, _ := os.Getwd()\nfmt.Print(twice(21), os.Getenv(\"NB_TEST\"), dir)",
		"import \"github.com/janpfeifer/gonb/gonbui\"\n\n%%\ngonbui.UpdateHTML(\"one\", \"<b>before</b>\")\ngonbui.DisplayPNG([]byte(\"no picture\"))\ngonbui.Sync()",
		"%%\ngonbui.UpdateHTML(\"one\", \"<b>after</b>\")\ngonbui.Sync()",
		"#raises %%\npanic(\"on purpose\")",
		"",
	)
	nb.Cells[4].Metadata = map[string]any{"tags": []any{"figure"}}
	if failures := tested(t, nb); len(failures) > 0 {
		t.Fatalf("failures %v", failures)
	}
	if c := nb.Cells[2]; wrote(c, "stdout") != "line 0\nline 1\nline 2\n" || wrote(c, "stderr") != "aside\n" {
		t.Errorf("streams %s", nb.Encode())
	}
	dir := strings.TrimPrefix(nb.Cells[3].Outputs[0].Text, "42 β ")
	if _, base := filepath.Split(dir); base != "001" { // the name of the test's first temporary folder
		t.Errorf("the cell printed %q, expected 42, β and its notebook's folder", nb.Cells[3].Outputs[0].Text)
	}
	// A later cell's update goes into the cell that showed the display.
	if got := nb.Cells[4].Outputs[0].Data["text/html"]; got != "<b>after</b>" || len(nb.Cells[5].Outputs) != 0 {
		t.Errorf("the display holds %q and the cell that updates it shows %v", got, nb.Cells[5].Outputs)
	}
	for i, c := range nb.Cells[:7] {
		if c.ExecutionCount != i+1 {
			t.Errorf("cell %d has execution count %d", i+1, c.ExecutionCount)
		}
	}
}

// wrote is all that a cell wrote to a stream: where the two meet is left to chance.
func wrote(c *notebook.Cell, name string) (text string) {
	for _, o := range c.Outputs {
		if o.Type == notebook.Stream && o.Name == name {
			text += o.Text
		}
	}
	return text
}

func TestRunReportsFailures(t *testing.T) {
	for _, tc := range []struct {
		name    string
		sources []string
		want    string // the failure on one line
		source  string // the line at fault
		stderr  string
	}{
		{
			"compile error",
			[]string{"import \"fmt\"", "%%\nx := 1\nfmt.Println(x + y)"},
			"cell 3 (00-02), line 3: undefined: y", "fmt.Println(x + y)", "",
		},
		{
			"compile error in an earlier cell's function",
			[]string{"func g() int { return 1 }", "func f() int {\n\treturn g()\n}", "func g() string { return \"\" }"},
			"cell 4 (00-03), line 2 of cell 3: cannot use g() (value of type string) as int value in return statement", "return g()", "",
		},
		{
			"syntax error",
			[]string{"%%\nx := (1\n"},
			"cell 2 (00-01), line 2: ", "x := (1", "",
		},
		{
			"panic",
			[]string{"func inner(n int) int {\n\treturn 1 / n\n}", "%%\n\n_ = inner(0)"},
			"cell 3 (00-02), line 2 of cell 2: panic: runtime error: integer divide by zero (exit status 2)", "return 1 / n", "goroutine 1 [running]",
		},
		{
			"failing check",
			[]string{"import (\n\t\"fmt\"\n\t\"os\"\n)", "%%\nfmt.Fprintln(os.Stderr, \"expected 2.3e-2, got 0.58\")\nos.Exit(1)"},
			"cell 3 (00-02): expected 2.3e-2, got 0.58 (exit status 1)", "%%", "expected 2.3e-2, got 0.58\nexit status 1",
		},
		{
			"missing figure",
			[]string{"import \"fmt\"", "#figure %%\nfmt.Println()", "%%"},
			"cell 3 (00-02): is tagged figure, and shows no image", "%%", "",
		},
		{
			"no failure where one is meant",
			[]string{"import \"fmt\"", "#raises %%\nfmt.Println()", "%%"},
			"cell 3 (00-02): is tagged raises, and did not fail", "%%", "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			nb := book(append(tc.sources, "%%\nprintln(\"next\")")...)
			failures := tested(t, nb)
			if len(failures) != 1 {
				t.Fatalf("%d failures %q, expected one", len(failures), failures)
			}
			f := failures[0]
			if got := f.String(); !strings.HasPrefix(got, tc.want) {
				t.Errorf("failure %q, expected %q", got, tc.want)
			}
			if f.Source != tc.source {
				t.Errorf("source line %q, expected %q", f.Source, tc.source)
			}
			if !strings.Contains(f.Stderr, tc.stderr) {
				t.Errorf("stderr %q, expected it to contain %q", f.Stderr, tc.stderr)
			}
			// After an error nothing more runs; after a broken rule the rest does.
			if ran := nb.Cells[len(nb.Cells)-1].ExecutionCount > 0; ran != strings.Contains(tc.want, "is tagged") {
				t.Errorf("the next cell has execution count %d", nb.Cells[len(nb.Cells)-1].ExecutionCount)
			}
		})
	}
}

// A cell that starts another process, which would outlive it by far, and says its number.
const starter = "import (\n\t\"fmt\"\n\t\"os\"\n\t\"os/exec\"\n\t\"syscall\"\n\t\"time\"\n)\n\n%%\n" +
	"child := exec.Command(\"sleep\", \"1000\")\nchild.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}\nif err := child.Start(); err != nil {\n\tpanic(err)\n}\n" +
	"fmt.Println(os.Getpid(), child.Process.Pid, os.Getppid())\n"

// left are the processes named in a cell's output that still run.
func left(t *testing.T, c *notebook.Cell) (pids []int) {
	t.Helper()
	if len(c.Outputs) == 0 {
		t.Fatal("the cell showed nothing: it did not start")
	}
	for _, field := range strings.Fields(c.Outputs[0].Text) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatalf("output %q: %v", c.Outputs[0].Text, err)
		}
		for range 50 { // what was killed may take a moment to be gone
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if err != nil && syscall.Kill(pid, 0) != nil || strings.Contains(string(stat), ") Z ") {
				pid = 0
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if pid != 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestRunTimesOut(t *testing.T) {
	t.Parallel()
	spec := gonb(t)
	nb, dir := book(starter+"os.WriteFile(\"started\", nil, 0o644)\ntime.Sleep(time.Hour)"), t.TempDir()
	// The time is up as soon as the cell is under way, however slow the machine is.
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		for range 600 {
			if _, err := os.Stat(filepath.Join(dir, "started")); err == nil {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		cancel(context.DeadlineExceeded)
	}()
	failures, err := Run(ctx, nb, spec, Settings{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(failures) != 1 || failures[0].String() != "cell 2 (00-01): timed out" {
		t.Errorf("failures %q, expected the second cell to time out", failures)
	}
	if pids := left(t, nb.Cells[1]); len(pids) > 0 {
		t.Errorf("the processes %d are left", pids)
	}
}

// What the cell and its kernel have started is killed, though the kernel can't do it.
func TestRunOfAKernelThatDies(t *testing.T) {
	t.Parallel()
	nb := book(starter + "time.Sleep(300 * time.Millisecond) // until what it says has been passed on\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)")
	failures := tested(t, nb)
	if len(failures) != 1 || failures[0].String() != "cell 2 (00-01): the kernel died (signal: killed)" {
		t.Errorf("failures %q, expected the kernel to die in the second cell", failures)
	}
	if pids := left(t, nb.Cells[1]); len(pids) > 0 {
		t.Errorf("the processes %d are left", pids)
	}
}

func TestRunCancelled(t *testing.T) {
	t.Parallel()
	spec := gonb(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if failures, err := Run(ctx, book("%%"), spec, Settings{Dir: t.TempDir()}); !errors.Is(err, context.Canceled) || len(failures) > 0 {
		t.Errorf("failures %v, error %v, expected context.Canceled", failures, err)
	}
}

func TestStartSaysWhyAKernelEnds(t *testing.T) {
	spec := &Spec{Name: "broken", Argv: []string{"sh", "-c", "echo no such thing >&2; exit 3"}}
	failures, err := Run(t.Context(), book("%%"), spec, Settings{Dir: t.TempDir()})
	if err != nil || len(failures) != 1 || failures[0].String() != "start the kernel broken: the kernel died (exit status 3): no such thing" {
		t.Errorf("failures %q, error %v", failures, err)
	}
	spec.Argv = []string{"no-such-program"}
	failures, err = Run(t.Context(), book("%%"), spec, Settings{Dir: t.TempDir()})
	if err != nil || len(failures) != 1 || !strings.Contains(failures[0].Message, "no-such-program") {
		t.Errorf("failures %q, error %v", failures, err)
	}
}
