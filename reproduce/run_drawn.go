// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/hyperpinn"
	"pinn.example/repro/jet"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// drawnModel is what names a network that is trained on parameters drawn anew at
// every step.
type drawnModel struct {
	Net            any          `json:"net"`
	Drawn          pinn.Drawn   `json:"drawn"`
	Scaling        pinn.Scaling `json:"scaling"`
	ResidualWeight float64      `json:"residual_weight,omitempty"`
}

// hyperModel is the network of a HyperPINN.
type hyperModel struct {
	Width      int    `json:"width"`
	Hidden     int    `json:"hidden"`
	Hyper      []int  `json:"hyper"`
	Activation string `json:"activation"`
}

// hyperPINNRun trains a HyperPINN and evaluates it at the parameter settings at;
// the probes are taken at p.Mus.
func hyperPINNRun(p hyperpinn.PINN, at [][]float64, s train.Settings) *Run {
	p = p.WithDefaults()
	r := drawnRun(p.Setup, p.Mus, at, p.Scaling, s, p.Seed)
	r.Config.Method, r.Config.Version = "hyperpinn", hyperPINNVersion
	r.Config.Model = withNet(r.Config.Model, hyperModel{p.Width, p.Hidden, p.Hyper, p.Activation})
	r.Label = fmt.Sprintf("HyperPINN on %s, seed %d", drawnSpan(p.Setup), p.Seed)
	r.network = p.Network
	r.narrow = narrowWidth(p.Width)
	r.task = func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), p.Check() }
	r.measure = func(b compute.Backend, record *store.Record) error {
		mains, err := p.Generate(b, record.Weights, p.Mus[0])
		if err != nil {
			return err
		}
		net := baselines.PINN{Setup: p.Setup, Mu: p.Mus[0], Width: p.Width, Hidden: p.Hidden}
		return timed(b, record, map[string]timing{
			microsMain:  {mains[0], nil, net.Network},
			microsHyper: {record.Weights, p.Mus[0], p.Written},
		}, p.Setup)
	}
	return r
}

// drawnPINNPRun trains a network with the parameters among its inputs on parameters
// that are drawn, and evaluates it at the parameter settings at.
func drawnPINNPRun(p baselines.PINNP, at [][]float64, s train.Settings) *Run {
	p = p.WithDefaults()
	r := drawnRun(p.Setup, p.Mus, at, p.Scaling, s, p.Seed)
	r.Config.Method, r.Config.Version = "pinn-p", pinnPVersion
	r.Config.Model = withNet(r.Config.Model, denseModel{p.Width, p.Hidden})
	r.Label = fmt.Sprintf("PINN-P of %d layers of width %d on %s, seed %d", p.Hidden, p.Width, drawnSpan(p.Setup), p.Seed)
	r.network = p.Network
	r.narrow = narrowWidth(p.Width)
	r.task = func(compute.Backend, *store.Record) (train.Task, error) { return p.Task(), p.Check() }
	r.measure = func(b compute.Backend, record *store.Record) error {
		return timed(b, record, map[string]timing{microsAll: {record.Weights, p.Mus[0], p.Network}}, p.Setup)
	}
	return r
}

// narrowWidth is whether layers are so narrow that their products don't gain from a
// second thread.
func narrowWidth(width int) bool { return width <= 16 }

func drawnRun(setup pinn.Setup, mus, at [][]float64, scaling pinn.Scaling, s train.Settings, seed int64) *Run {
	return &Run{
		Config: store.Config{
			Problem: setup.Problem.ID(), Mus: mus, Points: setup.Sample,
			Model: drawnModel{Drawn: *setup.Drawn, Scaling: scaling, ResidualWeight: setup.ResidualWeight},
			Train: probed(s), Seed: seed,
		},
		setup:      setup,
		evaluateAt: at,
	}
}

func withNet(model, net any) drawnModel {
	m := model.(drawnModel)
	m.Net = net
	return m
}

// drawnSpan names the range of drawn parameters for a person.
func drawnSpan(setup pinn.Setup) string {
	var parts []string
	for i, name := range setup.Problem.Parameters() {
		parts = append(parts, fmt.Sprintf("%s in [%g, %g]", name, setup.Drawn.Low[i], setup.Drawn.High[i]))
	}
	problem, _, _ := strings.Cut(setup.Problem.ID(), ";")
	return strings.Join(parts, ", ") + " (" + problem + ")"
}

// What is timed of a trained network, in a record's Micros. The names of what is
// timed at many points end with their number.
const (
	microsAll      = "prediction" // of a network that has the parameters as inputs
	microsMain     = "main"       // of a HyperPINN's main network
	microsHyper    = "hyper"      // writing its weights
	microsDispatch = "dispatch"   // a call that computes nothing
	manyPredicted  = "_at_10000"  // suffix: 10,000 points in one call
	timedCalls     = 1000         // section 3.1 names one prediction; the median of so many
	timedPoints    = 10_000
)

// timing is a network to be timed on weights, at mu where it reads that.
type timing struct {
	weights map[string]train.Array
	mu      []float64
	network func(in train.Inputs) jet.Network
}

// timed puts the median times of one prediction, and of 10,000 in one call, into a
// record, beside that of a call that computes nothing.
func timed(b compute.Backend, record *store.Record, what map[string]timing, setup pinn.Setup) error {
	coordinates := len(setup.Problem.Coordinates())
	at := func(n int) train.Datum {
		points := train.NewArray(1, n, coordinates)
		for i := range points.Data {
			points.Data[i] = .5
		}
		return train.Datum{Name: "points", Value: points}
	}
	micros := map[string]float64{}
	median := func(name string, calls int, weights map[string]train.Array, data []train.Datum, f func(in train.Inputs) *graph.Node) error {
		times, err := train.Durations(b, weights, data, "float32", calls, f)
		if err != nil {
			return err
		}
		micros[name] = medianMicros(times)
		return nil
	}
	if err := median(microsDispatch, timedCalls, nil, []train.Datum{at(1)}, func(in train.Inputs) *graph.Node {
		return graph.Neg(in.D("points"))
	}); err != nil {
		return err
	}
	for name, t := range what {
		for suffix, n := range map[string]int{"": 1, manyPredicted: timedPoints} {
			calls := timedCalls
			if n > 1 {
				if name == microsHyper {
					continue // it reads no points
				}
				calls /= 10
			}
			data := []train.Datum{at(n)}
			if t.mu != nil {
				data = append(data, train.Datum{Name: pinn.MuDatum, Value: train.FromRows([][]float64{t.mu})})
			}
			if err := median(name+suffix, calls, t.weights, data, func(in train.Inputs) *graph.Node {
				return t.network(in)(jet.Value(in.D("points"))).Value()
			}); err != nil {
				return err
			}
		}
	}
	record.Manifest.Micros = micros
	return nil
}

func medianMicros(times []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return math.Round(float64(sorted[len(sorted)/2].Nanoseconds())) / 1000
}
