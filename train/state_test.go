// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"pinn.example/repro/train"
)

// TestStateThereAndBack: every bit of a state survives, of either dtype, and
// history is float64 whatever the dtype.
func TestStateThereAndBack(t *testing.T) {
	for _, dtype := range []string{"float32", "float64"} {
		third := 1. / 3
		if dtype == "float32" {
			third = float64(float32(third))
		}
		arrays := func(x float64) map[string]train.Array {
			return map[string]train.Array{
				"start/w": {Dims: []int{1, 2, 3}, Data: []float64{x, -x, 0, math.Copysign(0, -1), third, 1e-30}},
				"end/b":   {Dims: []int{1, 1, 1}, Data: []float64{third * x}},
			}
		}
		if dtype == "float32" {
			for _, x := range []float64{1, 2, 4} {
				for _, a := range arrays(x) {
					for i := range a.Data {
						a.Data[i] = float64(float32(a.Data[i]))
					}
				}
			}
		}
		want := train.State{
			Steps: 12345678, Weights: round(arrays(1), dtype), Moment1: round(arrays(2), dtype), Moment2: round(arrays(4), dtype),
			History: train.History{
				Terms: []string{"residual", "initial"}, Probes: []string{"rel_l2"},
				Rows: []train.Row{
					{Step: 0, Probes: []float64{.1}},
					{Step: 1, Terms: []float64{1. / 7, 1e300}},
					{Step: 10, Terms: []float64{1. / 9, math.SmallestNonzeroFloat64}, Probes: []float64{.2}},
				},
			},
		}
		got := thereAndBack(t, []train.State{want}, dtype)[0]
		near(t, dtype, got, want, 0)
		nearHistory(t, dtype, got.History, want.History, 0)
		for _, r := range got.History.Rows {
			if (r.Terms == nil) != (r.Step == 0) || (r.Probes == nil) != (r.Step == 1) {
				t.Errorf("%s: row %+v: what was not measured came back measured, or the other way", dtype, r)
			}
		}
		if z := got.Weights["start/w"].Data[3]; !math.Signbit(z) || z != 0 {
			t.Errorf("%s: −0 came back as %g", dtype, z)
		}
	}
	// Before anything ran there are no columns and no rows.
	empty := thereAndBack(t, []train.State{{Weights: map[string]train.Array{"w": train.NewArray(1)}}}, "float64")[0]
	if empty.Steps != 0 || len(empty.History.Rows) != 0 || empty.History.Terms != nil {
		t.Errorf("an empty state came back as %+v", empty)
	}
}

// round rounds arrays to a dtype.
func round(arrays map[string]train.Array, dtype string) map[string]train.Array {
	if dtype == "float32" {
		for _, a := range arrays {
			for i, x := range a.Data {
				a.Data[i] = float64(float32(x))
			}
		}
	}
	return arrays
}

func TestDecodeNamesWhatIsWrong(t *testing.T) {
	_, err := train.DecodeState([]byte("not a checkpoint"))
	wantError(t, "no archive", err, "train: reading a checkpoint")
	// An archive, but of arrays alone.
	var file bytes.Buffer
	if err := train.WriteNPZ(&file, map[string]train.Array{"w": train.NewArray(1)}, "float64"); err != nil {
		t.Fatal(err)
	}
	_, err = train.DecodeState(file.Bytes())
	wantError(t, "other archive", err, "train: reading a checkpoint", "history.npz is missing")
	_, err = train.ReadNPZ([]byte("not an archive"))
	wantError(t, "arrays", err, "train: reading arrays")
}

// TestWriteNPZIsDeterministic: a run's checksum is over these bytes, so the order
// of a map and the time of day must not be in them.
func TestWriteNPZIsDeterministic(t *testing.T) {
	var first []byte
	for range 20 { // a map of 8 names has another order almost every time
		arrays := map[string]train.Array{}
		for _, name := range []string{"a", "b/c", "d", "e", "f", "g", "h", "scalar"} {
			arrays[name] = train.Array{Dims: []int{2, 1}, Data: []float64{1. / 3, float64(len(name))}}
		}
		arrays["scalar"] = train.Array{Dims: []int{}, Data: []float64{7}}
		var file bytes.Buffer
		if err := train.WriteNPZ(&file, arrays, "float64"); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file.Bytes()
			back, err := train.ReadNPZ(first)
			if err != nil {
				t.Fatal(err)
			}
			if len(back) != len(arrays) {
				t.Errorf("%d arrays came back, want %d", len(back), len(arrays))
			}
			for name, want := range arrays {
				if got := back[name]; got.Size() != want.Size() || !got.Equal(want) {
					t.Errorf("%q came back as %v, want %v", name, got, want)
				}
			}
		}
		if !bytes.Equal(file.Bytes(), first) {
			t.Fatal("the same arrays gave other bytes")
		}
	}
}

func TestArrays(t *testing.T) {
	a := train.FromRows([][]float64{{1, 2, 3}, {4, 5, 6}})
	if want := (train.Array{Dims: []int{2, 3}, Data: []float64{1, 2, 3, 4, 5, 6}}); !a.Equal(want) {
		t.Errorf("rows became %v, want %v", a, want)
	}
	parts := a.Split(2)
	if want := (train.Array{Dims: []int{1, 3}, Data: []float64{4, 5, 6}}); len(parts) != 2 || !parts[1].Equal(want) {
		t.Errorf("second part %v, want %v", parts[1], want)
	}
	if back, err := train.Join(parts); err != nil || !back.Equal(a) {
		t.Errorf("joined again: %v, %v, want %v", back, err, a)
	}
	parts[0].Data[0] = 9
	if a.Data[0] != 1 {
		t.Error("a part shares memory with the whole")
	}
	if _, err := train.Join([]train.Array{train.NewArray(1, 2), train.NewArray(1, 3)}); err == nil {
		t.Error("rows of different lengths were joined")
	}
}

// TestReadNPZRefuses: what is no plain array of floats is an error that names it, be
// it of another program or cut short.
func TestReadNPZRefuses(t *testing.T) {
	npy := func(head, body string) string {
		return "\x93NUMPY\x01\x00" + string([]byte{byte(len(head)), 0}) + head + body
	}
	const two = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n"
	for name, content := range map[string]string{
		"whole":     npy(two, "\x00\x00\x80?\x00\x00\x00@"), // 1 and 2
		"short":     npy(two, "1234"),
		"integers":  npy(strings.Replace(two, "<f4", "<i4", 1), "12345678"),
		"bigendian": npy(strings.Replace(two, "<f4", ">f4", 1), "12345678"),
		"fortran":   npy(strings.Replace(two, "False", "True", 1), "12345678"),
		"negative":  npy(strings.Replace(two, "2,", "-2,", 1), "12345678"),
		"overflow":  npy(strings.Replace(two, "2,", "4294967296, 4294967296", 1), ""),
		"cut":       npy(two, "")[:11],
		"empty":     "",
	} {
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		w, err := z.Create("a.npy")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := train.ReadNPZ(file.Bytes())
		if name == "whole" {
			if want := (train.Array{Dims: []int{2}, Data: []float64{1, 2}}); err != nil || !got["a"].Equal(want) {
				t.Errorf("a whole array came back as %v, %v", got, err)
			}
			continue
		}
		wantError(t, name, err, `train: array "a"`, "np.savez")
	}
}
