// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

// LorenzRange are the ends of the paper's ranges of (σ, ρ, β): σ is 10 throughout
// (section 3.2).
func LorenzRange() (low, high []float64) {
	return []float64{lorenzSigma, lorenzRhoLow, lorenzBetaLow}, []float64{lorenzSigma, lorenzRhoHigh, lorenzBetaHigh}
}
