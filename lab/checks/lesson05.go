// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
)

// PINNPParameters judges the number of parameters of a PINN-P, against counts that are
// published: P2INN's PINN-P (91,651), the two PINNs of HyperPINN's Table 1 (9,665 and
// 401), and the vanilla PINN of Table 3 (10,401), which has no parameters as inputs.
func PINNPParameters(count func(coordinates, parameters, width, hidden int) int) error {
	return guarded(func() error {
		for _, c := range []struct{ coordinates, parameters, width, hidden, want int }{
			{2, 0, 50, 5, 10_401}, {2, 1, 8, 6, 401}, {2, 1, 32, 10, 9_665}, {2, 3, 150, 5, 91_651},
		} {
			got := count(c.coordinates, c.parameters, c.width, c.hidden)
			what := fmt.Sprintf("%d coordinates, %d parameters, %d hidden layers of %d", c.coordinates, c.parameters, c.hidden, c.width)
			switch got - c.want {
			case 0:
				continue
			case -c.parameters * c.width:
				return fmt.Errorf("%s: the parameters have a row of the first weight each, as the coordinates do", what)
			case -1:
				return fmt.Errorf("%s: the output has a bias too", what)
			case -c.hidden*c.width - 1, -c.hidden * c.width:
				return fmt.Errorf("%s: the hidden layers' biases are missing", what)
			case (c.width + 1) * c.width:
				return fmt.Errorf("%s: the first hidden layer comes from the inputs, so that only hidden − 1 matrices are width × width", what)
			}
			return fmt.Errorf("%s: the published count is not %d; add up the weights and biases layer by layer", what, got)
		}
		return nil
	})
}

// MidpointError judges the relative error of the mean of two solutions of convection
// whose β are Δ apart, halfway between them, against sums over a grid.
func MidpointError(relL2 func(delta float64) float64) error {
	return guarded(func() error {
		for _, delta := range []float64{4, 2, 1, .25} {
			want := midpointSum(delta)
			got := relL2(delta)
			switch {
			case math.Abs(got-want) <= .01*want:
				continue
			case math.Abs(got-want*want) <= .01*want*want:
				return errors.New("the relative error is the root of the ratio of mean squares")
			case math.Abs(got-want*math.Sqrt(1.5)) <= .01*want:
				return errors.New("that is ‖û−u‖ as a root mean square; divide by that of u = 1 + sin, whose square has the mean 3/2")
			case math.Abs(got-want*math.Sqrt2) <= .01*want:
				return errors.New("a factor: the mean of sin² over x is 1/2")
			case math.Abs(got-midpointSum(2*delta)) <= .01*midpointSum(2*delta):
				return errors.New("the amplitude of the mean is cos(Δt/2), with half of Δ")
			case math.IsNaN(got) || math.IsInf(got, 0):
				return fmt.Errorf("midpointError(%g) is not a number", delta)
			}
			return fmt.Errorf("midpointError(%g) is not %.4g: the misfit is (1 − cos(Δt/2)) sin(x − βt); square it, and take the mean over x and then over t", delta, got)
		}
		return nil
	})
}

// midpointSum is the error at β = 3, by sums.
func midpointSum(delta float64) float64 {
	const n = 200
	square, norm := 0., 0.
	for i := range n {
		t := (float64(i) + .5) / n
		for j := range n {
			x := 2 * math.Pi * float64(j) / n
			u := 1 + math.Sin(x-3*t)
			mean := 1 + (math.Sin(x-(3-delta/2)*t)+math.Sin(x-(3+delta/2)*t))/2
			square += (mean - u) * (mean - u)
			norm += u * u
		}
	}
	return math.Sqrt(square / norm)
}

// NextSetting judges where the next training setting goes: the place within the range
// that is farthest from all settings, found by trying.
func NextSetting(next func(trained []float64) float64) error {
	return guarded(func() error {
		for _, trained := range [][]float64{{1, 5}, {1, 3, 4, 5}, {7, 2, 9, 1}, {-1, 0, 3, 4.5}} {
			given := append([]float64(nil), trained...)
			distance := func(x float64) float64 {
				d := math.Inf(1)
				for _, t := range trained {
					d = min(d, math.Abs(x-t))
				}
				return d
			}
			low, high := math.Inf(1), math.Inf(-1)
			for _, t := range trained {
				low, high = min(low, t), max(high, t)
			}
			most := 0.
			for i := range 20_001 {
				most = max(most, distance(low+(high-low)*float64(i)/20_000))
			}
			got := next(given)
			for i := range given {
				if given[i] != trained[i] {
					return errors.New("the settings have been reordered: sort a copy")
				}
			}
			switch {
			case math.IsNaN(got) || got < low || got > high:
				return fmt.Errorf("for %v the answer lies beyond the settings: stay between the smallest and the largest", trained)
			case distance(got) < most-1e-3 && math.Abs(got-(low+high)/2) < 1e-9:
				return errors.New("that is the middle of the whole range: look for the widest gap")
			case distance(got) == 0:
				return fmt.Errorf("for %v the answer is a setting that is there already", trained)
			case distance(got) < most-1e-3:
				return fmt.Errorf("for %v there is a wider gap than the one around %.4g, or a place nearer to its middle; are the settings in order?", trained, got)
			}
		}
		return nil
	})
}

// PaysFrom judges the smallest number of β at which one PINN-P of five settings costs
// less than a network for each, by counting evaluations.
func PaysFrom(queries int) error {
	together := 2000 * 5 * 300
	want := 1
	for want*2000*300 <= together {
		want++
	}
	switch {
	case queries == want:
		return nil
	case queries == want-1:
		return errors.New("at that number the costs are equal; the question is from where PINN-P costs less")
	case queries == 2:
		return errors.New("a step of PINN-P reads the points of all its settings: it costs five times a step of one PINN")
	}
	return errors.New("write down both costs: PINN-P once, with five settings a step, and a PINN as often as there are β")
}

// SaturatedShare judges the probability of |βw + b| > 2 for w and b uniform in ±1/√5,
// against a count on a lattice of w and b.
func SaturatedShare(share func(beta float64) float64) error {
	return guarded(func() error {
		for _, beta := range []float64{6, 10, 35, 50} {
			const side = 1200
			a := 1 / math.Sqrt(5)
			count := 0
			for i := range side {
				w := a * (2*(float64(i)+.5)/side - 1)
				for j := range side {
					if math.Abs(beta*w+a*(2*(float64(j)+.5)/side-1)) > 2 {
						count++
					}
				}
			}
			want := float64(count) / (side * side)
			got := share(beta)
			near := func(x float64) bool { return math.Abs(got-x) <= .003 }
			switch {
			case near(want):
				continue
			case near(1 - want):
				return errors.New("that is the share of units that are not saturated")
			case near(1 - (1-want)/2):
				return errors.New("the interval is twice as long: βw + b lies between −2 and 2")
			case near(1 - 2*(1-want)):
				return errors.New("w is uniform on an interval of the length 2a, from −a to a")
			case near(1 - 2/beta):
				return errors.New("the interval of w is right; divide by the length 2a of where w lies, with a = 1/√5")
			case got < 0 || got > 1 || math.IsNaN(got):
				return fmt.Errorf("a share lies between 0 and 1; at β = %g yours is %.4g", beta, got)
			}
			return fmt.Errorf("at β = %g it is not %.4g: for a fixed b, |βw + b| ≤ 2 is an interval of w; which share of ±1/√5 is it?", beta, got)
		}
		return nil
	})
}
