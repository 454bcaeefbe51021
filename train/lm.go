// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths
	"github.com/gomlx/gomlx/ml/model"
)

// LM are the settings of Levenberg–Marquardt, after Madsen, Nielsen and Tingleff,
// "Methods for non-linear least squares problems" (2nd edition, DTU 2004), algorithm
// 3.16: a step h solves (JᵀJ + μI) h = −Jᵀr, and Nielsen's rule changes the damping μ by
// the gain ratio, what the loss fell by over what its linear model said. A step that
// would raise the loss is tried again with more damping, on the same J.
//
// As Marquardt has it, every weight is counted in the unit in which its column of J has
// length 1, anew at every step: it is diag(JᵀJ) that is damped. In Phase 2 at β = 30 that
// takes the loss to 4e-5 in 50 steps, where μI on the weights as they are comes to 1e-2,
// and it lets float32 go as far as float64 does, to 1e-7. Not tried: geodesic
// acceleration.
//
// One step costs what several of Adam do, and the square of the number of weights or of
// residuals, whichever is smaller, in memory: prefer it up to a few thousand. It wants
// the loss as a sum of squares, Task.Residuals.
type LM struct {
	// Damping is the first μ; 0 is 1e-3 (the book's value where the start is not known to
	// be good).
	Damping float64 `json:"damping"`
	// Gradient ends a query's training where the cosine of the angle between r and each
	// column of J is at most this, as MINPACK's gtol; 0 asks for a gradient of 0.
	Gradient float64 `json:"gradient,omitempty"`
	// Step ends it where a step's norm is at most this part of the weights', as MINPACK's
	// xtol; 0 asks for a step of 0.
	Step float64 `json:"step,omitempty"`
}

// Damping is where Levenberg–Marquardt stands beside its weights.
type Damping struct {
	// Mu is the damping of the next step, and Growth what it is multiplied by should that
	// step raise the loss; both are 0 before the first.
	Mu, Growth float64
	// Done is set where the training has ended by LM.Gradient or LM.Step, or since no
	// damping gave a step that lowers the loss. The weights no longer change.
	Done bool
}

// array packs a damping as numbers.
func (d Damping) array() Array {
	a := Array{Dims: []int{3}, Data: []float64{d.Mu, d.Growth, 0}}
	if d.Done {
		a.Data[2] = 1
	}
	return a
}

func dampingFrom(a Array) Damping {
	if len(a.Data) != 3 {
		return Damping{}
	}
	return Damping{Mu: a.Data[0], Growth: a.Data[1], Done: a.Data[2] != 0}
}

const (
	// lmGrowth is Nielsen's first growth of the damping after a step that is refused; the
	// growth itself doubles with every further one.
	lmGrowth = 2
	// lmTrials is the most steps that are tried on one J. By then μ has grown to
	// 2^(20·21/2) of what it was, and no smaller step would lower the loss either.
	lmTrials = 20
	// lmShortest is how much shorter than the longest column of J another counts. The
	// squares then have a ratio of 1e-6, which float32 can hold.
	lmShortest = 1e-3
)

func (s LM) withDefaults() *LM {
	if s.Damping == 0 {
		s.Damping = 1e-3
	}
	return &s
}

func (s Settings) checkLM() error {
	switch lm := s.LM; {
	case !(lm.Damping > 0) || math.IsInf(lm.Damping, 0):
		return fmt.Errorf("train: the first damping must be positive and finite, got %g", lm.Damping)
	case !(lm.Gradient >= 0) || !(lm.Step >= 0) || math.IsInf(lm.Gradient, 0) || math.IsInf(lm.Step, 0):
		return fmt.Errorf("train: limits of gradient and step must not be negative, and finite, got %g and %g", lm.Gradient, lm.Step)
	case s.LearningRate != 0 || s.Schedule != "" || s.FinalRate != 0 || s.Warmup != 0:
		return fmt.Errorf("train: Levenberg–Marquardt has no learning rate; leave rate, schedule and warm-up out")
	}
	return nil
}

func errNoResiduals(t Task) error {
	return fmt.Errorf("train: %s has no residuals for a Jacobian; set Task.Residuals", t.Label)
}

// lmGraphs are what Levenberg–Marquardt runs on the device, at weights that come from the
// host, [query, weight], so many steps into the stage, on what draw has drawn.
type lmGraphs struct {
	// draw returns the data that a step reads anew, as Task.redraws has them; nil where
	// there are none. Drawn within the others, they would be fused into the Jacobian's
	// assembly and computed once for each of its entries, not of the points.
	draw *model.Exec
	// normal returns the normal matrix, Jᵀr, the weights' units and r; the matrix is JᵀJ
	// or, where there are more weights than residuals, JJᵀ, and J itself is then the last.
	normal *model.Exec
	// back is Jᵀy for J and y, [query, residual].
	back *model.Exec
	// loss returns the terms, [term, query].
	loss *model.Exec
	dual bool
	// terms says how many residuals each term of the loss has.
	terms []int
}

func (l *lmGraphs) finalize() {
	for _, e := range []*model.Exec{l.draw, l.normal, l.back, l.loss} {
		if e != nil {
			e.Finalize()
		}
	}
}

func (t *Trainer) compileLM() error {
	l := &lmGraphs{}
	t.lm = l
	var err error
	redraws := t.task.redraws()
	if redraws != nil {
		l.draw, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, steps *Node) []*Node {
			_, nodes := t.nodes(steps.Graph())
			in := t.layout.inputs(nodes)
			in.steps = steps
			in = t.task.redrawn(in)
			var drawn []*Node
			for _, name := range redraws {
				drawn = append(drawn, in.data[name])
			}
			return drawn
		})
		if err != nil {
			return fmt.Errorf("train: %w", err)
		}
	}
	l.normal, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, args []*Node) []*Node {
		x := args[0]
		r, terms, j := t.task.jacobian(t.lmInputs(args), t.layout.weights)
		l.terms = terms
		gradient := func() *Node { return DotGeneral(j, []int{2}, []int{0}, r, []int{1}, []int{0}) }
		if l.dual = j.Shape().Dim(1) > j.Shape().Dim(2); l.dual {
			units := unitsOf(ReduceSum(Square(j), 2))
			j = Mul(j, InsertAxes(units, -1))
			return []*Node{gram(j, 1), gradient(), units, r, j}
		}
		// The same with one pass less through J: the squares are on the product's diagonal.
		product := gram(j, 2)
		one := DiagonalWithValue(Scalar(x.Graph(), x.DType(), 1), j.Shape().Dim(1))
		units := unitsOf(ReduceSum(Mul(product, InsertAxes(one, 0)), 2))
		product = Mul(Mul(product, InsertAxes(units, 1)), InsertAxes(units, 2))
		return []*Node{product, Mul(gradient(), units), units, r}
	})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	l.back, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, j, y *Node) *Node {
		return DotGeneral(j, []int{2}, []int{0}, y, []int{1}, []int{0})
	})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	l.loss, err = model.NewExec(t.backend, t.store, func(_ *model.Scope, args []*Node) *Node {
		_, nodes := t.nodes(args[0].Graph())
		t.nameTerms(nodes)
		var rows []*Node
		for _, term := range t.task.Loss(t.lmInputs(args)) {
			rows = append(rows, InsertAxes(term.Value, 0))
		}
		return Concatenate(rows, 0)
	})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

// gramBlock is the size from which a product of a matrix with its own transpose is put
// together from smaller ones.
const gramBlock = 256

// gram is the product of x, of three axes, with itself, summed over an axis, 1 or 2: a
// symmetric matrix a query, of which only the upper triangle and what is near the diagonal
// is worked out, with zeros below.
func gram(x *Node, over int) *Node {
	dot := func(a, b *Node) *Node { return DotGeneral(a, []int{over}, []int{0}, b, []int{over}, []int{0}) }
	n := x.Shape().Dim(3 - over)
	if n < gramBlock {
		return dot(x, x)
	}
	half := (n + 1) / 2
	part := func(from, to int) *Node {
		return SliceAxis(x, 3-over, AxisRange(from, to))
	}
	a, b := part(0, half), part(half, n)
	below := Zeros(x.Graph(), shapes.Make(x.DType(), x.Shape().Dim(0), n-half, half))
	return Concatenate([]*Node{
		Concatenate([]*Node{gram(a, over), dot(a, b)}, 2),
		Concatenate([]*Node{below, gram(b, over)}, 2),
	}, 1)
}

// unitsOf are the units of the weights, [query, weight], in which the columns of J, of
// these squares of their lengths, have length 1. Columns that are shorter than lmShortest
// of the longest are as long as that: a weight without influence gets no step.
func unitsOf(squares *Node) *Node {
	norm := Sqrt(squares)
	least := MulScalar(ReduceAndKeep(norm, ReduceMax, 1), lmShortest)
	tiny := ConstAs(norm, 1e-19) // all of J may be 0; its square is the least float32
	return Inverse(Max(Max(norm, least), tiny))
}

// lmInputs are the inputs of a step at weights, [query, weight], so many steps into the
// stage, on drawn data: the arguments in this order.
func (t *Trainer) lmInputs(args []*Node) Inputs {
	x := args[0]
	_, nodes := t.nodes(x.Graph())
	in := t.layout.inputs(nodes)
	in.steps = args[1]
	for i, name := range t.task.redraws() {
		in.data[name] = args[2+i]
	}
	from := 0
	for _, w := range t.task.Weights {
		n := w.Value.Size()
		dims := slices.Clone(w.Value.Dims)
		dims[0] = t.queries
		in.weights[w.Name] = Reshape(Slice(x, AxisRange(), AxisRange(from, from+n)), dims...)
		from += n
	}
	return in
}
