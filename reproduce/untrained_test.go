// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"testing"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// What a benchmark times is what a session trains: of Phase 2, which starts from a
// Phase 1, the graph is that of the one after training, and the bases are the untrained
// Phase 1's.
func TestUntrained(t *testing.T) {
	s := newSession(t, t.TempDir())
	phase1, phase2 := tinyPhases(t, 35)
	b, err := s.Backend()
	if err != nil {
		t.Fatal(err)
	}
	untrained, err := phase2[0].Untrained(b.Compute)
	if err != nil {
		t.Fatal(err)
	}
	trained, err := phase2[0].task(b.Compute, do(t, s, phase1))
	if err != nil {
		t.Fatal(err)
	}
	var hashes [2]string
	for i, task := range []train.Task{untrained, trained} {
		if hashes[i], err = train.GraphHash(b.Compute, task, "float32"); err != nil {
			t.Fatal(err)
		}
	}
	if hashes[0] != hashes[1] {
		t.Errorf("the graph is %s untrained, %s trained", hashes[0], hashes[1])
	}
	start, err := phase1.Untrained(b.Compute)
	if err != nil {
		t.Fatal(err)
	}
	frozen := map[string]train.Array{}
	for _, d := range untrained.Data {
		frozen[d.Name] = d.Value
	}
	checked := 0
	for _, name := range lrpinn.FrozenNames() {
		for _, w := range start.Weights {
			if a, ok := frozen[name]; ok && w.Name == name {
				checked++
				if !a.Equal(w.Value) {
					t.Errorf("%s is not Phase 1's initial value", name)
				}
			}
		}
	}
	if checked != 2*lrpinn.Layers {
		t.Errorf("%d frozen bases, want %d", checked, 2*lrpinn.Layers)
	}
}
