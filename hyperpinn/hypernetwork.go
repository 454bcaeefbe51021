// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Activations of the hypernetwork.
const (
	Tanh = "tanh"
	ReLU = "relu"
)

// hypernetwork is a dense network from the parameters of an equation to all
// weights of a main network, with a linear output (section 2).
type hypernetwork struct {
	inputs     int
	hidden     []int
	activation string
	scaling    pinn.Scaling
	main       layers
}

func (h hypernetwork) check() error {
	if h.activation != Tanh && h.activation != ReLU {
		return fmt.Errorf("hyperpinn: unknown activation %q of the hypernetwork; known are %s and %s", h.activation, Tanh, ReLU)
	}
	if len(h.hidden) == 0 {
		return errors.New("hyperpinn: a hypernetwork without hidden layers; give at least one width")
	}
	for _, width := range h.hidden {
		if width < 1 {
			return fmt.Errorf("hyperpinn: a layer of the hypernetwork is %d wide; give at least 1", width)
		}
	}
	return nil
}

func hyperW(m int) string { return fmt.Sprintf("hyper%d/w", m) } // [1, in, out]
func hyperB(m int) string { return fmt.Sprintf("hyper%d/b", m) } // [1, out]

// The output layer stands in as many pieces as the main network has weights and
// biases, so that nothing is cut out of it: the gradient of a cut writes zeros
// everywhere else.
func headW(main string) string { return "head/" + main + "/w" } // [1, in, size]
func headB(main string) string { return "head/" + main + "/b" } // [1, size]

// initial draws the weights as PyTorch's Linear does, U(±1/√fan-in): the paper
// names no initialisation.
func (h hypernetwork) initial(seed int64) []train.Weight {
	var out []train.Weight
	in := h.inputs
	for m, width := range h.hidden {
		out = append(out, pinn.Linear(seed, hyperW(m), in, 1, in, width), pinn.Linear(seed, hyperB(m), in, 1, width))
		in = width
	}
	head := func(name string, size int) {
		out = append(out, pinn.Linear(seed, headW(name), in, 1, in, size), pinn.Linear(seed, headB(name), in, 1, size))
	}
	for l := range h.main[1:] {
		head(mainW(l), h.main[l]*h.main[l+1])
		head(mainB(l), h.main[l+1])
	}
	return out
}

// write returns the main network's weights at mu, [query, parameter].
func (h hypernetwork) write(in train.Inputs, mu *graph.Node) weights {
	layer := func(x *graph.Node, w, b string) *graph.Node {
		weight := in.W(w)
		weight = graph.Reshape(weight, weight.Shape().Dimensions[1:]...)
		return graph.Add(graph.Dot(x, weight).Product(), in.W(b))
	}
	x := h.scaling.Apply(mu)
	for m := range h.hidden {
		x = layer(x, hyperW(m), hyperB(m))
		if h.activation == ReLU {
			x = graph.Where(graph.IsPositive(x), x, graph.ZerosLike(x)) // gradient 0 at 0
		} else {
			x = graph.Tanh(x)
		}
	}
	var on weights
	queries := mu.Shape().Dim(0)
	for l := range h.main[1:] {
		w, b := mainW(l), mainB(l)
		on.w = append(on.w, graph.Reshape(layer(x, headW(w), headB(w)), queries, h.main[l], h.main[l+1]))
		on.b = append(on.b, graph.Reshape(layer(x, headW(b), headB(b)), queries, 1, h.main[l+1]))
	}
	return on
}

// generate evaluates the hypernetwork at parameter settings, on one compiled graph.
func (h hypernetwork) generate(b compute.Backend, hyper map[string]train.Array, mus [][]float64, dtype string) ([]map[string]train.Array, error) {
	if len(mus) == 0 {
		return nil, nil
	}
	for _, mu := range mus {
		if len(mu) != h.inputs {
			return nil, fmt.Errorf("hyperpinn: %d parameters; give %d", len(mu), h.inputs)
		}
	}
	for _, w := range h.initial(0) {
		if got, ok := hyper[w.Name]; !ok || !slices.Equal(got.Dims, w.Value.Dims) {
			return nil, fmt.Errorf("hyperpinn: the hypernetwork lacks weight %s of shape %v; give those of a trained one of this layout", w.Name, w.Value.Dims)
		}
	}
	out, err := train.Evaluate(b, hyper, []train.Datum{{Name: pinn.MuDatum, Value: train.FromRows(mus)}}, dtype, func(in train.Inputs) []*graph.Node {
		on := h.write(in, in.D(pinn.MuDatum))
		return append(on.w, on.b...)
	})
	if err != nil {
		return nil, err
	}
	mains := make([]map[string]train.Array, len(mus))
	for i := range mains {
		mains[i] = map[string]train.Array{}
	}
	for l := range h.main[1:] {
		for name, all := range map[string]train.Array{mainW(l): out[l], mainB(l): out[len(h.main)-1+l]} {
			for i, one := range all.Split(len(mus)) {
				mains[i][name] = one
			}
		}
	}
	return mains, nil
}

// Generate returns the weights of the main network that trained weights of the
// hypernetwork write at each of mus, by the names of a dense network: dense0/w is
// [1, in, out], dense0/b [1, 1, out], and so on.
func (p PINN) Generate(b compute.Backend, hyper map[string]train.Array, mus ...[]float64) ([]map[string]train.Array, error) {
	for _, mu := range mus {
		if err := p.Setup.Problem.Check(mu); err != nil {
			return nil, fmt.Errorf("hyperpinn: %w", err)
		}
	}
	return p.WithDefaults().hypernetwork().generate(b, hyper, mus, "float32")
}
