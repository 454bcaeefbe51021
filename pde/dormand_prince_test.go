// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// An oscillator turns (1, 0) by 30° and by 60°.
func ExampleDormandPrince() {
	oscillator := func(_ float64, y, dy []float64) { dy[0], dy[1] = y[1], -y[0] }
	states, err := DormandPrince(oscillator, []float64{1, 0}, []float64{0, math.Pi / 6, math.Pi / 3}, Tolerance{Rel: 1e-10, Abs: 1e-10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, y := range states {
		fmt.Printf("%.6f %.6f\n", y[0], y[1])
	}
	// Output:
	// 1.000000 0.000000
	// 0.866025 -0.500000
	// 0.500000 -0.866025
}

// bell is y' = −2ty², of which 1/(1 + t²) is a solution: neither linear nor
// autonomous, so that a wrong node or weight of any order shows.
func bell(t float64, y, dy []float64) { dy[0] = -2 * t * y[0] * y[0] }

func bellExact(t float64) float64 { return 1 / (1 + t*t) }

// By theory (Hairer, Nørsett and Wanner, sec. II.1 and II.6) halving the step
// divides the error of many steps by 2⁵, that of the interpolant within one by 2⁵,
// and the estimate, which is that of the embedded method, by 2⁵ too. The error of
// one step falls by 2⁶.
func TestDormandPrinceOrders(t *testing.T) {
	var steps, many, one, within, estimated []float64
	for _, h := range []float64{1. / 8, 1. / 16, 1. / 32, 1. / 64} {
		d := newDormandPrince(bell, 1, Tolerance{Abs: 1}) // the estimate is the absolute error
		d.y[0] = bellExact(0.25)
		now := 0.25
		bell(now, d.y, d.k[0])
		for i := range int(math.Round(1 / h)) {
			d.step(now, h)
			if i == 0 {
				one = append(one, math.Log(math.Abs(d.next[0]-bellExact(now+h))))
				estimated = append(estimated, math.Log(d.estimate(h)))
				worst := 0.
				for k := 1; k < 20; k++ {
					at, y := now+h*float64(k)/20, []float64{0}
					d.interpolate(now, h, []float64{at}, y)
					worst = math.Max(worst, math.Abs(y[0]-bellExact(at)))
				}
				within = append(within, math.Log(worst))
			}
			d.accept()
			now += h
		}
		steps = append(steps, math.Log(h))
		many = append(many, math.Log(math.Abs(d.y[0]-bellExact(now))))
	}
	for _, c := range []struct {
		name   string
		errors []float64
		order  float64
	}{{"steps", many, 5}, {"one step", one, 6}, {"the interpolant", within, 5}, {"the estimate", estimated, 5}} {
		if order := slope(steps, c.errors); math.Abs(order-c.order) > 0.35 {
			t.Errorf("the error of %s has order %.2f, want %g", c.name, order, c.order)
		}
	}
}

// The extremes of the step control, a growth by 10 from a cautious start and a fall by
// 5 where a pulse comes as a surprise. From SciPy 1.17.1:
//
//	solve_ivp(lambda t, y: [cos(t) + 5000 / (1 + ((t - 5) / 0.1)**2)], (0, 9), [0.],
//	    t_eval=[0, 1, 4, 5, 6, 9]).y[0].tolist()
//
// With other extremes it differs by 10 (measured there).
func TestDormandPrinceStepControlAgainstSciPy(t *testing.T) {
	pulse := func(t float64, _, dy []float64) {
		x := (t - 5) / 0.1
		dy[0] = math.Cos(t) + 5000/(1+x*x)
	}
	states, err := DormandPrince(pulse, []float64{0}, []float64{0, 1, 4, 5, 6, 9}, SciPyDefault)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 3.340150729530021, 39.16547258059919, 783.5153099261016, 1516.57450274988, 1554.6917408104343} {
		if !(math.Abs(states[i][0]-want) < 1e-9) {
			t.Errorf("state %d is %.16g, SciPy's %.16g", i, states[i][0], want)
		}
	}
}

// The interpolant joins the steps, and so does its slope (Shampine, sec. 5).
func TestDormandPrinceInterpolantIsSmooth(t *testing.T) {
	const h, now = 0.25, 0.5
	d := newDormandPrince(bell, 1, SciPyDefault)
	d.y[0] = bellExact(now)
	bell(now, d.y, d.k[0])
	d.step(now, h)
	const e = 1e-6
	y := make([]float64, 4)
	d.interpolate(now, h, []float64{now, now + e, now + h - e, now + h}, y)
	for _, c := range []struct {
		name      string
		got, want float64
		tolerance float64
	}{
		{"value at the start", y[0], d.y[0], 0},
		{"value at the end", y[3], d.next[0], 1e-15},
		// One-sided differences over e: their error is e·|y''|/2, and |y''| < 2.
		{"slope at the start", (y[1] - y[0]) / e, d.k[0][0], 1e-6},
		{"slope at the end", (y[3] - y[2]) / e, d.k[6][0], 1e-6},
	} {
		if !(math.Abs(c.got-c.want) <= c.tolerance) {
			t.Errorf("%s is %.15g, want %.15g", c.name, c.got, c.want)
		}
	}
}

// The error is proportional to the tolerance, at all times wanted: those within
// steps are as accurate as the ends.
func TestDormandPrinceErrorFollowsTolerance(t *testing.T) {
	times := make([]float64, 1001)
	for i := range times {
		times[i] = -3 + 10*float64(i)/1000
	}
	for _, c := range []struct {
		name  string
		f     func(t float64, y, dy []float64)
		exact func(t float64) []float64
	}{
		{"decay", func(_ float64, y, dy []float64) { dy[0] = -y[0] }, func(t float64) []float64 { return []float64{math.Exp(-t - 3)} }},
		{"growth", func(_ float64, y, dy []float64) { dy[0] = y[0] / 2 }, func(t float64) []float64 { return []float64{math.Exp(t / 2)} }},
		{"oscillator", func(_ float64, y, dy []float64) { dy[0], dy[1] = 2*y[1], -2*y[0] }, func(t float64) []float64 {
			return []float64{math.Sin(2 * t), math.Cos(2 * t)}
		}},
		{"bell", bell, func(t float64) []float64 { return []float64{bellExact(t)} }},
	} {
		var log, decades []float64
		for _, tol := range []float64{1e-4, 1e-6, 1e-8, 1e-10} {
			states, err := DormandPrince(c.f, c.exact(times[0]), times, Tolerance{Rel: tol, Abs: tol})
			if err != nil {
				t.Fatal(err)
			}
			worst := 0.
			for i, at := range times {
				for k, want := range c.exact(at) {
					worst = math.Max(worst, math.Abs(states[i][k]-want))
				}
			}
			// An error of the tolerance at each unit of time, grown by up to e^5.
			if worst > 10*150*tol {
				t.Errorf("%s: at tolerance %g the error is %.2g", c.name, tol, worst)
			}
			log, decades = append(log, math.Log10(worst)), append(decades, math.Log10(tol))
		}
		if s := slope(decades, log); s < 0.8 || s > 1.2 {
			t.Errorf("%s: the error goes as tolerance^%.2f, want 1", c.name, s)
		}
	}
}

// What is wanted in between neither moves the steps nor costs memory per step.
func TestDormandPrinceTimesBetween(t *testing.T) {
	few, err := DormandPrince(bell, []float64{1}, []float64{0, 1, 3}, SciPyDefault)
	if err != nil {
		t.Fatal(err)
	}
	many, err := DormandPrince(bell, []float64{1}, []float64{0, 1e-9, 0.2, 0.3, 1, 2.999, 3}, SciPyDefault)
	if err != nil {
		t.Fatal(err)
	}
	if few[1][0] != many[4][0] || few[2][0] != many[6][0] {
		t.Errorf("%v among others are %v", few, many)
	}

	d := newDormandPrince(bell, 1, LorenzTight)
	y0, times, states := []float64{1}, []float64{0, 1, 3}, make([]float64, 3)
	if n := testing.AllocsPerRun(3, func() {
		if _, err := d.solve(y0, times, states); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%g allocations an integration, want none", n)
	}
}

// y' = y² from 1 is 1/(1 − t): no step leads past t = 1. What was reached before is
// kept.
func TestDormandPrinceBlowUp(t *testing.T) {
	square := func(_ float64, y, dy []float64) { dy[0] = y[0] * y[0] }
	states, err := DormandPrince(square, []float64{1}, []float64{0, 0.5, 0.9, 2}, Tolerance{Rel: 1e-9, Abs: 1e-9})
	if !errors.Is(err, ErrUnfinished) || !strings.Contains(err.Error(), "blew up") {
		t.Fatalf("error %v", err)
	}
	var at float64
	if _, err := fmt.Sscanf(err.Error(), "dormand-prince: integration stopped at t=%g:", &at); err != nil || math.Abs(at-1) > 1e-7 {
		t.Errorf("blew up at t=%.12g (%v), want 1", at, err)
	}
	if len(states) != 3 || math.Abs(states[1][0]-2) > 1e-7 || math.Abs(states[2][0]-10) > 1e-6 {
		t.Errorf("states %v, want 1, 2, 10", states)
	}

	// Overflow, of a solution that is finite at all times by theory: e^710 is none.
	states, err = DormandPrince(func(_ float64, y, dy []float64) { dy[0] = y[0] }, []float64{1}, []float64{0, 700, 720}, SciPyDefault)
	if !errors.Is(err, ErrUnfinished) || len(states) != 2 {
		t.Errorf("%d states, error %v", len(states), err)
	}
	// The same where all stages agree, so that the estimate is 0 at any step.
	states, err = DormandPrince(func(_ float64, _, dy []float64) { dy[0] = 1e308 }, []float64{0}, []float64{0, 1, 3}, SciPyDefault)
	if !errors.Is(err, ErrUnfinished) || len(states) != 2 || !strings.Contains(err.Error(), "t=1.797") {
		t.Errorf("states %v, error %v, want a stop at the largest number", states, err)
	}
	// A field that is NaN beyond a wall.
	wall := func(t float64, _, dy []float64) {
		dy[0] = 1
		if t > 2 {
			dy[0] = math.NaN()
		}
	}
	states, err = DormandPrince(wall, []float64{0}, []float64{0, 1, 3}, SciPyDefault)
	if !errors.Is(err, ErrUnfinished) || len(states) != 2 || !strings.Contains(err.Error(), "t=2") {
		t.Errorf("%d states, error %v, want a stop at t=2", len(states), err)
	}
}

func TestDormandPrinceRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	still := func(_ float64, _, dy []float64) { dy[0] = 0 }
	for _, c := range []struct {
		y0, times []float64
		tol       Tolerance
		want      string
	}{
		{[]float64{1}, nil, SciPyDefault, "no times; give"},
		{[]float64{1}, []float64{0, 1, 1}, SciPyDefault, "time 2 is 1; give"},
		{[]float64{1}, []float64{0, -1}, SciPyDefault, "time 1 is -1; give"},
		{[]float64{1}, []float64{nan}, SciPyDefault, "time 0 is NaN; give"},
		{[]float64{1}, []float64{0, inf}, SciPyDefault, "time 1 is +Inf; give"},
		{nil, []float64{0, 1}, SciPyDefault, "at least one component"},
		{[]float64{inf}, []float64{0, 1}, SciPyDefault, "all finite"},
		{[]float64{1}, []float64{0, 1}, Tolerance{}, "give a rel"},
		{[]float64{1}, []float64{0, 1}, Tolerance{Rel: 1e-3}, "positive abs"},
		{[]float64{1}, []float64{0, 1}, Tolerance{Rel: 1e-3, Abs: -1}, "positive abs"},
		{[]float64{1}, []float64{0, 1}, Tolerance{Rel: 1e-14, Abs: 1}, "give a rel"},
		{[]float64{1}, []float64{0, 1}, Tolerance{Rel: nan, Abs: 1}, "give a rel"},
	} {
		states, err := DormandPrince(still, c.y0, c.times, c.tol)
		if err == nil || states != nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("y0=%v, times=%v, %+v: %v, error %v does not say %q", c.y0, c.times, c.tol, states, err, c.want)
		}
	}

	// A derivative that is not finite at the start, and one so stiff that a stable
	// step is 3e-9.
	_, err := DormandPrince(func(_ float64, y, dy []float64) { dy[0] = 1 / y[0] }, []float64{0}, []float64{4, 5}, SciPyDefault)
	if !errors.Is(err, ErrUnfinished) || !strings.Contains(err.Error(), "t=4, the start") {
		t.Errorf("error %v does not say that the start is singular", err)
	}
	states, err := DormandPrince(func(_ float64, y, dy []float64) { dy[0] = -1e9 * y[0] }, []float64{1}, []float64{0, 1e-9, 1}, SciPyDefault)
	if !errors.Is(err, ErrUnfinished) || !strings.Contains(err.Error(), "1000000 steps") || len(states) != 2 {
		t.Errorf("%d states, error %v", len(states), err)
	}

	// One time is the start alone.
	if states, err := DormandPrince(still, []float64{7}, []float64{3}, SciPyDefault); err != nil || len(states) != 1 || states[0][0] != 7 {
		t.Errorf("%v, error %v, want the start", states, err)
	}
}
