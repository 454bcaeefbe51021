// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"maps"
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/jet"
)

// operators are linear differential operators by name; "beta" and "nu" stand for
// coefficients that differ between queries.
var operators = map[string]map[string]any{
	// Convection and diffusion (Hyper-LR-PINN sec. 4.1).
	"t+βx−νxx": {"t": 1., "x": "beta", "xx": "-nu"},
	// Third order: Korteweg and de Vries, linearised.
	"t+βx+xxx": {"t": 1., "x": "beta", "xxx": .5},
	// A mixed derivative, and no first order term.
	"νxx+2xt−tt": {"xx": "nu", "xt": 2., "tt": -1.},
	"t":          {"t": 1.},
}

// coefficients puts the nodes of beta and nu into an operator.
func coefficients(operator map[string]any, beta, nu *Node) map[string]any {
	out := maps.Clone(operator)
	for name, c := range out {
		switch c {
		case "beta":
			out[name] = beta
		case "nu":
			out[name] = nu
		case "-nu":
			out[name] = Neg(nu)
		}
	}
	return out
}

var (
	beta = array{[]int{queries, 1, 1}, []float64{30, 35, -2}}
	nu   = array{[]int{queries, 1, 1}, []float64{0, .5, 2}}
)

// TestOperatorIsTheCombinationOfItsChannels: the combined channel is the sum of
// the derivatives that it stands for, carried one by one.
func TestOperatorIsTheCombinationOfItsChannels(t *testing.T) {
	coordinates := []string{"x", "t"}
	all := nets()
	for name, operator := range operators {
		// Nothing shared, all shared but the diagonal, and points shared.
		for _, n := range []net{all[5], all[1], all[2]} {
			t.Run(name+","+n.name, func(t *testing.T) {
				needs := slices.Sorted(maps.Keys(operator))
				out := evaluate(t, append(n.weights(), n.x, beta, nu), func(in []*Node) []*Node {
					linear := coefficients(operator, in[8], in[9])
					combined := network(in)(jet.Coordinates(in[7], jet.Plan(coordinates, linear, nil, in[7])))
					separate := network(in)(jet.Coordinates(in[7], jet.Plan(coordinates, nil, needs, in[7])))
					sum := ZerosLike(separate.Value())
					for _, need := range needs {
						c, isNode := linear[need].(*Node)
						if !isNode {
							c = ConstAs(sum, [][][]float64{{{linear[need].(float64)}}})
						}
						sum = Add(sum, Mul(c, separate.Derivative(coordinates, need)))
					}
					return []*Node{fill(combined.Operator(), queries), sum}
				})
				near(t, "combined channel", out[0], out[1].data, 1e-12)
			})
		}
	}
}

// TestOperatorsAgreeWithNestedReverseMode: and so it is by the independent way.
func TestOperatorsAgreeWithNestedReverseMode(t *testing.T) {
	n := nets()[5]
	names := slices.Sorted(maps.Keys(operators))
	out := evaluate(t, append(n.weights(), n.x, beta, nu), func(in []*Node) []*Node {
		x, time, u := nested(in, queries)
		derivatives := map[string]*Node{"x": gradient(u, x), "t": gradient(u, time)}
		derivatives["xx"] = gradient(derivatives["x"], x)
		derivatives["xt"] = gradient(derivatives["x"], time)
		derivatives["tt"] = gradient(derivatives["t"], time)
		derivatives["xxx"] = gradient(derivatives["xx"], x)
		var got, want []*Node
		for _, name := range names {
			linear := coefficients(operators[name], in[8], in[9])
			h := network(in)(jet.Coordinates(in[7], jet.Plan([]string{"x", "t"}, linear, nil, in[7])))
			sum := ZerosLike(u)
			for derivative, c := range linear {
				switch c := c.(type) {
				case *Node:
					sum = Add(sum, Mul(c, derivatives[derivative]))
				case float64:
					sum = Add(sum, MulScalar(derivatives[derivative], c))
				}
			}
			got, want = append(got, h.Operator()), append(want, sum)
		}
		return append(got, want...)
	})
	for i, name := range names {
		near(t, name, out[i], out[len(names)+i].data, 1e-12)
	}
}

// TestOperatorCarriesOneOrderLess: what makes the combined channel cheap.
func TestOperatorCarriesOneOrderLess(t *testing.T) {
	evaluate(t, []array{random("x", 1, 1, points, 2)}, func(in []*Node) []*Node {
		for _, c := range []struct {
			linear map[string]any
			needs  []string
			want   int // derivatives carried beside the value and the operator
		}{
			{map[string]any{"t": 1., "x": 2.}, nil, 0},
			{map[string]any{"t": 1., "x": 2., "xx": -1.}, nil, 1},
			{map[string]any{"t": 1., "xxx": 1.}, nil, 2},
			{map[string]any{"t": 1., "xx": 1.}, []string{"x"}, 1},
			{map[string]any{"xt": 1.}, nil, 3}, // along the diagonal and both axes
			{nil, []string{"xt"}, 6},
		} {
			plan := jet.Plan([]string{"x", "t"}, c.linear, c.needs, in[0])
			carried := 0
			for _, order := range plan.Orders {
				carried += order
			}
			if carried != c.want {
				t.Errorf("%v with needs %v carries %d derivatives, want %d", c.linear, c.needs, carried, c.want)
			}
		}
		return in
	})
}

// TestGradientOfOperatorLoss compares the gradient of mean (L u)² for each weight
// with differences of that loss: reverse mode once over the forward channels is
// what training does.
func TestGradientOfOperatorLoss(t *testing.T) {
	for _, i := range []int{2, 4, 5} { // points shared, weights shared, nothing shared
		n := nets()[i]
		t.Run(n.name, func(t *testing.T) {
			loss := func(in []*Node) *Node {
				linear := coefficients(operators["t+βx−νxx"], in[8], in[9])
				u := network(in)(jet.Coordinates(in[7], jet.Plan([]string{"x", "t"}, linear, nil, in[7])))
				return ReduceAllMean(Square(u.Operator()))
			}
			inputs := append(n.weights(), n.x, beta, nu)
			gradients := evaluate(t, inputs, func(in []*Node) []*Node { return Gradient(loss(in), in[:6]...) }) // L u has no b₁ in it
			value := compile(t, func(in []*Node) []*Node { return []*Node{loss(in)} })
			defer value.exec.Finalize()
			for k, g := range gradients {
				want := make([]float64, len(g.data))
				original := inputs[k]
				for i := range want {
					moved := array{original.dims, slices.Clone(original.data)}
					inputs[k] = moved
					// The five-point formula, whose error is h⁴/30 f⁗: 1e-9 or so of f at
					// h = 1e-3, beside rounding of 1e-13.
					const h = 1e-3
					at := func(e float64) float64 {
						moved.data[i] = original.data[i] + e
						return value.call(inputs)[0].data[0]
					}
					want[i] = (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
				}
				inputs[k] = original
				near(t, []string{"w0", "b0", "u", "s", "v", "w1"}[k], g, want, 1e-7)
			}
		})
	}
}
