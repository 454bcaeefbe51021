// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"slices"

	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
)

// noiseFloor integrates the true equations at the tolerance that SciPy has where
// none is given, beside the accurate truth: what the paper's own data are off by if
// they were made so (P4). The store keeps it.
func (s *Session) noiseFloor(p Preset) ([]pinn.Rollout, error) {
	d := lorenzData(p)
	cases, dim := d.Test(), 3
	size := len(lorenzHorizons)*dim + 2 // numbers of a case
	at := make([][]float64, len(cases))
	for i, c := range cases {
		at[i] = slices.Concat(c.Mu, c.Start)
	}
	numbers, err := s.kept(keyOf(at, "lorenz noise floor", solutionsVersion, lorenzHorizons, d.Horizon, d.Step), len(cases)*size, func() ([]float64, error) {
		var numbers []float64
		for _, c := range cases {
			truth, err := pde.Lorenz{}.Trajectory(c.Mu, c.Start, d.Times(), pde.LorenzTight)
			if err != nil {
				return nil, err
			}
			loose, err := pde.Lorenz{}.Trajectory(c.Mu, c.Start, d.Times(), pde.SciPyDefault)
			if err != nil {
				return nil, err
			}
			r, err := rollout(c, truth, loose, d.Step)
			if err != nil {
				return nil, err
			}
			for _, h := range r.Errors {
				numbers = append(numbers, h.Squared...)
			}
			for _, end := range []string{r.Truth, r.Learnt} {
				numbers = append(numbers, float64(slices.Index(lorenzKinds, pde.Attractor(end))))
			}
		}
		return numbers, nil
	})
	if err != nil {
		return nil, err
	}
	var out []pinn.Rollout
	for i, c := range cases {
		of := numbers[i*size : (i+1)*size]
		r := pinn.Rollout{Mu: c.Mu, Start: c.Start, Truth: string(lorenzKinds[int(of[size-2])]), Learnt: string(lorenzKinds[int(of[size-1])])}
		for h, seconds := range lorenzHorizons {
			r.Errors = append(r.Errors, pinn.HorizonError{Seconds: seconds, Squared: of[h*dim : (h+1)*dim]})
		}
		out = append(out, r)
	}
	return out, nil
}

// lorenzTrivial is the mean squared distance of all states of the true test
// trajectories from their mean: the error of the best constant under the first
// reading. The store keeps it.
func (s *Session) lorenzTrivial(p Preset) (float64, error) {
	d := lorenzData(p)
	var at [][]float64
	for _, c := range d.Test() {
		at = append(at, slices.Concat(c.Mu, c.Start))
	}
	kept, err := s.kept(keyOf(at, "lorenz best constant", solutionsVersion, d.Horizon, d.Step), 1, func() ([]float64, error) {
		const dim = 3
		var states [dim][]float64
		for _, c := range d.Test() {
			truth, err := pde.Lorenz{}.Trajectory(c.Mu, c.Start, d.Times(), pde.LorenzTight)
			if err != nil {
				return nil, err
			}
			for k := range dim {
				states[k] = append(states[k], component(truth, k)...)
			}
		}
		sum := 0.
		for _, xs := range states {
			errors, err := metric.Trivial(xs)
			if err != nil {
				return nil, err
			}
			sum += errors.MSE
		}
		return []float64{sum}, nil
	})
	if err != nil {
		return 0, err
	}
	return kept[0], nil
}

// lorenzKinds are what trajectories come to.
var lorenzKinds = []pde.Attractor{pde.AttractorOrigin, pde.AttractorPlus, pde.AttractorMinus, pde.AttractorCycle, pde.AttractorChaos, pde.AttractorDiverged}
