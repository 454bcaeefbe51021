// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/store"
)

// asking counts how often its reference solution is asked for.
type asking struct {
	pde.Problem
	asked *int
}

func (c asking) Reference(mu []float64, at [][]float64) ([]float64, error) {
	*c.asked++
	return c.Problem.Reference(mu, at)
}

func newCDR(t *testing.T, kind string) *pde.CDR {
	t.Helper()
	c, err := pde.NewCDR(kind, pde.GaussWide, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A solution is computed once in a store, and again for another problem, setting,
// point or truth.
func TestReferenceIsKept(t *testing.T) {
	dir := t.TempDir()
	asked := 0
	reaction, diffusion := asking{newCDR(t, "reaction"), &asked}, asking{newCDR(t, "diffusion"), &asked}
	mu, points := []float64{0, 0, 2}, [][]float64{{1, .5}, {3, 1}}
	for i, c := range []struct {
		problem asking
		mu      []float64
		points  [][]float64
		asked   int
	}{
		{reaction, mu, points, 1},
		{reaction, mu, points, 1},
		{reaction, []float64{0, 0, 3}, points, 2},
		{reaction, mu, points[:1], 3},
		{reaction, mu, [][]float64{{1, .5}, {3, .99}}, 4},
		{diffusion, []float64{0, 2, 0}, points, 5},
		{reaction, mu, points, 5},
	} {
		got, err := newSession(t, dir).reference(c.problem, c.mu, c.points)
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.problem.Problem.Reference(c.mu, c.points)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) || asked != c.asked {
			t.Errorf("case %d: %v after %d solutions, want %v after %d", i, got, asked, want, c.asked)
		}
	}

	// The published solution has a fault (D1), which a problem's ID is silent on.
	accurate := newCDR(t, "reaction-diffusion")
	published := accurate.AsPublished()
	if published == nil {
		t.Fatal("the problem has no other truth")
	}
	s, late := newSession(t, dir), [][]float64{latePoint(t, accurate)}
	a, err := s.reference(accurate, []float64{0, 2, 2}, late)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.reference(published, []float64{0, 2, 2}, late)
	if err != nil {
		t.Fatal(err)
	}
	if a[0] == b[0] {
		t.Errorf("both truths are %g", a[0])
	}
}

// latePoint is one of the published grid's last row.
func latePoint(t *testing.T, c *pde.CDR) []float64 {
	t.Helper()
	points, err := c.Points(pde.Sample{Set: "published"})
	if err != nil {
		t.Fatal(err)
	}
	return points.Grid.Points[len(points.Grid.Points)-100]
}

// Who changes a reference solution finds its values here, and raises
// solutionsVersion with them: a store would go on showing the old ones.
func TestSolutionsVersion(t *testing.T) {
	const version = 1
	c := newCDR(t, "cdr")
	mu := []float64{1, 2, 3}
	at := [][]float64{latePoint(t, c)}
	accurate, err := c.Reference(mu, at)
	if err != nil {
		t.Fatal(err)
	}
	published, err := c.AsPublished().Reference(mu, at)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := c.TraceSolution(mu, func(float64) float64 { return .01 }, at)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct{ got, want float64 }{
		"accurate":     {accurate[0], .968506716692},
		"as published": {published[0], .967626719514},
		"of a trace":   {trace[0], .916762876657},
	} {
		if !(math.Abs(x.got-x.want) < 1e-9) || solutionsVersion != version {
			t.Errorf("the solution %s is %.12g, and %.12g in version %d: raise solutionsVersion, and write its values here", name, x.got, x.want, version)
		}
	}
}

// What is there is found, each once, and a damaged record is set aside.
func TestFindAll(t *testing.T) {
	dir := t.TempDir()
	var runs []*Run
	for seed := range int64(20) {
		runs = append(runs, &Run{Config: store.Config{Method: "pinn", Seed: seed}})
	}
	writer := newSession(t, dir)
	for _, r := range runs[:15] {
		put(t, writer, r, &store.Record{Metrics: store.Metrics{Parameters: int(r.Config.Seed)}})
	}
	if err := os.Remove(filepath.Join(dir, "runs", runs[3].Name(), "history.csv")); err != nil {
		t.Fatal(err)
	}
	s := newSession(t, dir)
	if _, err := s.Find(runs[0]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.findAll(runs); err != nil || s.Found != 14 {
			t.Fatalf("found are %d, want 14, %v", s.Found, err)
		}
	}
	for i, r := range runs {
		record := s.records[r.Name()]
		if want := i < 15 && i != 3; (record != nil) != want || want && record.Metrics.Parameters != i {
			t.Errorf("run %d has the record %v", i, record)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "damaged", runs[3].Name()+".1")); err != nil {
		t.Error(err)
	}
}

func TestInParallel(t *testing.T) {
	const n = 1000
	errs := map[int]error{700: errors.New("late"), 40: errors.New("early")}
	for _, failing := range []bool{false, true} {
		calls := make([]int, n)
		err := inParallel(n, func(i int) error {
			calls[i]++
			if failing {
				return errs[i]
			}
			return nil
		})
		if slices.ContainsFunc(calls, func(k int) bool { return k != 1 }) {
			t.Error("not all are called once")
		}
		if failing && err != errs[40] || !failing && err != nil {
			t.Errorf("the error is %v", err)
		}
	}
	if err := inParallel(0, func(int) error { return errors.New("called") }); err != nil {
		t.Error(err)
	}
}
