// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/metric"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Evaluation is what is known of a trained network at one parameter setting.
type Evaluation struct {
	Mu []float64 `json:"mu"`
	// Test are the errors on the published test points, Grid on the full grid.
	Test metric.Errors `json:"test"`
	Grid metric.Errors `json:"grid"`
	// TrivialTest and TrivialGrid are the errors of the best constant there.
	TrivialTest metric.Errors `json:"trivial_test"`
	TrivialGrid metric.Errors `json:"trivial_grid"`
	// ResidualTrain and ResidualGrid are the mean squares of the residual on the
	// collocation points of the sample and on the full grid. Where training drew its
	// own points (pde.Sample.Redraw, Setup.Adapted), the sample's are as good as any
	// others: both are then residuals at places that were not trained on.
	ResidualTrain float64 `json:"residual_train"`
	ResidualGrid  float64 `json:"residual_grid"`
	// Spurious marks a solution that satisfies the equation at the collocation
	// points and not between them; see SpuriousRatio.
	Spurious bool `json:"spurious"`
	// AsPublished compares with the authors' own reference solution where that has a
	// fault ([pde.CDR.AsPublished]); nil where it has none.
	AsPublished *Comparison `json:"as_published,omitempty"`
}

// Comparison is what Evaluation has of the errors, against another reference
// solution.
type Comparison struct {
	Test        metric.Errors `json:"test"`
	Grid        metric.Errors `json:"grid"`
	TrivialTest metric.Errors `json:"trivial_test"`
	TrivialGrid metric.Errors `json:"trivial_grid"`
}

// SpuriousRatio is how many times the mean square residual on the grid exceeds
// that on the collocation points before a run is flagged as spurious. Runs that
// generalise have ratios of 1 to 2 (the authors' checkpoint 1.4 on test
// points); the spurious one that was seen before this rule was set, 6e5.
const SpuriousRatio = 100

// Evaluator evaluates networks of one kind on one compiled graph.
type Evaluator struct {
	setup Setup
	dtype string
	exec  *train.Evaluator
}

const pointsDatum = "evaluation/points"

// NewEvaluator makes an evaluator for networks with these weights and data (by
// name; the query axis is 1). network builds the network from them and from the
// datum mu.
func NewEvaluator(b compute.Backend, s Setup, weights, data []string, dtype string, network func(in train.Inputs) jet.Network) (*Evaluator, error) {
	e := &Evaluator{setup: s, dtype: dtype}
	data = append(slices.Clone(data), MuDatum, pointsDatum)
	exec, err := train.NewEvaluator(b, weights, dedupe(data), dtype, func(in train.Inputs) []*graph.Node {
		r, u := pde.Residual(s.Problem, network(in), in.D(MuDatum), in.D(pointsDatum))
		return []*graph.Node{u, r}
	})
	if err != nil {
		return nil, err
	}
	e.exec = exec
	return e, nil
}

func dedupe(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// At returns u and the residual of a network at points.
func (e *Evaluator) At(mu []float64, weights, data map[string]train.Array, points [][]float64) (u, residual []float64, err error) {
	data = maps.Clone(data)
	if data == nil {
		data = map[string]train.Array{}
	}
	data[MuDatum] = train.FromRows([][]float64{mu})
	rows := train.FromRows(points)
	data[pointsDatum] = rows.Reshape(1, rows.Dims[0], rows.Dims[1])
	out, err := e.exec.Call(weights, data)
	if err != nil {
		return nil, nil, err
	}
	return out[0].Data, out[1].Data, nil
}

// Evaluate compares a network with the reference solution at mu.
func (e *Evaluator) Evaluate(mu []float64, weights, data map[string]train.Array) (Evaluation, error) {
	s := e.setup
	// All points in one call: one compiled graph.
	points := slices.Concat(s.Points.Grid.Points, s.Points.Test, s.Points.Collocation)
	u, r, err := e.At(mu, weights, data, points)
	if err != nil {
		return Evaluation{}, err
	}
	nGrid, nTest := len(s.Points.Grid.Points), len(s.Points.Test)
	places := points[:nGrid+nTest]
	c, err := compare(s.Problem, mu, places, u[:len(places)], nGrid)
	if err != nil {
		return Evaluation{}, err
	}
	out := Evaluation{
		Mu:   mu,
		Test: c.Test, Grid: c.Grid, TrivialTest: c.TrivialTest, TrivialGrid: c.TrivialGrid,
		ResidualTrain: meanSquareOf(r[nGrid+nTest:]),
		ResidualGrid:  meanSquareOf(r[:nGrid]),
	}
	if p, ok := s.Problem.(*pde.CDR); ok && p.AsPublished() != nil {
		c, err := compare(p.AsPublished(), mu, places, u[:len(places)], nGrid)
		if err != nil {
			return Evaluation{}, err
		}
		out.AsPublished = &c
	}
	out.Spurious = out.ResidualGrid > SpuriousRatio*out.ResidualTrain
	return out, nil
}

// compare compares u with a problem's reference solution at points, the first nGrid
// of which are the grid's and the rest the test points.
func compare(p pde.Problem, mu []float64, points [][]float64, u []float64, nGrid int) (c Comparison, err error) {
	truth, err := p.Reference(mu, points)
	if err != nil {
		return c, fmt.Errorf("pinn: reference solution: %w", err)
	}
	if c.Grid, err = metric.Compare(u[:nGrid], truth[:nGrid]); err != nil {
		return c, fmt.Errorf("pinn: %w", err)
	}
	if c.Test, err = metric.Compare(u[nGrid:], truth[nGrid:]); err != nil {
		return c, fmt.Errorf("pinn: %w", err)
	}
	if c.TrivialGrid, err = metric.Trivial(truth[:nGrid]); err != nil {
		return c, fmt.Errorf("pinn: %w", err)
	}
	if c.TrivialTest, err = metric.Trivial(truth[nGrid:]); err != nil {
		return c, fmt.Errorf("pinn: %w", err)
	}
	return c, nil
}

// Finalize frees the compiled graph.
func (e *Evaluator) Finalize() { e.exec.Finalize() }

func meanSquareOf(xs []float64) float64 {
	sum := 0.
	for _, x := range xs {
		sum += x * x
	}
	return sum / float64(len(xs))
}
