// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package train is the engine: it takes a loss on compiled graphs and runs Adam, or
// Levenberg–Marquardt, on it, for many queries at once, with history, checkpoint, resume
// and cancellation. It does not know which paper or method it serves.
//
// The query axis is first: every weight, datum and loss term carries a leading
// axis of queries (parameter settings, or seeds), and queries never mix. Tasks
// of the same shape are therefore stacked into one graph, and what comes out of
// each is, within rounding, what it would be alone.
//
//	task := train.Task{Weights: …, Data: …, Loss: func(in train.Inputs) []train.Term {…}}
//	t, err := train.NewTrainer(b, task, train.Settings{Steps: 10_000})
//	states, err := t.Run(ctx, []train.Task{task}, nil, train.Options{})
package train

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
)

// Task is what is trained, for one query.
type Task struct {
	// Label names the query in progress lines and errors, such as "beta=40".
	Label string
	// Weights are trained; the leading axis of each value is the query, 1.
	Weights []Weight
	// Data are what the loss reads beside the weights: points, μ, frozen weights.
	Data []Datum
	// Loss returns the terms of the loss; what is minimised is their sum.
	Loss func(in Inputs) []Term
	// Residuals, where set, returns what the loss is the sum of the squares of, for
	// Levenberg–Marquardt (Settings.LM): each term of the loss is the sum of those of one
	// term here, [query, residual]. It takes the weights from Inputs.Copies.
	Residuals func(in Inputs) []Term
	// Update, where set, takes the place of an Adam step on Loss: it returns the
	// new value of every weight, and terms for the history. A meta-learner's outer
	// step is one.
	Update func(in Inputs) (weights map[string]*graph.Node, terms []Term)
	// Probe returns what is measured every Settings.ProbeEvery steps, beside the
	// loss; it may be nil. ProbeData are what it reads beside the weights and Data.
	Probe     func(in Inputs) []Term
	ProbeData []Datum
	// Streams are the roles for which the loss draws numbers on the device, and
	// Seed is their seed; see Inputs.Uniform.
	Streams []string
	Seed    int64
	// Stages, where above 1, cuts the run into as many stages of equal length. Each
	// starts with Adam's moments and count at 0.
	Stages int
	// Stage returns the task of stage k ≥ 1 from the weights with which the stages
	// before it ended: its data, and the weights that it starts from. All else is
	// as in the first stage.
	Stage func(k int, ended []map[string]Array) (Task, error)
}

// Weight is a trained tensor and its initial value.
type Weight struct {
	Name  string
	Value Array
	// Mask, of the shape of Value, is 1 where the weight is trained and 0 where
	// it keeps its initial value; nil trains all of it.
	Mask *Array
}

// Datum is a tensor that the loss reads.
type Datum struct {
	Name  string
	Value Array
	// Shared data are one for all queries (their leading axis is then not the
	// query, or is 1); others are stacked along their leading axis.
	Shared bool
	// Redraw, where set, has a step read newly drawn numbers in place of Value.
	Redraw *Redraw
}

// Term is a named quantity, one value a query: [query]; of Task.Residuals, [query,
// residual].
type Term struct {
	Name  string
	Value *graph.Node
}

// Inputs gives a loss its weights and data by name.
type Inputs struct {
	weights, data map[string]*graph.Node
	steps         *graph.Node
	copied        *[]copies // what Copies has given, where it gives any
}

// NewInputs makes inputs from nodes by name, for evaluating a trained network
// outside a Trainer.
func NewInputs(weights, data map[string]*graph.Node) Inputs {
	return Inputs{weights: weights, data: data}
}

// W returns a weight, [query, …]; it panics on an unknown name.
func (in Inputs) W(name string) *graph.Node { return lookUp("weight", in.weights, name) }

// D returns a datum; it panics on an unknown name.
func (in Inputs) D(name string) *graph.Node { return lookUp("datum", in.data, name) }

// Steps returns the number of updates done in this stage, a scalar; it panics
// outside of a training step.
func (in Inputs) Steps() *graph.Node {
	if in.steps == nil {
		panic(errors.New("train: expected a training step, got an evaluation, which has no number of steps"))
	}
	return in.steps
}

// Any returns a weight or, where there is none of this name, a datum: a tensor
// that one variant of a method trains and another keeps fixed. It returns nil
// where there is neither.
func (in Inputs) Any(name string) *graph.Node {
	if n, ok := in.weights[name]; ok {
		return n
	}
	return in.data[name]
}

func lookUp(kind string, nodes map[string]*graph.Node, name string) *graph.Node {
	n, ok := nodes[name]
	if !ok {
		panic(fmt.Errorf("train: expected a %s among %v, got %q", kind, slices.Sorted(maps.Keys(nodes)), name))
	}
	return n
}

// Count returns the number of trained values of a task, masked ones left out.
func (t Task) Count() int {
	n := 0
	for _, w := range t.Weights {
		if w.Mask == nil {
			n += w.Value.Size()
			continue
		}
		for _, m := range w.Mask.Data {
			if m != 0 {
				n++
			}
		}
	}
	return n
}

// maskDatum is the name of the datum that carries a weight's mask.
func maskDatum(weight string) string { return "mask/" + weight }

// loopData returns what a step reads: the task's data, the masks of its weights
// and the keys of its streams.
func (t Task) loopData() []Datum {
	data := slices.Clone(t.Data)
	for _, d := range t.Data {
		if d.Redraw != nil {
			data = append(data, Datum{Name: streamDatum(d.Name), Value: streamKey(d.Redraw.Seed, d.Name), Shared: d.Shared})
		}
	}
	for _, role := range t.Streams {
		data = append(data, Datum{Name: streamDatum(role), Value: streamKey(t.Seed, role)})
	}
	for _, w := range t.Weights {
		if w.Mask != nil {
			data = append(data, Datum{Name: maskDatum(w.Name), Value: *w.Mask})
		}
	}
	return data
}

// allData returns what a step or a probe reads.
func (t Task) allData() []Datum { return append(t.loopData(), t.ProbeData...) }

// stackData joins the data of tasks along the query axis.
func stackData(tasks []Task) (map[string]Array, error) {
	out := map[string]Array{}
	first := tasks[0].allData()
	for i, d := range first {
		parts := make([]Array, len(tasks))
		for j, t := range tasks {
			data := t.allData()
			if len(data) != len(first) || data[i].Name != d.Name || data[i].Shared != d.Shared {
				return nil, fmt.Errorf("train: task %q has other data than %q and can't share its graph", t.Label, tasks[0].Label)
			}
			parts[j] = data[i].Value
		}
		if d.Shared {
			for j, p := range parts {
				if !p.Equal(parts[0]) {
					return nil, fmt.Errorf("train: shared datum %q of task %q differs from that of %q", d.Name, tasks[j].Label, tasks[0].Label)
				}
			}
			out[d.Name] = parts[0]
			continue
		}
		a, err := Join(parts)
		if err != nil {
			return nil, fmt.Errorf("train: datum %q: %w", d.Name, err)
		}
		out[d.Name] = a
	}
	return out, nil
}
