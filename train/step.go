// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"math"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths
)

// layout says which tensors a step reads and writes, in order: the steps done,
// then weights, first moments, second moments, then data. Levenberg–Marquardt has no
// moments.
type layout struct {
	groups  []string
	weights []string
	data    []string
}

func (l layout) state() int { return 1 + len(l.groups)*len(l.weights) }

// names lists the variables in the order of the layout.
func (l layout) names() []string {
	names := []string{"steps"}
	for _, group := range l.groups {
		for _, w := range l.weights {
			names = append(names, group+w)
		}
	}
	for _, d := range l.data {
		names = append(names, "data/"+d)
	}
	return names
}

func (l layout) inputs(nodes []*Node) Inputs {
	in := Inputs{weights: map[string]*Node{}, data: map[string]*Node{}, steps: nodes[0]}
	for i, name := range l.weights {
		in.weights[name] = nodes[1+i]
	}
	for i, name := range l.data {
		in.data[name] = nodes[l.state()+i]
	}
	return in
}

// step is one Adam step, or one Update of the task: from nodes in the order of
// the layout to the new state and the terms of the loss before it, [term, query].
func (t *Trainer) step(nodes []*Node) (state []*Node, terms *Node) {
	l, n := t.layout, len(t.layout.weights)
	in := t.task.redrawn(l.inputs(nodes))
	if t.task.Update != nil {
		weights, values := t.task.Update(in)
		state = append([]*Node{AddScalar(nodes[0], 1)}, nodes[1:l.state()]...)
		for i, name := range l.weights {
			w, ok := weights[name]
			if !ok {
				panic(fmt.Errorf("train: expected the update to return weight %q", name))
			}
			state[1+i] = w
		}
		rows := make([]*Node, len(values))
		for i, term := range values {
			rows[i] = InsertAxes(term.Value, 0)
		}
		return state, Concatenate(rows, 0)
	}
	values := t.task.Loss(in)
	var total *Node
	rows := make([]*Node, len(values))
	for i, term := range values {
		rows[i] = InsertAxes(term.Value, 0)
		sum := ReduceAllSum(term.Value)
		if total == nil {
			total = sum
		} else {
			total = Add(total, sum)
		}
	}
	gradients := Gradient(total, nodes[1:1+n]...)

	steps := AddScalar(nodes[0], 1)
	rate := t.settings.rate(steps, t.stageSteps())
	state = make([]*Node, l.state())
	state[0] = steps
	for i, name := range l.weights {
		g := gradients[i]
		if mask, ok := in.data[maskDatum(name)]; ok {
			g = Mul(g, mask)
		}
		w, m, v := nodes[1+i], nodes[1+n+i], nodes[1+2*n+i]
		state[1+i], state[1+n+i], state[1+2*n+i] = Adam(steps, rate, w, g, m, v)
	}
	return state, Concatenate(rows, 0)
}

// Adam is update number t (a scalar that counts from 1) of a weight w with
// gradient g and moments m and v, by Kingma and Ba's algorithm 1 in PyTorch's
// order of operations.
func Adam(t, rate, w, g, m, v *Node) (newW, newM, newV *Node) {
	at := func(x float64) *Node { return ConstAs(t, x) }
	m = Add(Mul(at(beta1), m), Mul(at(1-beta1), g))
	v = Add(Mul(at(beta2), v), Mul(at(1-beta2), Square(g)))
	// 1 − βᵗ by expm1: at t = 1 the difference itself has only 17 bits in float32.
	correction := func(beta float64) *Node { return Neg(Expm1(Mul(t, at(math.Log(beta))))) }
	denominator := Add(Div(Sqrt(v), Sqrt(correction(beta2))), at(epsilon))
	return Sub(w, Mul(Div(rate, correction(beta1)), Div(m, denominator))), m, v
}

// nameTerms traces the loss once, in a graph that is thrown away: the loop needs
// to know how many terms there are before it is built.
func (t *Trainer) nameTerms(nodes []*Node) {
	g := NewGraph(t.backend, "terms")
	defer g.Finalize()
	in := make([]*Node, len(nodes))
	for i, n := range nodes {
		in[i] = Parameter(g, fmt.Sprintf("s%d", i), n.Shape())
	}
	t.terms = t.terms[:0]
	values := t.task.Loss
	if t.task.Update != nil {
		values = func(in Inputs) []Term {
			_, terms := t.task.Update(in)
			return terms
		}
	}
	for _, term := range values(t.layout.inputs(in)) {
		if term.Value.Rank() != 1 || term.Value.Shape().Dim(0) != t.queries {
			panic(fmt.Errorf("train: expected loss term %q of shape [%d], got %s", term.Name, t.queries, term.Value.Shape()))
		}
		t.terms = append(t.terms, term.Name)
	}
}

// loop runs count steps, at most limit, in one dispatch and returns the new
// state and the terms of every step, [limit, term, query].
//
// All the data travel through the loop's state: on XLA the body of a While can't
// read nodes of its parent.
func (t *Trainer) loop(g *Graph, nodes []*Node, count *Node, limit int) ([]*Node, *Node) {
	t.nameTerms(nodes)
	dtype := t.settings.dtype()
	if limit == 1 {
		// The pure-Go backend's While can't hold a step.
		state, terms := t.step(nodes)
		return state, InsertAxes(terms, 0)
	}
	state := append([]*Node{Const(g, int32(0)), count}, nodes...)
	history := BroadcastToDims(ConstAsDType(g, dtype, 0.), limit, len(t.terms), t.queries)
	state = append(state, history)

	parameters := func(g *Graph) []*Node {
		in := make([]*Node, len(state))
		for i, n := range state {
			in[i] = Parameter(g, fmt.Sprintf("s%d", i), n.Shape())
		}
		return in
	}
	condition := NewClosure(g, func(g *Graph) []*Node {
		in := parameters(g)
		return []*Node{LessThan(in[0], in[1])}
	})
	body := NewClosure(g, func(g *Graph) []*Node {
		in := parameters(g)
		i, last := in[0], len(in)-1
		stepped, terms := t.step(in[2:last])
		zero := Const(g, int32(0))
		out := []*Node{Add(i, Const(g, int32(1))), in[1]}
		out = append(out, stepped...)
		out = append(out, in[2+t.layout.state():last]...)
		return append(out, DynamicUpdateSlice(in[last], InsertAxes(terms, 0), []*Node{i, zero, zero}))
	})
	out := While(condition, body, state...)
	return out[2 : 2+t.layout.state()], out[len(out)-1]
}

// scalar is the shape in which a counter lives on the device.
func scalar(x float64) Array { return Array{Dims: []int{}, Data: []float64{x}} }
