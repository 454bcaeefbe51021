// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package bench times the training steps.
package bench

import (
	"context"
	"os"
	"strconv"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func setup(b *testing.B, kind string) pinn.Setup {
	p, err := pde.NewCDR(kind, pde.OnePlusSin, nil)
	if err != nil {
		b.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published"})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func steps(b *testing.B, task train.Task, n int) {
	be, err := backend.Open("")
	if err != nil {
		b.Fatal(err)
	}
	defer be.Finalize()
	per := 0
	if s := os.Getenv("PER"); s != "" {
		per, _ = strconv.Atoi(s)
	}
	warm, err := train.NewTrainer(be.Compute, task, train.Settings{Steps: 1 << 20})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.ResetTimer()
	var rate float64
	_, err = warm.Run(ctx, []train.Task{task}, nil, train.Options{StepsPerDispatch: per, Progress: func(p train.Progress) {
		rate = p.StepsPerSecond
		if p.Step >= n {
			cancel()
		}
	}})
	if err != train.ErrInterrupted {
		b.Fatal(err)
	}
	b.ReportMetric(1000/rate, "ms/step")
	b.ReportMetric(warm.CompileTime.Seconds(), "compile_s")
}

func BenchmarkPhase1(b *testing.B) {
	s := setup(b, "convection")
	var mus [][]float64
	for beta := 30.; beta <= 40; beta++ {
		mus = append(mus, []float64{beta, 0, 0})
	}
	steps(b, lrpinn.Phase1{Setup: s, Mus: mus}.Task(), 300)
}

func BenchmarkPhase2(b *testing.B) {
	s := setup(b, "convection")
	p1 := lrpinn.Phase1{Setup: s, Mus: [][]float64{{30, 0, 0}}}
	start := map[string]train.Array{}
	for _, w := range p1.Task().Weights {
		start[w.Name] = w.Value
	}
	be, _ := backend.Open("")
	p2, err := lrpinn.NewPhase2(be.Compute, s, []float64{30, 0, 0}, lrpinn.FullRank, start)
	be.Finalize()
	if err != nil {
		b.Fatal(err)
	}
	steps(b, p2.Task(), 2000)
}
