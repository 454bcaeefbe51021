// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package jet

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Tanh applies tanh to a jet, with derivatives of any order.
//
// With a = tanh z and s = 1 − a², a' = s z', so Leibniz gives
//
//	a⁽ⁿ⁾ = Σ_{j=0}^{n-1} C(n−1, j) s⁽ʲ⁾ z⁽ⁿ⁻ʲ⁾,   s⁽ʲ⁾ = −Σ_{i=0}^{j} C(j, i) a⁽ⁱ⁾ a⁽ʲ⁻ⁱ⁾  (j ≥ 1).
//
// The term j = 0 is linear in z; the others are what the combined channel gets
// beside σ'(z) L z: for −ν∂xx that is +2ν a s z_x².
func Tanh(z *Jet) *Jet {
	a := graph.Tanh(z.value)
	s := graph.OneMinus(graph.Square(a))
	out := &Jet{value: a, along: make([][]*graph.Node, len(z.along)), channels: z.channels}

	// rest[k][n-1] is ∂ⁿa − s ∂ⁿz along direction k.
	rest := make([][]*graph.Node, len(z.along))
	for k, zs := range z.along {
		// The combined channel may need the rest one order above what is carried.
		orders := len(zs)
		for _, t := range z.channels.Operator {
			if t.Direction == k {
				orders = max(orders, t.Order)
			}
		}
		as := make([]*graph.Node, 0, orders) // derivatives of a, from the first
		ss := []*graph.Node{s}               // derivatives of s, from the 0th
		rest[k] = make([]*graph.Node, orders)
		for n := 1; n <= orders; n++ {
			var r *graph.Node
			for j := 1; j < n; j++ {
				r = add(r, scaled(mul(ss[j], zs[n-j-1]), binomial(n-1, j)))
			}
			rest[k][n-1] = r
			if n > len(zs) {
				break // only the rest was wanted
			}
			as = append(as, add(mul(s, zs[n-1]), r))
			if n < orders {
				ss = append(ss, minusSquare(a, as, n))
			}
		}
		out.along[k] = as
	}

	out.operator = mul(s, z.operator)
	for _, t := range z.channels.Operator {
		out.operator = add(out.operator, mul(t.Coefficient, rest[t.Direction][t.Order-1]))
	}
	return out
}

// minusSquare is the n-th derivative of −a², from those of a: by symmetry each
// product is formed once.
func minusSquare(a *graph.Node, as []*graph.Node, n int) *graph.Node {
	var d *graph.Node
	for i := 0; i <= n-i; i++ {
		weight := -2 * binomial(n, i)
		if i == n-i {
			weight /= 2
		}
		d = add(d, scaled(mul(derivative(a, as, i), derivative(a, as, n-i)), weight))
	}
	return d
}

func derivative(a *graph.Node, as []*graph.Node, n int) *graph.Node {
	if n == 0 {
		return a
	}
	return as[n-1]
}

func scaled(x *graph.Node, by float64) *graph.Node {
	if x == nil || by == 1 {
		return x
	}
	return graph.MulScalar(x, by)
}

func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return b
}
