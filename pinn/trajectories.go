// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pinn

import (
	"errors"
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/train"
)

// Trajectories are solutions of an ordinary differential equation ẏ = f(y; μ), from
// which a network learns f by the residual of the trapezoid rule (HyperPINN,
// appendix A.3). They live on the device; a step draws a mini-batch of pairs of
// neighbouring states.
type Trajectories struct {
	// Mus are the parameter settings.
	Mus [][]float64
	// States are the trajectories of each setting, one after another: [setting,
	// trajectory·length, component].
	States train.Array
	// Length is the number of states of a trajectory, Step the time between two.
	Length int
	Step   float64
	// Batch is the number of pairs that a step draws of each setting.
	Batch int
	// Scale divides the states that a network reads, and multiplies what it
	// returns: it is trained on y/Scale.
	Scale float64
	// Seed of the draws.
	Seed int64
}

// Names of the data that Trajectories.Losses reads.
const (
	statesDatum = "states" // [setting, trajectory·length, component]
	pairsDatum  = "pairs"  // [setting, pair, 1], in [0, 1)
)

// FieldProbe names what Trajectories.Probe measures: ‖f − f̂‖₂ / ‖f‖₂ on states of
// the trajectories.
const FieldProbe = "field_err"

// Check returns an error that says what to do where there is nothing to train on.
func (t Trajectories) Check() error {
	dims := t.States.Dims
	switch {
	case len(t.Mus) == 0 || len(dims) != 3 || dims[0] != len(t.Mus) || t.States.Size() == 0:
		return fmt.Errorf("pinn: states of shape %v for %d parameter settings; give [setting, state, component], none of them 0", dims, len(t.Mus))
	case len(t.States.Data) != t.States.Size():
		return fmt.Errorf("pinn: %d numbers in states of shape %v; give as many as the shape has", len(t.States.Data), dims)
	case t.Length < 2 || dims[1]%t.Length != 0:
		return fmt.Errorf("pinn: %d states in trajectories of %d; give whole trajectories of at least 2 states", dims[1], t.Length)
	case !(t.Step > 0) || math.IsInf(t.Step, 0):
		return fmt.Errorf("pinn: a time step of %g; give a positive one", t.Step)
	case t.Batch < 1:
		return fmt.Errorf("pinn: a mini-batch of %d pairs; give at least 1", t.Batch)
	case !(t.Scale > 0) || math.IsInf(t.Scale, 0):
		return fmt.Errorf("pinn: states are divided by %g; give a positive number", t.Scale)
	case t.States.Size() >= 1<<31 || t.pairs() > 1<<24:
		return errors.New("pinn: more states than an index of the device can tell apart; give fewer")
	}
	for _, mu := range t.Mus {
		if len(mu) == 0 || len(mu) != len(t.Mus[0]) {
			return fmt.Errorf("pinn: parameters %v beside %v; give as many at each setting, and at least one", mu, t.Mus[0])
		}
	}
	return nil
}

// pairs is the number of pairs of neighbours of one setting.
func (t Trajectories) pairs() int { return t.States.Dims[1] / t.Length * (t.Length - 1) }

// Data returns the data that Losses reads.
func (t Trajectories) Data() []train.Datum {
	return []train.Datum{
		{Name: MuDatum, Value: train.FromRows(t.Mus), Shared: true},
		{Name: statesDatum, Value: t.States, Shared: true},
		{
			Name: pairsDatum, Value: train.NewArray(len(t.Mus), t.Batch, 1), Shared: true,
			Redraw: &train.Redraw{Every: 1, Seed: t.Seed, Low: []float64{0}, High: []float64{1}},
		},
	}
}

// Losses returns the one term of the loss, [1]: the mean square of the trapezoid
// rule's residual over pairs and components (equation 9, divided by the time step,
// of the scaled states).
func (t Trajectories) Losses(in train.Inputs, net jet.Network) []train.Term {
	from, to := t.batch(in)
	field := func(x *graph.Node) *graph.Node { return net(jet.Value(x)).Value() }
	r := pde.TrapezoidResidual(field, from, to, t.Step)
	return []train.Term{{Name: ResidualTerm, Value: graph.InsertAxes(graph.ReduceAllMean(graph.Square(r)), 0)}}
}

// batch is a mini-batch of pairs of scaled states, each [setting, pair, component].
func (t Trajectories) batch(in train.Inputs) (from, to *graph.Node) {
	states, draw := in.D(statesDatum), in.D(pairsDatum)
	g, dims := states.Graph(), states.Shape().Dimensions
	integer := func(x int) *graph.Node { return graph.Const(g, int32(x)) }
	// A draw is a multiple of 2⁻²⁴, and each pair has as many of them as any other,
	// or one more.
	pair := graph.ConvertDType(graph.Floor(graph.MulScalar(draw, float64(t.pairs()))), dtypes.Int32)
	pair = graph.Min(pair, integer(t.pairs()-1)) // should the product round up
	trajectory := graph.Div(pair, integer(t.Length-1))
	at := graph.Add(pair, trajectory) // each trajectory has one state more than pairs
	setting := graph.Iota(g, shapes.Make(dtypes.Int32, dims[0], t.Batch, 1), 0)
	at = graph.Add(at, graph.Mul(setting, integer(dims[1])))
	flat := graph.Reshape(states, dims[0]*dims[1], dims[2])
	read := func(at *graph.Node) *graph.Node { return graph.MulScalar(graph.Gather(flat, at), 1/t.Scale) }
	return read(at), read(graph.Add(at, integer(1)))
}

const (
	probeStates = "probe/states" // [setting, state, component]
	probeField  = "probe/field"  // the same
)

// probedStates is how many states of each setting the probe reads, evenly spaced in
// the order of the data. Of the paper's 100 trajectories a setting these are the
// starts: the error off the attractor, larger than that which training weighs.
const probedStates = 100

// Probe returns the task with the error of the learnt field on states of the
// trajectories as its probe. field writes the derivative of a state at μ, which
// training never sees.
func (t Trajectories) Probe(task train.Task, field func(mu, state, derivative []float64), network func(in train.Inputs) jet.Network) train.Task {
	n, dim := t.States.Dims[1], t.States.Dims[2]
	states, truth := train.NewArray(len(t.Mus), probedStates, dim), train.NewArray(len(t.Mus), probedStates, dim)
	for q, mu := range t.Mus {
		for i := range probedStates {
			from, to := (q*n+i*n/probedStates)*dim, (q*probedStates+i)*dim
			state, derivative := states.Data[to:to+dim], truth.Data[to:to+dim]
			copy(state, t.States.Data[from:from+dim])
			field(mu, state, derivative)
			for k := range dim {
				state[k] /= t.Scale
				derivative[k] /= t.Scale
			}
		}
	}
	task.ProbeData = []train.Datum{{Name: probeStates, Value: states, Shared: true}, {Name: probeField, Value: truth, Shared: true}}
	task.Probe = func(in train.Inputs) []train.Term {
		truth := in.D(probeField)
		misfit := graph.Sub(network(in)(jet.Value(in.D(probeStates))).Value(), truth)
		square := func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Square(x)) }
		return []train.Term{{Name: FieldProbe, Value: graph.InsertAxes(graph.Sqrt(graph.Div(square(misfit), square(truth))), 0)}}
	}
	return task
}
