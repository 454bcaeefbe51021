// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package figure

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// linearTicks labels four to seven round values: multiples of 1, 2 or 5
// times a power of ten.
type linearTicks struct{}

func (linearTicks) Ticks(lo, hi float64) []plot.Tick {
	step := roundStep((hi - lo) / 5)
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i <= hi/step+1e-9; i++ {
		v := i*step + 0 // -0 becomes 0
		ticks = append(ticks, plot.Tick{Value: v, Label: tickLabel(v, step)})
	}
	return ticks
}

// roundStep is the multiple of 1, 2 or 5 times a power of ten that is
// nearest to x in ratio.
func roundStep(x float64) float64 {
	if x <= 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return 1
	}
	decade := math.Pow(10, math.Floor(math.Log10(x)))
	switch f := x / decade; {
	case f < math.Sqrt(2):
		return decade
	case f < math.Sqrt(10):
		return 2 * decade
	case f < math.Sqrt(50):
		return 5 * decade
	default:
		return 10 * decade
	}
}

// tickLabel writes v with as many decimals as step has, and numbers that
// would need many digits in scientific form.
func tickLabel(v, step float64) string {
	if math.Abs(v) < step/1e6 {
		return "0"
	}
	if a := math.Abs(v); a >= 1e5 || step < 1e-4 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// logTicks labels powers of ten, thinned to seven labels at most; below two
// decades it labels 1, 2 and 5 times powers of ten, and where even that
// gives fewer than two labels, round values as on a linear axis. Between
// powers of ten come unlabelled marks.
type logTicks struct{}

func (logTicks) Ticks(lo, hi float64) []plot.Tick {
	const slack = 1e-9 // so that rounding doesn't lose a tick at an end
	first := math.Floor(math.Log10(lo) + slack)
	last := math.Ceil(math.Log10(hi) - slack)
	decades := math.Log10(hi / lo)
	every := math.Ceil(decades / 7)
	var ticks []plot.Tick
	labels := 0
	for e := first; e <= last; e++ {
		for m := 1.0; m < 10; m++ {
			v := m * math.Pow(10, e)
			if v < lo*(1-slack) || v > hi*(1+slack) {
				continue
			}
			t := plot.Tick{Value: v}
			if m == 1 && math.Mod(e, max(every, 1)) == 0 || decades < 2 && (m == 1 || m == 2 || m == 5) {
				t.Label = powerLabel(m, e)
				labels++
			}
			if m == 1 || every <= 1 {
				ticks = append(ticks, t)
			}
		}
	}
	if labels < 2 {
		return linearTicks{}.Ticks(lo, hi)
	}
	return ticks
}

// powerLabel writes m·10^e: in full between 0.01 and 10000, else as 1e-6,
// the form that the report's numbers have.
func powerLabel(m, e float64) string {
	if e >= -2 && e <= 4 {
		return strconv.FormatFloat(m*math.Pow(10, e), 'f', max(0, -int(e)), 64)
	}
	return strconv.FormatFloat(m, 'f', 0, 64) + "e" + strconv.Itoa(int(e))
}
