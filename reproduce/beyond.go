// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"pinn.example/repro/baselines"
	"pinn.example/repro/data"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// What goes beyond the papers: Phase 2 by Levenberg–Marquardt on points that are drawn
// anew at every step, and a Phase 1 that leaves no spurious solutions to start from.
// None of it enters a verdict on a published number.
//
// Gauss–Newton and natural-gradient methods for PINNs are not ours (Müller and Zeinhofer,
// "Achieving High Accuracy with PINNs via Energy Natural Gradients", arXiv 2302.13163; with
// Woodbury's identity, as for our large networks, "Improving Energy Natural Gradient
// Descent through Woodbury, Momentum, and Randomization", arXiv 2505.12149), nor is cheap training of low-rank networks (Cho et al., "FastLRNR
// and Sparse Physics Informed Backpropagation", arXiv 2410.04001). Ours is what they come to together
// here: with a hypernetwork's start and 351 parameters, a solver for many queries.

// freshPoints is a setup whose collocation points are drawn anew at every step.
func freshPoints(setup pinn.Setup, seed int64) (pinn.Setup, error) {
	return setupOf(setup.Problem, pde.Sample{Set: "drawn", Seed: seed, Redraw: 1})
}

// freshNote and lmNote say so in a label.
const (
	freshNote = "1000 points anew every step"
	lmNote    = "Levenberg–Marquardt"
)

// The cosine schedule of Phase 1, set before the runs that it is judged by.
const (
	cosineRate      = 1e-3
	cosineFinalRate = 1e-5
)

// firstPhase is a way to train Phase 1.
type firstPhase struct {
	name   string
	fresh  bool // points anew at every step
	cosine bool // in place of a constant rate
}

// firstPhases are the published one, that with both changes, and what each alone does.
var firstPhases = []firstPhase{
	{name: "as published"},
	robust,
	{name: "fresh points", fresh: true},
	{name: "cosine rate", cosine: true},
}

// robust is the Phase 1 of what follows. It has the published number of steps.
var robust = firstPhase{name: "fresh points, cosine rate", fresh: true, cosine: true}

// run is Phase 1 on the study's training settings.
func (f firstPhase) run(st study, seed int64) (*Run, error) {
	setup, err := solver{fresh: f.fresh}.setup(st, seed)
	if err != nil {
		return nil, err
	}
	return st.start("phase1 "+f.name, fullRank, seed, func() *Run {
		r := Phase1Run(setup, st.train, st.steps.phase1, seed)
		if f.fresh {
			r.withNote(freshNote)
		}
		if f.cosine {
			r.Config.Train.LearningRate, r.Config.Train.Schedule, r.Config.Train.FinalRate = cosineRate, "cosine", cosineFinalRate
			r.withNote(fmt.Sprintf("rate %g to %g", cosineRate, cosineFinalRate))
		}
		return r
	}), nil
}

// solver is a way to train a network for one parameter setting.
type solver struct {
	name  string
	lm    bool // Levenberg–Marquardt in place of Adam
	fresh bool // points anew at every step
	// points is how many collocation points are drawn, once; 0 takes the published ones.
	points int
	// stages cut Phase 2; 0 is none. The first is at the smallest β of Table 2 and the
	// last at the query's (continued), or all but the first have points by the residual
	// (adaptive).
	stages              int
	continued, adaptive bool
}

var (
	adamFixed = solver{name: "Adam, published points"}
	adamFresh = solver{name: "Adam, fresh points", fresh: true}
	lmFixed   = solver{name: "LM, published points", lm: true}
	lmFresh   = solver{name: "LM, fresh points", lm: true, fresh: true}
	lmMore    = solver{name: fmt.Sprintf("LM, %d points", morePoints), lm: true, points: morePoints}

	lmAdaptive       = solver{name: "LM, points by the residual", lm: true, stages: beyondStages, adaptive: true}
	lmContinued      = solver{name: "LM, published points, continuation in β", lm: true, stages: beyondStages, continued: true}
	lmFreshContinued = solver{name: "LM, fresh points, continuation in β", lm: true, fresh: true, stages: beyondStages, continued: true}
)

// What these are made of, set before their runs.
const (
	morePoints         = 4000
	beyondStages       = 4
	adaptiveCandidates = 10_000
)

// setup is the problem with the solver's points.
func (v solver) setup(st study, seed int64) (pinn.Setup, error) {
	switch {
	case v.fresh:
		return freshPoints(st.setup, seed)
	case v.points > 0:
		return setupOf(st.setup.Problem, pde.Sample{Set: "drawn", Seed: seed, Collocation: v.points})
	default:
		return st.setup, nil
	}
}

// plan is how Phase 2 is cut into stages, nil where it isn't.
func (v solver) plan(seed int64) *lrpinn.Plan {
	if v.stages == 0 {
		return nil
	}
	plan := &lrpinn.Plan{Stages: v.stages}
	if v.continued {
		plan.From = mus(table2Betas)[0]
	}
	if v.adaptive {
		plan.Candidates, plan.Seed = adaptiveCandidates, seed
	}
	return plan
}

// settings are those of Adam, or of as many iterations.
func (v solver) settings(adam train.Settings, iterations int) train.Settings {
	if !v.lm {
		return adam
	}
	return train.Settings{Steps: iterations, LM: &train.LM{}, HistoryEvery: 1, ProbeEvery: lmProbeEvery}
}

// lmProbeEvery is the distance of probes in iterations, each of which takes what several
// steps of Adam do.
const lmProbeEvery = 10

// noted puts what is not the papers' into a run's label.
func (v solver) noted(r *Run) *Run {
	if v.lm {
		r.withNote(fmt.Sprintf("%d steps of %s", r.Config.Train.Steps, lmNote))
	}
	if v.fresh {
		r.withNote(freshNote)
	}
	if v.points > 0 {
		r.withNote(fmt.Sprintf("%d points", v.points))
	}
	return r
}

// query is Phase 2 at mu from a Phase 1.
func (v solver) query(st study, p Preset, first firstPhase, mu []float64, rank lrpinn.Rank, seed int64) (*Run, error) {
	start, err := first.run(st, seed)
	if err != nil {
		return nil, err
	}
	setup, err := v.setup(st, seed)
	if err != nil {
		return nil, err
	}
	r := phase2On(setup, start, mu, phase2Model{Rank: rank, Plan: v.plan(seed)}, v.settings(train.Settings{Steps: st.steps.phase2}, p.Beyond.Iterations))
	if first.name != firstPhases[0].name {
		r.withNote("from Phase 1 with " + first.name)
	}
	return v.noted(r), nil
}

// pinn and naive are networks from scratch.
func (v solver) pinn(st study, iterations int, mu []float64, seed int64) (*Run, error) {
	setup, err := v.setup(st, seed)
	if err != nil {
		return nil, err
	}
	return v.noted(PINNRun(baselines.PINN{Setup: setup, Mu: mu, Seed: seed}, v.settings(st.scratch(fullRank), iterations))), nil
}

func (v solver) naive(st study, iterations int, mu []float64, rank int, seed int64) (*Run, error) {
	setup, err := v.setup(st, seed)
	if err != nil {
		return nil, err
	}
	return v.noted(NaiveLRRun(baselines.NaiveLR{Setup: setup, Mu: mu, Rank: rank, Seed: seed}, v.settings(st.scratch(rank), iterations))), nil
}

// eachSeed makes a run for each of seeds.
func eachSeed(seeds []int64, run func(seed int64) (*Run, error)) ([]*Run, error) {
	var runs []*Run
	for _, seed := range seeds {
		r, err := run(seed)
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// beyondCell is a cell of these experiments. It may stand beside a published number, of
// which it is no reproduction, so that it has no verdict.
func beyondCell(table, row, column, metricName, unit string, m measurement, less, command string) (report.Cell, error) {
	c, err := m.cell(report.Cell{ID: data.CellID("beyond", table, row, column, metricName), Row: row, Column: column, Metric: metricName, Unit: unit, Command: command})
	if err != nil {
		return c, err
	}
	switch {
	case len(m.evidence.Values) == 0:
		c.Reason = "not run"
	case !m.evidence.Smoke:
		c.Reason = joinReasons(quartiles(m.evidence.Values), prefixed("reduced: ", less))
	}
	return c, nil
}

// beyondReduced says in which way a preset's runs are below those that the experiments
// were planned with.
func beyondReduced(p Preset) string {
	return joinReasons(
		prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps)),
		prefixed("Levenberg–Marquardt: ", reduced(p.Beyond.Iterations, beyondIterations)))
}

// solved reports whether a query's error is at most beyondTarget.
func (f finishedRun) solved() bool { return f.ev.Test.RelL2 <= beyondTarget }

// seconds is the time that a finished run takes for some steps without compilation, at the
// pace of its last sitting.
func (f finishedRun) seconds(steps int) float64 {
	if steps == 0 {
		return 0
	}
	return float64(steps) / f.record.Manifest.StepsPerSecond
}

// took is the time of all its steps.
func (f finishedRun) took() float64 { return f.seconds(f.Config.Train.Steps) }
