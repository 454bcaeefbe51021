// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// goldenAdam is PyTorch's trajectory, written by testdata/adam.py.
//
//go:embed testdata/adam.json
var goldenAdam []byte

// TestAdamFollowsPyTorch trains the network of testdata/adam.py for 60 steps:
// the losses on the way, the weights and both moments at the end.
func TestAdamFollowsPyTorch(t *testing.T) {
	var golden []struct {
		DType    string
		Schedule string
		Terms    map[string][]float64
		Weights  map[string][]float64
		Moment1  map[string][]float64
		Moment2  map[string][]float64
	}
	if err := json.Unmarshal(goldenAdam, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) != 4 {
		t.Fatalf("%d runs in the golden file, want 4", len(golden))
	}
	for _, want := range golden {
		t.Run(want.DType+want.Schedule, func(t *testing.T) {
			s := train.Settings{Steps: 60, LearningRate: 1e-2, DType: want.DType, HistoryEvery: 1}
			switch want.Schedule {
			case "cosine":
				s.Schedule, s.FinalRate = "cosine", 1e-4
			case "warmup":
				s.Warmup = 10
			}
			// 60 updates add rounding of 2⁻⁵³ (2⁻²⁴) each, a little enlarged by
			// the division by √v.
			tolerance := 1e-13
			if want.DType == "float32" {
				tolerance = 1e-5
			}
			got := fit(t, s, train.Options{}, regression(0))[0]
			for step, terms := range want.Terms {
				k, err := strconv.Atoi(step)
				if err != nil {
					t.Fatal(err)
				}
				traintest.Near(t, "terms at step "+step, got.History.Rows[k-1+offset(got.History)].Terms, terms, tolerance)
			}
			for _, group := range []struct {
				name string
				got  map[string]train.Array
				want map[string][]float64
			}{{"weight ", got.Weights, want.Weights}, {"moment 1 of ", got.Moment1, want.Moment1}, {"moment 2 of ", got.Moment2, want.Moment2}} {
				if len(group.want) != 3 {
					t.Fatalf("%d golden tensors, want 3", len(group.want))
				}
				for name, w := range group.want {
					traintest.Near(t, group.name+name, group.got[name].Data, w, tolerance)
				}
			}
		})
	}
}

// offset is 1 where a history begins with a row of probes at step 0.
func offset(h train.History) int {
	if h.Rows[0].Step == 0 {
		return 1
	}
	return 0
}
