// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
)

// TestPanicsSayWhatWasExpected: a network is put together wrongly in a moment;
// the message names what was expected and what came.
func TestPanicsSayWhatWasExpected(t *testing.T) {
	g := graph.NewGraph(traintest.Open(t), "panics")
	defer g.Finalize()
	count := 0
	node := func(dims ...int) *graph.Node {
		count++
		return graph.Parameter(g, strings.Repeat("p", count), shapes.Make(dtypes.Float64, dims...))
	}
	x := node(1, points, 2)
	coordinates := []string{"x", "t"}
	h := jet.Coordinates(x, jet.Plan(coordinates, nil, []string{"x"}, x))
	one := jet.Term{Direction: 0, Order: 1, Coefficient: node(1, 1, 1)}

	for _, c := range []struct {
		name string
		f    func()
		want string
	}{
		{"points without a query axis", func() { jet.Coordinates(node(points, 2), jet.Channels{}) }, "jet: expected points of shape [query, point, coordinate], got "},
		{"an order too few", func() { jet.Coordinates(x, jet.Channels{Directions: [][]float64{{1, 0}}}) }, "jet: expected one order a direction, got 0 orders for 1 directions"},
		{"a direction of another space", func() { jet.Coordinates(x, jet.Channels{Directions: [][]float64{{1}}, Orders: []int{1}}) }, "jet: expected direction 0 to have 2 entries, got 1"},
		{"an operator without directions", func() { jet.Coordinates(x, jet.Channels{Operator: []jet.Term{one}}) }, "jet: expected an operator term along one of 0 directions, got direction 0"},
		{"an operator term two orders up", func() {
			jet.Coordinates(x, jet.Channels{Directions: [][]float64{{1, 0}}, Orders: []int{1}, Operator: []jet.Term{{Order: 3, Coefficient: one.Coefficient}}})
		}, "jet: expected an operator term of order 1 to 2 along direction 0, got 3"},
		{"an unknown coordinate", func() { jet.Plan(coordinates, nil, []string{"xy"}, x) }, `jet: expected a derivative spelt with the coordinates [x t], got "xy"`},
		{"a mixed third derivative", func() { jet.Plan(coordinates, nil, []string{"xxt"}, x) }, `jet: expected a pure derivative or a mixed second one, got "xxt"`},
		{"no derivative at all", func() { jet.Plan(coordinates, nil, []string{""}, x) }, `jet: expected a pure derivative or a mixed second one, got ""`},
		{"an integer coefficient", func() { jet.Plan(coordinates, map[string]any{"t": 1}, nil, x) }, "jet: expected a coefficient that is a float64 or a node, got int"},
		{"a derivative that is not carried", func() { h.Derivative(coordinates, "xx") }, `jet: expected a carried derivative, got "xx"`},
		{"a direction that is not carried", func() { h.Derivative(coordinates, "t") }, `jet: expected a carried derivative, got "t"`},
		{"a weight without a query axis", func() { jet.Dense(h, node(2, width), nil) }, "jet: expected [query, point, in] times [query, in, out], got "},
		{"a weight of another width", func() { jet.Dense(h, node(1, 3, width), nil) }, "jet: expected [query, point, in] times [query, in, out], got "},
		{"a weight of other queries", func() { jet.Dense(jet.Value(node(2, points, 2)), node(3, 2, width), nil) }, "jet: expected [query, point, in] times [query, in, out], got "},
		{"a basis without a query axis", func() { jet.LowRank(h, node(2, 5), node(1, 5), node(1, 5, width), nil) }, "jet: expected bases [query, in, rank] and [query, rank, out] with a diagonal [query, rank], got "},
		{"a diagonal of another rank", func() { jet.LowRank(h, node(1, 2, 5), node(1, 4), node(1, 5, width), nil) }, "jet: expected bases [query, in, rank] and [query, rank, out] with a diagonal [query, rank], got "},
		{"bases of two ranks", func() { jet.LowRank(h, node(1, 2, 5), node(1, 5), node(1, 4, width), nil) }, "jet: expected bases [query, in, rank] and [query, rank, out] with a diagonal [query, rank], got "},
		{"a sum of unlike jets", func() { jet.Sum(h, jet.Value(x)) }, "jet: expected two jets with the same channels, got 1 and 0 directions"},
		{"a sum of unlike orders", func() {
			jet.Sum(h, jet.Coordinates(x, jet.Plan(coordinates, nil, []string{"xx"}, x)))
		}, "jet: expected two jets with the same channels, got 1 and 2 orders along direction 0"},
	} {
		if got := panicOf(c.f); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: panic %q, want %q", c.name, got, c.want)
		}
	}
}
