// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
	"strings"
)

// Initial is an initial condition u(x, 0) = At(x) on [0, 2π).
//
// At is only read inside [0, 2π): the problem is its periodic extension, which
// must be continuous, and smooth but for a jump of the slope at x = 0.
type Initial struct {
	// Name is the initial condition's part of a problem's ID.
	Name string
	At   func(x float64) float64
}

// The initial conditions of the Hyper-LR-PINN paper, under the names of the
// authors' generator. Both Gaussians have peak 1: what the paper writes as a
// normal distribution is unnormalised in its code. Their periodic extensions
// have a kink at x = 0 (the slope jumps by 0.345 for the wide one, by 3.4e-3 for the
// narrow).
var (
	// OnePlusSin is 1 + sin x, of the convection problem (footnote 4).
	OnePlusSin = Initial{"1+sin(x)", func(x float64) float64 { return 1 + math.Sin(x) }}
	// GaussWide is N(π, (π/2)²), of Table 4.
	GaussWide = Initial{"gauss_pi_2", func(x float64) float64 { return gauss(x, math.Pi/2) }}
	// GaussNarrow is N(π, (π/4)²), which the authors call "gauss".
	GaussNarrow = Initial{"gauss_pi_4", func(x float64) float64 { return gauss(x, math.Pi/4) }}
)

// InitialNamed returns the paper's initial condition of this name.
func InitialNamed(name string) (Initial, error) {
	var names []string
	for _, initial := range []Initial{OnePlusSin, GaussWide, GaussNarrow} {
		if initial.Name == name {
			return initial, nil
		}
		names = append(names, initial.Name)
	}
	return Initial{}, fmt.Errorf("unknown initial condition %q; use one of %s", name, strings.Join(names, ", "))
}

// gauss is exp(−((x−π)/sigma)²/2).
func gauss(x, sigma float64) float64 {
	z := (x - math.Pi) / sigma
	return math.Exp(-z * z / 2)
}

// periodic returns the point of [0, 2π) that is x up to whole periods.
func periodic(x float64) float64 {
	x = math.Mod(x, 2*math.Pi)
	if x < 0 {
		x += 2 * math.Pi
	}
	if x >= 2*math.Pi { // a tiny negative x rounds up to the whole period
		return 0
	}
	return x
}
