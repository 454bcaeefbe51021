// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pinn.example/repro/data"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// In every preset P2INN's tables 9 and 18 stand in full, but for its own method, and
// none of their numbers is run in an empty store.
func TestP2INNFailureCells(t *testing.T) {
	values, err := data.Published()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Presets() {
		out, err := renderFailure(t.Context(), newSession(t, t.TempDir()), p)
		if err != nil {
			t.Fatal(err)
		}
		cells := cellsByID(t, out.Tables)
		want := 0
		for _, v := range values {
			if v.Paper != "p2inn" || v.Column == "P2INN" || v.Table != "table9" && v.Table != "table18" {
				continue
			}
			want++
			c, ok := cells[v.ID]
			verdict := NotRun
			if p.Smoke {
				verdict = NoVerdict
			}
			if !ok || c.Published == nil || *c.Published != v.Value || c.Verdict != string(verdict) || c.Role != string(RoleBaseline) {
				t.Errorf("%s: %s: %+v", p.Name, v.ID, c)
			}
		}
		if want != 2*2+10 {
			t.Errorf("P2INN has %d numbers, want 14", want)
		}
	}
}

// Table 18 says neither its metric nor its initial condition. Its mean over ρ = 1 … 5 is
// the absolute error of tables 2 and 15; and from ρ = 4 on, where the PINN is almost 0,
// each number is nearly the mean of the solution from the wide Gaussian, and is not from
// the narrow one of the failure modes.
func TestP2INNTable18(t *testing.T) {
	same, err := data.Find("p2inn/table2+15/Reaction range 1-5, IC N(pi,(pi%2F2)^2)/PINN/abs_err")
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.
	for rho := 1; rho <= 10; rho++ {
		v, err := data.Find(fmt.Sprintf("p2inn/table18/reaction rho=%d/PINN/err (unspecified)", rho))
		if err != nil {
			t.Fatal(err)
		}
		if rho <= 5 {
			mean += v.Value / 5
		}
		if rho < 4 {
			continue
		}
		for i, initial := range []pde.Initial{pde.GaussWide, pde.GaussNarrow} {
			problem, err := pde.NewCDR("reaction", initial, nil)
			if err != nil {
				t.Fatal(err)
			}
			setup, err := setupOf(problem, pde.Sample{Set: "published"})
			if err != nil {
				t.Fatal(err)
			}
			u, err := problem.Reference([]float64{0, 0, float64(rho)}, setup.Points.Test)
			if err != nil {
				t.Fatal(err)
			}
			of := 0.
			for _, x := range u {
				of += x / float64(len(u))
			}
			if near := math.Abs(v.Value/of-1) < .06; near != (i == 0) {
				t.Errorf("ρ = %d: %g, and the mean of u from %s is %g", rho, v.Value, problem.ID(), of)
			}
		}
	}
	if math.Abs(mean-same.Value) > 5e-5 { // four digits
		t.Errorf("the mean over ρ = 1 … 5 is %g, want %g", mean, same.Value)
	}
}

// The errors of table 9 stand beside those after 20,000 steps, whatever is trained, and
// those of table 18 beside appendix M's networks.
func TestP2INNFailureNumbers(t *testing.T) {
	for _, c := range []struct {
		name    string
		steps   int
		verdict Verdict
		says    string
	}{
		{"as P2INN", paperPINNSteps, Undertrained, "its compute is"},
		{"longer", 5 * paperPINNSteps, Undertrained, "its compute is"},
		{"shorter", paperPINNSteps / 10, Reduced, "2000 of 20000 steps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := generalPreset(t)
			p.Failure.Betas, p.Failure.Rhos, p.Failure.Steps = []float64{30}, []float64{5}, c.steps
			s := newSession(t, t.TempDir())
			problems, err := failureProblems(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range problems[:2] {
				for _, r := range f.runs(p, f.values[0]) {
					h := train.History{Probes: []string{pinn.RelProbe, pinn.AbsProbe}}
					errors := metric.Errors{}
					for _, step := range []int{2_000, 20_000, 100_000} {
						if step <= c.steps { // .9 by then, a fifth at the end of what is trained for longer
							errors.RelL2 = .9 * 20_000 / float64(max(step, 20_000))
							errors.Abs = 2 * errors.RelL2
							h.Rows = append(h.Rows, train.Row{Step: step, Probes: []float64{errors.RelL2, errors.Abs}})
						}
					}
					ev := pinn.Evaluation{Mu: f.mu(f.values[0]), Test: errors, TrivialTest: metric.Errors{RelL2: .6, Abs: .6}}
					put(t, s, r, &store.Record{History: h, Metrics: store.Metrics{Loss: map[string]float64{"residual": .1}, Evaluations: []pinn.Evaluation{ev}}})
				}
			}
			rows, err := table4Rows(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range generalPINN.runs(p, rows[1]) { // ρ = 2 and 4
				plantGeneral(t, s, r, func(mu []float64) float64 { return mu[2] / 10 })
			}
			out, err := renderFailure(t.Context(), s, p)
			if err != nil {
				t.Fatal(err)
			}
			for id, want := range map[string]float64{
				"p2inn/table9/beta=30, IC 1+sin/PINN/rel_err":          .9,
				"p2inn/table9/beta=30, IC 1+sin/PINN/abs_err":          1.8,
				"p2inn/table9/rho=5, IC N(pi,(pi%2F4)^2)/PINN/rel_err": .9,
				"p2inn/table9/rho=5, IC N(pi,(pi%2F4)^2)/PINN/abs_err": 1.8,
			} {
				got := cellNamed(t, out.Tables, id)
				nearCell(t, id, got.Ours, want)
				if got.Verdict != string(c.verdict) || !strings.Contains(got.Reason, c.says) || len(got.Values) != len(p.Failure.Seeds) {
					t.Errorf("%s has %d values and is %q: %s", id, len(got.Values), got.Verdict, got.Reason)
				}
			}
			for rho, want := range map[int]float64{2: .1, 4: .2} { // absolute errors
				got := cellNamed(t, out.Tables, fmt.Sprintf("p2inn/table18/reaction rho=%d/PINN/err (unspecified)", rho))
				nearCell(t, got.ID, got.Ours, want)
				if got.Verdict != string(Reduced) || !strings.Contains(got.Reason, "10000 of 20000 steps") || strings.Contains(got.Reason, "settings") || !strings.Contains(got.Command, "appM") {
					t.Errorf("%s is %q by %q: %s", got.ID, got.Verdict, got.Command, got.Reason)
				}
			}
			if got := cellNamed(t, out.Tables, "p2inn/table18/reaction rho=5/PINN/err (unspecified)"); got.Verdict != string(NotRun) {
				t.Errorf("ρ = 5, which this preset lacks, is %q", got.Verdict)
			}
		})
	}
}
