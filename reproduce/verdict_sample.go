// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"strconv"
)

// sample is our values for the seeds beside the published value.
type sample struct {
	n         int
	mean, sd  float64 // sd is NaN for one value
	published float64
	higher    bool // better
	what      string
}

func (e Evidence) sample(values []float64, published float64) sample {
	s := sample{n: len(values), published: published, higher: e.HigherIsBetter}
	s.mean, s.sd = meanAndSD(values)
	if s.n < 2 {
		s.sd = math.NaN()
	}
	return s
}

// ratio is the sample of a time divided by the mean reference time.
func (e Evidence) ratio() sample {
	ref := e.sample(e.References, *e.PublishedReference)
	ratios := make([]float64, len(e.Values))
	for i, v := range e.Values {
		ratios[i] = v / ref.mean
	}
	s := e.sample(ratios, *e.Published / *e.PublishedReference)
	s.what = "as a ratio, "
	return s
}

// margin is how far the published value may be from our mean.
func (s sample) margin() float64 {
	m := relativeMargin * math.Abs(s.mean)
	if s.n >= minSeeds {
		m = max(m, sdMargin*min(s.sd, sdCap*math.Abs(s.mean)))
	}
	return m
}

// rounding keeps a value on the edge of the margin within it.
const rounding = 1 + 1e-12

func (s sample) within() bool {
	return math.Abs(s.published-s.mean) <= s.margin()*rounding
}

// beats is whether ours is better than the published value by more than the
// margin. It is false for NaN.
func (s sample) beats() bool { return s.better(s.published) }

func (s sample) better(than float64) bool {
	gain := than - s.mean
	if s.higher {
		gain = -gain
	}
	return gain > s.margin()*rounding
}

func (s sample) String() string {
	seeds := fmt.Sprintf("%d seeds", s.n)
	if s.n == 1 {
		seeds = "one seed"
	}
	ours := number(s.mean)
	if s.n > 1 {
		ours += " ± " + number(s.sd)
	}
	return fmt.Sprintf("%spublished %s, ours %s (%s)", s.what, number(s.published), ours, seeds)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
