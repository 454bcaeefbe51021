// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// H29: fine-tuning from MAML and Reptile is worse than Phase 2, and no better than a
// random start.
func TestPoorStarts(t *testing.T) {
	const phase2Name = "Phase 2"
	// Errors of the four at every rank, β and seed.
	type errors map[string]float64
	constant := func(phase2, maml, reptile, scratch float64) func(string, int, float64, int64) float64 {
		e := errors{phase2Name: phase2, "MAML": maml, "Reptile": reptile, "from scratch": scratch}
		return func(name string, _ int, _ float64, _ int64) float64 { return e[name] }
	}
	claimed := constant(.05, .4, .4, .4)
	but := func(here func(name string, rank int, beta float64, seed int64) bool, e float64) func(string, int, float64, int64) float64 {
		return func(name string, rank int, beta float64, seed int64) float64 {
			if here(name, rank, beta, seed) {
				return e
			}
			return claimed(name, rank, beta, seed)
		}
	}
	for _, c := range []struct {
		name   string
		rel    func(name string, rank int, beta float64, seed int64) float64
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		// 5 seeds, 3 β, and Phase 2 beside three starts at five ranks.
		{name: "as claimed", rel: claimed, want: Reproduced, part: "of 240 networks 0 failed"},
		{name: "fine-tuning fails, and so does a random start", rel: constant(.05, trivialError, trivialError, trivialError), want: Reproduced},
		{name: "better than a random start", rel: constant(.05, .4, .2, .4), want: SameConclusion, part: "from Reptile / from scratch, least over β: median 0.5"},
		{name: "better than Phase 2", rel: constant(.05, .04, .4, .4), want: Differs},
		{name: "within the margin of Phase 2", rel: constant(.05, .4, .0549, .4), want: Differs},
		{name: "at one rank and β", rel: but(func(name string, rank int, beta float64, _ int64) bool {
			return name == "MAML" && rank == 40 && beta == 35
		}, .01), want: Differs, part: "from MAML / Phase 2, least over β: median 0.2"},
		{name: "in one seed of five", rel: but(func(name string, _ int, _ float64, seed int64) bool { return name == "MAML" && seed == 0 }, .01), want: Reproduced},
		{name: "in two seeds of five", rel: but(func(name string, _ int, _ float64, seed int64) bool { return name == "MAML" && seed < 2 }, .01), want: Differs},
		// Both have learnt nothing, so that the ratio says nothing.
		{name: "Phase 2 fails", rel: constant(.95*trivialError, 1, 1, 1), want: Differs},
		{name: "three seeds", rel: claimed, preset: func(p *Preset) { p.BaselineSeeds = p.Seeds[:3] }, want: Reduced, part: "3 of 5 seeds"},
		{name: "few outer steps", rel: claimed, preset: func(p *Preset) { p.MAMLSteps = 300 }, want: Reduced, part: "MAML: meta-training: 300 of 20000 steps"},
		{name: "one run is missing", rel: but(func(name string, rank int, beta float64, seed int64) bool {
			return name == "Reptile" && rank == 10 && beta == 40 && seed == 2
		}, math.NaN()), want: Reduced, part: "4 of 5 seeds"},
		{name: "without Phase 2", rel: but(func(name string, _ int, _ float64, _ int64) bool { return name == phase2Name }, math.NaN()), want: NotRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.BaselineSeeds = p.Seeds
			if c.preset != nil {
				c.preset(&p)
			}
			st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
			add := func(r *Run, rel float64) {
				if !math.IsNaN(rel) {
					s.keep(&store.Record{Name: r.Name(), Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(r.Config.Mus[0][0], rel, false)}}})
				}
			}
			for _, mu := range mus(table2Betas) {
				for _, seed := range p.BaselineSeeds {
					add(st.hyper(mu, lrpinn.FullRank, seed), c.rel(phase2Name, 0, mu[0], seed))
					for _, rank := range p.Ranks {
						add(st.maml(mu, rank, seed), c.rel("MAML", rank, mu[0], seed))
						add(st.reptile(mu, rank, seed), c.rel("Reptile", rank, mu[0], seed))
						add(st.naive(mu, rank, seed), c.rel("from scratch", rank, mu[0], seed))
					}
				}
			}
			wantClaim(t, found(t, s, p, poorStarts()), c.want, c.part)
		})
	}
}

// Where Phase 2 has more steps than fine-tuning, its error after as many counts.
func TestAfterAsManySteps(t *testing.T) {
	p := claimPreset(t)
	st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
	mu := []float64{30, 0, 0}
	r := st.hyper(mu, lrpinn.FullRank, 0)
	history := train.History{Probes: []string{pinn.RelProbe}}
	for step, e := range []float64{1, .4, .05} {
		history.Rows = append(history.Rows, train.Row{Step: 5_000 * step, Probes: []float64{e}})
	}
	s.keep(&store.Record{Name: r.Name(), History: history, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(30, .06, false)}}})
	for _, c := range []struct {
		steps int
		want  float64
		ok    bool
	}{{10_000, .06, true}, {12_000, .06, true}, {5_000, .4, true}, {4_900, .4, true}, {2_000, 0, false}} {
		var seen trial
		got, bad, ok, err := s.after(c.steps, mu, &seen, r)
		if err != nil || ok != c.ok || ok && (got != c.want || bad || seen.networks != 1) {
			t.Errorf("after %d steps it is %g (bad %t, known %t), %v; want %g", c.steps, got, bad, ok, err, c.want)
		}
	}
}

// H32: at the end of meta-training Phase 1 has the smallest loss and errors.
func TestMetaTraining(t *testing.T) {
	// A learner's loss, and its test error before and after its inner steps.
	type end struct{ loss, test, adapted float64 }
	others := end{1, .6, .5}
	for _, c := range []struct {
		name   string
		phase1 func(seed int) (end, float64) // and the errors' evaluation at each β
		maml   end
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		{name: "as claimed", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: others, want: Reproduced, part: "test error, Phase 1 / MAML: median 0.4"},
		{name: "below, not well", phase1: func(int) (end, float64) { return end{.8, .2, math.NaN()}, .2 }, maml: others, want: SameConclusion},
		{name: "the loss alone", phase1: func(int) (end, float64) { return end{.1, .6, math.NaN()}, .2 }, maml: others, want: Differs},
		{name: "the test error alone", phase1: func(int) (end, float64) { return end{1, .2, math.NaN()}, .2 }, maml: others, want: Differs},
		// After its inner step it is as good, and that is what it was trained for.
		{name: "MAML adapts", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: end{1, .6, .2}, want: Differs},
		{name: "MAML is as good before it adapts", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: end{1, .2, .6}, want: Differs},
		{name: "Phase 1 failed", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, trivialError }, maml: others, want: Differs, part: "of 55 networks 55 failed"},
		{name: "two seeds of five are worse", phase1: func(seed int) (end, float64) {
			return end{map[bool]float64{true: 2, false: .1}[seed < 2], .2, math.NaN()}, .2
		}, maml: others, want: Differs},
		{name: "one seed of five is", phase1: func(seed int) (end, float64) {
			return end{map[bool]float64{true: 2, false: .1}[seed < 1], .2, math.NaN()}, .2
		}, maml: others, want: Reproduced},
		{
			name: "three seeds", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: others, want: Reduced, part: "3 of 5 seeds",
			preset: func(p *Preset) { p.BaselineSeeds = p.Seeds[:3] },
		},
		{
			name: "few outer steps", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: others, want: Reduced, part: "MAML: 300 of 20000 steps",
			preset: func(p *Preset) { p.MAMLSteps = 300 },
		},
		{name: "without MAML", phase1: func(int) (end, float64) { return end{.1, .2, math.NaN()}, .2 }, maml: end{loss: math.NaN()}, want: NotRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.BaselineSeeds = p.Seeds
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			for i, seed := range p.BaselineSeeds {
				learners, err := figure3Learners(withSeed(p, seed))
				if err != nil {
					t.Fatal(err)
				}
				own, rel := c.phase1(i)
				for k, e := range []end{c.maml, others, own} {
					if math.IsNaN(e.loss) {
						continue
					}
					h := train.History{
						Terms:  []string{pinn.ResidualTerm, lrpinn.OrthogonalityTerm},
						Probes: []string{pinn.RelProbe, pinn.RelProbe + baselines.AdaptedSuffix},
					}
					if k == 2 {
						h.Probes = h.Probes[:1]
					}
					// All were better before, and the term that others lack is large.
					for j, at := range []end{{.01, .01, .01}, e} {
						h.Rows = append(h.Rows, train.Row{
							Step: 100 * (j + 1), Terms: []float64{at.loss, 1000},
							Probes: []float64{at.test, at.adapted}[:len(h.Probes)],
						})
					}
					record := store.Record{Name: learners[k].run.Name(), History: h}
					for _, mu := range learners[k].run.Config.Mus {
						record.Metrics.Evaluations = append(record.Metrics.Evaluations, evaluated(mu[0], rel, false))
					}
					s.keep(&record)
				}
			}
			wantClaim(t, found(t, s, p, metaTraining()), c.want, c.part)
		})
	}
}
