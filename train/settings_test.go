// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"math"
	"testing"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// TestSchedules reads the learning rate off a loss of slope 1, where update t
// moves the weight by rate(t) (see line), and compares with the schedules'
// formulas.
func TestSchedules(t *testing.T) {
	const steps, rate, final, warmup = 21, .5, .125, 4
	cosine := func(k int) float64 {
		return final + (rate-final)*(1+math.Cos(math.Pi*float64(k-1)/(steps-1)))/2
	}
	rise := func(k int) float64 { return min(1, float64(k)/warmup) }
	for _, c := range []struct {
		name string
		s    train.Settings
		want func(k int) float64
	}{
		{"constant", train.Settings{}, func(int) float64 { return rate }},
		{"warm-up", train.Settings{Warmup: warmup}, func(k int) float64 { return rate * rise(k) }},
		{"cosine", train.Settings{Schedule: "cosine", FinalRate: final}, cosine},
		{"both", train.Settings{Schedule: "cosine", FinalRate: final, Warmup: warmup}, func(k int) float64 { return cosine(k) * rise(k) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.s
			s.Steps, s.LearningRate, s.DType, s.ProbeEvery = steps, rate, "float64", 1
			rows := fit(t, s, train.Options{}, line("line", 20))[0].History.Rows
			var got, want []float64
			for k := 1; k <= steps; k++ {
				got = append(got, (rows[k-1].Probes[0]-rows[k].Probes[0])*(1+1e-8))
				want = append(want, c.want(k))
			}
			// The weight is 20 at first: rounding of 2⁻⁴⁹ in a difference.
			traintest.Near(t, "rates", got, want, 1e-14)
		})
	}
	// The ends, in numbers: 1/2 at the first update, 1/8 at the last.
	if cosine(1) != rate || cosine(steps) != final {
		t.Errorf("the cosine runs from %g to %g, want %g to %g", cosine(1), cosine(steps), rate, final)
	}
}

func TestDefaults(t *testing.T) {
	got := train.Settings{Steps: 5}.WithDefaults()
	// The authors' code: lr 2.5e-4, a row every 10 epochs, float32.
	want := train.Settings{Steps: 5, LearningRate: 2.5e-4, DType: "float32", HistoryEvery: 10}
	if got != want {
		t.Errorf("defaults %+v, want %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
}

func TestCheckNamesTheSettingAtFault(t *testing.T) {
	for _, c := range []struct {
		change func(s *train.Settings)
		want   []string
	}{
		{func(s *train.Settings) { s.Steps = -1 }, []string{"steps", "-1"}},
		{func(s *train.Settings) { s.LearningRate = -.5 }, []string{"learning rate", "-0.5"}},
		{func(s *train.Settings) { s.LearningRate = math.NaN() }, []string{"learning rate", "NaN"}},
		{func(s *train.Settings) { s.LearningRate = math.Inf(1) }, []string{"learning rate", "+Inf"}},
		{func(s *train.Settings) { s.Schedule = "linear" }, []string{"schedule", `"linear"`, `"cosine"`}},
		{func(s *train.Settings) { s.FinalRate = -1 }, []string{"final rate", "-1"}},
		{func(s *train.Settings) { s.DType = "float16" }, []string{"dtype", `"float16"`, "float32, float64"}},
		{func(s *train.Settings) { s.HistoryEvery = -1 }, []string{"history", "-1"}},
		{func(s *train.Settings) { s.ProbeEvery = -2 }, []string{"probes", "-2"}},
		{func(s *train.Settings) { s.Warmup = -3 }, []string{"warm-up", "-3"}},
	} {
		s := train.Settings{Steps: 1}.WithDefaults()
		c.change(&s)
		wantError(t, c.want[0], s.Check(), append(c.want, "train: ")...)
		if _, err := train.NewTrainer(traintest.Open(t), line("", 1), s); err == nil {
			t.Errorf("%s: a trainer was made in spite of %v", c.want[0], s.Check())
		}
	}
}
