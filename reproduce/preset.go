// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strings"
)

// Preset scales the experiments; the code is the same in all of them.
type Preset struct {
	Name string
	// Purpose is one line for a person.
	Purpose string
	// Smoke presets walk every path and give no verdicts.
	Smoke bool
	// Seeds of the initial weights.
	Seeds []int64
	// Phase1Steps and Phase2Steps on the training range β = 30 … 40.
	Phase1Steps, Phase2Steps int
	// WideBetas are the training β of the wide range [1, 20] and WideSteps the
	// steps of Phase 1 on them (Figure 4 b and c).
	WideBetas []float64
	WideSteps int
	// PINNSteps are the steps of the vanilla PINN.
	PINNSteps int
}

// The paper's own settings: epochs from the authors' README and checkpoint
// names, the wide range from section 4.2.2. The PINN's epochs are not published;
// 20,000 is P2INN's default (hyper-lr-pinn/settings.csv, baseline.pinn).
const (
	paperPhase1Steps = 20_000
	paperPhase2Steps = 10_000
	paperPINNSteps   = 20_000
)

// Presets lists the presets from the smallest to the largest. They, like the
// rules of [Judge], were set before the first run that they judge.
func Presets() []Preset {
	return []Preset{
		{
			Name: "smoke", Purpose: "minutes: every path, no verdicts", Smoke: true,
			Seeds:       []int64{0},
			Phase1Steps: 40, Phase2Steps: 40, PINNSteps: 40,
			WideBetas: []float64{1, 10, 20}, WideSteps: 40,
		},
		{
			Name: "quick", Purpose: "at most 30 minutes on 2 cores: the headline cells at full scale, the rest reduced",
			Seeds:       []int64{0},
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: []float64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, WideSteps: 3_000,
		},
		{
			Name: "laptop", Purpose: "overnight on 2 cores: everything but the largest sweeps",
			Seeds:       []int64{0, 1, 2, 3, 4},
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: integers(1, 20), WideSteps: paperPhase1Steps,
		},
		{
			Name: "paper", Purpose: "all of it, all seeds",
			Seeds:       []int64{0, 1, 2, 3, 4},
			Phase1Steps: paperPhase1Steps, Phase2Steps: paperPhase2Steps, PINNSteps: paperPINNSteps,
			WideBetas: integers(1, 20), WideSteps: paperPhase1Steps,
		},
	}
}

// PresetNames lists the presets' names.
func PresetNames() []string {
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	return names
}

// FindPreset returns a preset by name; an unknown name is an error that lists
// the known ones.
func FindPreset(name string) (Preset, error) {
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("unknown preset %q; known are %s", name, strings.Join(PresetNames(), ", "))
}

func integers(from, to int) []float64 {
	var xs []float64
	for i := from; i <= to; i++ {
		xs = append(xs, float64(i))
	}
	return xs
}

// reduced says in which way steps are below the paper's; it is empty where they
// are not.
func reduced(steps, paper int) string {
	if steps >= paper {
		return ""
	}
	return fmt.Sprintf("%d of %d steps", steps, paper)
}
