// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ReadNPZ reads what WriteNPZ wrote, or any .npz of float32 and float64 arrays that
// np.savez writes of contiguous arrays.
func ReadNPZ(data []byte) (map[string]Array, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("train: reading arrays: %w", err)
	}
	out := map[string]Array{}
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if out[name], err = readNPY(f); err != nil {
			return nil, fmt.Errorf("train: array %q: %w", name, err)
		}
	}
	return out, nil
}

func readNPY(f *zip.File) (Array, error) {
	r, err := f.Open()
	if err != nil {
		return Array{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return Array{}, err
	}
	a, ok := decodeNPY(data)
	if !ok {
		return Array{}, errors.New("not an array of float32 or float64 in C order, little-endian, as np.savez writes it; write it so")
	}
	return a, nil
}

// decodeNPY reads an array of NumPy's format version 1.0. (GoMLX reads it too, but
// compiles three regular expressions for each: a tenth of the time of a report that
// trains nothing.)
func decodeNPY(data []byte) (a Array, ok bool) {
	body, ok := bytes.CutPrefix(data, []byte("\x93NUMPY\x01\x00"))
	if !ok || len(body) < 2 {
		return a, false
	}
	n := 2 + int(binary.LittleEndian.Uint16(body))
	if n > len(body) {
		return a, false
	}
	head, body := string(body[2:n]), body[n:]
	head, okHead := strings.CutPrefix(head, "{'descr': '<f")
	width, head, okWidth := strings.Cut(head, "', 'fortran_order': False, 'shape': (")
	shape, head, okShape := strings.Cut(head, "), }")
	if !okHead || !okWidth || !okShape || strings.TrimSpace(head) != "" {
		return a, false
	}
	a.Dims = []int{}
	count := 1. // which doesn't overflow
	for dim := range strings.SplitSeq(strings.TrimSuffix(shape, ","), ", ") {
		if shape == "" {
			break // a scalar
		}
		d, err := strconv.Atoi(dim)
		if err != nil || d < 0 {
			return a, false
		}
		a.Dims = append(a.Dims, d)
		count *= float64(d)
	}
	switch {
	case width == "4" && float64(len(body)) == 4*count:
		a.Data = make([]float64, a.Size())
		for i := range a.Data {
			a.Data[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:])))
		}
	case width == "8" && float64(len(body)) == 8*count:
		a.Data = make([]float64, a.Size())
		for i := range a.Data {
			a.Data[i] = math.Float64frombits(binary.LittleEndian.Uint64(body[8*i:]))
		}
	default:
		return a, false
	}
	return a, true
}
