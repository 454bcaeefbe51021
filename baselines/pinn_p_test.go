// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func TestPINNPParameterCounts(t *testing.T) {
	for _, c := range []struct{ width, hidden, want int }{
		{0, 0, 10_551},   // 10,401 and three more rows of 50
		{150, 0, 91_651}, // P2INN, table 16: 6 linear layers, 150 wide
		{150, 4, 69_001}, // one hidden layer fewer is not that: 91,651 − 150·151
	} {
		p := baselines.PINNP{Setup: convection(), Mus: [][]float64{{1, 0, 0}, {2, 0, 0}}, Width: c.width, Hidden: c.hidden}
		if got := p.Task().Count(); got != c.want {
			t.Errorf("width %d, %d hidden layers: %d parameters, want %d", c.width, c.hidden, got, c.want)
		}
	}
}

// TestPINNPStartsAsOneLinear: coordinates and μ are the five inputs of PyTorch's
// first Linear, whose weights and bias are U(±1/√5).
func TestPINNPStartsAsOneLinear(t *testing.T) {
	task := baselines.PINNP{Setup: convection(), Mus: [][]float64{{1, 0, 0}}, Width: 1000, Hidden: 1}.Task()
	for _, w := range task.Weights {
		if !strings.HasPrefix(w.Name, "dense0/") {
			continue
		}
		largest := 0.
		for _, x := range w.Value.Data {
			largest = max(largest, math.Abs(x))
		}
		// All of 1,000 draws are below 99 % of the bound once in 23,000 seeds.
		if bound := 1 / math.Sqrt(5); largest > bound || largest < .99*bound {
			t.Errorf("%s: up to %g, want up to %g", w.Name, largest, bound)
		}
	}
}

var pinnPMus = [][]float64{{3, .25, 1.5}, {2, .5, .75}, {1, 0, 4}}

// folded are PINN's weights where PINN-P is at μ: μ W is part of the first bias.
func folded(weights map[string]train.Array, mu []float64) map[string]train.Array {
	out := maps.Clone(weights)
	w, b := weights["dense0/mu"], train.NewArray(weights["dense0/b"].Dims...)
	copy(b.Data, weights["dense0/b"].Data)
	for i, m := range mu {
		for j := range b.Data {
			b.Data[j] += m * w.Data[i*len(b.Data)+j]
		}
	}
	out["dense0/b"] = b
	delete(out, "dense0/mu")
	return out
}

// TestPINNPIsPINNsOfEachMu: loss and gradients are the means of those of PINNs,
// one a μ, with μ W in the first bias; the gradient of W is the mean of μ ⊗ the
// gradient of that bias. With W = 0 these PINNs are one and the same.
func TestPINNPIsPINNsOfEachMu(t *testing.T) {
	setup := cdr(t)
	all := baselines.PINNP{Setup: setup, Mus: pinnPMus, Width: 6, Hidden: 3}.Task()
	alone := baselines.PINN{Setup: setup, Mu: pinnPMus[0], Width: 6, Hidden: 3}.Task()
	alone.Data = setup.Data(pinnPMus...) // PINNs side by side, along the query axis
	pinnP, pinns := traintest.Losses(t, traintest.Open(t), all), traintest.Losses(t, traintest.Open(t), alone)
	pinnP1 := traintest.Losses(t, traintest.Open(t), baselines.PINNP{Setup: setup, Mus: pinnPMus[:1], Width: 6, Hidden: 3}.Task())

	bent, deaf := traintest.Formulas(all, .5), traintest.Formulas(all, .5)
	deaf["dense0/mu"] = train.NewArray(deaf["dense0/mu"].Dims...)
	for name, weights := range map[string]map[string]train.Array{"W by formula": bent, "W = 0": deaf} {
		t.Run(name, func(t *testing.T) {
			side := map[string]train.Array{}
			for _, w := range alone.Weights {
				var parts []train.Array
				for _, mu := range pinnPMus {
					parts = append(parts, folded(weights, mu)[w.Name])
				}
				side[w.Name] = join(t, parts)
			}
			terms, gradients := pinns(side)
			mean := func(q int) (meanTerms, meanGradients map[string]train.Array) {
				meanTerms, meanGradients = map[string]train.Array{}, map[string]train.Array{}
				for name, a := range terms {
					meanTerms[name] = meanOfFirst(a, q, nil)
				}
				for name, a := range gradients {
					meanGradients[name] = meanOfFirst(a, q, nil)
				}
				var rows []train.Array
				for i := range pinnPMus[0] {
					rows = append(rows, meanOfFirst(gradients["dense0/b"], q, func(k int) float64 { return pinnPMus[k][i] }))
				}
				w := join(t, rows)
				meanGradients["dense0/mu"] = w.Reshape(1, w.Dims[0], w.Dims[2])
				return meanTerms, meanGradients
			}
			for q, f := range map[int]func(map[string]train.Array) (terms, gradients map[string]train.Array){3: pinnP, 1: pinnP1} {
				wantTerms, wantGradients := mean(q)
				gotTerms, gotGradients := f(weights)
				traintest.NearAll(t, fmt.Sprintf("with %d μ: term", q), gotTerms, wantTerms, 1e-13)
				traintest.NearAll(t, fmt.Sprintf("with %d μ: gradient", q), gotGradients, wantGradients, 1e-12)
			}
		})
	}
}

func join(t *testing.T, parts []train.Array) train.Array {
	t.Helper()
	a, err := train.Join(parts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// meanOfFirst is the mean of the first n entries along the leading axis, each
// times a factor (nil is 1).
func meanOfFirst(a train.Array, n int, factor func(k int) float64) train.Array {
	parts := a.Split(a.Dims[0])
	out := train.NewArray(parts[0].Dims...)
	for k, part := range parts[:n] {
		for i, x := range part.Data {
			if factor != nil {
				x *= factor(k)
			}
			out.Data[i] += x / float64(n)
		}
	}
	return out
}

// TestPINNPAtAnUnseenMu: the trained network is evaluated anywhere by its datum mu.
func TestPINNPAtAnUnseenMu(t *testing.T) {
	setup := cdr(t)
	p := baselines.PINNP{Setup: setup, Mus: pinnPMus, Width: 6, Hidden: 3}
	weights, unseen := traintest.Formulas(p.Task(), .5), []float64{4, .1, .5}
	at := func(mu []float64, task train.Task, network func(train.Inputs) jet.Network, weights map[string]train.Array) (u, residual []float64) {
		t.Helper()
		var names []string
		for _, w := range task.Weights {
			names = append(names, w.Name)
		}
		e, err := pinn.NewEvaluator(traintest.Open(t), setup, names, nil, "float64", network)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Finalize()
		if u, residual, err = e.At(mu, weights, nil, setup.Points.Collocation); err != nil {
			t.Fatal(err)
		}
		return u, residual
	}
	u, residual := at(unseen, p.Task(), p.Network, weights)
	alone := baselines.PINN{Setup: setup, Mu: unseen, Width: 6, Hidden: 3}
	wantU, wantResidual := at(unseen, alone.Task(), alone.Network, folded(weights, unseen))
	traintest.Near(t, "u", u, wantU, 1e-13)
	traintest.Near(t, "residual", residual, wantResidual, 1e-13)
	other, _ := at(pinnPMus[0], p.Task(), p.Network, weights)
	if math.Abs(other[0]-u[0]) < 1e-3 {
		t.Error("u is the same at another μ: the test tests nothing")
	}
}

func TestPINNPRefuses(t *testing.T) {
	for want, mus := range map[string][][]float64{
		"at least one":  nil,
		"finite number": {{1, 0, 0}, {math.NaN(), 0, 0}},
		"rho":           {{1, 0, 0}, {1, 0, 1}}, // convection alone has no reaction
	} {
		err := baselines.PINNP{Setup: convection(), Mus: mus}.Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v does not say %q", mus, err, want)
		}
	}
	if err := (baselines.PINNP{Setup: convection(), Mus: [][]float64{{1, 0, 0}}}).Check(); err != nil {
		t.Errorf("β = 1 was refused: %v", err)
	}
}
