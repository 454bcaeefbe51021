// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func TestMetaParameterCounts(t *testing.T) {
	mus := [][]float64{{30, 0, 0}, {35, 0, 0}, {40, 0, 0}}
	for _, c := range []struct {
		on   baselines.Base
		want int
	}{
		{baselines.NaiveLR{Setup: convection(), Rank: 10}, 381}, // Table 3: 351 + 3·10
		{baselines.NaiveLR{Setup: convection(), Rank: 50}, 501},
		{baselines.PINN{Setup: convection()}, 10_401},
	} {
		maml, reptile := baselines.MAML{On: c.on, Mus: mus}.Task(), baselines.Reptile{On: c.on, Mus: mus, Steps: 1}.Task()
		for _, task := range []train.Task{maml, reptile} {
			if got := task.Count(); got != c.want {
				t.Errorf("%s: %d parameters, want %d", task.Label, got, c.want)
			}
			tuned, err := baselines.FineTune(c.on, mus[1], train.Initial(task).Weights)
			if err != nil {
				t.Fatal(err)
			}
			if got := tuned.Count(); got != c.want {
				t.Errorf("%s: %d parameters, want %d", tuned.Label, got, c.want)
			}
		}
	}
}

// TestFineTuneStartsFromMetaWeights: all but the initial weights is the network's
// own training at that μ, fixed bases included.
func TestFineTuneStartsFromMetaWeights(t *testing.T) {
	for name, on := range metaBases(t) {
		t.Run(name, func(t *testing.T) {
			meta := baselines.MAML{On: on, Mus: metaMus}.Task()
			weights := traintest.Formulas(meta, .5)
			tuned, err := baselines.FineTune(on, metaMus[2], weights)
			if err != nil {
				t.Fatal(err)
			}
			traintest.NearAll(t, "initial value", train.Initial(tuned).Weights, weights, 0)
			if fresh := atMu(on, metaMus[2]); !reflect.DeepEqual(tuned.Data, fresh.Data) {
				t.Error("the data are not those of the network's own task")
			}
			for _, d := range tuned.Data {
				if strings.HasPrefix(d.Name, "lowrank") && !slices.ContainsFunc(meta.Data, func(m train.Datum) bool { return m.Name == d.Name && m.Value.Equal(d.Value) }) {
					t.Errorf("fixed basis %s is not that of the meta-learning", d.Name)
				}
			}

			delete(weights, meta.Weights[0].Name)
			if _, err := baselines.FineTune(on, metaMus[2], weights); err == nil || !strings.Contains(err.Error(), meta.Weights[0].Name) {
				t.Errorf("error %v without %s", err, meta.Weights[0].Name)
			}
			if _, err := baselines.FineTune(on, []float64{math.NaN(), 0, 0}, traintest.Formulas(meta, .5)); err == nil {
				t.Error("fine-tunes at β = NaN")
			}
		})
	}
}

func TestMetaLearnersRefuseSettings(t *testing.T) {
	on := baselines.PINN{Setup: convection()}
	mus := [][]float64{{30, 0, 0}, {35, 0, 0}}
	good := baselines.Reptile{On: on, Mus: mus, Steps: 100}
	reptile := func(change func(p *baselines.Reptile)) error {
		p := good
		change(&p)
		return p.Check()
	}
	for _, c := range []struct {
		name, want string
		err        error
	}{
		{"MAML, defaults", "", baselines.MAML{On: on, Mus: mus}.Check()},
		{"MAML, no network", "set On", baselines.MAML{Mus: mus}.Check()},
		{"MAML, no μ", "at least one μ", baselines.MAML{On: on}.Check()},
		{"MAML, bad rank", "from 1 to the width 50", baselines.MAML{On: baselines.NaiveLR{Setup: convection(), Rank: 51}, Mus: mus}.Check()},
		{"MAML, 3 of 2 tasks", "from 1 to 2, got 3", baselines.MAML{On: on, Mus: mus, Tasks: 3}.Check()},
		{"MAML, -1 tasks", "from 1 to 2, got -1", baselines.MAML{On: on, Mus: mus, Tasks: -1}.Check()},
		{"MAML, -1 inner steps", "at least 1 inner step", baselines.MAML{On: on, Mus: mus, InnerSteps: -1}.Check()},
		{"MAML, rate below 0", "positive and finite", baselines.MAML{On: on, Mus: mus, InnerRate: -1e-3}.Check()},
		{"MAML, rate NaN", "positive and finite", baselines.MAML{On: on, Mus: mus, InnerRate: math.NaN()}.Check()},
		{"Reptile", "", good.Check()},
		{"Reptile, no outer steps", "outer steps", reptile(func(p *baselines.Reptile) { p.Steps = 0 })},
		{"Reptile, no network", "set On", reptile(func(p *baselines.Reptile) { p.On = nil })},
		{"Reptile, β = NaN", "finite", reptile(func(p *baselines.Reptile) { p.Mus = [][]float64{{math.NaN(), 0, 0}} })},
		{"Reptile, -1 inner steps", "at least 1 inner step", reptile(func(p *baselines.Reptile) { p.InnerSteps = -1 })},
		{"Reptile, infinite rate", "positive and finite", reptile(func(p *baselines.Reptile) { p.InnerRate = math.Inf(1) })},
		{"Reptile, unknown optimizer", `known are "" (Adam) and "sgd"`, reptile(func(p *baselines.Reptile) { p.InnerOptimizer = "lbfgs" })},
		{"Reptile, ε below 0", "above 0 and at most 1", reptile(func(p *baselines.Reptile) { p.Epsilon = -.1 })},
		{"Reptile, ε above 1", "above 0 and at most 1", reptile(func(p *baselines.Reptile) { p.Epsilon = 1.1 })},
	} {
		switch {
		case c.want == "" && c.err != nil:
			t.Errorf("%s: error %v, want none", c.name, c.err)
		case c.want != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.want) || strings.Contains(c.err.Error(), "\n")):
			t.Errorf("%s: error %v, want one line with %q", c.name, c.err, c.want)
		}
	}
}

// TestMetaGraphs: a graph has the same hash each time it is built, and another one
// where a setting is another.
func TestMetaGraphs(t *testing.T) {
	on := metaBases(t)["PINN"]
	seen := map[string]string{}
	for name, of := range map[string]func() train.Task{
		"MAML":             func() train.Task { return baselines.MAML{On: on, Mus: metaMus}.Task() },
		"first order":      func() train.Task { return baselines.MAML{On: on, Mus: metaMus, FirstOrder: true}.Task() },
		"two inner steps":  func() train.Task { return baselines.MAML{On: on, Mus: metaMus, InnerSteps: 2}.Task() },
		"two tasks":        func() train.Task { return baselines.MAML{On: on, Mus: metaMus, Tasks: 2}.Task() },
		"other inner rate": func() train.Task { return baselines.MAML{On: on, Mus: metaMus, InnerRate: 2e-3}.Task() },
		"Reptile":          func() train.Task { return baselines.Reptile{On: on, Mus: metaMus, Steps: 9}.Task() },
		"other ε":          func() train.Task { return baselines.Reptile{On: on, Mus: metaMus, Steps: 9, Epsilon: .2}.Task() },
		"longer":           func() train.Task { return baselines.Reptile{On: on, Mus: metaMus, Steps: 10}.Task() },
		"gradient descent": func() train.Task {
			return baselines.Reptile{On: on, Mus: metaMus, Steps: 9, InnerOptimizer: baselines.InnerSGD}.Task()
		},
		"fewer inner steps": func() train.Task { return baselines.Reptile{On: on, Mus: metaMus, Steps: 9, InnerSteps: 9}.Task() },
	} {
		hash, err := train.GraphHash(traintest.Open(t), of(), "float32")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := train.GraphHash(traintest.Open(t), of(), "float32"); err != nil || again != hash {
			t.Errorf("%s: hash %s, then %s (error %v)", name, hash, again, err)
		}
		if other, ok := seen[hash]; ok {
			t.Errorf("%s has the graph of %s", name, other)
		}
		seen[hash] = name
	}
}

// TestMetaLearnersResume: a run that is interrupted, written, read and continued
// has the bits of one in one go.
func TestMetaLearnersResume(t *testing.T) {
	const steps = 12
	o := train.Options{StepsPerDispatch: 5}
	tasks := map[string]train.Task{}
	for name, on := range metaBases(t) {
		tasks["MAML on "+name] = baselines.MAML{On: on, Mus: metaMus, Tasks: 2}.Task()
		tasks["Reptile on "+name] = baselines.Reptile{On: on, Mus: metaMus, Steps: steps, InnerSteps: 2}.Task()
	}
	for name, task := range tasks {
		t.Run(name, func(t *testing.T) {
			trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: steps, HistoryEvery: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Finalize()
			of := []train.Task{task}
			straight, err := trainer.Run(context.Background(), of, nil, o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var written train.State
			stopping := o
			stopping.CheckpointEvery = time.Nanosecond // after every dispatch
			stopping.Checkpoint = func(states []train.State) error {
				var file bytes.Buffer
				err := states[0].Encode(&file, "float32")
				if err == nil {
					written, err = train.DecodeState(file.Bytes())
				}
				if written.Steps >= 4 {
					cancel()
				}
				return err
			}
			if _, err = trainer.Run(ctx, of, nil, stopping); !errors.Is(err, train.ErrInterrupted) || written.Steps >= steps {
				t.Fatalf("error %v at step %d, want an interrupt before step %d", err, written.Steps, steps)
			}
			resumed, err := trainer.Run(context.Background(), of, []train.State{written}, o)
			if err != nil {
				t.Fatal(err)
			}
			traintest.NearAll(t, "weight", resumed[0].Weights, straight[0].Weights, 0)
			if got, want := resumed[0].History, straight[0].History; !reflect.DeepEqual(got, want) {
				t.Errorf("history %v, want %v", got, want)
			}
			for name, w := range train.Initial(task).Weights {
				if w.Equal(straight[0].Weights[name]) {
					t.Errorf("%s was not trained", name)
				}
			}
		})
	}
}

// TestMetaLearnersOfTwoSeeds: two seeds in one graph, each with its own weights,
// fixed bases and draws, are within rounding what they are alone.
func TestMetaLearnersOfTwoSeeds(t *testing.T) {
	const steps = 4
	s := train.Settings{Steps: steps, HistoryEvery: 1, DType: "float64"}
	on := func(seed int64) baselines.Base {
		return baselines.NaiveLR{Setup: few(t, false), Rank: 3, Width: 5, Seed: seed}
	}
	for name, of := range map[string]func(seed int64) train.Task{
		"MAML": func(seed int64) train.Task { return baselines.MAML{On: on(seed), Mus: metaMus, Tasks: 3}.Task() },
		"Reptile": func(seed int64) train.Task {
			return baselines.Reptile{On: on(seed), Mus: metaMus, Steps: steps, InnerSteps: 2}.Task()
		},
	} {
		t.Run(name, func(t *testing.T) {
			tasks := []train.Task{of(1), of(2)}
			trainer, err := train.NewTrainer(traintest.Open(t), tasks[0], s)
			if err != nil {
				t.Fatal(err)
			}
			defer trainer.Finalize()
			states, err := trainer.Run(context.Background(), tasks, nil, train.Options{StepsPerDispatch: 4})
			if err != nil {
				t.Fatal(err)
			}
			run := runner(t, tasks[0], s)
			for q, task := range tasks {
				alone := run(task, nil)
				traintest.NearAll(t, "weight", states[q].Weights, alone.Weights, 1e-11)
				for row := range steps {
					traintest.NearAll(t, "term", rowTerms(states[q].History, row), rowTerms(alone.History, row), 1e-11)
				}
			}
		})
	}
}

// TestMetaProbe: the errors are the means over the training μ of those of the
// network on the meta-weights, and on weights adapted at each μ by the network's
// own training.
func TestMetaProbe(t *testing.T) {
	setup := few(t, false)
	base := baselines.NaiveLR{Setup: setup, Rank: 3, Width: 5, Seed: 1}
	const rate, steps = 1e-2, 2
	maml := baselines.MAML{On: base, Mus: metaMus, InnerSteps: steps, InnerRate: rate}
	reptile := baselines.Reptile{On: base, Mus: metaMus, Steps: 1, InnerSteps: steps, InnerRate: rate}
	weights := traintest.Formulas(maml.Task(), .5)

	// Adam at all μ side by side.
	var tasks []train.Task
	var from []train.State
	for _, mu := range metaMus {
		task := atMu(base, mu)
		start := train.Initial(task)
		start.Weights = weights
		tasks, from = append(tasks, task), append(from, start)
	}
	trainer, err := train.NewTrainer(traintest.Open(t), tasks[0], train.Settings{Steps: steps, LearningRate: rate, DType: "float64"})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	ended, err := trainer.Run(context.Background(), tasks, from, train.Options{StepsPerDispatch: 1})
	if err != nil {
		t.Fatal(err)
	}
	adam := make([]map[string]train.Array, len(metaMus))
	for i, s := range ended {
		adam[i] = s.Weights
	}

	data, names := map[string]train.Array{}, slices.Collect(maps.Keys(weights))
	for _, d := range maml.Task().Data {
		if slices.Contains(base.BasisNames(), d.Name) {
			data[d.Name] = d.Value
		}
	}
	for _, c := range []struct {
		name    string
		probe   func(train.Task) (train.Task, error)
		task    train.Task
		network func(train.Inputs) jet.Network
		adapted []map[string]train.Array
	}{
		{"MAML", maml.Probe, maml.Task(), maml.Network, descent(own(t, base), weights, rate, steps)},
		{"Reptile", reptile.Probe, reptile.Task(), reptile.Network, adam},
	} {
		t.Run(c.name, func(t *testing.T) {
			task, err := c.probe(c.task)
			if err != nil {
				t.Fatal(err)
			}
			// No step: the one row is of the weights as they are.
			h := runner(t, task, train.Settings{ProbeEvery: 1, DType: "float64"})(task, weights).History
			e, err := pinn.NewEvaluator(traintest.Open(t), setup, names, slices.Collect(maps.Keys(data)), "float64", c.network)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Finalize()
			want := map[string]float64{}
			for i, mu := range metaMus {
				for suffix, w := range map[string]map[string]train.Array{"": weights, baselines.AdaptedSuffix: c.adapted[i]} {
					ev, err := e.Evaluate(mu, w, data)
					if err != nil {
						t.Fatal(err)
					}
					want[pinn.AbsProbe+suffix] += ev.Test.Abs / float64(len(metaMus))
					want[pinn.RelProbe+suffix] += ev.Test.RelL2 / float64(len(metaMus))
				}
			}
			for name, x := range want {
				i := slices.Index(h.Probes, name)
				if i < 0 {
					t.Fatalf("probes %v, want %s among them", h.Probes, name)
				}
				traintest.Near(t, name, h.Rows[0].Probes[i:i+1], []float64{x}, 1e-11)
			}
			if before, after := want[pinn.AbsProbe], want[pinn.AbsProbe+baselines.AdaptedSuffix]; math.Abs(after-before) < 1e-3*before {
				t.Errorf("the error is %g before and %g after adapting: too close to tell", before, after)
			}
		})
	}
}

// TestMetaLearnersOfHelmholtz: a problem of two parameters whose right-hand side
// and boundary values depend on them.
func TestMetaLearnersOfHelmholtz(t *testing.T) {
	setup, err := pinn.NewSetup(pde.Helmholtz{}, pde.Sample{Set: "drawn", Collocation: 10})
	if err != nil {
		t.Fatal(err)
	}
	on := baselines.PINN{Setup: setup, Width: 4, Hidden: 2}
	mus := [][]float64{{2, 2}, {2.5, 2.5}}
	for name, task := range map[string]train.Task{
		"MAML":    baselines.MAML{On: on, Mus: mus, InnerRate: 1e-6}.Task(),
		"Reptile": baselines.Reptile{On: on, Mus: mus, Steps: 3, InnerSteps: 2, InnerRate: 1e-5}.Task(),
	} {
		s := runner(t, task, train.Settings{Steps: 3, HistoryEvery: 1})(task, nil)
		if len(s.History.Rows) != 3 || !slices.Equal(s.History.Terms, []string{"residual", "boundary"}) {
			t.Errorf("%s: %d rows of terms %v, want 3 of residual and boundary", name, len(s.History.Rows), s.History.Terms)
		}
	}
}
