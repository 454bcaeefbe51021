// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/baselines"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// cells are programs as a notebook's cells are: TestMain runs one of them in place of
// the tests where LAB_CELL names it, so that what ends a cell ends a process.
var cells = map[string]func(){
	"parameter": func() { Markdown("%d %g", Param("steps", 3), Param("rate", .5)) },
	"preset":    func() { Markdown("%s %d", Preset().Name, Steps(2000)) },
	"train":     func() { Train(smallRun(400)) },
	"long":      func() { Train(smallRun(2_000_000)) },
	"exercise":  func() { Exercise("1.1", errors.New("look at the sign")); Markdown("after") },
	"shipped": func() {
		for _, run := range shipped() {
			if record := Must(session().Store.Get(run.Name())); record == nil || record.Weights == nil {
				Markdown("%s has no weights in results/laptop", run.Label)
			}
		}
		// Another run of the same results is the lesson's to train.
		if record := Must(session().Store.Get(Run(Full(), "fig2", "PINN at beta=40").Name())); record != nil {
			Markdown("a PINN is taken from results/laptop")
		}
	},
	"unknown": func() { Run(Preset(), "fig2", "no such words") },
	"slider": func() {
		Slider{Label: "β", From: 1, To: 0, Step: 1, Start: 1}.Show()
	},
}

func TestMain(m *testing.M) {
	if cell, ok := cells[os.Getenv("LAB_CELL")]; ok {
		cell()
		return
	}
	os.Exit(m.Run())
}

func smallRun(steps int) *reproduce.Run {
	setup := Must(pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn", Collocation: 4}))
	return reproduce.PINNRun(baselines.PINN{Setup: setup, Mu: []float64{.1}, Width: 2, Hidden: 1}, train.Settings{Steps: steps})
}

// start starts a cell in a process of its own, on the pure-Go backend.
func start(t *testing.T, cell, dir string, env ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LAB_CELL="+cell, "NB_STORE="+dir, "NB_BACKEND=go", "NB_PRESET=")
	cmd.Env = append(cmd.Env, env...)
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stdout, stderr
}

func runCell(t *testing.T, cell, dir string, env ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd, out, err := start(t, cell, dir, env...)
	_ = cmd.Wait()
	return out.String(), err.String(), cmd.ProcessState.ExitCode()
}

// Lessons start from published weights, and train all else.
func TestShippedRuns(t *testing.T) {
	if stdout, stderr, status := runCell(t, "shipped", t.TempDir()); stdout != "" || status != 0 {
		t.Errorf("the cell says %q, %q, and ends with %d; want nothing and 0", stdout, stderr, status)
	}
}

// Where the published results have been left out, cells train all the same.
func TestWithoutPublishedResults(t *testing.T) {
	if _, stderr, status := runCell(t, "train", t.TempDir(), "PINN_ROOT="+t.TempDir()); status != 0 {
		t.Errorf("the cell ends with %d: %s", status, stderr)
	}
}

func TestParametersComeFromTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		cell, env, out, err string
		status              int
	}{
		{"parameter", "", "3 0.5\n", "", 0},
		{"parameter", "NB_STEPS=7", "7 0.5\n", "", 0},
		{"parameter", "NB_STEPS=seven", "", "NB_STEPS is \"seven\"; give a whole number, or unset it for 3\n", 1},
		{"parameter", "NB_RATE=", "3 0.5\n", "", 0},
		{"preset", "", "quick 2000\n", "", 0},
		{"preset", "NB_PRESET=smoke", "smoke 20\n", "", 0},
		{"preset", "NB_PRESET=paper", "", "NB_PRESET is \"paper\"; give quick or smoke\n", 1},
		{"exercise", "", "Exercise 1.1: not yet. Hint: look at the sign\nafter\n", "", 0},
		{"exercise", "NB_STRICT=1", "", "Exercise 1.1: not yet. Hint: look at the sign\n", 1},
	} {
		out, err, status := runCell(t, c.cell, t.TempDir(), c.env)
		if out != c.out || err != c.err || status != c.status {
			t.Errorf("%s with %q prints %q and %q, status %d; expected %q and %q, %d", c.cell, c.env, out, err, status, c.out, c.err, c.status)
		}
	}
}

func TestBadInputIsOneLine(t *testing.T) {
	for cell, want := range map[string]string{
		"unknown": "has no run with [\"no such words\"] in its label; it has:\n",
		"slider":  "lab.Slider: from 1 to 0 by 1, starting at 1: give an increasing range, a positive step and a start within\n",
	} {
		_, err, status := runCell(t, cell, t.TempDir())
		if status != 1 || !strings.Contains(err, want) {
			t.Errorf("cell %s: status %d, %q; expected 1 and %q", cell, status, err, want)
		}
	}
}

// A run that is found prints the same as one that was trained.
func TestTrainedAndFoundPrintTheSame(t *testing.T) {
	dir := t.TempDir()
	first, err, status := runCell(t, "train", dir)
	if status != 0 || !strings.Contains(first, "9 parameters, 400 steps; loss ") {
		t.Fatalf("status %d: %q %q", status, first, err)
	}
	second, _, _ := runCell(t, "train", dir)
	if second != first {
		t.Errorf("%q, and when found %q", first, second)
	}
}

// An interrupt ends the cell with a checkpoint, from which the next run goes on.
func TestInterruptLeavesACheckpoint(t *testing.T) {
	dir := t.TempDir()
	at := func() string {
		cmd, out, errs := start(t, "long", dir)
		time.Sleep(3 * time.Second) // the graph is compiled within the first
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second): // when the kernel kills it
			_ = cmd.Process.Kill()
			t.Fatal("the cell still runs 5 s after the interrupt")
		}
		if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "a checkpoint is written: run the cell again") {
			t.Fatalf("status %d, %q %q", cmd.ProcessState.ExitCode(), out, errs)
		}
		return errs.String()
	}
	step := func(message string) (n int) {
		_, rest, ok := strings.Cut(message, "at step ")
		for _, digit := range rest {
			if !ok || digit < '0' || digit > '9' {
				break
			}
			n = 10*n + int(digit-'0')
		}
		return n
	}
	first, second := step(at()), step(at())
	if first < 1 || second <= first {
		t.Errorf("interrupted at step %d and then at %d; expected the second run to go on from the first", first, second)
	}
}

func TestSliderPositions(t *testing.T) {
	s := Slider{From: 30, To: 40, Step: .5}
	for _, v := range []float64{30, 30.5, 37, 40} {
		if got := s.value(s.position(v)); math.Abs(got-v) > 1e-12 {
			t.Errorf("%g is at position %d, which is %g", v, s.position(v), got)
		}
	}
}

// printed is what f prints outside of a notebook.
func printed(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = stdout }()
	f()
	w.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCompareShowsPaperOursAndVerdict(t *testing.T) {
	r := &report.Report{Preset: "quick", Tables: []report.Table{{Cells: []report.Cell{
		{ID: "p/table2/beta=30/a/rel_err", Row: "beta=30", Column: "A|B", Metric: "rel_err", Published: report.Number(.0379), Ours: report.Number(.50243), Std: report.Number(.01), Trivial: report.Number(.5925), Verdict: "differs", Flags: []string{"spurious", "one seed"}},
		{ID: "p/table2/beta=35/a/rel_err", Row: "beta=35"},
	}}}}
	got := printed(t, func() { Compare(Cells(r, "table2", "beta=30")) })
	want := "| row | column | metric | paper | ours | best constant | verdict |\n| --- | --- | --- | --- | --- | --- | --- |\n" +
		"| beta=30 | A\\|B | rel_err | 0.0379 | 0.5024 ± 0.01 | 0.5925 | differs (spurious, one seed) |\n"
	if got != want {
		t.Errorf("%s\nexpected\n%s", got, want)
	}
}
