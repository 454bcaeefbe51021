// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package bench times each training step that the project has, on what an experiment's
// run trains, and the evaluation of what was trained. Curriculum learning and
// fine-tuning have no benchmark of their own: their steps are those of the network that
// they train, BenchmarkNaiveLR or BenchmarkPINN.
//
// A step has these metrics beside its time:
//
//	compile-s    the first call of the step, compilation included
//	peak-MB      the most memory that the process had, compilation included; only
//	             where a benchmark is alone in its process it is the benchmark's
//	MFLOP/step   twice the multiplications of the step's matrix products, forward and
//	             backward, counted in its graph (train.Products): what else it computes
//	             is left out
//	GFLOP/s      the same over its time
//	%peak        GFLOP/s over those of the step's largest product alone, in the same
//	             process on the same backend: how much of the time goes elsewhere
//
// `make bench` (package suite) runs each in a process of its own, and draws a step's time
// against queries, points, width and rank. By hand:
//
//	go test ./bench -run '^$' -bench '^BenchmarkPhase2$'
//
// Machines are noisy: quote ratios of runs that alternate.
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gomlx/compute"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// last is the step at which every run ends: it starts as many before as it takes. No
// schedule is so long.
const last = 1 << 30

// maker makes what is trained, one task a query, and the settings.
type maker func(be compute.Backend) ([]train.Task, train.Settings, error)

// stepper takes steps of what was compiled once.
type stepper struct {
	name    string
	trainer *train.Trainer
	tasks   []train.Task
	states  []train.State
	peakMB  float64
	flop    float64 // a step
	product float64 // FLOP/s of the largest product
}

// current is the benchmark of the last call. Go calls one several times, for more and
// more steps; what it compiles for the first serves all.
var current *stepper

// steps times b.N steps. Where whole is false, it leaves out what the step's products
// say.
func steps(b *testing.B, whole bool, make maker) {
	b.Helper()
	if current == nil || current.name != b.Name() {
		if current != nil {
			current.trainer.Finalize()
		}
		s, err := newStepper(traintest.Open(b), b.Name(), whole, make)
		if err != nil {
			b.Fatal(err)
		}
		current = s
	}
	b.ResetTimer()
	perStep, err := current.run(b.N)
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	current.report(b, perStep, whole)
}

func newStepper(be compute.Backend, name string, whole bool, make maker) (*stepper, error) {
	tasks, settings, err := make(be)
	if err != nil {
		return nil, err
	}
	s := &stepper{name: name, tasks: tasks}
	for i := range s.tasks {
		t := &s.tasks[i]
		t.Stages, t.Stage = 0, nil      // all have the first one's graph
		t.Probe, t.ProbeData = nil, nil // not a part of the step
		s.states = append(s.states, train.Initial(*t))
	}
	settings.Steps, settings.HistoryEvery, settings.ProbeEvery, settings.Stop = last, last, 0, nil
	if s.trainer, err = train.NewTrainer(be, s.tasks[0], settings); err != nil {
		return nil, err
	}
	// The first call compiles. The others bring the process to the memory that it needs.
	if _, err = s.run(1); err != nil {
		return nil, err
	}
	perStep, err := s.run(1)
	if err != nil {
		return nil, err
	}
	const warm = .25 // seconds
	if _, err = s.run(max(1, min(130, int(warm/perStep)))); err != nil {
		return nil, err
	}
	if s.peakMB, err = peakMB(); err != nil || !whole {
		return s, err
	}
	products, err := train.Products(be, s.tasks[0], len(s.tasks))
	if err != nil {
		return nil, err
	}
	s.flop = 2 * float64(train.Multiplications(products))
	if len(products) > 0 {
		s.product, err = speed(be, products[0])
	}
	return s, err
}

// run takes steps and returns the seconds that each took, without the upload of data and
// weights before them and the download behind.
func (s *stepper) run(steps int) (float64, error) {
	for i := range s.states {
		s.states[i].Steps, s.states[i].History = last-steps, train.History{}
	}
	var rate float64
	states, err := s.trainer.Run(context.Background(), s.tasks, s.states, train.Options{
		Progress: func(p train.Progress) { rate = p.StepsPerSecond },
	})
	if err != nil {
		return 0, err
	}
	s.states = states
	return 1 / rate, nil
}

func (s *stepper) report(b *testing.B, perStep float64, whole bool) {
	b.ReportMetric(1e9*perStep, "ns/op")
	b.ReportMetric(1/perStep, "steps/s")
	b.ReportMetric(1000*perStep, "ms/step")
	b.ReportMetric(s.trainer.CompileTime.Seconds(), "compile-s")
	if s.peakMB > 0 {
		b.ReportMetric(s.peakMB, "peak-MB")
	}
	if !whole || s.flop == 0 {
		return
	}
	b.ReportMetric(s.flop/1e6, "MFLOP/step")
	b.ReportMetric(s.flop/perStep/1e9, "GFLOP/s")
	b.ReportMetric(100*s.flop/perStep/s.product, "%peak")
}

// peakMB is the most memory that this process had so far, in MiB; 0 where the system
// does not say.
func peakMB() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	for line := range strings.Lines(string(status)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kB); n == 1 {
			return kB / 1024, nil
		}
	}
	return 0, err
}
