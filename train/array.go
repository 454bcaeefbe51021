// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Array is a tensor on the host, row-major. It is float64 whatever the run's
// dtype, so that a float32 value survives the way there and back exactly.
type Array struct {
	Dims []int
	Data []float64
}

// NewArray returns an array of zeros.
func NewArray(dims ...int) Array {
	a := Array{Dims: dims}
	a.Data = make([]float64, a.Size())
	return a
}

// FromRows returns rows as an array [row, column].
func FromRows(rows [][]float64) Array {
	a := Array{Dims: []int{len(rows), 0}}
	for _, r := range rows {
		a.Dims[1] = len(r)
		a.Data = append(a.Data, r...)
	}
	return a
}

// Size is the number of elements.
func (a Array) Size() int {
	n := 1
	for _, d := range a.Dims {
		n *= d
	}
	return n
}

// Reshape returns the same elements under other dimensions.
func (a Array) Reshape(dims ...int) Array {
	b := Array{Dims: dims, Data: a.Data}
	if b.Size() != a.Size() {
		panic(fmt.Errorf("train: expected dimensions for %d elements, got %v", a.Size(), dims))
	}
	return b
}

// row is entry q of the leading axis.
func (a Array) row(q int) []float64 {
	n := len(a.Data) / a.Dims[0]
	return a.Data[q*n : (q+1)*n]
}

// Equal reports whether two arrays hold the same elements in the same shape.
func (a Array) Equal(b Array) bool {
	return slices.Equal(a.Dims, b.Dims) && slices.Equal(a.Data, b.Data)
}

// Join joins arrays along their leading axis.
func Join(parts []Array) (Array, error) {
	out := Array{Dims: slices.Clone(parts[0].Dims)}
	out.Dims[0] = 0
	for _, p := range parts {
		if !slices.Equal(p.Dims[1:], parts[0].Dims[1:]) {
			return Array{}, fmt.Errorf("shapes %v and %v can't be stacked", parts[0].Dims, p.Dims)
		}
		out.Dims[0] += p.Dims[0]
		out.Data = append(out.Data, p.Data...)
	}
	return out, nil
}

// Split cuts an array into n equal parts along its leading axis.
func (a Array) Split(n int) []Array {
	parts := make([]Array, n)
	size := len(a.Data) / n
	for i := range parts {
		parts[i] = Array{Dims: slices.Clone(a.Dims), Data: slices.Clone(a.Data[i*size : (i+1)*size])}
		parts[i].Dims[0] /= n
	}
	return parts
}

// Tensor converts an array to a tensor of a floating-point type.
func (a Array) Tensor(dtype dtypes.DType) *tensors.Tensor {
	switch dtype {
	case dtypes.Float32:
		flat := make([]float32, len(a.Data))
		for i, x := range a.Data {
			flat[i] = float32(x)
		}
		return tensors.FromFlatDataAndDimensions(flat, a.Dims...)
	case dtypes.Float64:
		return tensors.FromFlatDataAndDimensions(a.Data, a.Dims...)
	}
	panic(fmt.Errorf("train: expected float32 or float64, got %s", dtype))
}

// FromTensor copies a floating-point tensor to the host.
func FromTensor(t *tensors.Tensor) (Array, error) {
	a := NewArray(slices.Clone(t.Shape().Dimensions)...)
	var err error
	switch t.DType() {
	case dtypes.Float32:
		err = tensors.ConstFlatData(t, func(flat []float32) {
			for i, x := range flat {
				a.Data[i] = float64(x)
			}
		})
	case dtypes.Float64:
		err = tensors.ConstFlatData(t, func(flat []float64) { copy(a.Data, flat) })
	default:
		err = fmt.Errorf("expected float32 or float64, got %s", t.DType())
	}
	if err != nil {
		return Array{}, fmt.Errorf("train: reading a tensor: %w", err)
	}
	return a, nil
}
