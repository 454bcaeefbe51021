// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// slabs is the equation with all terms, a small network, and four slabs.
func slabs(tb testing.TB) baselines.PINNS2S {
	tb.Helper()
	return baselines.PINNS2S{Setup: cdr(tb), Mu: []float64{3, .25, 1.5}, Slabs: 4, Width: 6, Hidden: 2, Seed: 4}
}

// one is the network of a single slab.
func one(p baselines.PINNS2S) baselines.PINN {
	return baselines.PINN{Setup: p.Setup, Mu: p.Mu, Width: p.Width, Hidden: p.Hidden, Seed: p.Seed}
}

func datum(tb testing.TB, task train.Task, name string) train.Array {
	tb.Helper()
	for _, d := range task.Data {
		if d.Name == name {
			return d.Value
		}
	}
	tb.Fatalf("no datum %q", name)
	return train.Array{}
}

// ends are weights of their own for each of n slabs.
func ends(task train.Task, n int) []map[string]train.Array {
	out := make([]map[string]train.Array, n)
	for k := range out {
		out[k] = map[string]train.Array{}
		for name, a := range traintest.Formulas(task, .5) {
			b := train.NewArray(a.Dims...)
			for i := range b.Data {
				b.Data[i] = a.Data[(i+k)%len(a.Data)] * (1 + float64(k)/4)
			}
			out[k][name] = b
		}
	}
	return out
}

// stage is the task of slab k or stage k.
func stage(tb testing.TB, task train.Task, k int, ended []map[string]train.Array) train.Task {
	tb.Helper()
	if k == 0 {
		return task
	}
	next, err := task.Stage(k, ended[:k])
	if err != nil {
		tb.Fatal(err)
	}
	return next
}

func TestPINNS2SParameters(t *testing.T) {
	p := baselines.PINNS2S{Setup: convection(), Mu: []float64{30, 0, 0}, Seed: 2}
	task := p.Task()
	if n := task.Count(); n != 10_401 { // P2INN, table 16: one network
		t.Errorf("%d parameters, want 10,401", n)
	}
	if task.Stages != 10 { // P2INN, appendix C.2
		t.Errorf("%d slabs, want 10", task.Stages)
	}
	for i, w := range one(p).Task().Weights {
		if task.Weights[i].Name != w.Name || !task.Weights[i].Value.Equal(w.Value) {
			t.Errorf("the first slab starts elsewhere than PINN's %s", w.Name)
		}
	}
}

// TestSlabsPartitionThePoints: every point of the published set is in the loss of
// one slab, whose shapes are those of all.
func TestSlabsPartitionThePoints(t *testing.T) {
	p := baselines.PINNS2S{Setup: convection(), Mu: []float64{30, 0, 0}, Width: 3, Hidden: 1}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	// Published times are j/99, so that slab k, (k/10, (k+1)/10], has j = 10k to
	// 10k + 9, and slab 0 has the first time.
	slab := func(time float64) int { return int(math.Round(99*time)) / 10 }
	want := make([]int, 10)
	for _, at := range p.Setup.Points.Collocation {
		want[slab(at[1])]++
	}
	task := p.Task()
	ended := ends(task, 10)
	seen := map[[2]float64]int{}
	for k := range 10 {
		of := stage(t, task, k, ended)
		for i, d := range of.Data {
			first := task.Data[i]
			if d.Name != first.Name || d.Shared != first.Shared || !slices.Equal(d.Value.Dims, first.Value.Dims) {
				t.Errorf("slab %d: datum %s %v, want %s %v as in the first", k, d.Name, d.Value.Dims, first.Name, first.Value.Dims)
			}
		}
		points, averages := datum(t, of, "collocation"), datum(t, of, "collocation/averages")
		if n := slices.Max(want); points.Dims[1] != n {
			t.Errorf("slab %d: %d points with those that are repeated, want %d", k, points.Dims[1], n)
		}
		for i, w := range averages.Data {
			at := [2]float64(points.Data[2*i:])
			if slab(at[1]) != k {
				t.Errorf("slab %d has a point at t = %g", k, at[1])
			}
			if w != 0 {
				seen[at]++
				traintest.Near(t, "averaging weight", []float64{w}, []float64{1 / float64(want[k])}, 1e-15)
			}
		}
		pairs := datum(t, of, "boundary/points")
		if pairs.Dims[1] != 20 {
			t.Fatalf("slab %d: %d points at the boundary, want two times 10", k, pairs.Dims[1])
		}
		initial := datum(t, of, "initial/points")
		for i := range initial.Dims[1] {
			at := p.Setup.Points.Conditions[0].At[i]
			traintest.Near(t, "initial point", initial.Data[2*i:2*i+2], []float64{at[0], float64(k) / 10}, 1e-15)
		}
		for i := range 10 {
			// The i-th of this slab is at t = (10k + i)/99, at both ends of x.
			traintest.Near(t, "left", pairs.Data[2*i:2*i+2], []float64{0, float64(10*k+i) / 99}, 1e-15)
			traintest.Near(t, "right", pairs.Data[20+2*i:22+2*i], []float64{2 * math.Pi, float64(10*k+i) / 99}, 1e-15)
		}
	}
	if len(seen) != 1000 {
		t.Errorf("%d collocation points in all slabs, want 1,000", len(seen))
	}
	for _, at := range p.Setup.Points.Collocation {
		if n := seen[[2]float64(at)]; n != 1 {
			t.Errorf("%v is in %d slabs", at, n)
		}
	}
}

// TestOneSlabIsPINN: with one slab no point is repeated and nothing is handed on.
func TestOneSlabIsPINN(t *testing.T) {
	p := slabs(t)
	p.Slabs = 1
	want := one(p).Task()
	weights := traintest.Formulas(want, .5)
	wantTerms, wantGradients := traintest.Losses(t, traintest.Open(t), want)(weights)
	terms, gradients := traintest.Losses(t, traintest.Open(t), p.Task())(weights)
	traintest.NearAll(t, "term", terms, wantTerms, 1e-13)
	traintest.NearAll(t, "gradient", gradients, wantGradients, 1e-12)
}

// channels compiles a network: of weights, the function evaluates u, the residual
// and u_x at points.
func channels(tb testing.TB, p baselines.PINNS2S, dtype string, points [][]float64, weights map[string]train.Array, network func(in train.Inputs) jet.Network) func(weights map[string]train.Array) [3][]float64 {
	tb.Helper()
	e, err := train.NewEvaluator(traintest.Open(tb), slices.Collect(maps.Keys(weights)), []string{"mu", "x"}, dtype, func(in train.Inputs) []*graph.Node {
		net := network(in)
		r, u := pde.Residual(p.Setup.Problem, net, in.D("mu"), in.D("x"))
		return []*graph.Node{u, r, pde.Derivative(p.Setup.Problem, net, in.D("x"), "x")}
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(e.Finalize)
	return func(weights map[string]train.Array) [3][]float64 {
		tb.Helper()
		x := train.FromRows(points)
		out, err := e.Call(weights, map[string]train.Array{
			"mu": train.FromRows([][]float64{p.Mu}),
			"x":  x.Reshape(1, x.Dims[0], x.Dims[1]),
		})
		if err != nil {
			tb.Fatal(err)
		}
		return [3][]float64{out[0].Data, out[1].Data, out[2].Data}
	}
}

// within keeps the points of a setup with low < t ≤ high, and the initial ones.
func within(s pinn.Setup, low, high float64) pinn.Setup {
	in := func(at []float64) bool { return at[1] > low && at[1] <= high }
	out := pinn.Setup{Problem: s.Problem}
	for _, at := range s.Points.Collocation {
		if in(at) {
			out.Points.Collocation = append(out.Points.Collocation, at)
		}
	}
	for _, c := range s.Points.Conditions {
		if c.To != nil {
			at, to := c.At, c.To
			c.At, c.To = nil, nil
			for i := range at {
				if in(at[i]) {
					c.At, c.To = append(c.At, at[i]), append(c.To, to[i])
				}
			}
		}
		out.Points.Conditions = append(out.Points.Conditions, c)
	}
	return out
}

// TestSlabLoss compares slabs' losses with those of their points alone, none of
// them repeated, with the graph's own prediction as the initial condition.
func TestSlabLoss(t *testing.T) {
	p := slabs(t)
	task := p.Task()
	ended := ends(task, p.Slabs+1)
	for _, k := range []int{1, 3} {
		of := stage(t, task, k, ended)
		for _, w := range of.Weights {
			if !w.Value.Equal(ended[k-1][w.Name]) {
				t.Errorf("slab %d doesn't start from where %s ended", k, w.Name)
			}
		}
		alone := one(p)
		alone.Setup = within(p.Setup, float64(k)/4, float64(k+1)/4)
		if got, own := datum(t, of, "collocation").Dims[1], len(alone.Setup.Points.Collocation); k == 1 && got == own {
			t.Error("no point of slab 1 is repeated: the test tests nothing")
		}
		initial := &alone.Setup.Points.Conditions[0]
		at := make([][]float64, len(initial.At))
		for i := range at {
			at[i] = []float64{initial.At[i][0], float64(k) / 4}
		}
		predicted := channels(t, p, "float64", at, ended[k-1], one(p).Network)(ended[k-1])[0]
		traintest.Near(t, "initial value", datum(t, of, "initial/values").Data, predicted, 1e-14)
		initial.At, initial.Value = at, func(_, x []float64) float64 {
			return predicted[slices.IndexFunc(at, func(y []float64) bool { return x[0] == y[0] })]
		}
		weights := ended[p.Slabs]
		wantTerms, wantGradients := traintest.Losses(t, traintest.Open(t), alone.Task())(weights)
		terms, gradients := traintest.Losses(t, traintest.Open(t), of)(weights)
		traintest.NearAll(t, "term", terms, wantTerms, 1e-13)
		traintest.NearAll(t, "gradient", gradients, wantGradients, 1e-12)
		if len(terms) != 4 {
			t.Errorf("%d terms, want residual, initial, boundary and its slope", len(terms))
		}
	}
}

// TestNetworkOfSlabs: at each point the network of its slab, in every channel; a
// time between two slabs belongs to the earlier.
func TestNetworkOfSlabs(t *testing.T) {
	p := slabs(t)
	p.Slabs = 0 // ten
	task := p.Task()
	// The first time, then three points a slab: its last time, and two within.
	points, of := [][]float64{{3, 0}}, []int{0}
	for k := range 10 {
		points = append(points, []float64{1, float64(k+1) / 10}, []float64{2, (float64(k) + .01) / 10}, []float64{5, (float64(k) + .7) / 10})
		of = append(of, k, k, k)
	}
	ended := ends(task, 10)
	weights := p.Weights(train.State{Weights: ended[9], Ended: ended[:9]})
	if len(weights) != 10*len(task.Weights) {
		t.Fatalf("%d weights, want those of ten slabs", len(weights))
	}
	for dtype, tolerance := range map[string]float64{"float32": 1e-5, "float64": 1e-13} {
		all := channels(t, p, dtype, points, weights, p.Network)
		alone := channels(t, p, dtype, points, ended[0], one(p).Network)
		got := all(weights)
		var want [3][]float64
		for i := range points {
			own := alone(ended[of[i]])
			for c := range want {
				want[c] = append(want[c], own[c][i])
			}
			if neighbour := alone(ended[(of[i]+1)%10]); math.Abs(neighbour[0][i]-own[0][i]) < 1e-3 {
				t.Errorf("slab %d agrees with the next at %v: the test tests nothing", of[i], points[i])
			}
		}
		equal := all(p.Weights(train.Initial(task))) // no slab has ended: all have these
		wantEqual := alone(train.Initial(task).Weights)
		for c, name := range []string{"u", "residual", "u_x"} {
			traintest.Near(t, dtype+" "+name, got[c], want[c], tolerance)
			traintest.Near(t, dtype+" "+name+" of equal slabs", equal[c], wantEqual[c], tolerance)
		}
	}
}

// TestSlabsTrain: two μ in one run, and a run that is interrupted in a slab or
// between two ends in the same bits.
func TestSlabsTrain(t *testing.T) {
	a, b := slabs(t), slabs(t)
	a.Mu, b.Mu = []float64{3, .25, 1.5}, []float64{1, .5, 0}
	tasks := []train.Task{a.Task(), b.Task()}
	s := train.Settings{Steps: 12, LearningRate: 1e-2, HistoryEvery: 1}
	trainer := newTrainer(t, tasks[0], s)
	straight := trainer.run(nil, tasks...)
	for i, p := range []baselines.PINNS2S{a, b} {
		if got := len(straight[i].Ended); got != 3 {
			t.Fatalf("%d slabs ended before the last, want 3", got)
		}
		weights := p.Weights(straight[i])
		for k, from := range append(slices.Clone(straight[i].Ended), straight[i].Weights) {
			for name, w := range from {
				if !weights[fmt.Sprintf("slab%d/%s", k, name)].Equal(w) {
					t.Errorf("%s of slab %d is not the one that it ended with", name, k)
				}
			}
		}
		if maps.EqualFunc(straight[i].Ended[0], straight[i].Ended[1], train.Array.Equal) {
			t.Error("the second slab was not trained")
		}
	}
	for _, at := range []int{2, 3, 7} {
		sameStates(t, fmt.Sprintf("interrupted at step %d", at), trainer.run(trainer.interrupted(at, tasks...), tasks...), straight)
	}
}

// TestSlabsSolve: a wave that PINN-S2S gets right, as a whole, in 1,500 steps.
func TestSlabsSolve(t *testing.T) {
	if testing.Short() {
		t.Skip("1,500 steps")
	}
	p := baselines.PINNS2S{Setup: convection(), Mu: []float64{2, 0, 0}, Slabs: 5, Width: 20, Hidden: 3}
	task := p.Task()
	state := newTrainer(t, task, train.Settings{Steps: 1500, LearningRate: 1e-2}).run(nil, task)[0]
	weights := p.Weights(state)
	e, err := pinn.NewEvaluator(traintest.Open(t), p.Setup, slices.Collect(maps.Keys(weights)), nil, "float32", p.Network)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Finalize()
	ev, err := e.Evaluate(p.Mu, weights, nil)
	if err != nil {
		t.Fatal(err)
	}
	// As of ExamplePINN: a fifth of the best constant's.
	if !(ev.Grid.RelL2 < ev.TrivialGrid.RelL2/5) {
		t.Errorf("rel L2 %g, want below a fifth of the best constant's %g", ev.Grid.RelL2, ev.TrivialGrid.RelL2)
	}
	t.Logf("rel L2 %.3g, best constant %.3g", ev.Grid.RelL2, ev.TrivialGrid.RelL2)
}

func TestPINNS2SRefuses(t *testing.T) {
	if err := slabs(t).Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*baselines.PINNS2S){
		"number of slabs must be positive": func(p *baselines.PINNS2S) { p.Slabs = -1 },
		"has no collocation point":         func(p *baselines.PINNS2S) { p.Slabs = 50 }, // 20 points
		`"boundary" has`:                   func(p *baselines.PINNS2S) { p.Slabs = 7 },  // 100 pairs
		"nu":                               func(p *baselines.PINNS2S) { p.Mu = []float64{1, -1, 0} },
		"derivative at the first time": func(p *baselines.PINNS2S) {
			c := slices.Clone(p.Setup.Points.Conditions)
			c[0].Derivative = "x"
			p.Setup.Points.Conditions = c
		},
		"two slabs": func(p *baselines.PINNS2S) {
			c := slices.Clone(p.Setup.Points.Conditions)
			c[1].To = slices.Clone(c[1].To)
			slices.Reverse(c[1].To)
			p.Setup.Points.Conditions = c
		},
		"no coordinate t": func(p *baselines.PINNS2S) { p.Setup.Problem, p.Mu = pde.Helmholtz{}, []float64{2.5, 2.5} },
	} {
		p := slabs(t)
		change(&p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	p := slabs(t)
	task := p.Task()
	if _, err := task.Stage(4, ends(task, 4)); err == nil {
		t.Error("there is a fifth of four slabs")
	}
	if _, err := task.Stage(1, []map[string]train.Array{{}}); err == nil || !strings.Contains(err.Error(), "dense0/w") {
		t.Errorf("error %v of a stage without weights names none", err)
	}
}
