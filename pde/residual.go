// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
)

// Residual returns the residual of p for a network at points x,
// [query or 1, point, coordinate], with parameters mu, [query, parameter], and u
// itself; both are [query, point, 1]. Which derivatives are carried follows from
// the equation: its linear part is one combined channel.
func Residual(p Problem, net jet.Network, mu, x *graph.Node) (residual, u *graph.Node) {
	eq := p.Equation(Columns(mu, len(p.Parameters())))
	names := coordinateNames(p)
	h := net(jet.Coordinates(x, jet.Plan(names, eq.Linear, eq.Needs, x)))
	residual, u = h.Operator(), h.Value()
	if residual == nil {
		panic(fmt.Errorf("pde: expected an equation with a linear part that the network depends on, got none for %s", p.ID()))
	}
	if eq.Rest != nil {
		at := At{X: Columns3(x), U: u, derivatives: map[string]*graph.Node{}}
		for _, name := range eq.Needs {
			at.derivatives[name] = h.Derivative(names, name)
		}
		residual = graph.Add(residual, eq.Rest(at))
	}
	return residual, u
}

// Derivative returns a named derivative of a network's u at points x,
// [query, point, 1]; "" is u itself.
func Derivative(p Problem, net jet.Network, x *graph.Node, name string) *graph.Node {
	if name == "" {
		return net(jet.Value(x)).Value()
	}
	names := coordinateNames(p)
	return net(jet.Coordinates(x, jet.Plan(names, nil, []string{name}, x))).Derivative(names, name)
}

func coordinateNames(p Problem) []string {
	var names []string
	for _, c := range p.Coordinates() {
		names = append(names, c.Name)
	}
	return names
}

// Columns cuts mu, [query, n], into n nodes [query, 1, 1].
func Columns(mu *graph.Node, n int) []*graph.Node {
	if mu.Rank() != 2 || mu.Shape().Dim(1) != n {
		panic(fmt.Errorf("pde: expected parameters of shape [query, %d], got %s", n, mu.Shape()))
	}
	out := make([]*graph.Node, n)
	for i := range out {
		out[i] = graph.InsertAxes(graph.Slice(mu, graph.AxisRange(), graph.AxisElem(i)), 2)
	}
	return out
}

// Columns3 cuts points, [query, point, n], into n nodes [query, point, 1].
func Columns3(x *graph.Node) []*graph.Node {
	out := make([]*graph.Node, x.Shape().Dim(2))
	for i := range out {
		out[i] = graph.Slice(x, graph.AxisRange(), graph.AxisRange(), graph.AxisElem(i))
	}
	return out
}
