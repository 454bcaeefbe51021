// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import "math"

// dormandPrince is one step of the method RK5(4)7M: Dormand and Prince, A family
// of embedded Runge-Kutta formulae, J. Comput. Appl. Math. 6 (1980), table 2. The
// interpolant is that of Shampine, Some practical Runge-Kutta formulas, Math.
// Comp. 46 (1986), sec. 5, with his optimal c₆*, in the form of powers of the
// fraction of the step that SciPy gives it.
//
// All its memory is allocated once.
type dormandPrince struct {
	f   func(t float64, y, dy []float64)
	tol Tolerance

	y, next []float64    // the states before and after the step
	k       [7][]float64 // the derivatives at the stages: the first at y, the last at next
	stage   []float64
	q       [4][]float64 // coefficients of the interpolant
}

func newDormandPrince(f func(t float64, y, dy []float64), dim int, tol Tolerance) *dormandPrince {
	d := &dormandPrince{f: f, tol: tol}
	vectors := []*[]float64{&d.y, &d.next, &d.stage}
	for i := range d.k {
		vectors = append(vectors, &d.k[i])
	}
	for i := range d.q {
		vectors = append(vectors, &d.q[i])
	}
	flat := make([]float64, len(vectors)*dim)
	for i, v := range vectors {
		*v = flat[i*dim : (i+1)*dim : (i+1)*dim]
	}
	return d
}

// step sets next, and all stages but the first, which must be there.
func (d *dormandPrince) step(t, h float64) {
	const (
		c2, c3, c4, c5 = 1. / 5, 3. / 10, 4. / 5, 8. / 9

		a21                     = 1. / 5
		a31, a32                = 3. / 40, 9. / 40
		a41, a42, a43           = 44. / 45, -56. / 15, 32. / 9
		a51, a52, a53, a54      = 19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729
		a61, a62, a63, a64, a65 = 9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656
		// The weights of order 5; the second is 0.
		b1, b3, b4, b5, b6 = 35. / 384, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84
	)
	y, s := d.y, d.stage
	k1, k2, k3, k4, k5, k6, k7 := d.k[0], d.k[1], d.k[2], d.k[3], d.k[4], d.k[5], d.k[6]
	for i := range y {
		s[i] = y[i] + h*a21*k1[i]
	}
	d.f(t+c2*h, s, k2)
	for i := range y {
		s[i] = y[i] + h*(a31*k1[i]+a32*k2[i])
	}
	d.f(t+c3*h, s, k3)
	for i := range y {
		s[i] = y[i] + h*(a41*k1[i]+a42*k2[i]+a43*k3[i])
	}
	d.f(t+c4*h, s, k4)
	for i := range y {
		s[i] = y[i] + h*(a51*k1[i]+a52*k2[i]+a53*k3[i]+a54*k4[i])
	}
	d.f(t+c5*h, s, k5)
	for i := range y {
		s[i] = y[i] + h*(a61*k1[i]+a62*k2[i]+a63*k3[i]+a64*k4[i]+a65*k5[i])
	}
	d.f(t+h, s, k6)
	for i := range y {
		d.next[i] = y[i] + h*(b1*k1[i]+b3*k3[i]+b4*k4[i]+b5*k5[i]+b6*k6[i])
	}
	d.f(t+h, d.next, k7)
}

// estimate returns the step's error in units of the tolerance: the difference to
// the embedded method of order 4. It is NaN where the step is not finite.
func (d *dormandPrince) estimate(h float64) float64 {
	const e1, e3, e4, e5, e6, e7 = -71. / 57600, 71. / 16695, -71. / 1920, 17253. / 339200, -22. / 525, 1. / 40
	k1, k3, k4, k5, k6, k7 := d.k[0], d.k[2], d.k[3], d.k[4], d.k[5], d.k[6]
	sum := 0.
	for i, next := range d.next {
		if math.IsInf(next, 0) { // its scale would hide any error
			return math.NaN()
		}
		scale := d.tol.Abs + d.tol.Rel*math.Max(math.Abs(d.y[i]), math.Abs(next))
		r := h * (e1*k1[i] + e3*k3[i] + e4*k4[i] + e5*k5[i] + e6*k6[i] + e7*k7[i]) / scale
		sum += r * r
	}
	return math.Sqrt(sum / float64(len(d.next)))
}

// interpolate writes the states at times within the step from t, row after row.
func (d *dormandPrince) interpolate(t, h float64, times, states []float64) {
	const (
		p12, p13, p14 = -8048581381. / 2820520608, 8663915743. / 2820520608, -12715105075. / 11282082432
		p32, p33, p34 = 131558114200. / 32700410799, -68118460800. / 10900136933, 87487479700. / 32700410799
		p42, p43, p44 = -1754552775. / 470086768, 14199869525. / 1410260304, -10690763975. / 1880347072
		p52, p53, p54 = 127303824393. / 49829197408, -318862633887. / 49829197408, 701980252875. / 199316789632
		p62, p63, p64 = -282668133. / 205662961, 2019193451. / 616988883, -1453857185. / 822651844
		p72, p73, p74 = 40617522. / 29380423, -110615467. / 29380423, 69997945. / 29380423
	)
	k1, k3, k4, k5, k6, k7 := d.k[0], d.k[2], d.k[3], d.k[4], d.k[5], d.k[6]
	for i := range d.y {
		d.q[0][i] = k1[i]
		d.q[1][i] = p12*k1[i] + p32*k3[i] + p42*k4[i] + p52*k5[i] + p62*k6[i] + p72*k7[i]
		d.q[2][i] = p13*k1[i] + p33*k3[i] + p43*k4[i] + p53*k5[i] + p63*k6[i] + p73*k7[i]
		d.q[3][i] = p14*k1[i] + p34*k3[i] + p44*k4[i] + p54*k5[i] + p64*k6[i] + p74*k7[i]
	}
	n := len(d.y)
	for j, at := range times {
		x := (at - t) / h
		row := states[j*n : (j+1)*n]
		for i, y := range d.y {
			row[i] = y + h*x*(d.q[0][i]+x*(d.q[1][i]+x*(d.q[2][i]+x*d.q[3][i])))
		}
	}
}

// accept makes the step's end the next one's start.
func (d *dormandPrince) accept() {
	d.y, d.next = d.next, d.y
	d.k[0], d.k[6] = d.k[6], d.k[0]
}
