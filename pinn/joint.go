// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/train"
)

// Joint returns the task of one network for all of mus, which are one query: nothing
// of their data is stacked, and each term of the loss is its mean over them. network
// is as for NewEvaluator.
func (s Setup) Joint(label string, weights []train.Weight, mus [][]float64, network func(in train.Inputs) jet.Network) train.Task {
	data := s.Data(mus...)
	for i := range data {
		data[i].Shared = true
	}
	return train.Task{
		Label: label, Weights: weights, Data: data,
		Loss: func(in train.Inputs) []train.Term {
			// All μ have as many points, so the mean of their means is the mean over
			// all points.
			terms := s.Losses(in, network(in))
			for i := range terms {
				terms[i].Value = graph.InsertAxes(graph.ReduceAllMean(terms[i].Value), 0)
			}
			return terms
		},
	}
}
