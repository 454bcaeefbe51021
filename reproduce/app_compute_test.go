// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// TestPatientLearnersHavePhase1sCompute: the meta-trainings take as many gradients
// as Phase 1, or those of one step more, and each β is fine-tuned at both
// learning rates.
func TestPatientLearnersHavePhase1sCompute(t *testing.T) {
	p, err := FindPreset("laptop")
	if err != nil {
		t.Fatal(err)
	}
	runs, err := equalComputeRuns(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * 3 * 2 * len(p.Ablation.Seeds); len(runs) != want {
		t.Fatalf("%d runs, want %d", len(runs), want)
	}
	const phase1 = 20_000 * 11 // steps × β
	rates := map[float64]int{}
	for _, r := range runs {
		if got := gradients(r.Parent); got < phase1 || got >= phase1+10 {
			t.Errorf("%s takes %g gradients, want %d", r.Parent.Label, got, phase1)
		}
		rates[r.Config.Train.WithDefaults().LearningRate]++
	}
	if rates[2.5e-4] != len(runs)/2 || rates[1e-3] != len(runs)/2 {
		t.Errorf("learning rates are %v", rates)
	}
}

// TestPatientTakesTheRateOfTheLowerLoss, though the other has the lower error.
func TestPatientTakesTheRateOfTheLowerLoss(t *testing.T) {
	p, err := FindPreset("laptop")
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{Store: emptyStore(t)}
	st, err := convectionStudy(p)
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{30, 0, 0}
	all := patientRuns(st, p, patientLearners[0], mu)
	for i, loss := range []float64{.02, .01} {
		ev := evaluated(30, .3+.1*float64(i), false)
		s.keep(&store.Record{Name: all[i][0].Name(), Metrics: store.Metrics{
			Evaluations: []pinn.Evaluation{ev}, Loss: map[string]float64{"residual": loss},
		}})
	}
	m, err := s.patient(st, p, patientLearners[0], mu, "rel_err")
	if err != nil {
		t.Fatal(err)
	}
	if len(m.evidence.Values) != 1 || m.evidence.Values[0] != .4 || m.evidence.Compute.Used != neededRates[1] || len(m.evidence.Compute.Rates) != 2 {
		t.Errorf("values %v at rate %g of %v, want .4 at %g", m.evidence.Values, m.evidence.Compute.Used, m.evidence.Compute.Rates, neededRates[1])
	}
	if missing := m.evidence.Compute.missing(); missing != "" {
		t.Errorf("something is missing from the compute: %s", missing)
	}
	if _, err := renderEqualCompute(context.Background(), s, p); err != nil {
		t.Error(err)
	}
}

// TestLessTrained: what Table 2's meta-learners say of the published value, of three seeds
// that are not spurious.
func TestLessTrained(t *testing.T) {
	p := preset(t, "laptop")
	systems, err := table2Systems(p)
	if err != nil {
		t.Fatal(err)
	}
	mu := []float64{30, 0, 0}
	runs := systems.baseline(systems.baselines()[3], mu, equalComputeRank) // Reptile
	for name, c := range map[string]struct {
		values   []float64
		spurious bool
		want     string
	}{
		"as published":   {[]float64{.56, .57, .58}, false, "after 10000 steps of meta-training and at the learning rate of Table 2: published 0.57, ours 0.57"},
		"not so":         {[]float64{.36, .37, .38}, false, ""},
		"too few":        {[]float64{.56, .57}, false, ""},
		"spurious":       {[]float64{.56, .57, .58}, true, ""},
		"nothing is run": {nil, false, ""},
	} {
		s := &Session{Store: emptyStore(t)}
		for i, v := range c.values {
			s.keep(&store.Record{Name: runs[i].Name(), Metrics: store.Metrics{Evaluations: []pinn.Evaluation{evaluated(30, v, c.spurious)}}})
		}
		got, err := s.lessTrained(p, patientLearners[1], mu, "rel_err", .57)
		if err != nil || (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: the reason is %q (%v), want one with %q", name, got, err, c.want)
		}
	}
}
