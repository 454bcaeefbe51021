// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"testing"

	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// H25 and H26: precise after 10 epochs, and a PINN that is not after 2,000.
func TestWavesClaims(t *testing.T) {
	const constant = .9 // the best constant's error
	type planted struct {
		rel      float64
		spurious bool
	}
	keep := func(s *Session, r *Run, x planted, history ...float64) {
		h := train.History{Probes: []string{pinn.RelProbe}}
		for i := 0; i < len(history); i += 2 {
			h.Rows = append(h.Rows, train.Row{Step: int(history[i]), Probes: []float64{history[i+1]}})
		}
		s.keep(&store.Record{Name: r.Name(), History: h, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{{
			Mu: waves(figure7A), Test: metric.Errors{RelL2: x.rel}, TrivialTest: metric.Errors{RelL2: constant}, Spurious: x.spurious,
		}}}})
	}
	always := func(rel float64) func(seed int) planted { return func(int) planted { return planted{rel: rel} } }
	for _, c := range []struct {
		name     string
		hyper    func(seed int) planted
		pinn     func(seed int) planted
		preset   func(p *Preset)
		h25, h26 Verdict
		says25   string
		says26   string
	}{
		{name: "as claimed", hyper: always(.03), pinn: always(.6), h25: Reproduced, h26: Reproduced, says25: "of 5 networks 0 failed", says26: "median 0.6667"},
		{name: "fair", hyper: always(.2), pinn: always(.3), h25: SameConclusion, h26: SameConclusion},
		{name: "the other way round", hyper: always(.6), pinn: always(.03), h25: Differs, h26: Differs},
		{name: "both fail", hyper: always(constant), pinn: always(constant), h25: Differs, h26: Reproduced, says25: "5 failed", says26: "5 failed"},
		{name: "spurious", hyper: func(seed int) planted { return planted{.03, seed < 3} }, pinn: always(.6), h25: Differs, h26: Reproduced, says25: "3 are spurious"},
		{name: "two seeds of five", hyper: func(seed int) planted { return planted{rel: map[bool]float64{true: .6, false: .03}[seed < 2]} }, pinn: always(.6), h25: Reproduced, h26: Reproduced},
		{name: "three seeds", hyper: always(.03), pinn: always(.6), preset: func(p *Preset) { p.Waves.Seeds = p.Waves.Seeds[:3] }, h25: Reduced, h26: Reduced, says25: "3 of 5 seeds"},
		{name: "short Phase 1", hyper: always(.03), pinn: always(.6), preset: func(p *Preset) { p.Waves.Phase1Steps = 500 }, h25: Reduced, h26: Reproduced, says25: "500 of 20000 steps"},
		{name: "short PINN", hyper: always(.03), pinn: always(.6), preset: func(p *Preset) { p.Waves.Steps = 500 }, h25: Reproduced, h26: Reduced, says26: "500 of 2000 steps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := claimPreset(t)
			if c.preset != nil {
				c.preset(&p)
			}
			st, err := wavesStudy(p)
			if err != nil {
				t.Fatal(err)
			}
			s := newSession(t, t.TempDir())
			for i, seed := range p.Waves.Seeds {
				keep(s, wavesHyper(st, figure7A, seed).lasting(10), c.hyper(i))
				// What Phase 2 comes to later doesn't matter.
				keep(s, wavesHyper(st, figure7A, seed), planted{rel: .001})
				if i == 0 { // the figure's own run; the others' are in longer histories
					keep(s, st.pinn(waves(figure7A), seed).lasting(min(2_000, p.Waves.Steps)), c.pinn(i))
				} else {
					end := planted{rel: .01}
					if p.Waves.Steps < 2_000 {
						end = c.pinn(i)
					}
					keep(s, st.pinn(waves(figure7A), seed), end, 0, 1, 1950, c.pinn(i).rel, 2300, .02)
				}
			}
			wantClaim(t, found(t, s, p, wavesInTenEpochs()), c.h25, c.says25)
			wantClaim(t, found(t, s, p, pinnOnWaves()), c.h26, c.says26)
		})
	}
}
