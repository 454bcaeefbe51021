// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// What a step takes is at least what goes in and comes out, grows with the points, is
// twice as much in float64, and does not depend on the backend.
func TestStepBytes(t *testing.T) {
	b, err := backend.Open(backend.Go)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	bytes := func(task train.Task, dtype string) int64 {
		n, err := train.StepBytes(b.Compute, task, train.Settings{Steps: 1, DType: dtype})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	task := regression(0)
	values := 1 // the steps done
	for _, w := range task.Weights {
		values += 3 * w.Value.Size() // with both moments of Adam
	}
	inputs := values
	for _, d := range task.Data {
		inputs += d.Value.Size()
	}
	small := bytes(task, "float32")
	if least := int64(4 * (inputs + values)); small < least {
		t.Errorf("a step takes %d bytes, and what goes in and out alone is %d", small, least)
	}
	// Some constants are of one dtype throughout.
	if double := bytes(task, "float64"); double < 2*small-256 || double > 2*small {
		t.Errorf("a step takes %d bytes in float64 and %d in float32", double, small)
	}

	more := regression(0)
	for i, d := range more.Data {
		dims := []int{d.Value.Dims[0], 10 * d.Value.Dims[1], d.Value.Dims[2]}
		more.Data[i].Value = train.NewArray(dims...)
	}
	// Per point at least x, y, the hidden layer's value and its gradient.
	if grown := bytes(more, "float32") - small; grown < 9*points*4*(2+2*width) {
		t.Errorf("ten times the points take only %d bytes more", grown)
	}

	other, err := traintest.Backend()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := train.StepBytes(other.Compute, task, train.Settings{Steps: 1, DType: "float32"}); err != nil || n != small {
		t.Errorf("on %s a step takes %d bytes and on go %d: %v", other.Info.Name, n, small, err)
	}
	task.Loss = func(train.Inputs) []train.Term { panic("broken") }
	if _, err := train.StepBytes(b.Compute, task, train.Settings{Steps: 1}); err == nil {
		t.Error("a loss that can't be built has a size")
	}
}
