// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
)

// parabola is a/2 (θ − c)², with an inner rate and a start: what the exercises of lesson
// 6 are judged on.
type parabola struct{ theta, a, c, alpha float64 }

var parabolas = []parabola{{2, 1, .5, .1}, {-1, 3, 1, .2}, {.5, .5, -2, .7}, {0, 4, 1.5, .4}}

// moved are the distances to c before and after an inner step, by definition of the
// gradient descent: each step multiplies the distance by 1 − αa.
func (p parabola) moved() (before, after float64) {
	before = p.theta - p.c
	return before, before * (1 - p.alpha*p.a)
}

// InnerStep judges one step of gradient descent on a/2 (θ − c)² (exercise 6.1).
func InnerStep(adapted func(theta, a, c, alpha float64) float64) error {
	return guarded(func() error {
		for _, p := range parabolas {
			got := adapted(p.theta, p.a, p.c, p.alpha)
			before, after := p.moved()
			switch {
			case near(got, p.c+after, 1e-9):
				continue
			case near(got, p.theta, 1e-9):
				return errors.New("θ has not moved")
			case near(got, p.theta+p.alpha*p.a*before, 1e-9):
				return errors.New("this goes uphill: descent subtracts the gradient")
			case near(got, p.theta-p.a*before, 1e-9):
				return errors.New("the rate α is missing")
			case near(got, p.theta-p.alpha*before, 1e-9):
				return errors.New("the stiffness a is missing in the gradient")
			case near(got, p.theta-p.alpha*p.a/2*before*before, 1e-9):
				return errors.New("subtract the gradient, not the loss")
			case near(got, p.theta-p.alpha*p.a/2*before, 1e-9):
				return errors.New("the derivative of a/2 (θ − c)² is twice as large")
			}
			return fmt.Errorf("from θ = %g with a = %g, c = %g and α = %g you get to %.4g", p.theta, p.a, p.c, p.alpha, got)
		}
		return nil
	})
}

// OuterGradient judges the derivative of the loss after one inner step with respect to θ
// (exercise 6.2) against finite differences.
func OuterGradient(outer func(theta, a, c, alpha float64) float64) error {
	return guarded(func() error {
		for _, p := range parabolas {
			after := func(theta float64) float64 {
				_, d := parabola{theta, p.a, p.c, p.alpha}.moved()
				return p.a / 2 * d * d
			}
			const h = 1e-5
			got, want := outer(p.theta, p.a, p.c, p.alpha), (after(p.theta+h)-after(p.theta-h))/(2*h)
			before, moved := p.moved()
			switch {
			case near(got, want, 1e-7):
				continue
			case got == 0:
				return errors.New("a gradient of 0 would mean that θ does not matter")
			case near(got, -want, 1e-7):
				return errors.New("the sign is wrong")
			case near(got, p.a*moved, 1e-7):
				return errors.New("this is first-order MAML: θ′ depends on θ, and the chain rule gives one more factor")
			case near(got, p.a*before, 1e-7):
				return errors.New("this is the gradient of joint training: take the loss at θ′")
			case near(got, after(p.theta), 1e-7):
				return errors.New("this is the loss at θ′, not its derivative")
			case near(got, p.a*before*(1-p.alpha*p.a)*p.alpha, 1e-7):
				return errors.New("the derivative of θ′ with respect to θ is 1 − αa")
			}
			return fmt.Errorf("at θ = %g, a = %g, c = %g, α = %g finite differences give something else than your %.4g: it is L′(θ′) times dθ′/dθ", p.theta, p.a, p.c, p.alpha, got)
		}
		return nil
	})
}

// MetaMinimum judges the minimum of Σ L(θ′) over a family of parabolas (exercise 6.3):
// nothing near it may be lower.
func MetaMinimum(minimum func(a, c []float64, alpha float64) float64) error {
	return guarded(func() error {
		for _, f := range []struct {
			a, c  []float64
			alpha float64
		}{
			{[]float64{.2, 1, 2, 4}, []float64{-2, 0, 1, 1.5}, .1},
			{[]float64{.2, 1, 2, 4}, []float64{-2, 0, 1, 1.5}, .3},
			{[]float64{1, 3}, []float64{-1, 1}, .2},
			{[]float64{2}, []float64{.7}, .1},
		} {
			weighted := func(power int) float64 {
				sum, weights := 0., 0.
				for i, a := range f.a {
					w := a * math.Pow(1-f.alpha*a, float64(power))
					sum, weights = sum+w*f.c[i], weights+w
				}
				return sum / weights
			}
			objective := func(theta float64) float64 {
				sum := 0.
				for i, a := range f.a {
					_, d := parabola{theta, a, f.c[i], f.alpha}.moved()
					sum += a / 2 * d * d
				}
				return sum
			}
			got := minimum(append([]float64(nil), f.a...), append([]float64(nil), f.c...), f.alpha)
			const h = 1e-4
			if here := objective(got); here < objective(got-h) && here < objective(got+h) {
				continue
			}
			plain := 0.
			for _, c := range f.c {
				plain += c / float64(len(f.c))
			}
			switch {
			case near(got, weighted(0), 1e-9):
				return errors.New("this is the minimum of joint training, as if α were 0")
			case near(got, weighted(1), 1e-9):
				return errors.New("this is where first-order MAML leads: the factor 1 − αa is squared in MAML's weights")
			case near(got, plain, 1e-9):
				return errors.New("this is the plain mean of the c: each task has a weight")
			case math.IsNaN(got):
				return errors.New("the result is not a number")
			}
			return fmt.Errorf("for a = %v, c = %v and α = %g the sum is lower beside your θ = %.4g: it is a weighted mean of the c; do you divide by the sum of the weights?", f.a, f.c, f.alpha, got)
		}
		return nil
	})
}

// LargestInnerRate judges the inner rate beyond which a step increases the distance to
// the solution of a task of stiffness a (exercise 6.4).
func LargestInnerRate(answer, a float64) error {
	farther := func(alpha float64) bool { return math.Abs(1-alpha*a) > 1 }
	switch {
	case farther(answer*1.001) && !farther(answer*.999):
		return nil
	case near(answer, 1/a, 1e-3):
		return errors.New("at this rate one step reaches the solution; a little beyond it, it overshoots, and still ends nearer than before")
	case near(answer, 2*a, 1e-3), near(answer, a, 1e-3):
		return errors.New("the stiffer the task, the smaller the rate")
	case farther(answer):
		return fmt.Errorf("at %g it is farther already: when is |1 − αa| > 1?", answer)
	}
	return fmt.Errorf("at %g one step still leads nearer: when is |1 − αa| > 1?", answer)
}

// ReptileStep judges an outer step of Reptile on a parabola (exercise 6.5).
func ReptileStep(step func(theta, a, c, alpha float64, k int, epsilon float64) float64) error {
	return guarded(func() error {
		for _, p := range parabolas {
			for _, k := range []int{1, 3, 0} {
				const epsilon = .25
				got := step(p.theta, p.a, p.c, p.alpha, k, epsilon)
				before, _ := p.moved()
				after := func(k int) float64 { return before * math.Pow(1-p.alpha*p.a, float64(k)) }
				switch {
				case near(got, p.theta+epsilon*(after(k)-before), 1e-9):
					continue
				case near(got, p.theta, 1e-9):
					return errors.New("θ has not moved")
				case near(got, p.c+after(k), 1e-9):
					return errors.New("this is where the inner steps end: the outer step goes a part ε of the way there")
				case near(got, p.theta-epsilon*(after(k)-before), 1e-9):
					return errors.New("a step of Reptile goes towards the end of the inner steps, and yours away from it")
				case near(got, epsilon*(p.c+after(k)), 1e-9), near(got, epsilon*(after(k)-before), 1e-9):
					return errors.New("add the move to θ")
				case near(got, p.theta+epsilon*(after(1)-before), 1e-9):
					return fmt.Errorf("this is one inner step, and k is %d", k)
				case near(got, p.theta+epsilon*float64(k)*(after(1)-before), 1e-9):
					return errors.New("take each inner step from where the one before has ended")
				}
				return fmt.Errorf("from θ = %g with a = %g, c = %g, α = %g, k = %d and ε = %g you get to %.4g", p.theta, p.a, p.c, p.alpha, k, epsilon, got)
			}
		}
		return nil
	})
}

// ReptileMinimum judges where Reptile stands still over a family of parabolas (exercise
// 6.6): the moves of all tasks from there, made one inner step after the other, cancel.
func ReptileMinimum(minimum func(a, c []float64, alpha float64, k int) float64) error {
	return guarded(func() error {
		a, c := []float64{.2, 1, 2, 4}, []float64{-2, 0, 1, 1.5}
		for _, f := range []struct {
			alpha float64
			k     int
		}{{.1, 1}, {.1, 3}, {.2, 10}, {.3, 400}} {
			weighted := func(weight func(a float64) float64) float64 {
				sum, weights := 0., 0.
				for i := range a {
					sum, weights = sum+weight(a[i])*c[i], weights+weight(a[i])
				}
				return sum / weights
			}
			got := minimum(append([]float64(nil), a...), append([]float64(nil), c...), f.alpha, f.k)
			move, size := 0., 0.
			for i := range a {
				theta := got
				for range f.k {
					p := parabola{theta, a[i], c[i], f.alpha}
					_, after := p.moved()
					theta = p.c + after
				}
				move, size = move+theta-got, size+math.Abs(theta-got)
			}
			if size > 0 && math.Abs(move) <= 1e-9*size {
				continue
			}
			arrived := weighted(func(float64) float64 { return 1 })
			switch {
			case math.IsNaN(got):
				return errors.New("the result is not a number")
			case near(got, arrived, 1e-9):
				return errors.New("this is the plain mean of the c: right only where every task arrives")
			case near(got, weighted(func(a float64) float64 { return a }), 1e-9):
				return errors.New("this is joint training: right only for one inner step; how far does a task get in k?")
			case near(got, weighted(func(a float64) float64 { return math.Pow(1-f.alpha*a, float64(f.k)) }), 1e-9):
				return errors.New("(1 − αa)^k is the share of the way that is left; which share has a task moved?")
			}
			return fmt.Errorf("for α = %g and k = %d the tasks' moves from your θ = %.4g add up to %.2g: it is a weighted mean of the c, by how far each task moves", f.alpha, f.k, got, move)
		}
		return nil
	})
}
