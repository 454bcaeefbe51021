// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// The runs of Table 2 at the paper's scale, by the configuration as it is
// written down by hand. Another name orphans the records that were published
// under this one: where results change, raise the method's version and the name
// here with it; where they don't, leave the name alone.
func TestGoldenRuns(t *testing.T) {
	setup, err := convection()
	if err != nil {
		t.Fatal(err)
	}
	const (
		common = `"points":{"set":"published"},"problem":"convection;u0=1+sin(x);boundary=value","seed":0,` +
			`"train":{"dtype":"float32","history_every":10,"learning_rate":0.00025,"probe_every":100,"steps":`
		phase1Config = `{"method":"hyper-lr-pinn/phase1","mus":[[30,0,0],[31,0,0],[32,0,0],[33,0,0],[34,0,0],[35,0,0],` +
			`[36,0,0],[37,0,0],[38,0,0],[39,0,0],[40,0,0]],` + common + `20000},"version":1}`
		phase1Name   = "hyper-lr-pinn-phase1-ab8d982d49c702b7"
		phase2Config = `{"method":"hyper-lr-pinn/phase2","model":{"rank":"adaptive"},"mus":[[30,0,0]],` +
			`"parent":"` + phase1Name + `",` + common + `10000},"version":1}`
		phase2Name = "hyper-lr-pinn-phase2-ac7be9825b76ee0f"
		pinnConfig = `{"method":"pinn","model":{"hidden":5,"width":50},"mus":[[30,0,0]],` + common + `20000},"version":1}`
		pinnName   = "pinn-687721fd262ac5b7"
	)
	phase1 := Phase1Run(setup, mus(trainingBetas), paperPhase1Steps, 0)
	for _, c := range []struct {
		run                 *Run
		config, name, label string
	}{
		{phase1, phase1Config, phase1Name, "Phase 1 on beta=30…40 (11), seed 0"},
		{Phase2Run(phase1, []float64{30, 0, 0}, lrpinn.AdaptiveRank, paperPhase2Steps), phase2Config, phase2Name, "Phase 2 at beta=30, adaptive rank, seed 0"},
		{PINNRun(baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}, train.Settings{Steps: paperPINNSteps}), pinnConfig, pinnName, "PINN at beta=30, seed 0"},
	} {
		config, err := c.run.Config.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if string(config) != c.config {
			t.Errorf("%s has the configuration\n%s\nwant\n%s", c.label, config, c.config)
		}
		if c.run.Name() != c.name {
			t.Errorf("%s is named %s, want %s", c.label, c.run.Name(), c.name)
		}
		sum := sha256.Sum256([]byte(c.config))
		if !strings.HasSuffix(c.name, "-"+hex.EncodeToString(sum[:8])) {
			t.Errorf("%s is not the hash of its configuration", c.name)
		}
		if c.run.Label != c.label {
			t.Errorf("label is %q, want %q", c.run.Label, c.label)
		}
	}
}

// What decides the outcome makes another run; what doesn't, does not.
func TestWhatNamesARun(t *testing.T) {
	setup := tinySetup(t)
	drawn, err := pinn.NewSetup(setup.Problem, pde.Sample{Set: "drawn", Collocation: 20})
	if err != nil {
		t.Fatal(err)
	}
	phase1 := func(steps int, seed int64) *Run { return Phase1Run(setup, mus([]float64{30, 40}), steps, seed) }
	phase2 := func(parent *Run, beta float64, rank lrpinn.Rank, steps int) *Run {
		return Phase2Run(parent, []float64{beta, 0, 0}, rank, steps)
	}
	vanilla := func(p baselines.PINN, s train.Settings) *Run {
		p.Mu = []float64{30, 0, 0}
		if p.Setup.Problem == nil {
			p.Setup = setup
		}
		return PINNRun(p, s)
	}
	weighted := setup
	weighted.ResidualWeight = .1
	shared := func(scaling pinn.Scaling) *Run {
		p := baselines.PINNP{Setup: setup, Mus: mus([]float64{30, 40}), Scaling: scaling}
		return PINNPRun(p, p.Mus, train.Settings{Steps: 6})
	}
	parent := phase1(6, 0)
	names := map[string]string{}
	for what, r := range map[string]*Run{
		"Phase 1":                        parent,
		"Phase 1, longer":                phase1(7, 0),
		"Phase 1, other seed":            phase1(6, 1),
		"Phase 1, other parameters":      Phase1Run(setup, mus([]float64{30, 41}), 6, 0),
		"Phase 1, other points":          Phase1Run(drawn, mus([]float64{30, 40}), 6, 0),
		"Phase 2":                        phase2(parent, 30, lrpinn.FullRank, 6),
		"Phase 2, adaptive":              phase2(parent, 30, lrpinn.AdaptiveRank, 6),
		"Phase 2, other parameter":       phase2(parent, 35, lrpinn.FullRank, 6),
		"Phase 2, longer":                phase2(parent, 30, lrpinn.FullRank, 7),
		"Phase 2 after a longer Phase 1": phase2(phase1(7, 0), 30, lrpinn.FullRank, 6),
		"Phase 2 of another seed":        phase2(phase1(6, 1), 30, lrpinn.FullRank, 6),
		"PINN":                           vanilla(baselines.PINN{}, train.Settings{Steps: 6}),
		"PINN, other seed":               vanilla(baselines.PINN{Seed: 1}, train.Settings{Steps: 6}),
		"PINN, narrower":                 vanilla(baselines.PINN{Width: 49}, train.Settings{Steps: 6}),
		"PINN, shallower":                vanilla(baselines.PINN{Hidden: 4}, train.Settings{Steps: 6}),
		"PINN, other rate":               vanilla(baselines.PINN{}, train.Settings{Steps: 6, LearningRate: 1e-3}),
		"PINN, other points":             vanilla(baselines.PINN{Setup: drawn}, train.Settings{Steps: 6}),
		"PINN, other weight":             vanilla(baselines.PINN{Setup: weighted}, train.Settings{Steps: 6}),
		"Phase 1, other weight":          Phase1Run(weighted, mus([]float64{30, 40}), 6, 0),
		"PINN-P":                         shared(pinn.Scaling{}),
		"PINN-P, scaled":                 shared(pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{30, 0, 0}, High: []float64{40, 0, 0}}),
		"PINN-P, scaled otherwise":       shared(pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{0, 0, 0}, High: []float64{40, 0, 0}}),
	} {
		if other, ok := names[r.Name()]; ok {
			t.Errorf("%s and %s are one run", what, other)
		}
		names[r.Name()] = what
	}
	// Defaults spelt out: width 50, 5 hidden layers (Table 3's PINN).
	explicit := vanilla(baselines.PINN{Width: 50, Hidden: 5}, train.Settings{Steps: 6, LearningRate: 2.5e-4, DType: "float32", HistoryEvery: 10})
	if names[explicit.Name()] != "PINN" {
		t.Errorf("the defaults of PINN spelt out are another run, %s", explicit.Name())
	}
}

// A compiled graph serves every parameter setting, seed and Phase 1, which are
// its inputs, and nothing else.
func TestGraphKey(t *testing.T) {
	setup := tinySetup(t)
	key := func(r *Run) string {
		k, err := graphKey(r)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	phase1 := func(betas []float64, steps int, seed int64) *Run { return Phase1Run(setup, mus(betas), steps, seed) }
	phase2 := func(parent *Run, beta float64, rank lrpinn.Rank) *Run {
		return Phase2Run(parent, []float64{beta, 0, 0}, rank, 6)
	}
	a := phase1([]float64{30, 40}, 6, 0)
	for what, pair := range map[string][2]*Run{
		"parameters and seed":  {a, phase1([]float64{31, 41}, 6, 1)},
		"parameter and parent": {phase2(a, 30, lrpinn.FullRank), phase2(phase1([]float64{30, 40}, 7, 3), 35, lrpinn.FullRank)},
	} {
		if key(pair[0]) != key(pair[1]) {
			t.Errorf("%s: another graph", what)
		}
		if pair[0].Name() == pair[1].Name() {
			t.Errorf("%s: the same name", what)
		}
	}
	keys := map[string]bool{}
	different := []*Run{
		a, phase1([]float64{30, 35, 40}, 6, 0), phase1([]float64{30, 40}, 7, 0),
		phase2(a, 30, lrpinn.FullRank), phase2(a, 30, lrpinn.AdaptiveRank),
		PINNRun(baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}, train.Settings{Steps: 6}),
		PINNRun(baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}, Width: 10}, train.Settings{Steps: 6}),
		PINNRun(baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}, train.Settings{Steps: 6, DType: "float64"}),
	}
	for _, r := range different {
		keys[key(r)] = true
	}
	if len(keys) != len(different) {
		t.Errorf("%d different graphs have %d keys", len(different), len(keys))
	}
	if a.Config.Mus[0][0] != 30 || a.Config.Parent != "" {
		t.Error("making the key has changed the configuration")
	}
}

// tinySetup is convection with 20 of the published collocation points.
func tinySetup(t testing.TB) pinn.Setup {
	t.Helper()
	p, err := pde.NewCDR("convection", pde.OnePlusSin, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pinn.NewSetup(p, pde.Sample{Set: "published", Collocation: 20})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
