// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"reflect"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Another length is another run, and nothing else of it changes.
func TestLasting(t *testing.T) {
	r := PINNRun(baselines.PINN{Setup: tinySetup(t), Mu: []float64{30, 0, 0}, Seed: 4}, train.Settings{Steps: 8, LearningRate: 1e-3})
	if same := r.lasting(8); same.Name() != r.Name() || same.Label != "PINN at beta=30, seed 4" {
		t.Errorf("with its own number of steps %s is %s, %q", r.Name(), same.Name(), same.Label)
	}
	other := r.lasting(9)
	if want := PINNRun(baselines.PINN{Setup: tinySetup(t), Mu: []float64{30, 0, 0}, Seed: 4}, train.Settings{Steps: 9, LearningRate: 1e-3}); other.Name() != want.Name() {
		t.Errorf("with 9 steps it is named %s, want %s", other.Name(), want.Name())
	}
	if want := "PINN at beta=30, 9 steps, seed 4"; other.Label != want {
		t.Errorf("with 9 steps it is called %q, want %q", other.Label, want)
	}
	if r.Config.Train.Steps != 8 {
		t.Error("asking for another length has changed the run")
	}
	if got := noted("no such thing", "9 steps"); got != "no such thing, 9 steps" {
		t.Errorf("a label without a seed becomes %q", got)
	}
}

// A run ends at the first step after which the error is below the limit, at step 0
// where no update is needed, or at the last.
func TestUntil(t *testing.T) {
	s := newSession(t, t.TempDir())
	p := baselines.PINN{Setup: tinySetup(t), Mu: []float64{30, 0, 0}, Width: 4, Hidden: 1}
	plain := PINNRun(p, train.Settings{Steps: 12, LearningRate: 1e-2})
	whole := plain.until(pinn.AbsProbe, 0, 12) // no error is below 0
	var errors []float64
	for _, row := range do(t, s, whole).History.Rows {
		errors = append(errors, row.Probes[0])
	}
	if len(errors) != 13 {
		t.Fatalf("%d errors in 12 steps, want 13", len(errors))
	}
	if !(errors[6] < errors[5] && errors[5] < errors[0]) {
		t.Fatalf("the errors %v do not fall: take another limit", errors)
	}
	for _, c := range []struct {
		limit float64
		steps int
	}{
		{errors[0] + 1, 0},
		{(errors[5] + errors[6]) / 2, 6},
		{0, 12},
	} {
		r := plain.until(pinn.AbsProbe, c.limit, 12)
		if r.Name() == plain.Name() || r.Config.Train.LearningRate != 1e-2 {
			t.Errorf("until %g it is %s at rate %g", c.limit, r.Name(), r.Config.Train.LearningRate)
		}
		record := do(t, s, r)
		rows := record.History.Rows
		if got := rows[len(rows)-1]; got.Step != c.steps || got.Probes[0] != errors[c.steps] {
			t.Errorf("until %g it ends at step %d with an error of %v, want step %d and %g", c.limit, got.Step, got.Probes, c.steps, errors[c.steps])
		}
		// The record is complete: it is evaluated, on the weights of that step.
		if got := record.Metrics.Evaluations[0].Test.Abs; !near(got, errors[c.steps], 1e-4) {
			t.Errorf("until %g it is evaluated at %g, want %g", c.limit, got, errors[c.steps])
		}
	}
	if plain.Config.Train.Stop != nil || plain.Config.Train.ProbeEvery != 100 {
		t.Error("asking for a limit has changed the run")
	}
}

// near compares numbers that differ by rounding in float32.
func near(a, b, tolerance float64) bool { return a-b < tolerance*b && b-a < tolerance*b }

// A published record holds a part of the history, but always its end.
func TestUntilPublished(t *testing.T) {
	s := newSession(t, t.TempDir())
	r := tinyPINN(t, 30).until(pinn.AbsProbe, .05, 5000)
	put(t, s, r, fallingTo(r, 4321, .05))
	to, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Publish(to, r.Name(), false); err != nil {
		t.Fatal(err)
	}
	record, err := to.Get(r.Name())
	if err != nil {
		t.Fatal(err)
	}
	rows := record.History.Rows
	if len(rows) > store.PublishedRows || rows[0].Step != 0 || rows[len(rows)-1].Step != 4321 || !(rows[len(rows)-1].Probes[0] < .05) {
		t.Errorf("%d rows are published, from step %d to %d", len(rows), rows[0].Step, rows[len(rows)-1].Step)
	}
	if before := rows[len(rows)-2]; before.Probes == nil || before.Probes[0] < .05 {
		t.Errorf("the row before the last is %+v", before)
	}
}

// fallingTo is a record of a run whose error falls linearly from 1 and is below a
// limit at this step for the first time; probes are at every step, terms at each
// tenth.
func fallingTo(r *Run, steps int, limit float64) *store.Record {
	h := train.History{Terms: []string{"residual", "initial", "boundary"}, Probes: []string{pinn.AbsProbe, pinn.RelProbe, pinn.ResidualProbe}}
	for step := range steps + 1 {
		e := limit + (1-limit)*float64(steps-step)/float64(max(1, steps))
		if step == steps {
			e = limit / 2
		}
		row := train.Row{Step: step, Probes: []float64{e, 2 * e, .1}}
		if step == 1 || step > 0 && step%10 == 0 {
			row.Terms = []float64{1, 1, 1}
		}
		h.Rows = append(h.Rows, row)
	}
	return &store.Record{History: h, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{{Mu: r.Config.Mus[0]}}}}
}

// What lasting and until leave alone: all that a run is built from.
func TestLengthKeepsTheRest(t *testing.T) {
	_, phase2 := tinyPhases(t, 35)
	for _, r := range []*Run{phase2[0].lasting(7), phase2[0].until(pinn.AbsProbe, .05, 7)} {
		if r.Parent != phase2[0].Parent || r.Config.Parent != phase2[0].Config.Parent || !reflect.DeepEqual(r.Config.Model, phase2[0].Config.Model) || r.ranks == nil || r.network == nil {
			t.Errorf("%s is not built as %s", r.Label, phase2[0].Label)
		}
	}
}
