// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// tinyPINN is a run that compiles and trains in a moment.
func tinyPINN(t testing.TB, beta float64) *Run {
	p := baselines.PINN{Setup: tinySetup(t), Mu: []float64{beta, 0, 0}, Width: 4, Hidden: 1}
	return PINNRun(p, train.Settings{Steps: 8, HistoryEvery: 1})
}

// tinyPhases are a Phase 1 and, from it, a Phase 2 at each β.
func tinyPhases(t testing.TB, betas ...float64) (*Run, []*Run) {
	phase1 := Phase1Run(tinySetup(t), mus([]float64{30, 40}), 6, 0)
	var phase2 []*Run
	for _, beta := range betas {
		phase2 = append(phase2, Phase2Run(phase1, []float64{beta, 0, 0}, lrpinn.AdaptiveRank, 6))
	}
	return phase1, phase2
}

func newSession(t testing.TB, dir string, reuse ...string) *Session {
	t.Helper()
	st, err := store.Open(dir, reuse...)
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{Store: st}
	t.Cleanup(s.Close)
	return s
}

func do(t testing.TB, s *Session, r *Run) *store.Record {
	t.Helper()
	record, err := s.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// sameBits compares what two runs learnt, and how they got there.
func sameBits(t testing.TB, got, want *store.Record) {
	t.Helper()
	if len(want.Weights) == 0 || len(got.Weights) != len(want.Weights) {
		t.Fatalf("%d weights, want %d", len(got.Weights), len(want.Weights))
	}
	for name, w := range want.Weights {
		for i := range w.Data {
			if math.Float64bits(got.Weights[name].Data[i]) != math.Float64bits(w.Data[i]) {
				t.Fatalf("%s[%d] is %x, want %x", name, i, got.Weights[name].Data[i], w.Data[i])
			}
		}
	}
	if got.WeightsSHA256() != want.WeightsSHA256() {
		t.Error("the files of the same weights differ")
	}
	if !reflect.DeepEqual(got.History, want.History) {
		t.Errorf("history is %+v, want %+v", got.History, want.History)
	}
	if !reflect.DeepEqual(got.Metrics, want.Metrics) {
		t.Errorf("metrics are %+v, want %+v", got.Metrics, want.Metrics)
	}
}

// One Phase 1 and two Phase 2 in one session, and what can be asked of them.
func TestSession(t *testing.T) {
	dir := t.TempDir()
	s := newSession(t, dir)
	phase1, phase2 := tinyPhases(t, 30, 35)

	if record, err := s.Find(phase1); record != nil || err != nil {
		t.Fatalf("an empty store has %v, %v", record, err)
	}
	if _, err := s.Field(t.Context(), phase2[0], []float64{30, 0, 0}, [][]float64{{1, .5}}); err == nil || !strings.Contains(err.Error(), phase2[0].Label) {
		t.Errorf("the field of an untrained run: %v, want an error that names it", err)
	}
	if s.open != nil {
		t.Error("a backend was opened to find nothing")
	}

	at30 := do(t, s, phase2[0])
	if s.Trained != 2 || s.Found != 0 {
		t.Errorf("Phase 2 alone: %d trained and %d found, want the Phase 1 trained too", s.Trained, s.Found)
	}
	parent, err := s.Find(phase1)
	if err != nil || parent == nil {
		t.Fatalf("Phase 1 is not in the store: %v", err)
	}
	at35 := do(t, s, phase2[1])
	if again := do(t, s, phase2[0]); again != at30 || s.Trained != 3 || s.Found != 0 {
		t.Errorf("once more: another record, or %d trained and %d found", s.Trained, s.Found)
	}

	t.Run("records", func(t *testing.T) {
		for r, record := range map[*Run]*store.Record{phase1: parent, phase2[0]: at30, phase2[1]: at35} {
			if record.Name != r.Name() {
				t.Errorf("%s has the record %s", r.Label, record.Name)
			}
			// The errors before any step; the terms of the authors' loss at the first
			// step; both at the last.
			rows := record.History.Rows
			if len(rows) != 3 || rows[0].Step != 0 || rows[1].Step != 1 || rows[2].Step != 6 || rows[0].Terms != nil || rows[1].Probes != nil {
				t.Fatalf("%s: history is %+v, want errors at step 0, terms at 1 and both at 6", r.Label, rows)
			}
			for i, name := range record.History.Terms {
				if float32(record.Metrics.Loss[name]) != float32(rows[2].Terms[i]) {
					t.Errorf("%s: loss term %s is %g, and %g in the history", r.Label, name, record.Metrics.Loss[name], rows[2].Terms[i])
				}
			}
			// The last errors are those of the evaluation, but for rounding (float32
			// sums over 1,000 points in another order): their mean over its settings.
			errors, mean := probedCourse(record, pinn.RelProbe), 0.
			for _, ev := range record.Metrics.Evaluations {
				mean += ev.Test.RelL2 / float64(len(record.Metrics.Evaluations))
			}
			if n := len(errors.values); n != 2 || !(math.Abs(errors.values[n-1]-mean) < 1e-5*mean) {
				t.Errorf("%s: relative errors in the history are %v, and %g at the end", r.Label, errors.values, mean)
			}
			if n := len(record.Metrics.Evaluations); n != len(r.evaluateAt) || len(record.Metrics.Ranks) != n {
				t.Errorf("%s: %d evaluations and %d ranks at %d settings", r.Label, n, len(record.Metrics.Ranks), len(r.evaluateAt))
			}
			for _, ev := range record.Metrics.Evaluations {
				// u = 1 + sin(x − βt) is at most 2 and has RMS √1.5: an untrained net
				// is off by about as much.
				if !(ev.Test.RelL2 > .1 && ev.Test.RelL2 < 10) || ev.TrivialTest.RelL2 == 0 {
					t.Errorf("%s: errors are %+v", r.Label, ev)
				}
			}
			m := record.Manifest
			if m.Sittings != 1 || m.WallSeconds <= 0 || m.PeakMemoryMB <= 0 || m.Backend.Name == "" || m.Versions["go"] == "" || m.Finished.IsZero() {
				t.Errorf("%s: manifest is %+v", r.Label, m)
			}
		}
		// 28,151 is counted by hand in param_counts.csv; 201 are the end layers'.
		if n := parent.Metrics.Parameters; n != 28_151 {
			t.Errorf("Phase 1 trains %d parameters, want 28,151", n)
		}
		if parent.Manifest.ParentWeights != "" {
			t.Errorf("Phase 1 starts from %s", parent.Manifest.ParentWeights)
		}
		for _, record := range []*store.Record{at30, at35} {
			if record.Manifest.ParentWeights != parent.WeightsSHA256() {
				t.Errorf("%s starts from the weights %s, and Phase 1 ends with %s", record.Name, record.Manifest.ParentWeights, parent.WeightsSHA256())
			}
			if n := record.Metrics.Parameters; n <= 201 || n > 351 {
				t.Errorf("Phase 2 trains %d parameters, want 201 and a rank each", n)
			}
		}
	})

	t.Run("a new session finds them", func(t *testing.T) {
		s := newSession(t, dir)
		for _, r := range []*Run{phase1, phase2[0], phase2[1], phase2[0]} {
			do(t, s, r)
		}
		if s.Trained != 0 || s.Found != 3 || s.open != nil {
			t.Errorf("%d trained, %d found, backend open: %t; want 3 found and nothing else", s.Trained, s.Found, s.open != nil)
		}
	})

	// The graph that was compiled for β = 30 served β = 35: it must not remember.
	t.Run("graph reuse changes nothing", func(t *testing.T) {
		first := do(t, newSession(t, t.TempDir(), dir), phase1)
		sameBits(t, first, parent) // it is the same record, read from the reused store
		alone := newSession(t, t.TempDir())
		put(t, alone, phase1, parent)
		sameBits(t, do(t, alone, phase2[1]), at35)
		if alone.Trained != 1 || alone.Found != 1 {
			t.Errorf("%d trained and %d found", alone.Trained, alone.Found)
		}
		for name, w := range at30.Weights {
			if strings.HasPrefix(name, "start") && slices.Equal(w.Data, at35.Weights[name].Data) {
				t.Errorf("%s is the same at β = 30 and 35: the test sees nothing", name)
			}
		}
	})

	t.Run("field", func(t *testing.T) {
		setup := phase1.setup
		nGrid, nTest := len(setup.Points.Grid.Points), len(setup.Points.Test)
		for _, c := range []struct {
			run    *Run
			record *store.Record
			of     int // of the record's evaluations
		}{{phase2[0], at30, 0}, {phase2[1], at35, 0}, {phase1, parent, 1}} {
			ev := c.record.Metrics.Evaluations[c.of]
			// As the evaluation calls it: all points at once, the same graph.
			all := slices.Concat(setup.Points.Grid.Points, setup.Points.Test, setup.Points.Collocation)
			u, err := s.Field(t.Context(), c.run, ev.Mu, all)
			if err != nil {
				t.Fatal(err)
			}
			truth, err := setup.Problem.Reference(ev.Mu, all)
			if err != nil {
				t.Fatal(err)
			}
			grid, err := metric.Compare(u[:nGrid], truth[:nGrid])
			if err != nil || grid != ev.Grid {
				t.Errorf("%s: the field's errors on the grid are %+v, %v; the record says %+v", c.run.Label, grid, err, ev.Grid)
			}
			test, err := metric.Compare(u[nGrid:nGrid+nTest], truth[nGrid:nGrid+nTest])
			if err != nil || test != ev.Test {
				t.Errorf("%s: the field's errors on the test points are %+v, %v; the record says %+v", c.run.Label, test, err, ev.Test)
			}
			// Another number of points is another graph: the sums of 50 float32
			// terms may round otherwise, by some 50·2⁻²⁴ ≈ 3e-6 of what is summed.
			few, err := s.Field(t.Context(), c.run, ev.Mu, setup.Points.Test)
			if err != nil {
				t.Fatal(err)
			}
			for i := range few {
				if d := math.Abs(few[i] - u[nGrid+i]); !(d < 1e-5) {
					t.Fatalf("%s: u is %g at test point %d, and %g among all points", c.run.Label, few[i], i, u[nGrid+i])
				}
			}
		}
	})
}

// put copies a record into another session's store.
func put(t testing.TB, s *Session, r *Run, record *store.Record) {
	t.Helper()
	if _, err := s.Store.Put(r.Config, *record, "float32"); err != nil {
		t.Fatal(err)
	}
}

// An interrupt at any step, and each sitting a new process: what comes out is,
// bit by bit, what comes out of one sitting.
func TestInterruptedRun(t *testing.T) {
	r := tinyPINN(t, 30)
	want := do(t, newSession(t, t.TempDir()), r)

	dir := t.TempDir()
	const interrupts = 3
	for i := range interrupts {
		s := newSession(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		var logged []string
		s.Log = func(format string, _ ...any) { logged = append(logged, format) }
		s.Progress = func(of *Run, p train.Progress) {
			if of != r || p.Label != r.Label || p.Steps != 8 || p.Step != i+1 {
				t.Errorf("sitting %d: progress of %q at step %d of %d", i+1, p.Label, p.Step, p.Steps)
			}
			cancel() // after the first dispatch, which is one step
		}
		if _, err := s.Do(ctx, r); !Interrupted(err) || !strings.Contains(err.Error(), r.Label) {
			t.Fatalf("sitting %d: %v, want an interrupt that names the run", i+1, err)
		}
		resumed := slices.ContainsFunc(logged, func(s string) bool { return strings.Contains(s, "goes on from step") })
		if resumed != (i > 0) {
			t.Errorf("sitting %d logs %q", i+1, logged)
		}
		if record, err := s.Find(r); record != nil || err != nil {
			t.Fatalf("an interrupted run has the record %v, %v", record, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "partial", r.Name(), "checkpoint")); err != nil {
			t.Fatal(err)
		}
	}
	got := do(t, newSession(t, dir), r)
	sameBits(t, got, want)
	if got.Manifest.Sittings != interrupts+1 {
		t.Errorf("%d sittings, want %d", got.Manifest.Sittings, interrupts+1)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "partial")); len(left) != 0 {
		t.Errorf("%v is left of a finished run", left)
	}
}

// An interrupt in the parent of what was asked for, then in itself.
func TestInterruptedParent(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30)
	reference := newSession(t, t.TempDir())
	want := do(t, reference, phase2[0])

	s := newSession(t, t.TempDir())
	for i, at := range []*Run{phase1, phase2[0]} {
		ctx, cancel := context.WithCancel(t.Context())
		s.Progress = func(r *Run, _ train.Progress) {
			if r == at {
				cancel()
			}
		}
		if _, err := s.Do(ctx, phase2[0]); !Interrupted(err) {
			t.Fatalf("interrupting %s: %v", at.Label, err)
		}
		if s.Trained != i {
			t.Errorf("interrupting %s: %d runs are trained, want %d", at.Label, s.Trained, i)
		}
		cancel()
	}
	s.Progress = nil
	sameBits(t, do(t, s, phase2[0]), want)
	parent, _ := s.Find(phase1)
	wantParent, _ := reference.Find(phase1)
	sameBits(t, parent, wantParent)

	// A context that has ended starts nothing.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	trained := s.Trained
	if _, err := s.Do(ctx, tinyPINN(t, 35)); !Interrupted(err) || s.Trained != trained {
		t.Errorf("after the end: %v", err)
	}
}

// A record that is damaged is trained again, to the same bits.
func TestDamagedRecordIsTrainedAgain(t *testing.T) {
	dir, r := t.TempDir(), tinyPINN(t, 30)
	want := do(t, newSession(t, dir), r)
	if err := os.Truncate(filepath.Join(dir, "runs", r.Name(), "weights.npz"), 100); err != nil {
		t.Fatal(err)
	}
	s := newSession(t, dir)
	sameBits(t, do(t, s, r), want)
	if s.Trained != 1 || s.Found != 0 {
		t.Errorf("%d trained and %d found", s.Trained, s.Found)
	}
}

// Published records may lack weights: they serve every table, but nothing can
// start from them and no field be drawn.
func TestParentWithoutWeights(t *testing.T) {
	phase1, phase2 := tinyPhases(t, 30)
	s := newSession(t, t.TempDir())
	put(t, s, phase1, &store.Record{})
	_, err := s.Do(t.Context(), phase2[0])
	if err == nil || !strings.Contains(err.Error(), "no weights") || !strings.Contains(err.Error(), phase1.Name()) || !strings.Contains(err.Error(), phase2[0].Label) {
		t.Errorf("error is %v, want one that names both runs and says that the weights are missing", err)
	}
	if strings.Contains(err.Error(), "\n") || s.Trained != 0 || s.open != nil {
		t.Errorf("error %q, %d trained, backend open: %t", err, s.Trained, s.open != nil)
	}
	if _, err := s.Field(t.Context(), phase1, []float64{30, 0, 0}, [][]float64{{1, .5}}); err == nil || !strings.Contains(err.Error(), "no weights") {
		t.Errorf("its field: %v", err)
	}
}

// A run that another process trains is not trained beside it.
func TestBusyRun(t *testing.T) {
	was := busyFor
	defer func() { busyFor = was }()
	busyFor = 200 * time.Millisecond
	r := tinyPINN(t, 30)
	s := newSession(t, t.TempDir())
	other, err := s.Store.Begin(r.Config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(t.Context(), r); !errors.Is(err, store.ErrBusy) || !strings.Contains(err.Error(), r.Label) {
		t.Errorf("error is %v, want ErrBusy with the run's label", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	do(t, s, r)
}
