// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"math"
	"slices"

	"pinn.example/repro/lrpinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// course is how a quantity went while a run trained.
type course struct{ steps, values []float64 }

// physicsLoss is the course of the training loss without the orthogonality term,
// which only Phase 1 has.
func physicsLoss(r *store.Record) course {
	var c course
	for _, row := range r.History.Rows {
		if row.Terms == nil {
			continue
		}
		c.steps, c.values = append(c.steps, float64(row.Step)), append(c.values, physicsOf(r.History.Terms, row))
	}
	return c
}

// physicsOf is that loss at a row that has terms, by their names.
func physicsOf(terms []string, row train.Row) float64 {
	sum := 0.
	for i, name := range terms {
		if name != lrpinn.OrthogonalityTerm {
			sum += row.Terms[i]
		}
	}
	return sum
}

// probedCourse is the course of a probe; it is empty where the run has none of this name.
func probedCourse(r *store.Record, name string) course {
	var c course
	i := slices.Index(r.History.Probes, name)
	if i < 0 {
		return c
	}
	for _, row := range r.History.Rows {
		if row.Probes != nil {
			c.steps, c.values = append(c.steps, float64(row.Step)), append(c.values, row.Probes[i])
		}
	}
	return c
}

// near is the value at the step that is nearest to one, within 5 % of it: of the course
// of a published record only some rows are there. It is false where there is none. (A run
// that diverges leaves no record.)
func (c course) near(step float64) (value float64, ok bool) {
	best := .05 * step
	for i, at := range c.steps {
		if far := math.Abs(at - step); far <= best {
			value, best, ok = c.values[i], far, true
		}
	}
	return value, ok
}
