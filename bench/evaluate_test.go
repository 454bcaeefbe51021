// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/gomlx/compute"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// evaluation measures a network as a session does after training.
type evaluation struct {
	name          string
	evaluator     *pinn.Evaluator
	weights, data map[string]train.Array
	compiled      time.Duration
	peakMB        float64
}

// evaluated is the benchmark of the last call; see current.
var evaluated *evaluation

// evaluates times the evaluation of a network of these weights at β = 30: its error on
// the 1,000 test points and on the grid of 256 × 100, the best constant's, and the
// residual there and at the 1,000 collocation points. The reference solution, which the
// host computes, is a part of it.
func evaluates(b *testing.B, frozen []string, make maker, network func(in train.Inputs) jet.Network) {
	b.Helper()
	mu := []float64{30, 0, 0}
	if evaluated == nil || evaluated.name != b.Name() {
		e, err := newEvaluation(traintest.Open(b), b.Name(), frozen, make, network)
		if err != nil {
			b.Fatal(err)
		}
		evaluated = e
		start := time.Now() // the first call compiles
		if _, err := e.evaluator.Evaluate(mu, e.weights, e.data); err != nil {
			b.Fatal(err)
		}
		e.compiled = time.Since(start)
		if e.peakMB, err = peakMB(); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for range b.N {
		if _, err := evaluated.evaluator.Evaluate(mu, evaluated.weights, evaluated.data); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	perStep := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(1/perStep, "steps/s")
	b.ReportMetric(1000*perStep, "ms/step")
	b.ReportMetric(evaluated.compiled.Seconds(), "compile-s")
	if evaluated.peakMB > 0 {
		b.ReportMetric(evaluated.peakMB, "peak-MB")
	}
}

func newEvaluation(be compute.Backend, name string, frozen []string, make maker, network func(in train.Inputs) jet.Network) (*evaluation, error) {
	tasks, _, err := make(be)
	if err != nil {
		return nil, err
	}
	setup, err := convection(1000)
	if err != nil {
		return nil, err
	}
	e := &evaluation{name: name, weights: train.Initial(tasks[0]).Weights, data: map[string]train.Array{}}
	for _, d := range tasks[0].Data {
		if slices.Contains(frozen, d.Name) {
			e.data[d.Name] = d.Value
		}
	}
	e.evaluator, err = pinn.NewEvaluator(be, setup, slices.Collect(maps.Keys(e.weights)), slices.Collect(maps.Keys(e.data)), "float32", network)
	return e, err
}

// BenchmarkEvaluatePhase2 is the evaluation of Phase 2. A step is one evaluation.
func BenchmarkEvaluatePhase2(b *testing.B) {
	evaluates(b, lrpinn.FrozenNames(), scaled{net: "Phase2", axis: "queries", value: 1}.make, lrpinn.Phase2Network)
}

// BenchmarkEvaluatePINN is that of the vanilla PINN.
func BenchmarkEvaluatePINN(b *testing.B) {
	evaluates(b, nil, scaled{net: "PINN", axis: "points", value: 1000}.make, baselines.PINN{}.Network)
}
