// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

// What fails is told and the rest is trained; what starts from it is not tried.
func TestAllGoesOn(t *testing.T) {
	setup := tinySetup(t)
	badParent := Phase1Run(setup, mus([]float64{30, 40}), -1, 0) // steps must not be negative
	child := Phase2Run(badParent, []float64{30, 0, 0}, lrpinn.FullRank, 6)
	badPINN := PINNRun(baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}, train.Settings{Steps: 1, DType: "float16"})
	good := tinyPINN(t, 30)
	e := Experiment{ID: "hyper-lr-pinn/table9", runs: func(Preset) ([]*Run, error) {
		return []*Run{child, badPINN, good}, nil
	}}
	s := newSession(t, t.TempDir())
	failed, err := s.All(t.Context(), nil, []Experiment{e}, Preset{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Trained != 1 {
		t.Errorf("%d trained, want 1", s.Trained)
	}
	want := []string{badParent.Label, child.Label + ": not run", badPINN.Label}
	if len(failed) != len(want) {
		t.Fatalf("failed: %v", failed)
	}
	for i := range want {
		if !strings.Contains(failed[i].Error(), want[i]) {
			t.Errorf("failure %d is %q, want %q", i, failed[i], want[i])
		}
	}
	if record, err := s.Find(good); record == nil || err != nil {
		t.Errorf("the good run: %v, %v", record, err)
	}
}

// An interrupt ends all of it, and so does a backend that does not open: every
// run would fail the same way.
func TestAllStops(t *testing.T) {
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 35)}
	experiments := []Experiment{{ID: "hyper-lr-pinn/table9", runs: func(Preset) ([]*Run, error) { return runs, nil }}}

	s := newSession(t, t.TempDir())
	s.BackendName = "abacus"
	failed, err := s.All(t.Context(), nil, experiments, Preset{})
	var noBackend *BackendError
	if !errors.As(err, &noBackend) || len(failed) != 0 || !strings.Contains(err.Error(), `"abacus"`) {
		t.Errorf("without a backend: %v, failed %v", err, failed)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s = newSession(t, t.TempDir())
	if failed, err := s.All(ctx, nil, experiments, Preset{}); !Interrupted(err) || len(failed) != 0 || s.Trained != 0 {
		t.Errorf("interrupted: %v, failed %v, %d trained", err, failed, s.Trained)
	}
}

// What can't be written is said in a line; either way nothing is left behind.
func TestCheckWritable(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, ok := range map[string]bool{".": true, "new": true, "new/and/deeper": true, "file": false, "file/below": false, "file/below/deeper": false} {
		path = filepath.Join(dir, path)
		err := CheckWritable(path)
		if (err == nil) != ok {
			t.Errorf("%s: %v", path, err)
		}
		if err != nil && (!strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error is %q, want a line that names %s", err, path)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%s: %v is left", path, entries)
		}
	}
}
