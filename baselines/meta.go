// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Base is a network whose initial weights MAML and Reptile learn: NaiveLR or
// PINN. Its Setup and Seed hold for the meta-learning too; its Mu is left aside.
type Base interface {
	Task() train.Task
	Network(in train.Inputs) jet.Network

	at(mu []float64) Base
	check() error
	parts() (setup pinn.Setup, seed int64)
}

var (
	_ Base = NaiveLR{}
	_ Base = PINN{}
)

func (p NaiveLR) at(mu []float64) Base       { p.Mu = mu; return p }
func (p NaiveLR) check() error               { return p.Check() }
func (p NaiveLR) parts() (pinn.Setup, int64) { return p.Setup, p.Seed }
func (p PINN) at(mu []float64) Base          { p.Mu = mu; return p }
func (p PINN) check() error                  { return p.Setup.Problem.Check(p.Mu) }
func (p PINN) parts() (pinn.Setup, int64)    { return p.Setup, p.Seed }

// FineTune returns the training of a network at mu from meta-learned weights. on
// is the On of their MAML or Reptile: fixed bases follow from its seed.
func FineTune(on Base, mu []float64, weights map[string]train.Array) (train.Task, error) {
	on = on.at(mu)
	if err := on.check(); err != nil {
		return train.Task{}, err
	}
	task := on.Task()
	for i, w := range task.Weights {
		a := weights[w.Name]
		if !slices.Equal(a.Dims, w.Value.Dims) {
			return train.Task{}, fmt.Errorf("baselines: fine-tuning needs weight %q of shape %v, got %v; give what was meta-learned on the same network",
				w.Name, w.Value.Dims, a.Dims)
		}
		task.Weights[i].Value = a
	}
	task.Label = "fine-tuning of " + task.Label
	return task, nil
}

// AdaptedSuffix ends the names of what MAML and Reptile probe after the inner
// steps, such as pinn.AbsProbe + AdaptedSuffix.
const AdaptedSuffix = "_adapted"

// learner is what MAML and Reptile share: a network on several μ. Its tasks are
// queries of the network: for Q queries of the outer training (seeds) and T tasks
// each, weights and data of the inner one are [Q·T, …].
type learner struct {
	base  Base // at the first μ
	setup pinn.Setup
	count int        // of μ
	outer train.Task // weights, data and streams
	// Names of data by their leading axis: the outer query, the μ, or neither.
	frozen, perMu, common []string
}

// tasksRole is the stream from which the tasks of a step are drawn.
const tasksRole = "tasks"

func newLearner(method string, on Base, mus [][]float64) learner {
	l := learner{base: on.at(mus[0]), count: len(mus)}
	l.outer.Streams = []string{tasksRole}
	l.setup, l.outer.Seed = on.parts()
	base := l.base.Task()
	network, _, _ := strings.Cut(base.Label, " at ")
	l.outer.Label = fmt.Sprintf("%s of %s on %d μ", method, network, len(mus))
	l.outer.Weights = base.Weights
	data := l.setup.Data(mus...)
	for _, d := range data {
		if d.Shared {
			l.common = append(l.common, d.Name)
		} else {
			l.perMu = append(l.perMu, d.Name)
		}
		d.Shared = true // all μ belong to one query of the outer training
		l.outer.Data = append(l.outer.Data, d)
	}
	for _, d := range base.Data {
		if !slices.ContainsFunc(data, func(of train.Datum) bool { return of.Name == d.Name }) {
			l.frozen = append(l.frozen, d.Name)
			l.outer.Data = append(l.outer.Data, d)
		}
	}
	return l
}

// inner returns the inputs of the inner training on tasks: choice, [query, task,
// μ], is 1 where a task is that μ and 0 elsewhere; nil chooses each μ once.
func (l learner) inner(in train.Inputs, choice *graph.Node) (weights, data map[string]*graph.Node) {
	weights, data = map[string]*graph.Node{}, map[string]*graph.Node{}
	queries, tasks := in.W(l.outer.Weights[0].Name).Shape().Dim(0), l.count
	if choice != nil {
		tasks = choice.Shape().Dim(1)
	}
	for _, w := range l.outer.Weights {
		weights[w.Name] = copies(in.W(w.Name), tasks)
	}
	for _, name := range l.common {
		data[name] = in.D(name)
	}
	for _, name := range l.frozen {
		data[name] = in.D(name)
		if queries > 1 { // one is broadcast by the network itself
			data[name] = copies(in.D(name), tasks)
		}
	}
	for _, name := range l.perMu {
		data[name] = in.D(name)
		if choice != nil {
			data[name] = chosen(in.D(name), choice)
		}
	}
	return weights, data
}

// copies repeats each query of x, [query, …], to [query·times, …].
func copies(x *graph.Node, times int) *graph.Node {
	if times == 1 {
		return x
	}
	dims := x.Shape().Dimensions
	wide := graph.BroadcastToDims(graph.InsertAxes(x, 1), append([]int{dims[0], times}, dims[1:]...)...)
	return graph.Reshape(wide, append([]int{dims[0] * times}, dims[1:]...)...)
}

// chosen returns the rows of x, [μ, number], that choice, [query, task, μ],
// selects: [query·task, number]. A sum of products is exact on every device,
// where a matrix product may round (TF32).
func chosen(x, choice *graph.Node) *graph.Node {
	tasks, mus := choice.Shape().Dim(0)*choice.Shape().Dim(1), choice.Shape().Dim(2)
	return graph.ReduceSum(graph.Mul(graph.Reshape(choice, tasks, mus, 1), graph.InsertAxes(x, 0)), 1)
}

// draw chooses tasks of the step from all μ, without replacement and all with the
// same probability: those of the smallest keys, where keys, [query, μ], are
// uniform. It returns [query, task, μ]; task k is the μ of the k-th smallest key,
// and of equal keys the first is the smaller.
func draw(keys *graph.Node, tasks int) *graph.Node {
	g, dtype, mus := keys.Graph(), keys.DType(), keys.Shape().Dim(1)
	of, other := graph.InsertAxes(keys, 2), graph.InsertAxes(keys, 1) // [query, μ, 1] and [query, 1, μ]
	index := func(axis int) *graph.Node { return graph.Iota(g, shapes.Make(dtype, 1, mus, mus), axis) }
	before := graph.LogicalOr(graph.LessThan(other, of),
		graph.LogicalAnd(graph.Equal(other, of), graph.LessThan(index(2), index(1))))
	rank := graph.ReduceSum(graph.ConvertDType(before, dtype), 2) // [query, μ]
	k := graph.Iota(g, shapes.Make(dtype, 1, tasks, 1), 1)
	return graph.ConvertDType(graph.Equal(graph.InsertAxes(rank, 1), k), dtype)
}

// losses returns the terms of the loss of each task, [query], and the sum of all
// over tasks, a scalar: its gradient is each task's own.
func (l learner) losses(weights, data map[string]*graph.Node) (terms []train.Term, total *graph.Node) {
	in := train.NewInputs(weights, data)
	terms = l.setup.Losses(in, l.base.Network(in))
	for _, term := range terms {
		sum := graph.ReduceAllSum(term.Value)
		if total == nil {
			total = sum
		} else {
			total = graph.Add(total, sum)
		}
	}
	return terms, total
}

// adapt takes inner steps from weights, on the loss of each task. update number t
// ≥ 1 maps a weight and its gradient to the new weight. The terms are those
// before the first step.
func (l learner) adapt(weights, data map[string]*graph.Node, steps int, update func(t int, name string, w, g *graph.Node) *graph.Node) (adapted map[string]*graph.Node, before []train.Term) {
	for t := 1; t <= steps; t++ {
		terms, total := l.losses(weights, data)
		if t == 1 {
			before = terms
		}
		nodes := make([]*graph.Node, len(l.outer.Weights))
		for i, w := range l.outer.Weights {
			nodes[i] = weights[w.Name]
		}
		weights = map[string]*graph.Node{}
		for i, g := range graph.Gradient(total, nodes...) {
			name := l.outer.Weights[i].Name
			weights[name] = update(t, name, nodes[i], g)
		}
	}
	return weights, before
}

// network is the network on meta-weights. Where the datum mu holds several μ for
// one query, as when all training μ are probed, each has a copy of the weights.
func (l learner) network(in train.Inputs) jet.Network {
	queries := in.W(l.outer.Weights[0].Name).Shape().Dim(0)
	weights, data := map[string]*graph.Node{}, map[string]*graph.Node{}
	for _, w := range l.outer.Weights {
		weights[w.Name] = copies(in.W(w.Name), max(1, in.D(pinn.MuDatum).Shape().Dim(0)/queries))
	}
	for _, name := range l.frozen {
		data[name] = in.D(name)
	}
	return l.base.Network(train.NewInputs(weights, data))
}

// probe adds the mean errors over the training μ, as they are and adapted.
func (l learner) probe(task train.Task, mus [][]float64, adapted func(weights, data map[string]*graph.Node) map[string]*graph.Node) (train.Task, error) {
	plain, err := l.setup.Probe(task, mus, l.network)
	if err != nil {
		return train.Task{}, err
	}
	after, err := l.setup.Probe(task, mus, func(in train.Inputs) jet.Network {
		weights, data := l.inner(in, nil)
		return l.base.Network(train.NewInputs(adapted(weights, data), data))
	})
	if err != nil {
		return train.Task{}, err
	}
	before := plain.Probe
	plain.Probe = func(in train.Inputs) []train.Term {
		terms := before(in)
		for _, term := range after.Probe(in) {
			terms = append(terms, train.Term{Name: term.Name + AdaptedSuffix, Value: term.Value})
		}
		return terms
	}
	return plain, nil
}

// checkMeta returns an error where there is no network or no training μ, or one
// that the network refuses.
func checkMeta(on Base, mus [][]float64) error {
	switch {
	case on == nil:
		return errors.New("baselines: the meta-learner has no network; set On to a NaiveLR or a PINN")
	case len(mus) == 0:
		return errors.New("baselines: the meta-learner has no training parameters; give at least one μ")
	}
	for _, mu := range mus {
		if err := on.at(mu).check(); err != nil {
			return err
		}
	}
	return nil
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 0) }
