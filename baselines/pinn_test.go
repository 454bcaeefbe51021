// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

func convection() pinn.Setup {
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		panic(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published"})
	if err != nil {
		panic(err)
	}
	return s
}

func TestPINNParameterCounts(t *testing.T) {
	for _, c := range []struct {
		hidden, width, want int
	}{
		{0, 0, 10_401}, // Table 3
		{4, 50, 7_851}, // same depth as the LR-PINN: 150 + 3·2550 + 51
		{4, 9, 307},    // the shrunken nets of about 351 parameters
		{4, 10, 371},
	} {
		p := baselines.PINN{Setup: convection(), Mu: []float64{30, 0, 0}, Hidden: c.hidden, Width: c.width}
		if got := p.Task().Count(); got != c.want {
			t.Errorf("%d hidden layers of %d: %d parameters, want %d", c.hidden, c.width, got, c.want)
		}
	}
}

func Example() {
	p := baselines.PINN{Setup: convection(), Mu: []float64{30, 0, 0}}
	fmt.Println(p.Task().Count(), "parameters")
	// Output: 10401 parameters
}
