// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// Where paper and code disagree: the paper's hidden biases (D7) add 3·50
// parameters to Phase 1 and none to Phase 2, which freezes them; with the
// diagonals alone (D11) Phase 2 has 150 parameters. Six bases add 6·2,500 at full
// rank, and 2·50 a rank at adaptive rank: the others are cut off.
func TestVariantsParameterCounts(t *testing.T) {
	p1 := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, HiddenBias: true}
	if got, want := p1.Task().Count(), 28_151+150; got != want {
		t.Errorf("Phase 1 with hidden biases has %d parameters, want %d", got, want)
	}
	start := traintest.Values(p1.Task())
	p2 := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.FullRank, Start: start, Diagonals: diagonals(50, [lrpinn.Layers]int{50, 50, 50})}
	if got := p2.Task().Count(); got != 351 {
		t.Errorf("Phase 2 with hidden biases has %d parameters, want 351", got)
	}
	p2.DiagonalsOnly = true
	if got := p2.Task().Count(); got != 150 {
		t.Errorf("Phase 2 on the diagonals alone has %d parameters, want 150", got)
	}
	p2.DiagonalsOnly, p2.TrainBases = false, true
	if got, want := p2.Task().Count(), 351+15_000; got != want {
		t.Errorf("Phase 2 on trained bases has %d parameters, want %d", got, want)
	}
	// The ranks of the authors' Phase 2 file at β = 40.
	p2.Rank, p2.Diagonals = lrpinn.AdaptiveRank, diagonals(50, [lrpinn.Layers]int{29, 30, 34})
	if got, want := p2.Task().Count(), 294+100*(29+30+34); got != want {
		t.Errorf("Phase 2 on trained bases at adaptive rank has %d parameters, want %d", got, want)
	}
}

// Trained bases that are held fast are fixed bases: the same way through training.
func TestTrainedBasesHeldFastAreFixed(t *testing.T) {
	fixed := adaptive(t, goldenMus[0], [lrpinn.Layers]int{3, 6, 9})
	free := fixed
	free.TrainBases = true
	held := free.Task()
	for i, w := range held.Weights {
		if strings.HasPrefix(w.Name, "basis") {
			nothing := train.NewArray(w.Value.Dims...)
			held.Weights[i].Mask = &nothing
		}
	}
	a, b, c := trained(t, 20, fixed.Task())[0], trained(t, 20, held)[0], trained(t, 20, free.Task())[0]
	for name, w := range a.Weights {
		// float64, 20 steps: rounding alone.
		if d := distance(b.Weights[name].Data, w.Data); d > 1e-9 {
			t.Errorf("%s differs by %g", name, d)
		}
	}
	moved := 0.
	for name, w := range fixed.Start {
		if strings.HasPrefix(name, "basis") {
			if d := distance(b.Weights[name].Data, w.Data); d != 0 {
				t.Errorf("%s was held fast and moved by %g", name, d)
			}
			moved = max(moved, distance(c.Weights[name].Data, w.Data))
		}
	}
	if moved < .01 {
		t.Errorf("free bases moved by %g only: the test saw nothing", moved)
	}
}

// With trained bases a rank that is cut off is a rank that is not there, too.
func TestMaskedBasesAreSliced(t *testing.T) {
	p := adaptive(t, goldenMus[0], [lrpinn.Layers]int{3, 6, 9})
	p.TrainBases = true
	masked, cut := p.Task(), sliced(p).Task()
	if masked.Count() != cut.Count() {
		t.Errorf("%d parameters masked, %d sliced", masked.Count(), cut.Count())
	}
	a, b := trained(t, 20, masked)[0], trained(t, 20, cut)[0]
	if ra, rb := a.History.Rows, b.History.Rows; !near(ra[len(ra)-1].Total(), rb[len(rb)-1].Total(), 1e-9) {
		t.Errorf("loss %g masked, %g sliced", ra[len(ra)-1].Total(), rb[len(rb)-1].Total())
	}
}

// Phase 2 of a model with hidden biases starts where its Phase 1 ends, whether
// the end layers are trained or frozen, and the biases matter.
func TestHiddenBiasReachesPhase2(t *testing.T) {
	const width = 12
	mu := goldenMus[1]
	p1 := lrpinn.Phase1{Setup: tiny(t), Mus: goldenMus, Width: width, HiddenBias: true}
	weights := map[string]train.Array{}
	for _, w := range p1.Task().Weights {
		weights[w.Name] = traintest.Formula(w.Name, 1, w.Value.Dims...)
	}
	muData := []train.Datum{{Name: pinn.MuDatum, Value: train.FromRows([][]float64{mu})}}
	u1 := at(t, weights, muData, "float32", lrpinn.Phase1Network)

	without := map[string]train.Array{}
	for name, a := range weights {
		if !slices.Contains([]string{"bias0/b", "bias1/b", "bias2/b"}, name) {
			without[name] = a
		}
	}
	if len(without) != len(weights)-lrpinn.Layers {
		t.Fatalf("found %d hidden biases, want %d", len(weights)-len(without), lrpinn.Layers)
	}
	if d := distance(u1, at(t, without, muData, "float32", lrpinn.Phase1Network)); d < .01 {
		t.Errorf("without its hidden biases u differs by %g only", d)
	}
	for _, only := range []bool{false, true} {
		p2, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), mu, lrpinn.AdaptiveRank, weights)
		if err != nil {
			t.Fatal(err)
		}
		p2.DiagonalsOnly = only
		task := p2.Task()
		if d := distance(u1, at(t, traintest.Values(task), task.Data, "float32", lrpinn.Phase2Network)); d > 1e-6 {
			t.Errorf("diagonals only %t: u differs by %g from that of Phase 1", only, d)
		}
	}
}
