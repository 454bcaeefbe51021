// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package checks judges the answers to the course's exercises, one file a lesson. A
// check takes what the student wrote and returns nil where it is right, or else an
// error that is a hint: what looks wrong, and not the answer. It compares with something
// independent (a closed form, finite differences, a known count), never with a copy of
// the solution.
//
//	lab.Exercise("2.1", checks.ConvectionResidual(residual))
package checks

import (
	"fmt"
	"math"
)

// guarded runs a check and turns a panic in the student's code into a hint.
func guarded(check func() error) (hint error) {
	defer func() {
		if r := recover(); r != nil {
			hint = fmt.Errorf("your code panics: %v", r)
		}
	}()
	return check()
}

// near is whether a and b agree to within tolerance, relative to the larger of |b| and
// 1. NaN agrees with nothing.
func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(1, math.Abs(b))
}
