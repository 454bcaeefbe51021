// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"
	"strings"
	"testing"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/train"
)

// Phase 2 and the PINN are run at 1, 1.5, …, 20 (H20), and stop at a mean error of
// .05 that is measured at every step (D15, D18).
func TestFigure6Runs(t *testing.T) {
	for _, p := range Presets() {
		runs, err := figure6Runs(p)
		if err != nil || len(runs) != 2*len(p.Epochs.Betas)*len(p.Epochs.Seeds) {
			t.Fatalf("%s: %d runs, %v; want 2 a β and seed", p.Name, len(runs), err)
		}
		for i, r := range runs {
			s := r.Config.Train.WithDefaults()
			if s.Stop == nil || *s.Stop != (train.Stop{Probe: pinn.AbsProbe, Below: .05}) || s.ProbeEvery != 1 || s.Steps != p.Epochs.Cap {
				t.Errorf("%s: %s has the settings %+v", p.Name, r.Label, s)
			}
			beta := p.Epochs.Betas[i%len(p.Epochs.Betas)]
			if !slices.Equal(r.Config.Mus[0], []float64{beta, 0, 0}) {
				t.Errorf("%s: %s is not at β = %g", p.Name, r.Label, beta)
			}
			if hyper := i%(2*len(p.Epochs.Betas)) < len(p.Epochs.Betas); hyper != (r.Parent != nil) || hyper != (s.LearningRate == 2.5e-4) || !hyper && s.LearningRate != 1e-3 {
				t.Errorf("%s: %s has learning rate %g, starts from another: %t", p.Name, r.Label, s.LearningRate, r.Parent != nil)
			}
			if seed := p.Epochs.Seeds[i/(2*len(p.Epochs.Betas))]; r.Config.Seed != seed || r.Parent != nil && r.Parent.Config.Seed != seed {
				t.Errorf("%s: %s is not of seed %d", p.Name, r.Label, seed)
			}
			if r.Parent != nil && !slices.EqualFunc(r.Parent.Config.Mus, p.WideBetas, func(mu []float64, beta float64) bool { return mu[0] == beta }) {
				t.Errorf("%s: %s starts from %s", p.Name, r.Label, r.Parent.Label)
			}
		}
	}
	if n := len(preset(t, "paper").Epochs.Betas); n != paperEpochBetas {
		t.Errorf("the paper preset has %d β, want %d", n, paperEpochBetas)
	}
}

// Epochs are those of the record's end; one that never got there is censored.
func TestFigure6Shows(t *testing.T) {
	p := preset(t, "quick")
	p.Epochs.Betas, p.Epochs.Cap = []float64{1, 1.5, 2, 2.5}, 40
	s := newSession(t, t.TempDir())
	out, err := renderFigure6(t.Context(), s, p)
	if err != nil || len(out.Figures) != 0 || len(out.Tables) != 1 {
		t.Fatalf("of an empty store: %d figures, %d tables, %v", len(out.Figures), len(out.Tables), err)
	}
	runs, err := figure6Runs(p)
	if err != nil {
		t.Fatal(err)
	}
	const censored, missing = 40, -1
	planted := []int{0, 0, 1, 7, 30, censored, missing, censored}
	for i, steps := range planted {
		if steps == missing {
			continue
		}
		record := fallingTo(runs[i], steps, targetError)
		if steps == censored {
			rows := record.History.Rows
			rows[len(rows)-1].Probes[0] = targetError // not below
		}
		record.Metrics.Evaluations[0].Spurious = i == 3
		put(t, s, runs[i], record)
	}
	out, err = renderFigure6(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(string(out.Figures[0].CSV)), "\n")
	want := []string{
		"beta,method,epochs,censored,spurious",
		"1,0,0,0,0", "1.5,0,0,0,0", "2,0,1,0,0", "2.5,0,7,0,1",
		"1,1,30,0,0", "1.5,1,40,1,0", "2.5,1,40,1,0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the numbers are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	cells := map[string]report.Cell{}
	for _, c := range out.Tables[0].Cells {
		cells[c.Row+"/"+c.Column] = c
	}
	for id, want := range map[string]float64{
		"Hyper-LR-PINN/lower quartile": 0, "Hyper-LR-PINN/median": .5, "Hyper-LR-PINN/upper quartile": 2.5, // 0, 0, 1, 7
		"Hyper-LR-PINN/0 epochs": 2, "Hyper-LR-PINN/at most 1 epoch": 3, "Hyper-LR-PINN/censored": 0,
		"PINN/0 epochs": 0, "PINN/at most 1 epoch": 0, "PINN/censored": 2,
	} {
		if c := cells[id]; c.Ours == nil || *c.Ours != want {
			t.Errorf("%s is %v, want %g", id, c.Ours, want)
		}
	}
	// Two of three never got there, so that the median did not either.
	if c := cells["PINN/median"]; c.Ours != nil || c.OursText != "more than 40" || len(c.Values) != 0 {
		t.Errorf("the PINN's median is %v, %q", c.Ours, c.OursText)
	}
	if c := cells["Hyper-LR-PINN/median"]; !slices.Contains(c.Flags, "1 of 4 spurious") || len(c.Runs) != 4 {
		t.Errorf("the method's median has the flags %v and %d runs", c.Flags, len(c.Runs))
	}
	for _, part := range []string{"4 of 39 β", "10 of 20 training β", "3000 of 20000 steps"} {
		if !strings.Contains(out.Figures[0].Caption, part) {
			t.Errorf("the caption lacks %q: %s", part, out.Figures[0].Caption)
		}
	}
}
