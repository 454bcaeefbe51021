// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"strings"
	"testing"
	"time"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

func TestPresetsKeepToTheirLimits(t *testing.T) {
	lines, err := Budget()
	if err != nil {
		t.Fatal(err)
	}
	total := map[string]Limit{}
	for _, l := range lines {
		t := total[l.Preset]
		t.All += l.Time()
		switch {
		case strings.HasPrefix(l.Experiment, "hyperpinn/"):
			t.HyperPINN += l.Time()
		case !strings.HasPrefix(l.Experiment, "beyond/"):
			t.HyperLRPINN += l.Time()
		}
		total[l.Preset] = t
	}
	for _, p := range Presets() {
		is, limit := total[p.Name], Limits[p.Name]
		for _, part := range []struct {
			name      string
			is, limit time.Duration
		}{{"all", is.All, limit.All}, {"Hyper-LR-PINN", is.HyperLRPINN, limit.HyperLRPINN}, {"HyperPINN", is.HyperPINN, limit.HyperPINN}} {
			t.Logf("%s, %s: %s", p.Name, part.name, part.is.Round(time.Second))
			if part.limit > 0 && part.is > part.limit {
				t.Errorf("preset %s is planned at %s for %s, more than %s", p.Name, part.is.Round(time.Second), part.name, part.limit)
			}
		}
	}
	if total["quick"].All == 0 {
		t.Error("the plan of quick is empty")
	}
}

// Runs that end at Figure 6's target are planned at the steps that this was measured to
// take, everywhere alike, and others at all of their steps.
func TestExpectedSteps(t *testing.T) {
	p := preset(t, "laptop")
	st, err := convectionStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{5, 0, 0}
	wide := widePhase1(st.setup, p, 0)
	short := p
	short.WideSteps = 3_000
	iterations := train.Settings{Steps: 400, LM: &train.LM{}}
	for name, c := range map[string]struct {
		run  *Run
		want int
	}{
		"PINN":                     {epochMethods[1].run(st, p, 5), targetSteps},
		"Phase 2":                  {epochMethods[0].run(st, p, 5), queryTargetSteps},
		"from a short Phase 1":     {epochMethods[0].run(st, short, 5), p.Epochs.Cap},
		"to another target":        {st.pinn(mu, 0).until(pinn.AbsProbe, targetError/10, 10_000), 10_000},
		"without a target":         {Phase2Run(wide, mu, lrpinn.AdaptiveRank, 10_000), 10_000},
		"stopped before the steps": {st.pinn(mu, 0).until(pinn.AbsProbe, targetError, 1_000), 1_000},
		"Levenberg–Marquardt":      {PINNRun(baselines.PINN{Setup: st.setup, Mu: mu}, iterations).until(pinn.AbsProbe, targetError, 400), 400},
	} {
		if got := expectedSteps(c.run); got != c.want {
			t.Errorf("%s: %d steps are expected, want %d", name, got, c.want)
		}
	}
}

// The table of costs and the budget are of the same times.
func TestReplayAgreesWithTheBudget(t *testing.T) {
	lines, err := Budget()
	if err != nil {
		t.Fatal(err)
	}
	var budget float64 // in seconds of a core
	for _, l := range lines {
		if l.Preset == "laptop" {
			budget += l.Time().Seconds() * wideCores
		}
	}
	r, err := ReplayOn(preset(t, "laptop"), Cluster{Nodes: 1, Cores: 2})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.Work-budget) > .001*budget {
		t.Errorf("the replay takes %.0f s of a core and the budget %.0f", r.Work, budget)
	}
}
