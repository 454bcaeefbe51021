// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// drawSteps runs a loss that trains nothing and returns its terms at every step.
func drawSteps(t *testing.T, data []train.Datum, steps int, loss func(in train.Inputs) []train.Term) [][]float64 {
	t.Helper()
	task := train.Task{
		Data:    data,
		Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 1)}},
		Loss: func(in train.Inputs) []train.Term { // the engine wants a gradient; this one is 0
			return append(loss(in), train.Term{Name: "w", Value: graph.MulScalar(graph.ReduceSum(in.W("w"), 1), 0)})
		},
	}
	trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: steps, HistoryEvery: 1, DType: "float64"})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(t.Context(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]float64
	for _, r := range states[0].History.Rows {
		rows = append(rows, r.Terms[:len(r.Terms)-1])
	}
	return rows
}

// turning are trajectories of ẏ = ω (−y₂, y₁) on the unit circle, each of which
// starts on the far side of where the one before it ends. Row q has angular
// velocity ω(q).
func turning(omegas []float64, step float64) pinn.Trajectories {
	const trajectories, length = 3, 4
	t := pinn.Trajectories{States: train.NewArray(len(omegas), trajectories*length, 2), Length: length, Step: step, Batch: 8, Scale: 2, Seed: 3}
	for q, omega := range omegas {
		t.Mus = append(t.Mus, []float64{omega})
		angle := float64(q)
		for i := range trajectories * length {
			switch {
			case i > 0 && i%length == 0:
				angle += math.Pi
			case i > 0:
				angle += omega * step
			}
			at := t.States.Data[(q*trajectories*length+i)*2:]
			at[0], at[1] = math.Cos(angle), math.Sin(angle)
		}
	}
	return t
}

// TestTrapezoidResidualOfTheTrueField: on a circle the rule's residual has the same
// length at every pair, |2 sin(ωh/2)/h − ω cos(ωh/2)| = ω³h²/12 + O(h⁴): of second
// order. Half its square is the loss of every mini-batch (two components), over the
// square of the scale. A pair across two trajectories would be 2/h off.
func TestTrapezoidResidualOfTheTrueField(t *testing.T) {
	omegas := []float64{2, 3}
	var errors []float64
	steps := []float64{.1, .05, .025}
	for _, step := range steps {
		data := turning(omegas, step)
		if err := data.Check(); err != nil {
			t.Fatal(err)
		}
		field := func(in train.Inputs) jet.Network { // f is linear, and so is its scaled form
			turn := graph.ConstAsDType(in.D(pinn.MuDatum).Graph(), in.D(pinn.MuDatum).DType(), [][][]float64{{{0, 1}, {-1, 0}}})
			return func(h *jet.Jet) *jet.Jet {
				return jet.Dense(h, graph.Mul(graph.InsertAxes(in.D(pinn.MuDatum), 2), turn), nil)
			}
		}
		want := 0.
		for _, omega := range omegas {
			r := 2*math.Sin(omega*step/2)/step - omega*math.Cos(omega*step/2)
			want += r * r / 2 / (data.Scale * data.Scale) / float64(len(omegas))
		}
		for i, terms := range drawSteps(t, data.Data(), 100, func(in train.Inputs) []train.Term { return data.Losses(in, field(in)) }) {
			// The difference of two states of size 1, over h, has roundings of 2⁻⁵³/h.
			if len(terms) != 1 || !(math.Abs(math.Sqrt(terms[0])-math.Sqrt(want)) < 0x1p-50/step) {
				t.Fatalf("h = %g, step %d: loss %v, want %.12g: a pair of two trajectories has %g", step, i+1, terms, want, 2/(step*step))
			}
			if i == 0 {
				errors = append(errors, math.Sqrt(terms[0]))
			}
		}
	}
	for i := 1; i < len(steps); i++ {
		// The next term of the series is (ωh)²/40 of the first: .002 in the order.
		if order := math.Log2(errors[i-1] / errors[i]); math.Abs(order-2) > .01 {
			t.Errorf("from h = %g to %g the residual falls with order %.4f, want 2", steps[i-1], steps[i], order)
		}
	}
}

// TestPairsAreDrawnEvenly: states that are their own number show which are read:
// all pairs of neighbours of one trajectory, of the setting in whose row they stand,
// equally often; never one across trajectories. Another seed draws others.
func TestPairsAreDrawnEvenly(t *testing.T) {
	const settings, trajectories, length, batch, steps = 2, 3, 3, 8, 150
	data := pinn.Trajectories{
		Mus: [][]float64{{1}, {2}}, States: train.NewArray(settings, trajectories*length, 1),
		Length: length, Step: 1, Batch: batch, Scale: 4, // a power of 2: states keep their bits
	}
	for i := range data.States.Data {
		data.States.Data[i] = float64(i)
	}
	// Terms: how often each state is the first of a pair, setting after setting, and
	// how many pairs are not neighbours.
	counts := func(in train.Inputs) []train.Term {
		var read []*graph.Node // what the field is asked for: to, then from
		data.Losses(in, func(x *jet.Jet) *jet.Jet {
			read = append(read, graph.MulScalar(x.Value(), data.Scale))
			return x
		})
		to, from := read[0], read[1] // [setting, pair, 1]
		if !slices.Equal(from.Shape().Dimensions, []int{settings, batch, 1}) {
			t.Errorf("a mini-batch of shape %s, want [%d %d 1]", from.Shape(), settings, batch)
		}
		var terms []train.Term
		count := func(name string, is *graph.Node) {
			sum := graph.ReduceAllSum(graph.ConvertDType(is, from.DType()))
			terms = append(terms, train.Term{Name: name, Value: graph.InsertAxes(sum, 0)})
		}
		for q := range settings {
			row := graph.Slice(from, graph.AxisElem(q))
			for i := range trajectories * length {
				state := float64(q*trajectories*length + i)
				count(fmt.Sprintf("state %g", state), graph.Equal(row, graph.ConstAs(row, state)))
			}
		}
		count("no neighbours", graph.NotEqual(graph.Sub(to, from), graph.ConstAs(to, 1.)))
		return terms
	}
	rows := drawSteps(t, data.Data(), steps, counts)
	total := make([]float64, len(rows[0]))
	for _, row := range rows {
		for i, n := range row {
			total[i] += n
		}
	}
	if last := total[len(total)-1]; last != 0 {
		t.Errorf("%g pairs are no neighbours", last)
	}
	// A pair of a setting is a binomial number of steps·batch draws with p = 1/6.
	n, p := float64(steps*batch), 1./(trajectories*(length-1))
	for i, got := range total[:len(total)-1] {
		want, tolerance := n*p, 5*math.Sqrt(n*p*(1-p))
		if i%length == length-1 {
			want, tolerance = 0, 0 // the end of a trajectory has no next state
		}
		if math.Abs(got-want) > tolerance {
			t.Errorf("state %d was the first of a pair %g times, want %g ± %g", i, got, want, tolerance)
		}
	}
	data.Seed = 1
	if other := drawSteps(t, data.Data(), 3, counts); slices.Equal(slices.Concat(other...), slices.Concat(rows[:3]...)) {
		t.Error("another seed draws the same pairs")
	}
}

// TestFieldProbe: the error of a field that is f times 1.25 is .25, whatever the
// scale, also where there are fewer states than the probe reads.
func TestFieldProbe(t *testing.T) {
	data := turning([]float64{2, 3}, .1)
	truth := func(mu, y, dy []float64) { dy[0], dy[1] = -mu[0]*y[1], mu[0]*y[0] }
	task := data.Probe(train.Task{}, truth, func(in train.Inputs) jet.Network {
		return func(h *jet.Jet) *jet.Jet {
			turn := graph.ConstAsDType(h.Value().Graph(), h.Value().DType(), [][][]float64{{{0, 1.25}, {-1.25, 0}}})
			return jet.Dense(h, graph.Mul(graph.InsertAxes(in.D(pinn.MuDatum), 2), turn), nil)
		}
	})
	var name string
	out, err := train.Evaluate(traintest.Open(t), nil, append(data.Data(), task.ProbeData...), "float64", func(in train.Inputs) []*graph.Node {
		terms := task.Probe(in)
		name = terms[0].Name
		return []*graph.Node{terms[0].Value}
	})
	if err != nil {
		t.Fatal(err)
	}
	if name != pinn.FieldProbe || len(out[0].Data) != 1 || math.Abs(out[0].Data[0]-.25) > 1e-14 {
		t.Errorf("%s is %v, want field_err of .25", name, out[0].Data)
	}
}

func TestTrajectoriesAreChecked(t *testing.T) {
	for _, c := range []struct {
		what, says string
		edit       func(d *pinn.Trajectories)
	}{
		{"nothing", "none of them 0", func(d *pinn.Trajectories) { *d = pinn.Trajectories{} }},
		{"no settings", "none of them 0", func(d *pinn.Trajectories) { d.Mus, d.States = nil, train.NewArray(0, 12, 2) }},
		{"no states", "none of them 0", func(d *pinn.Trajectories) { d.States = train.NewArray(2, 0, 2) }},
		{"states of another number of settings", "for 1 parameter settings", func(d *pinn.Trajectories) { d.Mus = d.Mus[:1] }},
		{"two axes", "[setting, state, component]", func(d *pinn.Trajectories) { d.States = d.States.Reshape(2, 24) }},
		{"numbers are missing", "as many as the shape has", func(d *pinn.Trajectories) { d.States.Data = d.States.Data[1:] }},
		{"half a trajectory", "whole trajectories", func(d *pinn.Trajectories) { d.Length = 5 }},
		{"trajectories of one state", "at least 2 states", func(d *pinn.Trajectories) { d.Length = 1 }},
		{"no step", "positive", func(d *pinn.Trajectories) { d.Step = 0 }},
		{"a negative step", "positive", func(d *pinn.Trajectories) { d.Step = -.1 }},
		{"an endless step", "positive", func(d *pinn.Trajectories) { d.Step = math.Inf(1) }},
		{"no mini-batch", "at least 1", func(d *pinn.Trajectories) { d.Batch = 0 }},
		{"no scale", "positive", func(d *pinn.Trajectories) { d.Scale = 0 }},
		{"an endless scale", "positive", func(d *pinn.Trajectories) { d.Scale = math.Inf(1) }},
		{"settings of two lengths", "as many at each setting", func(d *pinn.Trajectories) { d.Mus = [][]float64{{1}, {1, 2}} }},
		{"settings without parameters", "at least one", func(d *pinn.Trajectories) { d.Mus = [][]float64{{}, {}} }},
	} {
		d := turning([]float64{2, 3}, .1)
		if err := d.Check(); err != nil {
			t.Fatal(err)
		}
		c.edit(&d)
		if err := d.Check(); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v does not say %q in one line", c.what, err, c.says)
		}
	}
}
