// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// plantedEpochs is how many epochs a method takes at a β, how a run went that ended
// there, and whether it is spurious.
type plantedEpochs func(method int, beta float64, seed int64) (epochs int, spurious bool)

// neverRun leaves no record.
const neverRun = -1

// plantEpochs puts Figure 6's runs of every seed into the session; one that takes
// the cap or more stopped there, above the target.
func plantEpochs(t *testing.T, s *Session, p Preset, epochs plantedEpochs) {
	t.Helper()
	st := convectionStudyOf(t, p)
	for _, seed := range p.Seeds {
		for i, method := range epochMethods {
			for _, beta := range p.Epochs.Betas {
				n, spurious := epochs(i, beta, seed)
				if n == neverRun {
					continue
				}
				r := method.run(st, withSeed(p, seed), beta)
				h := train.History{Probes: []string{pinn.AbsProbe}}
				last := targetError / 2
				if n >= p.Epochs.Cap {
					n, last = p.Epochs.Cap, .3
				}
				if n > 0 {
					h.Rows = append(h.Rows, train.Row{Step: 0, Probes: []float64{.6}})
				}
				h.Rows = append(h.Rows, train.Row{Step: n, Probes: []float64{last}})
				ev := evaluated(beta, last, spurious)
				ev.Test.Abs = last
				s.keep(&store.Record{Name: r.Name(), History: h, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
			}
		}
	}
}

// H22 and H23 by Figure 6's runs.
func TestEpochClaims(t *testing.T) {
	const never = math.MaxInt
	// The PINN's in proportion to β, ours none but for the last β.
	claimed := func(method int, beta float64, _ int64) (int, bool) {
		switch {
		case method == 1:
			return int(500 * beta), false
		case beta > 15:
			return int(beta), false
		}
		return 0, false
	}
	ours := func(epochs func(beta float64, seed int64) (int, bool)) plantedEpochs {
		return func(method int, beta float64, seed int64) (int, bool) {
			if method == 0 {
				return epochs(beta, seed)
			}
			return claimed(method, beta, seed)
		}
	}
	theirs := func(epochs func(beta float64, seed int64) (int, bool)) plantedEpochs {
		return func(method int, beta float64, seed int64) (int, bool) {
			if method == 1 {
				return epochs(beta, seed)
			}
			return claimed(method, beta, seed)
		}
	}
	for _, c := range []struct {
		name     string
		epochs   plantedEpochs
		preset   func(p *Preset)
		h22, h23 Verdict
		says22   string
		says23   string
	}{
		// 1 to 15 by halves are 29 of the 39 β.
		{name: "as claimed", epochs: claimed, h22: Reproduced, h23: Reproduced, says22: "β within 1 epoch: median 29, quartiles the same (median at least 20)"},
		{name: "within ten epochs", epochs: ours(func(float64, int64) (int, bool) { return 10, false }), h22: SameConclusion, h23: Reproduced},
		{name: "within eleven", epochs: ours(func(float64, int64) (int, bool) { return 11, false }), h22: Differs, h23: Reproduced},
		{name: "19 of 39 at once", epochs: ours(func(beta float64, _ int64) (int, bool) {
			return map[bool]int{true: 0, false: 50}[beta <= 10], false
		}), h22: Differs, h23: Reproduced},
		// Below the target on the test points, and wrong between them.
		{name: "at once and spurious", epochs: ours(func(float64, int64) (int, bool) { return 0, true }), h22: Differs, h23: Differs, says22: "195 are spurious"},
		// What never arrives takes as long everywhere.
		{name: "ours never arrives", epochs: ours(func(float64, int64) (int, bool) { return never, false }), h22: Differs, h23: Differs, says23: "slope, Hyper-LR-PINN's / PINN's: median a failed or spurious run"},
		{name: "ours grows half as fast", epochs: ours(func(beta float64, _ int64) (int, bool) { return int(240 * beta), false }), h22: Differs, h23: SameConclusion, says23: "median 0.48"},
		{name: "ours grows as fast", epochs: ours(func(beta float64, _ int64) (int, bool) { return int(500 * beta), false }), h22: Differs, h23: Differs},
		{name: "ours falls as fast", epochs: ours(func(beta float64, _ int64) (int, bool) { return int(500 * (21 - beta)), false }), h22: Differs, h23: Differs},
		{name: "the PINN never arrives", epochs: theirs(func(float64, int64) (int, bool) { return never, false }), h22: Reproduced, h23: Differs, says23: "correlation of β and the PINN's epochs: median a failed"},
		{name: "the PINN never arrives from β = 10 on", epochs: theirs(func(beta float64, _ int64) (int, bool) {
			return map[bool]int{true: int(500 * beta), false: never}[beta < 10], false
		}), h22: Reproduced, h23: Reproduced},
		{name: "the PINN's rise by a tenth", epochs: theirs(func(beta float64, _ int64) (int, bool) { return int(10_000 + 50*beta), false }), h22: Reproduced, h23: Differs},
		{name: "the PINN's fall", epochs: theirs(func(beta float64, _ int64) (int, bool) { return int(500 * (21 - beta)), false }), h22: Reproduced, h23: Differs},
		{name: "two seeds of five never arrive", epochs: ours(func(beta float64, seed int64) (int, bool) {
			if seed < 2 {
				return never, false
			}
			return claimed(0, beta, seed)
		}), h22: Reproduced, h23: Reproduced},
		{name: "one seed", epochs: claimed, preset: func(p *Preset) { p.Seeds = p.Seeds[:1] }, h22: Reduced, h23: Reduced, says22: "1 of 5 seeds"},
		{name: "one run is missing", epochs: ours(func(beta float64, seed int64) (int, bool) {
			if beta == 7.5 && seed == 3 {
				return neverRun, false
			}
			return claimed(0, beta, seed)
		}), h22: Reduced, h23: Reduced, says22: "Hyper-LR-PINN, seed 3: 38 of the preset's 39 β"},
		{name: "short Phase 1", epochs: claimed, preset: func(p *Preset) { p.WideSteps = 3_000 }, h22: Reduced, h23: Reduced, says22: "Phase 1: 3000 of 20000 steps"},
		{name: "ours alone", epochs: theirs(func(float64, int64) (int, bool) { return neverRun, false }), h22: Reproduced, h23: NotRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			s := newSession(t, t.TempDir())
			plantEpochs(t, s, p, c.epochs)
			wantClaim(t, found(t, s, p, oneEpoch()), c.h22, c.says22)
			wantClaim(t, found(t, s, p, epochsOverBeta()), c.h23, c.says23)
		})
	}
}

// H20: both halves of the setting.
func TestFigure6Parameters(t *testing.T) {
	at := func(here func(beta float64) bool) plantedEpochs {
		return func(_ int, beta float64, _ int64) (int, bool) {
			return map[bool]int{true: 0, false: neverRun}[here(beta)], false
		}
	}
	all := at(func(float64) bool { return true })
	for _, c := range []struct {
		name   string
		epochs plantedEpochs
		phase1 []float64
		preset func(p *Preset)
		want   Verdict
		part   string
	}{
		{name: "as published", epochs: all, phase1: integers(1, 20), want: Reproduced, part: "run at 39 of 39 β"},
		{name: "Phase 1 elsewhere", epochs: all, phase1: integers(2, 21), want: Differs, part: "Phase 1: 0 of 1 runs"},
		{name: "Phase 2 elsewhere", epochs: all, phase1: integers(1, 20), want: Differs, part: "but not at those", preset: func(p *Preset) { p.Epochs.Betas = spaced(1.25, 20.25, 39) }},
		{name: "one β is missing", epochs: at(func(beta float64) bool { return beta != 3.5 }), phase1: integers(1, 20), want: Reduced, part: "run at 38 of 39 β"},
		{name: "five β", epochs: all, phase1: integers(1, 20), want: Reduced, part: "run at 5 of 39 β", preset: func(p *Preset) { p.Epochs.Betas = []float64{1, 5.5, 10, 14.5, 20} }},
		{name: "Phase 1 alone", epochs: at(func(float64) bool { return false }), phase1: integers(1, 20), want: NotRun, part: "Figure 6"},
		{name: "Phase 2 alone", epochs: all, want: NotRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			p.Seeds = p.Seeds[:1]
			if c.preset != nil {
				c.preset(&p)
			}
			st, s := convectionStudyOf(t, p), newSession(t, t.TempDir())
			plantEpochs(t, s, p, c.epochs)
			if c.phase1 != nil {
				record := store.Record{Name: widePhase1(st.setup, p, p.Seeds[0]).Name()}
				for _, beta := range c.phase1 {
					record.Metrics.Evaluations = append(record.Metrics.Evaluations, evaluated(beta, .3, false))
					record.Metrics.Ranks = append(record.Metrics.Ranks, []int{25, 25, 25})
				}
				s.keep(&record)
			}
			wantClaim(t, found(t, s, p, figure6Parameters()), c.want, c.part)
		})
	}
}

// H21: a run ends at the first update at which the mean absolute error is below
// .05, measured at every one.
func TestEpochsToTargetDefined(t *testing.T) {
	p := claimPreset(t)
	p.Seeds, p.Epochs.Betas = p.Seeds[:1], []float64{1, 1.5}
	st := convectionStudyOf(t, p)
	for _, c := range []struct {
		name   string
		change func(record *store.Record)
		want   Verdict
	}{
		{"as published", func(*store.Record) {}, Reproduced},
		{"at the cap", func(r *store.Record) {
			r.History.Rows[1] = train.Row{Step: p.Epochs.Cap, Probes: []float64{.06}}
			r.Metrics.Evaluations[0].Test.Abs = .06
		}, Reproduced},
		{"went on below the target", func(r *store.Record) { r.History.Rows[0].Probes[0] = .04 }, Differs},
		{"stopped too early", func(r *store.Record) {
			r.History.Rows[1].Probes[0] = .06
			r.Metrics.Evaluations[0].Test.Abs = .06
		}, Differs},
		{"not measured before the first update", func(r *store.Record) { r.History.Rows[0].Step = 1 }, Differs},
		// As if it were the root of the mean square, or that of other points.
		{"another error", func(r *store.Record) { r.Metrics.Evaluations[0].Test.Abs *= 1.2 }, Differs},
		{"another probe", func(r *store.Record) { r.History.Probes[0] = pinn.RelProbe }, Differs},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t, t.TempDir())
			plantEpochs(t, s, p, func(int, float64, int64) (int, bool) { return 70, false })
			c.change(s.records[epochMethods[1].run(st, p, 1.5).Name()])
			wantClaim(t, found(t, s, p, epochsToTargetDefined()), c.want, "Hyper-LR-PINN: 2 of 2 runs; PINN: ")
		})
	}
	s := newSession(t, t.TempDir())
	plantEpochs(t, s, p, func(method int, _ float64, _ int64) (int, bool) {
		return map[int]int{0: 70, 1: neverRun}[method], false
	})
	wantClaim(t, found(t, s, p, epochsToTargetDefined()), NotRun)
	// As if it had been looked at every tenth update alone (D15).
	r := epochMethods[0].run(st, p, 1)
	settings := r.Config.Train
	settings.ProbeEvery = 10
	record := s.records[r.Name()]
	if ev := record.Metrics.Evaluations[0]; endsAtTarget(settings, record, ev) || !endsAtTarget(r.Config.Train, record, ev) {
		t.Error("what is measured at every tenth update counts as measured at each")
	}
}

func TestSlope(t *testing.T) {
	// 3 + 2x, and the line through (0, 0), (1, 0), (2, 6): Σ(x−1)(y−2)/Σ(x−1)² = 6/2.
	if a, b := slope([]float64{1, 2, 4}, []float64{5, 7, 11}), slope([]float64{0, 1, 2}, []float64{0, 0, 6}); math.Abs(a-2) > 1e-14 || math.Abs(b-3) > 1e-14 {
		t.Errorf("slopes are %g and %g, want 2 and 3", a, b)
	}
	if got := slope([]float64{1, 1}, []float64{0, 1}); !math.IsNaN(got) && !math.IsInf(got, 0) {
		t.Errorf("at one x it is %g", got)
	}
}
