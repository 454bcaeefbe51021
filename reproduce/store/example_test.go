// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"fmt"
	"os"

	"github.com/janpfeifer/must"

	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// A run that is not there is trained once, elsewhere, and put in; after that
// whoever names the same settings finds it.
func Example() {
	dir := must.M1(os.MkdirTemp("", "runs"))
	defer os.RemoveAll(dir)
	s := must.M1(store.Open(dir))

	config := store.Config{
		Method: "pinn", Version: 1, Problem: "convection", Mus: [][]float64{{30, 0, 0}},
		Points: pde.Sample{Set: "published"}, Train: train.Settings{Steps: 20_000},
	}
	record := must.M1(s.Get(config.Name()))
	fmt.Println("before:", record != nil)

	trained := store.Record{Weights: map[string]train.Array{"dense0/b": {Dims: []int{1, 1, 2}, Data: []float64{.5, -.25}}}}
	must.M1(s.Put(config, trained, "float32"))

	config.Train.LearningRate = 2.5e-4 // the default, spelt out: the same run
	record = must.M1(s.Get(config.Name()))
	fmt.Println("after:", record.Weights["dense0/b"].Data)
	// Output:
	// before: false
	// after: [0.5 -0.25]
}
