// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pinn.example/repro/backend"
	"pinn.example/repro/baselines"
	"pinn.example/repro/lrpinn"
	"pinn.example/repro/train"
)

var update = flag.Bool("update", false, "rewrite the golden files of this package")

// TestGraphsAreThoseOfTheirVersion notices a change of what a method computes
// that its version constant does not tell of. If results change beyond rounding,
// raise the version, else the formulation; then `go test ./reproduce -run GraphsAreThose -update`.
func TestGraphsAreThoseOfTheirVersion(t *testing.T) {
	b, err := backend.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	setup, err := convection()
	if err != nil {
		t.Fatal(err)
	}
	phase1, phase2, err := exampleTasks()
	if err != nil {
		t.Fatal(err)
	}
	naive := baselines.NaiveLR{Setup: setup, Rank: 10}
	paper := lrpinn.Phase1{Setup: setup, Mus: mus(trainingBetas), Orthogonality: lrpinn.PenaltyPaper}
	var second []train.Task // the second paper's, in the order of their lines below
	smoke, err := FindPreset("smoke")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range burgersNets {
		r, err := n.run(smoke, 10, 0, burgersChoice{})
		if err != nil {
			t.Fatal(err)
		}
		task, err := r.task(b.Compute, nil)
		if err != nil {
			t.Fatal(err)
		}
		second = append(second, task)
	}
	for _, n := range lorenzNets {
		task, err := n.run(smoke, 0).task(b.Compute, nil)
		if err != nil {
			t.Fatal(err)
		}
		second = append(second, task)
	}
	got := map[string]string{}
	for _, c := range []struct {
		name    string
		version int
		task    train.Task
	}{
		{"hyper-lr-pinn/phase1", phase1Version, phase1},
		{"hyper-lr-pinn/phase1 (paper's penalty)", phase1Version, paper.Task()},
		{"hyper-lr-pinn/phase2", phase2Version, phase2},
		{"pinn", pinnVersion, baselines.PINN{Setup: setup, Mu: []float64{30, 0, 0}}.Task()},
		{"pinn-r", pinnRVersion, baselines.PINNR{Setup: setup, Mu: []float64{30, 0, 0}}.Task()},
		{"pinn-p", pinnPVersion, baselines.PINNP{Setup: setup, Mus: mus(trainingBetas)}.Task()},
		{"pinn-s2s", s2sVersion, baselines.PINNS2S{Setup: setup, Mu: []float64{30, 0, 0}}.Task()},
		{"maml rank 10", mamlVersion, baselines.MAML{On: naive, Mus: mus(trainingBetas)}.Task()},
		{"maml of a PINN, first order", mamlVersion, baselines.MAML{On: baselines.PINN{Setup: setup}, Mus: mus(trainingBetas), FirstOrder: true}.Task()},
		{"reptile rank 10", reptileVersion, baselines.Reptile{On: naive, Mus: mus(trainingBetas), Steps: 100, InnerSteps: 2}.Task()},
		{"curriculum rank 10", curriculumVersion, baselines.Curriculum{NaiveLR: baselines.NaiveLR{Setup: setup, Mu: []float64{30, 0, 0}, Rank: 10}}.Task()},
		{"naive-lr-pinn rank 10, trained bases", naiveVersion, baselines.NaiveLR{Setup: setup, Mu: []float64{30, 0, 0}, Rank: 10, TrainBases: true}.Task()},
		{"naive-lr-pinn rank 10", naiveVersion, baselines.NaiveLR{Setup: setup, Mu: []float64{30, 0, 0}, Rank: 10}.Task()},
		{"naive-lr-pinn rank 30", naiveVersion, baselines.NaiveLR{Setup: setup, Mu: []float64{30, 0, 0}, Rank: 30}.Task()},
		{"hyperpinn", hyperPINNVersion, second[0]},
		{"pinn-p of 6 layers, drawn parameters", pinnPVersion, second[1]},
		{"pinn-p of 10 layers, drawn parameters", pinnPVersion, second[2]},
		{"hyperpinn/multistep", multistepVersion, second[3]},
		{"multistep 16", multistepVersion, second[4]},
		{"multistep 256", multistepVersion, second[5]},
	} {
		h, err := train.GraphHash(b.Compute, c.task, "float32")
		if err != nil {
			t.Fatal(err)
		}
		got[fmt.Sprintf("%s, version %d", c.name, c.version)] = h
	}
	golden := filepath.Join("testdata", "graphs.json")
	if *update {
		data, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for name, h := range got {
		if want[name] != h {
			t.Errorf("the graph of %s changed (%s, on record %s): see this test's comment", name, h, want[name])
		}
	}
}
