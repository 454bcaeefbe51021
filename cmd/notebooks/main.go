// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Command notebooks runs the course's notebooks without a browser, makes the students'
// versions of those with solutions, and checks them all.
//
// Exit codes: 0 all is well, 1 a notebook failed, broke a rule or differed, 2 bad
// input, 130 interrupted.
package main

import "pinn.example/repro/internal/program"

//go:generate go run . generate

type commandLine struct {
	Run      runCommand      `cmd:"" help:"Run notebooks and keep the executed ones."`
	Generate generateCommand `cmd:"" help:"Make the students' notebooks of those with solutions, and write the measured times into the headers."`
	Check    checkCommand    `cmd:"" help:"Check the notebooks' format and the course's rules."`
	Summary  summaryCommand  `cmd:"" help:"Write summary.json of the executed notebooks in a folder."`
	Compare  compareCommand  `cmd:"" help:"Say where two runs differ, cell by cell; durations don't count."`
}

var thisProgram = program.Program{
	Name:        "notebooks",
	Description: "The course's notebooks: run, generate, check, compare.",
}

func main() { thisProgram.Main(&commandLine{}) }
