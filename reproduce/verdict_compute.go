// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
)

// Compute is what was spent on a baseline, so that its failure can be told
// from a lack of training.
type Compute struct {
	// Spent and Needed are the work done on the baseline and that of the
	// method's Phase 1 and Phase 2 together, in the same unit: evaluations
	// of the loss at a collocation point.
	Spent, Needed float64
	// Rates are the learning rates tried; 2.5e-4 (the authors' code) and
	// 1e-3 (P2INN, appendix C.2) must be among them.
	Rates []Rate
	// Used is the learning rate of the values that are judged.
	Used float64
}

// Rate is the outcome of one learning rate.
type Rate struct {
	LR   float64
	Loss float64 // final training loss, mean over seeds; NaN if it diverged
}

// neededRates are the learning rates between which a baseline must choose.
var neededRates = [...]float64{2.5e-4, 1e-3}

// missing says what c fails to show, or is empty. The choice of the rate is
// by training loss: choosing by the error would use the answer.
func (c *Compute) missing() string {
	if c == nil {
		return "its compute is not shown"
	}
	if !(c.Needed > 0 && c.Spent >= c.Needed) {
		return fmt.Sprintf("its compute is %s of the %s of Phase 1 and Phase 2", number(c.Spent), number(c.Needed))
	}
	loss := map[float64]float64{}
	best := math.Inf(1)
	for _, r := range c.Rates {
		l := r.Loss
		if math.IsNaN(l) {
			l = math.Inf(1)
		}
		loss[r.LR] = l
		best = min(best, l)
	}
	for _, lr := range neededRates {
		if _, ok := loss[lr]; !ok {
			return fmt.Sprintf("learning rate %g was not tried", lr)
		}
	}
	if used, ok := loss[c.Used]; !ok || used > best {
		return fmt.Sprintf("learning rate %g is not the best of those tried by training loss", c.Used)
	}
	return ""
}
