// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pinn.example/repro/train"
)

// Limits of a row's deviation from our answer in float64.
const (
	tolerance64 = 1e-10
	tolerance32 = 1e-5 // of terms and the gradient: Adam's quotients magnify rounding where a gradient is small
)

// checker holds the rows of a step against our answer.
type checker struct {
	step                     string
	inputs, want             map[string]train.Array
	scratch, scripts, python string
	self                     string // our own program
}

// check notes how far an answer is from ours, or returns why the row is refused.
func (c checker) check(r *row, dtype string, got map[string]train.Array) error {
	want, tolerance := c.want, tolerance64
	if dtype == "float32" {
		got, want, tolerance = inFloat32(got), inFloat32(want), tolerance32
	}
	where, most := deviation(got, want)
	if !(most <= tolerance) {
		return fmt.Errorf("%s differs in %s by %.2g of its largest entry; at most %g is let through", where, dtype, most, tolerance)
	}
	if r.Deviation == nil {
		r.Deviation = map[string]float64{}
	}
	r.Deviation[dtype] = most
	return nil
}

// inFloat32 is of an answer what can be held against another in float32: the terms of
// the loss as one array, and the gradient as one. Rounding in one of them is as large as
// the numbers that cancel in it, so that the largest entry of all is its measure; what is
// small beside that is held to its own size in float64. Adam's steps are left out.
func inFloat32(answer map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{"loss": {}, "gradient": {}}
	for _, name := range slices.Sorted(maps.Keys(answer)) {
		if strings.HasPrefix(name, "stepped/") {
			continue
		}
		to := "loss"
		if strings.HasPrefix(name, "gradient/") {
			to = "gradient"
		}
		data := append(out[to].Data, answer[name].Data...)
		out[to] = train.Array{Dims: []int{len(data)}, Data: data}
	}
	return out
}

// ours starts our row; its float64, computed beside, is what all are held against.
func (c checker) ours(ctx context.Context) (*row, error) {
	r := &row{Name: "ours", unit: scanned}
	found := filepath.Join(c.scratch, "ours.npz")
	return r, c.start(ctx, r, "float32", found, c.self, "serve", c.step, found)
}

// peer checks a peer in both types, and leaves it open in float32. It returns a row
// in any case.
func (c checker) peer(ctx context.Context, p peerRow) (*row, error) {
	r := &row{Name: p.name, Published: p.published, unit: p.unit}
	for _, dtype := range []string{"float64", "float32"} {
		given, found := filepath.Join(c.scratch, "twin.npz"), filepath.Join(c.scratch, "answer.npz")
		if err := writeNPZ(given, c.inputs, dtype); err != nil {
			return r, err
		}
		if err := c.start(ctx, r, dtype, found, c.python, filepath.Join(c.scripts, p.script), c.step, p.variant, given, found); err != nil {
			return r, err
		}
		if dtype == "float64" {
			r.process.close()
		}
	}
	return r, nil
}

// start starts a row's process and checks its answer.
func (c checker) start(ctx context.Context, r *row, dtype, found string, command ...string) error {
	if err := os.RemoveAll(found); err != nil { // another's answer must not pass for this one's
		return err
	}
	p, err := startProcess(ctx, c.scratch, command...)
	if err != nil {
		return err
	}
	got, err := readNPZ(found)
	if err == nil {
		err = c.check(r, dtype, got)
	}
	if err != nil {
		p.close()
		return err
	}
	r.Version, r.process = p.version, p
	return nil
}
