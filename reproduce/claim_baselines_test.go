// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// plantedSystem is a network's relative error by its column, rank (0 is the method's),
// setting and seed; NaN leaves no record.
type plantedSystem func(name string, rank int, mu []float64, seed int64) (rel float64, spurious bool)

// plantSystems puts the runs of Table 2, or of a table like it, into the session.
func plantSystems(t *testing.T, s *Session, of systems, rel plantedSystem) {
	t.Helper()
	add := func(runs []*Run, name string, rank int, mu []float64) {
		for _, r := range runs {
			if e, spurious := rel(name, rank, mu, r.Config.Seed); !math.IsNaN(e) {
				ev := evaluated(0, e, spurious)
				ev.Mu = mu
				s.keep(&store.Record{Name: r.Name(), Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
			}
		}
	}
	for _, mu := range of.mus {
		for i, column := range table2Columns {
			add(of.method(mu, i), column.name, 0, mu)
		}
		for _, b := range of.baselines() {
			for _, rank := range of.ranksOf(b, of.ranks) {
				add(of.baseline(b, mu, rank), b.name, rank, mu)
			}
		}
	}
}

// equalCompute gives each baseline the steps of Phase 1 at 11 β and of Phase 2,
// 11·20,000 + 10,000, and some for what a curriculum's stages don't share equally.
func equalCompute(p *Preset) { p.BaselineSteps = 240_000 }

// H04: a baseline that resolves the failure mode speaks against the claim, however
// well the method does.
func TestOnlyMethodThatResolves(t *testing.T) {
	// Of Table 2: .0655 at β = 40, and .37 for the best baseline.
	printed := func(_ string, rank int, _ []float64, _ int64) (float64, bool) {
		return map[bool]float64{true: .0655, false: .37}[rank == 0], false
	}
	const best = "Reptile"
	for _, c := range []struct {
		name   string
		rel    plantedSystem
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		{name: "printed, with equal compute", rel: printed, preset: equalCompute, want: Reproduced, part: "Naive-LR-PINN 1"},
		// 10,000 of 230,000 gradients; MAML has 20,000·6 more.
		{name: "printed", rel: printed, want: SameConclusion, part: "Naive-LR-PINN 0.043, Curriculum learning 0.043, MAML 0.57"},
		{name: "one baseline at one rank and β", preset: equalCompute, want: Differs, part: best + " / best constant, at its best (rank 20, β = 35): median 0.1732", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == best && rank == 20 && mu[0] == 35 {
				return .1, false
			}
			return printed(name, rank, mu, seed)
		}},
		{name: "with trained bases", preset: equalCompute, want: Differs, part: "resolved by Naive-LR-PINN, trained bases too", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == "Naive-LR-PINN, trained bases" {
				return .1, false
			}
			return printed(name, rank, mu, seed)
		}},
		{name: "two seeds of five of a baseline", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == best && seed < 2 {
				return .1, false
			}
			return printed(name, rank, mu, seed)
		}, preset: equalCompute, want: Reproduced},
		{name: "all fail", preset: equalCompute, want: Differs, part: "failed or spurious", rel: func(string, int, []float64, int64) (float64, bool) { return trivialError, false }},
		// Of the method 4 seeds, 2 ranks and 3 β, and of the baselines 4, 5 seeds and 3 β.
		{name: "the method is spurious", preset: equalCompute, want: Differs, part: "84 are spurious", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			e, _ := printed(name, rank, mu, seed)
			return e, rank == 0 && seed != 4 || rank == 50
		}},
		{name: "not at β = 30", preset: equalCompute, want: Differs, part: "full rank / best constant, worst β: median 0.6062", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if rank == 0 && mu[0] == 30 {
				return .35, false
			}
			return printed(name, rank, mu, seed)
		}},
		// Each β fails in another two seeds: at each, three of five resolve it, and one
		// seed of five resolves all.
		{name: "another seed at each β", preset: equalCompute, want: Differs, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if rank == 0 && (int(mu[0])/5+int(seed))%5 < 2 {
				return trivialError, false
			}
			return printed(name, rank, mu, seed)
		}},
		{name: "one rank", rel: printed, preset: func(p *Preset) { equalCompute(p); p.Ranks = []int{30} }, want: Reduced, part: "1 of 5 ranks"},
		{name: "three seeds of the baselines", rel: printed, preset: func(p *Preset) { equalCompute(p); p.BaselineSeeds = p.Seeds[:3] }, want: Reduced, part: "3 of 5 seeds"},
		{name: "short", rel: printed, preset: func(p *Preset) { p.BaselineSteps = 5_000 }, want: Reduced, part: "MAML: fine-tuning: 5000 of 10000 steps"},
		{name: "a baseline diverged", preset: equalCompute, want: Reduced, part: "1 of 63 baselines", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == best && rank == 20 && mu[0] == 35 {
				return math.NaN(), false
			}
			return printed(name, rank, mu, seed)
		}},
		{name: "the method alone", preset: equalCompute, want: NotRun, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if rank != 0 {
				return math.NaN(), false
			}
			return printed(name, rank, mu, seed)
		}},
		{name: "the baselines alone", preset: equalCompute, want: NotRun, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if rank == 0 {
				return math.NaN(), false
			}
			return printed(name, rank, mu, seed)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.BaselineSeeds = p.Seeds
			if c.preset != nil {
				c.preset(&p)
			}
			of, err := table2Systems(p)
			if err != nil {
				t.Fatal(err)
			}
			s := newSession(t, t.TempDir())
			plantSystems(t, s, of, c.rel)
			wantClaim(t, found(t, s, p, onlyMethodThatResolves()), c.want, c.part)
		})
	}
}

// H06: ten times better than the best baseline at every ρ, on both equations.
func TestOrderOfMagnitudeOnReaction(t *testing.T) {
	better := func(times float64) plantedSystem {
		return func(_ string, rank int, _ []float64, _ int64) (float64, bool) {
			return map[bool]float64{true: .4 / times, false: .4}[rank == 0], false
		}
	}
	for _, c := range []struct {
		name   string
		rel    plantedSystem
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		{name: "as claimed", rel: better(11), want: Reproduced, part: "of 660 networks 0 failed"}, // 2 equations, 3 ρ, 5 seeds, and 2 + 4·5 columns
		{name: "five times", rel: better(5), want: SameConclusion, part: "reaction, worst ρ: median 0.2"},
		{name: "five times at ρ = 5 alone", want: SameConclusion, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			return better(map[bool]float64{true: 5, false: 11}[mu[2] == 5])(name, rank, mu, seed)
		}},
		{name: "within the margin", rel: better(1.05), want: Differs},
		{name: "one baseline is as good at one ρ", want: Differs, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == "MAML" && rank == 40 && mu[1] != 0 && mu[2] == 7 {
				return .036, false
			}
			return better(11)(name, rank, mu, seed)
		}},
		{name: "adaptive rank alone is not", want: Differs, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if name == table2Columns[1].name {
				return .4, false
			}
			return better(11)(name, rank, mu, seed)
		}},
		{name: "spurious", want: Differs, part: "are spurious", rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			e, _ := better(11)(name, rank, mu, seed)
			return e, rank == 0 && seed < 3
		}},
		// All far from anything: a ratio of failures says nothing.
		{name: "all failed", want: Differs, rel: func(_ string, rank int, _ []float64, _ int64) (float64, bool) {
			return map[bool]float64{true: trivialError, false: 20 * trivialError}[rank == 0], false
		}},
		{name: "three seeds", rel: better(11), preset: func(p *Preset) { p.Reaction.Seeds = p.Seeds[:3] }, want: Reduced, part: "3 of 5 seeds"},
		// 10,000 of the gradients that Phase 1 at 6 ρ and Phase 2 take, 130,000.
		{name: "one seed", rel: better(11), preset: func(p *Preset) { p.Reaction.Seeds = p.Seeds[:1] }, want: Reduced, part: "Naive-LR-PINN 0.077"},
		{name: "three ranks", rel: better(11), preset: func(p *Preset) { p.Reaction.Ranks = []int{10, 30, 50} }, want: Reduced, part: "3 of 5 ranks"},
		{name: "one equation", want: NotRun, rel: func(name string, rank int, mu []float64, seed int64) (float64, bool) {
			if mu[1] != 0 {
				return math.NaN(), false
			}
			return better(11)(name, rank, mu, seed)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.Reaction.Seeds = p.Seeds
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			for _, table := range reactionTables {
				of, err := reactionSystems(p, table.kind)
				if err != nil {
					t.Fatal(err)
				}
				plantSystems(t, s, of, c.rel)
			}
			wantClaim(t, found(t, s, p, orderOfMagnitudeOnReaction()), c.want, c.part)
		})
	}
}

// The best baselines are cells of Table 2 and of appendix N.
func TestRivalsAreCells(t *testing.T) {
	p := claimPreset(t)
	s := newSession(t, t.TempDir())
	of, err := table2Systems(p)
	if err != nil {
		t.Fatal(err)
	}
	reaction, err := reactionSystems(p, "reaction")
	if err != nil {
		t.Fatal(err)
	}
	diffusion, err := reactionSystems(p, "reaction-diffusion")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []systems{of, reaction, diffusion} {
		plantSystems(t, s, of, func(_ string, rank int, _ []float64, _ int64) (float64, bool) { return .01 * float64(rank+1), false })
	}
	only, order := found(t, s, p, onlyMethodThatResolves()), found(t, s, p, orderOfMagnitudeOnReaction())
	// The method's 2 ranks at 3 β and the best of 5 baselines; at 3 ρ of 2 equations
	// the method's 2 and the best of all.
	if len(only.Cells) != 6+5 || len(order.Cells) != 2*3*3 {
		t.Errorf("H04 rests on %d cells and H06 on %d, want 11 and 18", len(only.Cells), len(order.Cells))
	}
	wantNamed(t, p, only, order)
}
