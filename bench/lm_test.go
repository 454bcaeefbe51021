// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// BenchmarkLMPhase2 is one step of Levenberg–Marquardt in Phase 2 at one β, full rank:
// 351 weights, 1,000 + 256 + 100 residuals.
func BenchmarkLMPhase2(b *testing.B) {
	lm(b, gram(351, 1356, 1), "table2", "hyper-lr-pinn/phase2", "beta=30", "full rank")
}

// BenchmarkLMFresh is one on points that are drawn anew at every step, as in beyond/.
func BenchmarkLMFresh(b *testing.B) {
	lm(b, gram(351, 1356, 1), "beyond/table2", "hyper-lr-pinn/phase2", "beta=30", "full rank", "anew every", "Levenberg")
}

// BenchmarkLMPINN is one of the vanilla PINN: 10,401 weights and as many residuals, in the
// dual form.
func BenchmarkLMPINN(b *testing.B) {
	lm(b, gram(10_401, 1356, 0), "speed", "pinn", "beta=30")
}

// gram is JᵀJ or JJᵀ of a J [1, weight, residual], summed over residuals (1) or weights (0).
func gram(weights, residuals, over int) train.Product {
	dims, axes := []int{1, weights, residuals}, []int{1 + over}
	return train.Product{LHS: dims, RHS: dims, LHSContracting: axes, RHSContracting: axes, LHSBatch: []int{0}, RHSBatch: []int{0}}
}

// lm times steps of that run from its start, with the parts of their time beside:
//
//	normal-ms   Jacobian, normal matrix and its way to the host
//	product-ms  a product of the normal matrix's size alone, which is part of this
//	solve-ms    Cholesky's decomposition on the host
//	loss-ms     the loss at the steps that are tried
//	tried/step  how many these are
func lm(b *testing.B, normal train.Product, experiment, method string, says ...string) {
	b.Helper()
	be := traintest.Open(b)
	r, err := find(experiment, method, says...)
	if err != nil {
		b.Fatal(err)
	}
	task, err := r.Untrained(be)
	if err != nil {
		b.Fatal(err)
	}
	task.Probe, task.ProbeData = nil, nil // not a part of the step
	settings := train.Settings{Steps: last, HistoryEvery: last, LM: &train.LM{}}
	trainer, err := train.NewTrainer(be, task, settings)
	if err != nil {
		b.Fatal(err)
	}
	defer trainer.Finalize()
	start := train.Initial(task)
	steps := func(n int) float64 {
		var rate float64
		start.Steps = last - n
		if _, err := trainer.Run(context.Background(), []train.Task{task}, []train.State{start}, train.Options{
			Progress: func(p train.Progress) { rate = p.StepsPerSecond },
		}); err != nil {
			b.Fatal(err)
		}
		return 1 / rate
	}
	steps(5)
	product, err := speed(be, normal)
	if err != nil {
		b.Fatal(err)
	}
	before := trainer.Times
	b.ResetTimer()
	perStep := steps(b.N)
	b.StopTimer()
	after := trainer.Times
	n := float64(after.Steps - before.Steps)
	b.ReportMetric(1e9*perStep, "ns/op")
	b.ReportMetric(1000*perStep, "ms/step")
	b.ReportMetric(1000*(after.Normal-before.Normal).Seconds()/n, "normal-ms")
	b.ReportMetric(1000*(after.Solve-before.Solve).Seconds()/n, "solve-ms")
	b.ReportMetric(1000*(after.Loss-before.Loss).Seconds()/n, "loss-ms")
	b.ReportMetric(float64(after.Tried-before.Tried)/n, "tried/step")
	b.ReportMetric(1000*2*float64(normal.Multiplications())/product, "product-ms")
}
