// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// BenchmarkPoints is Phase 1 and the PINN on fixed collocation points, on as many
// drawn anew every 50 steps and every step, and Phase 1 on 4,000.
func BenchmarkPoints(b *testing.B) {
	for _, c := range []struct {
		name   string
		sample pde.Sample
	}{
		{"fixed", pde.Sample{Set: "published"}},
		{"redraw=50", pde.Sample{Set: "drawn", Redraw: 50}},
		{"redraw=1", pde.Sample{Set: "drawn", Redraw: 1}},
		{"points=4000", pde.Sample{Set: "drawn", Collocation: 4000}},
	} {
		s := setup(b, "convection", pde.OnePlusSin)
		s, err := pinn.NewSetup(s.Problem, c.sample)
		if err != nil {
			b.Fatal(err)
		}
		for name, task := range map[string]train.Task{
			"Phase1": lrpinn.Phase1{Setup: s, Mus: trainingMus()}.Task(),
			"PINN":   baselines.PINN{Setup: s, Mu: []float64{30, 0, 0}}.Task(),
		} {
			b.Run(fmt.Sprintf("%s/%s", name, c.name), func(b *testing.B) { steps(b, open(b), task) })
		}
	}
}
