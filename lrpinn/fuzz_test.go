// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn

import (
	"archive/zip"
	"io"
	"testing"
)

// Whatever a pickle holds, reading it gives tensors or an error: no panic, and no
// memory out of proportion. Its numbers are 64 zeros, whichever it asks for.
func FuzzUnpickle(f *testing.F) {
	for _, path := range []string{"testdata/phase1.pt", "testdata/phase2.pt"} {
		z, err := zip.OpenReader(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range z.File {
			if file.Name != "phase1/data.pkl" && file.Name != "phase2/data.pkl" {
				continue
			}
			r, err := file.Open()
			if err != nil {
				f.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
		z.Close()
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		views, err := unpickle(data)
		if err != nil {
			return
		}
		for name, v := range views {
			a, err := v.read(make([]byte, 4*64))
			if err == nil && a.Size() > 64 {
				t.Errorf("%q: %d numbers out of 64", name, a.Size())
			}
		}
	})
}
