// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lrpinn_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// diagonals makes diagonals with so many positive entries; the others are 0, and
// scattered.
func diagonals(width int, ranks [lrpinn.Layers]int) [lrpinn.Layers]train.Array {
	var s [lrpinn.Layers]train.Array
	for l, rank := range ranks {
		s[l] = train.NewArray(1, width)
		for i := range rank {
			s[l].Data[i*7%width] = .5 + float64(i)/10 // 7 and the width are coprime
		}
	}
	return s
}

func TestPhase2ParameterCount(t *testing.T) {
	for _, c := range []struct {
		rank  lrpinn.Rank
		ranks [lrpinn.Layers]int
		want  int
	}{
		// Start 150, end 51 and three diagonals of 50 (Table 3).
		{lrpinn.FullRank, [lrpinn.Layers]int{50, 50, 50}, 351},
		{lrpinn.FullRank, [lrpinn.Layers]int{29, 30, 34}, 351},
		// The authors' Phase 2 file at β = 40: 201 + 29 + 30 + 34.
		{lrpinn.AdaptiveRank, [lrpinn.Layers]int{29, 30, 34}, 294},
		{lrpinn.AdaptiveRank, [lrpinn.Layers]int{50, 50, 50}, 351},
		{lrpinn.AdaptiveRank, [lrpinn.Layers]int{0, 1, 2}, 204},
		{lrpinn.LargestRank(20), [lrpinn.Layers]int{29, 30, 34}, 261},
		{lrpinn.LargestRank(60), [lrpinn.Layers]int{29, 30, 34}, 351},
	} {
		s := diagonals(50, c.ranks)
		if got := lrpinn.Ranks(s); got != c.ranks {
			t.Errorf("ranks %v, want %v", got, c.ranks)
		}
		p := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: c.rank, Start: phase1Weights(t, 50), Diagonals: s}
		if got := p.Task().Count(); got != c.want {
			t.Errorf("%s rank, ranks %v: %d parameters, want %d", c.rank, c.ranks, got, c.want)
		}
	}
}

// at evaluates a network at some points.
func at(t *testing.T, weights map[string]train.Array, data []train.Datum, dtype string, network func(train.Inputs) jet.Network) []float64 {
	t.Helper()
	points := train.NewArray(1, 20, 2)
	for i := range 20 {
		points.Data[2*i], points.Data[2*i+1] = 2*math.Pi*float64(i)/20, float64(i*7%20)/20
	}
	data = append(slices.Clone(data), train.Datum{Name: "points", Value: points})
	out, err := train.Evaluate(traintest.Open(t), weights, data, dtype, func(in train.Inputs) []*graph.Node {
		return []*graph.Node{network(in)(jet.Value(in.D("points"))).Value()}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Data
}

func distance(a, b []float64) float64 {
	d := math.Abs(float64(len(a) - len(b)))
	for i := range min(len(a), len(b)) {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// Phase 2 goes on where Phase 1 ends: its network is at first that of Phase 1.
func TestPhase2StartsAtPhase1(t *testing.T) {
	const width = 12
	weights, mu := phase1Weights(t, width), goldenMus[1]
	u1 := at(t, weights, []train.Datum{{Name: pinn.MuDatum, Value: train.FromRows([][]float64{mu})}}, "float32", lrpinn.Phase1Network)
	if spread := slices.Max(u1) - slices.Min(u1); spread < .1 {
		t.Fatalf("u varies by %g only: the test would see nothing", spread)
	}
	for _, rank := range []lrpinn.Rank{lrpinn.FullRank, lrpinn.AdaptiveRank} {
		p2, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), mu, rank, weights)
		if err != nil {
			t.Fatal(err)
		}
		if r := lrpinn.Ranks(p2.Diagonals); slices.Max(r[:]) == width || slices.Min(r[:]) == 0 {
			t.Fatalf("ranks %v of %d: expected some cut off, some not", r, width)
		}
		task := p2.Task()
		u2 := at(t, traintest.Values(task), task.Data, "float32", lrpinn.Phase2Network)
		if d := distance(u1, u2); d > 1e-6 {
			t.Errorf("%s rank: u differs by %g from that of Phase 1", rank, d)
		}
	}
}

// TestLargestRank: the entries of largest magnitude keep their values, and the others are
// 0 and not trained.
func TestLargestRank(t *testing.T) {
	var s [lrpinn.Layers]train.Array
	for l := range s {
		s[l] = train.Array{Dims: []int{1, 4}, Data: []float64{2, -5, 0, 3}}
	}
	p := lrpinn.Phase2{Setup: tiny(t), Mu: goldenMus[0], Rank: lrpinn.LargestRank(2), Start: phase1Weights(t, 4), Diagonals: s}
	seen := 0
	for _, w := range p.Task().Weights {
		if !slices.Equal(w.Value.Dims, s[0].Dims) {
			continue
		}
		seen++
		if !slices.Equal(w.Value.Data, []float64{0, -5, 0, 3}) || w.Mask == nil || !slices.Equal(w.Mask.Data, []float64{0, 1, 0, 1}) {
			t.Errorf("%s is %v with mask %v", w.Name, w.Value.Data, w.Mask)
		}
	}
	if seen != lrpinn.Layers {
		t.Errorf("%d diagonals, want %d", seen, lrpinn.Layers)
	}
	for _, rank := range []lrpinn.Rank{"largest-", "largest-0", "largest-x"} {
		if _, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), goldenMus[0], rank, phase1Weights(t, 4)); err == nil {
			t.Errorf("the rank %q was taken", rank)
		}
	}
}

func TestNewPhase2RejectsWhatItCannotStart(t *testing.T) {
	weights := phase1Weights(t, 4)
	if _, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), goldenMus[0], "half", weights); err == nil || !strings.Contains(err.Error(), "full, adaptive") {
		t.Errorf("an unknown rank gave %v, want an error that lists the known ones", err)
	}
	if _, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), []float64{1}, lrpinn.FullRank, weights); err == nil {
		t.Error("one parameter instead of three was taken")
	}
	delete(weights, "head1/b")
	if _, err := lrpinn.NewPhase2(traintest.Open(t), tiny(t), goldenMus[0], lrpinn.FullRank, weights); err == nil || !strings.Contains(err.Error(), "head1/b") {
		t.Errorf("a missing weight gave %v, want an error that names it", err)
	}
}

// sliced returns the same training with bases cut to their live directions.
func sliced(p lrpinn.Phase2) lrpinn.Phase2 {
	out := p
	out.Rank, out.Start = lrpinn.FullRank, map[string]train.Array{}
	for name, a := range p.Start {
		out.Start[name] = a
	}
	for l, s := range p.Diagonals {
		n, rank := len(s.Data), lrpinn.Ranks(p.Diagonals)[l]
		u, v, d := train.NewArray(1, n, rank), train.NewArray(1, rank, n), train.NewArray(1, rank)
		nameU, nameV := fmt.Sprintf("basis%d/u", l), fmt.Sprintf("basis%d/v", l)
		r := 0
		for i, x := range s.Data {
			if x <= 0 {
				continue
			}
			d.Data[r] = x
			for k := range n {
				u.Data[k*rank+r] = p.Start[nameU].Data[k*n+i]
				v.Data[r*n+k] = p.Start[nameV].Data[i*n+k]
			}
			r++
		}
		out.Start[nameU], out.Start[nameV], out.Diagonals[l] = u, v, d
	}
	return out
}

// trained trains tasks together in float64.
func trained(t *testing.T, steps int, tasks ...train.Task) []train.State {
	t.Helper()
	trainer, err := train.NewTrainer(traintest.Open(t), tasks[0], train.Settings{Steps: steps, LearningRate: 1e-2, DType: "float64"})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(t.Context(), tasks, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func adaptive(t *testing.T, mu []float64, ranks [lrpinn.Layers]int) lrpinn.Phase2 {
	t.Helper()
	const width = 10
	return lrpinn.Phase2{Setup: tiny(t), Mu: mu, Rank: lrpinn.AdaptiveRank, Start: phase1Weights(t, width), Diagonals: diagonals(width, ranks)}
}

// A masked rank is a rank that is not there: the same number of parameters, the
// same loss, the same way through training. Rank 3 of 10 takes the thin product,
// 6 and 9 the full one.
func TestMaskedIsSliced(t *testing.T) {
	p := adaptive(t, goldenMus[0], [lrpinn.Layers]int{3, 6, 9})
	masked, cut := p.Task(), sliced(p).Task()
	if masked.Count() != cut.Count() {
		t.Errorf("%d parameters masked, %d sliced", masked.Count(), cut.Count())
	}
	before := traintest.Values(masked)
	a, b := trained(t, 20, masked)[0], trained(t, 20, cut)[0]
	// float64, 20 steps: rounding alone.
	const tolerance = 1e-9
	if ra, rb := a.History.Rows, b.History.Rows; !near(ra[len(ra)-1].Total(), rb[len(rb)-1].Total(), tolerance) {
		t.Errorf("loss %g masked, %g sliced", ra[len(ra)-1].Total(), rb[len(rb)-1].Total())
	}
	moved := 0.
	for name, w := range b.Weights {
		got := a.Weights[name].Data
		if strings.HasPrefix(name, "diagonal") {
			var live []float64
			for i, x := range got {
				if before[name].Data[i] > 0 {
					live = append(live, x)
					moved = max(moved, math.Abs(x-before[name].Data[i]))
				}
			}
			got = live
		}
		if d := distance(got, w.Data); d > tolerance {
			t.Errorf("%s differs by %g", name, d)
		}
	}
	if moved < .01 {
		t.Errorf("diagonals moved by %g only: the test saw nothing", moved)
	}
}

func TestADeadRankStaysDead(t *testing.T) {
	p := adaptive(t, goldenMus[0], [lrpinn.Layers]int{3, 6, 9})
	full := p
	full.Rank = lrpinn.FullRank
	masked, free := trained(t, 20, p.Task())[0], trained(t, 20, full.Task())[0]
	revived := 0
	for l, s := range p.Diagonals {
		name := fmt.Sprintf("diagonal%d", l)
		for i, x := range s.Data {
			if x > 0 {
				continue
			}
			if got := masked.Weights[name].Data[i]; got != 0 {
				t.Errorf("%s[%d] was cut off and is %g", name, i, got)
			}
			if free.Weights[name].Data[i] != 0 {
				revived++
			}
		}
	}
	// Without the mask all 7 + 4 + 1 come back, since Phase 2 has no ReLU.
	if revived != 12 {
		t.Errorf("at full rank %d of 12 zeros moved: the test saw nothing", revived)
	}
}

// Queries of different ranks share a graph and don't mix.
func TestRaggedRanksTogetherAreEachAlone(t *testing.T) {
	a := adaptive(t, goldenMus[0], [lrpinn.Layers]int{3, 6, 9}).Task()
	b := adaptive(t, goldenMus[1], [lrpinn.Layers]int{10, 1, 5}).Task()
	together := trained(t, 10, a, b)
	for i, alone := range []train.State{trained(t, 10, a)[0], trained(t, 10, b)[0]} {
		for name, w := range alone.Weights {
			if d := distance(together[i].Weights[name].Data, w.Data); d > 1e-10 {
				t.Errorf("query %d: %s differs by %g from training alone", i, name, d)
			}
		}
	}
}
