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

// figure6Parameters is H20. Figure 6 is not in the code, so that only the half of
// Phase 1 can be seen.
func figure6Parameters() ClaimTest {
	return ClaimTest{
		ID:   "H20",
		Rule: "Phase 1 was trained on the 20 integers β = 1 … 20, and Phase 2 at the 39 values 1, 1.5, …, 20; a setting and no outcome, so one seed is enough",
		find: func(s *Session, p Preset) (finding, error) {
			records, less, err := s.wideRecords(p)
			if err != nil {
				return finding{}, err
			}
			half := setting(records, integers(1, 20), less)
			reason := "Phase 2 on [1, 20] (Figure 6) is not in the code yet; Phase 1: " + half.reason
			return finding{verdict: NotRun, reason: reason}, nil
		},
	}
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
