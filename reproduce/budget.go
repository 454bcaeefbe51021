// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"pinn.example/repro/pde"
)

//go:generate go run ../tools/budget ../data/budget.csv

// Limit is the wall time on 2 cores that a preset must keep to, in all, what goes beyond
// the papers included, and for each paper.
type Limit struct{ All, HyperLRPINN, HyperPINN time.Duration }

// Limits are those of the presets that have one.
var Limits = map[string]Limit{
	"quick":  {30 * time.Minute, 27 * time.Minute, 3 * time.Minute},
	"laptop": {15 * time.Hour, 10 * time.Hour, 5 * time.Hour},
}

// BudgetLine is what one kind of run costs in an experiment at a preset. A run
// that several experiments need stands with the first of them.
type BudgetLine struct {
	Preset, Experiment, Method string
	// Steps are those of one run, as many as are expected where it ends at a target.
	Runs, Steps int
	// AtOnce is how many such runs 2 cores train at once: two on one parameter
	// setting, a thread each.
	AtOnce int
	// MillisPerStep is the time of a step, measured on 2 cores in a run of the
	// quick preset, with as many runs at once; OverheadSeconds is the time of a run
	// beside its steps: compilation, evaluation, writing.
	MillisPerStep, OverheadSeconds float64
}

// Time is what the line costs.
func (l BudgetLine) Time() time.Duration {
	seconds := float64(l.Runs) * (float64(l.Steps)*l.MillisPerStep/1000 + l.OverheadSeconds)
	return time.Duration(seconds / float64(l.AtOnce) * float64(time.Second))
}

// lmMillis is the time of an iteration of Levenberg–Marquardt with up to 351 parameters
// and 1,000 collocation points on one thread, two runs at once, and lmDenseMillis that of
// the PINN's 10,401.
const lmMillis, lmDenseMillis = 12.4, 1200

// probeMillis is the time of a probe at every step. It matters beside a step: each
// is a call of the device that the step waits for.
const probeMillis = 1.6

// targetSteps are the steps after which a PINN has Figure 6's error, and queryTargetSteps
// those of Phase 2 from a Phase 1 of the paper's length: means over its 39 β of the first
// seed at the preset laptop.
const targetSteps, queryTargetSteps = 1600, 1

// expectedSteps are the steps that a run takes: those of its settings, or fewer where it
// ends at Figure 6's target.
func expectedSteps(r *Run) int {
	s := r.Config.Train.WithDefaults()
	if s.LM != nil || s.Stop == nil || s.Stop.Below < targetError {
		return s.Steps
	}
	switch {
	case r.Config.Method == "pinn":
		return min(s.Steps, targetSteps)
	case r.Config.Method == phase2Method && r.Parent.Config.Train.Steps >= paperPhase1Steps:
		return min(s.Steps, queryTargetSteps)
	}
	return s.Steps
}

// stepMillis is the measured time of a step on 2 cores with XLA's CPU plugin; a
// method that was not measured is an error.
func stepMillis(r *Run) (float64, error) {
	millis, err := methodMillis(r)
	if r.Config.Train.LM != nil {
		millis = lmMillis * max(1, float64(r.Config.Points.Collocation)/1000)
		if m, ok := r.Config.Model.(denseModel); ok && !narrowWidth(m.Width) {
			millis = lmDenseMillis
		}
	}
	if r.Config.Train.ProbeEvery == 1 {
		millis += probeMillis
	}
	return millis, err
}

// methodMillis is the time without a probe at every step.
func methodMillis(r *Run) (float64, error) {
	if m, ok := r.Config.Model.(drawnModel); ok {
		return drawnMillis(m, len(r.Config.Mus))
	}
	if m, ok := r.Config.Model.(multistepModel); ok {
		millis := .95
		if d, ok := m.Net.(multistepDense); ok && d.Width > 16 {
			millis = 7.6
		}
		return millis, nil
	}
	if r.Config.Problem == (pde.Helmholtz{}).ID() {
		switch r.Config.Method {
		case "hyper-lr-pinn/phase1":
			return 2.6 * float64(len(r.Config.Mus)), nil
		case phase2Method:
			return 3.6, nil
		case "pinn":
			return 4.9, nil
		case "pinn-r":
			return 7.5, nil
		}
	}
	dense := isDense(r.Config.Model) // of a meta-learner and of what starts from it
	diffusion := len(r.Config.Mus[0]) > 1 && r.Config.Mus[0][1] != 0
	with := func(first, second float64) float64 {
		if diffusion {
			return second
		}
		return first
	}
	switch r.Config.Method {
	case "hyper-lr-pinn/phase1":
		// 16.5 ms at 11 μ; linear in the number of μ. With diffusion 22 ms at 8 μ and
		// 94 ms at 27, before steps were made a fifth faster.
		millis := with(1.5, 3.5) * float64(len(r.Config.Mus))
		if r.Config.Points.Collocation > 0 {
			// 5 times as much on 4,000 points as on 1,000, of which the caches hold more.
			// Points that are drawn anew take no time that could be measured.
			millis *= 5. / manyPoints * float64(r.Config.Points.Collocation)
		}
		return millis, nil
	case phase2Method:
		if m, ok := r.Config.Model.(phase2Model); ok && m.TrainBases {
			return with(3.2, 4.9), nil
		}
		return with(2, 2.7), nil
	case "pinn":
		if m, ok := r.Config.Model.(denseModel); ok && m.Width <= 10 {
			return .6, nil
		}
		return with(2.8, 3.9), nil
	case "fine-tune":
		if dense {
			return with(2.8, 3.9), nil
		}
		return with(2.1, 2.7), nil
	case "naive-lr-pinn", "curriculum":
		return with(2.1, 2.7), nil
	case "maml":
		if dense {
			return with(55, 88), nil
		}
		return with(35, 61), nil
	case "reptile":
		if dense {
			return with(40, 61), nil
		}
		return with(29, 42), nil
	case "pinn-r":
		return with(3.9, 6.2), nil
	case "pinn-s2s":
		return with(.8, 1.2), nil // a slab has a tenth of the points
	case "pinn-p":
		// 42 ms at 11 μ; with diffusion 51 ms at 8.
		each := with(3.9, 6.4)
		if m, ok := r.Config.Model.(denseModel); ok && m.Width > 50 {
			each *= 5
		}
		return each * float64(len(r.Config.Mus)), nil
	}
	return 0, fmt.Errorf("reproduce: no step time is known of method %q (%s); measure it and add it to stepMillis", r.Config.Method, r.Label)
}

// drawnMillis is the time of a step of a network on Burgers' equation: of the
// values at 100 points for each setting, and of the residual at those that are
// drawn.
func drawnMillis(m drawnModel, settings int) (float64, error) {
	points := float64(settings*m.Drawn.Points) / 2048
	switch net := m.Net.(type) {
	case hyperModel:
		return .7 + 1.2*points, nil
	case denseModel:
		if net.Width > 8 {
			return 3 + 6*points, nil
		}
		return .5 + 1.1*points, nil
	}
	return 0, fmt.Errorf("reproduce: no step time is known of a network of %T on drawn parameters; measure it and add it to drawnMillis", m.Net)
}

// isDense is whether what a run's model names is, or is meta-learned for, a dense
// network.
func isDense(model any) bool {
	switch m := model.(type) {
	case mamlModel:
		return isDense(m.On)
	case reptileModel:
		return isDense(m.On)
	case denseModel:
		return true
	}
	return false
}

// overheadSeconds is the time of a run beside its steps. The first run of a graph
// takes 2 to 3 s more than its steps, for compilation, those after it .1 s; the
// meta-learners' graphs, of which there are as many as runs, take longer.
func overheadSeconds(r *Run) float64 {
	compile := 1.
	switch m := r.Config.Model.(type) {
	case drawnModel: // each is a graph of its own; a wide network takes .14 s at each of 50 ν
		each := .04
		if d, ok := m.Net.(denseModel); ok && !narrowWidth(d.Width) {
			each = .14
		}
		return 3 + each*float64(len(r.evaluateAt))
	case multistepModel: // 100 trajectories are integrated on the host
		if d, ok := m.Net.(multistepDense); ok && !narrowWidth(d.Width) {
			return 16
		}
		return 7
	}
	switch r.Config.Method {
	case "maml":
		compile = 9
	case "reptile":
		compile = 17
	}
	return compile + .1*float64(len(r.evaluateAt))
}

// Budget counts runs and steps for every preset and experiment.
func Budget() ([]BudgetLine, error) {
	var lines []BudgetLine
	for _, p := range Presets() {
		seen := map[string]bool{}
		for _, e := range Experiments() {
			runs, err := Runs([]Experiment{e}, p)
			if err != nil {
				return nil, err
			}
			for _, r := range runs {
				if seen[r.Name()] {
					continue
				}
				seen[r.Name()] = true
				millis, err := stepMillis(r)
				if err != nil {
					return nil, err
				}
				line := BudgetLine{
					Preset: p.Name, Experiment: e.Name(), Method: r.Config.Method, Runs: 1, Steps: expectedSteps(r), AtOnce: 1,
					MillisPerStep: millis, OverheadSeconds: overheadSeconds(r),
				}
				if !r.wide() {
					line.AtOnce = 2
				}
				same := slices.IndexFunc(lines, func(l BudgetLine) bool {
					l.Runs = line.Runs
					return l == line
				})
				if same >= 0 {
					lines[same].Runs++
					continue
				}
				lines = append(lines, line)
			}
		}
	}
	return lines, nil
}

// WriteBudget writes data/budget.csv.
func WriteBudget(w io.Writer, lines []BudgetLine) error {
	c := csv.NewWriter(w)
	_ = c.Write(strings.Split("preset,experiment,method,runs,steps,at_once,ms_per_step,overhead_s,minutes", ","))
	for _, l := range lines {
		_ = c.Write([]string{
			l.Preset, l.Experiment, l.Method, strconv.Itoa(l.Runs), strconv.Itoa(l.Steps), strconv.Itoa(l.AtOnce),
			strconv.FormatFloat(l.MillisPerStep, 'g', 4, 64), strconv.FormatFloat(l.OverheadSeconds, 'g', 4, 64),
			strconv.FormatFloat(l.Time().Minutes(), 'f', 1, 64),
		})
	}
	c.Flush()
	return c.Error()
}
