// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

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
	// standing is how many times the loss after half of the steps may be that after
	// all of them where training is said to stand still.
	standing = 1.1
	// unsolved is the least part of the first loss that a last one must be to be the
	// reason of an error.
	unsolved = 1e-4
)

// why is the measured reason why the number is not the published one, empty where
// none is known: what is measured beside it, else that the published value is one of
// those that the seeds scatter over, else what the course of training shows.
func (m measurement) why(metricName string, published float64) string {
	e := m.evidence
	if e.Because != "" || len(e.Values) == 0 || e.Role != RoleMethod && e.Role != RoleBaseline {
		return e.Because
	}
	s := e.sample(e.Values, published)
	low, high := slices.Min(e.Values), slices.Max(e.Values)
	switch {
	case !finite(s.mean):
		return ""
	case s.n >= minSeeds && high > seedsPart*low && low <= published && published <= high:
		return fmt.Sprintf("the measured reason: it depends on the seed, from %.3g to %.3g with a median of %.3g", low, high, quantile(e.Values, .5))
	case s.beats():
		return m.passed(metricName, s)
	}
	return m.ended()
}

// passed says from which step on an error is below the published one.
func (m measurement) passed(metricName string, s sample) string {
	steps, means := m.meanProbe(metricName)
	if len(steps) == 0 || math.Abs(means[len(means)-1]-s.mean) > .01*math.Abs(s.mean) {
		return "" // what the probes measure is not what the number does
	}
	at := len(means)
	for at > 0 && means[at-1] <= s.published {
		at--
	}
	if at == 0 || at == len(means) {
		return ""
	}
	return fmt.Sprintf("the measured reason: it depends on how long it is trained; from step %g of %g on the error is below the published one", steps[at], steps[len(steps)-1])
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

// ended says what is left of the loss at the end of training, and whether it was
// still falling, by the runs that are not spurious.
func (m measurement) ended() string {
	var first, half, last []float64
	parts := map[string][]float64{} // of the last loss
	for _, f := range m.found {
		history := f.record.History
		rows := slices.DeleteFunc(slices.Clone(history.Rows), func(r train.Row) bool { return r.Terms == nil })
		if f.ev.Spurious || f.staged() || len(rows) < 2 {
			continue
		}
		end := rows[len(rows)-1]
		before := rows[0]
		for _, r := range rows {
			if 2*r.Step <= end.Step {
				before = r
			}
		}
		first, half, last = append(first, rows[0].Total()), append(half, before.Total()), append(last, end.Total())
		for i, name := range history.Terms {
			parts[name] = append(parts[name], end.Terms[i]/end.Total())
		}
	}
	if len(last) == 0 {
		return ""
	}
	was, is := quantile(half, .5), quantile(last, .5)
	if !(is >= unsolved*quantile(first, .5)) {
		return ""
	}
	largest, part := "", 0.
	for name, of := range parts {
		if p := quantile(of, .5); p > part || p == part && name < largest {
			largest, part = name, p
		}
	}
	who := ""
	if len(last) < len(m.found) {
		who = fmt.Sprintf("of the other %d ", len(last))
	}
	left := fmt.Sprintf("from %.3g after half of the steps to %.3g after all (medians), %.0f %% of it the %s term", was, is, 100*part, largest)
	if was > standing*is {
		return fmt.Sprintf("the measured reason: training %shas not come to its end: the loss was still falling, %s", who, left)
	}
	return fmt.Sprintf("the measured reason: training %sstands still with a loss that is not small: it went %s", who, left)
}
