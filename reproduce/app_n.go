// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"

	"pinn.example/repro/reproduce/report"
)

// appendixN is appendix N, whose numbers are not published with the main text: the
// maximum error and the explained variance of every cell of Table 2, and tables
// like it for reaction and reaction-diffusion at ρ ≥ 5 (claim H06).
func appendixN() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appN",
		Title:  "Other metrics on convection; reaction and reaction-diffusion at the failure mode",
		runs:   appendixNRuns,
		render: renderAppendixN,
	}
}

// reactionTables are the problems of appendix N beside convection.
var reactionTables = []struct{ kind, title string }{
	{"reaction", "Reaction at the failure mode"},
	{"reaction-diffusion", "Reaction-diffusion at the failure mode"},
}

// reactionSystems are the systems of Table 2 on reaction or reaction-diffusion.
func reactionSystems(p Preset, kind string) (systems, error) {
	st, err := reactionStudy(p, kind)
	if err != nil {
		return systems{}, err
	}
	r := p.Reaction
	return systems{
		study: st, mus: reactionMus(kind, r.Report), ranks: r.Ranks, all: paperRanks,
		seeds: r.Seeds, baselineSeeds: r.Seeds,
		row: func(mu []float64) string { return fmt.Sprintf("%s;rho=%g", kind, mu[2]) },
	}, nil
}

func appendixNRuns(p Preset) ([]*Run, error) {
	runs, err := table2Runs(p)
	if err != nil {
		return nil, err
	}
	for _, t := range reactionTables {
		systems, err := reactionSystems(p, t.kind)
		if err != nil {
			return nil, err
		}
		runs = append(runs, systems.runs()...)
	}
	return runs, nil
}

func renderAppendixN(_ context.Context, s *Session, p Preset) (Output, error) {
	command := appendixN().Command(p)
	of, err := table2Systems(p)
	if err != nil {
		return Output{}, err
	}
	cells, err := s.systemCells(of, "appN", []string{"max_err", "explained_variance"}, p.Smoke, command)
	if err != nil {
		return Output{}, err
	}
	out := Output{Tables: []report.Table{{
		ID:    appendixN().ID,
		Title: "Convection at the failure mode: maximum error and explained variance",
		Note:  "The runs of Table 2: max |u − û| and 1 − Var(u − û)/Var(u) (section 4) on the authors' 1,000 test points.",
		Cells: cells,
	}}}
	for _, t := range reactionTables {
		of, err := reactionSystems(p, t.kind)
		if err != nil {
			return Output{}, err
		}
		cells, err := s.systemCells(of, "appN", []string{"abs_err", "rel_err"}, p.Smoke, command)
		if err != nil {
			return Output{}, err
		}
		note := fmt.Sprintf("From u(x, 0) = N(π, (π/4)²), Phase 1 and the meta-learners on ρ = %g … %g.", p.Reaction.Train[0], p.Reaction.Train[len(p.Reaction.Train)-1])
		if t.kind != "reaction" {
			note += fmt.Sprintf(" ν = %d; the boundary matches values alone, as published, which leaves the solution undetermined (D2).", reactionNu)
		}
		out.Tables = append(out.Tables, report.Table{ID: appendixN().ID + "/" + t.kind, Title: t.title, Note: note, Cells: cells})
	}
	return out, nil
}
