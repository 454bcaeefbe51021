// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// TestCountsOnBurgers: the sizes of the paper's Table 1 (section 3.1), which a
// dense network with biases has by Σ (in + 1)·out.
func TestCountsOnBurgers(t *testing.T) {
	s, nus := burgers(t), [][]float64{{.01}}
	p := hyperpinn.PINN{Setup: s, Mus: nus}
	if got := p.MainWeights(); got != 393 { // 2-8×6-1: 24 + 5·72 + 9
		t.Errorf("the main network has %d weights, Table 1 says 393", got)
	}
	for name, c := range map[string]struct {
		task train.Task
		want int
	}{
		"hypernetwork": {p.Task(), 9_385}, // 1-32-32-32-16-393: 64 + 2·1,056 + 528 + 17·393
		"small PINN":   {baselines.PINNP{Setup: s, Mus: nus, Width: 8, Hidden: 6}.Task(), 401},
		"large PINN":   {baselines.PINNP{Setup: s, Mus: nus, Width: 32, Hidden: 10}.Task(), 9_665},
	} {
		if got := c.task.Count(); got != c.want {
			t.Errorf("the %s has %d weights, Table 1 says %d", name, got, c.want)
		}
	}
}

// TestCountsOnLorenz: section 3.2 says 115 and 1,406. The latter is not the sum of
// its widths (P3), 3-16-8-115: 64 + 136 + 9·115 = 1,235; 9·134 would make 1,406, and
// a main network 3-h-3 has 7h + 3 weights, which is 134 at no h.
func TestCountsOnLorenz(t *testing.T) {
	m := hyperpinn.Multistep{Trajectories: pinn.Trajectories{Mus: [][]float64{{10, 28, 8. / 3}}, States: train.NewArray(1, 4, 3), Length: 2, Batch: 1}}
	if got := m.MainWeights(); got != 115 { // 3-16-3: 64 + 51
		t.Errorf("the main network has %d weights, the paper 115", got)
	}
	if got := m.Task().Count(); got != 1_235 {
		t.Errorf("the hypernetwork has %d weights, its widths make 1,235 (the paper prints 1,406)", got)
	}
	if (1_406-64-136)%9 != 0 || (134-3)%7 == 0 {
		t.Error("1,406 is explained after all: say so where Hyper is")
	}
}
