// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// redrawn is a task whose terms are the extremes and moments of a datum of 2,000
// points in [−1, 1) × [2, 5) that stands at (9, 9).
func redrawn(r train.Redraw) train.Task {
	const n = 2000
	x := train.NewArray(1, n, 2)
	for i := range x.Data {
		x.Data[i] = 9
	}
	r.Low, r.High = []float64{-1, 2}, []float64{1, 5}
	column := func(in train.Inputs, i int) *Node { return Slice(in.D("x"), AxisRange(), AxisRange(), AxisElem(i)) }
	return train.Task{
		Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
		Data:    []train.Datum{{Name: "x", Value: x, Redraw: &r}},
		Loss: func(in train.Inputs) []train.Term {
			var terms []train.Term
			for i, name := range []string{"a", "b"} {
				c := column(in, i)
				terms = append(
					terms,
					train.Term{Name: "least " + name, Value: ReduceMin(c, 1, 2)},
					train.Term{Name: "most " + name, Value: ReduceMax(c, 1, 2)},
					train.Term{Name: "mean " + name, Value: ReduceMean(c, 1, 2)},
				)
			}
			// The engine wants a gradient; this one is 0.
			return append(terms, train.Term{Name: "w", Value: MulScalar(ReduceSum(in.W("w"), 1), 0)})
		},
		Probe: func(in train.Inputs) []train.Term {
			return []train.Term{{Name: "largest", Value: ReduceMax(in.D("x"), 1, 2)}}
		},
	}
}

func runs(t *testing.T, tasks []train.Task, s train.Settings, from []train.State, perDispatch int) []train.State {
	t.Helper()
	trainer, err := train.NewTrainer(traintest.Open(t), tasks[0], s)
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(context.Background(), tasks, from, train.Options{StepsPerDispatch: perDispatch})
	if err != nil {
		t.Fatal(err)
	}
	return states
}

// TestRedraw: points lie between the bounds, with the means of uniform ones; they
// stay for Every steps, whatever the dispatch and wherever the run is resumed, and
// a probe reads the value that the datum was given.
func TestRedraw(t *testing.T) {
	settings := train.Settings{Steps: 8, HistoryEvery: 1, ProbeEvery: 8}
	tasks := []train.Task{redrawn(train.Redraw{Every: 3, Seed: 1}), redrawn(train.Redraw{Every: 3, Seed: 2})}
	states := runs(t, tasks, settings, nil, 5)
	for q, s := range states {
		var rows [][]float64
		for _, r := range s.History.Rows {
			if r.Terms != nil {
				rows = append(rows, r.Terms)
			}
			if r.Probes != nil && r.Probes[0] != 9 {
				t.Errorf("query %d: a probe at step %d reads up to %g, want the given 9", q, r.Step, r.Probes[0])
			}
		}
		if len(rows) != 8 {
			t.Fatalf("%d rows, want 8", len(rows))
		}
		for k, low := range []float64{-1, 2} {
			width := []float64{2, 3}[k]
			least, most, mean := rows[0][3*k], rows[0][3*k+1], rows[0][3*k+2]
			// Of 2,000 points, none in the outer 1 % of either side has a chance of
			// .99^2000 = 2e-9. The mean has a standard error of width/√(12·2000).
			if least < low || least > low+.01*width || most >= low+width || most < low+.99*width {
				t.Errorf("query %d: entry %d lies in [%g, %g], want nearly all of [%g, %g)", q, k, least, most, low, low+width)
			}
			if se := width / math.Sqrt(12*2000); math.Abs(mean-low-width/2) > 5*se {
				t.Errorf("query %d: entry %d has mean %g, want %g ± %g", q, k, mean, low+width/2, 5*se)
			}
		}
		for i := 1; i < len(rows); i++ {
			if same := slices.Equal(rows[i], rows[i-1]); same != (i%3 != 0) {
				t.Errorf("query %d: steps %d and %d read the same points: %t", q, i, i+1, same)
			}
		}
	}
	if slices.Equal(states[0].History.Rows[1].Terms, states[1].History.Rows[1].Terms) {
		t.Error("two seeds draw the same points")
	}
	// The second query alone, stopped after 4 steps and resumed.
	settings.Steps = 4
	half := runs(t, tasks[1:], settings, nil, 1)
	settings.Steps = 8
	whole := runs(t, tasks[1:], settings, half, 2)
	for i, r := range whole[0].History.Rows {
		if want := states[1].History.Rows; r.Terms != nil && !slices.Equal(r.Terms, want[slices.IndexFunc(want, func(w train.Row) bool { return w.Step == r.Step })].Terms) {
			t.Errorf("resumed, row %d (step %d) differs", i, r.Step)
		}
	}
}

// TestRedrawIsUniform: drawn at every step, the points are those of Uniform.
func TestRedrawIsUniform(t *testing.T) {
	settings := train.Settings{Steps: 3, HistoryEvery: 1}
	datum := redrawn(train.Redraw{Every: 1, Seed: 7})
	stream := redrawn(train.Redraw{})
	stream.Data, stream.Streams, stream.Seed, stream.Probe = nil, []string{"x"}, 7, nil
	stream.Loss = func(in train.Inputs) []train.Term {
		u := in.Uniform("x", 2000, 2)
		mean := func(i int) *Node { return ReduceMean(Slice(u, AxisRange(), AxisRange(), AxisElem(i)), 1, 2) }
		return []train.Term{
			{Name: "mean a", Value: AddScalar(MulScalar(mean(0), 2), -1)},
			{Name: "mean b", Value: AddScalar(MulScalar(mean(1), 3), 2)},
			{Name: "w", Value: MulScalar(ReduceSum(in.W("w"), 1), 0)},
		}
	}
	got, want := runs(t, []train.Task{datum}, settings, nil, 0)[0], runs(t, []train.Task{stream}, settings, nil, 0)[0]
	for i := range 3 {
		a, b := got.History.Rows[i].Terms, want.History.Rows[i].Terms
		// Means of 2,000 float32 in another order: 1e-5 is 80 roundings.
		if math.Abs(a[2]-b[0]) > 1e-5 || math.Abs(a[5]-b[1]) > 1e-5 {
			t.Errorf("step %d: means %g and %g, want %g and %g", i+1, a[2], a[5], b[0], b[1])
		}
	}
}

// TestRedrawIsChecked: what can't be drawn is refused before anything is compiled.
func TestRedrawIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(d *train.Datum)
		says string
	}{
		"never":      {func(d *train.Datum) { d.Redraw.Every = 0 }, "at least 1"},
		"two leads":  {func(d *train.Datum) { d.Value = train.NewArray(2, 3, 2) }, "leading axis"},
		"one bound":  {func(d *train.Datum) { d.Redraw.High = []float64{1} }, "as many bounds"},
		"three of 2": {func(d *train.Datum) { d.Redraw.Low, d.Redraw.High = []float64{1, 2, 3}, []float64{1, 2, 3} }, "as many bounds"},
	} {
		task := redrawn(train.Redraw{Every: 1})
		c.edit(&task.Data[0])
		_, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: 1})
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), `"x"`) {
			t.Errorf("%s: error %v does not name the datum and say %q", name, err, c.says)
		}
	}
}

// TestRedrawIsHashed: how often and between which bounds points are drawn is part
// of the graph; their seed, like all data, is not.
func TestRedrawIsHashed(t *testing.T) {
	hash := func(edit func(r *train.Redraw)) string {
		task := redrawn(train.Redraw{Every: 2, Seed: 1})
		edit(task.Data[0].Redraw)
		h, err := train.GraphHash(traintest.Open(t), task, "float32")
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	as := hash(func(*train.Redraw) {})
	if hash(func(r *train.Redraw) { r.Seed = 2 }) != as {
		t.Error("another seed is another graph")
	}
	if hash(func(r *train.Redraw) { r.Every = 3 }) == as || hash(func(r *train.Redraw) { r.High[1] = 6 }) == as {
		t.Error("another distance or bound is the same graph")
	}
}
