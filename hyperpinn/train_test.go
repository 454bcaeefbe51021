// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package hyperpinn_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// nuDrawn draws ν from the paper's range, with a few points each.
var nuDrawn = pinn.Drawn{Low: []float64{pde.BurgersNuLow}, High: []float64{pde.BurgersNuHigh}, Points: 6}

func newTrainer(t *testing.T, task train.Task, s train.Settings) *train.Trainer {
	t.Helper()
	trainer, err := train.NewTrainer(traintest.Open(t), task, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Finalize)
	return trainer
}

// TestTrainingIsResumed: what is drawn at a step does not depend on how many steps
// went before it in this process. 20 steps in one go, and 20 that are interrupted,
// encoded, decoded and continued with other dispatches, have the same bits; and the
// loss falls.
func TestTrainingIsResumed(t *testing.T) {
	drawn, err := burgers(t).WithDrawn(nuDrawn)
	if err != nil {
		t.Fatal(err)
	}
	hyper := small(drawn, []float64{.07}, []float64{.004}, []float64{.02})
	hyper.Hidden, hyper.Hyper, hyper.Scaling = 1, []int{5}, nuRange
	for name, task := range map[string]train.Task{
		"Burgers, drawn ν":      hyper.Task(),
		"Lorenz, drawn batches": hyperpinn.Multistep{Trajectories: lorenz(t), Width: 4, Hyper: []int{4}, Scaling: lorenzRange()}.Task(),
	} {
		t.Run(name, func(t *testing.T) {
			s := train.Settings{Steps: 20, LearningRate: 1e-2, HistoryEvery: 1}
			tasks := []train.Task{task}
			whole := newTrainer(t, task, s)
			straight, err := whole.Run(t.Context(), tasks, nil, train.Options{})
			if err != nil {
				t.Fatal(err)
			}

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var written []train.State
			_, err = newTrainer(t, task, s).Run(ctx, tasks, nil, train.Options{
				StepsPerDispatch: 3,
				CheckpointEvery:  time.Nanosecond, // after every dispatch
				Checkpoint: func(states []train.State) error {
					var file bytes.Buffer
					if err := states[0].Encode(&file, "float32"); err != nil {
						return err
					}
					state, err := train.DecodeState(file.Bytes())
					written = []train.State{state}
					if state.Steps >= 8 {
						cancel()
					}
					return err
				},
			})
			if !errors.Is(err, train.ErrInterrupted) || written[0].Steps >= 20 {
				t.Fatalf("error %v at step %d, want to be interrupted before step 20", err, written[0].Steps)
			}
			resumed, err := whole.Run(t.Context(), tasks, written, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(resumed[0], straight[0]) {
				t.Errorf("resumed at step %d, the state at step %d has other bits", written[0].Steps, resumed[0].Steps)
			}

			// Draws are noise on the loss: means of 5 steps.
			mean := func(rows []train.Row) float64 {
				sum := 0.
				for _, r := range rows {
					sum += r.Total() / float64(len(rows))
				}
				return sum
			}
			rows := straight[0].History.Rows
			if first, last := mean(rows[:5]), mean(rows[15:]); !(last < .9*first) {
				t.Errorf("the loss was %g in the first 5 of 20 steps and is %g in the last", first, last)
			}
		})
	}
}

// TestLearnsRotations: from trajectories on circles the network learns ẏ = ω (−y₂, y₁)
// at ω = 1 and 3, both by one hypernetwork. The best field that does not know ω
// has the mean one, 2, and misses by √(1² + 1²)/√(1² + 3²) = .447; the trapezoid
// rule's own error is below (ωh)²/12 = .0002.
func TestLearnsRotations(t *testing.T) {
	data := rotations([]float64{1, 3})
	m := hyperpinn.Multistep{
		Trajectories: data, Width: 6, Hyper: []int{6},
		Scaling: pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{1}, High: []float64{3}},
	}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	task := data.Probe(m.Task(), func(mu, y, dy []float64) { dy[0], dy[1] = -mu[0]*y[1], mu[0]*y[0] }, m.Network)
	s := train.Settings{Steps: 400, LearningRate: 2e-2, Schedule: "cosine", ProbeEvery: 400}
	states, err := newTrainer(t, task, s).Run(t.Context(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := states[0].History
	if h.Probes[0] != pinn.FieldProbe {
		t.Fatalf("probes %v, want %s", h.Probes, pinn.FieldProbe)
	}
	before, after := h.Rows[0].Probes[0], h.Rows[len(h.Rows)-1].Probes[0]
	if !(after < .447/3) {
		t.Errorf("the field is off by %.3f (%.3f before training), without knowing ω it would be by .447", after, before)
	}
}

// rotations are two trajectories of each angular velocity, of radii 1 and ½.
func rotations(omegas []float64) pinn.Trajectories {
	const length, step = 101, .02
	t := pinn.Trajectories{States: train.NewArray(len(omegas), 2*length, 2), Length: length, Step: step, Batch: 16, Scale: 1}
	for q, omega := range omegas {
		t.Mus = append(t.Mus, []float64{omega})
		for i := range 2 * length {
			radius := 1 / float64(1+i/length)
			angle := omega*step*float64(i%length) + 3*float64(i/length)
			at := t.States.Data[(q*2*length+i)*2:]
			at[0], at[1] = radius*math.Cos(angle), radius*math.Sin(angle)
		}
	}
	return t
}
