// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package train_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"math"
	"testing"

	. "github.com/gomlx/gomlx/core/graph" //nolint:revive // maths

	"pinn.example/repro/backend"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// goldenLM is written by testdata/lm.py.
//
//go:embed testdata/lm.json
var goldenLM []byte

// misfits is regression(q) with its residuals, and with a small penalty on w0 and b0, so
// that its loss has a least value: 8 misfits with a point each, 4 penalties on w1, and 8.
func misfits(q int) train.Task {
	task := regression(q)
	loss := task.Loss
	task.Loss = func(in train.Inputs) []train.Term {
		size := Add(ReduceSum(Square(in.W("w0")), 1, 2), ReduceSum(Square(in.W("b0")), 1, 2))
		return append(loss(in), train.Term{Name: "size", Value: MulScalar(size, .01)})
	}
	task.Residuals = func(in train.Inputs) []train.Term {
		return []train.Term{
			{Name: "fit", Value: pointwise(in)},
			{Name: "norm", Value: itself(in, "w1", points, .1)},
			{Name: "size", Value: Concatenate([]*Node{itself(in, "w0", points+width, .01), itself(in, "b0", points+2*width, .01)}, 1)},
		}
	}
	return task
}

// pointwise are the first 8 residuals, [query, point], whose squares are the mean square.
func pointwise(in train.Inputs) *Node {
	in = in.Copies(train.Rows{From: 0, To: points})
	x := in.D("x")
	row := Reshape(x, x.Shape().Dim(0), 1, points)
	h := Tanh(Add(Mul(row, Squeeze(in.W("w0"), 1)), Squeeze(in.W("b0"), 1))) // [query, width, point]
	u := ReduceSum(Mul(h, Squeeze(in.W("w1"), 2)), 1)
	return MulScalar(Sub(u, Squeeze(in.D("y"), 2)), 1/math.Sqrt(points))
}

// itself are the entries of a weight as residuals from a number on, each from its own copy.
func itself(in train.Inputs, name string, from int, weight float64) *Node {
	w := in.Copies(train.Rows{From: from, To: from + width}).W(name)
	w = Reshape(w, -1, width, width) // [query, width, copy]
	own := ExpandLeftToRank(DiagonalWithValue(ScalarOne(w.Graph(), w.DType()), width), 3)
	return MulScalar(ReduceSum(Mul(w, own), 1), math.Sqrt(weight))
}

// rosenbrock is the sum of squares of 10 (y − x²) and 1 − x.
func rosenbrock(x, y float64) train.Task {
	residuals := func(xy *Node) []train.Term { // [query, 2, copy or 1] to [query, 1]
		part := func(i, copy int) *Node {
			return Reshape(Slice(xy, AxisRange(), AxisElem(i), AxisElem(min(copy, xy.Shape().Dim(2)-1))), -1, 1)
		}
		return []train.Term{
			{Name: "valley", Value: MulScalar(Sub(part(1, 0), Square(part(0, 0))), 10)},
			{Name: "slope", Value: OneMinus(part(0, 1))},
		}
	}
	return train.Task{
		Label:     "rosenbrock",
		Weights:   []train.Weight{{Name: "xy", Value: train.FromRows([][]float64{{x, y}})}},
		Residuals: func(in train.Inputs) []train.Term { return residuals(in.Copies(train.Rows{From: 0, To: 2}).W("xy")) },
		Loss: func(in train.Inputs) []train.Term {
			terms := residuals(InsertAxes(in.W("xy"), -1))
			for i := range terms {
				terms[i].Value = ReduceSum(Square(terms[i].Value), 1)
			}
			return terms
		},
	}
}

func lmSettings(steps int) train.Settings {
	return train.Settings{Steps: steps, DType: "float64", HistoryEvery: 1, LM: &train.LM{}}
}

func end(s train.State) train.Row { return s.History.Rows[len(s.History.Rows)-1] }

// TestLMFollowsTheBook compares losses step by step with the algorithm in NumPy, and the
// end with MINPACK.
func TestLMFollowsTheBook(t *testing.T) {
	var golden map[string]struct {
		Loss                 float64
		Solution, Trajectory []float64
	}
	if err := json.Unmarshal(goldenLM, &golden); err != nil {
		t.Fatal(err)
	}
	for name, task := range map[string]train.Task{"rosenbrock": rosenbrock(-1.2, 1), "fit": misfits(0)} {
		t.Run(name, func(t *testing.T) {
			want := golden[name]
			state := fit(t, lmSettings(200), train.Options{}, task)[0]
			if !state.Damping.Done || state.Steps == 200 {
				t.Errorf("no end after %d steps", state.Steps)
			}
			for i, loss := range want.Trajectory {
				// Each step multiplies what rounding has added by a number of the
				// curvature's size; at a loss of 0 only that remains.
				if got := state.History.Rows[i].Total(); !(math.Abs(got-loss) <= 1e-8*loss+1e-25) {
					t.Errorf("loss %.15g before step %d, want %.15g", got, i+1, loss)
				}
				if loss < 1e-20 {
					break
				}
			}
			if got := end(state).Total(); !(math.Abs(got-want.Loss) <= 1e-12*want.Loss+1e-25) {
				t.Errorf("loss %.15g at the end, of MINPACK %.15g", got, want.Loss)
			}
			var x []float64
			for _, w := range task.Weights {
				x = append(x, state.Weights[w.Name].Data...)
			}
			// Where the loss is flat to rounding, x is to its root.
			traintest.Near(t, "the end", x, want.Solution, 1e-6)
		})
	}
}

// TestDualIsPrimal: residuals that are 0 change nothing but which of the two forms is
// solved: 8 residuals of 12 weights are in the dual one, 20 in the primal.
func TestDualIsPrimal(t *testing.T) {
	for dtype, tolerance := range map[string]float64{"float64": 1e-9, "float32": 1e-2} {
		s := lmSettings(8)
		s.DType = dtype
		few := regression(0)
		loss := few.Loss
		few.Loss = func(in train.Inputs) []train.Term { return loss(in)[:1] }
		few.Residuals = func(in train.Inputs) []train.Term { return []train.Term{{Name: "fit", Value: pointwise(in)}} }
		many := few
		many.Loss = func(in train.Inputs) []train.Term {
			fit := few.Loss(in)
			return append(fit, train.Term{Name: "nothing", Value: ZerosLike(fit[0].Value)})
		}
		many.Residuals = func(in train.Inputs) []train.Term {
			zeros := ReduceSum(MulScalar(in.Copies(train.Rows{From: points, To: points + 12}).W("b0"), 0), 1, 2)
			return append(few.Residuals(in), train.Term{Name: "nothing", Value: zeros})
		}
		dual, primal := fit(t, s, train.Options{}, few)[0], fit(t, s, train.Options{}, many)[0]
		if first, last := dual.History.Rows[0].Total(), end(dual).Total(); !(last < .1*first) {
			t.Errorf("%s: the loss went from %g to %g", dtype, first, last)
		}
		near(t, dtype+": dual form", dual, primal, tolerance)
	}
}

// TestLMBatchIsEachAlone: one of three starts at its end and stays there; weights that are
// masked stay too.
func TestLMBatchIsEachAlone(t *testing.T) {
	s := lmSettings(200)
	s.LM.Gradient = 1e-6
	tasks := []train.Task{misfits(0), misfits(1), misfits(2)}
	ended := fit(t, s, train.Options{}, tasks[2])[0]
	if !ended.Damping.Done {
		t.Fatal("the third has not ended; the test tests nothing")
	}
	for i, w := range tasks[2].Weights {
		tasks[2].Weights[i].Value = ended.Weights[w.Name]
	}
	for q := range tasks {
		mask := train.NewArray(1, width, 1)
		for j := range width {
			mask.Data[j] = 1
		}
		mask.Data[1] = math.Min(1, float64(q)) // the first query's w1[1] is masked
		tasks[q].Weights[2].Mask = &mask
	}
	s.Steps = 6
	batch := fit(t, s, train.Options{}, tasks...)
	for i, task := range tasks {
		alone := fit(t, s, train.Options{}, task)[0]
		alone.Steps = batch[i].Steps // the third ends sooner
		near(t, task.Label, batch[i], alone, 1e-10)
		if d := batch[i].Damping; math.Abs(d.Mu-alone.Damping.Mu) > 1e-8*d.Mu || d.Done != alone.Damping.Done {
			t.Errorf("%s: damping %v, alone %v", task.Label, d, alone.Damping)
		}
	}
	if got, start := batch[0].Weights["w1"].Data[1], tasks[0].Weights[2].Value.Data[1]; got != start {
		t.Errorf("a masked weight went from %g to %g", start, got)
	}
	if !batch[2].Weights["w0"].Equal(ended.Weights["w0"]) || !batch[2].Damping.Done {
		t.Error("what had ended went on")
	}
}

// TestLMOnTheGoBackend: the pure-Go backend takes the same steps.
func TestLMOnTheGoBackend(t *testing.T) {
	b, err := backend.Open(backend.Go)
	if err != nil {
		t.Fatal(err)
	}
	task := misfits(0)
	trainer, err := train.NewTrainer(b.Compute, task, lmSettings(10))
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	got, err := trainer.Run(context.Background(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ten steps", got[0], fit(t, lmSettings(10), train.Options{}, task)[0], 1e-9)
}

// TestJacobian of the fit against central differences, whose error is 1e-10 at this step.
func TestJacobian(t *testing.T) {
	task := misfits(1)
	r, j, err := train.Jacobian(traintest.Open(t), task, "float64")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Data) != points+3*width || len(j.Data) != (points+3*width)*3*width {
		t.Fatalf("%v residuals and a Jacobian of %v, want [20] and [20 12]", r.Dims, j.Dims)
	}
	const h = 1e-5
	column := 0
	for k := range task.Weights {
		w := &task.Weights[k].Value
		for i := range w.Data {
			var at [2][]float64
			for side, by := range []float64{h, -h} {
				x := w.Data[i]
				w.Data[i] += by
				moved, _, err := train.Jacobian(traintest.Open(t), task, "float64")
				if err != nil {
					t.Fatal(err)
				}
				w.Data[i], at[side] = x, moved.Data
			}
			for row := range r.Data {
				want := (at[0][row] - at[1][row]) / (2 * h)
				if got := j.Data[row*j.Dims[1]+column]; !(math.Abs(got-want) < 1e-9) {
					t.Errorf("residual %d by weight %d is %g, want %g", row, column, got, want)
				}
			}
			column++
		}
	}
}

// TestLMSurvivesWhatIsNotANumber: the first step on √w = 0.1 from w = 9 lands below 0 and
// is refused; a start that is no number is an error that says so.
func TestLMSurvivesWhatIsNotANumber(t *testing.T) {
	root := func(start float64) train.Task {
		residual := func(w *Node) []train.Term {
			return []train.Term{{Name: "root", Value: AddScalar(Sqrt(w), -.1)}}
		}
		return train.Task{
			Label:   "root",
			Weights: []train.Weight{{Name: "w", Value: train.FromRows([][]float64{{start}})}},
			Residuals: func(in train.Inputs) []train.Term {
				return residual(Squeeze(in.Copies(train.Rows{From: 0, To: 1}).W("w"), -1))
			},
			Loss: func(in train.Inputs) []train.Term {
				r := residual(in.W("w"))
				return []train.Term{{Name: "root", Value: ReduceSum(Square(r[0].Value), 1)}}
			},
		}
	}
	state := fit(t, lmSettings(60), train.Options{}, root(9))[0]
	if got := state.Weights["w"].Data[0]; math.Abs(got-.01) > 1e-9 {
		t.Errorf("w is %g, want .01", got)
	}
	_, err := newTrainer(t, root(-1), lmSettings(5)).Run(context.Background(), []train.Task{root(-1)}, nil, train.Options{})
	var notFinite *train.NonFiniteError
	if !errors.As(err, &notFinite) || notFinite.Term != "root" || notFinite.Step != 1 {
		t.Errorf("error %v, want one on term root at step 1", err)
	}
	// √w has an infinite derivative at 0.
	_, err = newTrainer(t, root(0), lmSettings(5)).Run(context.Background(), []train.Task{root(0)}, nil, train.Options{})
	if !errors.As(err, &notFinite) || notFinite.Term != "jacobian" {
		t.Errorf("error %v, want one on the Jacobian", err)
	}
}

// TestLMRefuses what it can't train.
func TestLMRefuses(t *testing.T) {
	try := func(task train.Task, s train.Settings) error {
		trainer, err := train.NewTrainer(traintest.Open(t), task, s)
		if err != nil {
			return err
		}
		defer trainer.Finalize()
		_, err = trainer.Run(context.Background(), []train.Task{task}, nil, train.Options{})
		return err
	}
	wantError(t, "no residuals", try(regression(0), lmSettings(1)), "no residuals", "Task.Residuals")
	s := lmSettings(1)
	s.LearningRate = .1
	wantError(t, "a learning rate", try(misfits(0), s), "no learning rate")
	s = lmSettings(1)
	s.LM.Damping = -1
	wantError(t, "a negative damping", try(misfits(0), s), "damping must be positive", "-1")
	s = lmSettings(1)
	s.LM.Step = math.NaN()
	wantError(t, "a limit that is not a number", try(misfits(0), s), "limits of gradient and step", "NaN")

	updated := misfits(0)
	updated.Update = func(train.Inputs) (map[string]*Node, []train.Term) { return nil, nil }
	wantError(t, "an update", try(updated, lmSettings(1)), "an update of its own")

	other := misfits(0)
	loss := other.Loss
	other.Loss = func(in train.Inputs) []train.Term { return loss(in)[:1] }
	wantError(t, "residuals of more terms", try(other, lmSettings(1)), "3 terms of residuals and 1 of the loss")
	other.Loss = func(in train.Inputs) []train.Term {
		terms := loss(in)
		terms[1].Value = MulScalar(terms[1].Value, 1.1)
		return terms
	}
	wantError(t, "residuals of another loss", try(other, lmSettings(1)), "the squares of the residuals", "add up to", "the loss's term is")

	residuals := func(value func(in train.Inputs) *Node) train.Task {
		task := misfits(0)
		task.Residuals = func(in train.Inputs) []train.Term { return []train.Term{{Name: "r", Value: value(in)}} }
		return task
	}
	first := func(in train.Inputs, rows ...train.Rows) *Node { // [query, copy]
		return ReduceSum(in.Copies(rows...).W("b0"), 1, 2)
	}
	wantError(t, "no copies", try(residuals(func(in train.Inputs) *Node {
		return ReduceSum(in.W("b0"), 1)
	}), lmSettings(1)), "ask for copies of the weights")
	wantError(t, "a residual without a copy", try(residuals(func(in train.Inputs) *Node {
		return Concatenate([]*Node{first(in, train.Rows{From: 0, To: 2}), first(in, train.Rows{From: 0, To: 2})}, 1)
	}), lmSettings(1)), "a copy of the weights for each of 4 residuals, got none for 2 to 3")
	wantError(t, "a copy too many", try(residuals(func(in train.Inputs) *Node {
		return Slice(first(in, train.Rows{From: 0, To: 3}), AxisRange(), AxisRange(0, 2))
	}), lmSettings(1)), "copies for 2 residuals, got some for residual 2")
	wantError(t, "a range backwards", try(residuals(func(in train.Inputs) *Node {
		return first(in, train.Rows{From: 2, To: 1})
	}), lmSettings(1)), "a range of residuals, got 2 to 1")
	wantError(t, "residuals of three axes", try(residuals(func(in train.Inputs) *Node {
		return in.Copies(train.Rows{From: 0, To: 1}).W("b0")
	}), lmSettings(1)), `residuals "r" of shape [query, residual]`)
}
