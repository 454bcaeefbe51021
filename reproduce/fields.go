// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// Evaluate compares a finished run with the reference solution at mu, which may be
// one at which it was not evaluated before.
func (s *Session) Evaluate(r *Run, mu []float64) (pinn.Evaluation, error) {
	record, err := s.Find(r)
	if err != nil {
		return pinn.Evaluation{}, err
	}
	if record != nil {
		if ev, err := evaluationAt(record, mu); err == nil {
			return ev, nil
		}
	}
	if record, err = s.withWeights(r); err != nil {
		return pinn.Evaluation{}, err
	}
	e, data, err := s.evaluatorOf(r)
	if err != nil {
		return pinn.Evaluation{}, err
	}
	return e.Evaluate(mu, record.Weights, data)
}

// withWeights is a finished run's record; it is an error where there is none, or one
// without weights.
func (s *Session) withWeights(r *Run) (*store.Record, error) {
	record, err := s.Find(r)
	if err == nil && (record == nil || record.Weights == nil) {
		err = fmt.Errorf("reproduce: %s has no weights in the store; run it first", r.Label)
	}
	return record, err
}

// evaluatorOf is the evaluator of a finished run's networks, with the data of its
// task that they read.
func (s *Session) evaluatorOf(r *Run) (*pinn.Evaluator, map[string]train.Array, error) {
	var parent *store.Record
	if r.Parent != nil {
		var err error
		if parent, err = s.withWeights(r.Parent); err != nil {
			return nil, nil, err
		}
	}
	b, err := s.Backend()
	if err != nil {
		return nil, nil, err
	}
	task, err := r.task(b.Compute, parent)
	if err != nil {
		return nil, nil, err
	}
	return s.evaluatorFor(b.Compute, r, task)
}

// Field returns what a trained run predicts at points, at parameter setting mu.
func (s *Session) Field(ctx context.Context, r *Run, mu []float64, points [][]float64) ([]float64, error) {
	u, _, err := s.fields(ctx, r, mu, points)
	return u, err
}

// fields are what a trained run predicts and its residual. The store keeps both,
// so that a figure is not computed twice.
func (s *Session) fields(_ context.Context, r *Run, mu []float64, points [][]float64) (u, residual []float64, err error) {
	record, err := s.withWeights(r)
	if err != nil {
		return nil, nil, err
	}
	both, err := s.kept(fieldKey(record, mu, points), 2*len(points), func() ([]float64, error) {
		e, data, err := s.evaluatorOf(r)
		if err != nil {
			return nil, err
		}
		u, residual, err := e.At(mu, record.Weights, data, points)
		return slices.Concat(u, residual), err
	})
	if err != nil {
		return nil, nil, err
	}
	return both[:len(points)], both[len(points):], nil
}

// fieldKey names a field: the run, its weights' checksum, mu and the points.
func fieldKey(record *store.Record, mu []float64, points [][]float64) string {
	return keyOf(points, record.Name, record.WeightsSHA256(), mu)
}

// solutionsVersion is part of the name of each reference solution that the store
// keeps. Raise it by hand when package pde's solutions change.
const solutionsVersion = 1

// reference is the problem's solution at mu, which the store keeps: one with
// diffusion and a reaction takes as long as to read a hundred records.
func (s *Session) reference(problem pde.Problem, mu []float64, points [][]float64) ([]float64, error) {
	truth := "" // its ID is silent on this
	if c, ok := problem.(*pde.CDR); ok {
		truth = c.Truth()
	}
	return s.kept(keyOf(points, "reference", solutionsVersion, problem.ID(), truth, mu), len(points), func() ([]float64, error) {
		return problem.Reference(mu, points)
	})
}

// traceSolution is the problem's solution of a trace, which name tells from others;
// the store keeps it too.
func (s *Session) traceSolution(problem *pde.CDR, name string, mu []float64, trace func(t float64) float64, points [][]float64) ([]float64, error) {
	return s.kept(keyOf(points, "trace", solutionsVersion, problem.ID(), name, mu), len(points), func() ([]float64, error) {
		return problem.TraceSolution(mu, trace, points)
	})
}

// kept are n numbers that the store keeps under a key, computed where it doesn't.
func (s *Session) kept(key string, n int, compute func() ([]float64, error)) ([]float64, error) {
	if xs := s.Store.Cached(key); len(xs) == n {
		return xs, nil
	}
	xs, err := compute()
	if err == nil {
		s.Store.Cache(key, xs)
	}
	return xs, err
}

// keyOf names numbers that are kept: by what they are and at which points.
func keyOf(points [][]float64, what ...any) string {
	data := fmt.Appendln(nil, what...)
	if len(points) > 0 {
		data = slices.Grow(data, 8*len(points)*len(points[0]))
	}
	for _, p := range points {
		for _, x := range p {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
