// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// plantQueries puts Figure 5's runs of every seed into the session, with errors by β
// and seed; one that is NaN leaves no record.
func plantQueries(t *testing.T, s *Session, p Preset, rel func(beta float64, seed int64) (float64, bool)) {
	t.Helper()
	for _, seed := range p.Seeds {
		runs, err := manyRuns(withSeed(p, seed))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			beta := r.Config.Mus[0][0]
			if e, spurious := rel(beta, seed); !math.IsNaN(e) {
				s.keep(&store.Record{Name: r.Name(), Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(beta, e, spurious)}}})
			}
		}
		parent := store.Record{Name: runs[0].Parent.Name()}
		for _, mu := range runs[0].Parent.Config.Mus {
			parent.Metrics.Evaluations = append(parent.Metrics.Evaluations, evaluated(mu[0], .3, false))
		}
		s.keep(&parent)
	}
}

// queryErrorsBy is a small error at β up to 40, and another above.
func queryErrorsBy(below, above float64) func(beta float64, seed int64) (float64, bool) {
	return func(beta float64, _ int64) (float64, bool) {
		if beta > 40 {
			return above, false
		}
		return below, false
	}
}

// H14 and H15: as accurate at unseen β as at training ones, and around 10 % above 40.
func TestQueryClaims(t *testing.T) {
	claimed := queryErrorsBy(.05, .1)
	where := func(at func(beta float64, seed int64) bool, e float64, spurious bool) func(beta float64, seed int64) (float64, bool) {
		return func(beta float64, seed int64) (float64, bool) {
			if at(beta, seed) {
				return e, spurious
			}
			return claimed(beta, seed)
		}
	}
	isTraining := func(beta float64, _ int64) bool { return slices.Contains(trainingBetas, beta) }
	for _, c := range []struct {
		name     string
		rel      func(beta float64, seed int64) (float64, bool)
		preset   func(p *Preset)
		h14, h15 Verdict
		says14   string
	}{
		// Of each seed 40 β below, 70 inside and 3 for training.
		{name: "as claimed", rel: claimed, h14: Reproduced, h15: Reproduced, says14: "of 565 networks 0 failed"},
		{name: "half again as large below 30", rel: where(func(beta float64, _ int64) bool { return beta < 30 }, .075, false), h14: SameConclusion, h15: Reproduced},
		{name: "three times as large below 30", rel: where(func(beta float64, _ int64) bool { return beta < 30 }, .15, false), h14: Differs, h15: Reproduced},
		{name: "three times as large inside", rel: where(func(beta float64, seed int64) bool { return beta > 30 && beta < 40 && !isTraining(beta, seed) }, .15, false), h14: Differs, h15: SameConclusion},
		// Nothing learnt anywhere is as accurate as nothing learnt.
		{name: "all failed", rel: queryErrorsBy(trivialError, trivialError), h14: Differs, h15: Differs, says14: "of 565 networks 565 failed"},
		{name: "one training β failed", rel: where(func(beta float64, _ int64) bool { return beta == 35 }, trivialError, false), h14: Differs, h15: Reproduced},
		{name: "training β are spurious in three seeds", rel: where(func(beta float64, seed int64) bool { return isTraining(beta, seed) && seed > 1 }, .05, true), h14: Differs, h15: Reproduced, says14: "9 are spurious"},
		{name: "most below 30 are spurious", rel: where(func(beta float64, _ int64) bool { return beta < 29 }, .01, true), h14: Differs, h15: Reproduced},
		// Of 40 β above 40 the last 12 are lost, more than a quarter.
		{name: "lost from 43.5 on", rel: where(func(beta float64, _ int64) bool { return beta > 43.5 }, .5, false), h14: Reproduced, h15: Differs},
		{name: "spurious from 43.5 on", rel: where(func(beta float64, _ int64) bool { return beta > 43.5 }, .1, true), h14: Reproduced, h15: Differs},
		{name: "no increase above 40", rel: queryErrorsBy(.05, .05), h14: Reproduced, h15: SameConclusion},
		{name: "one seed", rel: claimed, preset: func(p *Preset) { p.Seeds = p.Seeds[:1] }, h14: Reduced, h15: Reduced, says14: "1 of 5 seeds"},
		{name: "short", rel: claimed, preset: func(p *Preset) { p.Many.Steps = 5_000 }, h14: Reduced, h15: Reduced, says14: "Phase 2: 5000 of 10000 steps"},
		{name: "fewer β of other seeds", rel: claimed, preset: func(p *Preset) { p.Many.OtherBetas = everyTenth(p.Many.Betas) }, h14: Reduced, h15: Reduced, says14: "15 unseen β for all seeds but the first"},
		{name: "one diverged", rel: where(func(beta float64, seed int64) bool { return beta == 26 && seed == 2 }, math.NaN(), false), h14: Reduced, h15: Reduced, says14: "seed 2 at 152 of the preset's 153 β"},
		{name: "unseen alone", rel: where(isTraining, math.NaN(), false), h14: NotRun, h15: Reduced},
		{name: "training alone", rel: where(func(beta float64, seed int64) bool { return !isTraining(beta, seed) }, math.NaN(), false), h14: NotRun, h15: NotRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			plantQueries(t, s, p, c.rel)
			wantClaim(t, found(t, s, p, accurateAtUnseen()), c.h14, c.says14)
			wantClaim(t, found(t, s, p, aboveTraining()), c.h15)
		})
	}
}

// H13 is a setting: one seed is enough, and 150 β must be unseen and different.
func TestUnseenParameters(t *testing.T) {
	some := queryErrorsBy(trivialError, trivialError) // however bad they are
	for _, c := range []struct {
		name   string
		rel    func(beta float64, seed int64) (float64, bool)
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		{name: "150", rel: some, want: Reproduced, part: "150 unseen β: 40 unseen β < 30, 70 unseen β in [30, 40], 40 unseen β > 40"},
		{name: "with training β among them", rel: some, want: Reduced, part: "149 of the preset's 150 β", preset: func(p *Preset) {
			p.Many.Betas = slices.Clone(p.Many.Betas)
			p.Many.Betas[0] = 31
		}},
		{name: "one twice", rel: some, want: Reduced, part: "149 of the preset's 150 β", preset: func(p *Preset) {
			p.Many.Betas = slices.Clone(p.Many.Betas)
			p.Many.Betas[0] = p.Many.Betas[1]
		}},
		{name: "on one side", rel: some, want: Differs, part: "0 unseen β > 40", preset: func(p *Preset) { p.Many.Betas = spaced(10.05, 39.85, 150) }},
		{name: "100", rel: some, want: Reduced, part: "100 of 150 unseen β", preset: func(p *Preset) { p.Many.Betas = p.Many.Betas[:100] }},
		{name: "one is missing", want: Reduced, part: "149 of the preset's 150 β", rel: func(beta float64, _ int64) (float64, bool) {
			return map[bool]float64{true: math.NaN(), false: .05}[beta == 26], false
		}},
		{name: "training β alone", want: NotRun, rel: func(beta float64, _ int64) (float64, bool) {
			return map[bool]float64{true: .05, false: math.NaN()}[slices.Contains(trainingBetas, beta)], false
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.Seeds = p.Seeds[:1]
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			plantQueries(t, s, p, c.rel)
			wantClaim(t, found(t, s, p, unseenParameters()), c.want, c.part)
		})
	}
	// A Phase 1 whose record was evaluated elsewhere was trained elsewhere.
	p := claimPreset(t)
	s := newSession(t, t.TempDir())
	plantQueries(t, s, p, some)
	runs, err := figure5Runs(p)
	if err != nil {
		t.Fatal(err)
	}
	s.records[runs[0].Parent.Name()].Metrics.Evaluations[0].Mu[0] = 25.5
	wantClaim(t, found(t, s, p, unseenParameters()), Differs, "0 of 1 runs")
	delete(s.records, runs[0].Parent.Name())
	wantClaim(t, found(t, s, p, unseenParameters()), Reduced, "Phase 1 is not in the store")
}
