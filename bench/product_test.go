// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// BenchmarkMatmul is the product of two matrices of 1,024², about the fastest that the
// machine multiplies. A step is one product.
func BenchmarkMatmul(b *testing.B) {
	const n = 1024
	square := []int{n, n}
	p := train.Product{LHS: square, RHS: square, LHSContracting: []int{1}, RHSContracting: []int{0}}
	flops, err := speed(traintest.Open(b), p)
	if err != nil {
		b.Fatal(err)
	}
	perStep := 2 * float64(p.Multiplications()) / flops
	b.ReportMetric(1e9*perStep, "ns/op")
	b.ReportMetric(flops/1e9, "GFLOP/s")
}

// speed is the FLOP/s of a product alone, the best of several dispatches of about a tenth of
// a second. A dispatch computes it many times over in a loop, as that of a training
// step does. One number of each result goes into the left operand of the next, so that
// the compiler can't take the product out of the loop; the result itself is what the
// loop leaves behind, so that all of it is needed. The pure-Go backend, which runs no such
// loop, computes one a dispatch.
func speed(be compute.Backend, p train.Product) (float64, error) {
	body := once
	if be.Capabilities().Operations[compute.OpTypeDynamicUpdateSlice] {
		body = repeated
	}
	exec, err := NewExec(be, func(count, lhs, rhs *Node) *Node { return body(p, count, lhs, rhs) })
	if err != nil {
		return 0, fmt.Errorf("timing a product: %w", err)
	}
	defer exec.Finalize()
	random := rand.New(rand.NewPCG(1, 2))
	operand := func(dims []int) any {
		a := train.NewArray(dims...)
		for i := range a.Data {
			a.Data[i] = 2*random.Float64() - 1
		}
		return a.Tensor(dtypes.Float32)
	}
	lhs, rhs := operand(p.LHS), operand(p.RHS)
	call := func(count int) (float64, error) {
		start := time.Now()
		rounds := 1
		if !be.Capabilities().Operations[compute.OpTypeDynamicUpdateSlice] {
			rounds, count = count, 1
		}
		for range rounds {
			out, err := exec.Call1(int32(count), lhs, rhs)
			if err != nil {
				return 0, fmt.Errorf("timing a product: %w", err)
			}
			out.MustFinalizeAll()
		}
		return time.Since(start).Seconds(), nil
	}
	const dispatch, best = .1, 5
	if _, err := call(1); err != nil { // compiles
		return 0, err
	}
	count, fastest := 1, math.Inf(1)
	for calls := 0; calls < best; {
		seconds, err := call(count)
		if err != nil {
			return 0, err
		}
		fastest = min(fastest, seconds/float64(count))
		if seconds < dispatch/2 && count < 1<<24 {
			count *= 2
			continue
		}
		calls++
	}
	return 2 * float64(p.Multiplications()) / fastest, nil
}

func product(p train.Product, lhs, rhs *Node) *Node {
	return DotGeneral(lhs, p.LHSContracting, p.LHSBatch, rhs, p.RHSContracting, p.RHSBatch)
}

func once(p train.Product, _, lhs, rhs *Node) *Node { return product(p, lhs, rhs) }

// repeated computes a product count times, and returns the sum of the last result.
func repeated(p train.Product, count, lhs, rhs *Node) *Node {
	g := count.Graph()
	state := []*Node{Const(g, int32(0)), count, lhs, rhs, ZerosLike(product(p, lhs, rhs))}
	parameters := func(g *Graph) []*Node {
		in := make([]*Node, len(state))
		for i, n := range state {
			in[i] = Parameter(g, fmt.Sprintf("s%d", i), n.Shape())
		}
		return in
	}
	condition := NewClosure(g, func(g *Graph) []*Node {
		in := parameters(g)
		return []*Node{LessThan(in[0], in[1])}
	})
	body := NewClosure(g, func(g *Graph) []*Node {
		in := parameters(g)
		out := product(p, in[2], in[3])
		first := make([]SliceAxisSpec, out.Rank())
		for i := range first {
			first[i] = AxisElem(0)
		}
		ones, at := make([]int, in[2].Rank()), make([]*Node, in[2].Rank())
		for i := range ones {
			ones[i], at[i] = 1, Const(g, int32(0))
		}
		// Small, so that the numbers stay as they were.
		entry := Mul(Reshape(Slice(out, first...), ones...), Const(g, float32(1e-3)))
		return []*Node{Add(in[0], Const(g, int32(1))), in[1], DynamicUpdateSlice(in[2], entry, at), in[3], out}
	})
	return ReduceAllSum(While(condition, body, state...)[4])
}
