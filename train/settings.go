// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"math"
	"time"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Settings decide the outcome of a training run; they are part of its name.
type Settings struct {
	// Steps is the number of optimizer steps ("epochs" in the papers, which
	// train with the full batch).
	Steps int `json:"steps"`
	// LM, where set, trains with Levenberg–Marquardt in place of Adam; Steps are then its
	// iterations.
	LM *LM `json:"lm,omitempty"`
	// LearningRate of Adam; 0 is 2.5e-4 (the authors' code).
	LearningRate float64 `json:"learning_rate"`
	// Schedule is "" for a constant rate or "cosine" for a cosine from
	// LearningRate down to FinalRate at Steps, or at the end of each stage.
	Schedule string `json:"schedule,omitempty"`
	// FinalRate is where a cosine schedule ends.
	FinalRate float64 `json:"final_rate,omitempty"`
	// Warmup is the number of steps in which the rate rises linearly from 0.
	Warmup int `json:"warmup,omitempty"`
	// DType is "float32" (default, as the papers) or "float64".
	DType string `json:"dtype"`
	// HistoryEvery is the distance of history rows in steps; 0 is 10 (the
	// authors' code). The first and the last step are always rows.
	HistoryEvery int `json:"history_every"`
	// ProbeEvery is the distance of probes in steps; 0 is never.
	ProbeEvery int `json:"probe_every,omitempty"`
	// Stop ends the run before Steps; nil is never.
	Stop *Stop `json:"stop,omitempty"`
}

// Stop ends a run at the first probe at which a quantity is below a limit for
// every query of the batch.
type Stop struct {
	Probe string  `json:"probe"`
	Below float64 `json:"below"`
}

// Adam's constants: PyTorch's defaults, which the authors' code leaves as they
// are (GoMLX's own epsilon is 1e-7).
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// WithDefaults returns the settings with zeros replaced by their defaults.
func (s Settings) WithDefaults() Settings {
	if s.LM != nil {
		s.LM = s.LM.withDefaults()
	} else if s.LearningRate == 0 {
		s.LearningRate = 2.5e-4
	}
	if s.DType == "" {
		s.DType = "float32"
	}
	if s.HistoryEvery == 0 {
		s.HistoryEvery = 10
	}
	return s
}

// Check returns an error that names the setting at fault.
func (s Settings) Check() error {
	switch {
	case s.Steps < 0:
		return fmt.Errorf("train: steps must not be negative, got %d", s.Steps)
	case s.LM == nil && !(s.LearningRate > 0) || math.IsInf(s.LearningRate, 0):
		return fmt.Errorf("train: the learning rate must be positive and finite, got %g", s.LearningRate)
	case s.Schedule != "" && s.Schedule != "cosine":
		return fmt.Errorf("train: unknown schedule %q; known are \"\" (constant) and \"cosine\"", s.Schedule)
	case !(s.FinalRate >= 0) || math.IsInf(s.FinalRate, 0):
		return fmt.Errorf("train: the final rate must not be negative, and finite, got %g", s.FinalRate)
	case s.DType != "float32" && s.DType != "float64":
		return fmt.Errorf("train: unknown dtype %q; known are float32, float64", s.DType)
	case s.HistoryEvery < 1 || s.ProbeEvery < 0 || s.Warmup < 0:
		return fmt.Errorf("train: distances of history and probes and the warm-up can't be negative, got %d, %d and %d", s.HistoryEvery, s.ProbeEvery, s.Warmup)
	case s.Stop != nil && (s.ProbeEvery == 0 || s.Stop.Probe == ""):
		return fmt.Errorf("train: a stop rule reads a probe: name it and set the distance of probes")
	case s.LM != nil:
		return s.checkLM()
	}
	return nil
}

func (s Settings) dtype() dtypes.DType {
	if s.DType == "float64" {
		return dtypes.Float64
	}
	return dtypes.Float32
}

// rate returns the learning rate of update number t of a stage of this many
// steps; t counts from 1.
func (s Settings) rate(t *graph.Node, steps int) *graph.Node {
	at := func(x float64) *graph.Node { return graph.ConstAs(t, x) }
	rate := at(s.LearningRate)
	if s.Schedule == "cosine" {
		share := graph.Div(graph.Sub(t, at(1)), at(max(1, float64(steps-1))))
		share = graph.Min(share, at(1))
		half := graph.Mul(at(.5), graph.Add(at(1), graph.Cos(graph.Mul(at(math.Pi), share))))
		rate = graph.Add(at(s.FinalRate), graph.Mul(at(s.LearningRate-s.FinalRate), half))
	}
	if s.Warmup > 0 {
		rate = graph.Mul(rate, graph.Min(at(1), graph.Div(t, at(float64(s.Warmup)))))
	}
	return rate
}

// Options say how a run is carried out; they don't change what comes out of it.
type Options struct {
	// StepsPerDispatch is the most steps that one call of the device runs; 0 is
	// 64, and 1 on the pure-Go backend, whose loops can't hold a step.
	StepsPerDispatch int
	// CheckpointEvery is the time between two calls of Checkpoint; 0 is 30 s.
	CheckpointEvery time.Duration
	// Checkpoint is given the states of all queries every so often, and when the
	// run is interrupted; nil keeps none. Its error ends the run.
	Checkpoint func(states []State) error
	// Progress is called a few times a second; nil is silence.
	Progress func(Progress)
}

// Progress is how far a run has come.
type Progress struct {
	Label       string
	Step, Steps int
	// Loss is the mean over queries of the total loss at Step.
	Loss float64
	// Probe holds the last probe's values, the mean over queries, by name.
	Probe map[string]float64
	// StepsPerSecond is measured without compilation; 0 before the first step.
	StepsPerSecond float64
	// Left is the estimated time to the end.
	Left time.Duration
}
