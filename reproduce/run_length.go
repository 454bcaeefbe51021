// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"strings"

	"pinn.example/repro/train"
)

// lasting is the run with this number of steps, which its label names where it is
// another one.
func (r *Run) lasting(steps int) *Run {
	if r.Config.Train.Steps == steps {
		return r
	}
	c := *r
	c.name = ""
	c.Config.Train.Steps = steps
	c.Label = noted(r.Label, fmt.Sprintf("%d steps", steps))
	return &c
}

// until is the run that ends at the first step at which a probe is below a limit,
// step 0 before the first update included, or after most steps. The probe is taken
// at every step.
func (r *Run) until(probe string, below float64, most int) *Run {
	c := *r
	c.name = ""
	c.Config.Train.Steps, c.Config.Train.ProbeEvery = most, 1
	c.Config.Train.Stop = &train.Stop{Probe: probe, Below: below}
	c.Label = noted(r.Label, fmt.Sprintf("until %s < %g", probe, below))
	return &c
}

// withNote puts a note into the run's label.
func (r *Run) withNote(note string) *Run {
	r.Label = noted(r.Label, note)
	return r
}

// noted puts a note into a label, before its seed: labels of runs that differ in
// nothing but the seed must end with it.
func noted(label, note string) string {
	if i := strings.LastIndex(label, ", seed "); i >= 0 {
		return label[:i] + ", " + note + label[i:]
	}
	return label + ", " + note
}
