// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
)

// StageBeta judges betaAt(k, stages, β), the value at which stage k of a curriculum
// is trained, k from 0: equal steps up to β, none of them at 0.
func StageBeta(betaAt func(k, stages int, beta float64) float64) error {
	return guarded(func() error {
		for _, c := range []struct {
			stages int
			beta   float64
		}{{4, 20}, {1, 7}, {10, 30}} {
			n := c.stages
			first, last := betaAt(0, n, c.beta), betaAt(n-1, n, c.beta)
			switch {
			case math.IsNaN(first) || math.IsInf(first, 0) || math.IsNaN(last):
				return fmt.Errorf("with %d stages some β is not a number", n)
			case near(first, 0, 1e-12) && near(last, c.beta*float64(n-1)/float64(n), 1e-9):
				return errors.New("k counts from 0: the first stage would be at β = 0, where nothing moves, and the last not yet at β")
			case !near(last, c.beta, 1e-9):
				return fmt.Errorf("the last of %d stages must be at β = %g, yours is at %g", n, c.beta, last)
			case near(first, 0, 1e-12):
				return errors.New("at β = 0 nothing moves: that stage would be wasted")
			}
			step := first // from β = 0, which is before the first stage
			for k := 1; k < n; k++ {
				if got := betaAt(k, n, c.beta) - betaAt(k-1, n, c.beta); !near(got, step, 1e-9) {
					return fmt.Errorf("with %d stages up to β = %g the steps are not equal: %.4g from stage %d to %d, and %.4g before the first", n, c.beta, got, k-1, k, step)
				}
			}
		}
		return nil
	})
}

// SlabOf judges slabOf(t, slabs), the slab of time that t in [0, 1] belongs to,
// counted from 0; a time between two slabs belongs to the earlier one.
func SlabOf(slabOf func(t float64, slabs int) int) error {
	return guarded(func() error {
		for _, slabs := range []int{1, 4, 8} {
			for sixteenth := range 17 {
				t := float64(sixteenth) / 16
				want := 0
				for want < slabs-1 && t > float64(want+1)/float64(slabs) {
					want++
				}
				got := slabOf(t, slabs)
				switch {
				case got == want:
				case got == slabs:
					return fmt.Errorf("t = %g is in slab %d of %d: there are only the slabs 0 to %d", t, got, slabs, slabs-1)
				case got < 0:
					return fmt.Errorf("t = %g is in slab %d: time 0 belongs to the first slab, which is slab 0", t, got)
				case got == want+1 && t*float64(slabs) == math.Trunc(t*float64(slabs)):
					return fmt.Errorf("t = %g lies between two of %d slabs and belongs to the earlier one", t, slabs)
				case got == want+1:
					return errors.New("slabs count from 0")
				default:
					return fmt.Errorf("t = %g is not in slab %d of %d", t, got, slabs)
				}
			}
		}
		return nil
	})
}

// EqualWork judges the number of steps of a sequence of ten slabs that evaluate the
// residual as often as 2,000 steps of a PINN on 1,000 collocation points. A slab has
// about a tenth of the points, at most 120 of them, so that from 16,000 on is right.
func EqualWork(steps float64) error {
	switch {
	case steps >= 16_000 && steps <= 20_500:
		return nil
	case steps == 2000:
		return errors.New("a step of one slab reads only the slab's own points: it is cheaper than a step of the PINN")
	case steps == 200:
		return errors.New("that is one slab's share of the same number of steps; count evaluations of the residual")
	case steps == 200_000 || steps == 2_000_000:
		return errors.New("that counts evaluations; the question is for steps, all slabs together")
	}
	return errors.New("evaluations of the residual are steps times collocation points per step; a slab has about a tenth of the points")
}

// CosineRate judges rate(step, steps, high, low), a cosine from high at step 0 down to
// low at the last step. The shape is found from what defines it: half a period, so that
// the slope is 0 at both ends, and r” = −(π/steps)² (r − mean).
func CosineRate(rate func(step, steps int, high, low float64) float64) error {
	return guarded(func() error {
		const steps, high, low = 3000, 1e-2, 1e-4
		at := func(k int) float64 { return rate(k, steps, high, low) }
		switch {
		case near(at(0)*1e2, low*1e2, 1e-9) && near(at(steps)*1e2, high*1e2, 1e-9):
			return errors.New("upside down: the rate should fall")
		case !near(at(0)*1e2, high*1e2, 1e-9):
			return fmt.Errorf("at step 0 the rate should be %g, and is %.4g", high, at(0))
		case near(at(steps)*1e2, high*1e2, 1e-9):
			return errors.New("at the last step the rate is back where it began: a whole period of the cosine, and half of one is wanted")
		case !near(at(steps)*1e2, low*1e2, 1e-9):
			return fmt.Errorf("at the last step the rate should be %g, and is %.4g", low, at(steps))
		case !near(at(steps/2)*1e2, (high+low)/2*1e2, 1e-6):
			return errors.New("half way the rate should be half way between the two")
		}
		for k := 100; k < steps; k += 100 {
			second := (at(k+50) - 2*at(k) + at(k-50)) / 2500
			want := -(math.Pi / steps) * (math.Pi / steps) * (at(k) - (high+low)/2)
			if math.Abs(second-want) > 1e-11 {
				return errors.New("the ends are right, the way between is no cosine: it should leave and arrive with slope 0")
			}
		}
		return nil
	})
}

// CausalWeights judges the weights w_k = exp(−ε Σ_{j<k} L_j) of slabs of time with
// losses L_k, by what defines them: the first is 1, and the ratio of neighbours is
// e^{−ε L}.
func CausalWeights(weights func(losses []float64, eps float64) []float64) error {
	return guarded(func() error {
		for _, c := range []struct {
			losses []float64
			eps    float64
		}{{[]float64{.3, .1, .5, .2}, 2}, {[]float64{0, 0, 0}, 5}, {[]float64{1}, 1}, {[]float64{.2, 0, 1.5}, .5}} {
			before := append([]float64(nil), c.losses...)
			w := weights(c.losses, c.eps)
			if len(w) != len(c.losses) {
				return fmt.Errorf("%d slabs need %d weights, got %d", len(c.losses), len(c.losses), len(w))
			}
			for k := range before {
				if before[k] != c.losses[k] {
					return errors.New("the losses have changed: write the weights to a slice of their own")
				}
			}
			if !near(w[0], 1, 1e-12) {
				if near(w[0], math.Exp(-c.eps*c.losses[0]), 1e-12) {
					return errors.New("a slab's own loss must not lower its weight: sum over the slabs before it")
				}
				return fmt.Errorf("the first slab has no slab before it, so that its weight is 1; got %.4g", w[0])
			}
			for k := 1; k < len(w); k++ {
				ratio, want := w[k]/w[k-1], math.Exp(-c.eps*c.losses[k-1])
				switch {
				case near(ratio, want, 1e-9):
				case near(ratio, 1/want, 1e-9):
					return errors.New("the weights grow with the losses before: mind the sign")
				case near(ratio, math.Exp(-c.losses[k-1]), 1e-9):
					return errors.New("where is ε?")
				case near(w[k], want, 1e-9):
					return errors.New("each weight knows only its neighbour's loss: sum over all slabs before")
				default:
					return fmt.Errorf("for losses %v and ε = %g weight %d is not %.4g", c.losses, c.eps, k, w[k])
				}
			}
		}
		return nil
	})
}
