// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"errors"
	"fmt"
	"math"

	"pinn.example/repro/train"
)

// HostField is a dense tanh network without parameters among its inputs, evaluated
// on the host in float64, as the right-hand side of an ordinary differential
// equation that an integrator calls: it writes scale·net(y/scale) to dy, as many
// of the outputs as dy has components. The weights are dense0/w, [1, in, out],
// dense0/b, [1, 1, out], and so on. It is not safe for several goroutines at once.
func HostField(weights map[string]train.Array, scale float64) (func(t float64, y, dy []float64), error) {
	type layer struct{ w, b, out []float64 }
	var layers []layer
	for l := 0; ; l++ {
		w, ok := weights[fmt.Sprintf("dense%d/w", l)]
		if !ok {
			break
		}
		b := weights[fmt.Sprintf("dense%d/b", l)]
		if len(w.Dims) != 3 || w.Dims[0] != 1 || w.Dims[2] != len(b.Data) || l > 0 && w.Dims[1] != len(layers[l-1].out) {
			return nil, fmt.Errorf("pinn: layer %d has weights of shape %v and biases of shape %v; give [1, in, out] and [1, 1, out]", l, w.Dims, b.Dims)
		}
		layers = append(layers, layer{w.Data, b.Data, make([]float64, len(b.Data))})
	}
	if len(layers) == 0 {
		return nil, errors.New("pinn: no weights of a dense network; give dense0/w and so on")
	}
	in := make([]float64, weights["dense0/w"].Dims[1])
	return func(_ float64, y, dy []float64) {
		for i := range in {
			in[i] = y[i] / scale
		}
		x := in
		for l, layer := range layers {
			copy(layer.out, layer.b)
			n := len(layer.out)
			for i, v := range x {
				row := layer.w[i*n : (i+1)*n]
				for j, w := range row {
					layer.out[j] += v * w
				}
			}
			if l < len(layers)-1 {
				for j, v := range layer.out {
					layer.out[j] = math.Tanh(v)
				}
			}
			x = layer.out
		}
		for i := range dy {
			dy[i] = scale * x[i]
		}
	}, nil
}
