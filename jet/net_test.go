// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/stream"
)

// array is a float64 tensor on the host, row-major.
type array struct {
	dims []int
	data []float64
}

func (a array) tensor() *tensors.Tensor { return tensors.FromFlatDataAndDimensions(a.data, a.dims...) }

// at reads one element; an axis of length 1 stands for any index.
func (a array) at(index ...int) float64 {
	k := 0
	for i, d := range a.dims {
		if d > 1 {
			k = k*d + index[i]
		}
	}
	return a.data[k]
}

// random draws standard normal numbers times a scale.
func random(name string, scale float64, dims ...int) array {
	a := array{dims: dims, data: make([]float64, product(dims))}
	r := stream.New(1, name, 0, 0)
	for i := range a.data {
		a.data[i] = scale * r.NormFloat64()
	}
	return a
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// evaluate runs f once on the inputs.
func evaluate(tb testing.TB, inputs []array, f func(in []*graph.Node) []*graph.Node) []array {
	tb.Helper()
	e := compile(tb, f)
	defer e.exec.Finalize()
	return e.call(inputs)
}

type compiled struct {
	tb   testing.TB
	exec *graph.Exec
}

func compile(tb testing.TB, f func(in []*graph.Node) []*graph.Node) compiled {
	tb.Helper()
	exec, err := graph.NewExec(traintest.Open(tb), f)
	if err != nil {
		tb.Fatal(err)
	}
	return compiled{tb, exec}
}

func (c compiled) call(inputs []array) []array {
	c.tb.Helper()
	args := make([]any, len(inputs))
	for i, a := range inputs {
		args[i] = a.tensor()
	}
	out, err := c.exec.Call(args...)
	if err != nil {
		c.tb.Fatal(err)
	}
	arrays := make([]array, len(out))
	for i, t := range out {
		arrays[i].dims = t.Shape().Dimensions
		if err := tensors.ConstFlatData(t, func(flat []float64) { arrays[i].data = append([]float64(nil), flat...) }); err != nil {
			c.tb.Fatal(err)
		}
	}
	return arrays
}

// queries and points are the sizes of the cases: different from each other and
// from all widths, so that no axis can be taken for another.
const (
	queries = 3
	points  = 4
	width   = 6
)

// net is the network of these tests, on two coordinates (x, t):
//
//	h = tanh((x, t) W₀ + b₀);  h ← h + tanh(h U diag(s) V);  u = h w₁ + b₁
//
// with every kind of layer and a skip connection in it.
type net struct {
	name                    string
	w0, b0, u, s, v, w1, b1 array
	x                       array // [queries or 1, points, 2]
}

// nets are all ways to share weights and points between queries, at a rank that
// is folded into one weight (5) and at one that is not (2 < 36/12).
func nets() []net {
	var all []net
	for _, share := range []struct{ points, weights, diagonal, rank int }{
		{1, 1, 1, 5},
		{1, 1, queries, 2},
		{1, queries, queries, 5},
		{queries, 1, 1, 2},
		{queries, 1, queries, 5},
		{queries, queries, queries, 2},
	} {
		q := share.weights
		all = append(all, net{
			name: fmt.Sprintf("points=%d,weights=%d,diagonal=%d,rank=%d", share.points, q, share.diagonal, share.rank),
			w0:   random("w0", .8, q, 2, width),
			b0:   random("b0", .5, q, 1, width),
			u:    random("u", .5, q, width, share.rank),
			s:    random("s", 1, share.diagonal, share.rank),
			v:    random("v", .5, q, share.rank, width),
			w1:   random("w1", .5, q, width, 1),
			b1:   random("b1", .5, q, 1, 1),
			x:    random("x", 1, share.points, points, 2),
		})
	}
	return all
}

// weights are the inputs of a graph on this net; x comes after them.
func (n net) weights() []array { return []array{n.w0, n.b0, n.u, n.s, n.v, n.w1, n.b1} }

// queries is the number of queries of u.
func (n net) queries() int {
	return max(n.w0.dims[0], n.s.dims[0], n.x.dims[0])
}

// network builds the net from nodes in the order of weights.
func network(w []*graph.Node) jet.Network {
	return func(x *jet.Jet) *jet.Jet {
		h := jet.Tanh(jet.Dense(x, w[0], w[1]))
		h = jet.Sum(h, jet.Tanh(jet.LowRank(h, w[2], w[3], w[4], nil)))
		return jet.Dense(h, w[5], w[6])
	}
}

// host is u of query q at a place, in plain Go: the independent witness.
func (n net) host(q int, place [2]float64) float64 {
	rank := n.s.dims[1]
	h := make([]float64, width)
	for j := range h {
		h[j] = math.Tanh(place[0]*n.w0.at(q, 0, j) + place[1]*n.w0.at(q, 1, j) + n.b0.at(q, 0, j))
	}
	low := make([]float64, rank)
	for r := range low {
		for i := range h {
			low[r] += h[i] * n.u.at(q, i, r)
		}
		low[r] *= n.s.at(q, r)
	}
	u := n.b1.at(q, 0, 0)
	for j := range h {
		z := 0.
		for r := range low {
			z += low[r] * n.v.at(q, r, j)
		}
		u += (h[j] + math.Tanh(z)) * n.w1.at(q, j, 0)
	}
	return u
}

// difference is the n-th derivative of f at 0 by central differences, whose
// error goes in even powers of the step, so that Richardson's extrapolation over
// six halvings takes it from 1e-1 down to rounding (about 1e-9 for n = 3).
func difference(f func(e float64) float64, n int) float64 {
	const halvings = 6
	var row []float64
	for level := range halvings {
		h := .2 / math.Pow(2, float64(level))
		d, binomial := 0., 1.
		for k := range n + 1 {
			d += binomial * f((float64(n)/2-float64(k))*h)
			binomial *= -float64(n-k) / float64(k+1)
		}
		next := []float64{d / math.Pow(h, float64(n))}
		factor := 1.
		for _, coarse := range row {
			factor *= 4
			fine := next[len(next)-1]
			next = append(next, fine+(fine-coarse)/(factor-1))
		}
		row = next
	}
	return row[len(row)-1]
}

// near reports where got is not want, relative to the largest of want.
func near(t *testing.T, what string, got array, want []float64, tolerance float64) {
	t.Helper()
	if len(got.data) != len(want) {
		t.Errorf("%s: %d values of shape %v, want %d", what, len(got.data), got.dims, len(want))
		return
	}
	scale := 0.
	for _, x := range want {
		scale = max(scale, math.Abs(x))
	}
	for i, x := range want {
		if d := math.Abs(got.data[i] - x); !(d <= tolerance*scale) {
			t.Errorf("%s: element %d of %v is %.15g, want %.15g", what, i, got.dims, got.data[i], x)
			return
		}
	}
}

// fill repeats a channel that does not depend on the query along all of them.
func fill(n *graph.Node, q int) *graph.Node {
	return graph.BroadcastToDims(n, q, n.Shape().Dim(1), n.Shape().Dim(2))
}

// panicOf returns the message with which f panics.
func panicOf(f func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = strings.SplitN(fmt.Sprint(r), "\n", 2)[0]
		}
	}()
	f()
	return "no panic"
}
