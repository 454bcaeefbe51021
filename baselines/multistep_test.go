// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"

	"pinn.example/repro/baselines"
	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/jet"
	"pinn.example/repro/pde"
	"pinn.example/repro/pinn"
	"pinn.example/repro/train"
)

// lorenz are trajectories of the Lorenz system at two settings: two of 11 states
// each.
func lorenz(tb testing.TB) pinn.Trajectories {
	tb.Helper()
	d := pde.LorenzData{Settings: 2, Starts: 2, Horizon: .1}
	states, dims, err := d.States()
	if err != nil {
		tb.Fatal(err)
	}
	return pinn.Trajectories{Mus: d.Mus(), States: train.Array{Dims: dims, Data: states}, Length: len(d.Times()), Step: .01, Batch: 4, Scale: 20}
}

func lorenzRange() pinn.Scaling {
	low, high := pde.LorenzRange()
	return pinn.Scaling{Kind: pinn.ScaleLinear, Low: low, High: high}
}

// TestMultistepParameterCounts: section 3.2 of the HyperPINN paper gives the small
// and the large network 214 and 3,334 parameters. Its widths 6-16-3 and 6-256-3 make
// 112 + 51 = 163 and 1,792 + 771 = 2,563; with 6 outputs they make 112 + 102 and
// 1,792 + 1,542, which are the printed ones (P2).
func TestMultistepParameterCounts(t *testing.T) {
	for _, c := range []struct{ width, outputs, want int }{
		{0, 0, 163},
		{16, 6, 214},
		{256, 0, 2_563},
		{256, 6, 3_334},
	} {
		m := baselines.Multistep{Trajectories: lorenz(t), Width: c.width, Outputs: c.outputs}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		if got := m.Task().Count(); got != c.want {
			t.Errorf("width %d, %d outputs: %d parameters, want %d", c.width, c.outputs, got, c.want)
		}
	}
}

// TestMultistepStartsAsOneLinear: a state and μ are the six inputs of PyTorch's
// first Linear, whose weights and bias are U(±1/√6).
func TestMultistepStartsAsOneLinear(t *testing.T) {
	for _, w := range (baselines.Multistep{Trajectories: lorenz(t), Width: 1000}).Task().Weights {
		if !strings.HasPrefix(w.Name, "dense0/") {
			continue
		}
		largest := 0.
		for _, x := range w.Value.Data {
			largest = max(largest, math.Abs(x))
		}
		// All of 1,000 draws are below 99 % of the bound once in 23,000 seeds.
		if bound := 1 / math.Sqrt(6); largest > bound || largest < .99*bound {
			t.Errorf("%s: up to %g, want up to %g", w.Name, largest, bound)
		}
	}
}

// TestMultistepOnTheHost: the network at μ is what HostField makes of the weights
// At(μ), at settings that are trained on and at one that is not; and the loss is
// the mean square residual of the trapezoid rule of those fields, on scaled states.
// Of 6 outputs the first 3 count, and the others have no gradient.
func TestMultistepOnTheHost(t *testing.T) {
	data := lorenz(t)
	mus := [][]float64{data.Mus[0], data.Mus[1], {9, 13, 1.5}}
	states := train.NewArray(1, 4, 3)
	for i := range states.Data {
		states.Data[i] = float64(7*i%23) - 11
	}
	for _, c := range []struct {
		outputs int
		scaling pinn.Scaling
	}{{0, pinn.Scaling{}}, {6, lorenzRange()}} {
		t.Run(fmt.Sprintf("%d outputs, scaling %q", c.outputs, c.scaling.Kind), func(t *testing.T) {
			m := baselines.Multistep{Trajectories: data, Width: 5, Outputs: c.outputs, Scaling: c.scaling}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			task := m.Task()
			weights := traintest.Formulas(task, .5)
			for i := range weights["dense0/mu"].Data { // raw parameters are up to 28
				weights["dense0/mu"].Data[i] /= 10
			}
			fields := make([]func(y []float64) []float64, len(mus))
			for q, mu := range mus {
				field, err := pinn.HostField(m.At(weights, mu), data.Scale)
				if err != nil {
					t.Fatal(err)
				}
				fields[q] = func(y []float64) []float64 {
					dy := make([]float64, 3)
					field(0, y, dy)
					return dy
				}
			}

			out, err := train.Evaluate(traintest.Open(t), weights, []train.Datum{
				{Name: pinn.MuDatum, Value: train.FromRows(mus)}, {Name: "states", Value: states},
			}, "float64", func(in train.Inputs) []*graph.Node {
				x := graph.BroadcastToDims(graph.DivScalar(in.D("states"), data.Scale), len(mus), 4, 3)
				return []*graph.Node{graph.MulScalar(m.Network(in)(jet.Value(x)).Value(), data.Scale)}
			})
			if err != nil {
				t.Fatal(err)
			}
			var want []float64
			for q := range mus {
				for i := range 4 {
					want = append(want, fields[q](states.Data[3*i:3*i+3])...)
				}
			}
			traintest.Near(t, "derivative", out[0].Data, want, 1e-13)

			// Pairs of the loss: 20 a setting, and each draw in the middle of one.
			pairs := [][]int{{0, 9, 10, 19}, {3, 8, 11, 16}}
			const length, all = 11, 20
			for i, d := range task.Data {
				if d.Redraw == nil {
					continue
				}
				draws := train.NewArray(d.Value.Dims...)
				for q := range pairs {
					for k, pair := range pairs[q] {
						draws.Data[q*len(pairs[q])+k] = (float64(pair) + .5) / all
					}
				}
				task.Data[i].Value, task.Data[i].Redraw = draws, nil
			}
			terms, gradients := traintest.Losses(t, traintest.Open(t), task)(weights)
			sum := 0.
			for q := range pairs {
				for _, pair := range pairs[q] {
					at := func(i int) []float64 { return data.States.Data[(q*2*length+i)*3:][:3] }
					i := pair/(length-1)*length + pair%(length-1)
					from, to := at(i), at(i+1)
					f0, f1 := fields[q](from), fields[q](to)
					for k := range 3 {
						r := ((to[k]-from[k])/data.Step - (f0[k]+f1[k])/2) / data.Scale
						sum += r * r
					}
				}
			}
			traintest.Near(t, "loss", terms[pinn.ResidualTerm].Data, []float64{sum / (2 * 4 * 3)}, 1e-12)
			if g := gradients["dense1/b"].Data; c.outputs == 6 && (g[0] == 0 || g[2] == 0 || g[3] != 0 || g[5] != 0) {
				t.Errorf("gradient of the last biases is %v, want none of the last three", g)
			}
		})
	}
}

// TestMultistepLearnsRotations: from trajectories on circles the network learns
// ẏ = ω (−y₂, y₁) at ω = 1 and 3. The best field that does not know ω has the mean
// one, 2, and misses by √(1² + 1²)/√(1² + 3²) = .447; the trapezoid rule's own
// error is below (ωh)²/12 = .0003.
func TestMultistepLearnsRotations(t *testing.T) {
	const length, step = 101, .02
	data := pinn.Trajectories{Mus: [][]float64{{1}, {3}}, States: train.NewArray(2, length, 2), Length: length, Step: step, Batch: 16, Scale: 1}
	for q, mu := range data.Mus {
		for i := range length {
			angle := mu[0] * step * float64(i)
			data.States.Data[(q*length+i)*2], data.States.Data[(q*length+i)*2+1] = math.Cos(angle), math.Sin(angle)
		}
	}
	m := baselines.Multistep{Trajectories: data, Scaling: pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{1}, High: []float64{3}}}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	task := data.Probe(m.Task(), func(mu, y, dy []float64) { dy[0], dy[1] = -mu[0]*y[1], mu[0]*y[0] }, m.Network)
	trainer, err := train.NewTrainer(traintest.Open(t), task, train.Settings{Steps: 400, LearningRate: 2e-2, Schedule: "cosine", ProbeEvery: 400})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Finalize()
	states, err := trainer.Run(t.Context(), []train.Task{task}, nil, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := states[0].History.Rows
	if before, after := rows[0].Probes[0], rows[len(rows)-1].Probes[0]; !(after < .447/3) {
		t.Errorf("the field is off by %.3f (%.3f before training), without knowing ω it would be by .447", after, before)
	}
}

func TestMultistepIsChecked(t *testing.T) {
	for _, c := range []struct {
		what, says string
		edit       func(m *baselines.Multistep)
	}{
		{"no trajectories", "none of them 0", func(m *baselines.Multistep) { m.Trajectories = pinn.Trajectories{} }},
		{"a negative width", "give at least 1", func(m *baselines.Multistep) { m.Width = -1 }},
		{"fewer outputs than components", "and at least 3", func(m *baselines.Multistep) { m.Outputs = 2 }},
		{"a scaling of one parameter", "both ends", func(m *baselines.Multistep) {
			m.Scaling = pinn.Scaling{Kind: pinn.ScaleLinear, Low: []float64{0}, High: []float64{1}}
		}},
	} {
		m := baselines.Multistep{Trajectories: lorenz(t)}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		c.edit(&m)
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v does not say %q in one line", c.what, err, c.says)
		}
	}
}
