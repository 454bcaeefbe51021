// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce_test

import (
	"fmt"

	"pinn.example/repro/reproduce"
)

// Table 2, beta = 40, adaptive rank: rel L2 .0722.
func ExampleJudge() {
	published, trivial := .0722, .5774
	verdict, why, err := reproduce.Judge(reproduce.Evidence{
		Role: reproduce.RoleMethod, Published: &published, Trivial: &trivial,
		Values: []float64{.0700, .0722, .0740},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %s\n", verdict, why)
	// Output: reproduced: published 0.0722, ours 0.07207 ± 0.002003 (3 seeds), margin 0.007207
}
