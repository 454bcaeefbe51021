// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab_test

import "pinn.example/repro/lab"

// A table shows numbers with three significant digits.
func ExampleTable() {
	lab.Table([]string{"method", "rel L2"}, [][]any{{"PINN", .0123456}, {"best constant", 1. / 3}})
	// Output:
	// | method | rel L2 |
	// | --- | --- |
	// | PINN | 0.0123 |
	// | best constant | 0.333 |
}

func ExampleExercise() {
	lab.Exercise("2.1", nil)
	// Output: **Exercise 2.1: PASS**
}
