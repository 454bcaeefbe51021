// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"maps"
	"math"
	"slices"

	"pinn.example/repro/figure"
	"pinn.example/repro/reproduce/store"
)

// spread is a quantity over seeds at each x, such as a step: median and quartiles.
type spread struct {
	x, median, lower, upper []float64
	runs                    int
}

// spreadOf is the course of a probe over runs that differ in their seed, at the
// steps that all their records have; it is empty where there is no record.
func (s *Session) spreadOf(runs []*Run, probe string) (spread, error) {
	return s.spreadBy(runs, func(record *store.Record) course { return probedCourse(record, probe) })
}

// spreadBy is the same of any course.
func (s *Session) spreadBy(runs []*Run, of func(record *store.Record) course) (spread, error) {
	var out spread
	at := map[float64][]float64{}
	for _, r := range runs {
		record, err := s.Find(r)
		if err != nil {
			return out, err
		}
		if record == nil {
			continue
		}
		out.runs++
		c := of(record)
		for i, step := range c.steps {
			if !math.IsNaN(c.values[i]) {
				at[step] = append(at[step], c.values[i])
			}
		}
	}
	for _, step := range slices.Sorted(maps.Keys(at)) {
		values := at[step]
		if len(values) < out.runs {
			continue
		}
		out.x = append(out.x, step)
		out.median = append(out.median, quantile(values, .5))
		out.lower = append(out.lower, quantile(values, .25))
		out.upper = append(out.upper, quantile(values, .75))
	}
	return out, nil
}

// series draws it: the band from quartile to quartile, where there are several
// seeds.
func (c spread) series(name string) figure.Series {
	line := figure.Series{Name: name, X: c.x, Y: c.median}
	if c.runs > 1 {
		line.Lo, line.Hi = c.lower, c.upper
	}
	return line
}

// sheet joins columns over one first column into the rows of a CSV file; it is NaN
// where a column has no value.
type sheet struct {
	head []string
	at   map[float64]map[string]float64
}

func newSheet(first string) *sheet {
	return &sheet{head: []string{first}, at: map[float64]map[string]float64{}}
}

// add appends a column; x and y have the same length.
func (t *sheet) add(name string, x, y []float64) {
	t.head = append(t.head, name)
	for i := range x {
		if t.at[x[i]] == nil {
			t.at[x[i]] = map[string]float64{}
		}
		t.at[x[i]][name] = y[i]
	}
}

// addSpread appends a column for the median and one for each quartile.
func (t *sheet) addSpread(name string, c spread) {
	t.add(name+", median", c.x, c.median)
	t.add(name+", lower quartile", c.x, c.lower)
	t.add(name+", upper quartile", c.x, c.upper)
}

// ends are the first and the last of the first column.
func (t *sheet) ends() (float64, float64) {
	x := slices.Sorted(maps.Keys(t.at))
	return x[0], x[len(x)-1]
}

func (t *sheet) rows() [][]float64 {
	var rows [][]float64
	for _, x := range slices.Sorted(maps.Keys(t.at)) {
		row := []float64{x}
		for _, name := range t.head[1:] {
			y, ok := t.at[x][name]
			if !ok {
				y = math.NaN()
			}
			row = append(row, y)
		}
		rows = append(rows, row)
	}
	return rows
}
