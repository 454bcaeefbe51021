// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"pinn.example/repro/pde"
)

// convectionStudy is convection at the failure mode: Tables 2 and 3, Figures 2, 3
// and 5.
func convectionStudy(p Preset) (study, error) {
	setup, err := convection()
	if err != nil {
		return study{}, err
	}
	st := newStudy(setup, mus(trainingBetas), studySteps{
		phase1: p.Phase1Steps, phase2: p.Phase2Steps, scratch: p.BaselineSteps,
		slab: p.BaselineSteps / 10, pinnP: p.General.PINNPSteps, maml: p.MAMLSteps, reptile: p.ReptileSteps,
	})
	st.adapted = true
	return st, nil
}

// generalKind is a member of the CDR family as Table 4 has it: which parameters
// it has.
type generalKind struct {
	kind string // of pde.NewCDR
	row  string // of Table 4, or of P2INN's tables
	has  [3]bool
}

// generalKinds are the rows of Table 4, then those that only P2INN's tables have.
var generalKinds = []generalKind{
	{"convection", "Convection", [3]bool{true, false, false}},
	{"reaction", "Reaction", [3]bool{false, false, true}},
	{"cdr", "Conv-Diff-Reac", [3]bool{true, true, true}},
	{"diffusion", "Diffusion", [3]bool{false, true, false}},
	{"convection-diffusion", "Conv-Diff", [3]bool{true, true, false}},
	{"reaction-diffusion", "Reac-Diff", [3]bool{false, true, true}},
}

// settings are the parameter settings whose entries are taken from values:
// (v, v, v) for each value, or all combinations.
func (k generalKind) settings(values []float64, all bool) [][]float64 {
	var out [][]float64
	add := func(beta, nu, rho float64) {
		mu := []float64{beta, nu, rho}
		for i, has := range k.has {
			if !has {
				mu[i] = 0
			}
		}
		for _, other := range out {
			if mu[0] == other[0] && mu[1] == other[1] && mu[2] == other[2] {
				return
			}
		}
		out = append(out, mu)
	}
	for _, a := range values {
		if !all {
			add(a, a, a)
			continue
		}
		for _, b := range values {
			for _, c := range values {
				add(a, b, c)
			}
		}
	}
	return out
}

// generalStudy is a row of Table 4: β, ν, ρ in 1 … 5 from u(x, 0) = N(π, (π/2)²).
// boundary is pde.BoundaryValue as published, or pde.BoundaryValueAndSlope.
func generalStudy(p Preset, k generalKind, boundary string) (study, error) {
	problem, err := pde.NewCDR(k.kind, pde.GaussWide, &pde.CDRSettings{Boundary: boundary})
	if err != nil {
		return study{}, err
	}
	setup, err := setupOf(problem, pde.Sample{Set: "published"})
	if err != nil {
		return study{}, err
	}
	g := p.General
	trained := k.settings(g.Train, true)
	if len(k.settings([]float64{1, 2}, true)) == 2 { // one parameter
		trained = k.settings(g.Ones, true)
		if len(g.Ones) == 1 {
			trained = k.settings(g.Train, true)
		}
	}
	return newStudy(setup, trained, studySteps{
		phase1: g.Phase1Steps, phase2: g.Phase2Steps, scratch: g.Steps,
		slab: g.SlabSteps, pinnP: g.PINNPSteps, maml: g.MAMLSteps, reptile: g.ReptileSteps,
	}), nil
}

// reactionNu is ν of the reaction-diffusion tables: P2INN, table 9, gives none;
// the pair ν = 3, ρ = 5 is one for which discrepancy D2 was measured.
const reactionNu = 3

// reactionStudy is reaction ("reaction") or reaction-diffusion at ρ ≥ 5 from the
// narrow Gaussian N(π, (π/4)²), which the baselines fail on (section 4.1, H03).
func reactionStudy(p Preset, kind string) (study, error) {
	problem, err := pde.NewCDR(kind, pde.GaussNarrow, nil)
	if err != nil {
		return study{}, err
	}
	setup, err := setupOf(problem, pde.Sample{Set: "published"})
	if err != nil {
		return study{}, err
	}
	r := p.Reaction
	return newStudy(setup, reactionMus(kind, r.Train), studySteps{
		phase1: r.Phase1Steps, phase2: r.Steps, scratch: r.Steps,
		slab: r.Steps / 10, pinnP: r.Steps, maml: r.MAMLSteps, reptile: r.ReptileSteps,
	}), nil
}

// reactionMus are the parameters (0, ν, ρ).
func reactionMus(kind string, rhos []float64) [][]float64 {
	out := make([][]float64, len(rhos))
	for i, rho := range rhos {
		out[i] = []float64{0, 0, rho}
		if kind != "reaction" {
			out[i][1] = reactionNu
		}
	}
	return out
}

// wavesStudy is the Helmholtz equation with a1 = a2 = a in 2, 2.1, …, 3 (section
// 4.2.3).
func wavesStudy(p Preset) (study, error) {
	setup, err := setupOf(pde.Helmholtz{}, pde.Sample{Set: "drawn"})
	if err != nil {
		return study{}, err
	}
	var trained [][]float64
	for i := range 11 {
		trained = append(trained, waves(2+float64(i)/10))
	}
	w := p.Waves
	return newStudy(setup, trained, studySteps{phase1: w.Phase1Steps, phase2: w.Steps, scratch: w.Steps}), nil
}

// waves are the Helmholtz parameters (a, a).
func waves(a float64) []float64 { return []float64{a, a} }
