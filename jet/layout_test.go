// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"fmt"
	"slices"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/jet"
)

// many is as many points as are cut into two blocks.
const many = 256

// TestBlocks: points that are cut into blocks give what a few at a time give, which are
// not: the operator at each, and the gradient of the mean square of it.
func TestBlocks(t *testing.T) {
	for _, n := range nets() {
		t.Run(n.name, func(t *testing.T) {
			shared := n.x.dims[0]
			n.x = random("many x", 1, shared, many, 2)
			operator := func(in []*Node, x *Node) *Node {
				plan := jet.Plan([]string{"x", "t"}, map[string]any{"t": 1., "xx": -.3}, nil, x)
				u := network(in)(jet.Coordinates(x, plan))
				return Add(u.Operator(), Square(u.Value()))
			}
			inputs := append(n.weights(), n.x)
			whole := evaluate(t, inputs, func(in []*Node) []*Node {
				r := operator(in, in[7])
				return append(Gradient(ReduceAllMean(Square(r)), in[:7]...), r)
			})
			const parts = 8
			few := evaluate(t, inputs, func(in []*Node) []*Node {
				var rs []*Node
				for i := range parts {
					rs = append(rs, operator(in, Slice(in[7], AxisRange(), AxisRange(i*many/parts, (i+1)*many/parts))))
				}
				r := Concatenate(rs, 1)
				return append(Gradient(ReduceAllMean(Square(r)), in[:7]...), r)
			})
			for i := range whole {
				near(t, fmt.Sprintf("array %d", i), whole[i], few[i].data, 1e-12)
			}
		})
	}
}

// TestSecondGradient compares the gradient of a function of a first gradient, which MAML
// takes, with differences of that function.
func TestSecondGradient(t *testing.T) {
	for _, i := range []int{0, 2, 5} {
		n := nets()[i]
		t.Run(n.name, func(t *testing.T) {
			n.x = random("many x", 1, n.x.dims[0], many, 2)
			after := func(in []*Node) *Node {
				loss := func(w []*Node) *Node {
					plan := jet.Plan([]string{"x", "t"}, map[string]any{"t": 1., "x": 3.}, nil, in[7])
					u := network(w)(jet.Coordinates(in[7], plan))
					return ReduceAllMean(Square(Add(u.Operator(), u.Value())))
				}
				w := slices.Clone(in[:7])
				for k, g := range Gradient(loss(w), w...) {
					w[k] = Sub(w[k], MulScalar(g, .1))
				}
				return loss(w)
			}
			inputs := append(n.weights(), n.x)
			gradients := evaluate(t, inputs, func(in []*Node) []*Node { return Gradient(after(in), in[:7]...) })
			value := compile(t, func(in []*Node) []*Node { return []*Node{after(in)} })
			defer value.exec.Finalize()
			for k, g := range gradients {
				original := inputs[k]
				const at = 0 // one entry of each: 14 values of a graph
				want := difference(func(e float64) float64 {
					moved := array{original.dims, slices.Clone(original.data)}
					moved.data[at] += e
					inputs[k] = moved
					return value.call(inputs)[0].data[0]
				}, 1)
				inputs[k] = original
				near(t, fmt.Sprintf("weight %d", k), array{[]int{1}, []float64{g.data[at]}}, []float64{want}, 1e-8)
			}
		})
	}
}
