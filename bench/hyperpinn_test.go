// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"sync"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// BenchmarkBurgers is the three networks of the HyperPINN paper on Burgers'
// equation: 32 ν of 64 collocation points, drawn at every step, and 50 + 50 data
// points at each ν.
func BenchmarkBurgers(b *testing.B) {
	s, err := pinn.NewSetup(pde.Burgers{}, pde.Sample{Set: "drawn"})
	if err != nil {
		b.Fatal(err)
	}
	low, high := []float64{pde.BurgersNuLow}, []float64{pde.BurgersNuHigh}
	if s, err = s.WithDrawn(pinn.Drawn{Low: low, High: high, Points: 64}); err != nil {
		b.Fatal(err)
	}
	var mus [][]float64
	for i := range 32 {
		mus = append(mus, []float64{low[0] + (high[0]-low[0])*float64(i)/31})
	}
	scaling := pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high}
	for _, c := range []struct {
		name string
		task train.Task
	}{
		{"HyperPINN", hyperpinn.PINN{Setup: s, Mus: mus, Scaling: scaling}.Task()},
		{"Small", baselines.PINNP{Setup: s, Mus: mus, Width: 8, Hidden: 6, Scaling: scaling}.Task()},
		{"Large", baselines.PINNP{Setup: s, Mus: mus, Width: 32, Hidden: 10, Scaling: scaling}.Task()},
	} {
		b.Run(c.name, func(b *testing.B) { steps(b, open(b), c.task) })
	}
}

// lorenz is the paper's 3,000 trajectories, integrated once for all sub-benchmarks.
var lorenz = sync.OnceValues(func() (pinn.Trajectories, error) {
	var d pde.LorenzData
	states, dims, err := d.States()
	return pinn.Trajectories{
		Mus: d.Mus(), States: train.Array{Dims: dims, Data: states}, Length: len(d.Times()), Step: d.WithDefaults().Step,
		Batch: 128, Scale: 20,
	}, err
})

// BenchmarkLorenz is the three networks of the paper on the Lorenz system: 128
// pairs of neighbouring states at each of 30 settings. The time has the upload of the
// states in it, about 0.1 s: -benchtime 5s leaves little of that.
func BenchmarkLorenz(b *testing.B) {
	t, err := lorenz()
	if err != nil {
		b.Fatal(err)
	}
	low, high := pde.LorenzRange()
	scaling := pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high}
	for _, c := range []struct {
		name string
		task train.Task
	}{
		{"HyperPINN", hyperpinn.Multistep{Trajectories: t, Scaling: scaling}.Task()},
		{"Small", baselines.Multistep{Trajectories: t, Width: 16, Scaling: scaling}.Task()},
		{"Large", baselines.Multistep{Trajectories: t, Width: 256, Scaling: scaling}.Task()},
	} {
		b.Run(c.name, func(b *testing.B) { steps(b, open(b), c.task) })
	}
}
