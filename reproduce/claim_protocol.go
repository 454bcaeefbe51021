// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strconv"

	"pinn.example/repro/data"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// trainedOn is whether a record was evaluated at exactly these β, ν = ρ = 0, which
// for a Phase 1 are those it was trained on.
func trainedOn(r *store.Record, betas []float64) bool {
	return slices.EqualFunc(r.Metrics.Evaluations, mus(betas), func(ev pinn.Evaluation, mu []float64) bool {
		return slices.Equal(ev.Mu, mu)
	})
}

// trainingParameters is H12.
func trainingParameters() ClaimTest {
	return ClaimTest{
		ID:   "H12",
		Rule: "the Phase 1 that Table 2 rests on was trained on the 11 integers β = 30 … 40, with the paper's steps; a setting and no outcome, so one seed is enough",
		find: func(s *Session, p Preset) (finding, error) {
			setup, err := convection()
			if err != nil {
				return finding{}, err
			}
			records, err := s.phase1s(p, func(seed int64) *Run { return failureModePhase1(setup, p, seed) })
			if err != nil {
				return finding{}, err
			}
			return setting(records, integers(30, 40), reduced(p.Phase1Steps, paperPhase1Steps)), nil
		},
	}
}

// setting judges whether records were trained on these β.
func setting(records []*store.Record, betas []float64, less string) finding {
	found, same := 0, 0
	for _, r := range records {
		if r == nil {
			continue
		}
		found++
		if trainedOn(r, betas) {
			same++
		}
	}
	text := fmt.Sprintf("%d of %d runs in the store were trained on these %d β", same, found, len(betas))
	switch {
	case found == 0:
		return finding{verdict: NotRun, reason: "no run of this preset gives it"}
	case less != "":
		return finding{verdict: Reduced, reason: less + "; " + text}
	case same < found:
		return finding{verdict: Differs, reason: text}
	default:
		return finding{verdict: Reproduced, reason: text}
	}
}

// figure6Parameters is H20.
func figure6Parameters() ClaimTest {
	return ClaimTest{
		ID:   "H20",
		Rule: "Phase 1 was trained on the 20 integers β = 1 … 20, and Phase 2 from it at the 39 values 1, 1.5, …, 20; a setting and no outcome, so one seed is enough",
		find: func(s *Session, p Preset) (finding, error) {
			records, less, err := s.wideRecords(p)
			if err != nil {
				return finding{}, err
			}
			phase1 := setting(records, integers(1, 20), less)
			st, err := convectionStudy(p)
			if err != nil {
				return finding{}, err
			}
			var runs []*Run
			for _, beta := range p.Epochs.Betas {
				runs = append(runs, epochMethods[0].run(st, p, beta))
			}
			found, err := s.finished(runs, nil)
			if err != nil {
				return finding{}, err
			}
			var at []float64
			for _, f := range found {
				at = append(at, f.ev.Mu[0])
			}
			return worseOf(
				prefixedFinding("Phase 1: ", phase1),
				prefixedFinding("Phase 2: ", queriedAt(at, halves(1, 20), len(p.Epochs.Betas))),
			), nil
		},
	}
}

// queriedAt judges whether Phase 2 was run at these β, where a preset asks for so
// many.
func queriedAt(at, betas []float64, asked int) finding {
	text := fmt.Sprintf("run at %d of %d β", len(at), len(betas))
	switch {
	case len(at) == 0:
		return finding{verdict: NotRun, reason: "no run of Figure 6 is in the store"}
	case slices.Equal(at, betas):
		return finding{verdict: Reproduced, reason: text}
	case len(at) < max(asked, len(betas)):
		return finding{verdict: Reduced, reason: text}
	default:
		return finding{verdict: Differs, reason: text + ", but not at those"}
	}
}

func prefixedFinding(prefix string, f finding) finding {
	f.reason = prefix + f.reason
	return f
}

// worseOf is a claim of two parts, neither of which has cells: the verdict is that of
// the part further from being reproduced.
func worseOf(a, b finding) finding {
	order := []Verdict{Reproduced, SameConclusion, Differs, Reduced, NotRun}
	verdict := a.verdict
	if slices.Index(order, b.verdict) > slices.Index(order, verdict) {
		verdict = b.verdict
	}
	return finding{verdict: verdict, reason: a.reason + "; " + b.reason}
}

// releasedErrors are those of the one Phase 2 checkpoint that the authors released,
// at β = 40 on the 1,000 test points of NumPy's seed 0 (D3). They were measured on
// that file, and the command import measures them again; no run of ours is in them.
var releasedErrors = []struct {
	metric string
	value  float64
}{{"abs_err", .0656487}, {"rel_err", .0722170}}

// averagesOfRuns is H27.
func averagesOfRuns() ClaimTest {
	return ClaimTest{
		ID: "H27",
		Rule: "differs if the one checkpoint that the authors released gives, on their test points, every printed digit of the cell that should be the average of three: " +
			"its error on random test points gives them with a chance of about 1e-3 (D3)",
		find: func(*Session, Preset) (finding, error) {
			var cells []string
			equal := true
			for _, e := range releasedErrors {
				cell := data.CellID("hyper-lr-pinn", "table2", "beta=40;rank=adaptive", "Hyper-LR-PINN (Adaptive rank)", e.metric)
				printed, err := data.Find(cell)
				if err != nil {
					return finding{}, err
				}
				cells = append(cells, cell)
				equal = equal && strconv.FormatFloat(e.value, 'f', 4, 64) == strconv.FormatFloat(printed.Value, 'f', 4, 64)
			}
			if !equal {
				return finding{NotRun, "the released checkpoint's errors are not those printed, so they don't speak against an average of three", cells}, nil
			}
			d, err := discrepancy("D3")
			if err != nil {
				return finding{}, err
			}
			return finding{Differs, "measured on the checkpoint that the authors released, not in a run of ours (D3): " + d.What + " " + d.Measured, cells}, nil
		},
	}
}

func discrepancy(id string) (data.Discrepancy, error) {
	all, err := data.Discrepancies()
	if err != nil {
		return data.Discrepancy{}, err
	}
	i := slices.IndexFunc(all, func(d data.Discrepancy) bool { return d.ID == id && d.Paper == "hyper-lr-pinn" })
	if i < 0 {
		return data.Discrepancy{}, fmt.Errorf("reproduce: no discrepancy %s", id)
	}
	return all[i], nil
}
