// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"slices"
	"strings"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
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
		found, err := train.Products(traintest.Open(t), task(c.trained...), 1)
		if got := train.Multiplications(found); err != nil || got != c.want {
			t.Errorf("trained %v: %d multiplications, %v; want %d", c.trained, got, err, c.want)
		}
	}
}

// A layer y = x W of 7×2 times 2×5 for each of 3 queries, in one product with a batch
// axis: forward, and backward to W; x is the same for all and has no gradient. The size
// of the operands alone does not tell the batch axis from others.
func TestProductsOfQueries(t *testing.T) {
	const queries, forward = 3, 7 * 2 * 5
	task := train.Task{
		Label:   "layer",
		Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 2, 5)}},
		Data:    []train.Datum{{Name: "x", Value: train.NewArray(1, 7, 2), Shared: true}},
		Loss: func(in train.Inputs) []train.Term {
			w := in.W("w")
			x := BroadcastToDims(in.D("x"), w.Shape().Dim(0), 7, 2)
			return []train.Term{{Name: "y", Value: ReduceSum(Square(DotGeneral(x, []int{2}, []int{0}, w, []int{1}, []int{0})), 1, 2)}}
		},
	}
	found, err := train.Products(traintest.Open(t), task, queries)
	if got, want := train.Multiplications(found), queries*2*forward; err != nil || got != want {
		t.Fatalf("%d multiplications, %v; want %d", got, err, want)
	}
	for _, p := range found {
		if p.Multiplications() != queries*forward || len(p.LHSBatch) != 1 || p.LHS[p.LHSBatch[0]] != queries || p.RHS[p.RHSBatch[0]] != queries {
			t.Errorf("a product is %+v, want a batch axis of %d and %d multiplications", p, queries, queries*forward)
		}
	}
	if first := found[0]; !slices.Equal(first.LHS, []int{queries, 7, 2}) || !slices.Equal(first.LHSContracting, []int{2}) {
		t.Errorf("the first of equal products is %+v, want the forward one", first)
	}
	if _, err := train.Products(traintest.Open(t), task, 0); err == nil || !strings.Contains(err.Error(), "give at least 1") {
		t.Errorf("no queries gave %v", err)
	}
}

// An Update takes the place of loss and Adam: two steps of descent on |x w|², of a
// vector of 7 numbers and one weight matrix of 7×5, are two products forward and two
// backward, and what its outputs don't need is not counted.
func TestProductsOfAnUpdate(t *testing.T) {
	const product = 3 * 7 * 5
	task := train.Task{
		Label:   "descent",
		Weights: []train.Weight{{Name: "w", Value: train.NewArray(1, 7, 5)}},
		Data:    []train.Datum{{Name: "x", Value: train.NewArray(1, 3, 7), Shared: true}},
	}
	task.Update = func(in train.Inputs) (map[string]*Node, []train.Term) {
		x, w := Reshape(in.D("x"), 3, 7), Reshape(in.W("w"), 7, 5)
		var first *Node
		for range 2 {
			loss := ReduceAllSum(Square(Dot(x, w).Product()))
			if first == nil {
				first = loss
			}
			w = Sub(w, Gradient(loss, w)[0])
		}
		Dot(x, w).Product() // nothing reads it
		return map[string]*Node{"w": InsertAxes(w, 0)}, []train.Term{{Name: "loss", Value: InsertAxes(first, 0)}}
	}
	found, err := train.Products(traintest.Open(t), task, 1)
	if got := train.Multiplications(found); err != nil || got != 4*product {
		t.Errorf("%d multiplications, %v; want %d", got, err, 4*product)
	}
}
