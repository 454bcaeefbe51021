// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"pinn.example/repro/figure"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/report"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// speed is what a step of Phase 2 costs beside one of the vanilla PINN, and what it
// costs to get to the same error (claims H09 and H24). It reads the times and
// histories of other experiments' runs.
func speed() Experiment {
	return Experiment{
		ID:     "hyper-lr-pinn/speed",
		Title:  "Time of a step, and time to the same error",
		runs:   speedRuns,
		render: renderSpeed,
	}
}

// timedMethod is what is timed on convection at the β of Table 2.
type timedMethod struct {
	name string
	role Role
	// at are its runs at β, a seed each; there are none at some β.
	at func(p Preset, beta float64) []*Run
}

// The places of the methods in speedMethods.
const (
	timedPhase2 = iota
	timedPINN
	timedSameDepth
)

func speedMethods(st study) []timedMethod {
	return []timedMethod{
		{"Phase 2, full rank", RoleMethod, func(p Preset, beta float64) []*Run {
			return table2Run(st.setup, p, beta, lrpinn.FullRank)
		}},
		{"PINN", RoleBaseline, func(p Preset, beta float64) []*Run {
			switch {
			case slices.Contains(p.Failure.Betas, beta):
				return failureOf(st, p, []float64{beta, 0, 0})
			case beta == figure2Beta:
				return []*Run{figure2PINN(st.setup, p)}
			}
			return nil
		}},
		{"PINN of the same depth", RoleBaseline, func(p Preset, beta float64) []*Run {
			return denseNet{width: 50, hidden: 1 + lrpinn.Layers}.runs(st, p, []float64{beta, 0, 0})
		}},
	}
}

func speedRuns(p Preset) ([]*Run, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return nil, err
	}
	var runs []*Run
	for _, method := range speedMethods(st) {
		for _, beta := range table2Betas {
			runs = append(runs, method.at(p, beta)...)
		}
	}
	return runs, nil
}

// machine is what a time belongs to: the hardware, and the way in which the sums are
// written.
type machine struct {
	backend, cpu, device string
	threads              int
	formulation          string
}

func machineOf(r *store.Record) machine {
	b := r.Manifest.Backend
	return machine{b.Name, b.CPU, b.Device, b.Threads, r.Manifest.Versions["formulation"]}
}

func (m machine) String() string {
	s := fmt.Sprintf("%s on %s, %d of its threads a run", m.backend, cmp.Or(m.cpu, m.device), m.threads)
	if m.formulation != "" {
		s += ", formulation " + m.formulation
	}
	return s
}

// timed are the record of a run and its replicas, where they have a time.
func (s *Session) timed(r *Run) ([]*store.Record, error) {
	record, err := s.Find(r)
	if err != nil || record == nil {
		return nil, err
	}
	replicas, err := s.Store.Repeated(r.Name())
	if err != nil {
		return nil, err
	}
	all := append([]*store.Record{record}, replicas...)
	return slices.DeleteFunc(all, func(r *store.Record) bool { return !(r.Manifest.StepsPerSecond > 0) }), nil
}

// stepSeconds are the times of a step of finished runs, by machine; of a run that was
// repeated on one, the first.
func (s *Session) stepSeconds(runs []*Run) (map[machine][]float64, error) {
	times := map[machine][]float64{}
	for _, r := range runs {
		records, err := s.timed(r)
		if err != nil {
			return nil, err
		}
		seen := map[machine]bool{}
		for _, record := range records {
			if m := machineOf(record); !seen[m] {
				seen[m] = true
				times[m] = append(times[m], 1/record.Manifest.StepsPerSecond)
			}
		}
	}
	return times, nil
}

// speedTimes are the times of a step on one machine, a list a method: that on which
// most runs of Phase 2 and of the PINN were timed. others is how many more machines
// have times; ok is false where none has both.
func (s *Session) speedTimes(p Preset, methods []timedMethod) (on machine, times [][]float64, others int, ok bool, err error) {
	all := make([]map[machine][]float64, len(methods))
	machines := map[machine]bool{}
	for i, method := range methods {
		var runs []*Run
		for _, beta := range table2Betas {
			runs = append(runs, method.at(p, beta)...)
		}
		if all[i], err = s.stepSeconds(runs); err != nil {
			return on, nil, 0, false, err
		}
		for m := range all[i] {
			machines[m] = true
		}
	}
	most := 0
	for _, m := range slices.SortedFunc(maps.Keys(machines), func(a, b machine) int { return cmp.Compare(a.String(), b.String()) }) { // the first of several
		if n := min(len(all[timedPhase2][m]), len(all[timedPINN][m])); n > most {
			on, most = m, n
		}
	}
	for i := range methods {
		times = append(times, all[i][on])
	}
	return on, times, len(machines) - 1, most > 0, nil
}

// products are the multiplications of a step of each method, counted in its graph.
func (s *Session) products(st study) ([]int, []train.Task, error) {
	b, err := s.smallBackend()
	if err != nil {
		return nil, nil, err
	}
	_, phase2, err := exampleTasks()
	if err != nil {
		return nil, nil, err
	}
	vanilla, same := denseNet{50, 5}, denseNet{50, 1 + lrpinn.Layers}
	mu := mus(table2Betas)[0]
	tasks := []train.Task{phase2, vanilla.pinn(st, mu, 0).Task(), same.pinn(st, mu, 0).Task()}
	counts := make([]int, len(tasks))
	for i, task := range tasks {
		found, err := train.Products(b.Compute, task, 1)
		if err != nil {
			return nil, nil, err
		}
		counts[i] = train.Multiplications(found)
	}
	return counts, tasks, nil
}

func renderSpeed(_ context.Context, s *Session, p Preset) (Output, error) {
	st, err := convectionStudy(p)
	if err != nil {
		return Output{}, err
	}
	methods := speedMethods(st)
	on, times, others, ok, err := s.speedTimes(p, methods)
	if err != nil {
		return Output{}, err
	}
	cells, note, err := s.stepCells(p, st, methods, times)
	if err != nil {
		return Output{}, err
	}
	if ok {
		note = fmt.Sprintf("Measured on %s, compilation left out, while another run may have trained beside it.", on) + note
	}
	if others > 0 {
		note += fmt.Sprintf(" Beside these, the records hold times of %d other machines or formulations.", others)
	}
	out := Output{Tables: []report.Table{{ID: speed().ID, Title: "Time and operations of a step on convection", Note: note, Cells: cells}}}
	if !ok {
		return out, nil
	}
	var perStep []float64 // medians
	for _, list := range times {
		if len(list) == 0 {
			list = []float64{math.NaN()}
		}
		perStep = append(perStep, quantile(list, .5))
	}
	equal, figures, err := s.equalError(p, st, methods[:timedSameDepth], perStep, on)
	if err != nil {
		return out, err
	}
	out.Tables, out.Figures = append(out.Tables, equal), figures
	return out, nil
}

// stepCells are the time and the operations of a step, and both beside the PINN's,
// and the reason of the ratio in words.
func (s *Session) stepCells(p Preset, st study, methods []timedMethod, times [][]float64) ([]report.Cell, string, error) {
	counts, tasks, err := s.products(st)
	if err != nil {
		return nil, "", err
	}
	var cells []report.Cell
	add := func(i int, column, metric, unit string, role Role, values []float64) error {
		m := measurement{evidence: Evidence{Role: role, Smoke: p.Smoke, Values: values}}
		c, err := ours("speed", methods[i].name, column, metric, m, "", speed().Command(p))
		c.Unit = unit
		if len(values) > 1 {
			c.Seeds = nil // a value a run
		}
		cells = append(cells, c)
		return err
	}
	for i := range methods {
		var millis, ratio []float64
		for _, t := range times[i] {
			millis = append(millis, 1000*t)
			if len(times[timedPINN]) > 0 {
				ratio = append(ratio, t/quantile(times[timedPINN], .5))
			}
		}
		for _, c := range []struct {
			column, metric, unit string
			role                 Role
			values               []float64
		}{
			{"training", "step_time", "ms", RoleTime, millis},
			{"training", "multiplications", "per step", RoleCount, []float64{float64(counts[i])}},
			{"training", "trained_values", "-", RoleCount, []float64{float64(tasks[i].Count())}},
			{"beside the PINN", "step_time", "ratio", RoleTime, ratio},
			{"beside the PINN", "multiplications", "ratio", RoleTime, []float64{float64(counts[i]) / float64(counts[timedPINN])}},
		} {
			if err := add(i, c.column, c.metric, c.unit, c.role, c.values); err != nil {
				return nil, "", err
			}
		}
	}
	part := func(i int) float64 { return float64(counts[i]) / float64(counts[timedPINN]) }
	note := fmt.Sprintf(" Multiplications are those of the matrix products, forward and backward, counted in the graph that is trained: Phase 2 takes %.2f of the PINN's, and so does a dense net of its depth, %.2f. "+
		"W = U diag(s) V is formed, as in the authors' code, and multiplied like a dense layer, with a gradient of its own: what is saved is one layer (D6), and not the rank (D14).",
		part(timedPhase2), part(timedSameDepth))
	return cells, note, nil
}

// equalLevels are the errors to which the time is told: both are among those that
// Table 2 has for the method.
var equalLevels = []float64{.1, .05}

// stepsTo is the first step at which a course is at most at a level, infinite where
// none is.
func stepsTo(c course, level float64) float64 {
	for i, v := range c.values {
		if v <= level {
			return c.steps[i]
		}
	}
	return math.Inf(1)
}

// equalError tells how long Phase 2 and the PINN take to the same error, as times of
// a step times steps of the histories.
func (s *Session) equalError(p Preset, st study, methods []timedMethod, perStep []float64, on machine) (report.Table, []report.Figure, error) {
	t := report.Table{
		ID: speed().ID + "/equal-error", Title: "Steps and time to the same error",
		Note: "Medians over seeds of the first step, of every hundredth, at which the relative error on the test points is at most the level; the time is that times the median time of a step. " +
			"Phase 2 starts from a trained Phase 1, whose own time is repaid after some queries: processor time, since it runs on more threads.",
	}
	command := speed().Command(p)
	add := func(row, column, metric, unit string, role Role, value float64, otherwise string) error {
		m := measurement{evidence: Evidence{Role: role, Smoke: p.Smoke}}
		if !math.IsNaN(value) {
			m.evidence.Values = []float64{value}
		}
		c, err := ours("speed", row, column, metric, m, "", command)
		c.Unit = unit
		if math.IsInf(value, 0) {
			c.OursText, c.Values = otherwise, nil
		}
		t.Cells = append(t.Cells, c)
		return err
	}
	phase1, err := s.phase1Seconds(p, st, on)
	if err != nil {
		return t, nil, err
	}
	var panels []figure.Panel
	values := newSheet("step")
	for _, beta := range table2Betas {
		lines := figure.Lines{Title: fmt.Sprintf("(%c) β = %g", 'a'+len(panels), beta), XLabel: "processor time (s)", YLabel: "relative L2 error", LogX: true, LogY: true}
		steps := make([][]float64, len(equalLevels)) // a level, then a method
		for i, method := range methods {
			runs := method.at(p, beta)
			over, err := s.spreadOf(runs, pinn.RelProbe)
			if err != nil {
				return t, nil, err
			}
			for k, level := range equalLevels {
				to, err := s.medianStepsTo(runs, level)
				if err != nil {
					return t, nil, err
				}
				steps[k] = append(steps[k], to)
			}
			if len(over.x) == 0 {
				continue
			}
			name := fmt.Sprintf("%s, beta=%g", method.name, beta)
			values.addSpread(name, over)
			series := over.series(method.name)
			series.X = make([]float64, len(over.x))
			for k, x := range over.x {
				series.X[k] = x * perStep[i] * float64(on.threads)
			}
			values.add(name+", processor seconds", over.x, series.X)
			lines.Series = append(lines.Series, series)
			if i == timedPhase2 && !math.IsNaN(phase1) {
				after := figure.Series{Name: "Phase 1, then Phase 2", Y: series.Y, Dashed: true}
				for _, x := range series.X {
					after.X = append(after.X, x+phase1)
				}
				lines.Series = append(lines.Series, after)
			}
		}
		if len(lines.Series) > 0 {
			panels = append(panels, lines)
		}
		for k, level := range equalLevels {
			row := fmt.Sprintf("beta=%g;rel_err=%g", beta, level)
			own, other := steps[k][timedPhase2], steps[k][timedPINN]
			seconds := []float64{own * perStep[timedPhase2], other * perStep[timedPINN]}
			for i, method := range methods {
				if err := add(row, method.name, "steps", "steps", method.role, steps[k][i], "not reached"); err != nil {
					return t, nil, err
				}
			}
			// A Phase 2 that is there before its first step counts as one step.
			ratio, otherwise := seconds[timedPINN]/max(seconds[timedPhase2], perStep[timedPhase2]), "the PINN does not come there"
			switch {
			case math.IsInf(own, 1) && math.IsInf(other, 1):
				ratio, otherwise = own, "neither comes there"
			case math.IsInf(own, 1) && !math.IsNaN(other):
				ratio, otherwise = own, "Phase 2 does not come there"
			}
			if err := add(row, "PINN over Phase 2", "time", "ratio", RoleTime, ratio, otherwise); err != nil {
				return t, nil, err
			}
			saved := float64(on.threads) * (seconds[timedPINN] - seconds[timedPhase2])
			queries := max(1, math.Ceil(phase1/saved))
			if math.IsInf(own, 1) || saved <= 0 {
				queries = math.Inf(1)
			}
			if err := add(row, "Phase 1", "queries that repay it", "-", RoleCount, queries, "never"); err != nil {
				return t, nil, err
			}
		}
	}
	if len(panels) == 0 {
		return t, nil, nil
	}
	caption := fmt.Sprintf("Relative error on the test points against processor time, a step at the median time of its method on %s: medians and quartiles over seeds. "+
		"Phase 2 is at full rank; dashed, with the time of the Phase 1 that many queries share.%s", on,
		reducedNote(joinReasons(prefixed("Phase 1: ", reduced(p.Phase1Steps, paperPhase1Steps)), prefixed("Phase 2: ", reduced(p.Phase2Steps, paperPhase2Steps)))))
	f, err := drawn(speed(), p, caption, figure.Row{Panels: panels}, values.head, values.rows())
	return t, []report.Figure{f}, err
}

// medianStepsTo is the median over runs of the steps to a level; NaN without runs.
func (s *Session) medianStepsTo(runs []*Run, level float64) (float64, error) {
	var all []float64
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return 0, err
		}
		if record == nil {
			continue
		}
		all = append(all, stepsTo(probedCourse(record, pinn.RelProbe), level))
	}
	if len(all) == 0 {
		return math.NaN(), nil
	}
	return quantile(all, .5), nil
}

// phase1Seconds is the processor time of Phase 1 on a machine, whatever threads a run
// has there, the median over seeds; NaN without records.
func (s *Session) phase1Seconds(p Preset, st study, on machine) (float64, error) {
	var all []float64
	for _, seed := range p.Seeds {
		records, err := s.timed(st.phase1(seed))
		if err != nil {
			return 0, err
		}
		for _, record := range records {
			m := machineOf(record)
			m.threads = on.threads
			if m == on {
				all = append(all, float64(st.steps.phase1)/record.Manifest.StepsPerSecond*float64(record.Manifest.Backend.Threads))
			}
		}
	}
	if len(all) == 0 {
		return math.NaN(), nil
	}
	return quantile(all, .5), nil
}
