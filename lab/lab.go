// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package lab is what the course's notebooks import: parameters (Param, Preset,
// Steps), figures and tables (Figure, VegaLite, Table), training with live progress
// through the run store that the command reproduce uses (Train, Field, Evaluate,
// Own), a slider, and the verdict on an exercise (Exercise). It computes nothing
// itself.
//
// A cell of a GoNB notebook is a process of its own: no variable outlives it. What
// is to outlive it is a finished run, which the next cell finds in the run store by
// its configuration. A cell that fails ends with one clear line and exit status 1.
// Outside of a notebook everything is printed as text and pictures are left out, so
// that a cell's code runs as a program too.
//
//	%noautoget …
//	p := lab.Preset()
//	problem := lab.Must(pde.NewCDR("convection", pde.OnePlusSin, nil))
//	setup := lab.Must(pinn.NewSetup(problem, pde.Sample{Set: "published"}))
//	run := reproduce.PINNRun(baselines.PINN{Setup: setup, Mu: []float64{10, 0, 0}}, train.Settings{Steps: lab.Steps(2000)})
//	lab.Train(run)
//	lab.Figure(figure.Lines{…})
package lab
