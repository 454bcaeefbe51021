// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
)

// What the second paper says of its data on the Lorenz system in its section 3.2 and
// appendix A.6.
var (
	printedLorenzLow  = []float64{10, 0, 2. / 3} // σ, ρ, β
	printedLorenzHigh = []float64{10, 28, 8. / 3}
)

const (
	printedStart   = 10. // starts are in [−10, 10]³
	printedMus     = 30
	printedStarts  = 100
	printedHorizon = 25.
	printedStep    = .01
	printedTests   = 100
)

// filled is the part of a range that 3,000 uniform draws fill: that they miss the
// outer hundredth at one end has a chance of .99³⁰⁰⁰ = 1e-13.
const filled = .98

// lorenzSetting judges what is said of the training data, which are the same for all
// networks.
func (s *Session) lorenzSetting(p Preset, what string, is func(d pde.LorenzData) (bool, error)) (finding, error) {
	all, err := s.lorenzRecorded(p)
	if err != nil {
		return finding{}, err
	}
	d, so := lorenzData(p), false
	if len(all) > 0 {
		if so, err = is(d); err != nil {
			return finding{}, err
		}
	}
	return settingOf(all, lorenzReduced(p), what, func(f recorded) (bool, error) {
		m, ok := f.Config.Model.(multistepModel)
		return so && ok && m.Data == d, nil
	})
}

// trainingStarts are the starts of the training trajectories, all settings' one after
// another: they do not depend on how long the trajectories are.
func trainingStarts(d pde.LorenzData) ([][]float64, error) {
	d.Horizon = d.Step
	states, dims, err := d.States()
	if err != nil {
		return nil, err
	}
	var starts [][]float64
	for of := range slices.Chunk(states, len(d.Times())*dims[2]) {
		starts = append(starts, of[:dims[2]])
	}
	return starts, nil
}

// lorenzRanges is P09.
func lorenzRanges() ClaimTest {
	return ClaimTest{
		ID: "P09",
		Rule: "every training setting and every test case has σ = 10, ρ in [0, 28], β in [2/3, 8/3] and starts in [−10, 10]³, and the training starts reach over at least .98 of that in each component; " +
			"a setting and no outcome, so that one seed of the three networks is enough",
		find: func(s *Session, p Preset) (finding, error) {
			return s.lorenzSetting(p, "were trained and tested in these ranges", func(d pde.LorenzData) (bool, error) {
				starts, err := trainingStarts(d)
				if err != nil {
					return false, err
				}
				mus := d.Mus()
				reach := fills(starts)
				for _, c := range d.Test() {
					mus, starts = append(mus, c.Mu), append(starts, c.Start)
				}
				return reach && inLorenzRanges(mus, starts), nil
			})
		},
	}
}

// inLorenzRanges is whether parameters and starts are where the paper says.
func inLorenzRanges(mus, starts [][]float64) bool {
	for _, mu := range mus {
		for i, x := range mu {
			if !(x >= printedLorenzLow[i] && x <= printedLorenzHigh[i]) {
				return false
			}
		}
	}
	for _, start := range starts {
		for _, x := range start {
			if !(math.Abs(x) <= printedStart) {
				return false
			}
		}
	}
	return true
}

// fills is whether starts reach over the paper's range in each component.
func fills(starts [][]float64) bool {
	for i := range 3 {
		low, high := math.Inf(1), math.Inf(-1)
		for _, start := range starts {
			low, high = math.Min(low, start[i]), math.Max(high, start[i])
		}
		if !(high-low >= filled*2*printedStart) {
			return false
		}
	}
	return true
}

// lorenzCount is P10.
func lorenzCount() ClaimTest {
	return ClaimTest{
		ID: "P10",
		Rule: "the training data are exactly 100 trajectories, from starts none of which is another's, at each of exactly 30 different settings; " +
			"a setting and no outcome, so that one seed of the three networks is enough",
		find: func(s *Session, p Preset) (finding, error) {
			return s.lorenzSetting(p, fmt.Sprintf("were trained on %d × %d trajectories", printedMus, printedStarts), func(d pde.LorenzData) (bool, error) {
				starts, err := trainingStarts(d)
				if err != nil {
					return false, err
				}
				mus := d.Mus()
				return len(mus) == printedMus && distinct(mus) == printedMus &&
					len(starts) == printedMus*printedStarts && distinct(starts) == len(starts), nil
			})
		},
	}
}

func distinct(rows [][]float64) int { return len(rowSet(rows)) }

// rowSet has an entry for each row that differs from the others.
func rowSet(rows [][]float64) map[[3]float64]bool {
	set := map[[3]float64]bool{}
	for _, row := range rows {
		set[[3]float64(row)] = true
	}
	return set
}

// lorenzTimes is P11.
func lorenzTimes() ClaimTest {
	return ClaimTest{
		ID: "P11",
		Rule: "the training trajectories have states at 0, .01, …, 25 s, from Dormand and Prince's pair of orders 5 and 4, which is what RK45 names; the tolerance, which the paper leaves open, is told; " +
			"a setting and no outcome, so that one seed of the three networks is enough",
		find: func(s *Session, p Preset) (finding, error) {
			d := lorenzData(p)
			what := fmt.Sprintf("were trained on trajectories of %g s in steps of %g s, integrated at the relative tolerance %g and the absolute one %g",
				d.Horizon, d.Step, d.Tolerance.Rel, d.Tolerance.Abs)
			return s.lorenzSetting(p, what, func(d pde.LorenzData) (bool, error) { return hasTimes(d), nil })
		},
	}
}

func hasTimes(d pde.LorenzData) bool {
	times := d.Times()
	for i, t := range times {
		if math.Abs(t-printedStep*float64(i)) > 1e-9 {
			return false
		}
	}
	return math.Abs(times[len(times)-1]-printedHorizon) <= 1e-9
}

// unseenTrajectories is P12.
func unseenTrajectories() ClaimTest {
	return ClaimTest{
		ID: "P12",
		Rule: "each network was integrated from exactly 100 cases, those that the data name for the test, and no case has the parameters or the start of a training trajectory; " +
			"a setting and no outcome, so that one seed of the three networks is enough",
		find: func(s *Session, p Preset) (finding, error) {
			all, err := s.lorenzRecorded(p)
			if err != nil {
				return finding{}, err
			}
			d := lorenzData(p)
			cases, unseen := d.Test(), false
			if len(all) > 0 {
				starts, err := trainingStarts(d)
				if err != nil {
					return finding{}, err
				}
				unseen = areUnseen(cases, d.Mus(), starts)
			}
			return settingOf(all, lorenzReduced(p), fmt.Sprintf("were tested on %d unseen trajectories", printedTests), func(f recorded) (bool, error) {
				return unseen && len(cases) == printedTests && testedFrom(f.record, cases), nil
			})
		},
	}
}

// areUnseen is whether no case has parameters or a start that were trained on.
func areUnseen(cases []pde.LorenzCase, mus, starts [][]float64) bool {
	trainedMus, trainedStarts := rowSet(mus), rowSet(starts)
	return !slices.ContainsFunc(cases, func(c pde.LorenzCase) bool {
		return trainedMus[[3]float64(c.Mu)] || trainedStarts[[3]float64(c.Start)]
	})
}

// testedFrom is whether a record's trajectories start at these cases.
func testedFrom(r *store.Record, cases []pde.LorenzCase) bool {
	return slices.EqualFunc(r.Metrics.Rollouts, cases, func(r pinn.Rollout, c pde.LorenzCase) bool {
		return slices.Equal(r.Mu, c.Mu) && slices.Equal(r.Start, c.Start)
	})
}
