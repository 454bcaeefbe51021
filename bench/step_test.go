// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package bench times the training steps at the papers' own sizes. `make bench`
// runs it; quote ratios of runs that alternate, since machines are noisy.
package bench

import (
	"context"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// The training β of section 4.2.1, with ν = ρ = 0.
func trainingMus() [][]float64 {
	var mus [][]float64
	for beta := 30.; beta <= 40; beta++ {
		mus = append(mus, []float64{beta, 0, 0})
	}
	return mus
}

func setup(b *testing.B, kind string, initial pde.Initial) pinn.Setup {
	b.Helper()
	p, err := pde.NewCDR(kind, initial, nil)
	if err != nil {
		b.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published"})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func open(b *testing.B) *backend.Backend {
	b.Helper()
	be, err := backend.Open("")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(be.Finalize)
	return be
}

// steps times b.N optimizer steps of a task, compilation left out.
func steps(b *testing.B, be *backend.Backend, task train.Task) {
	b.Helper()
	const last = 1 << 30
	t, err := train.NewTrainer(be.Compute, task, train.Settings{Steps: last, HistoryEvery: last})
	if err != nil {
		b.Fatal(err)
	}
	defer t.Finalize()
	tasks := []train.Task{task}
	run := func(n int, from train.State) train.State {
		from.Steps = last - n
		states, err := t.Run(context.Background(), tasks, []train.State{from}, train.Options{})
		if err != nil {
			b.Fatal(err)
		}
		return states[0]
	}
	// The first call compiles, and finds out how many steps make a dispatch.
	warm := run(20, train.Initial(task))
	b.ResetTimer()
	run(b.N, warm)
	b.StopTimer()
	perStep := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(1/perStep, "steps/s")
	b.ReportMetric(1000*perStep, "ms/step")
	b.ReportMetric(t.CompileTime.Seconds(), "compile-s")
}

// BenchmarkPhase1 is Phase 1 on β = 30 … 40: 11 μ of 1,000 + 256 + 2·100 points.
func BenchmarkPhase1(b *testing.B) {
	s := setup(b, "convection", pde.OnePlusSin)
	steps(b, open(b), lrpinn.Phase1{Setup: s, Mus: trainingMus()}.Task())
}

// BenchmarkPhase1CDR is the same with all of β, ν, ρ.
func BenchmarkPhase1CDR(b *testing.B) {
	s := setup(b, "cdr", pde.GaussWide)
	var mus [][]float64
	for i := range 11 {
		x := 1 + .4*float64(i)
		mus = append(mus, []float64{x, 6 - x, 3})
	}
	steps(b, open(b), lrpinn.Phase1{Setup: s, Mus: mus}.Task())
}

// BenchmarkPhase2 is Phase 2 at one β, full rank.
func BenchmarkPhase2(b *testing.B) {
	s := setup(b, "convection", pde.OnePlusSin)
	be := open(b)
	p1 := lrpinn.Phase1{Setup: s, Mus: trainingMus()}
	start := map[string]train.Array{}
	for _, w := range p1.Task().Weights {
		start[w.Name] = w.Value
	}
	p2, err := lrpinn.NewPhase2(be.Compute, s, []float64{30, 0, 0}, lrpinn.FullRank, start)
	if err != nil {
		b.Fatal(err)
	}
	steps(b, be, p2.Task())
}

// BenchmarkPINN is the vanilla PINN of 10,401 parameters at one β.
func BenchmarkPINN(b *testing.B) {
	s := setup(b, "convection", pde.OnePlusSin)
	steps(b, open(b), baselines.PINN{Setup: s, Mu: []float64{30, 0, 0}}.Task())
}
