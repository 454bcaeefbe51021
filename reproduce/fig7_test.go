// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pinn.example/repro/metric"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// The figure has 10 epochs of Phase 2 beside 2,000 of a PINN, at a = 2.5, which is
// a training value (section 4.2.3).
func TestFigure7Runs(t *testing.T) {
	for _, p := range Presets() {
		runs, err := figure7Runs(p)
		if err != nil || len(runs) != 2 {
			t.Fatalf("%s: %d runs, %v", p.Name, len(runs), err)
		}
		vanilla, hyper := runs[0], runs[1]
		if want := min(2_000, p.Waves.Steps); vanilla.Config.Train.Steps != want || hyper.Config.Train.Steps != 10 {
			t.Errorf("%s: the PINN has %d steps and Phase 2 %d, want %d and 10", p.Name, vanilla.Config.Train.Steps, hyper.Config.Train.Steps, want)
		}
		trained := false
		for _, mu := range hyper.Parent.Config.Mus {
			trained = trained || mu[0] == 2.5 && mu[1] == 2.5
		}
		if !trained || len(hyper.Parent.Config.Mus) != 11 {
			t.Errorf("%s: Phase 1 is on %v", p.Name, hyper.Parent.Config.Mus)
		}
	}
}

// A network is drawn from its weights; one without is named in the caption.
func TestFigure7Shows(t *testing.T) {
	p := preset(t, "quick")
	s := newSession(t, t.TempDir())
	_, networks, err := figure7Networks(p)
	if err != nil {
		t.Fatal(err)
	}
	ev := pinn.Evaluation{Mu: waves(2.5), Grid: metric.Errors{RelL2: .123}}
	vanilla := networks[0].run
	task, err := vanilla.task(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	weights := train.Initial(task).Weights
	weights["dense5/w"], weights["dense5/b"] = train.NewArray(1, 50, 1), train.NewArray(1, 1, 1)
	weights["dense5/b"].Data[0] = .25 // so that u = 1/4 everywhere
	put(t, s, vanilla, &store.Record{Weights: weights, Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})
	put(t, s, networks[1].run, &store.Record{Metrics: store.Metrics{Evaluations: []pinn.Evaluation{ev}}})

	out, err := renderFigure7(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	f := out.Figures[0]
	rows := csvRows(t, f)
	if got := strings.Join(rows[0], ","); got != "x,y,exact,PINN" || len(rows) != 1+101*101 {
		t.Fatalf("%d rows of %s", len(rows), got)
	}
	for i, row := range rows[1:] {
		var at [4]float64
		for k, x := range row {
			at[k], _ = strconv.ParseFloat(x, 64)
		}
		if exact := math.Sin(2.5*math.Pi*at[0]) * math.Sin(2.5*math.Pi*at[1]); math.Abs(at[2]-exact) > 1e-4 || math.Abs(at[3]-.25) > 1e-6 {
			t.Fatalf("row %d is %v, want u = %g and 1/4", i, row, exact)
		}
	}
	for _, part := range []string{"holds no weights: Hyper-LR-PINN, 10 epochs, rel L2 0.123", "one of the 11 values that Phase 1 is trained on", fmt.Sprintf("%d of 20000 steps", p.Waves.Phase1Steps)} {
		if !strings.Contains(f.Caption, part) {
			t.Errorf("the caption lacks %q: %s", part, f.Caption)
		}
	}
	if svg := string(f.SVG); !strings.Contains(svg, "(b) PINN, 2000 epochs, rel L2 0.123") {
		t.Error("the plot lacks the PINN's title")
	}
}
