// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// staged is whether the loss changes what it is from stage to stage of the training.
func (f finishedRun) staged() bool {
	switch f.Config.Model.(type) {
	case slabsModel, curriculumModel:
		return true
	}
	return false
}

const (
	// seedsPart is how many times the error of the best seed that of the worst is where
	// the seed is called the reason of a difference.
	seedsPart = 3
	// standing is how many times the loss before half of the steps may be that before the
	// end, or the other way round, where training is said to stand still. Both are medians
	// over a quarter of the steps, since a loss under Adam jumps.
	standing = 1.25
	// unsolved is the least part of the loss at the start, before Phase 1 or meta-learning
	// where there was one, that a last loss must be to be the reason of an error.
	unsolved = 1e-4
)

// why is the measured reason why the number is not the published one, empty where
// none is known: what is measured beside it, else that the published value is one of
// those that the seeds scatter over and what the course of training shows.
func (m measurement) why(metricName string, published float64) string {
	e := m.evidence
	if e.Because != "" || len(e.Values) == 0 || e.Role != RoleMethod && e.Role != RoleBaseline {
		return e.Because
	}
	s := e.sample(e.Values, published)
	switch {
	case !finite(s.mean):
		return ""
	case s.beats():
		return m.passed(metricName, s)
	}
	reasons := joinReasons(m.scattered(published), m.ended())
	if reasons == "" {
		return ""
	}
	beside := ""
	if e.Spurious > 0 {
		beside = ", beside the spurious runs"
	}
	return fmt.Sprintf("the measured reason%s: %s", beside, reasons)
}

// scattered says that the error depends on the seed, where the published value is among
// those of the networks that are not spurious.
func (m measurement) scattered(published float64) string {
	values, those := m.evidence.Values, ""
	if m.evidence.Spurious > 0 {
		if _, values = m.parted(); values == nil {
			return ""
		}
		those = fmt.Sprintf(" among the %d that are not spurious", len(values))
	}
	if len(values) < minSeeds {
		return ""
	}
	low, high := slices.Min(values), slices.Max(values)
	if high <= seedsPart*low || low > published*(1+relativeMargin) || published > high {
		return ""
	}
	return fmt.Sprintf("it depends on the seed, from %.3g to %.3g with a median of %.3g%s", low, high, quantile(values, .5), those)
}

// parted are the values of spurious networks and those of the others; none where it is not
// known which are which.
func (m measurement) parted() (spurious, others []float64) {
	if len(m.found) != len(m.evidence.Values) {
		return nil, nil
	}
	for i, f := range m.found {
		if v := m.evidence.Values[i]; f.ev.Spurious {
			spurious = append(spurious, v)
		} else {
			others = append(others, v)
		}
	}
	return spurious, others
}

// passed says from which step on an error is below the published one, where that is in
// the second half of training: what is below it long before would be so after other
// numbers of steps too. Of seeds some of which are spurious it says whether the
// published value is one of those.
func (m measurement) passed(metricName string, s sample) string {
	if m.evidence.Spurious > 0 {
		return m.asSpurious(s.published)
	}
	steps, means := m.meanProbe(metricName)
	if len(steps) == 0 || math.Abs(means[len(means)-1]-s.mean) > .01*math.Abs(s.mean) {
		return "" // what the probes measure is not what the number does
	}
	at := len(means)
	for at > 0 && means[at-1] <= s.published {
		at--
	}
	if at == len(means) || 2*steps[at] <= steps[len(steps)-1] {
		return ""
	}
	return fmt.Sprintf("the measured reason: it depends on how long it is trained; from step %g of %g on the error is below the published one", steps[at], steps[len(steps)-1])
}

// asSpurious says that the published value is that of the networks that are spurious, as
// far as the relative margin goes, where all others are far below these.
func (m measurement) asSpurious(published float64) string {
	spurious, others := m.parted()
	if len(others) == 0 || len(m.evidence.Values) < minSeeds || len(spurious) != m.evidence.Spurious {
		return "" // a network on many settings may be spurious at another than that of f.ev
	}
	low, high, best := slices.Min(spurious), slices.Max(spurious), slices.Max(others)
	if seedsPart*best >= low || published < low*(1-relativeMargin) || published > high*(1+relativeMargin) {
		return ""
	}
	return fmt.Sprintf("the measured reason: it depends on the seed; the published value is near those of the spurious networks (%d, from %.3g to %.3g) and far from the others (%d, from %.3g to %.3g)",
		len(spurious), low, high, len(others), slices.Min(others), best)
}

// meanProbe is a probe's mean over the runs, at the steps that all of them have.
func (m measurement) meanProbe(name string) (steps, means []float64) {
	sums, counts := map[float64]float64{}, map[float64]int{}
	for _, f := range m.found {
		if f.staged() {
			return nil, nil
		}
		c := probedCourse(f.record, name)
		for i, step := range c.steps {
			sums[step] += c.values[i]
			counts[step]++
		}
	}
	for step, n := range counts {
		if n == len(m.found) {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	for _, step := range steps {
		means = append(means, sums[step]/float64(len(m.found)))
	}
	return steps, means
}

// ended says how the loss went in the second half of training, and what is left of it,
// where most networks have a loss that says something of their error.
func (m measurement) ended() string {
	var last []float64
	parts := map[string][]float64{} // of the last loss
	fell, rose, seen := 0, 0, 0
	for _, f := range m.found {
		end, ok := f.endOfTraining()
		if !ok {
			continue
		}
		seen++
		switch {
		case end.half > standing*end.last:
			fell++
		case end.last > standing*end.half:
			rose++
		}
		last = append(last, end.last)
		for name, part := range end.parts {
			parts[name] = append(parts[name], part)
		}
	}
	if 2*seen <= len(m.found) {
		return ""
	}
	var ways []string
	for _, way := range []struct {
		n    int
		what string
	}{{seen - fell - rose, "stands still"}, {fell, "is still falling"}, {rose, "is rising"}} {
		switch {
		case way.n == seen:
			ways = []string{way.what}
		case way.n > 0:
			ways = append(ways, fmt.Sprintf("%s in %d", way.what, way.n))
		}
	}
	largest, part := "", 0.
	for name, of := range parts {
		if p := quantile(of, .5); p > part || p == part && name < largest {
			largest, part = name, p
		}
	}
	of := fmt.Sprintf("the loss of all %d networks", seen)
	switch {
	case seen == 1 && len(m.found) == 1:
		of = "the loss"
	case seen < len(m.found):
		of = fmt.Sprintf("the loss of %d networks of %d, which are not spurious,", seen, len(m.found))
	}
	return fmt.Sprintf("when training ends %s %s at %.3g in the median, %.0f %% of it the %s term",
		of, strings.Join(ways, ", "), quantile(last, .5), 100*part, largest)
}

// trainingEnd is how a loss stood before half of the steps and before the last.
type trainingEnd struct {
	half, last float64
	parts      map[string]float64 // of the latter, by term
}

// endOfTraining is false of a network whose loss says nothing of its error: one that is
// spurious at some setting, whose loss changes from stage to stage, or is as good as
// none. It reads the rows that a published record has, so that it says the same of both.
func (f finishedRun) endOfTraining() (trainingEnd, bool) {
	var end trainingEnd
	rows := slices.DeleteFunc(slices.Clone(store.Thinned(f.record.History.Rows)), func(r train.Row) bool { return r.Terms == nil })
	spurious := slices.ContainsFunc(f.record.Metrics.Evaluations, func(ev pinn.Evaluation) bool { return ev.Spurious })
	if spurious || f.staged() || len(rows) < 2 {
		return end, false
	}
	before := func(step int, of func(train.Row) float64) float64 { // the median over a quarter of the steps
		var values []float64
		for _, r := range rows {
			if r.Step <= step && 4*r.Step > 4*step-rows[len(rows)-1].Step {
				values = append(values, of(r))
			}
		}
		if len(values) == 0 {
			return math.NaN()
		}
		return quantile(values, .5)
	}
	final := rows[len(rows)-1].Step
	end.half, end.last = before(final/2, train.Row.Total), before(final, train.Row.Total)
	if !(end.half > 0 && end.last >= unsolved*f.begun) {
		return end, false
	}
	end.parts = map[string]float64{}
	for i, name := range f.record.History.Terms {
		end.parts[name] = before(final, func(r train.Row) float64 { return r.Terms[i] / r.Total() })
	}
	return end, true
}
