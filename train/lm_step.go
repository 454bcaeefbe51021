// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/floats"
)

// LMTimes is where the time of Levenberg–Marquardt's steps went.
type LMTimes struct {
	// Normal is that of Jacobians with their normal matrices, Solve of the host's
	// Cholesky decompositions, Loss of the losses at steps that are tried.
	Normal, Solve, Loss time.Duration
	// Steps were made, and so many tried.
	Steps, Tried int
}

// descent is where Levenberg–Marquardt stands on the host.
type descent struct {
	x       [][]float64 // a query, then its weights
	damping []Damping
	stored  bool // x is what the device's variables hold
	// terms are those of the loss at x, [term, query] flat, on what the step before has
	// read; nil before the first.
	terms   []float64
	drawn   []any // tensors of what the step reads anew
	factors Array // of the damped normal matrices, [query, n, n]: room, made once
}

// flat is the weights of a state one after another.
func (t *Trainer) flat(s State) ([]float64, error) {
	var x []float64
	for _, w := range t.task.Weights {
		a, ok := s.Weights[w.Name]
		if !ok || a.Size() != w.Value.Size() {
			return nil, fmt.Errorf("weight %s has shape %v in the state, and %v in the task", w.Name, a.Dims, w.Value.Dims)
		}
		x = append(x, a.Data...)
	}
	return x, nil
}

// begin starts the descent from the states that are on the device.
func (r *run) begin(states []State) error {
	r.finalizeDrawn()
	r.descent = descent{stored: true}
	for i, s := range states {
		x, err := r.flat(s)
		if err != nil {
			return fmt.Errorf("train: state of %q: %w", r.tasks[i].Label, err)
		}
		r.descent.x = append(r.descent.x, r.rounded(x))
		r.descent.damping = append(r.descent.damping, s.Damping)
	}
	return nil
}

// rounded rounds weights as the device does.
func (r *run) rounded(x []float64) []float64 {
	if r.settings.DType == "float32" {
		for i := range x {
			x[i] = float64(float32(x[i]))
		}
	}
	return x
}

// sync brings the weights to the device's variables, from where a probe and a checkpoint
// read them.
func (r *run) sync() error {
	if r.lm == nil || r.descent.stored {
		return nil
	}
	from := 0
	for _, w := range r.task.Weights {
		n := w.Value.Size()
		a := Array{Dims: slices.Clone(w.Value.Dims)}
		a.Dims[0] = r.queries
		for _, x := range r.descent.x {
			a.Data = append(a.Data, x[from:from+n]...)
		}
		if err := r.set("weights/"+w.Name, a); err != nil {
			return err
		}
		from += n
	}
	r.descent.stored = true
	return nil
}

// done reports whether the training of all queries has ended.
func (d descent) done() bool {
	return !slices.ContainsFunc(d.damping, func(d Damping) bool { return !d.Done })
}

// call runs a graph at weights of all queries, on what draw has drawn.
func (r *run) call(e *model.Exec, x [][]float64) ([]*tensors.Tensor, error) {
	a := Array{Dims: []int{len(x), len(x[0])}, Data: slices.Concat(x...)}
	own := []any{a.Tensor(r.settings.dtype()), r.stepsTensor()}
	defer finalize(own...)
	return e.Call(append(own, r.descent.drawn...)...)
}

// stepsTensor is how many steps of the stage are done.
func (r *run) stepsTensor() *tensors.Tensor {
	return scalar(float64(r.steps - len(r.ended[0])*r.stageSteps())).Tensor(r.settings.dtype())
}

// draw draws what the next step reads.
func (r *run) draw() error {
	r.finalizeDrawn()
	if r.lm.draw == nil {
		return nil
	}
	steps := r.stepsTensor()
	defer finalize(steps)
	out, err := r.lm.draw.Call(steps)
	if err != nil {
		return fmt.Errorf("train: the draws of step %d: %w", r.steps+1, err)
	}
	for _, t := range out {
		r.descent.drawn = append(r.descent.drawn, t)
	}
	return nil
}

// finalizeDrawn frees it.
func (r *run) finalizeDrawn() {
	finalize(r.descent.drawn...)
	r.descent.drawn = nil
}

// lossAt returns the terms at weights of all queries, [term, query] flat.
func (r *run) lossAt(x [][]float64) ([]float64, error) {
	defer since(&r.Times.Loss, time.Now())
	out, err := r.call(r.lm.loss, x)
	if err != nil {
		return nil, fmt.Errorf("train: the loss of step %d: %w", r.steps+1, err)
	}
	terms, err := FromTensor(out[0])
	out[0].MustFinalizeAll()
	return terms.Data, err
}

func since(total *time.Duration, start time.Time) { *total += time.Since(start) }

func finalize(args ...any) {
	for _, a := range args {
		a.(*tensors.Tensor).MustFinalizeAll()
	}
}

// total is the loss of a query.
func total(terms []float64, query, queries int) float64 {
	sum := 0.
	for i := query; i < len(terms); i += queries {
		sum += terms[i]
	}
	return sum
}

// normal is the linear model of all queries at x, every weight in its unit.
type normal struct {
	// matrix is the upper triangle of JᵀJ or JJᵀ, [query, n, n], and right what the step
	// is solved from, the gradient Jᵀr or r, [query, n]. In the dual form (JJᵀ + μI) y = r
	// and h = −Jᵀy, which by Woodbury's identity is the same h.
	matrix, gradient, right Array
	unit                    Array           // [query, weight]
	residuals               Array           // [query, residual]
	jacobian                *tensors.Tensor // [query, weight, residual], where right is r
}

// terms are the loss's, [term, query] flat, of which each has so many residuals.
func (n normal) terms(of []int) []float64 {
	var terms []float64
	from := 0
	for _, count := range of {
		for q := range n.residuals.Dims[0] {
			part := n.residuals.row(q)[from : from+count]
			terms = append(terms, floats.Dot(part, part))
		}
		from += count
	}
	return terms
}

func (n normal) finalize() {
	if n.jacobian != nil {
		n.jacobian.MustFinalizeAll()
	}
}

func (r *run) linearise() (n normal, err error) {
	defer since(&r.Times.Normal, time.Now())
	out, err := r.call(r.lm.normal, r.descent.x)
	if err != nil {
		return n, fmt.Errorf("train: the Jacobian of step %d: %w", r.steps+1, err)
	}
	var read [4]Array
	for i := range read {
		if read[i], err = FromTensor(out[i]); err != nil {
			return n, err
		}
		out[i].MustFinalizeAll()
	}
	n = normal{matrix: read[0], gradient: read[1], right: read[1], unit: read[2], residuals: read[3]}
	if r.lm.dual {
		n.right, n.jacobian = n.residuals, out[4]
	}
	return n, nil
}

// check returns an error where the model is of no use.
func (r *run) check(n normal) error {
	for q := range r.tasks {
		for _, x := range n.gradient.row(q) {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return r.nonFinite(r.steps+1, "jacobian", q, x)
			}
		}
		if slices.Contains(n.unit.row(q), 0) { // the length of its column has overflown
			return r.nonFinite(r.steps+1, "jacobian", q, math.Inf(1))
		}
	}
	return nil
}

// lossOf returns the terms at x, where the model is. Where the loss reads the same numbers
// at every step they are those of the last step's trial. Else they are those of the model,
// whose graph rounds otherwise than the loss's own: see lmRounding.
func (r *run) lossOf(n normal) ([]float64, error) {
	switch terms := r.descent.terms; {
	case terms != nil && r.redraws():
		return n.terms(r.lm.terms), nil
	case terms != nil:
		return terms, nil
	}
	squares := n.terms(r.lm.terms)
	terms, err := r.lossAt(r.descent.x)
	if err != nil {
		return nil, err
	}
	if err := r.finite(terms); err != nil {
		return nil, err
	}
	if r.steps == 0 {
		if err := r.sameLoss(squares, terms); err != nil {
			return nil, err
		}
	}
	if r.redraws() {
		return squares, nil // as in a run that was not cut here
	}
	return terms, nil
}

// sameLoss returns an error where the residuals of a task at its start are not those of
// its loss.
func (r *run) sameLoss(squares, terms []float64) error {
	if got, want := len(squares), len(terms); got != want {
		return fmt.Errorf("train: %s: %d terms of residuals and %d of the loss; make them the same", r.tasks[0].Label, got/r.queries, want/r.queries)
	}
	for q, task := range r.tasks {
		apart, worst := 0., q
		for i := q; i < len(terms); i += r.queries {
			d := math.Abs(squares[i] - terms[i])
			apart += d
			if d > math.Abs(squares[worst]-terms[worst]) {
				worst = i
			}
		}
		// Ten thousand squares in float32 add up to within 1e-3, whatever the order.
		if apart > 1e-3*(total(squares, q, r.queries)+total(terms, q, r.queries)) {
			return fmt.Errorf("train: %s: the squares of the residuals %s add up to %g, and the loss's term is %g; make them the same", task.Label, r.terms[worst/r.queries], squares[worst], terms[worst])
		}
	}
	return nil
}

// descend makes one step of every query.
func (r *run) descend() error {
	d := &r.descent
	if d.done() {
		if end := (len(r.ended[0]) + 1) * r.stageSteps(); end < r.settings.Steps {
			r.steps = end
		} else {
			r.stopped = true
		}
		return nil
	}
	start := time.Now()
	if err := r.draw(); err != nil {
		return err
	}
	model, err := r.linearise()
	defer model.finalize()
	if err != nil {
		return err
	}
	terms, err := r.lossOf(model)
	if err != nil {
		return err
	}
	if err := r.finite(terms); err != nil {
		return err
	}
	if err := r.check(model); err != nil {
		return err
	}
	d.terms = terms
	if err := r.trials(model); err != nil {
		return err
	}
	r.Times.Steps++
	r.timed(time.Since(start), 1)
	if err := r.record(Array{Dims: []int{1, len(r.terms), r.queries}, Data: terms}, 1); err != nil {
		return err
	}
	return r.probe()
}

// redraws reports whether the loss reads other numbers at every step.
func (r *run) redraws() bool {
	return len(r.task.Streams) > 0 || r.task.redraws() != nil
}

func (r *run) finite(terms []float64) error {
	for i, x := range terms {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return r.nonFinite(r.steps+1, r.terms[i/r.queries], i%r.queries, x)
		}
	}
	return nil
}

// lmRounding times the distance of 1 to the next number, and times the root of a loss, is
// what the losses of two graphs may differ by: twice their misfits, whose own rounding is
// some ten last digits. At the end of Phase 2 in float32 that is a hundredth of the loss;
// .005 was seen.
const lmRounding = 20

// trials tries steps of growing damping until one lowers the loss of each query.
func (r *run) trials(n normal) error {
	d := &r.descent
	open := make([]bool, r.queries)
	for q := range open {
		damping := &d.damping[q]
		if damping.Done {
			continue
		}
		if damping.Growth == 0 {
			*damping = Damping{Mu: r.settings.LM.Damping, Growth: lmGrowth}
		}
		// Less is lost in the rounding of the matrix, whose diagonal is 1.
		damping.Mu = max(damping.Mu, r.epsilon())
		slope, length := floats.Norm(n.gradient.row(q), math.Inf(1)), math.Sqrt(total(d.terms, q, r.queries))
		if limit := r.settings.LM.Gradient; slope <= limit*length {
			r.close(damping, limit)
			continue
		}
		open[q] = true
	}
	exact := !r.redraws()
	for range lmTrials {
		if !slices.Contains(open, true) {
			return nil
		}
		steps, err := r.solve(n, open)
		if err != nil {
			return err
		}
		to := slices.Clone(d.x)
		for q, h := range steps {
			if h == nil {
				continue
			}
			to[q] = slices.Clone(d.x[q])
			for i, unit := range n.unit.row(q) {
				to[q][i] += unit * h[i]
			}
			r.rounded(to[q])
		}
		terms, err := r.lossAt(to)
		if err != nil {
			return err
		}
		r.Times.Tried++
		if !exact && r.withinRounding(terms, open) {
			if d.terms, err = r.lossAt(d.x); err != nil {
				return err
			}
			exact = true
		}
		next := slices.Clone(d.terms)
		for q, h := range steps {
			damping := &d.damping[q]
			if !open[q] {
				continue
			}
			if h != nil {
				if limit := r.settings.LM.Step; floats.Distance(to[q], d.x[q], 2) <= limit*floats.Norm(d.x[q], 2) {
					r.close(damping, limit)
					open[q] = false
					continue
				}
				before, after := total(d.terms, q, r.queries), total(terms, q, r.queries)
				if after < before { // false for what is not a number
					said := damping.Mu*floats.Dot(h, h) - floats.Dot(h, n.gradient.row(q))
					gain := (before - after) / said
					damping.Mu *= max(1./3, 1-math.Pow(2*gain-1, 3))
					damping.Growth = lmGrowth
					d.x[q], d.stored, open[q] = to[q], false, false
					for i := q; i < len(terms); i += r.queries {
						next[i] = terms[i]
					}
					continue
				}
			}
			damping.Mu *= damping.Growth
			damping.Growth *= 2
		}
		d.terms = next
	}
	for q := range open {
		if open[q] {
			r.close(&d.damping[q], 0)
		}
	}
	return nil
}

// close ends a query's training by a limit. Where the limit is 0, so that what has come to
// an end is this step, other points may let the query go on, with a damping of their own.
func (r *run) close(damping *Damping, limit float64) {
	*damping = Damping{Done: limit > 0 || !r.redraws()}
}

// withinRounding reports whether the loss of a query that is open, at a step that is
// tried, is so near to that at x that it takes the loss of the same graph to tell which is
// the lower.
func (r *run) withinRounding(terms []float64, open []bool) bool {
	for q := range open {
		before, after := total(r.descent.terms, q, r.queries), total(terms, q, r.queries)
		if open[q] && math.Abs(before-after) <= lmRounding*r.epsilon()*max(before, math.Sqrt(before)) {
			return true
		}
	}
	return false
}

// epsilon is the distance of 1 to the next number.
func (r *run) epsilon() float64 {
	if r.settings.DType == "float64" {
		return 0x1p-52
	}
	return 0x1p-23
}

// solve returns the step of each query that is open, nil where its matrix is not
// positive definite.
func (r *run) solve(n normal, open []bool) ([][]float64, error) {
	start := time.Now()
	solutions := make([][]float64, r.queries)
	if r.descent.factors.Data == nil {
		r.descent.factors = NewArray(n.matrix.Dims...)
	}
	var wait sync.WaitGroup
	for q := range solutions {
		if open[q] {
			wait.Go(func() {
				factor := r.descent.factors.row(q)
				solutions[q] = damped(factor, n.matrix.row(q), n.right.row(q), r.descent.damping[q].Mu)
			})
		}
	}
	wait.Wait()
	since(&r.Times.Solve, start)
	if r.lm.dual {
		y := NewArray(n.right.Dims...)
		for q, s := range solutions {
			copy(y.row(q), s)
		}
		arg := y.Tensor(r.settings.dtype())
		out, err := r.lm.back.Call1(n.jacobian, arg)
		if err != nil {
			return nil, fmt.Errorf("train: step %d: %w", r.steps+1, err)
		}
		arg.MustFinalizeAll()
		h, err := FromTensor(out)
		out.MustFinalizeAll()
		if err != nil {
			return nil, err
		}
		for q, s := range solutions {
			if s != nil {
				solutions[q] = h.row(q)
			}
		}
	}
	for _, s := range solutions {
		floats.Scale(-1, s)
	}
	return solutions, nil
}
