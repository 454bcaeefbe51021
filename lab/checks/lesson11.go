// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package checks

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/metric"
	"pinn.example/repro/reproduce"
)

// TrivialErrors judges the mean absolute and the relative L2 error of û = 1 against
// u = 1 + sin over whole periods: by package metric on many points.
func TrivialErrors(errs func() (abs, rel float64)) error {
	return guarded(func() error {
		const n = 100_000
		one, u := make([]float64, n), make([]float64, n)
		for i := range u {
			one[i], u[i] = 1, 1+math.Sin(2*math.Pi*float64(i)/n)
		}
		want, err := metric.Compare(one, u)
		if err != nil {
			return err
		}
		abs, rel := errs()
		is := func(got, want float64) bool { return math.Abs(got-want) < 1e-4 }
		switch {
		case is(abs, want.RelL2) && is(rel, want.Abs):
			return errors.New("both numbers are there, in the wrong order: first the absolute error")
		case is(abs, 0):
			return errors.New("the mean of sin is 0; that of |sin| is not")
		case is(abs, .5):
			return errors.New("½ is the mean of sin²; the absolute error is the mean of |sin|")
		case !is(abs, want.Abs):
			return fmt.Errorf("the mean of |sin| over a period is not %.4f; integrate sin from 0 to π and divide by π", abs)
		case is(rel, want.MSE):
			return errors.New("this is ‖û − u‖² in the mean; divide by that of u, and take the root")
		case is(rel, want.RelL2*want.RelL2):
			return errors.New("where is the square root? The relative error is a quotient of norms, not of their squares")
		case is(rel, math.Sqrt(want.MSE)):
			return errors.New("divide by the norm of u = 1 + sin, whose mean square is 1 + ½")
		case !is(rel, want.RelL2):
			return fmt.Errorf("the relative error is not %.4f; the mean of sin² is ½, that of (1 + sin)² is 1 + ½", rel)
		}
		return nil
	})
}

// CountNear judges the count of values that are within a fraction of their trivial
// errors: on small cases, one of which is on the edge.
func CountNear(count func(values, trivial []float64, fraction float64) int) error {
	return guarded(func() error {
		values, trivial := []float64{.5, 1.5, 2, 8, 12}, []float64{1, 1, 1, 10, 10}
		switch got := count(values, trivial, .5); got {
		case 4:
		case 3:
			return errors.New("two of the five are exactly at a distance of half of their trivial error, one on each side: both count, on both sides")
		case 2:
			return errors.New("2 of .5, 1.5 (of 1) and 8, 12 (of 10): numbers at the edge count, and so do those above the trivial error")
		case 5:
			return errors.New("2 is not within 50 % of 1: do you compare with the trivial error of the same place, and is the fraction one of it and not of the value?")
		default:
			return fmt.Errorf("of .5, 1.5, 2 (trivial: 1) and 8, 12 (trivial: 10), %d are within a fraction of .5 by your count", got)
		}
		// Absolute distances would count 8 of 10 with a fraction of .5 as far.
		if got := count([]float64{8}, []float64{10}, .25); got != 1 {
			return errors.New("8 is within 25 % of 10: the distance is to be compared with a fraction of the trivial error")
		}
		// 1 is within half of 2, but 2 is not within half of 1: whose fraction matters.
		if got := count([]float64{1.8}, []float64{1}, .5); got != 0 {
			return errors.New("1.8 is not within 50 % of 1: the fraction is one of the trivial error, not of the value")
		}
		return nil
	})
}

// Margin judges how far a published value may be from the mean of values: max(10 % of
// the mean, twice the sample standard deviation, capped at 15 % of the mean, from three
// values on), by numbers done by hand.
func Margin(margin func(values []float64) float64) error {
	return guarded(func() error {
		got := margin([]float64{2, 4}) // mean 3; two values: 10 % alone
		switch {
		case near(got, .3, 1e-9):
		case near(got, .9, 1e-9), near(got, 2*math.Sqrt2, 1e-9):
			return errors.New("two values are too few for a standard deviation to count: then it is 10 % of the mean")
		default:
			return fmt.Errorf("for 2 and 4 you return %.4g; with fewer than three values the margin is 10 %% of the mean", got)
		}
		got = margin([]float64{9, 10, 11}) // mean 10, s = 1: max(1, 2)
		switch {
		case near(got, 2, 1e-9):
		case near(got, 2*math.Sqrt(2./3), 1e-9):
			return errors.New("you divide by n; the sample standard deviation divides by n − 1")
		case near(got, 1, 1e-9):
			return errors.New("for 9, 10, 11 the standard deviation is 1, and twice that is more than 10 % of the mean")
		case near(got, 3, 1e-9):
			return errors.New("you return the cap where the standard deviation is below it: min, then max")
		default:
			return fmt.Errorf("for 9, 10, 11 you return %.4g; mean 10, sample standard deviation 1", got)
		}
		got = margin([]float64{10, 10, 10})
		if !near(got, 1, 1e-9) {
			return fmt.Errorf("for three equal values 10 you return %.4g; 10 %% of the mean are always allowed", got)
		}
		got = margin([]float64{0, 10, 20}) // s = 10, capped at 1.5: 3
		switch {
		case near(got, 3, 1e-9):
			return nil
		case near(got, 20, 1e-9):
			return errors.New("for 0, 10, 20 the standard deviation is as large as the mean: where is the cap of 15 % of the mean?")
		case near(got, 1.5, 1e-9):
			return errors.New("the cap is on the standard deviation, before it is doubled")
		}
		return fmt.Errorf("for 0, 10, 20 you return %.4g; the standard deviation is 10, which is capped at 15 %% of the mean", got)
	})
}

// Verdicts judges the verdicts that a student gives on cells: by reproduce.Judge.
func Verdicts(cells []reproduce.Evidence, answers []string) error {
	return guarded(func() error {
		if len(answers) != len(cells) {
			return fmt.Errorf("%d verdicts for %d cells", len(answers), len(cells))
		}
		for i, e := range cells {
			want, _, err := reproduce.Judge(e)
			if err != nil {
				return err
			}
			answer := reproduce.Verdict(answers[i])
			if answer == want {
				continue
			}
			if !slices.Contains(reproduce.Verdicts, answer) {
				return fmt.Errorf("cell %d: %q is no verdict; they are %q", i+1, answer, reproduce.Verdicts)
			}
			var hint string
			switch want {
			case reproduce.Reduced:
				hint = "which rule comes before all that look at the number?"
			case reproduce.Undertrained:
				hint = "a baseline with at least half of the trivial error has failed. What must be known of a failure before it may count as one of the method?"
			case reproduce.SameConclusion:
				hint = "the number is far off. Look at what else is known: the comparison that it serves"
			case reproduce.Differs:
				hint = "compute the margin with the cap: is the published value within it? And does anything else speak for the paper?"
			case reproduce.Better:
				hint = "ours is lower than the published value by more than the margin, and it is the method's"
			case reproduce.Reproduced:
				hint = "compute the margin around our mean; a time is first divided by its reference, on both sides"
			default:
				hint = "are there any values at all?"
			}
			return fmt.Errorf("cell %d is not %q: %s", i+1, answer, hint)
		}
		return nil
	})
}

// ExpectedMinimum judges the mean over all choices of k of the values of the smallest:
// by going through all choices.
func ExpectedMinimum(expected func(values []float64, k int) float64) error {
	return guarded(func() error {
		values := []float64{7, 1, 4, 12}
		given := slices.Clone(values)
		for k := 1; k <= len(values); k++ {
			sum, n := 0., 0.
			for set := range 1 << len(values) {
				smallest, size := math.Inf(1), 0
				for i, v := range values {
					if set&(1<<i) != 0 {
						smallest, size = min(smallest, v), size+1
					}
				}
				if size == k {
					sum, n = sum+smallest, n+1
				}
			}
			got, want := expected(given, k), sum/n
			if !slices.Equal(given, values) {
				return errors.New("you sort the values that you are given; sort a copy")
			}
			switch {
			case near(got, want, 1e-9):
				continue
			case k == 1 && near(got, values[0], 1e-9):
				return errors.New("for k = 1 it is the mean of all values, not the first one")
			case k == 1 && near(got, 1, 1e-9):
				return errors.New("for k = 1 nothing is picked: it is the mean, not the minimum")
			case math.IsNaN(got):
				return fmt.Errorf("for k = %d you return NaN", k)
			case got > want && k == len(values):
				return fmt.Errorf("for k = n all runs are made, and it is the minimum, 1; you return %.4g. Are the values sorted in increasing order?", got)
			}
			return fmt.Errorf("for the values 7, 1, 4, 12 and k = %d you return %.4g, which is not the mean of the minima over all choices; the weight of the i-th smallest (from 0) is the number of ways to take k−1 of the n−1−i larger ones", k, got)
		}
		return nil
	})
}

// PrintedTwice judges the places of the first two entries that agree in both numbers,
// −1, −1 where none do.
func PrintedTwice(places func(abs, rel []float64) (i, j int)) error {
	return guarded(func() error {
		for _, c := range []struct {
			abs, rel []float64
			i, j     int
			hint     string
		}{
			{[]float64{.1, .2, .3, .2}, []float64{.5, .6, .7, .6}, 1, 3, "the entries at places 1 and 3 (from 0) agree in both numbers"},
			{[]float64{.1, .1, .3}, []float64{.5, .6, .7}, -1, -1, "two entries that agree in one number alone are no pair"},
			{[]float64{.1, .2}, []float64{.3, .4}, -1, -1, "where no two agree it is −1, −1; an entry is no pair with itself"},
			{[]float64{.3, .2, .3, .2}, []float64{.3, .2, .3, .2}, 0, 2, "where there are several pairs, the first is asked for"},
		} {
			i, j := places(c.abs, c.rel)
			if i == c.i && j == c.j {
				continue
			}
			if i == c.j && j == c.i {
				return errors.New("the smaller place comes first")
			}
			return fmt.Errorf("of %v and %v you return %d, %d: %s", c.abs, c.rel, i, j, c.hint)
		}
		return nil
	})
}
