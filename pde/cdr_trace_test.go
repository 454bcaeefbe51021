// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"strings"
	"testing"

	"pinn.example/repro/metric"
)

func tracing(t *testing.T, kind string, initial Initial) (*CDR, Grid) {
	t.Helper()
	c, err := NewCDR(kind, initial, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, cdrGrid()
}

func traced(t *testing.T, c *CDR, mu []float64, trace func(float64) float64, at [][]float64) []float64 {
	t.Helper()
	u, err := c.TraceSolution(mu, trace, at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// From sin(x/2), with the trace 0, diffusion alone has the solution
// e^{−νt/4} sin(x/2); the factor e^{βx/2ν − β²t/4ν} makes it one with convection.
func TestTraceSolutionInClosedForm(t *testing.T) {
	for _, mu := range [][]float64{{0, 1, 0}, {0, 5, 0}, {2, 1, 0}, {5, 5, 0}} {
		beta, nu := mu[0], mu[1]
		exact := func(x, t float64) float64 {
			return math.Exp(beta*x/(2*nu)-beta*beta*t/(4*nu)-nu*t/4) * math.Sin(x/2)
		}
		c, grid := tracing(t, "convection-diffusion", Initial{"test", func(x float64) float64 { return exact(x, 0) }})
		u := traced(t, c, mu, func(float64) float64 { return 0 }, grid.Points)
		var want []float64
		for _, at := range grid.Points {
			want = append(want, exact(at[0], at[1]))
		}
		e, err := metric.Compare(u, want)
		if err != nil {
			t.Fatal(err)
		}
		if e.RelL2 > 1e-4 {
			t.Errorf("β=%g, ν=%g: rel L2 %.2g, want below 1e-4", beta, nu, e.RelL2)
		}
	}
}

// With the trace of the periodic solution it is the periodic solution; with the
// initial value throughout, it differs by what another solver measured (discrepancy
// D2, to the three digits that it prints).
func TestTraceSolutionOfD2(t *testing.T) {
	for _, c := range []struct {
		kind    string
		initial Initial
		mu      []float64
		want    float64
	}{
		{"cdr", GaussWide, []float64{3, 3, 3}, .366},
		{"cdr", GaussWide, []float64{1, 1, 1}, .190},
		{"cdr", GaussWide, []float64{5, 1, 5}, .367},
		{"cdr", GaussWide, []float64{5, 5, 5}, .414},
		{"reaction-diffusion", GaussNarrow, []float64{0, 3, 5}, .355},
		{"diffusion", GaussWide, []float64{0, 1, 0}, .1202},
		{"diffusion", GaussWide, []float64{0, 3, 0}, .2751},
		{"diffusion", GaussWide, []float64{0, 5, 0}, .3755},
	} {
		p, grid := tracing(t, c.kind, c.initial)
		truth, err := p.Reference(c.mu, grid.Points)
		if err != nil {
			t.Fatal(err)
		}
		constant := c.initial.At(0)
		e, err := metric.Compare(traced(t, p, c.mu, func(float64) float64 { return constant }, grid.Points), truth)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.RelL2-c.want) > .0006 {
			t.Errorf("%s at %v: the constant trace differs by rel L2 %.4f, want %.4f", c.kind, c.mu, e.RelL2, c.want)
		}
		var times [][]float64
		for k := range traceFinerT*(cdrNT-1) + 1 {
			times = append(times, []float64{0, cdrT(1) * float64(k) / traceFinerT})
		}
		trace, err := p.Reference(c.mu, times)
		if err != nil {
			t.Fatal(err)
		}
		own := func(t float64) float64 { return trace[int(math.Round(t/cdrT(1)*traceFinerT))] }
		if e, err = metric.Compare(traced(t, p, c.mu, own, grid.Points), truth); err != nil {
			t.Fatal(err)
		}
		if e.RelL2 > 1e-4 {
			t.Errorf("%s at %v: with its own trace rel L2 %.2g, want below 1e-4", c.kind, c.mu, e.RelL2)
		}
	}
}

func TestTraceSolutionRefuses(t *testing.T) {
	c, grid := tracing(t, "cdr", GaussWide)
	zero := func(float64) float64 { return 0 }
	for _, x := range []struct {
		mu   []float64
		at   [][]float64
		want string
	}{
		{[]float64{1, 0, 1}, grid.Points, "without diffusion"},
		{[]float64{1, 1}, grid.Points, "2 entries"},
		{[]float64{1, 1, 1}, [][]float64{{.01, .5}}, "not on the published grid"},
	} {
		if _, err := c.TraceSolution(x.mu, zero, x.at); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("error %v, want one with %q", err, x.want)
		}
	}
}

// The authors' truth has a fault where there is reaction beside another term.
func TestAsPublished(t *testing.T) {
	for _, kind := range CDRKinds() {
		c, _ := tracing(t, kind, GaussWide)
		want := kind == "reaction-diffusion" || kind == "convection-reaction" || kind == "cdr"
		got := c.AsPublished()
		if (got != nil) != want {
			t.Errorf("%s: as published %v, want %t", kind, got, want)
		}
		if got != nil && (got.Truth() != TruthAsPublished || got.ID() != c.ID() || c.Truth() != TruthAccurate) {
			t.Errorf("%s: truth %s of %s, and %s of the problem itself", kind, got.Truth(), got.ID(), c.Truth())
		}
	}
}
