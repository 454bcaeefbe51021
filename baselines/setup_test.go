// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"testing"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

// cdr is the equation with all three terms on a few collocation points.
func cdr(tb testing.TB) pinn.Setup {
	tb.Helper()
	p, err := pde.NewCDR("cdr", pde.GaussWide, &pde.CDRSettings{Boundary: pde.BoundaryValueAndSlope})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published", Collocation: 20})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
