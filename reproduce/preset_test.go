// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"
	"strings"
	"testing"
)

func TestFindPreset(t *testing.T) {
	names := PresetNames()
	for _, name := range names {
		if p, err := FindPreset(name); err != nil || p.Name != name {
			t.Errorf("FindPreset(%q) is %q, %v", name, p.Name, err)
		}
	}
	for _, name := range []string{"", "Quick", "fast"} {
		_, err := FindPreset(name)
		if err == nil {
			t.Fatalf("FindPreset(%q) finds one", name)
		}
		for _, known := range names {
			if !strings.Contains(err.Error(), known) {
				t.Errorf("the error %q does not list %s", err, known)
			}
		}
	}
}

// Each preset does all that the one before it does, and more or the same of it.
func TestPresetsGrow(t *testing.T) {
	presets := Presets()
	for i, p := range presets {
		if p.Name == "" || p.Purpose == "" || strings.Contains(p.Purpose, "\n") {
			t.Errorf("preset %d has name %q and purpose %q", i, p.Name, p.Purpose)
		}
		if p.Smoke != (p.Name == "smoke") {
			t.Errorf("%s: smoke is %t", p.Name, p.Smoke)
		}
		// A figure draws the first of Seeds, and a claim reads them in turn.
		for name, some := range map[string][]int64{"WideSeeds": p.WideSeeds, "Many.Seeds": p.Many.Seeds, "Epochs.Seeds": p.Epochs.Seeds} {
			if len(some) == 0 || len(some) > len(p.Seeds) || !slices.Equal(some, p.Seeds[:len(some)]) {
				t.Errorf("%s: %s are %v, no beginning of %v", p.Name, name, some, p.Seeds)
			}
		}
		for _, beta := range p.Many.OtherBetas {
			if !slices.Contains(p.Many.Betas, beta) {
				t.Errorf("%s: Figure 5 of further seeds has β = %g, which the first has not", p.Name, beta)
			}
		}
		if i == 0 {
			continue
		}
		before := presets[i-1]
		for name, grows := range map[string]bool{
			"Phase1Steps": p.Phase1Steps >= before.Phase1Steps, "Phase2Steps": p.Phase2Steps >= before.Phase2Steps,
			"PINNSteps": p.PINNSteps >= before.PINNSteps, "WideSteps": p.WideSteps >= before.WideSteps,
			"Seeds": contains(p.Seeds, before.Seeds), "WideBetas": len(p.WideBetas) >= len(before.WideBetas),
		} {
			if !grows {
				t.Errorf("%s has less %s than %s", p.Name, name, before.Name)
			}
		}
	}
}

func contains(all, some []int64) bool {
	for _, x := range some {
		if !slices.Contains(all, x) {
			return false
		}
	}
	return true
}

// Seeds and parameters are lists of different values: one twice would count as
// two. The wide range is [1, 20] (section 4.2.2).
func TestPresetLists(t *testing.T) {
	for _, p := range Presets() {
		if len(p.Seeds) == 0 || !slices.IsSorted(p.Seeds) || len(slices.Compact(slices.Clone(p.Seeds))) != len(p.Seeds) {
			t.Errorf("%s: seeds are %v", p.Name, p.Seeds)
		}
		betas := p.WideBetas
		if len(betas) < 2 || !slices.IsSorted(betas) || len(slices.Compact(slices.Clone(betas))) != len(betas) || betas[0] < 1 || betas[len(betas)-1] != 20 {
			t.Errorf("%s: the wide range is trained on %v", p.Name, betas)
		}
	}
}

// The headline cells are at the papers' full scale from quick on: 20,000 epochs
// of Phase 1 and 10,000 of Phase 2 (hyper-lr-pinn/settings.csv). Verdicts need 3
// seeds for a spread, which laptop and paper have.
func TestHeadlineIsAtFullScale(t *testing.T) {
	for _, p := range Presets()[1:] {
		if p.Phase1Steps != 20_000 || p.Phase2Steps != 10_000 {
			t.Errorf("%s trains %d and %d steps, the paper 20,000 and 10,000", p.Name, p.Phase1Steps, p.Phase2Steps)
		}
		if p.Name != "quick" && len(p.Seeds) < 3 {
			t.Errorf("%s has seeds %v; a spread needs 3", p.Name, p.Seeds)
		}
	}
}

func TestReduced(t *testing.T) {
	for _, c := range []struct {
		steps, paper int
		want         string
	}{{40, 20_000, "40 of 20000 steps"}, {19_999, 20_000, "19999 of 20000 steps"}, {20_000, 20_000, ""}, {30_000, 20_000, ""}} {
		if got := reduced(c.steps, c.paper); got != c.want {
			t.Errorf("reduced(%d, %d) is %q, want %q", c.steps, c.paper, got, c.want)
		}
	}
}
