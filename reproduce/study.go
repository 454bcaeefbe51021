// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// study is a problem with the settings under which systems are compared on it.
// Its methods make the run of each system for one parameter setting; what starts
// from a common run (a Phase 1, a meta-training) names it as its parent, so that
// it is trained once.
type study struct {
	setup pinn.Setup
	// train are the parameter settings of Phase 1, PINN-P and the meta-learners.
	train [][]float64
	steps studySteps
	// lowRankRate and denseRate are the learning rates of what is trained for one
	// parameter setting: the low-rank baselines have that of Phase 2 (the authors'
	// code), the dense ones that of P2INN (appendix C.2).
	lowRankRate, denseRate float64
	// adapted has the meta-learners probe their errors after the inner steps too,
	// which Figure 3 shows and which takes long to compile.
	adapted bool
	// starts holds the common runs that were asked for: a run remembers its name.
	starts map[startKey]*Run
}

// studySteps are the steps of each system.
type studySteps struct {
	phase1, phase2 int
	scratch        int // of a network for one setting, and of fine-tuning
	slab           int // of each slab of a PINN-S2S
	pinnP          int
	maml, reptile  int // outer
}

// lowRankRate is the learning rate of the authors' code, and metaRate that of the
// meta-learners' outer step, for which the same is proposed.
const (
	lowRankRate = 2.5e-4
	metaRate    = 2.5e-4
)

// fullRank stands for the rank of a dense network, where a system has both.
const fullRank = 0

func newStudy(setup pinn.Setup, trained [][]float64, steps studySteps) study {
	return study{setup: setup, train: trained, steps: steps, lowRankRate: lowRankRate, denseRate: pinnRate, starts: map[startKey]*Run{}}
}

// scratch are the settings of a network that is trained for one setting.
func (s study) scratch(rank int) train.Settings {
	if rank == fullRank {
		return train.Settings{Steps: s.steps.scratch, LearningRate: s.denseRate}
	}
	return train.Settings{Steps: s.steps.scratch, LearningRate: s.lowRankRate}
}

// startKey tells common runs apart, also those of copies of a study, which share
// what was made.
type startKey struct {
	kind                   string
	rank                   int
	seed                   int64
	problem                string
	sample                 pde.Sample
	train                  *[]float64 // the first of them, in its place
	steps                  studySteps
	lowRankRate, denseRate float64
}

// start returns a common run, made once.
func (s study) start(kind string, rank int, seed int64, make func() *Run) *Run {
	key := startKey{kind, rank, seed, s.setup.Problem.ID(), s.setup.Sample, &s.train[0], s.steps, s.lowRankRate, s.denseRate}
	if s.starts[key] == nil {
		s.starts[key] = make()
	}
	return s.starts[key]
}

func (s study) phase1(seed int64) *Run {
	return s.start("phase1", fullRank, seed, func() *Run { return Phase1Run(s.setup, s.train, s.steps.phase1, seed) })
}

func (s study) hyper(mu []float64, rank lrpinn.Rank, seed int64) *Run {
	return Phase2Run(s.phase1(seed), mu, rank, s.steps.phase2)
}

func (s study) pinn(mu []float64, seed int64) *Run {
	return PINNRun(baselines.PINN{Setup: s.setup, Mu: mu, Seed: seed}, s.scratch(fullRank))
}

func (s study) pinnR(mu []float64, seed int64) *Run {
	return PINNRRun(baselines.PINNR{Setup: s.setup, Mu: mu, Seed: seed}, s.scratch(fullRank))
}

// pinnP is one network for all settings; it is evaluated at those given.
func (s study) pinnP(at [][]float64, width int, seed int64) *Run {
	return PINNPRun(baselines.PINNP{Setup: s.setup, Mus: s.train, Width: width, Seed: seed}, at,
		train.Settings{Steps: s.steps.pinnP, LearningRate: s.denseRate})
}

func (s study) naive(mu []float64, rank int, seed int64) *Run {
	return NaiveLRRun(baselines.NaiveLR{Setup: s.setup, Mu: mu, Rank: rank, Seed: seed}, s.scratch(rank))
}

// naiveTrained is the variant whose bases are trained too.
func (s study) naiveTrained(mu []float64, rank int, seed int64) *Run {
	return NaiveLRRun(baselines.NaiveLR{Setup: s.setup, Mu: mu, Rank: rank, TrainBases: true, Seed: seed}, s.scratch(rank))
}

// s2s is a PINN trained slab of time by slab of time, ten of them.
func (s study) s2s(mu []float64, seed int64) *Run {
	p := baselines.PINNS2S{Setup: s.setup, Mu: mu, Seed: seed}.WithDefaults()
	return PINNS2SRun(p, train.Settings{Steps: s.steps.slab * p.Slabs, LearningRate: s.denseRate})
}

func (s study) curriculum(mu []float64, rank int, seed int64) *Run {
	net := baselines.NaiveLR{Setup: s.setup, Mu: mu, Rank: rank, Seed: seed}
	return CurriculumRun(baselines.Curriculum{NaiveLR: net}, s.scratch(rank))
}

// mamlStart and reptileStart are the meta-trainings on the training settings.
func (s study) mamlStart(rank int, seed int64) *Run {
	return s.start("maml", rank, seed, func() *Run {
		return mamlRun(baseOf(s.setup, rank, seed), baselines.MAML{Mus: s.train}, s.adapted, train.Settings{Steps: s.steps.maml, LearningRate: metaRate})
	})
}

func (s study) reptileStart(rank int, seed int64) *Run {
	return s.start("reptile", rank, seed, func() *Run {
		return reptileRun(baseOf(s.setup, rank, seed), baselines.Reptile{Mus: s.train}, s.adapted, train.Settings{Steps: s.steps.reptile})
	})
}

// maml and reptile fine-tune at mu from there.
func (s study) maml(mu []float64, rank int, seed int64) *Run {
	return fineTuneRun(s.mamlStart(rank, seed), baseOf(s.setup, rank, seed), mu, s.scratch(rank))
}

func (s study) reptile(mu []float64, rank int, seed int64) *Run {
	return fineTuneRun(s.reptileStart(rank, seed), baseOf(s.setup, rank, seed), mu, s.scratch(rank))
}
