// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Product is a matrix product in the graph of a training step: of LHS and RHS, summed
// over the contracting axes, and one for each entry of the batch axes.
type Product struct {
	LHS, RHS                       []int // dimensions
	LHSContracting, RHSContracting []int // axes
	LHSBatch, RHSBatch             []int // axes
	// Count is how many of this kind a step has.
	Count int
}

// Multiplications is how many numbers one of these products multiplies: m·k·n of an
// [m, k] times a [k, n], and as many for each entry of the batch axes. A product takes
// as many additions, so that it has twice as many operations.
func (p Product) Multiplications() int {
	n := 1
	for _, d := range p.LHS {
		n *= d
	}
	for i, d := range p.RHS {
		if !slices.Contains(p.RHSContracting, i) && !slices.Contains(p.RHSBatch, i) {
			n *= d
		}
	}
	return n
}

// Multiplications is the sum over all products of a step.
func Multiplications(products []Product) int {
	n := 0
	for _, p := range products {
		n += p.Count * p.Multiplications()
	}
	return n
}

// Products lists the matrix products in one training step of as many queries of a task:
// forward, and backward to its weights, or those of its Update. Each kind is there once,
// that of the largest products first; of equal ones, that which the step needs first.
//
// They are counted in the graph that is compiled, without what no output of the step
// needs. Products that are written twice are counted twice, although the compiler may
// merge them: Phases 1 and 2 form W = U diag(s) V at the collocation points and once
// more for the conditions, 3 % of the products of Phase 2. Sums that are not written as a
// product, such as those of the gradient to the last bias, are not among them.
func Products(b compute.Backend, task Task, queries int) (products []Product, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("train: building the graph of %s: %v", task.Label, r)
		}
	}()
	if queries < 1 {
		return nil, fmt.Errorf("train: the products of %d queries of %s; give at least 1", queries, task.Label)
	}
	t, err := NewTrainer(b, task, Settings{Steps: max(1, task.Stages)})
	if err != nil {
		return nil, err
	}
	t.queries = queries
	g := graph.NewGraph(b, "step")
	defer g.Finalize()
	state, terms := t.step(t.parameters(g))

	seen := map[graph.NodeId]bool{}
	var found []*graph.Node
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		if seen[n.Id()] {
			return
		}
		seen[n.Id()] = true
		if n.Type() == graph.NodeTypeDotGeneral {
			found = append(found, n)
		}
		for _, x := range n.Inputs() {
			visit(x)
		}
	}
	visit(terms)
	for _, n := range state {
		visit(n)
	}
	slices.SortFunc(found, func(a, b *graph.Node) int { return int(a.Id()) - int(b.Id()) })
	for _, n := range found {
		p := productOf(n)
		if i := slices.IndexFunc(products, func(q Product) bool { q.Count = 0; return reflect.DeepEqual(p, q) }); i >= 0 {
			products[i].Count++
			continue
		}
		p.Count = 1
		products = append(products, p)
	}
	slices.SortStableFunc(products, func(a, b Product) int { return b.Multiplications() - a.Multiplications() })
	return products, nil
}

// parameters are the tensors of a step as parameters of a graph, in the order of the
// layout.
func (t *Trainer) parameters(g *graph.Graph) []*graph.Node {
	shape := func(a Array, shared bool) []int {
		dims := slices.Clone(a.Dims)
		if !shared {
			dims[0] *= t.queries
		}
		return dims
	}
	dims := map[string][]int{"steps": {}}
	for _, w := range t.task.Weights {
		for _, group := range t.layout.groups {
			dims[group+w.Name] = shape(w.Value, false)
		}
	}
	for _, d := range t.task.loopData() {
		dims["data/"+d.Name] = shape(d.Value, d.Shared)
	}
	var nodes []*graph.Node
	for _, name := range t.layout.names() {
		nodes = append(nodes, graph.Parameter(g, name, shapes.Make(t.settings.dtype(), dims[name]...)))
	}
	return nodes
}

// axesOf finds the axes in what a node says of itself: GoMLX 0.28 tells them in no
// other way.
var axesOf = regexp.MustCompile(`lhsContractingAxes=\[([\d ]*)\], lhsBatchAxes=\[([\d ]*)\],.* rhsContractingAxes=\[([\d ]*)\], rhsBatchAxes=\[([\d ]*)\]`)

// productOf reads a product from its node.
func productOf(n *graph.Node) Product {
	axes := axesOf.FindStringSubmatch(n.String())
	if axes == nil {
		panic(fmt.Errorf("train: expected a product that names its axes, got %s", n))
	}
	ints := func(s string) []int {
		var out []int
		for _, field := range strings.Fields(s) {
			i, err := strconv.Atoi(field)
			if err != nil {
				panic(fmt.Errorf("train: expected axes, got %q", s))
			}
			out = append(out, i)
		}
		return out
	}
	in := n.Inputs()
	return Product{
		LHS: slices.Clone(in[0].Shape().Dimensions), RHS: slices.Clone(in[1].Shape().Dimensions),
		LHSContracting: ints(axes[1]), LHSBatch: ints(axes[2]),
		RHSContracting: ints(axes[3]), RHSBatch: ints(axes[4]),
	}
}
