// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"pinn.example/repro/stream"
)

// LorenzData are trajectories of the Lorenz system to learn from, as the HyperPINN
// paper draws them (appendix A.6): settings of (σ, ρ, β), and from each some starts.
// Zeros stand for the paper's values; [LorenzData.WithDefaults] writes them out, so
// that data which are the same have one spelling.
//
// The draws of a setting or start are its own: fewer of either are a part of more.
type LorenzData struct {
	// Settings of the parameters; if 0, it is 30.
	Settings int `json:"settings"`
	// Starts of trajectories at each setting; if 0, it is 100.
	Starts int `json:"starts"`
	// Horizon is the length of a trajectory; if 0, it is 25 (the paper's seconds).
	Horizon float64 `json:"horizon"`
	// Step is the time between states, and divides Horizon; if 0, it is 0.01.
	Step float64 `json:"step"`
	// Seed of the draws.
	Seed int64 `json:"seed"`
	// Tolerance of the integration, which the paper leaves open ("RK45"); if 0, it
	// is [LorenzTight]. The paper's is perhaps [SciPyDefault], whose errors are as
	// large as those which the paper reports of its models (P4).
	Tolerance Tolerance `json:"tolerance"`
}

// LorenzCase is where a trajectory is asked for.
type LorenzCase struct {
	Mu    []float64 `json:"mu"`    // σ, ρ, β
	Start []float64 `json:"start"` // x, y, z at t = 0
}

const (
	lorenzSigma                     = 10.
	lorenzRhoLow, lorenzRhoHigh     = 0., 28.
	lorenzBetaLow, lorenzBetaHigh   = 2. / 3, 8. / 3
	lorenzStartLow, lorenzStartHigh = -10., 10.
	lorenzCases                     = 100
)

// WithDefaults returns the data with zeros replaced by the paper's values.
func (d LorenzData) WithDefaults() LorenzData {
	if d.Settings == 0 {
		d.Settings = 30
	}
	if d.Starts == 0 {
		d.Starts = 100
	}
	if d.Horizon == 0 {
		d.Horizon = 25
	}
	if d.Step == 0 {
		d.Step = 0.01
	}
	if d.Tolerance == (Tolerance{}) {
		d.Tolerance = LorenzTight
	}
	return d
}

// Check returns an error that says what to do where there are no such data.
func (d LorenzData) Check() error {
	d = d.WithDefaults()
	switch {
	case d.Settings < 1:
		return fmt.Errorf("lorenz: %d settings of the parameters; give a positive number, or 0 for the paper's", d.Settings)
	case d.Starts < 1:
		return fmt.Errorf("lorenz: %d starts at each setting; give a positive number, or 0 for the paper's", d.Starts)
	case !finite(d.Horizon) || d.Horizon < 0:
		return fmt.Errorf("lorenz: a horizon of %g; give a positive number, or 0 for the paper's", d.Horizon)
	case !finite(d.Step) || d.Step < 0:
		return fmt.Errorf("lorenz: a time step of %g; give a positive number, or 0 for the paper's", d.Step)
	case d.Step > d.Horizon*(1+1e-9):
		return fmt.Errorf("lorenz: the set is empty, for the time step %g is longer than the horizon %g; give a shorter step", d.Step, d.Horizon)
	}
	steps := d.Horizon / d.Step
	if math.Abs(steps-math.Round(steps)) > 1e-9*steps {
		return fmt.Errorf("lorenz: the time step %g does not divide the horizon %g; give horizon/n", d.Step, d.Horizon)
	}
	if 3*float64(d.Settings)*float64(d.Starts)*(steps+1) > math.MaxInt32 {
		return errors.New("lorenz: more than 2^31 numbers; give fewer settings or starts, a shorter horizon or a longer step")
	}
	if err := d.Tolerance.check(); err != nil {
		return fmt.Errorf("lorenz: %w", err)
	}
	return nil
}

// Times are those of the states of a trajectory, from 0 to the horizon.
func (d LorenzData) Times() []float64 {
	d = d.WithDefaults()
	n := int(math.Round(d.Horizon / d.Step))
	times := make([]float64, n+1)
	for i := range times {
		times[i] = d.Horizon * float64(i) / float64(n)
	}
	return times
}

// Mus are the settings of the parameters, [setting][σ, ρ, β]: σ = 10, and ρ and β
// uniform on [0, 28] and [2/3, 8/3] (the ranges of section 3.2; how the paper draws
// from them it doesn't say).
func (d LorenzData) Mus() [][]float64 {
	mus := make([][]float64, d.WithDefaults().Settings)
	for i := range mus {
		mus[i] = d.mu("lorenz/mu", i)
	}
	return mus
}

// Test are 100 cases to test on, each with parameters and a start of its own from
// the ranges of the training data. That the paper's 100 unseen trajectories are so
// drawn is our reading: it doesn't say.
func (d LorenzData) Test() []LorenzCase {
	cases := make([]LorenzCase, lorenzCases)
	for i := range cases {
		cases[i] = LorenzCase{Mu: d.mu("lorenz/test/mu", i), Start: d.start("lorenz/test/start", i, 0)}
	}
	return cases
}

func (d LorenzData) mu(role string, setting int) []float64 {
	r := stream.New(d.Seed, role, setting, 0)
	rho := lorenzRhoLow + (lorenzRhoHigh-lorenzRhoLow)*r.Float64()
	beta := lorenzBetaLow + (lorenzBetaHigh-lorenzBetaLow)*r.Float64()
	return []float64{lorenzSigma, rho, beta}
}

// start is uniform in [−10, 10]³.
func (d LorenzData) start(role string, setting, k int) []float64 {
	r := stream.New(d.Seed, role, setting, k)
	start := make([]float64, 3)
	for i := range start {
		start[i] = lorenzStartLow + (lorenzStartHigh-lorenzStartLow)*r.Float64()
	}
	return start
}

// States integrates the trajectories and returns their states row-major with the
// dimensions [setting, start·time, component]: those of a setting's first start at
// all [LorenzData.Times], then of its second. Each start is uniform in [−10, 10]³ and
// drawn anew at each setting. All processors take part, and the result has the same
// bits however many they are. The paper's size is 22.5 million numbers, 180 MB, and
// takes 4 s of one processor.
func (d LorenzData) States() (states []float64, dims []int, err error) {
	d = d.WithDefaults()
	if err := d.Check(); err != nil {
		return nil, nil, err
	}
	times, mus := d.Times(), d.Mus()
	const dim = 3
	size := len(times) * dim // of a trajectory
	trajectories := d.Settings * d.Starts
	states = make([]float64, trajectories*size)

	failed := make([]error, trajectories)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), trajectories) {
		workers.Go(func() {
			var mu []float64
			integrator := newDormandPrince(func(_ float64, y, dy []float64) { Lorenz{}.Field(mu, y, dy) }, dim, d.Tolerance)
			for i := int(next.Add(1)) - 1; i < trajectories; i = int(next.Add(1)) - 1 {
				mu = mus[i/d.Starts]
				start := d.start("lorenz/start", i/d.Starts, i%d.Starts)
				_, failed[i] = integrator.solve(start, times, states[i*size:(i+1)*size])
			}
		})
	}
	workers.Wait()
	for i, err := range failed {
		if err != nil {
			return nil, nil, fmt.Errorf("lorenz: start %d of setting %d: %w", i%d.Starts, i/d.Starts, err)
		}
	}
	return states, []int{d.Settings, d.Starts * len(times), dim}, nil
}
