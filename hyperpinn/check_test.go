// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"strings"
	"testing"

	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// refused reports an error that is not one line, or lacks what it should say.
func refused(t *testing.T, what string, err error, says string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: error %v does not say %q in one line", what, err, says)
	}
}

func TestPINNIsChecked(t *testing.T) {
	for _, c := range []struct {
		what, says string
		edit       func(p *hyperpinn.PINN)
	}{
		{"no ν", "give at least one", func(p *hyperpinn.PINN) { p.Mus = nil }},
		{"ν = 0", "above 0", func(p *hyperpinn.PINN) { p.Mus = [][]float64{{.1}, {0}} }},
		{"two parameters", "give nu alone", func(p *hyperpinn.PINN) { p.Mus = [][]float64{{.1, .2}} }},
		{"unknown activation", "known are tanh and relu", func(p *hyperpinn.PINN) { p.Activation = "gelu" }},
		{"no hidden layer", "give at least one width", func(p *hyperpinn.PINN) { p.Hyper = []int{} }},
		{"an empty hidden layer", "give at least 1", func(p *hyperpinn.PINN) { p.Hyper = []int{4, 0} }},
		{"a negative width", "give at least one of each", func(p *hyperpinn.PINN) { p.Width = -1 }},
		{"a negative number of layers", "give at least one of each", func(p *hyperpinn.PINN) { p.Hidden = -1 }},
		{"a scaling of two parameters", "both ends", func(p *hyperpinn.PINN) {
			p.Scaling = pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{0, 0}, High: []float64{1, 1}}
		}},
	} {
		p := small(burgers(t), []float64{.07})
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		c.edit(&p)
		refused(t, c.what, p.Check(), c.says)
	}
}

func TestMultistepIsChecked(t *testing.T) {
	for _, c := range []struct {
		what, says string
		edit       func(m *hyperpinn.Multistep)
	}{
		{"no trajectories", "none of them 0", func(m *hyperpinn.Multistep) { m.Trajectories = pinn.Trajectories{} }},
		{"unknown activation", "known are tanh and relu", func(m *hyperpinn.Multistep) { m.Activation = "sine" }},
		{"no hidden layer", "give at least one width", func(m *hyperpinn.Multistep) { m.Hyper = []int{} }},
		{"a negative width", "give at least 1", func(m *hyperpinn.Multistep) { m.Width = -1 }},
		{"a logarithm of ρ from 0", "above 0", func(m *hyperpinn.Multistep) {
			m.Scaling = lorenzRange()
			m.Scaling.Kind = pinn.ScaleLog
		}},
	} {
		m := hyperpinn.Multistep{Trajectories: lorenz(t)}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		c.edit(&m)
		refused(t, c.what, m.Check(), c.says)
	}
}

// TestGenerateRefuses: parameters that the equation does not have, and weights that
// are not those of this hypernetwork.
func TestGenerateRefuses(t *testing.T) {
	p := small(burgers(t), []float64{.07})
	m := hyperpinn.Multistep{Trajectories: lorenz(t)}
	_, err := p.Generate(traintest.Open(t), traintest.Formulas(p.Task(), .5), []float64{-1})
	refused(t, "ν < 0", err, "above 0")
	_, err = m.Generate(traintest.Open(t), traintest.Formulas(m.Task(), .5), []float64{10, 28})
	refused(t, "no β", err, "2 parameters; give 3")

	missing, other := traintest.Formulas(m.Task(), .5), traintest.Formulas(m.Task(), .5)
	delete(missing, "head/dense1/b/w")
	_, err = m.Generate(traintest.Open(t), missing, []float64{10, 28, 2})
	refused(t, "a weight is missing", err, "head/dense1/b/w of shape [1 8 3]")
	other["hyper0/w"] = train.NewArray(1, 3, 15)
	_, err = m.Generate(traintest.Open(t), other, []float64{10, 28, 2})
	refused(t, "a layer of another width", err, "hyper0/w of shape [1 3 16]")
}
