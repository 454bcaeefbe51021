// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// standIn is a program in place of the compiled benchmarks: it lists four, of which one
// fails in Go's way, and the time of Scale is a third of the size in milliseconds, up to
// 1,000.
const standIn = `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    -test.list) printf 'BenchmarkFast\nBenchmarkBroken\nBenchmarkMatmul\nBenchmarkScale\nok\n'; exit 0;;
    -test.bench) name=$2;;
    -point) point=$2;;
  esac
  shift
done
echo "goos: linux"
case $name in
  '^BenchmarkFast$') echo "run" >> "$(dirname "$0")/runs"
    echo "BenchmarkFast-2 100 $(wc -l < "$(dirname "$0")/runs")000000 ns/op 2.5 %peak 12 GFLOP/s 1.5 compile-s $(wc -l < "$(dirname "$0")/runs") ms/step 300 peak-MB";;
  '^BenchmarkMatmul$') echo "BenchmarkMatmul-2 1 20000000 ns/op 105 GFLOP/s";;
  '^BenchmarkBroken$') printf -- '--- FAIL: BenchmarkBroken\n    run_test.go:52: no run says so\nFAIL\n'; exit 1;;
  '^BenchmarkScale$') size=${point##*=}
    [ "$size" -ge 1000 ] && { echo "fatal error: out of memory" >&2; exit 2; }
    echo "BenchmarkScale/$point-2 1 1 ns/op $((size / 3)).0 ms/step $size peak-MB 1.5 compile-s";;
esac
echo PASS
`

// place puts the stand-in into a folder of its own.
func place(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bench.test")
	if err := os.WriteFile(file, []byte(standIn), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

// invoke runs the program on the pure-Go backend, and returns what it wrote.
func invoke(t *testing.T, args ...string) (code int, out, complaint string) {
	t.Helper()
	t.Setenv("GOMLX_BACKEND", "go")
	files := [2]*os.File{os.Stdout, os.Stderr}
	defer func() { os.Stdout, os.Stderr = files[0], files[1] }()
	var texts [2]string
	var pipes [2]*os.File
	done := make(chan struct{}, 2)
	for i := range pipes {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		pipes[i] = w
		go func() {
			text, _ := io.ReadAll(r)
			texts[i] = string(text)
			done <- struct{}{}
		}()
	}
	os.Stdout, os.Stderr = pipes[0], pipes[1]
	code = bench.Run(context.Background(), &commandLine{}, args)
	for _, w := range pipes {
		w.Close()
		<-done
	}
	return code, texts[0], texts[1]
}

// Each benchmark is a process, as often as --count says; a broken one is told of and
// the others are kept; the machine's speed is measured in any case.
func TestRun(t *testing.T) {
	file := place(t)
	out := filepath.Join(t.TempDir(), "made", "b.json")
	code, table, complaint := invoke(t, "--binary", file, "--count", "3", "-o", out)
	if code != 1 || !strings.HasSuffix(complaint, "bench: 1 of 3 benchmarks failed\n") {
		t.Fatalf("exit code %d, %q; want 1 and which failed", code, complaint)
	}
	for _, want := range []string{"Broken                  failed: exit status 1: no run says so", "  1–3", "105 GFLOP/s"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Benchmarks) != 2 || r.MatmulGFLOPs != 105 || r.Machine.Backend.Name != "go" || r.Machine.Date.IsZero() {
		t.Errorf("the file holds %s", text)
	}
	if ms := r.Benchmarks[0].Metrics["ms/step"]; ms == nil || ms.Median != 2 || len(ms.Values) != 3 {
		t.Errorf("the times are %+v, want 1, 2, 3 with their median", ms)
	}
	if mb, ok := r.Benchmarks[0].median("peak-MB"); !ok || mb != 300 {
		t.Errorf("%g peak-MB, want 300 as it was told", mb)
	}
	if ns, _ := r.Benchmarks[0].median("ns/op"); ns != 2e6 {
		t.Errorf("%g ns/op, want 2e6", ns)
	}
	lines, err := os.ReadFile(strings.TrimSuffix(out, ".json") + ".txt")
	if err != nil || strings.Count(string(lines), "BenchmarkFast-2 ") != 3 || !strings.HasPrefix(string(lines), "goos: ") || !strings.Contains(string(lines), "backend: go\n") {
		t.Errorf("Go's text is %q, %v", lines, err)
	}
}

// The program as a whole is one more entry, and gets its store and its folder.
func TestWhole(t *testing.T) {
	file := place(t)
	dir := t.TempDir()
	whole := filepath.Join(dir, "reproduce")
	script := "#!/bin/sh\necho \"$@\" > " + dir + "/args\n"
	if err := os.WriteFile(whole, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "b.json")
	code, table, complaint := invoke(t, "--binary", file, "--run", "none", "--quick", "--preset", "smoke", "--reproduce", whole, "-o", out)
	if code != 0 || !strings.Contains(table, "Reproduce/preset=smoke") || !strings.Contains(table, "s of wall time") {
		t.Errorf("exit code %d, %s%s", code, table, complaint)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil || !strings.HasPrefix(string(args), "run --plain --preset smoke --store /") {
		t.Errorf("it was started with %q, %v", args, err)
	}
}

// What the user got wrong is one line and exit code 2.
func TestBadInput(t *testing.T) {
	file := place(t)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"known are Fast, Broken", []string{"--binary", file, "--run", "Slow"}},
		{"missing closing", []string{"--binary", file, "--run", "("}},
		{"give at least 1", []string{"--binary", file, "--count", "0"}},
		{"such as 2s", []string{"--binary", file, "--benchtime", "soon"}},
		{"such as 2s", []string{"--binary", file, "--benchtime", "0x"}},
		{"known are smoke, quick, laptop, paper", []string{"--binary", file, "--preset", "huge"}},
		{"ends in .json", []string{"--binary", file, "-o", "b.txt"}},
		{"make bench builds them", []string{"--binary", file + "s"}},
		{"unexpected argument heat", []string{"heat"}},
		{"known are queries, points, width, rank", []string{"scale", "heat"}},
		{"give a time", []string{"scale", "--limit=-1s"}},
		{"such as 2s", []string{"scale", "--benchtime=-1s"}},
		{"make bench builds them", []string{"scale", "--binary", file + "s"}},
		{"not a directory", []string{"--binary", file, "-o", filepath.Join(file, "b.json")}},
	} {
		code, out, complaint := invoke(t, c.args...)
		if code != 2 || out != "" || strings.Count(complaint, "\n") != 1 || !strings.Contains(complaint, c.says) {
			t.Errorf("%v: exit code %d, %q, %q; want 2 and a line that says %q", c.args, code, out, complaint, c.says)
		}
	}
}

// A curve goes as far as its points can be measured.
func TestScale(t *testing.T) {
	file, out := place(t), filepath.Join(t.TempDir(), "s.json")
	code, tables, complaint := invoke(t, "scale", "--binary", file, "-o", out, "points", "rank")
	if code != 0 || !strings.Contains(tables, "fitted") {
		t.Fatalf("exit code %d, %s%s", code, tables, complaint)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var s scaling
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Curves) != 4 || s.Curves[0].Net != "Phase1" || s.Curves[3].Axis != "rank" {
		t.Fatalf("the file holds %s", text)
	}
	points := s.Curves[0].Points
	for i, says := range []string{"", "", "", "exit status 2: fatal error: out of memory", "as 1000 was not"} {
		if !strings.Contains(points[i].Failed, says) || (says == "") != (points[i].Failed == "") {
			t.Errorf("point %d: %q, want %q", points[i].Size, points[i].Failed, says)
		}
	}
	if p := points[2]; p.Millis != 166 || p.PeakMB != 500 || p.CompileS != 1.5 || p.Slope == nil {
		t.Errorf("the point at 500 is %+v", p)
	}
	for _, suffix := range []string{".svg", ".png"} {
		if _, err := os.Stat(strings.TrimSuffix(out, ".json") + suffix); err != nil {
			t.Error(err)
		}
	}
}
