// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"math"
	"slices"
	"testing"

	"pinn.example/repro/lab/checks"
)

func TestPINNPParameters(t *testing.T) {
	right := func(c, p, w, h int) int { return (c+p+1)*w + (h-1)*(w+1)*w + w + 1 }
	of := func(f func(c, p, w, h int) int) error { return checks.PINNPParameters(f) }
	verdicts(t, []hinted{
		{"solution", of(right), ""},
		{"student", of(func(_, _, _, _ int) int { return 0 }), "layer by layer"},
		{"no μ", of(func(c, p, w, h int) int { return right(c, p, w, h) - p*w }), "a row of the first weight"},
		{"no output bias", of(func(c, p, w, h int) int { return right(c, p, w, h) - 1 }), "output has a bias"},
		{"no biases", of(func(c, p, w, h int) int { return right(c, p, w, h) - h*w - 1 }), "biases are missing"},
		{"one layer more", of(func(c, p, w, h int) int { return right(c, p, w, h+1) }), "hidden − 1"},
	})
}

func TestMidpointError(t *testing.T) {
	right := func(delta float64) float64 {
		a := delta / 2
		return math.Sqrt((1.5 - 2*math.Sin(a)/a + math.Sin(2*a)/(4*a)) / 3)
	}
	verdicts(t, []hinted{
		{"solution", checks.MidpointError(right), ""},
		{"student", checks.MidpointError(func(float64) float64 { return 0 }), "square it"},
		{"no root", checks.MidpointError(func(d float64) float64 { return right(d) * right(d) }), "root of the ratio"},
		{"not divided", checks.MidpointError(func(d float64) float64 { return right(d) * math.Sqrt(1.5) }), "3/2"},
		{"no half", checks.MidpointError(func(d float64) float64 { return right(d) * math.Sqrt2 }), "sin² over x"},
		{"whole Δ", checks.MidpointError(func(d float64) float64 { return right(2 * d) }), "half of Δ"},
		{"NaN", checks.MidpointError(func(float64) float64 { return math.NaN() }), "not a number"},
	})
}

func TestNextSetting(t *testing.T) {
	middle := func(trained []float64) float64 {
		next, widest := 0., 0.
		for i := 1; i < len(trained); i++ {
			if gap := trained[i] - trained[i-1]; gap > widest {
				next, widest = trained[i-1]+gap/2, gap
			}
		}
		return next
	}
	verdicts(t, []hinted{
		{"solution", checks.NextSetting(func(x []float64) float64 { return middle(slices.Sorted(slices.Values(x))) }), ""},
		{"student", checks.NextSetting(func(x []float64) float64 { return x[0] }), "there already"},
		{"not sorted", checks.NextSetting(middle), "in order"},
		{"sorted in place", checks.NextSetting(func(x []float64) float64 { slices.Sort(x); return middle(x) }), "sort a copy"},
		{"whole range", checks.NextSetting(func(x []float64) float64 { return (slices.Min(x) + slices.Max(x)) / 2 }), "whole range"},
		{"beyond", checks.NextSetting(func(x []float64) float64 { return slices.Max(x) + 1 }), "beyond the settings"},
		{"empty", checks.NextSetting(func([]float64) float64 { panic("index out of range") }), "panics"},
	})
}

func TestPaysFrom(t *testing.T) {
	verdicts(t, []hinted{
		{"solution", checks.PaysFrom(6), ""},
		{"student", checks.PaysFrom(0), "both costs"},
		{"equal", checks.PaysFrom(5), "equal"},
		{"a step is a step", checks.PaysFrom(2), "five times"},
	})
}

func TestSaturatedShare(t *testing.T) {
	a := 1 / math.Sqrt(5)
	of := func(f func(beta float64) float64) error { return checks.SaturatedShare(f) }
	verdicts(t, []hinted{
		{"solution", of(func(beta float64) float64 { return 1 - 2/(a*beta) }), ""},
		{"student", of(func(float64) float64 { return 1 }), "which share"},
		{"not saturated", of(func(beta float64) float64 { return 2 / (a * beta) }), "not saturated"},
		{"half the interval", of(func(beta float64) float64 { return 1 - 1/(a*beta) }), "twice as long"},
		{"half of w", of(func(beta float64) float64 { return 1 - 4/(a*beta) }), "length 2a"},
		{"not divided", of(func(beta float64) float64 { return 1 - 2/beta }), "is right"},
		{"no share", of(func(beta float64) float64 { return beta }), "between 0 and 1"},
	})
}
