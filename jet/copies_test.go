// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"fmt"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/jet"
)

// TestCopies: with a copy of each weight a point, values are those without, and the
// gradient of the sum over points by a copy is the gradient at its point alone, with
// points in two blocks as in one.
func TestCopies(t *testing.T) {
	all := nets()
	for _, n := range []net{all[0], all[2], all[5]} { // those with weights of each query
		for _, points := range []int{3, many} {
			if points == many && n.name != all[2].name {
				continue // compiling the witness takes long
			}
			t.Run(fmt.Sprintf("%s, %d points", n.name, points), func(t *testing.T) {
				n.x = random("copies x", 1, n.x.dims[0], points, 2)
				operator := func(in []*Node, x *Node) *Node {
					plan := jet.Plan([]string{"x", "t"}, map[string]any{"t": 1., "xx": -.3}, nil, x)
					u := network(in)(jet.Coordinates(x, plan))
					return Add(u.Operator(), Square(u.Value()))
				}
				inputs := append(n.weights(), n.x)
				const probes = 3 // points whose gradients are compared
				got := evaluate(t, inputs, func(in []*Node) []*Node {
					copies := make([]*Node, 7)
					for i, w := range in[:7] {
						copies[i] = BroadcastToDims(InsertAxes(w, -1), append(append([]int{}, w.Shape().Dimensions...), points)...)
					}
					r := operator(copies, in[7])
					out := []*Node{r}
					for _, g := range Gradient(ReduceAllSum(r), copies...) {
						for k := range probes {
							axes := make([]SliceAxisSpec, g.Rank())
							for a := range axes {
								axes[a] = AxisRange()
							}
							axes[len(axes)-1] = AxisElem(k * (points - 1) / (probes - 1))
							out = append(out, Squeeze(Slice(g, axes...), -1))
						}
					}
					return out
				})
				want := evaluate(t, inputs, func(in []*Node) []*Node {
					r := operator(in, in[7])
					out := make([]*Node, 1+7*probes)
					out[0] = r
					for k := range probes {
						at := k * (points - 1) / (probes - 1)
						for i, g := range Gradient(ReduceAllSum(Slice(r, AxisRange(), AxisElem(at))), in[:7]...) {
							out[1+i*probes+k] = g
						}
					}
					return out
				})
				for i := range want {
					near(t, fmt.Sprintf("array %d", i), got[i], want[i].data, 1e-12)
				}
			})
		}
	}
}
