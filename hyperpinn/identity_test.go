// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// small is a HyperPINN on Burgers' equation whose main network is 2-3-3-1.
func small(s pinn.Setup, nus ...[]float64) hyperpinn.PINN {
	return hyperpinn.PINN{Setup: s, Mus: nus, Width: 3, Hidden: 2, Hyper: []int{5, 4}}
}

var smallLayers = []string{"hyper0", "hyper1"}

// dense are the weights that the hypernetwork writes at ν for a dense network of
// package baselines, and its last hidden values, both from the host.
func dense(p hyperpinn.PINN, alone train.Task, weights map[string]train.Array, nu []float64) (map[string]train.Array, []float64) {
	x := hidden(weights, p.WithDefaults().Activation, smallLayers, p.Scaling.Of(nu))
	out := map[string]train.Array{}
	for _, w := range alone.Weights {
		out[w.Name] = written(weights, w.Name, x, w.Value.Dims...)
	}
	return out, x
}

// TestHyperPINNIsPINNsOfEachNu: the loss is the mean of those of dense PINNs, one a
// ν, whose weights an independent hypernetwork on the host has written. Of the
// output layer, the gradient of the biases is the mean of these PINNs' gradients,
// and that of the weights the mean of (last hidden values) ⊗ these.
func TestHyperPINNIsPINNsOfEachNu(t *testing.T) {
	nus, setup := [][]float64{{.07}, {.004}}, burgers(t)
	setup.ResidualWeight = .3
	alone := baselines.PINN{Setup: setup, Mu: nus[0], Width: 3, Hidden: 2}.Task()
	alone.Data = setup.Data(nus...) // PINNs side by side, along the query axis
	pinns := traintest.Losses(t, traintest.OpenGo(t), alone)
	for name, edit := range map[string]func(p *hyperpinn.PINN){
		"tanh, raw": func(*hyperpinn.PINN) {},
		"relu, log": func(p *hyperpinn.PINN) { p.Activation, p.Scaling = hyperpinn.ReLU, nuRange },
	} {
		t.Run(name, func(t *testing.T) {
			p := small(setup, nus...)
			edit(&p)
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			weights, side := traintest.Formulas(p.Task(), .5), map[string]train.Array{}
			var xs [][]float64
			for _, nu := range nus {
				main, x := dense(p, alone, weights, nu)
				xs = append(xs, x)
				for name, a := range main {
					if before, ok := side[name]; ok {
						a = join(t, before, a)
					}
					side[name] = a
				}
			}
			terms, gradients := pinns(side)
			wantTerms, wantGradients := map[string]train.Array{}, map[string]train.Array{}
			for name, a := range terms {
				wantTerms[name] = train.Array{Dims: []int{1}, Data: []float64{(a.Data[0] + a.Data[1]) / 2}}
			}
			for name, g := range gradients {
				size, inner := g.Size()/len(nus), len(xs[0])
				biases, outer := train.NewArray(1, size), train.NewArray(1, inner, size)
				for q, one := range g.Split(len(nus)) {
					for j, d := range one.Data {
						biases.Data[j] += d / 2
						for i, x := range xs[q] {
							outer.Data[i*size+j] += x * d / 2
						}
					}
				}
				wantGradients["head/"+name+"/b"], wantGradients["head/"+name+"/w"] = biases, outer
			}
			gotTerms, gotGradients := traintest.Losses(t, traintest.OpenGo(t), p.Task())(weights)
			traintest.NearAll(t, "term", gotTerms, wantTerms, 1e-13)
			maps.DeleteFunc(gotGradients, func(name string, _ train.Array) bool { return strings.HasPrefix(name, "hyper") })
			traintest.NearAll(t, "gradient", gotGradients, wantGradients, 1e-12)

			p.Mus = nus[:1]
			for name, a := range termsOf(t, p.Task(), weights) {
				traintest.Near(t, "at one ν: "+name, a.Data, terms[name].Data[:1], 1e-13)
			}
		})
	}
}

func join(t *testing.T, parts ...train.Array) train.Array {
	t.Helper()
	a, err := train.Join(parts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestGenerate: what it returns is, within float32, what the host writes, and a
// dense PINN on it predicts at a ν that is not trained on what the HyperPINN does.
func TestGenerate(t *testing.T) {
	p := small(burgers(t), []float64{.07})
	p.Scaling = nuRange
	weights, unseen := traintest.Formulas(p.Task(), .5), []float64{.0123}
	net := baselines.PINN{Setup: p.Setup, Mu: unseen, Width: 3, Hidden: 2}
	mains, err := p.Generate(traintest.Open(t), weights, p.Mus[0], unseen)
	if err != nil {
		t.Fatal(err)
	}
	main := mains[1]
	want, _ := dense(p, net.Task(), weights, unseen)
	traintest.NearAll(t, "weight", main, want, 1e-6) // some roundings of 6e-8

	at := func(network func(in train.Inputs) jet.Network, weights map[string]train.Array, nu []float64) (u, residual []float64) {
		t.Helper()
		e, err := pinn.NewEvaluator(traintest.Open(t), p.Setup, slices.Collect(maps.Keys(weights)), nil, "float64", network)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Finalize()
		if u, residual, err = e.At(nu, weights, nil, p.Setup.Points.Collocation); err != nil {
			t.Fatal(err)
		}
		return u, residual
	}
	u, residual := at(p.Network, weights, unseen)
	wantU, wantResidual := at(net.Network, want, unseen)
	traintest.Near(t, "u", u, wantU, 1e-13)
	traintest.Near(t, "residual", residual, wantResidual, 1e-12)
	generatedU, _ := at(net.Network, main, unseen)
	traintest.Near(t, "u of the generated weights", generatedU, wantU, 1e-5)
	if other, _ := at(p.Network, weights, p.Mus[0]); math.Abs(other[0]-u[0]) < 1e-3 {
		t.Error("u is the same at another ν: the test tests nothing")
	}
}

// TestWritten: all weights of each ν, layer after layer, weights before biases.
func TestWritten(t *testing.T) {
	nus := [][]float64{{.07}, {.004}}
	p := small(burgers(t), nus...)
	weights := traintest.Formulas(p.Task(), .5)
	out, err := train.Evaluate(traintest.Open(t), weights, []train.Datum{{Name: pinn.MuDatum, Value: train.FromRows(nus)}}, "float64", func(in train.Inputs) []*graph.Node {
		return []*graph.Node{p.Written(in)(nil).Value()}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := p.MainWeights(); !slices.Equal(out[0].Dims, []int{2, 1, n}) {
		t.Fatalf("shape %v, want [2 1 %d]", out[0].Dims, n)
	}
	var want []float64
	for _, nu := range nus {
		main, _ := dense(p, baselines.PINN{Setup: p.Setup, Mu: nu, Width: 3, Hidden: 2}.Task(), weights, nu)
		for l := range 3 {
			want = slices.Concat(want, main[fmt.Sprintf("dense%d/w", l)].Data, main[fmt.Sprintf("dense%d/b", l)].Data)
		}
	}
	traintest.Near(t, "written", out[0].Data, want, 1e-14)
}
