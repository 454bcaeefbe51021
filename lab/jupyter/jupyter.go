// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package jupyter runs a notebook without a browser and without Python: it starts the
// kernel that a kernelspec describes, speaks Jupyter's messaging protocol (5.4) with it
// over ZeroMQ, and puts what a cell shows into the notebook, as JupyterLab would.
//
//	nb, err := notebook.Read(path)
//	…
//	spec, err := jupyter.FindSpec("gonb", "tools/lab/share/jupyter")
//	…
//	failures, err := jupyter.Run(ctx, nb, spec, jupyter.Settings{Dir: filepath.Dir(path)})
//	for _, f := range failures {
//		fmt.Println(f) // cell 7 (02-07), line 3: undefined: x
//	}
//
// No process outlives a run: not the kernel, not a cell's, whatever became of either.
package jupyter
