// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/train"
)

// TestProducts: of y = (x A) B with x of 7×2, A of 2×5 and B of 5×3, forward takes
// 7·2·5 + 7·5·3 multiplications, backward as many for each weight and 7·3·5 to
// what B is multiplied with. A frozen weight takes none for itself, and needs none
// of those that only it would read.
func TestProducts(t *testing.T) {
	const xa, ab = 7 * 2 * 5, 7 * 5 * 3
	task := func(trained ...string) train.Task {
		a, b := train.NewArray(1, 2, 5), train.NewArray(1, 5, 3)
		out := train.Task{
			Label: "product", Data: []train.Datum{{Name: "x", Value: train.NewArray(1, 7, 2), Shared: true}},
			Loss: func(in train.Inputs) []train.Term {
				flat := func(n *Node) *Node { return Reshape(n, n.Shape().Dimensions[1:]...) }
				y := Dot(Dot(flat(in.D("x")), flat(in.Any("a"))).Product(), flat(in.Any("b"))).Product()
				// Not read by any gradient: no weight is in it.
				idle := Dot(flat(in.D("x")), Transpose(flat(in.D("x")), 0, 1)).Product()
				idle = MulScalar(StopGradient(ReduceAllSum(idle)), 0)
				return []train.Term{{Name: "y", Value: InsertAxes(Add(ReduceAllSum(Square(y)), idle), 0)}}
			},
		}
		for name, value := range map[string]train.Array{"a": a, "b": b} {
			frozen := true
			for _, n := range trained {
				if n == name {
					frozen = false
					out.Weights = append(out.Weights, train.Weight{Name: name, Value: value})
				}
			}
			if frozen {
				out.Data = append(out.Data, train.Datum{Name: name, Value: value})
			}
		}
		return out
	}
	const idle = 7 * 2 * 7 // forward; it is part of the loss
	for _, c := range []struct {
		trained []string
		want    int
	}{
		{[]string{"a", "b"}, xa + ab + xa + ab + ab + idle},
		{[]string{"a"}, xa + ab + xa + ab + idle},
		{[]string{"b"}, xa + ab + ab + idle},
	} {
		got, err := train.Products(open(t), task(c.trained...))
		if err != nil || got != c.want {
			t.Errorf("trained %v: %d products, %v; want %d", c.trained, got, err, c.want)
		}
	}
}
