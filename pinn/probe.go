// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Names of what Probe measures on the test points, where nothing is trained.
const (
	AbsProbe      = "abs_err"       // mean |u − û|
	RelProbe      = "rel_err"       // ‖u − û‖₂ / ‖u‖₂
	ResidualProbe = "residual_test" // mean square residual; see Evaluation.Spurious
)

const (
	probePoints = "probe/points" // [1, point, coordinate]
	probeTruth  = "probe/truth"  // [query, point]
)

// Probe returns the task with the errors and the residual on the test points as
// its probe, at the parameter settings of its data; where one task holds several
// (a Phase 1), their mean. network is as for NewEvaluator.
func (s Setup) Probe(task train.Task, mus [][]float64, network func(in train.Inputs) jet.Network) (train.Task, error) {
	truth := make([][]float64, len(mus))
	for i, mu := range mus {
		var err error
		if truth[i], err = s.Problem.Reference(mu, s.Points.Test); err != nil {
			return train.Task{}, fmt.Errorf("pinn: reference solution: %w", err)
		}
	}
	several := len(mus) > 1
	task.ProbeData = append(slices.Clip(task.ProbeData),
		train.Datum{Name: probePoints, Value: pointArray(s.Points.Test), Shared: true},
		train.Datum{Name: probeTruth, Value: train.FromRows(truth), Shared: several})
	task.Probe = func(in train.Inputs) []train.Term {
		terms := s.probe(in, network(in))
		if several {
			for i := range terms {
				terms[i].Value = graph.InsertAxes(graph.ReduceAllMean(terms[i].Value), 0)
			}
		}
		return terms
	}
	return task, nil
}

// probe measures a network at each parameter setting, [query].
func (s Setup) probe(in train.Inputs, net jet.Network) []train.Term {
	r, u := pde.Residual(s.Problem, net, in.D(MuDatum), in.D(probePoints))
	truth := in.D(probeTruth)
	// Weights that all parameter settings share give one u for all of them.
	misfit := graph.Sub(graph.Reshape(u, u.Shape().Dim(0), u.Shape().Dim(1)), truth)
	square := func(x *graph.Node) *graph.Node { return graph.ReduceSum(graph.Square(x), 1) }
	return []train.Term{
		{Name: AbsProbe, Value: graph.ReduceMean(graph.Abs(misfit), 1)},
		{Name: RelProbe, Value: graph.Sqrt(graph.Div(square(misfit), square(truth)))},
		{Name: ResidualProbe, Value: meanSquare(r)},
	}
}
