// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/gomlx/compute"

	"pinn.example/repro/internal/traintest"
	"pinn.example/repro/train"
)

// small is the paper's network on few points.
func small(t *testing.T) twin {
	t.Helper()
	s, err := stepsNamed([]string{"burgers"})
	if err != nil {
		t.Fatal(err)
	}
	s[0].task = func(compute.Backend) (train.Task, error) {
		p, err := burgers(2, 3)
		return p.Task(), err
	}
	tw, err := newTwin(s[0], traintest.Open(t))
	if err != nil {
		t.Fatal(err)
	}
	return tw
}

// TestJoinedLayersWriteTheMainNetwork: the layers as a peer reads them, on the host,
// give the 393 weights of the main network in the order that twin.inputs documents.
func TestJoinedLayersWriteTheMainNetwork(t *testing.T) {
	p, err := burgers(2, 3)
	if err != nil {
		t.Fatal(err)
	}
	weights := values(small(t).task.Weights)
	const nu = .03
	mains, err := p.Generate(traintest.Open(t), weights, []float64{nu})
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	for l := range 7 {
		want = append(append(want, mains[0][fmt.Sprintf("dense%d/w", l)].Data...), mains[0][fmt.Sprintf("dense%d/b", l)].Data...)
	}

	layers := joined(weights)
	x := []float64{(2*nu - .101) / .099} // from [.001, .1] to [−1, 1]
	for _, name := range []string{"hyper0", "hyper1", "hyper2", "hyper3", "head"} {
		w, out := layers[name+"/w"], slices.Clone(layers[name+"/b"].Data)
		if !slices.Equal(w.Dims, []int{len(x), len(out)}) {
			t.Fatalf("%s/w has shape %v between %d and %d values", name, w.Dims, len(x), len(out))
		}
		for j := range out {
			for i, v := range x {
				out[j] += v * w.Data[i*len(out)+j]
			}
			if name != "head" {
				out[j] = math.Tanh(out[j])
			}
		}
		x = out
	}
	if len(x) != 393 || len(want) != 393 { // Table 1 of the paper
		t.Fatalf("the layers write %d weights, the hypernetwork %d, want 393", len(x), len(want))
	}
	for i := range x {
		if math.Abs(x[i]-want[i]) > 1e-5 { // Generate's float32, on weights of size 1
			t.Fatalf("weight %d is %g, want %g", i, x[i], want[i])
		}
	}
}

// TestInputsAreWhole: whoever computes in float32 starts from the same numbers as
// whoever computes in float64, and every ν and point lies where steps draw them.
func TestInputsAreWhole(t *testing.T) {
	in := small(t).inputs()
	for name, dims := range map[string][]int{
		"nu": {2, 1}, "points": {2, 3, 2}, "data/points": {100, 2}, "data/values": {100},
		"weight/hyper0/w": {1, 32}, "weight/hyper0/b": {32}, "weight/head/w": {16, 393}, "weight/head/b": {393},
	} {
		if !slices.Equal(in[name].Dims, dims) {
			t.Errorf("%s has shape %v, want %v", name, in[name].Dims, dims)
		}
	}
	for name, a := range in {
		for _, x := range a.Data {
			if x != float64(float32(x)) {
				t.Fatalf("%s holds %v, which is no float32", name, x)
			}
		}
	}
	inside := func(name string, column, columns int, low, high float64) {
		for i, x := range in[name].Data {
			if i%columns == column && !(low <= x && x <= high) {
				t.Errorf("%s: %g is not in [%g, %g]", name, x, low, high)
			}
		}
	}
	inside("nu", 0, 1, .001, .1)
	inside("points", 0, 2, 0, 1)
	inside("points", 1, 2, -1, 1)
	for i, u := range in["data/values"].Data { // −sin πx at t = 0, and 0 at x = ±1, where sin πx is 0 too
		if x := in["data/points"].Data[2*i+1]; math.Abs(u+math.Sin(math.Pi*x)) > 1e-6 {
			t.Errorf("the value at x = %g is %g", x, u)
		}
	}
}

// TestAnswerIsThatOfDifferences: the gradient as a peer has to give it is the central
// difference of the sum of the terms, and the first step of Adam goes against it.
func TestAnswerIsThatOfDifferences(t *testing.T) {
	tw, b := small(t), traintest.Open(t)
	answer, err := tw.answer(b, "float64")
	if err != nil {
		t.Fatal(err)
	}
	const name, entry, h = "hyper3/w", 5, 1e-4
	k := slices.IndexFunc(tw.task.Weights, func(w train.Weight) bool { return w.Name == name })
	loss := func(by float64) float64 {
		moved := tw
		moved.task.Weights = slices.Clone(tw.task.Weights)
		a := train.Array{Dims: moved.task.Weights[k].Value.Dims, Data: slices.Clone(moved.task.Weights[k].Value.Data)}
		a.Data[entry] += by
		moved.task.Weights[k].Value = a
		answer, err := moved.gradient(b, "float64")
		if err != nil {
			t.Fatal(err)
		}
		return answer["residual"].Data[0] + answer["data"].Data[0]
	}
	g := answer["gradient/"+name].Data[entry]
	// h² of a third derivative of the gradient's size, and rounding, 1e-16/h.
	if want := (loss(h) - loss(-h)) / (2 * h); !(math.Abs(g-want) <= 1e-6*math.Abs(want)) {
		t.Errorf("the gradient is %g, by differences %g", g, want)
	}
	// A step of Adam is at most about the learning rate, here in one direction.
	if s := answer["stepped/"+name].Data[entry] / -math.Copysign(twinSteps*tw.step.rate, g); !(s > .5 && s < 1.01) {
		t.Errorf("Adam went %g of three full steps downhill, want nearly 1", s)
	}
}

// TestDeviation: the largest difference of an array over its largest entry.
func TestDeviation(t *testing.T) {
	array := func(xs ...float64) train.Array { return train.Array{Dims: []int{len(xs)}, Data: xs} }
	want := map[string]train.Array{"a": array(4, -8), "b": array(1e-3, 0)}
	for _, c := range []struct {
		what, where string
		change      map[string]train.Array
		most        float64
	}{
		{"the same, and more", "a", map[string]train.Array{"c": array(1)}, 0},
		{"one entry", "a", map[string]train.Array{"a": array(4, -6)}, .25},
		{"a small array counts as much", "b", map[string]train.Array{"a": array(4, -6), "b": array(1e-3, 5e-4)}, .5},
		{"not a number", "b", map[string]train.Array{"b": array(math.NaN(), 0)}, math.Inf(1)},
		{"another size", "a", map[string]train.Array{"a": array(4)}, math.Inf(1)},
		{"missing", "b", map[string]train.Array{"b": {}}, math.Inf(1)},
	} {
		got := maps.Clone(want)
		maps.Copy(got, c.change)
		if where, most := deviation(got, want); where != c.where || most != c.most {
			t.Errorf("%s: %g at %s, want %g at %s", c.what, most, where, c.most, c.where)
		}
	}
}
