// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import "fmt"

// Lorenz is the Lorenz system (HyperPINN sec. 3.2, eq. 4)
//
//	ẋ = σ (y − x),   ẏ = x (ρ − z) − y,   ż = x y − β z
//
// with parameters μ = (σ, ρ, β) and states (x, y, z).
type Lorenz struct{}

// LorenzTight is the tolerance of reference trajectories of the Lorenz system.
//
// At ρ = 28 neighbouring trajectories part as e^{0.9 t}: 25 s multiply an error by
// 6e9, and a tenth of the tolerance buys 2.6 s of an accurate trajectory. On the 100
// cases of [LorenzData.Test] with seed 0, against Taylor series in quadruple
// precision:
//
//	rel = abs                          1e-8   1e-10  1e-12  SciPyDefault
//	mean squared error of a component  1.0    0.046  1e-6   15.5
//	largest error, up to 10 s          7e-3   8e-5   9e-7   33
//	largest error, up to 25 s          37     33     0.17   38
//	all within 1e-3 up to              4.3 s  13.5 s 18 s   0.03 s
//
// So at 1e-10 single trajectories are lost before 25 s. The rounding of float64
// itself leaves about 4e-3 of the largest error.
var LorenzTight = Tolerance{Rel: 1e-12, Abs: 1e-12}

// Parameters lists the entries of μ in order.
func (Lorenz) Parameters() []string { return []string{"sigma", "rho", "beta"} }

// Check returns an error that says what to do unless mu is three finite numbers.
func (l Lorenz) Check(mu []float64) error {
	if len(mu) != 3 {
		return fmt.Errorf("lorenz: %d parameters; give sigma, rho and beta", len(mu))
	}
	for i, name := range l.Parameters() {
		if !finite(mu[i]) {
			return fmt.Errorf("lorenz: %s is %g; give a finite number", name, mu[i])
		}
	}
	return nil
}

// Field writes the right-hand side at a state.
func (Lorenz) Field(mu, state, dstate []float64) {
	sigma, rho, beta := mu[0], mu[1], mu[2]
	x, y, z := state[0], state[1], state[2]
	dstate[0] = sigma * (y - x)
	dstate[1] = x*(rho-z) - y
	dstate[2] = x*y - beta*z
}

// Trajectory returns the states at the times, [time][component], from start at
// times[0]. For what it refuses see [DormandPrince].
func (l Lorenz) Trajectory(mu, start, times []float64, tol Tolerance) ([][]float64, error) {
	if err := l.Check(mu); err != nil {
		return nil, err
	}
	if len(start) != 3 {
		return nil, fmt.Errorf("lorenz: a start of %d components; give x, y and z", len(start))
	}
	states, err := DormandPrince(func(_ float64, y, dy []float64) { l.Field(mu, y, dy) }, start, times, tol)
	if err != nil {
		return states, fmt.Errorf("lorenz: sigma=%g, rho=%g, beta=%g from %v: %w", mu[0], mu[1], mu[2], start, err)
	}
	return states, nil
}
