// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"context"

	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce"
)

// Field returns what a run's network predicts at points, at parameter setting mu,
// which may be one that it was not trained on where the method allows that. The run is
// trained where it is not in the run store.
func Field(run *reproduce.Run, mu []float64, points [][]float64) []float64 {
	Record(run)
	return Must(session().Field(context.Background(), run, mu, points))
}

// Evaluate compares a run's network with the reference solution at mu; see
// pinn.Evaluation. The run is trained where it is not in the run store.
func Evaluate(run *reproduce.Run, mu []float64) pinn.Evaluation {
	Record(run)
	return Must(session().Evaluate(run, mu))
}

// Own makes a run of what the notebook itself defines: see reproduce.Own. Its name
// holds a hash of its graph and its data, so that an edited equation, network or point
// set is never served an old result.
func Own(o reproduce.Own) *reproduce.Run {
	return Must(reproduce.OwnRun(Backend(), o))
}
