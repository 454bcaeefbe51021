// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"strings"
)

// Exercise shows how an exercise was judged: PASS where hint is nil, else the hint,
// which is a check's error. Only where NB_STRICT is set, as it is when solutions are
// tested, does a hint end the cell.
//
//	lab.Exercise("2.1", checks.ConvectionResidual(residual))
func Exercise(id string, hint error) {
	if hint == nil {
		Markdown("**Exercise %s: PASS**", id)
		return
	}
	message := fmt.Sprintf("Exercise %s: not yet. Hint: %s", id, strings.TrimSpace(hint.Error()))
	if Param("strict", false) {
		fail(message)
	}
	Markdown("%s", message)
}
