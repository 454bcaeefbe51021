// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

// generalRow is a row of Table 4, or of P2INN's: a member of the CDR family with
// the parameter settings over which its numbers are averaged.
type generalRow struct {
	generalKind
	study study
	at    [][]float64
}

// paperOnes are the values of each parameter in Table 4.
var paperOnes = integers(1, 5)

// tableRows is the number of generalKinds that are rows of Table 4.
const tableRows = 3

func newGeneralRow(p Preset, k generalKind, boundary string) (generalRow, error) {
	st, err := generalStudy(p, k, boundary)
	return generalRow{k, st, k.settings(p.General.Ones, p.General.All)}, err
}

// table4Rows are the rows of Table 4, then the preset's others, with the boundary
// condition as published.
func table4Rows(p Preset) ([]generalRow, error) {
	kinds := generalKinds
	if !p.General.Others {
		kinds = kinds[:tableRows]
	}
	var rows []generalRow
	for _, k := range kinds {
		row, err := newGeneralRow(p, k, pde.BoundaryValue)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// less says how the settings of the row are below the paper's.
func (r generalRow) less() string {
	return partOf(len(r.at), len(r.settings(paperOnes, true)), "settings")
}

// lessTrained says how the settings that Phase 1, PINN-P and the meta-learners are
// trained on are below those that the row is averaged over.
func (r generalRow) lessTrained() string {
	return partOf(len(r.study.train), len(r.settings(paperOnes, true)), "training settings")
}

func partOf(n, all int, what string) string {
	if n >= all {
		return ""
	}
	return fmt.Sprintf("%d of %d %s", n, all, what)
}

// generalSystem is a column of Table 4, all of them at full rank but the method.
type generalSystem struct {
	column string
	// p2inn is its name in P2INN's tables 2 and 15, empty if it is not there.
	p2inn string
	role  Role
	// single says that a network is trained for each setting, from scratch.
	single bool
	run    func(r generalRow, mu []float64, seed int64) *Run
	less   func(r generalRow) string
}

// pinnPWidth is the width of Table 4's PINN-P. It is not published: it is that of
// all other networks, and not P2INN's 150, whose error on reaction is 18 times
// smaller (D29).
const pinnPWidth = 50

// methodColumn is the column of Hyper-LR-PINN. Its rank in Table 4 is not published: it is
// the adaptive one, which is the method as section 3 has it.
const methodColumn = "Ours"

var generalPINN = generalSystem{
	column: "PINN", p2inn: "PINN", role: RoleBaseline, single: true,
	run:  func(r generalRow, mu []float64, seed int64) *Run { return r.study.pinn(mu, seed) },
	less: lessGeneralScratch,
}

var generalHyper = generalSystem{
	column: methodColumn, role: RoleMethod,
	run: func(r generalRow, mu []float64, seed int64) *Run {
		return r.study.hyper(mu, lrpinn.AdaptiveRank, seed)
	},
	less: func(r generalRow) string {
		return joinReasons(
			prefixed("Phase 1: ", reduced(r.study.steps.phase1, paperPhase1Steps)), r.lessTrained(),
			prefixed("Phase 2: ", reduced(r.study.steps.phase2, paperPhase2Steps)))
	},
}

// generalSystems are the columns of Table 4 in its order, and PINN-R, which only
// P2INN's tables have.
func generalSystems() []generalSystem {
	return []generalSystem{
		generalPINN,
		{
			column: "PINN-R", p2inn: "PINN-R", role: RoleBaseline, single: true,
			run:  func(r generalRow, mu []float64, seed int64) *Run { return r.study.pinnR(mu, seed) },
			less: lessGeneralScratch,
		},
		generalPINNP("PINN-P", pinnPWidth),
		{
			column: "PINN-S2S", p2inn: "PINN-seq2seq", role: RoleBaseline, single: true,
			run: func(r generalRow, mu []float64, seed int64) *Run { return r.study.s2s(mu, seed) },
			less: func(r generalRow) string {
				return prefixed("each slab: ", reduced(r.study.steps.slab, paperSlabSteps))
			},
		},
		{
			column: "MAML", role: RoleBaseline,
			run:  func(r generalRow, mu []float64, seed int64) *Run { return r.study.maml(mu, fullRank, seed) },
			less: func(r generalRow) string { return lessGeneralMeta(r, r.study.steps.maml) },
		},
		{
			column: "Reptile", role: RoleBaseline,
			run:  func(r generalRow, mu []float64, seed int64) *Run { return r.study.reptile(mu, fullRank, seed) },
			less: func(r generalRow) string { return lessGeneralMeta(r, r.study.steps.reptile) },
		},
		generalHyper,
	}
}

// generalPINNP is one network of a width for all settings.
func generalPINNP(column string, width int) generalSystem {
	return generalSystem{
		column: column, role: RoleBaseline,
		run: func(r generalRow, _ []float64, seed int64) *Run { return r.study.pinnP(r.at, width, seed) },
		less: func(r generalRow) string {
			return joinReasons(reduced(r.study.steps.pinnP, paperGeneralSteps), r.lessTrained())
		},
	}
}

func lessGeneralScratch(r generalRow) string {
	return reduced(r.study.steps.scratch, paperGeneralSteps)
}

func lessGeneralMeta(r generalRow, outer int) string {
	return joinReasons(
		prefixed("meta-training: ", reduced(outer, paperMetaSteps)), r.lessTrained(),
		prefixed("fine-tuning: ", reduced(r.study.steps.scratch, paperGeneralSteps)))
}

// seeds are those of a column.
func (c generalSystem) seeds(g General) []int64 {
	if c.single {
		return g.Seeds
	}
	return g.MetaSeeds
}

// runs are a column's runs in a row; one network for all settings comes for each.
func (c generalSystem) runs(p Preset, row generalRow) []*Run {
	var runs []*Run
	for _, seed := range c.seeds(p.General) {
		for _, mu := range row.at {
			runs = append(runs, c.run(row, mu, seed))
		}
	}
	return runs
}

// generalMeasure is a number of a column in a row: of each seed the mean over the
// settings, against the truth as published, by which the paper's numbers were made.
type generalMeasure struct {
	measurement
	// accurate are the same against the accurate truth.
	accurate []float64
}

// over measures a column in a row; a seed that lacks a setting is left out.
func (s *Session) over(p Preset, row generalRow, c generalSystem, metricName string) (generalMeasure, error) {
	var m generalMeasure
	lost, networks := 0, 0
	var train, onGrid []float64 // residuals of spurious networks
	for _, seed := range c.seeds(p.General) {
		evs, found, err := s.across(row, c, seed)
		if err != nil {
			return m, err
		}
		if evs == nil {
			continue
		}
		var value, accurate, grid, trivial float64
		spurious := 0
		for _, ev := range evs {
			published := asPublished(ev)
			for _, x := range []struct {
				sum *float64
				of  metric.Errors
			}{{&value, published.Test}, {&grid, published.Grid}, {&trivial, published.TrivialTest}, {&accurate, ev.Test}} {
				v, err := score(metricName, x.of)
				if err != nil {
					return m, err
				}
				*x.sum += v / float64(len(evs))
			}
			networks++
			if failed(ev) {
				lost++
			}
			if ev.Spurious {
				spurious = 1
				train, onGrid = append(train, ev.ResidualTrain), append(onGrid, ev.ResidualGrid)
			}
		}
		m.evidence.Values, m.accurate, m.grid = append(m.evidence.Values, value), append(m.accurate, accurate), append(m.grid, grid)
		m.evidence.Trivial = &trivial
		m.evidence.Spurious += spurious
		m.seeds, m.found = append(m.seeds, seed), append(m.found, found...)
		for _, f := range found {
			m.runs = append(m.runs, f.Run)
		}
	}
	m.evidence.Because = mostlySpurious(train, onGrid, networks)
	if lost > 0 {
		m.flags = append(m.flags, fmt.Sprintf("%d of %d failed", lost, networks))
	}
	return m, nil
}

// across are the evaluations of one seed at all settings of a row, with their runs,
// each once; nil where one has no record.
func (s *Session) across(row generalRow, c generalSystem, seed int64) ([]pinn.Evaluation, []finishedRun, error) {
	var evs []pinn.Evaluation
	var runs []finishedRun
	for _, mu := range row.at {
		f, ok, err := s.finishedRun(c.run(row, mu, seed), mu)
		if err != nil || !ok {
			return nil, nil, err
		}
		evs = append(evs, f.ev)
		if len(runs) == 0 || runs[len(runs)-1].Name() != f.Name() {
			runs = append(runs, f)
		}
	}
	return evs, runs, nil
}

// asPublished are the errors against the truth as published, which is the accurate
// one where that has no fault.
func asPublished(ev pinn.Evaluation) pinn.Comparison {
	if ev.AsPublished != nil {
		return *ev.AsPublished
	}
	return pinn.Comparison{Test: ev.Test, Grid: ev.Grid, TrivialTest: ev.TrivialTest, TrivialGrid: ev.TrivialGrid}
}

// judged fills in what the verdict rules need beside the values.
func (s *Session) judged(p Preset, row generalRow, c generalSystem, m *generalMeasure) error {
	m.evidence.Role, m.evidence.Smoke = c.role, p.Smoke
	m.evidence.Reduced = joinReasons(c.less(row), row.less())
	if c.role != RoleBaseline {
		return nil
	}
	var err error
	m.evidence.Compute, err = s.compute(row.study, c.runs(p, row))
	return err
}
