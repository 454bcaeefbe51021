// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

// Package metric measures how far a prediction is from the truth, with the
// definitions of the papers and in float64 whatever the network's precision.
//
//	e, err := metric.Compare(predicted, truth)
//	fmt.Printf("abs %.4f, rel L2 %.4f\n", e.Abs, e.RelL2)
//
// [Trivial] gives the errors of the best constant, without which a relative
// error of 0.58 reads like half a success.
package metric

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Errors are the errors of a prediction v against the truth u over n points.
type Errors struct {
	// Abs is mean|u−v|. The Hyper-LR-PINN paper calls it the "L2 absolute
	// error" (sec. 4); its code, and its numbers, are the mean absolute error.
	Abs float64 `json:"abs"`
	// RelL2 is ‖u−v‖₂/‖u‖₂ (Hyper-LR-PINN sec. 4).
	RelL2 float64 `json:"rel_l2"`
	// Max is max|u−v|.
	Max float64 `json:"max"`
	// ExplainedVariance is 1 − Var(u−v)/Var(u), as in scikit-learn: a constant
	// offset costs nothing. Where the truth is constant it is 1 if the error is
	// constant too, and 0 if not (scikit-learn's force_finite).
	ExplainedVariance float64 `json:"explained_variance"`
	// MSE is mean (u−v)² (HyperPINN, table 1).
	MSE float64 `json:"mse"`
}

// Median returns the median of numbers; 0 if there are none.
func Median(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	xs = slices.Sorted(slices.Values(xs))
	n := len(xs)
	return (xs[(n-1)/2] + xs[n/2]) / 2
}

// Compare returns the errors of pred against truth. It is an error when they
// are empty or of different lengths, when a value is not finite, or when the
// truth is zero everywhere, since then no relative error exists.
func Compare(pred, truth []float64) (Errors, error) {
	if len(truth) == 0 {
		return Errors{}, errors.New("compare: no points; pass at least one")
	}
	if len(pred) != len(truth) {
		return Errors{}, fmt.Errorf("compare: %d predictions for %d true values; pass one for each", len(pred), len(truth))
	}
	for i := range truth {
		if !finite(truth[i]) {
			return Errors{}, fmt.Errorf("compare: true value %d is %g; check the reference solution", i, truth[i])
		}
		if !finite(pred[i]) {
			return Errors{}, fmt.Errorf("compare: prediction %d is %g; the network has diverged", i, pred[i])
		}
	}

	n := float64(len(truth))
	var absolute, squares, largest, truthSquares float64
	difference := make([]float64, len(truth))
	for i, u := range truth {
		d := u - pred[i]
		difference[i] = d
		absolute += math.Abs(d)
		squares += d * d
		largest = max(largest, math.Abs(d))
		truthSquares += u * u
	}
	if truthSquares == 0 {
		return Errors{}, errors.New("compare: the truth is zero everywhere; no relative error exists, compare absolute errors")
	}
	return Errors{
		Abs:               absolute / n,
		RelL2:             math.Sqrt(squares / truthSquares),
		Max:               largest,
		ExplainedVariance: explained(variance(difference), variance(truth)),
		MSE:               squares / n,
	}, nil
}

// Trivial returns the errors of the best constant predictor in L2, which is the
// mean of the truth. Its errors are what a network reaches that has learnt
// nothing but an average; its explained variance is 0.
func Trivial(truth []float64) (Errors, error) {
	if len(truth) == 0 {
		return Errors{}, errors.New("trivial: no points; pass at least one")
	}
	constant := make([]float64, len(truth))
	m := mean(truth)
	for i := range constant {
		constant[i] = m
	}
	e, err := Compare(constant, truth)
	if err != nil {
		return Errors{}, fmt.Errorf("trivial: %w", err)
	}
	return e, nil
}

func explained(unexplained, total float64) float64 {
	switch {
	case total > 0:
		return 1 - unexplained/total
	case unexplained > 0:
		return 0
	default:
		return 1
	}
}

// variance is the mean squared deviation (divisor n), in two passes: the
// one-pass formula loses every digit where a small error sits on a large mean.
func variance(x []float64) float64 {
	m := mean(x)
	sum := 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return sum / float64(len(x))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
