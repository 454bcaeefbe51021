// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"slices"
	"testing"

	"pinn.example/repro/train"
)

func TestThinnedKeepsEndsAndOrder(t *testing.T) {
	for _, n := range []int{1, 99, 100, 101, 2000, 20_001} {
		rows := make([]train.Row, n)
		for i := range rows {
			rows[i].Step = 10 * i // with the probe before the first step
		}
		kept := Thinned(rows)
		if len(kept) > PublishedRows || len(kept) < min(n, PublishedRows)/2 {
			t.Errorf("of %d rows %d were kept, want at most %d and not much less", n, len(kept), PublishedRows)
		}
		if kept[0].Step != 0 || kept[len(kept)-1].Step != rows[n-1].Step {
			t.Errorf("of %d rows the ends %d and %d were kept, want 0 and %d", n, kept[0].Step, kept[len(kept)-1].Step, rows[n-1].Step)
		}
		for i := 1; i < len(kept); i++ {
			if kept[i].Step <= kept[i-1].Step {
				t.Fatalf("step %d follows step %d", kept[i].Step, kept[i-1].Step)
			}
		}
	}
}

// TestThinnedKeepsProbes: rows every 10 steps, probes every 100: nearly all rows
// that are kept have probes, and the first steps are there too.
func TestThinnedKeepsProbes(t *testing.T) {
	rows := []train.Row{{Step: 0, Probes: []float64{1}}, {Step: 1}}
	for step := 10; step <= 20_000; step += 10 {
		r := train.Row{Step: step}
		if step%100 == 0 {
			r.Probes = []float64{1}
		}
		rows = append(rows, r)
	}
	kept := Thinned(rows)
	probes, early := 0, 0
	for _, step := range []int{0, 1, 10, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000} {
		if !slices.ContainsFunc(kept, func(r train.Row) bool { return r.Step == step && (step < 100 || r.Probes != nil) }) {
			t.Errorf("step %d is not kept", step)
		}
	}
	for i, r := range kept {
		if i > 0 && r.Step <= kept[i-1].Step {
			t.Fatalf("step %d follows step %d", r.Step, kept[i-1].Step)
		}
		if r.Probes != nil {
			probes++
		}
		if r.Step > 0 && r.Step < 100 {
			early++
		}
	}
	if len(kept) > PublishedRows || probes < 85 || early < 5 || kept[len(kept)-1].Step != 20_000 {
		t.Errorf("%d rows, %d with probes, %d of the first 100 steps, up to %d; want at most 100, at least 85, at least 5, 20000", len(kept), probes, early, kept[len(kept)-1].Step)
	}
}
