// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// series is a real 2π-periodic function: c_k of Σ c_k e^{ikx} for k = 0, 1, …;
// c_{−k} is the conjugate of c_k.
type series []complex128

// newSeries returns the Fourier coefficients of an initial condition for
// k ≤ modes.
//
// A discrete transform of n samples returns c_k + c_{k±n} + c_{k±2n} + …, and a
// kink makes those foreign coefficients fall as slowly as 1/n². Their sum is a
// power series in 1/n² (Euler and Maclaurin), so n and 2n together remove its
// first term: what remains is of the order of 1/n⁴.
func newSeries(initial Initial, modes int) series {
	n := 16 * modes
	coarse := transform(initial, n)
	fine := transform(initial, 2*n)
	s := make(series, modes+1)
	for k := range s {
		s[k] = (4*fine[k] - coarse[k]) / 3
	}
	return s
}

// transform returns the discrete Fourier coefficients of n samples on [0, 2π),
// for k = 0 to n/2.
func transform(initial Initial, n int) series {
	u := make([]float64, n)
	for j := range u {
		u[j] = initial.At(2 * math.Pi * float64(j) / float64(n))
	}
	s := fourier.NewFFT(n).Coefficients(nil, u)
	for k := range s {
		s[k] /= complex(float64(n), 0)
	}
	return s
}

// at evaluates the series: Re(c_0 + 2 Σ c_k z^k) with z = e^{ix}.
func (s series) at(x float64) float64 {
	z := cmplx.Rect(1, x)
	var sum complex128
	for k := len(s) - 1; k > 0; k-- {
		sum = (sum + s[k]) * z
	}
	return real(s[0]) + 2*real(sum)
}

// trimmed is the series without the highest modes that are too small to show
// beside a value of order 1.
func (s series) trimmed() series {
	const small = 1e-17 // thousands of these do not add up to 1e-13
	k := len(s)
	for k > 1 && max(math.Abs(real(s[k-1])), math.Abs(imag(s[k-1]))) < small {
		k--
	}
	return s[:k]
}

// diffusion is w_t = ν w_xx in closed form: c_k(t) = c_k(0) e^{−νk²t}.
type diffusion struct {
	nu      float64
	initial series
	now     series
}

// diffusionModes keeps the first mode that is left out below e^{−33} of its
// start from νt = 2e-6 on.
const diffusionModes = 4096

func newDiffusion(initial Initial, nu float64) *diffusion {
	s := newSeries(initial, diffusionModes)
	return &diffusion{nu: nu, initial: s, now: make(series, len(s))}
}

func (d *diffusion) advance(t float64) (series, error) {
	for k, c := range d.initial {
		d.now[k] = c * complex(math.Exp(-d.nu*float64(k)*float64(k)*t), 0)
	}
	return d.now.trimmed(), nil
}
