// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// batchTolerance is for float32 sums that a compiler may order otherwise with the size
// of a tensor: 2⁻²⁴ each, of some dozens of terms, over a few updates.
const batchTolerance = 1e-5

// alike compares what two trainings of one run learnt, and how they got there.
func alike(t testing.TB, got, want *store.Record) {
	t.Helper()
	if got.Name != want.Name || string(got.Config) != string(want.Config) {
		t.Fatalf("the records are of %s and %s", got.Name, want.Name)
	}
	off := func(what string, a, b float64) {
		t.Helper()
		if !(math.Abs(a-b) <= batchTolerance*max(1, math.Abs(b))) {
			t.Errorf("%s: %s is %g, alone it is %g", want.Name, what, a, b)
		}
	}
	for name, w := range want.Weights {
		for i, x := range w.Data {
			off(fmt.Sprintf("%s[%d]", name, i), got.Weights[name].Data[i], x)
		}
	}
	if len(got.History.Rows) != len(want.History.Rows) || len(want.History.Rows) == 0 {
		t.Fatalf("%s: %d rows of history, alone %d", want.Name, len(got.History.Rows), len(want.History.Rows))
	}
	for i, row := range want.History.Rows {
		for j, x := range row.Terms {
			off(fmt.Sprintf("term %d at step %d", j, row.Step), got.History.Rows[i].Terms[j], x)
		}
		for j, x := range row.Probes {
			off(fmt.Sprintf("probe %d at step %d", j, row.Step), got.History.Rows[i].Probes[j], x)
		}
	}
	for i, ev := range want.Metrics.Evaluations {
		off("rel L2", got.Metrics.Evaluations[i].Test.RelL2, ev.Test.RelL2)
	}
}

// trainAll trains runs of one shape after those of another in a new store, and returns
// their records.
func trainAll(t testing.TB, name string, batch int, shapes ...[]*Run) (records []*store.Record) {
	t.Helper()
	s := newSession(t, t.TempDir())
	s.BackendName, s.Batch = name, batch
	for _, runs := range shapes {
		for i, err := range s.TrainAll(t.Context(), runs) {
			if err != nil {
				t.Fatal(err)
			}
			record, err := s.Find(runs[i])
			if err != nil || record == nil {
				t.Fatalf("%s: record %v, %v", runs[i].Label, record, err)
			}
			records = append(records, record)
		}
	}
	return records
}

// newGoSession has a backend that compiles nothing, and makes a step at a time.
func newGoSession(t testing.TB, dir string) *Session {
	s := newSession(t, dir)
	s.BackendName = backend.Go
	return s
}

// The size of a batch is no part of a name, and what comes out does not depend on it.
func TestBatchIsEachAlone(t *testing.T) {
	var first, second []*Run
	for seed := range int64(2) {
		p1 := Phase1Run(tinySetup(t), mus([]float64{30, 40}), 6, seed)
		first = append(first, p1)
		for _, beta := range []float64{30, 35} { // adaptive ranks differ from run to run
			second = append(second, Phase2Run(p1, []float64{beta, 0, 0}, lrpinn.AdaptiveRank, 6))
		}
	}
	second = second[:3]
	for _, name := range []string{backend.CPU, backend.Go} {
		t.Run(name, func(t *testing.T) {
			if b, err := backend.Open(name); err != nil {
				t.Skip(err)
			} else {
				b.Finalize()
			}
			alone := trainAll(t, name, 1, first, second)
			together := trainAll(t, name, 3, first, second)
			for i, r := range slices.Concat(first, second) {
				alike(t, together[i], alone[i])
				if alone[i].Name != r.Name() || alone[i].Manifest.Batch != 0 {
					t.Errorf("%s alone: record %s, batch %d", r.Label, alone[i].Name, alone[i].Manifest.Batch)
				}
				// A Phase 1 has its own queries; three of Phase 2 share a batch, whatever they
				// start from.
				want := 0
				if r.Parent != nil {
					want = 3
				}
				if m := together[i].Manifest; m.Batch != want || m.WallSeconds <= 0 {
					t.Errorf("%s: a batch of %d in %g s, want one of %d", r.Label, m.Batch, m.WallSeconds, want)
				}
				if a, b := alone[i].Manifest.Fingerprint().String(), together[i].Manifest.Fingerprint().String(); (a == b) != (want == 0) {
					t.Errorf("%s: the fingerprint %s, alone %s", r.Label, b, a)
				}
			}
		})
	}
}

// A run whose loss is no number fails by itself; the others are as without it.
func TestBatchGoesOnWithoutOneThatDiverges(t *testing.T) {
	// β² is above the largest float32, 3.4e38: the residual's square is infinite.
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 1e30), tinyPINN(t, 31)}
	s := newGoSession(t, t.TempDir())
	s.Batch = 3
	var told []string
	s.ended = func(r *Run, err error) { told = append(told, r.Label) }
	errs := s.TrainAll(t.Context(), runs)
	var diverged *train.NonFiniteError
	if errs[0] != nil || errs[2] != nil || !errors.As(errs[1], &diverged) || !strings.HasPrefix(errs[1].Error(), runs[1].Label+": ") {
		t.Fatalf("errors %v", errs)
	}
	if strings.Contains(errs[1].Error(), runs[1].Name()) || diverged.Step != 1 {
		t.Errorf("the error is %v", errs[1])
	}
	if len(told) != 3 {
		t.Errorf("told of %v", told)
	}
	for _, i := range []int{0, 2} {
		got, err := s.Find(runs[i])
		if err != nil {
			t.Fatal(err)
		}
		alike(t, got, do(t, newGoSession(t, t.TempDir()), runs[i]))
	}
	if r, err := s.Find(runs[1]); r != nil || err != nil {
		t.Errorf("a run that failed has the record %v, %v", r, err)
	}
}

// Where the memory does not suffice, a batch is halved until it does, and later ones
// of its shape begin there.
func TestBatchIsHalvedWhereMemoryEnds(t *testing.T) {
	var runs []*Run
	for beta := range 7 {
		runs = append(runs, tinyPINN(t, 30+float64(beta)))
	}
	s := newGoSession(t, t.TempDir())
	s.Batch = 5
	var tried []int
	s.holds = func(queries int) error {
		tried = append(tried, queries)
		if queries > 2 {
			return errors.New("train: step 1: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 1.5GiB")
		}
		return nil
	}
	for i, err := range s.TrainAll(t.Context(), runs) {
		if err != nil {
			t.Fatalf("%s: %v", runs[i].Label, err)
		}
	}
	// 5 do not fit: 2, 2 and 1 in their place; the other 2 are tried together at once.
	if want := []int{5, 2, 2, 1, 2}; !slices.Equal(tried, want) {
		t.Errorf("tried %v, want %v", tried, want)
	}
	got, err := s.Find(runs[6])
	if err != nil || got.Manifest.Batch != 2 {
		t.Fatalf("the last run: %v, %v", got, err)
	}
	alike(t, got, do(t, newGoSession(t, t.TempDir()), runs[6]))

	// One that does not fit by itself fails.
	s = newGoSession(t, t.TempDir())
	s.Batch = 2
	s.holds = func(int) error { return errors.New("CUDA_ERROR_OUT_OF_MEMORY: out of memory") }
	for _, err := range s.TrainAll(t.Context(), runs[:2]) {
		if err == nil || !strings.Contains(err.Error(), "out of memory") {
			t.Errorf("nothing fits: %v", err)
		}
	}
	// What fails only together is trained apart.
	s = newGoSession(t, t.TempDir())
	s.Batch = 2
	s.holds = func(queries int) error {
		if queries > 1 {
			return errors.New("train: a graph that can't be stacked")
		}
		return nil
	}
	for _, err := range s.TrainAll(t.Context(), runs[:2]) {
		if err != nil {
			t.Errorf("what can't be trained together: %v", err)
		}
	}
	if outOfMemory(errors.New("train: step 3: PJRT error (code=3): invalid argument")) {
		t.Error("an invalid argument is taken for a lack of memory")
	}
}

// Runs that were stopped at different steps go on from there, each with those that
// stand where it does.
func TestBatchGoesOnFromDifferentSteps(t *testing.T) {
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31), tinyPINN(t, 32), tinyPINN(t, 33), tinyPINN(t, 34)}
	dir := t.TempDir()
	for i, sittings := range []int{1, 2, 1, 0, 0} {
		for range sittings {
			s := newGoSession(t, dir)
			ctx, cancel := context.WithCancel(t.Context())
			s.Progress = func(*Run, train.Progress) { cancel() } // after the first dispatch, which is one step
			if err := s.Train(ctx, runs[i]); !Interrupted(err) {
				t.Fatalf("%s was not stopped: %v", runs[i].Label, err)
			}
		}
	}
	s := newGoSession(t, dir)
	s.Batch = 5
	for i, err := range s.TrainAll(t.Context(), runs) {
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Find(runs[i])
		if err != nil {
			t.Fatal(err)
		}
		alike(t, got, do(t, newGoSession(t, t.TempDir()), runs[i]))
		// Two stood at step 1, one at step 2, and two had not begun.
		if want := []int{2, 0, 2, 2, 2}[i]; got.Manifest.Batch != want {
			t.Errorf("%s was trained in a batch of %d, want %d", runs[i].Label, got.Manifest.Batch, want)
		}
	}
}

// A batch that is stopped leaves a checkpoint of each of its runs.
func TestBatchIsInterrupted(t *testing.T) {
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31), tinyPINN(t, 32)}
	s := newGoSession(t, t.TempDir())
	s.Batch = 2
	ctx, cancel := context.WithCancel(t.Context())
	s.Progress = func(*Run, train.Progress) { cancel() }
	for i, err := range s.TrainAll(ctx, runs) {
		if !Interrupted(err) {
			t.Errorf("%s: %v", runs[i].Label, err)
		}
	}
	s.Progress = nil
	var logged []string
	s.Log = func(format string, args ...any) { logged = append(logged, fmt.Sprintf(format, args...)) }
	for i, err := range s.TrainAll(t.Context(), runs) {
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Find(runs[i])
		if err != nil {
			t.Fatal(err)
		}
		alike(t, got, do(t, newGoSession(t, t.TempDir()), runs[i]))
	}
	resumed := 0
	for _, line := range logged {
		if strings.Contains(line, "goes on from step 1 of 8") {
			resumed++
		}
	}
	if resumed != 2 { // the third had not begun
		t.Errorf("%d runs went on from a checkpoint: %q", resumed, logged)
	}
}

// How many fit is bounded from both sides.
func TestBatchWithin(t *testing.T) {
	for _, c := range []struct {
		memory, each int64
		want         int
	}{
		{80 << 30, 1 << 30, 60}, // three quarters of 80
		{80 << 30, 1 << 20, MaxBatch},
		{1 << 30, 8 << 30, 1},
		{0, 1 << 20, 1}, // unknown
		{1 << 30, 0, MaxBatch},
	} {
		if got := batchWithin(c.memory, c.each); got != c.want {
			t.Errorf("%d bytes hold %d queries of %d, want %d", c.memory, got, c.each, c.want)
		}
	}
}

// groupFloor is a worker that takes groups.
type groupFloor struct {
	fakeWorker
	mu     sync.Mutex
	groups [][]*Run
}

func (w *groupFloor) TrainAll(ctx context.Context, runs []*Run) []error {
	w.mu.Lock()
	w.groups = append(w.groups, runs)
	w.mu.Unlock()
	errs := make([]error, len(runs))
	for i, r := range runs {
		errs[i] = w.Train(ctx, r)
	}
	return errs
}

// A pool gives a worker runs of one shape, whose parents are trained, and no more than
// it should; each is told by itself.
func TestPoolGroups(t *testing.T) {
	runs := poolRuns(t) // two Phase 1 of one shape, with five Phase 2 each
	f := &floor{now: map[string]bool{}, fail: map[string]error{runs[8].Label: errors.New("diverged")}}
	wide, narrow := &groupFloor{fakeWorker: fakeWorker{f, true}}, &groupFloor{fakeWorker: fakeWorker{f, false}}
	pool := &Pool{Wide: wide, Narrow: []Worker{narrow}, Batch: 4}
	var ended []string
	pool.Ended = func(r *Run, err error) { ended = append(ended, r.Label) }
	failed, err := pool.Run(t.Context(), runs)
	if err != nil || len(failed) != 1 || len(f.trained) != len(runs)-1 || len(ended) != len(runs) {
		t.Fatalf("%v, failed %v, %d trained, told of %d", err, failed, len(f.trained), len(ended))
	}
	if len(f.wrong) > 0 {
		t.Error(f.wrong)
	}
	sizes := func(w *groupFloor) (n []int) {
		for _, g := range w.groups {
			n = append(n, len(g))
		}
		return n
	}
	// Each Phase 1 by itself, and four of its children; the fifth follows alone, since a
	// wide run is not overtaken by children of the next.
	if w, n := sizes(wide), sizes(narrow); len(w) != 0 || !slices.Equal(n, []int{4, 4}) {
		t.Errorf("groups of %v and %v", w, n)
	}
	for _, g := range narrow.groups {
		for _, r := range g[1:] {
			if !sameShape(g[0], r) {
				t.Errorf("%s and %s are given together", g[0].Label, r.Label)
			}
		}
	}
}

// A process answers for each run of a group; what it has answered stands when it dies.
func TestProcessAnswersForEach(t *testing.T) {
	runs := []*Run{tinyPINN(t, 30), tinyPINN(t, 31), tinyPINN(t, 32)}
	script := func(rest string) *ProcessWorker {
		return &ProcessWorker{Command: []string{"sh", "-c", `read a b c
			echo "{\"kind\":\"failed\",\"run\":\"$b\",\"text\":\"diverged\"}"
			echo "{\"kind\":\"done\",\"run\":\"$a\"}"
			` + rest}}
	}
	w := script(`echo "{\"kind\":\"done\",\"run\":\"$c\"}"; read more`)
	defer w.Close()
	if errs := w.TrainAll(t.Context(), runs); errs[0] != nil || errs[2] != nil || errs[1] == nil || errs[1].Error() != "diverged" {
		t.Errorf("errors %v", errs)
	}
	errs := script(`echo "panic: no memory" >&2; exit 2`).TrainAll(t.Context(), runs)
	if errs[0] != nil || errs[1] == nil || errs[2] == nil || !strings.HasPrefix(errs[2].Error(), runs[2].Label+": the worker process died") {
		t.Errorf("of a process that dies: %v", errs)
	}
}
