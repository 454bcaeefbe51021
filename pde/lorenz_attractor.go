// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"fmt"
	"math"
)

// Attractor names what a trajectory of the Lorenz system does in the long run.
type Attractor string

// What [ClassifyLorenz] tells apart. The fixed points of the system are the origin
// and, for ρ > 1, C± = (±√(β(ρ−1)), ±√(β(ρ−1)), ρ−1).
const (
	AttractorOrigin   Attractor = "origin"
	AttractorPlus     Attractor = "C+"       // rest at a point with x > 0
	AttractorMinus    Attractor = "C-"       // rest at a point with x < 0
	AttractorCycle    Attractor = "cycle"    // the same maxima of z again and again
	AttractorChaos    Attractor = "chaos"    // neither rest nor cycle
	AttractorDiverged Attractor = "diverged" // far away, or not finite
)

const (
	// divergedNorm is a distance from the origin that no trajectory from [−10, 10]³
	// comes near, at any ρ below 200.
	divergedNorm = 1e3
	// originNorm is the norm of C± at ρ ≈ 1.02.
	originNorm = 0.25
	// decided is the part of the horizon, at its end, that a verdict needs at least,
	// and twice that is what it looks at.
	decided = 0.2
	// afterSwitch is the time that a trajectory needs to enter the spiral around C±
	// after x has changed sign: about two turns.
	afterSwitch = 1.5
	// restAmplitude is still, beside a turn around C±, whose amplitude is some 10.
	restAmplitude = 0.05
	// settling is the largest ratio of amplitudes, from one half of what is looked at
	// to the other, that counts as a decay. The linear theory gives 0.985 in 5 s at β = 8/3 and
	// ρ = ρ_H − 0.1, where ρ_H = σ(σ+β+3)/(σ−β−1) = 24.74 is the end of C±'s stability.
	settling = 0.99
	// cycleSpread is by how much maxima of z that should be equal may differ, as a
	// part of the amplitude of z.
	cycleSpread = 0.01
)

// ClassifyLorenz says which attractor a trajectory approaches, from its states
// alone, [time][x, y, z], dt apart, so that those of a learnt field can be judged
// too. The rules:
//
//   - a state that is not finite, or farther than 1,000 from the origin: diverged.
//   - the last fifth lies within 0.25 of the origin: origin.
//   - the rest looks at the last two fifths, without what lies before 1.5 after the
//     last change of sign of x. Where at least one fifth remains and the
//     amplitude (half the range of the component with the largest) falls by at least
//     1 % from its first half to its second, or is below 0.05, the trajectory settles.
//     Amplitudes of a spiral fall where C± is stable and grow where it is not, so this
//     holds long before rest is reached. Where the means of the two halves, continued
//     as a geometric series in the ratio of the amplitudes, end within 0.25 of the
//     origin, that is where a slow approach leads: origin. All others are C+ or C− by
//     the sign of x.
//   - the maxima of z in the last two fifths repeat, one by one or in a period of up
//     to a third of them, within 1 % of the amplitude of z: cycle.
//   - all others: chaos.
//
// A verdict after a finite time can't be the last word. Of 1,500 trajectories with
// parameters and starts from the paper's ranges, judged after 25 s and again after
// 300 s, 2 % were chaotic at first and then settled (at β = 8/3 they may from ρ ≈ 13.9
// on), 1 % were chaotic at first and then cycles, which are stable at some small β, and
// 5 had not yet left the neighbourhood of the origin or of an unstable cycle. Another
// 5 % were chaotic for all 300 s although C± is stable: below ρ_H both attract.
//
// A trajectory that [ErrUnfinished] cut short has diverged, whatever its states say
// so far.
func ClassifyLorenz(states [][]float64, dt float64) (Attractor, error) {
	n := len(states)
	// Fewer can't show a turn in a fifth of them.
	const fewest = 50
	if n < fewest || !(dt > 0) || !finite(dt) {
		return "", fmt.Errorf("lorenz: %d states, %g apart, can't be classified; give at least %d and a positive time step", n, dt, fewest)
	}
	for i, s := range states {
		if len(s) != 3 {
			return "", fmt.Errorf("lorenz: state %d has %d components; give x, y and z", i, len(s))
		}
		if !(norm3(s) <= divergedNorm) {
			return AttractorDiverged, nil
		}
	}
	shortest := int(decided * float64(n))
	near := true
	for _, s := range states[n-shortest:] {
		near = near && norm3(s) < originNorm
	}
	if near {
		return AttractorOrigin, nil
	}

	recent := states[n-2*shortest:]
	spiral := recent
	for i := n - 1; i > 0; i-- {
		if math.Signbit(states[i][0]) != math.Signbit(states[i-1][0]) {
			spiral = states[min(n, max(n-len(recent), i+int(afterSwitch/dt))):]
			break
		}
	}
	if len(spiral) >= shortest {
		if rest, ok := settles(spiral); ok {
			return rest, nil
		}
	}
	if repeats(recent) {
		return AttractorCycle, nil
	}
	return AttractorChaos, nil
}

// settles returns where a trajectory of constant sign of x comes to rest.
func settles(states [][]float64) (Attractor, bool) {
	half := len(states) / 2
	before, first := extent(states[:half])
	after, second := extent(states[half:])
	ratio := second / first
	if second > restAmplitude && !(ratio < settling) {
		return "", false
	}
	if ratio < settling {
		var limit [3]float64
		for i := range limit {
			limit[i] = before[i] + (after[i]-before[i])/(1-ratio)
		}
		if norm3(limit[:]) < originNorm {
			return AttractorOrigin, true
		}
	}
	if after[0] > 0 {
		return AttractorPlus, true
	}
	return AttractorMinus, true
}

// extent returns the mean of states and their amplitude.
func extent(states [][]float64) (mean [3]float64, amplitude float64) {
	for i := range mean {
		low, high := math.Inf(1), math.Inf(-1)
		for _, s := range states {
			low, high = min(low, s[i]), max(high, s[i])
			mean[i] += s[i] / float64(len(states))
		}
		amplitude = max(amplitude, (high-low)/2)
	}
	return mean, amplitude
}

// repeats reports whether the maxima of z do, in a period of up to a third of them.
func repeats(states [][]float64) bool {
	var maxima []float64
	low, high := math.Inf(1), math.Inf(-1)
	for i, s := range states {
		low, high = min(low, s[2]), max(high, s[2])
		if i == 0 || i == len(states)-1 {
			continue
		}
		a, b, c := states[i-1][2], s[2], states[i+1][2]
		if a < b && b >= c { // the vertex of the parabola through the three
			maxima = append(maxima, b+(a-c)*(a-c)/(8*(2*b-a-c)))
		}
	}
	spread := cycleSpread * (high - low) / 2
	for period := 1; period <= len(maxima)/3; period++ {
		same := true
		for phase := range period {
			least, most := math.Inf(1), math.Inf(-1)
			for i := phase; i < len(maxima); i += period {
				least, most = min(least, maxima[i]), max(most, maxima[i])
			}
			same = same && most-least <= spread
		}
		if same {
			return true
		}
	}
	return false
}

func norm3(s []float64) float64 { return math.Sqrt(s[0]*s[0] + s[1]*s[1] + s[2]*s[2]) }
