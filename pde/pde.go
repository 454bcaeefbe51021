// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package pde states problems as a mathematician does: coordinates, parameters
// μ, a residual, initial and boundary conditions, point sets and a reference
// solution. It knows neither networks nor training.
//
// A problem is one file. It implements [Problem]; [Residual] does the rest for
// any network that maps a jet of coordinates to a jet of u, and package pinn
// makes a loss of it. Points hold their coordinates in the order of
// [Problem.Coordinates], which for the CDR family is x, t.
//
//	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
//	points, err := p.Points(pde.Sample{Set: "published"})
//	u, err := p.Reference([]float64{30, 0, 0}, points.Test)
package pde

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Problem is an initial- or boundary-value problem with parameters μ.
type Problem interface {
	// ID names the problem and every choice in it that decides what is
	// trained, such as "convection;u0=1+sin(x);boundary=value". It is part of
	// a run's name.
	ID() string

	// Coordinates lists the independent variables in the order in which points
	// hold them.
	Coordinates() []Coordinate

	// Parameters names the entries of μ in order, such as beta, nu, rho.
	Parameters() []string

	// Check returns an error that says what to do when mu is no parameter
	// setting of this problem (wrong length, not finite, out of range, or
	// non-zero where the problem has no such term).
	Check(mu []float64) error

	// Equation states the residual; mu[i] is [query, 1, 1].
	Equation(mu []*graph.Node) Equation

	// Points returns the point sets of a sample.
	Points(sample Sample) (Points, error)

	// Reference returns the reference solution for mu at each point.
	Reference(mu []float64, at [][]float64) ([]float64, error)
}

// Coordinate is an independent variable and its range.
type Coordinate struct {
	Name     string
	Low      float64
	High     float64
	Periodic bool
}

// Equation is a residual that is zero where the equation holds: a part that is
// linear in the derivatives of u plus the rest.
type Equation struct {
	// Linear maps a derivative, spelt with the coordinates' one-letter names
	// ("t", "x", "xx", "xxx", "xy"), to its coefficient: a number or a
	// [query, 1, 1] node.
	Linear map[string]any

	// Needs lists the derivatives that Rest reads.
	Needs []string

	// Rest returns what is not linear in the derivatives, [query, point, 1];
	// nil is 0.
	Rest func(at At) *graph.Node
}

// At is what an equation's rest may read at the collocation points.
type At struct {
	// X holds one node a coordinate, [query or 1, point, 1].
	X []*graph.Node
	// U is the value of u, [query, point, 1].
	U *graph.Node

	derivatives map[string]*graph.Node
}

// D returns the derivative of u that Equation.Needs lists under this name.
func (a At) D(name string) *graph.Node { return a.derivatives[name] }

// Sample says which points to draw.
type Sample struct {
	// Set is "published" for the point set of the paper's authors (NumPy's
	// legacy generator with seed 0), or "drawn" for our own stream.
	Set string `json:"set"`
	// Seed of the stream; only "drawn" and Redraw read it.
	Seed int64 `json:"seed,omitempty"`
	// Collocation is the number of collocation points; 0 is the published one.
	Collocation int `json:"collocation,omitempty"`
	// Redraw, where above 0, has training draw as many collocation points anew
	// every so many steps, uniform on the coordinates' ranges; 0 keeps those of Set.
	// Set's own are then nowhere trained on, but are still those of [Points], where
	// the residual is measured afterwards.
	Redraw int `json:"redraw,omitempty"`
}

// Points are the points of one parameter setting. A point is one number a
// coordinate, in the order of Problem.Coordinates.
type Points struct {
	Collocation [][]float64
	Conditions  []Condition
	// Test is the published test set (1,000 grid points for the CDR family).
	Test [][]float64
	// Grid is the full evaluation grid, row after row.
	Grid Grid
}

// Grid is a tensor grid of points; the first axis varies slowest.
type Grid struct {
	// Points may be those of other problems too: copy them to change them.
	Points [][]float64
	// Shape is the number of points along each axis, such as [100, 256] (t, x).
	Shape []int
	// Axes names the coordinate of each axis, such as ["t", "x"].
	Axes []string
}

// Condition is a term of the loss beside the residual: the mean over its points
// of (u − value)², or of (u(At) − u(To))² where To is set.
type Condition struct {
	Name string
	At   [][]float64
	// To holds the partner of each point for a condition that matches two
	// places (a periodic boundary).
	To [][]float64
	// Derivative is "" for u itself, or the derivative that is compared.
	Derivative string
	// Value is the prescribed value; nil when To is set.
	Value func(mu, at []float64) float64
}
