// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bench

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"

	"pinn.example/repro/reproduce"
	"pinn.example/repro/train"
)

var presetName = flag.String("preset", "quick", "the preset whose runs are timed")

// find is the first run of an experiment that is of a method, and whose label says all
// of these.
func find(experiment, method string, says ...string) (*reproduce.Run, error) {
	preset, err := reproduce.FindPreset(*presetName)
	if err != nil {
		return nil, err
	}
	experiments, err := reproduce.FindExperiments([]string{experiment})
	if err != nil {
		return nil, err
	}
	runs, err := reproduce.Runs(experiments, preset)
	if err != nil {
		return nil, err
	}
	var others []string
	for _, r := range runs {
		if r.Config.Method != method {
			continue
		}
		if !slices.ContainsFunc(says, func(s string) bool { return !strings.Contains(r.Label, s) }) {
			return r, nil
		}
		others = append(others, r.Label)
	}
	return nil, fmt.Errorf("no run of %s in %s says all of %q; there are %q", method, experiment, says, others)
}

// trains times a step of that run.
func trains(b *testing.B, experiment, method string, says ...string) {
	b.Helper()
	steps(b, true, func(be compute.Backend) ([]train.Task, train.Settings, error) {
		r, err := find(experiment, method, says...)
		if err != nil {
			return nil, train.Settings{}, err
		}
		task, err := r.Untrained(be)
		return []train.Task{task}, r.Config.Train, err
	})
}

// BenchmarkPhase1 is Phase 1 on β = 30 … 40: 11 μ of 1,000 + 256 + 2·100 points.
func BenchmarkPhase1(b *testing.B) { trains(b, "table2", "hyper-lr-pinn/phase1", "beta=30") }

// BenchmarkPhase1Redraw is the same with the 1,000 points drawn anew at every step.
func BenchmarkPhase1Redraw(b *testing.B) {
	trains(b, "appSpurious", "hyper-lr-pinn/phase1", "points anew every step")
}

// BenchmarkPhase1CDR is Phase 1 with all of β, ν, ρ: with ν the step carries u_x beside
// u_t + βu_x − νu_xx. The presets have another number of μ: quick has 8.
func BenchmarkPhase1CDR(b *testing.B) { trains(b, "table4", "hyper-lr-pinn/phase1", "(cdr,") }

// BenchmarkPhase2 is Phase 2 at one β, full rank.
func BenchmarkPhase2(b *testing.B) {
	trains(b, "table2", "hyper-lr-pinn/phase2", "beta=30", "full rank")
}

// BenchmarkPhase2CDR is Phase 2 at one (β, ν, ρ). A rank that is cut off is masked, so
// that adaptive rank takes as long as full rank.
func BenchmarkPhase2CDR(b *testing.B) { trains(b, "table4", "hyper-lr-pinn/phase2", "(cdr,") }

// BenchmarkPINN is the vanilla PINN of 10,401 parameters at one β.
func BenchmarkPINN(b *testing.B) { trains(b, "speed", "pinn", "beta=30") }

// BenchmarkPINNCDR is the vanilla PINN at one (β, ν, ρ).
func BenchmarkPINNCDR(b *testing.B) { trains(b, "table4", "pinn", "(cdr,") }

// BenchmarkPINNR is PINN-R on what BenchmarkPINNCDR is on: as many products, and the
// skips.
func BenchmarkPINNR(b *testing.B) { trains(b, "table4", "pinn-r", "(cdr,") }

// BenchmarkPINNS2S is a slab of PINN-S2S, which has about a tenth of the points.
func BenchmarkPINNS2S(b *testing.B) { trains(b, "table4", "pinn-s2s", "(cdr,") }

// BenchmarkPINNP is PINN-P, one network of width 50 for β = 30 … 40.
func BenchmarkPINNP(b *testing.B) { trains(b, "appM", "pinn-p", "width 50", "beta=30") }

// BenchmarkNaiveLR is a Naive-LR-PINN of rank 30 at one β, a stage of Curriculum
// learning, and fine-tuning after MAML and Reptile.
func BenchmarkNaiveLR(b *testing.B) { trains(b, "table2", "naive-lr-pinn", "rank 30", "beta=30") }

// BenchmarkMAML is an outer step of MAML, on 3 drawn β, of a Naive-LR-PINN of rank 30.
func BenchmarkMAML(b *testing.B) { trains(b, "table2", "maml", "rank 30") }

// BenchmarkMAMLCDR is one of a PINN on 3 drawn (β, ν, ρ).
func BenchmarkMAMLCDR(b *testing.B) { trains(b, "table4", "maml", "(cdr,") }

// BenchmarkReptile is an outer step of Reptile, ten inner ones at a drawn β, of a
// Naive-LR-PINN of rank 30.
func BenchmarkReptile(b *testing.B) { trains(b, "table2", "reptile", "rank 30") }

// BenchmarkReptileCDR is one of a PINN at a drawn (β, ν, ρ).
func BenchmarkReptileCDR(b *testing.B) { trains(b, "table4", "reptile", "(cdr,") }

// BenchmarkHelmholtzPhase1 is Phase 1 on the Helmholtz equation at 11 a, with both
// second derivatives.
func BenchmarkHelmholtzPhase1(b *testing.B) {
	trains(b, "appT", "hyper-lr-pinn/phase1", "(helmholtz,")
}

// BenchmarkHelmholtzPhase2 is Phase 2 at one a.
func BenchmarkHelmholtzPhase2(b *testing.B) {
	trains(b, "appT", "hyper-lr-pinn/phase2", "(helmholtz,")
}

// BenchmarkHelmholtzPINN is the vanilla PINN at one a.
func BenchmarkHelmholtzPINN(b *testing.B) { trains(b, "appT", "pinn", "(helmholtz,") }

// BenchmarkBurgersHyperPINN is the HyperPINN on Burgers' equation: 32 ν of 64
// collocation points, drawn at every step, and 50 + 50 data points at each ν.
func BenchmarkBurgersHyperPINN(b *testing.B) {
	trains(b, "hyperpinn/table1", "hyperpinn", "(burgers)")
}

// BenchmarkBurgersSmall is the small PINN of the paper's Table 1 on the same, 6 layers
// of width 8.
func BenchmarkBurgersSmall(b *testing.B) {
	trains(b, "hyperpinn/table1", "pinn-p", "6 layers of width 8")
}

// BenchmarkBurgersLarge is the large one, 10 layers of width 32.
func BenchmarkBurgersLarge(b *testing.B) {
	trains(b, "hyperpinn/table1", "pinn-p", "10 layers of width 32")
}

// BenchmarkLorenzHyperPINN is the HyperPINN on the Lorenz system: 128 pairs of
// neighbouring states at each of 30 settings, out of 3,000 trajectories.
func BenchmarkLorenzHyperPINN(b *testing.B) {
	trains(b, "hyperpinn/lorenz", "hyperpinn/multistep")
}

// BenchmarkLorenzSmall is the dense network of width 16 on the same.
func BenchmarkLorenzSmall(b *testing.B) { trains(b, "hyperpinn/lorenz", "multistep", "Small") }

// BenchmarkLorenzLarge is that of width 256.
func BenchmarkLorenzLarge(b *testing.B) { trains(b, "hyperpinn/lorenz", "multistep", "Large") }
