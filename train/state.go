// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx/gomlx/core/tensors/numpy"
)

// State is all there is of one query's training at some step: from it a run goes
// on as if it had never stopped.
type State struct {
	// Steps is the number of updates done.
	Steps int
	// Weights and Adam's two moments by name; the leading axis is the query, 1.
	// Levenberg–Marquardt has a damping in place of the moments.
	Weights, Moment1, Moment2 map[string]Array
	Damping                   Damping
	// Ended holds the weights with which the stages before this one ended.
	Ended   []map[string]Array
	History History
}

// History is what was measured while training, a row a step.
type History struct {
	// Terms and Probes name the columns.
	Terms, Probes []string
	Rows          []Row
}

// Row is one step of a history.
type Row struct {
	// Step counts from 1; step 0 is before the first update and has probes only.
	Step int
	// Terms of the loss that update number Step descends, so before it; nil
	// where the row has only probes.
	Terms []float64
	// Probes after update number Step; nil where none were taken.
	Probes []float64
}

// Total is the sum of a row's terms, NaN where it has none.
func (r Row) Total() float64 {
	if r.Terms == nil {
		return math.NaN()
	}
	sum := 0.
	for _, x := range r.Terms {
		sum += x
	}
	return sum
}

// WriteNPZ writes arrays by name as a NumPy .npz file of a dtype ("float32" or
// "float64"), the same bytes for the same arrays.
func WriteNPZ(w io.Writer, arrays map[string]Array, dtype string) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		t := arrays[name].Tensor(Settings{DType: dtype}.dtype())
		f, err := z.Create(name + ".npy")
		if err == nil {
			err = numpy.ToNpyWriter(t, f)
		}
		if err != nil {
			return fmt.Errorf("train: writing array %q: %w", name, err)
		}
		t.MustFinalizeAll()
	}
	return z.Close()
}

// Encode writes a state as one .npz file, history included.
func (s State) Encode(w io.Writer, dtype string) error {
	arrays := map[string]Array{}
	for group, values := range map[string]map[string]Array{"weights/": s.Weights, "moment1/": s.Moment1, "moment2/": s.Moment2} {
		for name, a := range values {
			arrays[group+name] = a
		}
	}
	for k, weights := range s.Ended {
		for name, a := range weights {
			arrays[fmt.Sprintf("ended/%d/%s", k, name)] = a
		}
	}
	// History is kept exact in every dtype: float64 numbers in a file of their own.
	var history bytes.Buffer
	exact := map[string]Array{"history": s.History.array(), "steps": scalar(float64(s.Steps))}
	if s.Damping != (Damping{}) {
		exact["damping"] = s.Damping.array()
	}
	if err := WriteNPZ(&history, exact, "float64"); err != nil {
		return err
	}
	var tensors bytes.Buffer
	if err := WriteNPZ(&tensors, arrays, dtype); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, part := range []struct {
		name string
		data []byte
	}{{"history.npz", history.Bytes()}, {"state.npz", tensors.Bytes()}, {"columns.txt", []byte(s.History.columns())}} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := f.Write(part.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// DecodeState reads what Encode wrote.
func DecodeState(data []byte) (State, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return State{}, fmt.Errorf("train: reading a checkpoint: %w", err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return State{}, fmt.Errorf("train: reading a checkpoint: %w", err)
		}
		parts[f.Name], err = io.ReadAll(r)
		r.Close()
		if err != nil {
			return State{}, fmt.Errorf("train: reading a checkpoint: %w", err)
		}
	}
	for _, name := range []string{"history.npz", "state.npz", "columns.txt"} {
		if parts[name] == nil {
			return State{}, fmt.Errorf("train: reading a checkpoint: %s is missing", name)
		}
	}
	history, err := ReadNPZ(parts["history.npz"])
	if err != nil {
		return State{}, err
	}
	tensors, err := ReadNPZ(parts["state.npz"])
	if err != nil {
		return State{}, err
	}
	if len(history["steps"].Data) != 1 {
		return State{}, fmt.Errorf("train: reading a checkpoint: the number of steps is missing")
	}
	s := State{
		Steps:   int(history["steps"].Data[0]),
		Weights: map[string]Array{}, Moment1: map[string]Array{}, Moment2: map[string]Array{},
		History: historyFrom(string(parts["columns.txt"]), history["history"]),
		Damping: dampingFrom(history["damping"]),
	}
	for name, a := range tensors {
		group, name, _ := strings.Cut(name, "/")
		switch group {
		case "weights":
			s.Weights[name] = a
		case "moment1":
			s.Moment1[name] = a
		case "moment2":
			s.Moment2[name] = a
		case "ended":
			stage, name, _ := strings.Cut(name, "/")
			k, err := strconv.Atoi(stage)
			if err != nil || k < 0 {
				return State{}, fmt.Errorf("train: reading a checkpoint: unknown stage %q", stage)
			}
			for len(s.Ended) <= k {
				s.Ended = append(s.Ended, map[string]Array{})
			}
			s.Ended[k][name] = a
		}
	}
	return s, nil
}

func (h History) columns() string {
	return strings.Join(h.Terms, ",") + "\n" + strings.Join(h.Probes, ",") + "\n"
}

// array packs a history: step, terms, probes, NaN where there is none.
func (h History) array() Array {
	a := NewArray(len(h.Rows), 1+len(h.Terms)+len(h.Probes))
	for i := range a.Data {
		a.Data[i] = math.NaN()
	}
	for i, r := range h.Rows {
		at := a.Data[i*a.Dims[1]:]
		at[0] = float64(r.Step)
		copy(at[1:], r.Terms)
		copy(at[1+len(h.Terms):], r.Probes)
	}
	return a
}

func historyFrom(columns string, a Array) History {
	var h History
	lines := strings.Split(columns, "\n")
	names := func(line string) []string {
		if line == "" {
			return nil
		}
		return strings.Split(line, ",")
	}
	if len(lines) > 1 {
		h.Terms, h.Probes = names(lines[0]), names(lines[1])
	}
	if len(a.Dims) != 2 || a.Dims[1] != 1+len(h.Terms)+len(h.Probes) {
		return h
	}
	present := func(xs []float64) []float64 {
		if len(xs) == 0 || math.IsNaN(xs[0]) {
			return nil
		}
		return slices.Clone(xs)
	}
	for i := range a.Dims[0] {
		at := a.Data[i*a.Dims[1] : (i+1)*a.Dims[1]]
		h.Rows = append(h.Rows, Row{
			Step:   int(at[0]),
			Terms:  present(at[1 : 1+len(h.Terms)]),
			Probes: present(at[1+len(h.Terms):]),
		})
	}
	return h
}
