// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/stream"
)

// Uniform draws numbers from U[0, 1) on the device, [query, dims...], anew at
// every step: a function of the task's seed, the role, the step and the place in
// the result, the same on every backend and after every resume. The task lists
// the role among its Streams. The numbers are multiples of 2⁻²⁴. Each stage
// starts over with the same draws.
//
// The generator is Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random
// numbers: as easy as 1, 2, 3", SC11), keyed by [stream.Key]; GoMLX's own differs
// from backend to backend.
func (in Inputs) Uniform(role string, dims ...int) *Node { return in.uniform(role, 1, dims...) }

// uniform is Uniform with a new draw every so many steps, the first before step 1.
func (in Inputs) uniform(role string, every int, dims ...int) *Node {
	steps, pieces := in.Steps(), in.D(streamDatum(role)) // pieces is [query, 4]
	g, queries := steps.Graph(), pieces.Shape().Dim(0)
	flat := []int{queries, 1}
	for _, d := range dims {
		flat[1] *= d
	}
	word := func(i int) *Node { // of the key, [query, 1]
		piece := func(i int) *Node { return ConvertDType(Slice(pieces, AxisRange(), AxisElem(i)), dtypes.Uint32) }
		return BitwiseOr(BitwiseShiftLeftScalar(piece(2*i), uint32(16)), piece(2*i+1))
	}
	key := [2]*Node{BroadcastToDims(word(0), flat...), BroadcastToDims(word(1), flat...)}
	count := ConvertDType(steps, dtypes.Uint32)
	if every > 1 { // of integers: a float's quotient may round up
		count = Div(count, Const(g, uint32(every)))
	}
	counter := [2]*Node{
		BroadcastToDims(Reshape(count, 1, 1), flat...),
		BroadcastToDims(IotaFull(g, shapes.Make(dtypes.Uint32, 1, flat[1])), flat...),
	}
	bits := BitwiseShiftRightLogicalScalar(threefry(key, counter)[0], uint32(8)) // 24 fit a float32
	x := MulScalar(ConvertDType(bits, pieces.DType()), 1./(1<<24))
	return Reshape(x, append([]int{queries}, dims...)...)
}

// threefry is the 2x32 generator's block function of 20 rounds on uint32 nodes.
func threefry(key, counter [2]*Node) [2]*Node {
	const parity = 0x1BD11BDA // the constant C240 of the reference code, lower half
	rotations := [8]uint32{13, 15, 26, 6, 17, 29, 16, 24}
	schedule := [3]*Node{key[0], key[1], BitwiseXor(BitwiseXor(key[0], key[1]), ConstAs(key[0], uint32(parity)))}
	x := [2]*Node{Add(counter[0], schedule[0]), Add(counter[1], schedule[1])}
	for round := range 20 {
		x[0] = Add(x[0], x[1])
		by := rotations[round%8]
		x[1] = BitwiseOr(BitwiseShiftLeftScalar(x[1], by), BitwiseShiftRightLogicalScalar(x[1], 32-by))
		x[1] = BitwiseXor(x[0], x[1])
		if round%4 == 3 {
			i := round/4 + 1
			x[0] = Add(x[0], schedule[i%3])
			x[1] = Add(x[1], Add(schedule[(i+1)%3], ConstAs(x[1], uint32(i))))
		}
	}
	return x
}

// streamDatum is the name of the datum that carries a stream's key.
func streamDatum(role string) string { return fmt.Sprintf("stream/%s", role) }

// streamKey is a stream's key in pieces of 16 bits, which a float32 holds
// exactly, [1, 4].
func streamKey(seed int64, role string) Array {
	key := stream.Key(seed, role)
	a := NewArray(1, 4)
	for i := range key {
		a.Data[2*i], a.Data[2*i+1] = float64(key[i]>>16), float64(key[i]&0xffff)
	}
	return a
}
