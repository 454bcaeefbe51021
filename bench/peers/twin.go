// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/train"
)

const twinSteps = 3 // of Adam, on fixed points

// twin is a step's task at one draw of its points, for others to compute the same.
type twin struct {
	step step
	task train.Task
}

// newTwin draws the ν and points of a task once. The weights are twice the initial
// ones, which hardly bend tanh. All numbers are float32's, so that both types start
// from the same.
func newTwin(s step, b compute.Backend) (twin, error) {
	task, err := s.task(b)
	if err != nil {
		return twin{}, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	task.Data = slices.Clone(task.Data)
	for i, d := range task.Data {
		a := train.NewArray(d.Value.Dims...)
		copy(a.Data, d.Value.Data)
		if d.Redraw != nil {
			for j := range a.Data {
				k := j % len(d.Redraw.Low)
				a.Data[j] = d.Redraw.Low[k] + (d.Redraw.High[k]-d.Redraw.Low[k])*r.Float64()
			}
		}
		round(a.Data)
		task.Data[i].Value, task.Data[i].Redraw = a, nil
	}
	task.Weights = slices.Clone(task.Weights)
	for i, w := range task.Weights {
		a := train.NewArray(w.Value.Dims...)
		for j, x := range w.Value.Data {
			a.Data[j] = 2 * x
		}
		round(a.Data)
		task.Weights[i].Value = a
	}
	return twin{s, task}, nil
}

// round takes numbers to the nearest float32.
func round(xs []float64) {
	for i, x := range xs {
		xs[i] = float64(float32(x))
	}
}

// inputs are what a peer needs: the step's data and weight/… for each weight.
func (t twin) inputs() map[string]train.Array {
	data := map[string]train.Array{}
	for _, d := range t.task.Data {
		data[d.Name] = d.Value
	}
	out := t.step.inputs(data)
	maps.Copy(out, prefixed("weight/", t.step.weights(values(t.task.Weights))))
	return out
}

// answer is what a peer has to find: the terms of the loss, gradient/… of their
// sum, and stepped/…, what three steps of Adam on these points add to the weights.
func (t twin) answer(b compute.Backend, dtype string) (map[string]train.Array, error) {
	out, err := t.gradient(b, dtype)
	if err != nil {
		return nil, err
	}
	stepped, err := t.stepped(b, dtype)
	maps.Copy(out, stepped)
	return out, err
}

// gradient returns the terms of the loss, and gradient/….
func (t twin) gradient(b compute.Backend, dtype string) (map[string]train.Array, error) {
	var names []string
	found, err := train.Evaluate(b, values(t.task.Weights), t.task.Data, dtype, func(in train.Inputs) []*graph.Node {
		names = nil
		var nodes, weights []*graph.Node
		var total *graph.Node
		for _, term := range t.task.Loss(in) {
			names, nodes = append(names, term.Name), append(nodes, term.Value)
			if sum := graph.ReduceAllSum(term.Value); total == nil {
				total = sum
			} else {
				total = graph.Add(total, sum)
			}
		}
		for _, w := range t.task.Weights {
			weights = append(weights, in.W(w.Name))
		}
		return append(nodes, graph.Gradient(total, weights...)...)
	})
	if err != nil {
		return nil, err
	}
	gradients := map[string]train.Array{}
	for i, w := range t.task.Weights {
		gradients[w.Name] = found[len(names)+i]
	}
	out := prefixed("gradient/", t.step.weights(gradients))
	for i, name := range names {
		out[name] = found[i]
	}
	return out, nil
}

// stepped returns stepped/….
func (t twin) stepped(b compute.Backend, dtype string) (map[string]train.Array, error) {
	trainer, err := train.NewTrainer(b, t.task, train.Settings{Steps: twinSteps, LearningRate: t.step.rate, DType: dtype})
	if err != nil {
		return nil, err
	}
	defer trainer.Finalize()
	states, err := trainer.Run(context.Background(), []train.Task{t.task}, nil, train.Options{})
	if err != nil {
		return nil, err
	}
	change := map[string]train.Array{}
	for _, w := range t.task.Weights {
		a := train.NewArray(w.Value.Dims...)
		for i, x := range states[0].Weights[w.Name].Data {
			a.Data[i] = x - w.Value.Data[i]
		}
		change[w.Name] = a
	}
	return prefixed("stepped/", t.step.weights(change)), nil
}

func values(weights []train.Weight) map[string]train.Array {
	out := map[string]train.Array{}
	for _, w := range weights {
		out[w.Name] = w.Value
	}
	return out
}

func prefixed(prefix string, arrays map[string]train.Array) map[string]train.Array {
	out := map[string]train.Array{}
	for name, a := range arrays {
		out[prefix+name] = a
	}
	return out
}

// deviation is how far a peer's answer is from ours: of each array the largest
// difference over the largest number in ours, and the array where it is largest.
// It is infinite for a number that is missing or is none. Arrays beyond ours don't
// count.
func deviation(got, want map[string]train.Array) (where string, most float64) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		d, scale := 0., 0.
		for i, w := range want[name].Data {
			scale = max(scale, math.Abs(w))
			if g := got[name]; len(g.Data) != len(want[name].Data) {
				d = math.Inf(1)
			} else if x := math.Abs(g.Data[i] - w); x > d || math.IsNaN(x) {
				d = x
			}
		}
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > 0 {
			d /= scale
		}
		if where == "" || d > most {
			where, most = name, d
		}
	}
	return where, most
}
