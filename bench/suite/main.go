// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command suite runs the benchmarks of package bench, each in a process of its own, so
// that its memory is its own and no other's compilation is in it. `make bench` builds
// what it needs and starts it:
//
//	make bench                                     # every step once, some minutes
//	make bench ARGS='--run ^Phase --count 6'       # some of them, more often
//	make bench ARGS=--quick                        # and `reproduce run --preset quick`
//	make bench ARGS=scale                          # time against size
//
// It leaves Go's benchmark text, which benchstat compares, and the same as JSON with the
// machine that it was measured on. With --count the benchmarks take turns, so that
// what else the machine does meets all of them alike. scale leaves JSON and a figure.
//
//	make bench ARGS='--count 6 -o out/old.json'    # before
//	make bench ARGS='--count 6 -o out/new.json'    # after
//	benchstat out/old.txt out/new.txt              # golang.org/x/perf/cmd/benchstat
package main

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pinn.example/repro/internal/program"
)

type commandLine struct {
	Run   runCommand   `cmd:"" default:"withargs" help:"Run the benchmarks (the default)."`
	Scale scaleCommand `cmd:"" help:"Time a step against queries, collocation points, width and rank."`
}

// binary is the compiled benchmarks.
type binary string

// check returns an error of the user where it is not there.
func (b binary) check() error {
	if _, err := os.Stat(string(b)); errors.Is(err, fs.ErrNotExist) {
		return program.BadInputf("no benchmarks at %s; make bench builds them (go test -c -o %s ./bench)", b, b)
	} else if err != nil {
		return program.BadInput(err)
	}
	return nil
}

var times = regexp.MustCompile(`^[0-9]+x$`)

// checkBenchtime returns an error of the user where Go would not take it.
func checkBenchtime(s string) error {
	if times.MatchString(s) {
		if n, err := strconv.Atoi(strings.TrimSuffix(s, "x")); err == nil && n > 0 {
			return nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return nil
	}
	return program.BadInputf("--benchtime is %q; give a time such as 2s, or a number of steps such as 100x", s)
}

var bench = program.Program{Name: "bench", Description: "Time, memory and speed of the training steps."}

func main() { bench.Main(&commandLine{}) }
