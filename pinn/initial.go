// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"math"
	"math/rand/v2"

	"pinn.example/repro/stream"
	"pinn.example/repro/train"
)

// Linear draws a weight or bias as PyTorch's Linear does, U(±1/√fanIn): the
// authors' code leaves its initialisation at that. The draw depends on the seed
// and the weight's name alone.
func Linear(seed int64, name string, fanIn int, dims ...int) train.Weight {
	bound := 1 / math.Sqrt(float64(fanIn))
	return Draw(seed, name, dims, func(r *rand.Rand) float64 { return bound * (2*r.Float64() - 1) })
}

// Draw fills a weight from the stream of a seed and the weight's name.
func Draw(seed int64, name string, dims []int, next func(*rand.Rand) float64) train.Weight {
	a := train.NewArray(dims...)
	r := stream.New(seed, "initial/"+name, 0, 0)
	for i := range a.Data {
		a.Data[i] = next(r)
	}
	return train.Weight{Name: name, Value: a}
}
