// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/figure"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
)

// appendixO is appendix O: loss and error against the steps of Phase 2, by where it
// starts (claim H29). The runs are those of Table 2; the appendix's numbers are not in
// the main text.
func appendixO() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/appO",
		Title:  "Phase 2 from four starts: loss and error against steps",
		runs:   appendixORuns,
		render: renderAppendixO,
	}
}

// appendixORank is the rank of MAML's, Reptile's and the random start's network,
// Figure 3's: we know of none that the appendix names. Where a preset lacks it, the
// nearest that it has stands in.
const appendixORank = figure3Rank

// phase2Start is one of the starts, with the runs that begin there.
type phase2Start struct {
	name string // a column
	role Role
	less string // how its runs are below the paper's
	runs func(mu []float64) []*Run
}

// series draws a course, step 0 at 1, since a log axis has no 0. That of the adaptive rank,
// which would hide the full one's, is dashed and without its band.
func (start phase2Start) series(c spread) figure.Series {
	line := c.series(start.name)
	line.X = slices.Clone(line.X)
	line.X[0] = max(line.X[0], 1)
	if start.name == table2Columns[1].name {
		line.Dashed, line.Lo, line.Hi = true, nil, nil
	}
	return line
}

// phase2Starts are Phase 1, at both ranks that Table 2 has of the method, and those of
// a network of rank.
func phase2Starts(t systems, rank int) []phase2Start {
	var starts []phase2Start
	for i, column := range table2Columns {
		starts = append(starts, phase2Start{
			name: column.name, role: RoleMethod, less: joinReasons(
				prefixed("Phase 1: ", reduced(t.study.steps.phase1, paperPhase1Steps)),
				prefixed("Phase 2: ", reduced(t.study.steps.phase2, paperPhase2Steps))),
			runs: func(mu []float64) []*Run { return t.method(mu, i) },
		})
	}
	for _, name := range []string{"MAML", "Reptile", "Naive-LR-PINN"} {
		i := slices.IndexFunc(t.baselines(), func(b lowRankBaseline) bool { return b.name == name })
		b := t.baselines()[i]
		starts = append(starts, phase2Start{
			name: name, role: RoleBaseline, less: b.less(t.study.steps),
			runs: func(mu []float64) []*Run { return t.baseline(b, mu, rank) },
		})
	}
	return starts
}

// nearestRank is the one of ranks, of which there is at least one, that is nearest to
// appendixORank.
func nearestRank(ranks []int) int {
	return slices.MinFunc(ranks, func(a, b int) int {
		return max(a-appendixORank, appendixORank-a) - max(b-appendixORank, appendixORank-b)
	})
}

func appendixORuns(p Preset) ([]*Run, error) {
	t, err := table2Systems(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, start := range phase2Starts(t, nearestRank(p.Ranks)) {
		for _, mu := range t.mus {
			runs = append(runs, start.runs(mu)...)
		}
	}
	return runs, nil
}

// allSteps stands for the last step of a run.
const allSteps = -1

// appendixOSteps are the steps at which loss and error are told: the start, those below
// the preset's longest Phase 2, and the last.
func appendixOSteps(s studySteps) []int {
	steps := []int{0}
	for _, n := range []int{10, 100, 1_000} {
		if n < max(s.phase2, s.scratch) {
			steps = append(steps, n)
		}
	}
	return append(steps, allSteps)
}

// stepRow is the row of a β after some steps in a cell's id.
func stepRow(mu []float64, step int) string {
	if step == allSteps {
		return betaRow(mu) + ";all steps"
	}
	return fmt.Sprintf("%s;step=%d", betaRow(mu), step)
}

func renderAppendixO(_ context.Context, s *Session, p Preset) (Output, error) {
	systems, err := table2Systems(p)
	if err != nil {
		return Output{}, err
	}
	rank := nearestRank(p.Ranks)
	starts := phase2Starts(systems, rank)
	t := report.Table{
		ID:    appendixO().ID,
		Title: appendixO().Title,
		Note: fmt.Sprintf("The runs of Table 2: Phase 2 of Hyper-LR-PINN, which starts from Phase 1 on β = 30 … 40, and a Naive-LR-PINN of rank %d that starts from MAML's, from Reptile's and from random weights, each with Adam at learning rate %g. "+
			"Of appendix O we know what the main text says of it alone (section 4.2.1): on convection MAML's and Reptile's initial weights are poor starting points (H29). Its figures are not known to us; rank and β are those of Figure 3 and Table 2, and the method stands here at both of its ranks. "+
			"To be seen is how low loss and error begin and how soon they fall: if the claim holds, they begin and end lowest from Phase 1, and from MAML and Reptile they end no lower than from random weights. A low loss beside a large error is a spurious solution's. "+
			"The loss is the sum of the mean squares of residual, initial and boundary values; that at a step is the one that its update descends, and at step 0 it is that of the first. The relative error is that on the authors' 1,000 test points, measured every 100 steps.", rank, lowRankRate),
	}
	for _, mu := range systems.mus {
		cells, err := s.startCells(p, systems, starts, mu)
		if err != nil {
			return Output{}, err
		}
		t.Cells = append(t.Cells, cells...)
	}
	out := Output{Tables: []report.Table{t}}
	out.Figures, err = s.startFigure(p, systems, starts, rank)
	return out, err
}

// startCells are loss and error at one β, a row a number of steps and a column a start.
func (s *Session) startCells(p Preset, t systems, starts []phase2Start, mu []float64) ([]report.Cell, error) {
	var cells []report.Cell
	for _, name := range []string{"loss", "rel_err"} {
		for _, step := range appendixOSteps(t.study.steps) {
			for _, start := range starts {
				runs := start.runs(mu)
				if settings := runs[0].Config.Train; step > settings.Steps || name == "rel_err" && step > 0 && step%settings.ProbeEvery != 0 {
					continue
				}
				m, err := s.measureAfter(step, runs, mu, name)
				if err != nil {
					return nil, err
				}
				m.evidence.Role, m.evidence.Smoke = start.role, p.Smoke
				c, err := ours("appO", stepRow(mu, step), start.name, name, m, start.less, appendixO().Command(p))
				if err != nil {
					return nil, err
				}
				cells = append(cells, c)
			}
		}
	}
	trivial, err := s.trivialCells(systems{study: t.study, row: betaRow}, "appO", mu, []string{"rel_err"}, appendixO().Command(p))
	return append(cells, trivial...), err
}

// measureAfter collects the loss or the relative error after some steps over the seeds
// of finished runs.
func (s *Session) measureAfter(step int, runs []*Run, mu []float64, metricName string) (measurement, error) {
	end, err := s.measure(runs, mu, "rel_err")
	if err != nil || step == allSteps && metricName == "rel_err" {
		return end, err
	}
	var m measurement
	if step == allSteps {
		m.flags = end.flags
	}
	for _, f := range end.found {
		value, ok := lossNear(f.record, step)
		if metricName == "rel_err" {
			value, ok = probeNear(f.record, step, pinn.RelProbe)
			m.evidence.Trivial = end.evidence.Trivial
		}
		if ok {
			if step == allSteps && f.ev.Spurious {
				m.evidence.Spurious++
			}
			m.evidence.Values = append(m.evidence.Values, value)
			m.seeds, m.runs = append(m.seeds, f.Config.Seed), append(m.runs, f.Run)
		}
	}
	return m, nil
}

// lossNear is the training loss nearest to a step, as [probeNear] is of a probe. That
// of step 0, of which a history has none, is the first.
func lossNear(record *store.Record, step int) (float64, bool) {
	c := physicsLoss(record)
	if step == allSteps && len(c.steps) > 0 {
		return c.values[len(c.values)-1], true
	}
	return c.near(math.Max(float64(step), 1))
}

// lossSpread is the course of the training loss over runs that differ in their seed, as
// [Session.spreadOf] is of a probe. It has the steps of the probes and, of what lies
// between, those before the second of them: about the rows that a published record has.
func (s *Session) lossSpread(runs []*Run) (spread, error) {
	return s.spreadBy(runs, func(record *store.Record) course {
		var thinned course
		c := physicsLoss(record)
		last, second := 0., math.Inf(1) // without probes all is kept
		if errors := probedCourse(record, pinn.RelProbe); len(errors.steps) > 1 {
			last, second = errors.steps[len(errors.steps)-1], errors.steps[1]
		}
		for i, step := range c.steps {
			if step < second || step == last || math.Mod(step, second) == 0 {
				thinned.steps, thinned.values = append(thinned.steps, step), append(thinned.values, c.values[i])
			}
		}
		return thinned
	})
}

// startFigure draws losses and below them errors over steps, a column a β; there is
// none of a β without records.
func (s *Session) startFigure(p Preset, t systems, starts []phase2Start, rank int) ([]report.Figure, error) {
	numbers := newSheet("step")
	var losses, errors []figure.Panel
	for _, mu := range t.mus {
		loss := figure.Lines{XLabel: "step of Phase 2", YLabel: "training loss", LogX: true, LogY: true}
		rel := figure.Lines{XLabel: "step of Phase 2", YLabel: "relative L2 error", LogX: true, LogY: true}
		last := 0.
		for _, start := range starts {
			l, err := s.lossSpread(start.runs(mu))
			if err != nil {
				return nil, err
			}
			e, err := s.spreadOf(start.runs(mu), pinn.RelProbe)
			if err != nil {
				return nil, err
			}
			if len(l.x) == 0 || len(e.x) == 0 {
				continue
			}
			numbers.addSpread(fmt.Sprintf("%s, %s, loss", betaRow(mu), start.name), l)
			numbers.addSpread(fmt.Sprintf("%s, %s, rel_err", betaRow(mu), start.name), e)
			last = max(last, l.x[len(l.x)-1], e.x[len(e.x)-1])
			loss.Series = append(loss.Series, start.series(l))
			rel.Series = append(rel.Series, start.series(e))
		}
		if len(loss.Series) == 0 {
			continue
		}
		trivial, err := trivialRelL2(t.study, mu)
		if err != nil {
			return nil, err
		}
		rel.Series = append(rel.Series, bestConstant([]float64{1, last}, []float64{trivial}))
		loss.Title, rel.Title = fmt.Sprintf("loss at β = %g", mu[0]), fmt.Sprintf("error at β = %g", mu[0])
		losses, errors = append(losses, loss), append(errors, rel)
	}
	if len(losses) == 0 {
		return nil, nil
	}
	panels := slices.Concat(losses, errors)
	for i, panel := range panels {
		lines := panel.(figure.Lines)
		lines.Title = fmt.Sprintf("(%c) %s", 'a'+i, lines.Title)
		panels[i] = lines
	}
	less := starts[0].less
	for _, start := range starts[len(table2Columns):] {
		less = joinReasons(less, prefixed(start.name+": ", start.less))
	}
	caption := fmt.Sprintf("Training loss and relative error on the test points over the steps of Phase 2, from Phase 1 (Hyper-LR-PINN, at full and adaptive rank) and from MAML's, Reptile's and random weights of a network of rank %d. "+
		"Step 0, the start, stands at 1. Errors are measured every 100 steps, and losses shown as often from there on. The method has %s, the others %s; adaptive rank is dashed, its median alone.%s",
		rank, seedWords(t.seeds), seedWords(t.baselineSeeds), reducedNote(less))
	f, err := drawn(appendixO(), p, caption, figure.Row{Panels: panels, Wrap: len(losses)}, numbers.head, numbers.rows())
	return []report.Figure{f}, err
}
