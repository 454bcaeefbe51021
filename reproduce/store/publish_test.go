// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store

import (
	"testing"

	"pinn.example/repro/train"
)

func TestThinnedKeepsEndsAndOrder(t *testing.T) {
	for _, n := range []int{1, 99, 100, 101, 2000, 20_001} {
		rows := make([]train.Row, n)
		for i := range rows {
			rows[i].Step = 10 * i // with the probe before the first step
		}
		kept := thinned(rows, PublishedRows)
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
