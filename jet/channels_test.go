// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet_test

import (
	"fmt"
	"math"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/jet"
)

// directions of the channel tests: both axes, the diagonal of polarisation, and
// one that is nothing special; and the orders carried along each.
var (
	directions = [][]float64{{1, 0}, {0, 1}, {1, 1}, {.3, -.7}}
	orders     = []int{3, 2, 1, 3}
)

// TestChannelsAgreeWithNestedReverseMode compares every channel with derivatives
// by nested reverse mode of a network that is written down without this package.
func TestChannelsAgreeWithNestedReverseMode(t *testing.T) {
	all := nets()
	// All shared but the diagonal, points shared, nothing shared: third
	// derivatives this way take XLA long to compile.
	for _, n := range []net{all[1], all[2], all[5]} {
		t.Run(n.name, func(t *testing.T) {
			inputs := append(n.weights(), n.x)
			got := evaluate(t, inputs, func(in []*Node) []*Node {
				u := network(in)(jet.Coordinates(in[7], jet.Channels{Directions: directions, Orders: orders}))
				out := []*Node{u.Value()}
				for k, order := range orders {
					for of := 1; of <= order; of++ {
						out = append(out, fill(u.Along(k, of), n.queries()))
					}
				}
				return out
			})
			want := evaluate(t, inputs, func(in []*Node) []*Node {
				x, time, u := nested(in, n.queries())
				// partial[n][k] is ∂ᵏ/∂tᵏ ∂ⁿ⁻ᵏ/∂xⁿ⁻ᵏ u; along (a, b) the n-th derivative is
				// Σ C(n, k) aⁿ⁻ᵏ bᵏ of these.
				partial := [][]*Node{{u}}
				for n := 1; n <= 3; n++ {
					row := []*Node{gradient(partial[n-1][0], x)}
					for _, d := range partial[n-1] {
						row = append(row, gradient(d, time))
					}
					partial = append(partial, row)
				}
				out := []*Node{u}
				for k, order := range orders {
					a, b := directions[k][0], directions[k][1]
					for n := 1; n <= order; n++ {
						sum, binomial := ZerosLike(u), 1.
						for i, d := range partial[n] {
							sum = Add(sum, MulScalar(d, binomial*math.Pow(a, float64(n-i))*math.Pow(b, float64(i))))
							binomial *= float64(n-i) / float64(i+1)
						}
						out = append(out, sum)
					}
				}
				return out
			})
			names := channelNames()
			for i := range want {
				// Two ways through the same float64 sums: rounding alone.
				near(t, names[i], got[i], want[i].data, 1e-12)
			}
		})
	}
}

// TestChannelsAgreeWithFiniteDifferences compares every channel, under every way
// to share weights and points, with differences of the network in plain Go.
func TestChannelsAgreeWithFiniteDifferences(t *testing.T) {
	for _, n := range nets() {
		t.Run(n.name, func(t *testing.T) {
			got := evaluate(t, append(n.weights(), n.x), func(in []*Node) []*Node {
				u := network(in)(jet.Coordinates(in[7], jet.Channels{Directions: directions, Orders: orders}))
				out := []*Node{u.Value()}
				for k, order := range orders {
					for of := 1; of <= order; of++ {
						out = append(out, fill(u.Along(k, of), n.queries()))
					}
				}
				return out
			})
			names := channelNames()
			near(t, names[0], got[0], n.differences([]float64{0, 0}, 0), 1e-14)
			i := 1
			for k, order := range orders {
				for of := 1; of <= order; of++ {
					// The differences themselves are good to 1e-9.
					near(t, names[i], got[i], n.differences(directions[k], of), 1e-8)
					i++
				}
			}
		})
	}
}

// TestMixedDerivativeByPolarisation compares u_xt, which is carried along the
// diagonal, with nested reverse mode; and the names of pure derivatives.
func TestMixedDerivativeByPolarisation(t *testing.T) {
	n := nets()[5]
	coordinates := []string{"x", "t"}
	needs := []string{"xt", "tx", "x", "tt", "xxx"}
	inputs := append(n.weights(), n.x)
	got := evaluate(t, inputs, func(in []*Node) []*Node {
		u := network(in)(jet.Coordinates(in[7], jet.Plan(coordinates, nil, needs, in[7])))
		var out []*Node
		for _, name := range needs {
			out = append(out, u.Derivative(coordinates, name))
		}
		return out
	})
	want := evaluate(t, inputs, func(in []*Node) []*Node {
		x, time, u := nested(in, n.queries())
		ux := gradient(u, x)
		uxt := gradient(ux, time)
		return []*Node{uxt, uxt, ux, gradient(gradient(u, time), time), gradient(gradient(ux, x), x)}
	})
	for i, name := range needs {
		near(t, name, got[i], want[i].data, 1e-12)
	}
}

// TestDerivativeOfWhatIsLinear: a network without activation has no second
// derivative, and asking for it gives zeros rather than a failure.
func TestDerivativeOfWhatIsLinear(t *testing.T) {
	x, w := random("x", 1, 1, points, 2), random("w", 1, queries, 2, 1)
	coordinates := []string{"x", "t"}
	got := evaluate(t, []array{x, w}, func(in []*Node) []*Node {
		plan := jet.Plan(coordinates, map[string]any{"xx": 1.}, []string{"x", "xt", "tt"}, in[0])
		u := jet.Dense(jet.Coordinates(in[0], plan), in[1], nil)
		if u.Operator() != nil {
			t.Errorf("the operator ∂xx of a linear network is %s, want nil for zero", u.Operator())
		}
		return []*Node{fill(u.Derivative(coordinates, "x"), queries), u.Derivative(coordinates, "xt"), u.Derivative(coordinates, "tt")}
	})
	near(t, "u_x", got[0], []float64{w.at(0, 0, 0), w.at(1, 0, 0), w.at(2, 0, 0)}, 0)
	near(t, "u_xt", got[1], make([]float64, queries*points), 0)
	near(t, "u_tt", got[2], make([]float64, queries*points), 0)
}

// nested is the network of these tests in plain graph operations, with x and t
// as nodes of their own: the gradient of a slice has no second gradient.
func nested(in []*Node, queries int) (x, time, u *Node) {
	places := fill(in[7], queries)
	x = Slice(places, AxisRange(), AxisRange(), AxisElem(0))
	time = Slice(places, AxisRange(), AxisRange(), AxisElem(1))
	wx := Slice(in[0], AxisRange(), AxisElem(0), AxisRange())
	wt := Slice(in[0], AxisRange(), AxisElem(1), AxisRange())
	times := func(h, w *Node) *Node {
		return Einsum("qpi,qij->qpj", h, fill(w, queries))
	}
	h := Tanh(Add(Add(Mul(x, wx), Mul(time, wt)), in[1]))
	low := Mul(times(h, in[2]), InsertAxes(in[3], 1))
	h = Add(h, Tanh(times(low, in[4])))
	return x, time, Add(times(h, in[5]), in[6])
}

// gradient of f at every point: queries and points don't mix, so the gradient of
// the sum holds each one's own derivative.
func gradient(f, x *Node) *Node { return Gradient(ReduceAllSum(f), x)[0] }

// differences is a derivative along a direction at every point, by differences.
func (n net) differences(direction []float64, order int) []float64 {
	var out []float64
	for q := range n.queries() {
		for p := range points {
			out = append(out, difference(func(e float64) float64 {
				return n.host(q, [2]float64{n.x.at(q, p, 0) + e*direction[0], n.x.at(q, p, 1) + e*direction[1]})
			}, order))
		}
	}
	return out
}

func channelNames() []string {
	names := []string{"u"}
	for k, order := range orders {
		for of := 1; of <= order; of++ {
			names = append(names, fmt.Sprintf("derivative %d along %v", of, directions[k]))
		}
	}
	return names
}
