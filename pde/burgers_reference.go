// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
)

// burgersNuReference is the least viscosity that Reference accepts.
const burgersNuReference = 1e-6

// Reference implements Problem, by the Cole-Hopf transformation. Points may be
// anywhere with t ≥ 0 and |x| ≤ 1, in any order, and ν must be at least 1e-6.
//
// The error is at most 1e-14 at any point for the paper's ν and 1e-11 at
// ν = 1e-6, by the rounding of exponents of size 1/2πν (measured in 30 digits on
// and off the grid, in the front too). The whole grid takes about 30 ms on one
// core for the paper's ν, .1 s for ν = 1 and .4 s for ν = 1e-6. Points of equal t
// should follow each other, as they do on a grid: at scattered times a point
// takes half as long again.
func (b Burgers) Reference(mu []float64, at [][]float64) ([]float64, error) {
	if err := b.Check(mu); err != nil {
		return nil, err
	}
	nu := mu[0]
	if nu < burgersNuReference {
		return nil, fmt.Errorf("burgers: nu is %g, too small for the reference solution; give at least %g", nu, burgersNuReference)
	}
	for i, p := range at {
		if len(p) != 2 {
			return nil, fmt.Errorf("burgers: point %d has %d coordinates; give t and x", i, len(p))
		}
		if t, x := p[0], p[1]; !(t >= 0) || math.IsInf(t, 0) || !(math.Abs(x) <= 1) {
			return nil, fmt.Errorf("burgers: point %d is t=%g, x=%g; give a finite t ≥ 0 and an x in [-1, 1]", i, t, x)
		}
	}
	c := newColeHopf(nu, coleHopfResolution, coleHopfReach)
	u := make([]float64, len(at))
	for i, p := range at {
		u[i] = c.at(p[0], p[1])
	}
	return u, nil
}

// coleHopf evaluates the solution of Burgers' equation for one ν. Cole and Hopf
// (Cole, Quart. Appl. Math. 9 (1951), 225-236) have
//
//	u(t, x) = ∫ (x−η)/t e^{−G/2ν} dη / ∫ e^{−G/2ν} dη,
//	G(η) = ∫₀^η u(0, s) ds + (x−η)²/2t,   ∫₀^η u(0, s) ds = (cos(πη) − 1)/π.
//
// Integrated by parts, (x−η)/t becomes u(0, η): the solution is a mean of its
// initial values. That is what is computed, since nothing is divided by t and
// nothing can leave [−1, 1].
//
// Both integrals are sums over equally spaced η = x ± z, whose error falls
// exponentially with the spacing, for the integrand is entire and vanishes at
// both ends (Trefethen and Weideman, SIAM Review 56 (2014), sec. 5).
type coleHopf struct {
	nu         float64
	resolution float64
	reach      float64

	t        float64 // that of nodes
	step     float64 // the spacing of nodes
	nodes    []coleHopfNode
	exponent []float64 // of x, x+z₁, x−z₁, x+z₂, …
}

// coleHopfNode is a pair of nodes η = x ± z.
type coleHopfNode struct {
	sin, cos float64 // of πz
	exponent float64 // z²/4νt
}

const (
	// coleHopfResolution is how many nodes there are to the standard deviation
	// of the narrowest peak of the integrand. Were it Gaussian, the error of the
	// sum would be 2 e^{−2π²r²}: 5e-9 for r = 1. It is not; with 2, theorem 5.1 of
	// Trefethen and Weideman leaves less than 3e-16 in u for every ν and t.
	coleHopfResolution = 2
	// coleHopfReach is where the integrand is cut off, as a number of standard
	// deviations of a Gaussian that is above it: e^{−9²/2} = 3e-18.
	coleHopfReach = 9
	// coleHopfStep is the largest spacing, 20 nodes to the period of the initial
	// condition: where ν is large, that is what has to be resolved.
	coleHopfStep = .1
	// coleHopfGone is the νt from which u is 0: |u| ≤ 2 e^{−π²νt} < 2e-17.
	coleHopfGone = 4
	// coleHopfSmall is an exponent from which a term does not count: thousands of
	// e^{−46} = 1e-20 do not add up to a rounding of 1.
	coleHopfSmall = -46
)

func newColeHopf(nu, resolution, reach float64) *coleHopf {
	return &coleHopf{nu: nu, resolution: resolution, reach: reach}
}

// at returns u(t, x) for t ≥ 0 and |x| ≤ 1.
func (c *coleHopf) at(t, x float64) float64 {
	switch {
	case 2*c.nu*t == 0: // also where the product is too small for a float64
		return burgersStart(x)
	case c.nu*t > coleHopfGone:
		return 0
	case c.t != t:
		c.prepare(t)
	}

	// cos(π(x±z)) and sin(π(x±z)) by the addition theorems: no sine a node, and
	// u(t, −x) = −u(t, x) to the last bit.
	sin, cos := sinPi(x), math.Cos(math.Pi*x)
	a := 1 / (2 * math.Pi * c.nu)
	largest := -a * cos
	c.exponent[0] = largest
	for k, n := range c.nodes {
		even, odd := -a*cos*n.cos-n.exponent, a*sin*n.sin
		c.exponent[2*k+1], c.exponent[2*k+2] = even+odd, even-odd
		largest = max(largest, even+math.Abs(odd))
	}

	weight := math.Exp(c.exponent[0] - largest)
	sum, moment := weight, weight*sin
	for k, n := range c.nodes {
		var right, left float64
		if e := c.exponent[2*k+1] - largest; e > coleHopfSmall {
			right = math.Exp(e)
		}
		if e := c.exponent[2*k+2] - largest; e > coleHopfSmall {
			left = math.Exp(e)
		}
		sum += right + left
		moment += sin*n.cos*(right+left) + cos*n.sin*(right-left)
	}
	return -moment / sum
}

// prepare computes what the nodes of all points of a time share.
func (c *coleHopf) prepare(t float64) {
	c.t = t
	width := math.Sqrt(2 * c.nu * t) // of e^{−(x−η)²/4νt}

	// G″ = 1/t − π cos(πη) is at most 1/t + π: no peak is narrower than
	// √(2ν/(1/t+π)).
	c.step = min(width/math.Sqrt(1+math.Pi*t)/c.resolution, coleHopfStep)

	// Since |u(0, η)| ≤ 1, G is least within t of x, and at a distance d beyond
	// that it is more by d²/2t. Since its periodic part has a minimum within 1 of
	// x, G is also more by (z²−1)/2t at the distance z, which is less to sum for
	// t near 1.
	reach := c.reach * width
	reach = min(t+reach, math.Hypot(1, reach))

	c.nodes = c.nodes[:0]
	for k := 1; float64(k-1)*c.step < reach; k++ {
		z := float64(k) * c.step
		sin, cos := math.Sincos(math.Pi * z)
		c.nodes = append(c.nodes, coleHopfNode{sin, cos, (z / width) * (z / width) / 2})
	}
	c.exponent = append(c.exponent[:0], make([]float64, 1+2*len(c.nodes))...)
}
