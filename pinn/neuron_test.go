// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// neuron is a network of one, u = a tanh(kx + wt + c) + d: enough for exact
// solutions, and for the residual of any other choice in closed form.
type neuron struct{ a, k, w, c, d float64 }

// network reads the weights that arrays makes.
func network(in train.Inputs) jet.Network {
	return func(x *jet.Jet) *jet.Jet {
		return jet.Dense(jet.Tanh(jet.Dense(x, in.W("in"), in.W("phase"))), in.W("out"), in.W("offset"))
	}
}

var weightNames = []string{"in", "offset", "out", "phase"}

// arrays are the weights of one neuron a query.
func arrays(neurons ...neuron) map[string]train.Array {
	q := len(neurons)
	w := map[string]train.Array{
		"in": train.NewArray(q, 2, 1), "phase": train.NewArray(q, 1, 1),
		"out": train.NewArray(q, 1, 1), "offset": train.NewArray(q, 1, 1),
	}
	for i, n := range neurons {
		w["in"].Data[2*i], w["in"].Data[2*i+1] = n.k, n.w
		w["phase"].Data[i], w["out"].Data[i], w["offset"].Data[i] = n.c, n.a, n.d
	}
	return w
}

func (n neuron) tanh(at []float64) float64 { return math.Tanh(n.k*at[0] + n.w*at[1] + n.c) }

func (n neuron) u(at []float64) float64 { return n.a*n.tanh(at) + n.d }

func (n neuron) slope(at []float64) float64 {
	return n.a * n.k * (1 - n.tanh(at)*n.tanh(at))
}

// residual of u_t + β u_x − ν u_xx − ρ u (1 − u).
func (n neuron) residual(mu, at []float64) float64 {
	beta, nu, rho := mu[0], mu[1], mu[2]
	th, u := n.tanh(at), n.u(at)
	s := 1 - th*th
	return n.a*n.w*s + beta*n.a*n.k*s + nu*2*n.a*n.k*n.k*th*s - rho*u*(1-u)
}

// cdr is a small set-up: few collocation points, the conditions as published.
func cdr(tb testing.TB, kind string, initial pde.Initial, settings *pde.CDRSettings, collocation int) pinn.Setup {
	tb.Helper()
	p, err := pde.NewCDR(kind, initial, settings)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "drawn", Seed: 1, Collocation: collocation})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func meanSquare(points [][]float64, f func(at []float64) float64) float64 {
	sum := 0.
	for _, at := range points {
		sum += f(at) * f(at)
	}
	return sum / float64(len(points))
}

// half is the initial condition u = ½, from which reaction alone makes
// u = ½ (1 + tanh(ρt/2)): one neuron.
var half = pde.Initial{Name: "half", At: func(float64) float64 { return .5 }}

func logistic(rho float64) neuron { return neuron{a: .5, w: rho / 2, d: .5} }

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.15g, want %.15g", what, got, want)
	}
}

func wantError(t *testing.T, what string, err error, parts ...string) {
	t.Helper()
	if err == nil || slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(err.Error(), part) }) {
		t.Errorf("%s: error %v, want one with %q", what, err, parts)
	}
}
