// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"os"
	"strings"
	"testing"

	"pinn.example/repro/train"
)

func TestImportTakesTheTensorsOfOneNetworkAndNoOther(t *testing.T) {
	for _, path := range []string{"testdata/phase1.pt", "testdata/phase2.pt"} {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			dims []int
			want string
		}{
			{"extra.weight", []int{2}, "unknown tensors extra.weight"},
			{"col_basis_3", []int{8, 8}, "unknown tensors col_basis_3"},
			// A width that would ask for arrays of 8 TB.
			{"start_layer.bias", []int{1 << 20}, "at most 1024 along each axis"},
			{"start_layer.weight", []int{8}, "expected 2 dimensions"},
			{"end_layer.bias", []int{2}, "shape [2]; expected [1]"},
		} {
			tensors, err := stateDict(file)
			if err != nil {
				t.Fatal(err)
			}
			tensors[c.name] = train.NewArray(c.dims...)
			if _, err := importTensors(tensors); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s with %s %v gave %v, want an error that contains %q", path, c.name, c.dims, err, c.want)
			}
		}
		// Without any one tensor it is incomplete.
		whole, err := stateDict(file)
		if err != nil {
			t.Fatal(err)
		}
		for name := range whole {
			tensors, err := stateDict(file)
			if err != nil {
				t.Fatal(err)
			}
			delete(tensors, name)
			if _, err := importTensors(tensors); err == nil {
				t.Errorf("%s without %s was taken", path, name)
			}
		}
	}
}
